/*
 * compare.h: how the recipients of two responses differ: of one bundle or of two.
 *
 * Recipients are the same if their lines hold the same values; what is left over is matched by the
 * member `id`, as often as it occurs. Their order does not count.
 */
#ifndef BUNDLE_COMPARE_H
#define BUNDLE_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

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

/* A recipient that differs. */
struct compare_pair {
	uint64_t old, new; /* its recipient lines; 0: it is only in the other response */
	bool sure; /* no other recipient that differs has its id, and it has one: `old` and `new`
		    * are the same one for certain */
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

/*
 * The same, and calls `each` with every recipient that differs: those of the new response by their
 * lines, then those that are gone. Not 0 ends it, and is the result if it is negative (then `each`
 * filled *e). `each` may call compare_line and compare_index.
 */
typedef int compare_each(void *arg, const struct compare_pair *pair, struct error *e);
int compare_pairs(struct compare *c, struct compare_side old, struct compare_side new,
		  struct compare_counts *out, compare_each *each, void *arg, struct error *e);

/* A line of a bundle, by the readers that are open for comparing; valid until the next call. */
int compare_line(struct compare *c, const struct bundle *b, enum line_kind kind, uint64_t number,
		 struct slice *out, struct error *e);
/* Where a recipient line stands in the new response of the last comparison: the first index. */
uint64_t compare_index(const struct compare *c, uint64_t line);

/* The bundle will be closed. */
void compare_forget(struct compare *c, const struct bundle *b);

/*
 * The captured members of a line, `_captured` with them, without its envelope, up to and with the
 * brace that ends the line: behind an opening brace, an object. Empty: the line is not of the form.
 */
struct slice compare_members(struct slice line);

#endif
