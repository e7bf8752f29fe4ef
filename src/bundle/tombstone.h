/*
 * tombstone.h: what erasing leaves of lines (callroll-bundle(5), Tombstones).
 *
 * A recipient line or a finding of somebody erased becomes a tombstone, which keeps the number that
 * the line had:
 *
 *   {"_batch":ID,"_response":N,"_erased":true}      {"_response":N,"_erased":true}
 *
 * Other lines that name somebody erased keep all but the strings that do.
 */
#ifndef BUNDLE_TOMBSTONE_H
#define BUNDLE_TOMBSTONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "bundle/needles.h"

/* What a string becomes, or a part of a path; and a blob. */
#define TOMBSTONE_TEXT "[erased]"
#define TOMBSTONE_BLOB "This was erased: it named a person whose data had to be removed.\n"

/* Is this line a tombstone? Looks only at its end. */
bool tombstone_is(struct slice line);
/* How many values of a line that is no tombstone were erased: its "_erased", a number. */
uint64_t tombstone_values(struct slice line);

/* Appends the tombstone of a recipient line, or of a finding. false: it has no _batch or
 * _response. */
bool tombstone_recipient(struct slice line, struct buf *out);
void tombstone_finding(struct slice line, struct buf *out);

/*
 * Appends a line of recipients or responses without the strings and numbers that hold a needle. A
 * member whose name holds one is left out. What is callroll's own keeps its form: of _source only
 * the parts of the path that hold one (of `paths`) are replaced, and of _http header lines. The ids
 * of batch and recipient stay, and so does its phone_number. How many captured values were erased,
 * this time and before, stands in "_erased". false: the line is not in the normal form, or no
 * memory (out->failed).
 */
bool tombstone_part(struct slice line, struct needles_look *l, struct needles_look *paths,
		    struct buf *out);
/* The same for a line of sources, which says "erased":true then; `blob`: what it names was
 * erased. */
bool tombstone_source(struct slice line, struct needles_look *l, bool blob, struct buf *out);

#endif
