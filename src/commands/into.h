/*
 * into.h: archive --into: a folder of bundles, to which a run adds one of its own.
 */
#ifndef COMMANDS_INTO_H
#define COMMANDS_INTO_H

#include <stdbool.h>
#include <stdint.h>

#include "bundle/listed.h"
#include "bundle/writer.h"
#include "commands/bundles.h"
#include "commands/terminal.h"
#include "input/walk.h"

/* A bundle is trusted with an input only after all of it was found unaltered, once. */
enum trust { TRUST_UNKNOWN, TRUST_WHOLE, TRUST_DAMAGED };

/* Zeroed, it has no folder: everything is new. */
struct into {
	const char *folder;
	struct bundle_paths paths; /* of the bundles there */
	enum trust *trust;         /* of each */
	enum status *status;       /* worsened by those that are damaged */
	struct listed listed;
	size_t bundles;    /* whose sources were read */
	uint64_t left_out; /* inputs that they list */
	char day[11];      /* 2026-11-23, for the name */
	char *path;        /* of the bundle that was written */
};

/*
 * Reads the sources of all bundles in the folder, which must be there. A bundle that is damaged is
 * said on standard error; *status (which must outlive *in) is worsened, and what it alone lists
 * counts as new. Its frames are looked at when it is the first time the reason to leave an input
 * out.
 */
int into_open(struct into *in, const char *folder, enum status *status, struct error *e);
void into_free(struct into *in);

/* Is the input (a file that can be read again) listed? Then it is counted. 1, 0 or -1: the file
 * cannot be read. */
int into_lists(struct into *in, const struct walk_item *item, struct error *e);

/*
 * Ends the bundle and names it by the day and the start of its seal. 1: it is there, at
 * in->path; 0: it was there already, for another run wrote the same one meanwhile; -1. Frees *w
 * in every case.
 */
int into_close(struct into *in, struct writer *w, struct writer_totals *totals, struct error *e);

#endif
