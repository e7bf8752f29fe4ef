/*
 * sqlite.h: an export as an SQLite database (schema.h). The only user of SQLite.
 */
#ifndef EXPORT_SQLITE_H
#define EXPORT_SQLITE_H

#include "export/roll.h"

/* Was callroll built with SQLite? If not, *e says so. */
bool sqlite_there(struct error *e);

struct sqlite_counts {
	uint64_t responses, states, recipients, findings;
};

/*
 * Fills the empty file at `path` in one transaction; `name` is what messages call it. It is not
 * synced: that is the caller's, who also removes it after a failure. Has all responses, states and
 * findings of the batches that are chosen, and the recipients that are. `progress` may be NULL; it
 * is told how many bytes of lines were read. 0 or -1.
 */
int sqlite_export(const struct roll *r, const char *path, const char *name,
		  void (*progress)(void *arg, uint64_t bytes), void *progress_arg,
		  struct sqlite_counts *counts, struct error *e);

#endif
