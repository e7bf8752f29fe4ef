/*
 * shard.c: the lines of one kind on their way to the file.
 * `open` holds whole lines up to line_start; the frames of the open shard hold `size` bytes.
 * It must never write a part of a shard, nor let the bytes depend on marks or on threads.
 */
#include "bundle/shard.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int shard_init(struct shard *s, const char *folder, size_t frame_bytes, size_t shard_bytes,
	       struct store *store, struct error *e)
{
	*s = (struct shard){
		.folder = folder,
		.frame_bytes = frame_bytes,
		.shard_bytes = shard_bytes,
		.store = store,
		.number = 1,
	};
	return press_chain_open(&s->chain, e);
}

static void drop(struct pressed **frames, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		press_drop(frames[i]);
}

void shard_free(struct shard *s)
{
	drop(s->frames, 0, s->frame_count);
	free(s->frames);
	free(s->starts);
	free(s->written);
	shard_keep(s);
	press_chain_close(&s->chain);
	buf_free(&s->open);
}

/* --- writing --- */

static int write_frames(struct shard *s, struct error *e)
{
	char name[STORE_NAME];

	for (size_t i = 0; i < s->frame_count; i++) {
		if (press_finish(s->frames[i], e) != 0)
			return -1;
	}
	snprintf(name, sizeof(name), "%s/%08" PRIu64 ".ndjson", s->folder, s->number);
	if (store_header(s->store, name, s->size, e) != 0)
		return -1;
	if (array_reserve(&s->written, &s->written_cap, s->written_count + s->frame_count,
			  sizeof(*s->written)) != 0)
		return error_memory(e);
	for (size_t i = 0; i < s->frame_count; i++) {
		s->written[s->written_count++] = (uint32_t)s->store->frame_count;
		if (store_frame(s->store, s->frames[i], e) != 0)
			return -1;
	}
	struct sha256 digest = press_chain_end(&s->chain);
	store_end(s->store, &digest);
	return 0;
}

/* Empties the open shard. The mark takes the frames that it needs to go back. */
static void let_go(struct shard *s)
{
	struct shard_mark *m = &s->mark;

	if (m->set && !m->closed) {
		drop(s->frames, m->frame_count, s->frame_count);
		m->held = s->frames;
		m->closed = true;
		s->frames = NULL;
		s->frame_cap = 0;
	} else {
		drop(s->frames, 0, s->frame_count);
	}
	s->frame_count = 0;
	s->size = 0;
}

/* Writes the shard, which has frames, and begins the next one. */
static int close_shard(struct shard *s, struct error *e)
{
	if (write_frames(s, e) != 0)
		return -1;
	let_go(s);
	s->number++;
	return 0;
}

/* The frame being filled is about to go: keeps what was in it at the mark. */
static int save_prefix(struct shard *s, struct error *e)
{
	struct shard_mark *m = &s->mark;

	if (!m->set || m->cut)
		return 0;
	if (m->open_len > 0) {
		m->prefix = press_take(s->store->press);
		buf_append(&m->prefix, s->open.data, m->open_len);
		if (m->prefix.failed)
			return error_memory(e);
	}
	m->cut = true;
	return 0;
}

/* Room for one more frame, of `len` bytes: if they are too much for the shard, they begin the next
 * one. */
static int make_room(struct shard *s, size_t len, struct error *e)
{
	if (s->size > 0 && s->size + len > s->shard_bytes && close_shard(s, e) != 0)
		return -1;
	if (array_reserve(&s->frames, &s->frame_cap, s->frame_count + 1, sizeof(*s->frames)) != 0 ||
	    array_reserve(&s->starts, &s->starts_cap, (size_t)s->cuts + 1, sizeof(*s->starts)) != 0)
		return error_memory(e);
	return 0;
}

/* A frame with the lines that were ended last. */
static void add_frame(struct shard *s, struct pressed *f, uint32_t lines)
{
	f->lines = lines;
	f->first = s->lines - lines + 1;
	s->starts[s->cuts++] = f->first;
	s->frames[s->frame_count++] = f;
	s->size += f->raw_size;
}

/* Cuts a frame: the first `len` bytes of `open`, which are all its ended lines. */
static int cut(struct shard *s, size_t len, struct error *e)
{
	struct buf raw = s->open;
	struct press *press = s->store->press;

	if (save_prefix(s, e) != 0 || make_room(s, len, e) != 0)
		return -1;
	s->open = press_take(press);
	buf_append(&s->open, raw.data + len, raw.len - len);
	raw.len = len;
	raw.failed = s->open.failed;
	struct pressed *f = press_start(press, &s->chain, &raw, e);
	if (f == NULL)
		return -1;
	add_frame(s, f, s->open_lines);
	s->open_lines = 0;
	s->line_start = 0;
	return 0;
}

int shard_line_end(struct shard *s, struct error *e)
{
	buf_byte(&s->open, '\n');
	if (s->open.failed)
		return error_memory(e);
	/* Together they are too much for a shard: so the line begins the next one. */
	if (s->line_start > 0 && s->open.len > s->shard_bytes && cut(s, s->line_start, e) != 0)
		return -1;
	s->line_start = s->open.len;
	s->open_lines++;
	s->lines++;
	s->last = s->cuts;
	return s->open.len < s->frame_bytes ? 0 : cut(s, s->open.len, e);
}

int shard_take(struct shard *s, struct buf *content, uint32_t lines, struct slice packed,
	       const struct sha256 *digest, struct error *e)
{
	struct press *press = s->store->press;
	struct pressed *f = NULL;

	if ((s->line_start > 0 && cut(s, s->line_start, e) != 0) ||
	    make_room(s, content->len, e) != 0)
		buf_free(content);
	else if (packed.len > 0)
		f = press_made(press, &s->chain, content, packed, digest, e);
	else
		f = press_start(press, &s->chain, content, e);
	if (f == NULL)
		return -1;
	s->lines += lines;
	s->last = s->cuts;
	add_frame(s, f, lines);
	return 0;
}

uint32_t shard_frame_of(const struct shard *s, uint64_t line)
{
	uint32_t low = 0, high = s->cuts; /* the frame is the last that starts at or before it */

	if (line > s->lines - s->open_lines)
		return s->cuts;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (s->starts[middle] <= line)
			low = middle;
		else
			high = middle;
	}
	return low;
}

int shard_close(struct shard *s, struct error *e)
{
	if (s->line_start > 0 && cut(s, s->line_start, e) != 0)
		return -1;
	return s->frame_count == 0 ? 0 : close_shard(s, e);
}

/* --- marks --- */

void shard_set_mark(struct shard *s)
{
	shard_keep(s);
	s->mark = (struct shard_mark){
		.set = true,
		.number = s->number,
		.size = s->size,
		.lines = s->lines,
		.open_lines = s->open_lines,
		.open_len = s->line_start,
		.frame_count = s->frame_count,
		.cuts = s->cuts,
		.written = s->written_count,
	};
}

void shard_keep(struct shard *s)
{
	struct shard_mark *m = &s->mark;

	if (m->closed) {
		drop(m->held, 0, m->frame_count);
		free(m->held);
	}
	if (m->cut)
		press_give(s->store->press, &m->prefix);
	*m = (struct shard_mark){0};
}

/* Puts the frames of the mark's shard back in place of those cut since. */
static int restore_frames(struct shard *s, struct error *e)
{
	struct shard_mark *m = &s->mark;
	size_t common = m->closed ? 0 : m->frame_count;

	drop(s->frames, common, s->frame_count);
	if (m->closed) {
		free(s->frames);
		s->frames = m->held;
		s->frame_cap = m->frame_count; /* or more, which does not matter */
		m->held = NULL;
		m->closed = false;
	}
	s->frame_count = m->frame_count;
	s->number = m->number;
	s->size = m->size;
	for (size_t i = 0; i < s->frame_count; i++) {
		if (press_finish(s->frames[i], e) != 0)
			return -1;
	}
	return press_chain_again(&s->chain, s->frames, s->frame_count, e);
}

int shard_take_back(struct shard *s, struct error *e)
{
	struct shard_mark *m = &s->mark;
	int rc = 0;

	if (m->cut) {
		struct buf open = s->open;

		rc = restore_frames(s, e);
		s->open = m->prefix;
		m->prefix = open;
	}
	s->open.len = m->open_len;
	s->open.failed = false;
	s->line_start = m->open_len;
	s->open_lines = m->open_lines;
	s->lines = m->lines;
	s->cuts = m->cuts;
	s->written_count = m->written;
	shard_keep(s);
	return rc;
}
