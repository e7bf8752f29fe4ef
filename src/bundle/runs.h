/*
 * runs.h: a response's list of recipient lines told as runs (callroll-bundle(5), _rows and _base).
 */
#ifndef BUNDLE_RUNS_H
#define BUNDLE_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "bundle/known.h"
#include "bundle/states.h"

/* A list: rows of a batch, then runs of lines that are no rows. Nothing in it is owned. */
struct runs_list {
	const struct known *known;
	uint64_t first; /* the line that known_row.line counts from */
	const uint32_t *row;
	size_t count;
	const struct states_run *tail; /* line and count are used */
	size_t tail_count;
};

/* The next run of consecutive lines, as long as possible; see states_next_run. */
bool runs_next(const struct runs_list *l, struct states_run *run);

/* Is the list told in full in fewer than so many runs? */
bool runs_fewer(const struct runs_list *l, size_t than);

/* Appends the array that tells the list in full. */
void runs_full(const struct runs_list *l, struct buf *out);

/*
 * Appends the array that tells the list with runs copied from a list of rows. known_row.at of every
 * row in `base` is one of its places there, and of other rows anything. Returns the number of runs;
 * 0 if none would be copied, and then *out is as it was.
 */
size_t runs_based(const struct runs_list *l, const uint32_t *base, size_t base_count,
		  struct buf *out);

#endif
