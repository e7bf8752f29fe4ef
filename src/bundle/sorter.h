/*
 * sorter.h: sorts any number of index entries in bounded memory.
 *
 * Runs of SORTER_RUN entries are sorted in memory and laid into an unnamed temporary file, 12 bytes
 * an entry, then merged. Few entries never leave the memory. It takes at most 9 MiB, and while more
 * than 1024 runs are brought together (268 million entries) 17 MiB, whatever is added.
 */
#ifndef BUNDLE_SORTER_H
#define BUNDLE_SORTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* What is in the index for one key in one frame. */
struct sorter_entry {
	uint64_t fingerprint;
	uint32_t frame;
};

struct sorter;
#define SORTER_RUN ((size_t)256 * 1024)
/* More are refused, with ERROR_LIMIT: the temporary file would have 12 TiB. */
#define SORTER_MOST ((uint64_t)1 << 40)

/*
 * `folder`: for the temporary file, copied; NULL: the usual place. `run`: entries that are sorted
 * in memory, at least 1; SORTER_RUN except in tests. NULL: no memory.
 */
struct sorter *sorter_new(const char *folder, size_t run);
void sorter_free(struct sorter *s); /* NULL is fine */

/*
 * 0 or -1; after a failure *s can only be freed. An entry equal to one that came shortly before is
 * left out at once, so that a key that stands in every line of a frame costs nothing.
 */
int sorter_add(struct sorter *s, struct sorter_entry entry, struct error *e);

/* How many were added and not left out at once. Depends on the entries and their order alone. Equal
 * ones that are joined later still count. */
uint64_t sorter_count(const struct sorter *s);

/* After the last sorter_add: gives the entries by fingerprint, then by frame, equal ones once.
 * 1; 0: no more; -1. */
int sorter_next(struct sorter *s, struct sorter_entry *entry, struct error *e);

#endif
