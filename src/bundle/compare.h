/*
 * compare.h: how the recipients of two responses differ: of one bundle or of two.
 *
 * Recipients are the same if their lines hold the same values; what is left over is matched by the
 * member `id`, as often as it occurs. Their order does not count.
 */
#ifndef BUNDLE_COMPARE_H
#define BUNDLE_COMPARE_H

#include "bundle/bundle.h"

struct compare_counts {
	uint64_t changed; /* in both, by their ids */
	uint64_t added;   /* only in the new one */
	uint64_t removed; /* only in the old one */
};

struct compare_side {
	const struct bundle *b;
	uint64_t response;
};

struct compare;

struct compare *compare_new(struct error *e);
void compare_free(struct compare *c); /* NULL is fine */

/*
 * Reads only lines that are in one of the lists and not in the other. Memory: the two lists, what
 * lists.h and lines.h keep for at most two bundles, and for every line that is read some 50 bytes
 * and its id.
 */
int compare_responses(struct compare *c, struct compare_side old, struct compare_side new,
		      struct compare_counts *out, struct error *e);

/* The bundle will be closed. */
void compare_forget(struct compare *c, const struct bundle *b);

/*
 * The captured members of a line, `_captured` with them, without its envelope, up to and with the
 * brace that ends the line: behind an opening brace, an object. Empty: the line is not of the form.
 */
struct slice compare_members(struct slice line);

#endif
