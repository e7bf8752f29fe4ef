/*
 * cover.h: which recipient lines a response consists of, as a set: sorted runs of lines, without
 * their order and without repeats. Costs what the runs cost, not what the recipients do, and so
 * does asking for one of them (rows.h gives the list itself).
 */
#ifndef BUNDLE_COVER_H
#define BUNDLE_COVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "bundle/bundle.h"
#include "bundle/lines.h"

/* Lines first .. end-1. */
struct cover_run {
	uint64_t first, end;
};

/* Sorted, with a gap between one run and the next. Zeroed, it is empty. */
struct cover {
	struct cover_run *run;
	size_t count, cap;
};

void cover_free(struct cover *c); /* empties it */

/*
 * Replaces *out with the lines of a response, following _base. `responses`: the response lines of
 * b. Nothing of them is believed. 0, or -1 and *out is empty. ERROR_BUNDLE: there is no such
 * response, or a line is damaged or not of the form.
 */
int cover_of(const struct bundle *b, struct lines *responses, uint64_t response,
	     struct cover *out, struct error *e);

bool cover_has(const struct cover *c, uint64_t line);
/* Is one of the lines first .. end-1 in it? */
bool cover_meets(const struct cover *c, uint64_t first, uint64_t end);

/* Adds the lines of another. 0 or -1: no memory. */
int cover_add(struct cover *c, const struct cover *more);
/* Replaces *out with the lines of a that are not in b. 0 or -1. */
int cover_minus(const struct cover *a, const struct cover *b, struct cover *out);

#endif
