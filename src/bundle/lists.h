/*
 * lists.h: the lists of a bundle's responses (rows.h) for who reads all responses in order. The
 * lists used last are kept, so that those based on them need not follow a chain.
 */
#ifndef BUNDLE_LISTS_H
#define BUNDLE_LISTS_H

#include <stdint.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/slice.h"
#include "bundle/bundle.h"
#include "bundle/rows.h"

/* How many are kept at most, and the memory for them; the one used last is kept even if it alone
 * takes more. */
#define LISTS_KEPT 1024
#define LISTS_BYTES (64 * MIB)

struct lists;

/* The bundle must outlive it. NULL: no memory. */
struct lists *lists_open(const struct bundle *b);
void lists_close(struct lists *l); /* NULL is fine */

/*
 * The list of the response with that number, of which this is the line; valid until the next
 * call. NULL: errors are those of rows_of.
 */
const struct rows *lists_of(struct lists *l, uint64_t response, struct slice line,
			    struct error *e);

#endif
