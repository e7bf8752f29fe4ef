/*
 * rows.c: resolves _rows and _base of response lines.
 * A list is checked whole, every number in 64 bits, before a byte is taken for it.
 * It must never recurse along _base, nor follow one that does not lead to an earlier response.
 */
#include "bundle/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "bundle/lines.h"
#include "json/members.h"

void rows_free(struct rows *r)
{
	free(r->line);
	*r = (struct rows){0};
}

static int fail(struct error *e, const char *what)
{
	return error_set(e, ERROR_BUNDLE, "%s", what);
}

/* --- one response line --- */

/* Both kinds are arrays in the normal form; nothing follows the count. */
bool rows_run(struct slice text, struct rows_run *run)
{
	struct members in;
	struct json_member m;

	members_begin(&in, text);
	if (!in.array || !members_next(&in, &m))
		return false;
	run->copy = slice_equal(m.value, SLICE("\"base\""));
	if (run->copy && !members_next(&in, &m))
		return false;
	return json_uint(m.value, &run->first) && members_next(&in, &m) &&
	       json_uint(m.value, &run->count) && !members_next(&in, &m) && !in.bad;
}

/* Does it lie within lines or elements that there are? */
static bool run_inside(const struct rows_run *run, uint64_t recipient_lines,
		       const struct rows *base)
{
	uint64_t end = recipient_lines + 1; /* a line takes a byte or more: no overflow */

	if (run->copy)
		end = base == NULL ? 0 : base->count;
	else if (run->first == 0)
		return false;
	return run->count > 0 && run->first < end && run->count <= end - run->first;
}

/* Checks all runs; they have `wanted` rows together. */
static int check_runs(struct slice rows, uint64_t wanted, uint64_t recipient_lines,
		      const struct rows *base, struct error *e)
{
	struct members in;
	struct json_member m;
	struct rows_run run;
	uint64_t left = wanted;

	members_begin(&in, rows);
	if (!in.array)
		return fail(e, "its _rows are missing or not a list");
	while (members_next(&in, &m)) {
		if (!rows_run(m.value, &run))
			return fail(e, "its _rows are not runs");
		if (!run_inside(&run, recipient_lines, base))
			return fail(e, run.copy ? "a run of its _rows lies outside its _base"
						: "a run of its _rows lies outside the recipients");
		if (run.count > left)
			return fail(e, "its _rows are more than its _recipients");
		left -= run.count;
	}
	if (in.bad)
		return fail(e, "its _rows cannot be read");
	return left == 0 ? 0 : fail(e, "its _rows are fewer than its _recipients");
}

/* Room for exactly so many; what was there need not stay. */
static int reserve(struct rows *r, size_t count, struct error *e)
{
	if (count <= r->cap)
		return 0;
	rows_free(r);
	r->line = malloc(count * sizeof(*r->line));
	if (r->line == NULL)
		return error_memory(e);
	r->cap = count;
	return 0;
}

/* The runs were checked, and there is room for them. */
static void expand(struct slice rows, const struct rows *base, struct rows *out)
{
	struct members in;
	struct json_member m;
	struct rows_run run;

	members_begin(&in, rows);
	while (members_next(&in, &m) && rows_run(m.value, &run)) {
		uint64_t *to = out->line + out->count;
		if (run.copy)
			memcpy(to, base->line + run.first, (size_t)run.count * sizeof(*to));
		for (uint64_t i = 0; i < run.count && !run.copy; i++)
			to[i] = run.first + i;
		out->count += (size_t)run.count;
	}
}

static int recipients(struct slice line, uint64_t *count, struct error *e)
{
	if (!json_uint(members_find(line, "_recipients"), count))
		return fail(e, "it does not say how many _recipients it has");
	if (*count > LIMIT_ROWS)
		return error_set(e, ERROR_LIMIT, "it has %llu recipients, %llu is the most",
				 (unsigned long long)*count, (unsigned long long)LIMIT_ROWS);
	return 0;
}

int rows_apply(struct slice line, uint64_t recipient_lines, const struct rows *base,
	       struct rows *out, struct error *e)
{
	struct slice rows = members_find(line, "_rows");
	uint64_t count, number;

	out->count = 0;
	if (recipients(line, &count, e) != 0 || rows_base(line, &number, e) != 0)
		return -1;
	if (number == 0)
		base = NULL;
	if (check_runs(rows, count, recipient_lines, base, e) != 0 ||
	    reserve(out, (size_t)count, e) != 0)
		return -1;
	expand(rows, base, out);
	return 0;
}

int rows_base(struct slice line, uint64_t *base, struct error *e)
{
	struct slice value = members_find(line, "_base");
	uint64_t own;

	*base = 0;
	if (value.len == 0)
		return 0;
	if (!json_uint(value, base) || *base == 0 ||
	    !json_uint(members_find(line, "_response"), &own) || *base >= own)
		return fail(e, "its _base is not an earlier response");
	return 0;
}

/* --- a chain --- */

struct chain {
	const struct bundle *b;
	struct lines *lines;
	uint64_t number[ROWS_CHAIN_MOST + 1]; /* the response asked for, its base, and so on */
	unsigned count;
	uint64_t at;      /* the response that is looked at, */
	struct error why; /* and what is wrong with it */
};

/* The line of response c->at; it has this number. */
static int take_line(struct chain *c, struct slice *line, struct error *e)
{
	uint64_t own;

	if (lines_get(c->lines, c->at, line, e) != 0)
		return -1;
	if (!json_uint(members_find(*line, "_response"), &own) || own != c->at)
		return fail(&c->why, "its line has another number");
	return 0;
}

/* Notes c->at and those below it, each with a smaller number than the one before. */
static int follow(struct chain *c, struct error *e)
{
	struct slice line;
	uint64_t base = c->at, count, all = 0;

	do {
		c->at = base;
		if (c->count > ROWS_CHAIN_MOST)
			return fail(&c->why, "too many responses are based on each other");
		c->number[c->count++] = c->at;
		if (take_line(c, &line, e) != 0 || recipients(line, &count, &c->why) != 0 ||
		    rows_base(line, &base, &c->why) != 0)
			return -1;
		all += count; /* each is at most LIMIT_ROWS */
		if (all > LIMIT_ROWS_CHAIN)
			return error_set(&c->why, ERROR_LIMIT,
					 "lists based on each other have more than %llu recipients",
					 (unsigned long long)LIMIT_ROWS_CHAIN);
	} while (base != 0);
	return 0;
}

/* Makes the lists from the one noted last to the first. */
static int resolve(struct chain *c, struct rows *out, struct error *e)
{
	uint64_t lines = bundle_lines(c->b, LINES_RECIPIENTS);
	struct rows base = {0};
	struct slice line;
	int result = 0;

	while (result == 0 && c->count > 0) {
		struct rows swap = base;

		base = *out;
		*out = swap;
		c->at = c->number[--c->count];
		result = take_line(c, &line, e);
		if (result == 0)
			result = rows_apply(line, lines, &base, out, &c->why);
	}
	rows_free(&base);
	return result;
}

int rows_of(const struct bundle *b, uint64_t response, struct rows *out, struct error *e)
{
	struct chain *c = calloc(1, sizeof(*c));
	int result = -1;

	out->count = 0;
	if (c == NULL)
		return error_memory(e);
	c->b = b;
	c->at = response;
	c->lines = lines_open(b, LINES_RESPONSES, e);
	if (c->lines != NULL && follow(c, e) == 0)
		result = resolve(c, out, e);
	if (c->why.kind != ERROR_NONE)
		error_set(e, c->why.kind, "%s: response %llu: %s", bundle_path(b),
			  (unsigned long long)c->at, c->why.text);
	if (result != 0)
		out->count = 0;
	lines_close(c->lines);
	free(c);
	return result;
}
