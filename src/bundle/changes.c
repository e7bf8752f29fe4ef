/*
 * changes.c: counts what a response does not copy from the list of the response before it.
 * A recipient line that no response had before holds a state that is new to its batch if the writer
 * remembered the batch; that it did is seen by what the response copies from.
 * It must never count so where the two lists are not related like that: then they are compared.
 */
#include "bundle/changes.h"

#include <stdlib.h>

#include "base/map.h"
#include "bundle/compare.h"
#include "bundle/rows.h"
#include "json/members.h"

struct last {
	uint64_t response;
	uint64_t same; /* the response since which the batch's list is the same */
	uint64_t recipients;
};

struct changes {
	const struct bundle *b;
	struct compare *compare;
	struct map *batches;
	struct last *last; /* of each batch */
	size_t cap;
	uint64_t seen; /* the greatest number of a recipient line so far */
};

struct changes *changes_new(const struct bundle *b, struct error *e)
{
	struct changes *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		error_memory(e);
		return NULL;
	}
	c->b = b;
	c->compare = compare_new(e);
	c->batches = map_new();
	if (c->batches == NULL)
		error_memory(e);
	if (c->compare == NULL || c->batches == NULL) {
		changes_free(c);
		return NULL;
	}
	return c;
}

void changes_free(struct changes *c)
{
	if (c == NULL)
		return;
	compare_free(c->compare);
	map_free(c->batches);
	free(c->last);
	free(c);
}

/* What the runs of a response say. */
struct told {
	uint64_t recipients;
	uint64_t base;     /* 0: none */
	uint64_t fresh;    /* rows whose lines nobody had before */
	uint64_t old;      /* rows that are neither copied nor fresh */
	uint64_t first;    /* rows copied by the first run if it begins at the base's beginning */
	uint64_t greatest; /* line */
};

/* What is no run is for who resolves the list to refuse. */
static void tell_run(const struct changes *c, struct slice text, bool first, struct told *t)
{
	struct rows_run run;

	if (!rows_run(text, &run))
		return;
	if (run.copy) {
		if (first && run.first == 0)
			t->first = run.count;
		return;
	}
	if (run.count == 0 || run.first > UINT64_MAX - run.count)
		return;
	if (run.first > c->seen)
		t->fresh += run.count;
	else
		t->old += run.count;
	if (run.first + run.count - 1 > t->greatest)
		t->greatest = run.first + run.count - 1;
}

static int tell(const struct changes *c, struct slice line, struct told *t, struct error *e)
{
	struct members in;
	struct json_member m;
	bool first = true;

	*t = (struct told){0};
	if (!json_uint(members_find(line, "_recipients"), &t->recipients))
		return error_set(e, ERROR_BUNDLE, "%s: a response does not say how many _recipients"
				 " it has", bundle_path(c->b));
	if (!json_uint(members_find(line, "_base"), &t->base))
		t->base = 0;
	members_begin(&in, members_find(line, "_rows"));
	for (; members_next(&in, &m); first = false)
		tell_run(c, m.value, first, t);
	return 0;
}

/* Is what it copies from the list of the response before it? */
static bool related(const struct last *last, const struct told *t)
{
	return t->base != 0 && (t->base == last->same || t->base == last->response);
}

static int count_changes(struct changes *c, const struct last *last, uint64_t response,
			 const struct told *t, uint64_t *count, struct error *e)
{
	struct compare_counts n;

	*count = t->fresh;
	if (related(last, t) && t->old == 0)
		return 0;
	if (compare_responses(c->compare, (struct compare_side){c->b, last->response},
			      (struct compare_side){c->b, response}, &n, e) != 0)
		return -1;
	*count = n.changed + n.added;
	return 0;
}

int changes_next(struct changes *c, struct slice line, uint64_t *count, struct error *e)
{
	uint32_t before = map_count(c->batches);
	uint32_t n = map_add(c->batches, members_find(line, "id"));
	struct last *last;
	struct told t;
	uint64_t response;

	if (n == MAP_NONE ||
	    array_reserve(&c->last, &c->cap, (size_t)n + 1, sizeof(*c->last)) != 0)
		return error_memory(e);
	last = &c->last[n];
	if (!json_uint(members_find(line, "_response"), &response))
		return error_set(e, ERROR_BUNDLE, "%s: a response has no number",
				 bundle_path(c->b));
	if (tell(c, line, &t, e) != 0)
		return -1;
	if (n == before) {
		*last = (struct last){0};
		*count = t.recipients;
	} else if (count_changes(c, last, response, &t, count, e) != 0) {
		return -1;
	}
	if (n == before || !related(last, &t) || t.first != t.recipients ||
	    t.recipients != last->recipients)
		last->same = response;
	last->response = response;
	last->recipients = t.recipients;
	if (t.greatest > c->seen)
		c->seen = t.greatest;
	return 0;
}
