/*
 * rows.h: which recipient lines a response consists of: _rows and _base of response lines,
 * resolved.
 *
 *   "_recipients":N, "_rows":[RUN,...], and "_base":R if a run is a copy. A RUN is [line,count]:
 *   recipient lines line .. line+count-1; or ["base",first,count]: elements first .. first+count-1
 *   (from 0) of the list of response R, an earlier one of the same bundle. The counts add up to N.
 *
 * Nothing of this is believed: memory is taken only after all runs were seen to lie where they
 * should and to add up to N, which is at most LIMIT_ROWS.
 */
#ifndef BUNDLE_ROWS_H
#define BUNDLE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "bundle/bundle.h"

/* A response's list: numbers of recipient lines, in its order. Zeroed, it is empty. */
struct rows {
	uint64_t *line; /* NULL while cap is 0 */
	size_t count, cap;
};

void rows_free(struct rows *r); /* empties it */

/* A longer chain of _base is not followed. */
#define ROWS_CHAIN_MOST 1000

/*
 * Replaces *out with the list of the response whose number is `response`, following _base from
 * response to response. Reads only the frames that hold their lines. 0, or -1 and *out is empty.
 * ERROR_BUNDLE: there is no such response, a line is damaged or not of the form above, or the chain
 * is longer than ROWS_CHAIN_MOST; ERROR_LIMIT: LIMIT_ROWS or LIMIT_ROWS_CHAIN is passed. The
 * error's text names the bundle and the response.
 */
int rows_of(const struct bundle *b, uint64_t response, struct rows *out, struct error *e);

/* One element of _rows as it stands there. */
struct rows_run {
	bool copy;      /* of the base's list */
	uint64_t first; /* a line, from 1; of a copy an element, from 0 */
	uint64_t count;
};
/* Reads it; whether it lies within anything is not looked at. false: it is no run. */
bool rows_run(struct slice text, struct rows_run *run);

/*
 * The same step by step, for who reads all response lines in order; errors are as above, but their
 * text does not say where. Only rows_of adds the lists of a chain up (LIMIT_ROWS_CHAIN).
 *
 * The number of the response that a response line is based on, less than its own; 0: none.
 */
int rows_base(struct slice line, uint64_t *base, struct error *e);
/*
 * Replaces *out with the list of a response line; on failure *out is empty. `recipient_lines`: how
 * many the bundle has. `base`: the list of its _base, not *out; NULL if it has none.
 */
int rows_apply(struct slice line, uint64_t recipient_lines, const struct rows *base,
	       struct rows *out, struct error *e);

#endif
