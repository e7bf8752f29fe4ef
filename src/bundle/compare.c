/*
 * compare.c: compares the recipients of two responses, as multisets.
 * First by the numbers of their lines, then what is left by the content of the lines, then by id.
 * It must never read lines that both have, nor keep their text.
 */
#include "bundle/compare.h"

#include <stdlib.h>

#include "base/keyed.h"
#include "base/map.h"
#include "bundle/lines.h"
#include "bundle/lists.h"
#include "bundle/tombstone.h"
#include "json/members.h"

/* Frames of response lines that are kept: those of a batch lie together. */
#define RESPONSES_BYTES (8 * MIB)

/* Lines that only one side has: their numbers, ascending, and what they are. */
struct left {
	uint64_t *line;
	size_t count, cap;
	uint32_t *content; /* the number of its content in compare.contents */
	uint32_t *id;      /* the number of its id in compare.ids */
	size_t content_cap, id_cap;
	size_t erased;     /* tombstones, which are not among them: anybody's */
};

/* Of an id: which lines that differ have it. */
struct same_id {
	uint32_t next;     /* the first of the old ones that is not taken; NONE */
	uint32_t old, new; /* how many there are */
};
#define NONE UINT32_MAX

struct reader {
	const struct bundle *b; /* NULL: none */
	struct lines *recipients, *responses;
	struct lists *lists;
	uint64_t used;
};

/* The list of a response. */
struct list {
	struct compare_side of; /* b is NULL: of none */
	struct rows rows;
};

struct compare {
	struct list list[2]; /* the old one and the new one of the last comparison */
	struct keyed *keyed;
	struct reader reader[2];
	uint64_t clock;
	struct left old, new;
	struct map *contents, *ids;
	uint32_t *spare;      /* of each content: how many of the old ones are left */
	struct same_id *same; /* of each id */
	uint32_t *next;       /* of each old line: the next one with its id */
	size_t spare_cap, same_cap, next_cap;
	compare_each *each;
	void *arg;
};

struct slice compare_members(struct slice line)
{
	struct members in;
	struct json_member m;

	members_begin(&in, line);
	if (in.bad || in.array)
		return SLICE("");
	while (members_next(&in, &m)) {
		bool ours = m.name.len > 2 && m.name.data[1] == '_' &&
			    !slice_equal(m.name, SLICE("\"_captured\""));
		if (!ours)
			return slice_of(m.name.data, (size_t)(line.data + line.len - m.name.data));
	}
	return in.bad ? SLICE("") : slice_of(line.data + line.len - 1, 1);
}

struct compare *compare_new(struct error *e)
{
	struct compare *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		error_memory(e);
		return NULL;
	}
	c->contents = map_new();
	c->ids = map_new();
	if (c->contents == NULL || c->ids == NULL)
		error_memory(e);
	else
		c->keyed = keyed_new(e);
	if (c->keyed == NULL) {
		compare_free(c);
		return NULL;
	}
	return c;
}

static void reader_close(struct reader *r)
{
	lines_close(r->recipients);
	lines_close(r->responses);
	lists_close(r->lists);
	*r = (struct reader){0};
}

static void left_free(struct left *l)
{
	free(l->line);
	free(l->content);
	free(l->id);
}

void compare_free(struct compare *c)
{
	if (c == NULL)
		return;
	keyed_free(c->keyed);
	for (unsigned i = 0; i < 2; i++) {
		reader_close(&c->reader[i]);
		rows_free(&c->list[i].rows);
	}
	left_free(&c->old);
	left_free(&c->new);
	map_free(c->contents);
	map_free(c->ids);
	free(c->spare);
	free(c->same);
	free(c->next);
	free(c);
}

void compare_forget(struct compare *c, const struct bundle *b)
{
	for (unsigned i = 0; i < 2; i++) {
		if (c->reader[i].b == b)
			reader_close(&c->reader[i]);
		if (c->list[i].of.b == b)
			c->list[i].of.b = NULL;
	}
}

static struct reader *reader_of(struct compare *c, const struct bundle *b, struct error *e)
{
	struct reader *r = &c->reader[c->reader[0].used < c->reader[1].used ? 0 : 1];

	for (unsigned i = 0; i < 2; i++)
		if (c->reader[i].b == b)
			r = &c->reader[i];
	if (r->b != b) {
		reader_close(r);
		r->recipients = lines_open(b, LINES_RECIPIENTS, e);
		r->responses = lines_open(b, LINES_RESPONSES, e);
		r->lists = lists_open(b);
		if (r->lists == NULL)
			error_memory(e);
		if (r->recipients == NULL || r->responses == NULL || r->lists == NULL) {
			reader_close(r);
			return NULL;
		}
		lines_keep(r->responses, RESPONSES_BYTES);
		r->b = b;
	}
	r->used = ++c->clock;
	return r;
}

int compare_line(struct compare *c, const struct bundle *b, enum line_kind kind, uint64_t number,
		 struct slice *out, struct error *e)
{
	struct reader *r = reader_of(c, b, e);

	if (r == NULL)
		return -1;
	return lines_get(kind == LINES_RECIPIENTS ? r->recipients : r->responses, number, out, e);
}

/* Replaces the list with that of a response. */
static int list_of(struct compare *c, struct list *l, struct compare_side of, struct error *e)
{
	struct reader *r;
	const struct rows *rows;
	struct slice line;

	if (l->of.b == of.b && l->of.response == of.response)
		return 0;
	l->of.b = NULL;
	r = reader_of(c, of.b, e);
	if (r == NULL || lines_get(r->responses, of.response, &line, e) != 0)
		return -1;
	rows = lists_of(r->lists, of.response, line, e);
	if (rows == NULL)
		return -1;
	if (array_reserve(&l->rows.line, &l->rows.cap, rows->count, sizeof(*rows->line)) != 0)
		return error_memory(e);
	if (rows->count > 0)
		memcpy(l->rows.line, rows->line, rows->count * sizeof(*rows->line));
	l->rows.count = rows->count;
	l->of = of;
	return 0;
}

/* Both lists. What was the new one is the old one now, most times. */
static int both_lists(struct compare *c, struct compare_side old, struct compare_side new,
		      struct error *e)
{
	struct list swap = c->list[0];

	c->list[0] = c->list[1];
	c->list[1] = swap;
	return list_of(c, &c->list[0], old, e) == 0 ? list_of(c, &c->list[1], new, e) : -1;
}

/* --- by number --- */

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void sort(struct left *l)
{
	if (l->count > 1)
		qsort(l->line, l->count, sizeof(*l->line), ascending);
}

static int take(struct left *l, uint64_t line, struct error *e)
{
	if (array_reserve(&l->line, &l->cap, l->count + 1, sizeof(*l->line)) != 0)
		return error_memory(e);
	l->line[l->count++] = line;
	return 0;
}

/* Takes the lines that both have away. */
static void cancel(struct left *a, struct left *b)
{
	size_t i = 0, j = 0, n = 0, m = 0;

	while (i < a->count && j < b->count) {
		if (a->line[i] < b->line[j])
			a->line[n++] = a->line[i++];
		else if (a->line[i] > b->line[j])
			b->line[m++] = b->line[j++];
		else
			i++, j++;
	}
	while (i < a->count)
		a->line[n++] = a->line[i++];
	while (j < b->count)
		b->line[m++] = b->line[j++];
	a->count = n;
	b->count = m;
}

/* `same`: the numbers are those of one bundle. */
static int by_number(struct compare *c, const struct rows *old, const struct rows *new, bool same,
		     struct error *e)
{
	c->old.count = 0;
	c->new.count = 0;
	for (size_t i = 0; i < old->count || i < new->count; i++) {
		if (same && i < old->count && i < new->count && old->line[i] == new->line[i])
			continue;
		if (i < old->count && take(&c->old, old->line[i], e) != 0)
			return -1;
		if (i < new->count && take(&c->new, new->line[i], e) != 0)
			return -1;
	}
	sort(&c->old);
	sort(&c->new);
	if (same)
		cancel(&c->old, &c->new);
	return 0;
}

/* --- by content and id --- */

static int read_left(struct compare *c, struct left *l, const struct bundle *b, struct error *e)
{
	struct reader *r;
	size_t n = 0;

	l->erased = 0;
	if (l->count == 0)
		return 0;
	r = reader_of(c, b, e);
	if (r == NULL)
		return -1;
	if (array_reserve(&l->content, &l->content_cap, l->count, sizeof(*l->content)) != 0 ||
	    array_reserve(&l->id, &l->id_cap, l->count, sizeof(*l->id)) != 0)
		return error_memory(e);
	for (size_t i = 0; i < l->count; i++) {
		struct keyed_print print;
		struct slice line;

		if (lines_get(r->recipients, l->line[i], &line, e) != 0)
			return -1;
		if (tombstone_is(line)) {
			l->erased++;
			continue;
		}
		if (keyed_of(c->keyed, compare_members(line), &print, e) != 0)
			return -1;
		l->line[n] = l->line[i];
		l->content[n] = map_add(c->contents, slice_of((const char *)&print, sizeof(print)));
		l->id[n] = map_add(c->ids, members_find(line, "id"));
		if (l->content[n] == MAP_NONE || l->id[n] == MAP_NONE)
			return error_memory(e);
		n++;
	}
	l->count = n;
	return 0;
}

/* Takes what has the same content on both sides away. */
static int by_content(struct compare *c, struct error *e)
{
	struct left *old = &c->old, *new = &c->new;
	size_t contents = (size_t)map_count(c->contents) + 1, n = 0;

	if (array_reserve(&c->spare, &c->spare_cap, contents, sizeof(*c->spare)) != 0)
		return error_memory(e);
	memset(c->spare, 0, contents * sizeof(*c->spare));
	for (size_t i = 0; i < old->count; i++)
		c->spare[old->content[i]]++;
	for (size_t i = 0; i < new->count; i++) {
		if (c->spare[new->content[i]] > 0) {
			c->spare[new->content[i]]--;
			continue;
		}
		new->line[n] = new->line[i];
		new->id[n++] = new->id[i];
	}
	new->count = n;
	n = 0;
	for (size_t i = 0; i < old->count; i++) {
		if (c->spare[old->content[i]] == 0)
			continue;
		c->spare[old->content[i]]--;
		old->line[n] = old->line[i];
		old->id[n++] = old->id[i];
	}
	old->count = n;
	return 0;
}

/* Chains the old lines of each id, in their order. */
static int chain_ids(struct compare *c, struct error *e)
{
	size_t ids = (size_t)map_count(c->ids) + 1;

	if (array_reserve(&c->same, &c->same_cap, ids, sizeof(*c->same)) != 0 ||
	    array_reserve(&c->next, &c->next_cap, c->old.count + 1, sizeof(*c->next)) != 0)
		return error_memory(e);
	for (size_t i = 0; i < ids; i++)
		c->same[i] = (struct same_id){.next = NONE};
	for (size_t i = c->old.count; i-- > 0;) {
		struct same_id *s = &c->same[c->old.id[i]];

		c->next[i] = s->next;
		s->next = (uint32_t)i;
		s->old++;
	}
	for (size_t i = 0; i < c->new.count; i++)
		c->same[c->new.id[i]].new ++;
	return 0;
}

static int tell(struct compare *c, uint32_t id, uint64_t old, uint64_t new, struct error *e)
{
	const struct same_id *s = &c->same[id];
	const struct compare_pair pair = {
		old, new, s->old <= 1 && s->new <= 1 && map_key(c->ids, id).len > 0};

	return c->each == NULL ? 0 : c->each(c->arg, &pair, e);
}

/* The rest is changed, added or removed. */
static int by_id(struct compare *c, struct compare_counts *out, struct error *e)
{
	int stop = 0;

	if (chain_ids(c, e) != 0)
		return -1;
	for (size_t i = 0; i < c->new.count; i++) {
		uint32_t id = c->new.id[i], taken = c->same[id].next;

		if (taken != NONE) {
			c->same[id].next = c->next[taken];
			out->changed++;
		} else {
			out->added++;
		}
		if (stop == 0)
			stop = tell(c, id, taken != NONE ? c->old.line[taken] : 0, c->new.line[i],
				    e);
	}
	out->removed = c->old.count - out->changed;
	/* what is left of the chains is gone; a line's own place in its chain tells */
	for (size_t i = 0; i < c->old.count && out->removed > 0 && stop == 0; i++) {
		uint32_t id = c->old.id[i];

		if (c->same[id].next != i)
			continue;
		c->same[id].next = c->next[i];
		stop = tell(c, id, c->old.line[i], 0, e);
	}
	/* a tombstone may be that of whoever only the other side has */
	out->added -= out->added < c->old.erased ? out->added : c->old.erased;
	out->removed -= out->removed < c->new.erased ? out->removed : c->new.erased;
	return stop < 0 ? -1 : 0;
}

int compare_pairs(struct compare *c, struct compare_side old, struct compare_side new,
		  struct compare_counts *out, compare_each *each, void *arg, struct error *e)
{
	*out = (struct compare_counts){0};
	c->each = each;
	c->arg = arg;
	if (both_lists(c, old, new, e) != 0 ||
	    by_number(c, &c->list[0].rows, &c->list[1].rows, old.b == new.b, e) != 0)
		return -1;
	map_clear(c->contents);
	map_clear(c->ids);
	if (read_left(c, &c->old, old.b, e) != 0 || read_left(c, &c->new, new.b, e) != 0 ||
	    by_content(c, e) != 0)
		return -1;
	return by_id(c, out, e);
}

int compare_responses(struct compare *c, struct compare_side old, struct compare_side new,
		      struct compare_counts *out, struct error *e)
{
	return compare_pairs(c, old, new, out, NULL, NULL, e);
}

uint64_t compare_index(const struct compare *c, uint64_t line)
{
	const struct rows *rows = &c->list[1].rows;
	size_t i = 0;

	while (i < rows->count && rows->line[i] != line)
		i++;
	return i;
}
