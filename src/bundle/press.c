/*
 * press.c: frames made in the pool's threads.
 * A frame's bytes depend on its content and the level alone; a chain is a strand of the pool.
 * It must never keep raw bytes, or more compressed memory than a frame needs, once its jobs are
 * done.
 */
#include "bundle/press.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "bundle/frame.h"

/* Frames larger than that (one long line) are made one at a time, and their memory is not kept. */
#define LARGE (4 * MIB)

/* Jobs of a frame. */
#define JOBS 2

/* What one job needs beside its frame. */
struct tool {
	struct encoder *encoder;
	struct buf out;
	struct tool *next;
};

struct press {
	struct pool *pool;
	int level;
	unsigned depth;
	pthread_mutex_t lock;
	struct tool *tools; /* free ones; under the lock, as what follows */
	struct buf *spares; /* raw buffers; no more than were ever in use */
	size_t spare_count;
	size_t spare_cap;
};

struct press *press_new(unsigned threads, int level, struct error *e)
{
	struct press *p = calloc(1, sizeof(*p));

	if (p == NULL) {
		error_memory(e);
		return NULL;
	}
	p->level = level;
	p->depth = 2 * threads;
	p->pool = pool_new(threads, JOBS * p->depth, e);
	if (p->pool == NULL) {
		free(p);
		return NULL;
	}
	pthread_mutex_init(&p->lock, NULL);
	return p;
}

static void tool_free(struct tool *t)
{
	encoder_free(t->encoder);
	buf_free(&t->out);
	free(t);
}

void press_free(struct press *p)
{
	if (p == NULL)
		return;
	pool_free(p->pool);
	while (p->tools != NULL) {
		struct tool *t = p->tools;

		p->tools = t->next;
		tool_free(t);
	}
	for (size_t i = 0; i < p->spare_count; i++)
		buf_free(&p->spares[i]);
	free(p->spares);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

unsigned press_depth(const struct press *p)
{
	return p->depth;
}

struct pool *press_pool(struct press *p)
{
	return p->pool;
}

/* --- buffers and tools --- */

struct buf press_take(struct press *p)
{
	struct buf b = BUF_INIT;

	pthread_mutex_lock(&p->lock);
	if (p->spare_count > 0)
		b = p->spares[--p->spare_count];
	pthread_mutex_unlock(&p->lock);
	return b;
}

void press_give(struct press *p, struct buf *spare)
{
	if (spare->cap > 0 && spare->cap <= LARGE) {
		pthread_mutex_lock(&p->lock);
		if (array_reserve(&p->spares, &p->spare_cap, p->spare_count + 1,
				  sizeof(*p->spares)) == 0) {
			buf_clear(spare);
			p->spares[p->spare_count++] = *spare;
			*spare = (struct buf)BUF_INIT;
		}
		pthread_mutex_unlock(&p->lock);
	}
	buf_free(spare);
}

/* NULL: no memory. */
static struct tool *take_tool(struct press *p)
{
	pthread_mutex_lock(&p->lock);
	struct tool *t = p->tools;
	if (t != NULL)
		p->tools = t->next;
	pthread_mutex_unlock(&p->lock);
	if (t != NULL)
		return t;

	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return NULL;
	t->encoder = encoder_new(p->level);
	if (t->encoder == NULL) {
		tool_free(t);
		return NULL;
	}
	return t;
}

static void give_tool(struct press *p, struct tool *t)
{
	if (t->out.cap > LARGE) /* the encoder grew with it */
		return tool_free(t);
	buf_clear(&t->out);
	pthread_mutex_lock(&p->lock);
	t->next = p->tools;
	p->tools = t;
	pthread_mutex_unlock(&p->lock);
}

/* --- chains --- */

int press_chain_open(struct chain *c, struct error *e)
{
	*c = (struct chain){.hasher = hasher_new()};
	return c->hasher != NULL ? 0 : error_memory(e);
}

void press_chain_close(struct chain *c)
{
	hasher_free(c->hasher);
	c->hasher = NULL;
}

struct sha256 press_chain_end(struct chain *c)
{
	return hasher_final(c->hasher);
}

int press_chain_again(struct chain *c, struct pressed *const *frames, size_t count, struct error *e)
{
	struct decoder *d = decoder_new();
	struct buf raw = BUF_INIT;
	int rc = d != NULL ? 0 : error_memory(e);

	press_chain_end(c);
	for (size_t i = 0; i < count && rc == 0; i++) {
		struct slice frame = slice_of((const char *)frames[i]->data, frames[i]->size);

		buf_clear(&raw);
		rc = decoder_frame(d, frame, frames[i]->raw_size, &raw, e);
		hasher_update(c->hasher, raw.data, raw.len);
	}
	buf_free(&raw);
	decoder_free(d);
	return rc;
}

/* --- frames --- */

static int compress(struct pressed *f)
{
	struct tool *t = take_tool(f->press);

	if (t == NULL)
		return error_memory(&f->error);
	if (encoder_frame(t->encoder, buf_view(&f->raw), &t->out, &f->error) == 0) {
		f->size = (uint32_t)t->out.len;
		f->data = malloc(f->size);
		if (f->data == NULL)
			error_memory(&f->error);
		else
			memcpy(f->data, t->out.data, f->size);
	}
	give_tool(f->press, t);
	return f->data != NULL ? sha256_of(f->data, f->size, &f->digest) : -1;
}

/* Whichever job is the last lets the content go. */
static void end_job(struct pressed *f)
{
	if (atomic_fetch_sub(&f->jobs, 1) == 1)
		press_give(f->press, &f->raw);
}

static void run_compress(void *arg)
{
	struct pressed *f = arg;

	if (compress(f) != 0)
		error_memory(&f->error);
	end_job(f);
}

static void run_add(void *arg)
{
	struct pressed *f = arg;

	hasher_update(f->chain->hasher, f->raw.data, f->raw.len);
	end_job(f);
}

static void await(struct pressed *f)
{
	pool_wait(f->press->pool, &f->compress);
	pool_wait(f->press->pool, &f->add);
}

/* Only adds the content to the chain. */
static void submit_add(struct pressed *f)
{
	atomic_init(&f->jobs, 1);
	if (f->chain == NULL)
		return end_job(f);
	f->add = (struct job){.run = run_add, .arg = f, .strand = &f->chain->strand};
	pool_submit(f->press->pool, &f->add);
	if (f->raw_size > LARGE)
		await(f);
}

static void submit(struct pressed *f)
{
	f->compress = (struct job){.run = run_compress, .arg = f};
	f->add = (struct job){.run = run_add, .arg = f};
	atomic_init(&f->jobs, f->chain != NULL ? JOBS : 1);
	pool_submit(f->press->pool, &f->compress);
	if (f->chain != NULL) {
		f->add.strand = &f->chain->strand;
		pool_submit(f->press->pool, &f->add);
	}
	if (f->raw_size > LARGE)
		await(f);
}

/* A frame that owns its content, with no job yet. NULL: *raw was freed. */
static struct pressed *begin(struct press *p, struct chain *c, struct buf *raw, struct error *e)
{
	struct pressed *f = NULL;

	if (stop_requested())
		error_set(e, ERROR_STOPPED, "stopped by a signal");
	else if (raw->len > LIMIT_FRAME_RAW)
		error_set(e, ERROR_LIMIT, "a line of %zu bytes is too long for a bundle", raw->len);
	else if (raw->failed || (f = calloc(1, sizeof(*f))) == NULL)
		error_memory(e);
	if (f == NULL) {
		buf_free(raw);
		return NULL;
	}
	f->press = p;
	f->chain = c;
	f->raw = *raw;
	f->raw_size = (uint32_t)raw->len;
	*raw = (struct buf)BUF_INIT;
	return f;
}

struct pressed *press_start(struct press *p, struct chain *c, struct buf *raw, struct error *e)
{
	struct pressed *f = begin(p, c, raw, e);

	if (f != NULL)
		submit(f);
	return f;
}

struct pressed *press_made(struct press *p, struct chain *c, struct buf *raw, struct slice packed,
			   const struct sha256 *digest, struct error *e)
{
	struct pressed *f = begin(p, c, raw, e);

	if (f == NULL)
		return NULL;
	f->data = malloc(packed.len);
	if (f->data == NULL) {
		buf_free(&f->raw);
		free(f);
		error_memory(e);
		return NULL;
	}
	memcpy(f->data, packed.data, packed.len);
	f->size = (uint32_t)packed.len;
	f->digest = *digest;
	submit_add(f);
	return f;
}

int press_finish(struct pressed *f, struct error *e)
{
	await(f);
	if (f->error.kind != ERROR_NONE)
		return error_set(e, f->error.kind, "%s", f->error.text);
	return 0;
}

void press_drop(struct pressed *f)
{
	if (f == NULL)
		return;
	await(f);
	free(f->data);
	free(f);
}
