/*
 * erase_parts.h: what erase_look.c finds out and erase_write.c goes by. Only for these two.
 */
#ifndef BUNDLE_ERASE_PARTS_H
#define BUNDLE_ERASE_PARTS_H

#include "base/map.h"
#include "bundle/erase.h"
#include "bundle/lines.h"
#include "bundle/rows.h"

struct erase {
	struct erase_plan plan;
	const struct bundle *b;
	struct erase_counts counts;
	struct needles_look *look;   /* of plan.needles, */
	struct needles_look *pieces; /* and of plan.pieces; the caller's thread's */

	bool *blob;         /* of each entry: it is bytes that are erased */
	uint64_t *findings; /* a bit for each finding, from 1 */
	uint64_t *hit;      /* a bit for each response, from 1: it has recipients that are erased */

	/* while it looks */
	struct map *batches;
	struct map *gone; /* erased pieces: path, LF, number in the input; a whole file: path */
	struct rows rows; /* of the response `rows_of`; 0: of none */
	uint64_t rows_of;
	struct buf key;
};

static inline bool erase_bit(const uint64_t *bits, uint64_t n)
{
	return (bits[n / 64] >> n % 64 & 1) != 0;
}

#endif
