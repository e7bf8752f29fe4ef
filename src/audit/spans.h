/*
 * spans.h: which recipient lines of a bundle are counted: those in the latest responses of batches.
 */
#ifndef AUDIT_SPANS_H
#define AUDIT_SPANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "bundle/bundle.h"
#include "bundle/lines.h"

/* Lines first .. end-1 are in a response of this batch, so many times. */
struct span {
	uint64_t first, end;
	uint32_t batch, times;
};

/* Zeroed, it is empty. */
struct spans {
	struct span *list;
	size_t count, cap;
};

void spans_free(struct spans *s); /* empties it */

/* Adds the lines of a response, of which there are `recipients`. 0 or -1: errors are those of
 * cover_of and rows_of. */
int spans_add(struct spans *s, const struct bundle *b, struct lines *responses, uint64_t response,
	      uint64_t recipients, uint32_t batch, struct error *e);
/* After the last: sorts them. A line that several have (which callroll does not write) is of one
 * only. */
void spans_settle(struct spans *s);

/* For settled ones: the first that ends behind the line; s->count: none. */
size_t spans_find(const struct spans *s, uint64_t line);
/* Is one of the lines first .. end-1 in them? */
bool spans_meet(const struct spans *s, uint64_t first, uint64_t end);

#endif
