/*
 * cover.c: the lines of a response as a set, found by following parts of lists down a chain of
 * _base.
 * Parts and runs are sorted and apart from each other whenever they are compared.
 * It must never take memory for more than the runs that stand in the file.
 */
#include "bundle/cover.h"

#include <stdlib.h>

#include "bundle/rows.h"
#include "json/members.h"

void cover_free(struct cover *c)
{
	free(c->run);
	*c = (struct cover){0};
}

static int put(struct cover *c, uint64_t first, uint64_t end)
{
	struct cover_run *last = c->count == 0 ? NULL : &c->run[c->count - 1];

	if (last != NULL && first >= last->first && first <= last->end) {
		if (end > last->end)
			last->end = end;
		return 0;
	}
	if (array_reserve(&c->run, &c->cap, c->count + 1, sizeof(*c->run)) != 0)
		return -1;
	c->run[c->count++] = (struct cover_run){first, end};
	return 0;
}

static int by_first(const void *a, const void *b)
{
	const struct cover_run *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

/* Sorts the runs and joins those that touch. */
static void settle(struct cover *c)
{
	size_t left = 0;
	bool sorted = true;

	for (size_t i = 1; i < c->count && sorted; i++)
		sorted = c->run[i].first > c->run[i - 1].end;
	if (sorted)
		return;
	qsort(c->run, c->count, sizeof(*c->run), by_first);
	for (size_t i = 0; i < c->count; i++) {
		struct cover_run r = c->run[i];

		if (left > 0 && r.first <= c->run[left - 1].end) {
			if (r.end > c->run[left - 1].end)
				c->run[left - 1].end = r.end;
		} else {
			c->run[left++] = r;
		}
	}
	c->count = left;
}

/* --- asking --- */

/* The first run that ends behind the line; c->count: none. */
static size_t find(const struct cover *c, uint64_t line)
{
	size_t low = 0, high = c->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->run[middle].end > line)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

bool cover_meets(const struct cover *c, uint64_t first, uint64_t end)
{
	size_t i = find(c, first);

	return i < c->count && c->run[i].first < end && first < end;
}

bool cover_has(const struct cover *c, uint64_t line)
{
	return cover_meets(c, line, line + 1);
}

int cover_add(struct cover *c, const struct cover *more)
{
	if (array_reserve(&c->run, &c->cap, c->count + more->count, sizeof(*c->run)) != 0)
		return -1;
	if (more->count > 0)
		memcpy(c->run + c->count, more->run, more->count * sizeof(*c->run));
	c->count += more->count;
	settle(c);
	return 0;
}

int cover_minus(const struct cover *a, const struct cover *b, struct cover *out)
{
	size_t at = 0;

	out->count = 0;
	for (size_t i = 0; i < a->count; i++) {
		uint64_t first = a->run[i].first, end = a->run[i].end;

		while (at < b->count && b->run[at].end <= first)
			at++;
		for (size_t k = at; k < b->count && b->run[k].first < end; k++) {
			if (b->run[k].first > first && put(out, first, b->run[k].first) != 0)
				return -1;
			first = b->run[k].end;
		}
		if (first < end && put(out, first, end) != 0)
			return -1;
	}
	return 0;
}

/* --- a response --- */

struct descent {
	uint64_t lines; /* of recipients in the bundle */
	struct cover *out;
	struct cover parts; /* of the list that is looked at: which elements are wanted */
	struct cover below; /* the same of its base's list */
	struct error why;
};

static int fail(struct descent *d, const char *what)
{
	return error_set(&d->why, ERROR_BUNDLE, "%s", what);
}

/* The elements at .. at+count-1 of a list are a run of the lines, or of the base's list. *part
 * is the first of d->parts that may meet them. */
static int take_run(struct descent *d, size_t *part, uint64_t at, const struct rows_run *run)
{
	struct cover *to = run->copy ? &d->below : d->out;

	while (*part < d->parts.count && d->parts.run[*part].end <= at)
		++*part;
	for (size_t i = *part; i < d->parts.count && d->parts.run[i].first < at + run->count; i++) {
		struct cover_run r = d->parts.run[i];
		uint64_t from = r.first > at ? r.first - at : 0;
		uint64_t to_end = r.end - at < run->count ? r.end - at : run->count;

		if (put(to, run->first + from, run->first + to_end) != 0)
			return error_memory(&d->why);
	}
	return 0;
}

/* One list: its wanted elements become lines, or elements of its base. `most`: how long the list
 * must be. */
static int take_list(struct descent *d, struct slice line, uint64_t most)
{
	struct members in;
	struct json_member m;
	struct rows_run run;
	uint64_t total, at = 0;
	size_t part = 0;

	if (!json_uint(members_find(line, "_recipients"), &total) || total < most)
		return fail(d, "its list is shorter than what is copied of it");
	members_begin(&in, members_find(line, "_rows"));
	if (!in.array)
		return fail(d, "its _rows are missing or not a list");
	while (members_next(&in, &m)) {
		if (!rows_run(m.value, &run) || run.count == 0 ||
		    run.first > UINT64_MAX - run.count)
			return fail(d, "its _rows are not runs");
		if (!run.copy && (run.first == 0 || run.first + run.count - 1 > d->lines))
			return fail(d, "a run of its _rows lies outside the recipients");
		if (run.count > total - at)
			return fail(d, "its _rows are more than its _recipients");
		if (take_run(d, &part, at, &run) != 0)
			return -1;
		at += run.count;
	}
	if (in.bad || at != total)
		return fail(d, "its _rows are not as many as its _recipients");
	return 0;
}

static int take_response(struct descent *d, struct slice line, uint64_t number, uint64_t *base)
{
	uint64_t own, most = d->parts.count == 0 ? 0 : d->parts.run[d->parts.count - 1].end;

	if (!json_uint(members_find(line, "_response"), &own) || own != number)
		return fail(d, "its line has another number");
	if (rows_base(line, base, &d->why) != 0 || take_list(d, line, most) != 0)
		return -1;
	struct cover done = d->parts;
	d->parts = d->below;
	d->below = done;
	d->below.count = 0;
	settle(&d->parts);
	if (d->parts.count > 0 && *base == 0)
		return fail(d, "a run of its _rows is copied from nothing");
	return 0;
}

static int descend(struct descent *d, struct lines *responses, uint64_t *number, struct error *e)
{
	struct slice line;
	uint64_t base = *number, total;

	if (lines_get(responses, *number, &line, e) != 0)
		return -1;
	if (!json_uint(members_find(line, "_recipients"), &total))
		return fail(d, "it does not say how many _recipients it has");
	if (total > 0 && put(&d->parts, 0, total) != 0)
		return error_memory(&d->why);
	for (unsigned chain = 0; d->parts.count > 0; chain++) {
		*number = base;
		if (chain > ROWS_CHAIN_MOST)
			return fail(d, "too many responses are based on each other");
		if (lines_get(responses, *number, &line, e) != 0 ||
		    take_response(d, line, *number, &base) != 0)
			return -1;
	}
	settle(d->out);
	return 0;
}

int cover_of(const struct bundle *b, struct lines *responses, uint64_t response, struct cover *out,
	     struct error *e)
{
	struct descent d = {.lines = bundle_lines(b, LINES_RECIPIENTS), .out = out};
	int result;

	out->count = 0;
	result = descend(&d, responses, &response, e);
	if (d.why.kind != ERROR_NONE)
		error_set(e, d.why.kind, "%s: response %llu: %s", bundle_path(b),
			  (unsigned long long)response, d.why.text);
	if (result != 0)
		out->count = 0;
	cover_free(&d.parts);
	cover_free(&d.below);
	return result;
}
