/*
 * spill.h: sorted runs of index entries in an unnamed temporary file, merged; the lower half of
 * sorter.h.
 */
#ifndef BUNDLE_SPILL_H
#define BUNDLE_SPILL_H

#include "bundle/sorter.h"

/* Runs that are merged into a longer one as soon as there are so many. */
#define SPILL_FAN 1024
/* Memory for what is read ahead of all runs together. */
#define SPILL_MEMORY (8 * MIB)

struct spill;

/* `folder`: for the temporary file; NULL: the usual place. NULL: *e says why. */
struct spill *spill_new(const char *folder, struct error *e);
void spill_free(struct spill *s); /* NULL is fine */

/* Lays down a run: `count` entries, at least one, in order, each once. 0 or -1. */
int spill_run(struct spill *s, const struct sorter_entry *entries, size_t count, struct error *e);

/* After the last run: the entries of all in order, equal ones once. 1; 0: no more; -1. */
int spill_next(struct spill *s, struct sorter_entry *entry, struct error *e);

#endif
