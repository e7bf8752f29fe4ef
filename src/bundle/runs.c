/*
 * runs.c: tells a list of recipient lines as runs, in full or with runs copied from a base.
 * The runs of a list, put together, are exactly its lines in its order.
 * It must never copy a run that lies outside the base, or one whose rows are others there.
 */
#include "bundle/runs.h"

#define NOWHERE SIZE_MAX

/* The list's parts: a row is one line, a run of the tail several. */
static size_t parts(const struct runs_list *l)
{
	return l->count + l->tail_count;
}

static uint64_t line_at(const struct runs_list *l, size_t at)
{
	if (at < l->count)
		return l->first + l->known->rows[l->row[at]].line;
	return l->tail[at - l->count].line;
}

static uint64_t lines_at(const struct runs_list *l, size_t at)
{
	return at < l->count ? 1 : l->tail[at - l->count].count;
}

bool runs_next(const struct runs_list *l, struct states_run *run)
{
	if (run->at >= parts(l))
		return false;
	run->line = line_at(l, run->at);
	run->count = 0;
	do {
		run->count += lines_at(l, run->at++);
	} while (run->at < parts(l) && line_at(l, run->at) == run->line + run->count);
	return true;
}

bool runs_fewer(const struct runs_list *l, size_t than)
{
	struct states_run run = {0};

	for (size_t count = 0; count < than; count++)
		if (!runs_next(l, &run))
			return true;
	return false;
}

static void run_append(struct buf *out, const char *start, uint64_t first, uint64_t count)
{
	if (out->len != 0 && out->data[out->len - 1] == ']')
		buf_byte(out, ',');
	buf_string(out, start);
	buf_uint(out, first);
	buf_byte(out, ',');
	buf_uint(out, count);
	buf_byte(out, ']');
}

void runs_full(const struct runs_list *l, struct buf *out)
{
	struct states_run run = {0};

	buf_byte(out, '[');
	while (runs_next(l, &run))
		run_append(out, "[", run.line, run.count);
	buf_byte(out, ']');
}

/* What is copied from, and how far the runs before came. */
struct base {
	const uint32_t *row;
	size_t count;
	size_t next;     /* behind what was copied last */
	size_t inserted; /* lines since then; they may stand for as many rows of the base */
};

static bool base_has(const struct base *b, size_t at, uint32_t row)
{
	return at < b->count && b->row[at] == row;
}

/* A place of the list's part in the base, or NOWHERE. */
static size_t base_place(const struct base *b, const struct runs_list *l, size_t at)
{
	if (at >= l->count)
		return NOWHERE;
	uint32_t row = l->row[at];
	size_t any = l->known->rows[row].at;

	if (!base_has(b, any, row))
		return NOWHERE;
	if (base_has(b, b->next + b->inserted, row))
		return b->next + b->inserted;
	return base_has(b, b->next, row) ? b->next : any;
}

/* Copies from `place` what follows there as it does in the list; returns the part behind it. */
static size_t copy(struct base *b, const struct runs_list *l, size_t at, size_t place,
		   struct buf *out)
{
	size_t count = 1;

	while (at + count < l->count && base_has(b, place + count, l->row[at + count]))
		count++;
	run_append(out, "[\"base\",", place, count);
	b->next = place + count;
	b->inserted = 0;
	return at + count;
}

/* Tells consecutive lines that the base does not have; returns the part behind them. */
static size_t insert(struct base *b, const struct runs_list *l, size_t at, struct buf *out)
{
	uint64_t line = line_at(l, at);
	uint64_t count = 0;

	do {
		count += lines_at(l, at++);
	} while (at < parts(l) && line_at(l, at) == line + count &&
		 base_place(b, l, at) == NOWHERE);
	run_append(out, "[", line, count);
	b->inserted += count;
	return at;
}

size_t runs_based(const struct runs_list *l, const uint32_t *row, size_t row_count, struct buf *out)
{
	struct base b = {row, row_count, 0, 0};
	size_t before = out->len;
	size_t runs = 0;
	bool copied = false;

	buf_byte(out, '[');
	for (size_t at = 0; at < parts(l); runs++) {
		size_t place = base_place(&b, l, at);

		if (place == NOWHERE) {
			at = insert(&b, l, at, out);
		} else {
			at = copy(&b, l, at, place, out);
			copied = true;
		}
	}
	buf_byte(out, ']');
	if (copied)
		return runs;
	out->len = before;
	return 0;
}
