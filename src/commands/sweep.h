/*
 * sweep.h: reads the recipient lines of all bundles, each frame once, by several threads, for
 * conditions that the index cannot answer.
 */
#ifndef COMMANDS_SWEEP_H
#define COMMANDS_SWEEP_H

#include "bundle/captures.h"
#include "commands/latest.h"
#include "commands/shelf.h"
#include "commands/where.h"

struct sweep {
	struct shelf *shelf;
	const struct captures *captures; /* sorted; of all batches that are looked at */
	bool some;                       /* they are not all batches: only frames with their
					  * lines are read */
	const struct where *where;
	unsigned threads;
	/*
	 * Is called for each line that stands in the newest response of its batch and meets the
	 * conditions, in order of bundles and lines, by the caller's thread. Conditions on the
	 * response are left to it.
	 */
	latest_found *found;
	void *arg;
	/* Lines that meet the conditions, but are of recipients that no newest response has, are
	 * told to this one instead. */
	struct latest *gone;
	uint64_t bytes; /* what was read, decompressed */
};

/* What cannot be read is told to the shelf. 0, -1, or what `found` returns. */
int sweep_run(struct sweep *s, struct error *e);

#endif
