/*
 * verify.c: reads a whole bundle and says whether it is whole and unaltered.
 * Frames are read and decompressed by several threads and judged in the order of the file.
 * It must never call a bundle whole unless every byte of the file was covered.
 */
#include "bundle/verify.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/pool.h"
#include "base/text.h"
#include "bundle/damage.h"
#include "bundle/inside.h"
#include "bundle/judge.h"

/* Frames are read ahead while together they have no more bytes than that (or there is only one). */
#define AHEAD_BYTES ((uint64_t)32 << 20)
/* A buffer that a larger frame left is not kept. */
#define KEEP_BYTES ((size_t)4 << 20)

/* One frame being read. A thread of the pool owns it from pool_submit to pool_wait. */
struct slot {
	struct job job;
	const struct bundle *b;
	uint32_t frame;
	struct decoder *decoder;
	struct buf raw;
	struct error error;
};

struct verifier {
	const struct bundle *b;
	struct damage damage;
	struct judge *judge; /* NULL: the entries are not known */
	struct pool *pool;
	struct slot *slots;
	uint32_t slot_count;
};

/* --- one frame --- */

static void count_lines(const struct slot *s, struct error *e)
{
	const char *at = s->raw.data, *end = at + s->raw.len;
	uint32_t wanted = s->b->frames[s->frame].lines, lines = 0;

	if (s->b->known < KNOWN_ENTRIES || wanted == 0)
		return;
	while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		lines++;
		at++;
	}
	if (at != end || lines != wanted)
		error_set(e, ERROR_BUNDLE, "it does not hold the lines that the frame list says");
}

static void slot_run(void *arg)
{
	struct slot *s = arg;

	s->error = (struct error){0};
	buf_clear(&s->raw);
	if (frame_fetch(s->b, s->frame, s->decoder, &s->raw, &s->error) == 0)
		count_lines(s, &s->error);
}

/* 0, or -1: the work cannot go on. */
static int slot_judge(struct verifier *v, struct slot *s, struct error *e)
{
	const char *fault = s->error.kind == ERROR_BUNDLE ? s->error.text : NULL;
	int result = 0;

	if (s->error.kind != ERROR_NONE && fault == NULL)
		return error_set(e, s->error.kind, "%s", s->error.text);
	if (v->judge != NULL)
		result = judge_frame(v->judge, s->frame, fault, buf_view(&s->raw), e);
	else if (fault != NULL)
		damage_frame(&v->damage, v->b, s->frame, fault);
	if (s->raw.cap > KEEP_BYTES)
		buf_free(&s->raw);
	return result;
}

/* --- all frames --- */

static int slots_make(struct verifier *v, unsigned threads, struct error *e)
{
	v->slot_count = 2 * threads;
	v->slots = calloc(v->slot_count, sizeof(*v->slots));
	if (v->slots == NULL)
		return error_memory(e);
	for (uint32_t i = 0; i < v->slot_count; i++) {
		struct slot *s = &v->slots[i];
		*s = (struct slot){.job = {.run = slot_run, .arg = s}, .b = v->b};
		s->decoder = decoder_new();
		if (s->decoder == NULL)
			return error_memory(e);
	}
	v->pool = pool_new(threads, v->slot_count, e);
	return v->pool == NULL ? -1 : 0;
}

static void slots_free(struct verifier *v)
{
	pool_free(v->pool); /* first: it finishes what is queued */
	for (uint32_t i = 0; v->slots != NULL && i < v->slot_count; i++) {
		decoder_free(v->slots[i].decoder);
		buf_free(&v->slots[i].raw);
	}
	free(v->slots);
}

static int check_frames(struct verifier *v, struct error *e)
{
	uint32_t count = v->b->frame_count - 1, submitted = 0;
	uint64_t ahead = 0; /* bytes of the frames submitted and not yet judged */

	for (uint32_t i = 0; i < count; i++) {
		while (submitted < count && submitted - i < v->slot_count &&
		       (submitted == i || ahead + v->b->frames[submitted].raw <= AHEAD_BYTES)) {
			struct slot *s = &v->slots[submitted % v->slot_count];
			s->frame = submitted;
			ahead += v->b->frames[submitted++].raw;
			pool_submit(v->pool, &s->job);
		}
		struct slot *s = &v->slots[i % v->slot_count];
		pool_wait(v->pool, &s->job);
		if (slot_judge(v, s, e) != 0)
			return -1;
		ahead -= v->b->frames[i].raw;
		if (stop_requested())
			return error_set(e, ERROR_STOPPED, "stopped while %s was read", v->b->path);
	}
	return 0;
}

/* --- the whole --- */

static void check_seal(struct verifier *v, const struct sha256 *seal)
{
	char wanted[SHA256_HEX + 1], found[SHA256_HEX + 1], words[256];

	if (seal == NULL || v->b->known < KNOWN_TRAILER ||
	    memcmp(seal, &v->b->seal, sizeof(*seal)) == 0)
		return;
	sha256_hex(seal, wanted);
	sha256_hex(&v->b->seal, found);
	snprintf(words, sizeof(words),
		 "its seal is %s, not %s: it is another bundle than the one "
		 "that was sealed, or it was altered",
		 found, wanted);
	damage_add(&v->damage, words);
}

static const char *advice(const struct verifier *v)
{
	if (v->b->known < KNOWN_FRAMES)
		return "nothing in it could be checked; if it was a bundle, restore it from "
		       "another copy";
	if (v->b->trailer.newer)
		return "nothing else was checked";
	if (v->b->known < KNOWN_ENTRIES)
		return "restore the bundle from another copy; the frames not named here are sound "
		       "in themselves, but what they hold could not be compared";
	if (v->damage.frames == 0)
		return "look for the bundle that has that seal; in itself this one is whole";
	return "restore the bundle from another copy; everything not named here is intact";
}

static int check_all(struct verifier *v, unsigned threads, const struct sha256 *seal,
		     struct error *e)
{
	if (v->b->known == KNOWN_ENTRIES) {
		v->judge = judge_new(v->b, &v->damage);
		if (v->judge == NULL)
			return error_memory(e);
	}
	if (v->b->known >= KNOWN_FRAMES && !v->b->trailer.newer) {
		if (slots_make(v, threads, e) != 0 || check_frames(v, e) != 0)
			return -1;
	}
	if (v->judge != NULL && judge_end(v->judge, e) != 0)
		return -1;
	check_seal(v, seal);
	if (v->damage.problems > 0)
		damage_end(&v->damage, advice(v));
	return v->damage.out->failed ? error_memory(e) : 0;
}

static void fill_result(const struct verifier *v, struct verify_result *r)
{
	r->problems = v->damage.problems;
	r->whole = r->problems == 0 && v->b->known == KNOWN_ENTRIES;
	r->size = v->b->size;
	r->has_seal = v->b->known >= KNOWN_TRAILER;
	if (!r->has_seal)
		return;
	r->seal = v->b->seal;
	for (int i = 0; i < LINES_KINDS; i++)
		r->lines[i] = v->b->trailer.lines[i];
}

int bundle_verify(const char *path, const struct sha256 *seal, unsigned threads,
		  struct verify_result *r, struct error *e)
{
	struct verifier v = {.damage = {.out = &r->report}};
	struct error why = {0};
	struct bundle *b;
	int result = -1;

	*r = (struct verify_result){0};
	if (open_load(path, &b, &why) != 0) {
		if (why.kind != ERROR_BUNDLE) {
			bundle_close(b);
			return error_set(e, why.kind, "%s", why.text);
		}
		damage_add(&v.damage, why.text);
	}
	v.b = b;
	result = check_all(&v, threads == 0 ? 1 : threads, seal, e);
	slots_free(&v);
	judge_free(v.judge);
	if (result == 0)
		fill_result(&v, r);
	bundle_close(b);
	return result;
}
