/*
 * verify.c: reads a whole bundle and says whether it is whole and unaltered.
 * Entries are read by several threads, each by one, and judged in the order of the file.
 * It must never call a bundle whole unless every byte of the file was covered.
 */
#include "bundle/verify.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/pool.h"
#include "base/text.h"
#include "bundle/damage.h"
#include "bundle/inside.h"
#include "bundle/judge.h"
#include "bundle/span.h"

/* Without entries: frames of one span. */
#define SPAN_FRAMES 16

/* A thread of the pool owns the span from pool_submit to pool_wait. */
struct slot {
	struct job job;
	struct span span;
};

struct verifier {
	const struct bundle *b;
	struct damage damage;
	struct judge *judge; /* NULL: the entries are not known */
	struct pool *pool;
	struct slot *slots;
	uint32_t slot_count;
	uint32_t next; /* the first frame that is in no span yet */
};

static int slots_make(struct verifier *v, unsigned threads, struct error *e)
{
	v->slots = calloc(2 * threads, sizeof(*v->slots));
	if (v->slots == NULL)
		return error_memory(e);
	while (v->slot_count < 2 * threads) {
		struct slot *s = &v->slots[v->slot_count++];

		s->job = (struct job){.run = span_run, .arg = &s->span};
		if (span_init(&s->span) != 0)
			return error_memory(e);
	}
	v->pool = pool_new(threads, v->slot_count, e);
	return v->pool == NULL ? -1 : 0;
}

static void slots_free(struct verifier *v)
{
	pool_free(v->pool); /* first: it finishes what is queued */
	for (uint32_t i = 0; i < v->slot_count; i++)
		span_free(&v->slots[i].span);
	free(v->slots);
}

/* The end of the span that begins at frame `from`. */
static uint32_t span_end(const struct verifier *v, uint32_t from)
{
	const struct bundle *b = v->b;
	uint32_t all = b->frame_count - 1, entry;

	if (v->judge == NULL)
		return all - from > SPAN_FRAMES ? from + SPAN_FRAMES : all;
	entry = b->frames[from].entry & ~FRAME_HEADER_BIT;
	return entry < b->trailer.entries ? b->heads[entry + 1] : all;
}

/* Starts to read what comes next. */
static void submit(struct verifier *v, struct slot *s)
{
	s->span.b = v->b;
	s->span.entry = v->judge != NULL;
	s->span.from = v->next;
	s->span.to = v->next = span_end(v, v->next);
	pool_submit(v->pool, &s->job);
}

/* 0, or -1: the work cannot go on. */
static int judge(struct verifier *v, const struct span *s, struct error *e)
{
	if (s->error.kind != ERROR_NONE)
		return error_set(e, s->error.kind, "%s", s->error.text);
	if (v->judge != NULL)
		return judge_entry(v->judge, s, e);
	damage_span(&v->damage, s);
	return 0;
}

static int check_frames(struct verifier *v, struct error *e)
{
	uint32_t count = v->b->frame_count - 1;
	uint64_t submitted = 0, judged = 0;

	while (v->next < count || judged < submitted) {
		struct slot *s = &v->slots[judged % v->slot_count];

		while (v->next < count && submitted - judged < v->slot_count)
			submit(v, &v->slots[submitted++ % v->slot_count]);
		pool_wait(v->pool, &s->job);
		if (judge(v, &s->span, e) != 0)
			return -1;
		judged++;
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
	if (result == 0 && r->whole)
		result = erased_of(b, &r->erased, e);
	bundle_close(b);
	return result;
}
