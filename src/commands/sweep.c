/*
 * sweep.c: all latest states at once: frames are read and searched by several threads, and told in
 * order.
 * A line is a latest state if it is in the newest response of its batch. One that is in an older
 * response is of use only if its recipient is in no newest response; whether it is, is known by
 * fingerprints when all frames were read.
 * Threads share only what does not change while they run.
 */
#include "commands/sweep.h"

#include <stdlib.h>
#include <sys/random.h>

#include "bundle/crew.h"
#include "bundle/keys.h"
#include "bundle/tombstone.h"
#include "json/members.h"

#define NONE UINT32_MAX

/* Lines first .. end-1 are in the newest response of a batch. */
struct segment {
	uint64_t first, end;
	uint32_t capture; /* which of book.newest */
	bool history;     /* the batch has older responses too */
};

/* What threads need to know of a bundle. */
struct book {
	const struct bundle *bundle;
	const struct keyring *keys;
	const struct where *where;
	const struct condition
		*rarest;          /* by which lines are found; NULL: each must be looked into */
	struct segment *segments; /* sorted */
	size_t count, cap;
	const struct capture **newest;
	size_t newest_count, newest_cap;
	struct cover asked; /* lines of the batches looked at, if only some are */
	bool some;
	bool history; /* some line may be in no newest response */
	uint64_t salt[2];
};

struct line {
	size_t at, len;
	uint64_t number;
	uint64_t print;   /* of its recipient */
	uint32_t capture; /* of book.newest; NONE: it is not in a newest response */
};

/* What was found in a frame; one for each slot of the crew. */
struct work {
	const struct book *book;
	struct slice content;
	struct buf scratch, key;
	struct line *lines;
	size_t count, cap;
	uint64_t *prints; /* of recipients in a newest response */
	size_t prints_count, prints_cap;
	bool broken; /* no memory */
};

/* An old line that meets the conditions. */
struct old {
	uint64_t print, number;
	uint32_t bundle;
	bool gone; /* its recipient is in no newest response */
};

struct run {
	struct sweep *s;
	struct crew *crew;
	struct work *works; /* one for each of its slots */
	struct book book;
	uint32_t bundle;
	struct volume *volume;
	struct buf *responses; /* of book.newest: their lines */
	struct old *olds;
	size_t old_count, old_cap;
	uint64_t *prints; /* of recipients in newest responses */
	size_t prints_count, prints_cap;
	struct error *e;
};

/* --- a frame, by any thread --- */

/* Which recipient it is: its batch and id, or all that the line says. The key is salted, so that
 * nobody can make two of them collide. */
static uint64_t print_of(struct work *w, struct slice line)
{
	struct slice id = members_find(line, "id"), all = line;

	buf_clear(&w->key);
	buf_append(&w->key, w->book->salt, sizeof(w->book->salt));
	buf_slice(&w->key, members_find(line, "_batch"));
	w->broken |= w->key.failed;
	if (w->broken)
		return 0;
	if (id.len > 2 && *id.data == '"')
		return keys_fingerprint(buf_view(&w->key), id);
	/* the number of the response in which it was first seen is no part of it */
	id = members_find(line, "_response");
	if (id.len > 0) {
		all.data = id.data + id.len;
		all.len = (size_t)(line.data + line.len - all.data);
	}
	return keys_fingerprint(buf_view(&w->key), all);
}

static const struct segment *segment_of(const struct book *b, size_t *from, uint64_t number)
{
	while (*from < b->count && b->segments[*from].end <= number)
		++*from;
	if (*from < b->count && b->segments[*from].first <= number)
		return &b->segments[*from];
	return NULL;
}

static void keep_print(struct work *w, uint64_t print)
{
	if (array_reserve(&w->prints, &w->prints_cap, w->prints_count + 1, sizeof(*w->prints)) != 0)
		w->broken = true;
	else
		w->prints[w->prints_count++] = print;
}

static void take_line(struct work *w, struct slice line, uint64_t number,
		      const struct segment *segment)
{
	struct line found = {.at = (size_t)(line.data - w->content.data),
			     .len = line.len,
			     .number = number,
			     .capture = segment == NULL ? NONE : segment->capture};

	if (!where_line(w->book->where, w->book->keys, line, &w->scratch))
		return;
	if (segment == NULL)
		found.print = print_of(w, line);
	if (array_reserve(&w->lines, &w->cap, w->count + 1, sizeof(*w->lines)) != 0)
		w->broken = true;
	else
		w->lines[w->count++] = found;
}

/* Each line in turn. */
static void search_lines(struct work *w, uint64_t number)
{
	const struct book *b = w->book;
	const char *at = w->content.data, *end = at + w->content.len, *next;
	const char *hit = at; /* no line before it meets b->rarest */
	size_t from = 0;

	for (; at < end && !w->broken; at = next + 1, number++) {
		const struct segment *segment = segment_of(b, &from, number);

		next = memchr(at, '\n', (size_t)(end - at));
		if (next == NULL)
			next = end;
		struct slice line = slice_of(at, (size_t)(next - at));
		if ((b->some && !cover_has(&b->asked, number)) || tombstone_is(line))
			continue;
		if (segment != NULL && segment->history)
			keep_print(w, print_of(w, line));
		if (segment == NULL && !b->history)
			continue;
		if (b->rarest != NULL && hit <= at) {
			hit = where_next(b->rarest, at, end);
			hit = hit == NULL ? end : hit;
		}
		if (hit < next || b->rarest == NULL)
			take_line(w, line, number, segment);
	}
}

static void search(void *arg, unsigned slot, struct slice content, uint64_t first)
{
	const struct run *r = arg;
	struct work *w = &r->works[slot];

	w->count = 0;
	w->prints_count = 0;
	w->content = content;
	search_lines(w, first);
	w->broken |= w->scratch.failed;
}

/* --- a bundle --- */

static int by_first(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

static void book_free(struct run *r)
{
	struct book *b = &r->book;

	for (size_t i = 0; i < b->newest_count; i++)
		buf_free(&r->responses[i]);
	free(r->responses);
	r->responses = NULL;
	free(b->segments);
	free(b->newest);
	cover_free(&b->asked);
	*b = (struct book){.salt = {b->salt[0], b->salt[1]}};
}

static int add_newest(struct run *r, const struct capture *c, bool history)
{
	struct book *b = &r->book;
	struct cover cover = {0};
	struct error why = {0};
	struct slice line;
	int result = -1;

	if (cover_of(r->volume->bundle, r->volume->responses, c->response, &cover, &why) != 0 ||
	    lines_get(r->volume->responses, c->response, &line, &why) != 0) {
		shelf_error(r->s->shelf, &why);
		cover_free(&cover);
		return 0;
	}
	if (array_reserve(&b->segments, &b->cap, b->count + cover.count, sizeof(*b->segments)) ==
	    0) {
		uint32_t n = (uint32_t)b->newest_count++;

		b->newest[n] = c;
		buf_slice(&r->responses[n], line);
		for (size_t i = 0; i < cover.count; i++)
			b->segments[b->count++] =
				(struct segment){cover.run[i].first, cover.run[i].end, n, history};
		result = r->responses[n].failed ? -1 : 0;
	}
	cover_free(&cover);
	return result;
}

static int add_asked(struct run *r, const struct capture *c)
{
	struct cover cover = {0};
	struct error why = {0};
	int result = 0;

	if (cover_of(r->volume->bundle, r->volume->responses, c->response, &cover, &why) != 0)
		shelf_error(r->s->shelf, &why);
	else
		result = cover_add(&r->book.asked, &cover);
	cover_free(&cover);
	return result;
}

/* Every batch of which the bundle has a capture. */
static int take_batches(struct run *r)
{
	const struct captures *captures = r->s->captures;
	struct book *b = &r->book;
	uint32_t batches = map_count(captures_batches(captures));

	b->newest = calloc((size_t)batches + 1, sizeof(*b->newest));
	r->responses = calloc((size_t)batches + 1, sizeof(*r->responses));
	if (b->newest == NULL || r->responses == NULL)
		return -1;
	for (uint32_t i = 0; i < batches; i++) {
		size_t count;
		const struct capture *list = captures_of(captures, i, &count);

		b->history |= count > 1;
		if (count > 0 && list[count - 1].bundle == r->bundle &&
		    add_newest(r, &list[count - 1], count > 1) != 0)
			return -1;
		for (size_t k = 0; k < count && r->s->some; k++)
			if (list[k].bundle == r->bundle && add_asked(r, &list[k]) != 0)
				return -1;
	}
	if (b->count > 1)
		qsort(b->segments, b->count, sizeof(*b->segments), by_first);
	return 0;
}

static int keep_old(struct run *r, const struct line *line)
{
	if (array_reserve(&r->olds, &r->old_cap, r->old_count + 1, sizeof(*r->olds)) != 0)
		return -1;
	r->olds[r->old_count++] = (struct old){line->print, line->number, r->bundle, true};
	return 0;
}

static int keep_prints(struct run *r, const struct work *w)
{
	if (w->prints_count == 0)
		return 0;
	if (array_reserve(&r->prints, &r->prints_cap, r->prints_count + w->prints_count,
			  sizeof(*r->prints)) != 0)
		return -1;
	memcpy(r->prints + r->prints_count, w->prints, w->prints_count * sizeof(*w->prints));
	r->prints_count += w->prints_count;
	return 0;
}

/* What a thread found is told. */
static int tell(void *arg, unsigned slot, const struct error *why, struct error *e)
{
	struct run *r = arg;
	struct work *w = &r->works[slot];
	int result = 0;

	(void)e; /* it is r->e */
	if (why->kind != ERROR_NONE) {
		shelf_error(r->s->shelf, why);
		return 0;
	}
	if (w->broken || keep_prints(r, w) != 0)
		return error_memory(r->e);
	r->s->bytes += w->content.len;
	for (size_t i = 0; i < w->count && result == 0; i++) {
		const struct line *line = &w->lines[i];
		const char *text = w->content.data + line->at;

		if (line->capture == NONE) {
			if (keep_old(r, line) != 0)
				return error_memory(r->e);
			continue;
		}
		struct state state = {r->book.newest[line->capture],
				      buf_view(&r->responses[line->capture]), line->number,
				      slice_of(text, line->len)};
		result = r->s->found(r->s->arg, r->volume, &state);
	}
	return result;
}

static bool frame_asked(void *arg, const struct frame_record *frame)
{
	const struct book *b = &((const struct run *)arg)->book;

	if (b->some)
		return cover_meets(&b->asked, frame->first, frame->first + frame->lines);
	return b->count > 0 || b->history;
}

static int read_frames(struct run *r)
{
	const struct crew_task task = {r->book.bundle, LINES_RECIPIENTS, r,
				       frame_asked,    search,           tell};

	return crew_run(r->crew, &task, r->e);
}

static int take_bundle(struct run *r, uint32_t n)
{
	struct book *b = &r->book;
	int result;

	r->volume = shelf_get(r->s->shelf, n);
	if (r->volume == NULL)
		return 0;
	r->bundle = n;
	b->bundle = r->volume->bundle;
	b->keys = lookup_keys(r->volume->lookup, LINES_RECIPIENTS);
	b->where = r->s->where;
	b->rarest = where_rarest(b->where, b->keys);
	b->some = r->s->some;
	result = take_batches(r) != 0 ? error_memory(r->e) : read_frames(r);
	book_free(r);
	return result;
}

/* --- recipients that are in no newest response --- */

static int by_print(const void *a, const void *b)
{
	const struct old *x = a, *y = b;

	return (x->print > y->print) - (x->print < y->print);
}

static int by_place(const void *a, const void *b)
{
	const struct old *x = a, *y = b;

	if (x->bundle != y->bundle)
		return x->bundle < y->bundle ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* Clears `gone` of those with that print. */
static void meet(struct run *r, uint64_t print)
{
	size_t low = 0, high = r->old_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->olds[middle].print < print)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < r->old_count && r->olds[low].print == print && r->olds[low].gone; low++)
		r->olds[low].gone = false;
}

/* The gone ones [from, to), all of one bundle, are read again. */
static int tell_gone(struct run *r, size_t from, size_t to)
{
	struct volume *v = shelf_get(r->s->shelf, r->olds[from].bundle);
	struct error why = {0};
	struct lines *lines = v == NULL ? NULL : lines_open(v->bundle, LINES_RECIPIENTS, &why);
	struct slice line;
	int result = 0;

	for (size_t i = from; i < to && lines != NULL && result == 0; i++) {
		const struct old *old = &r->olds[i];

		if (!old->gone)
			continue;
		if (lines_get(lines, old->number, &line, &why) != 0)
			break;
		result = latest_hit(r->s->gone, old->bundle, old->number, line);
	}
	lines_close(lines);
	if (why.kind != ERROR_NONE)
		shelf_error(r->s->shelf, &why);
	return result != 0 ? error_memory(r->e) : 0;
}

static int take_olds(struct run *r)
{
	struct old *olds = r->olds;
	int result = 0;

	if (r->old_count == 0)
		return 0;
	qsort(olds, r->old_count, sizeof(*olds), by_print);
	for (size_t i = 0; i < r->prints_count; i++)
		meet(r, r->prints[i]);
	qsort(olds, r->old_count, sizeof(*olds), by_place);
	for (size_t i = 0, end; i < r->old_count && result == 0; i = end) {
		for (end = i; end < r->old_count && olds[end].bundle == olds[i].bundle; end++)
			;
		result = tell_gone(r, i, end);
	}
	return result;
}

/* --- all --- */

static int start(struct run *r)
{
	r->crew = crew_new(r->s->threads, r->e);
	if (r->crew == NULL)
		return -1;
	r->works = calloc(crew_slots(r->crew), sizeof(*r->works));
	if (r->works == NULL)
		return error_memory(r->e);
	for (unsigned i = 0; i < crew_slots(r->crew); i++)
		r->works[i].book = &r->book;
	if (getrandom(r->book.salt, sizeof(r->book.salt), 0) != sizeof(r->book.salt))
		return error_errno(r->e, "no random numbers");
	return 0;
}

static void finish(struct run *r)
{
	for (unsigned i = 0; r->works != NULL && i < crew_slots(r->crew); i++) {
		struct work *w = &r->works[i];

		buf_free(&w->scratch);
		buf_free(&w->key);
		free(w->lines);
		free(w->prints);
	}
	crew_free(r->crew);
	free(r->works);
	free(r->olds);
	free(r->prints);
}

int sweep_run(struct sweep *s, struct error *e)
{
	struct run r = {.s = s, .e = e};
	int result = start(&r);

	for (uint32_t i = 0; result == 0 && i < shelf_count(s->shelf); i++)
		result = take_bundle(&r, i);
	if (result == 0)
		result = take_olds(&r);
	finish(&r);
	return result;
}
