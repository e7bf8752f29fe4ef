/*
 * erase.h: a bundle without some persons, frame by frame.
 *
 * Lines of theirs become tombstones (tombstone.h), and so do findings about them; other lines lose
 * the strings that name them; what was kept byte for byte and names them becomes a short text. All
 * else is copied: a frame in which nothing changes keeps its bytes. The index is made anew from the
 * lines that there are then.
 *
 * Memory: some bits for each line, a bool for each entry, and the writer's.
 */
#ifndef BUNDLE_ERASE_H
#define BUNDLE_ERASE_H

#include "base/error.h"
#include "bundle/bundle.h"
#include "bundle/erased.h"
#include "bundle/lookup.h"
#include "bundle/needles.h"
#include "bundle/persons.h"
#include "bundle/writer.h"

struct erase_plan {
	const struct bundle *bundle;
	struct lookup *lookup;         /* of the bundle */
	const struct persons *persons; /* found */
	const struct needles *needles; /* ready: what they are known by */
	const struct needles *pieces;  /* ready: the same, and what else is looked for in what was
					* kept byte for byte */
	needles_found *found;          /* told of each of `pieces` that was met in those */
	void *arg;
	unsigned threads;
};

struct erase_counts {
	struct erased erased; /* for callroll.json */
	uint64_t batches;
	uint64_t originals;   /* of erased.set_aside: how many are originals */
	uint64_t partly;      /* pieces that could not be searched through */
	uint64_t others;      /* lines that lost strings */
	uint64_t ids;         /* lines of batches whose id holds a needle, which stays */
};

struct erase;

/* The plan must outlive it. NULL: no memory. */
struct erase *erase_new(const struct erase_plan *plan, struct error *e);
void erase_free(struct erase *x); /* NULL is fine */
/* First: what is to be erased; nothing is written. ERROR_USAGE: the bundle was written by a later
 * callroll and may hold what this one does not know. 0 or -1. */
int erase_look(struct erase *x, struct error *e);
/* Then: writes all entries but the first three. `progress` is told of bytes; may be NULL. After -1
 * the writer is to be abandoned. */
int erase_write(struct erase *x, struct writer *w, void (*progress)(void *arg, uint64_t bytes),
		void *progress_arg, struct error *e);
/* After erase_look all but `others`, which erase_write counts. */
const struct erase_counts *erase_counts(const struct erase *x);

#endif
