/*
 * intake.h: what validate and archive have in common: counting what inputs turned out to be, and
 * the closing summary.
 */
#ifndef COMMANDS_INTAKE_H
#define COMMANDS_INTAKE_H

#include "commands/terminal.h"
#include "finding/tally.h"
#include "input/reader.h"
#include "input/walk.h"

/* How many inputs, bytes and responses there were, and of which kind. */
struct intake {
	uint64_t inputs;
	uint64_t bytes;      /* decompressed */
	uint64_t clean;      /* responses without warnings and errors */
	uint64_t warnings;   /* responses with warnings, and none with errors */
	uint64_t errors;     /* responses with errors */
	uint64_t not_batches;
	uint64_t unreadable; /* inputs */
	uint64_t skipped;    /* members of containers that are no captures */
};

void intake_add(struct intake *a, const struct intake *b);
/* Counts one response. Returns true if it has errors. */
bool intake_response(struct intake *a, const struct reader_result *result,
		     const struct findings *f);

/* The value of the batch's id as far as it is known, unescaped, in *out; empty: not known. */
struct slice intake_batch_id(const struct model *m, const struct check *c, struct buf *out);

/* The bytes of all inputs, for the time left. Only worth it when somebody is watching. */
uint64_t intake_total(char **args, int count, const struct options *o);

/* "4 files, 1.2 MB, 0.1 s: 3 clean, 1 with errors" and what was passed over. */
void intake_summary(const struct options *o, const struct intake *a, const struct walk_counts *w,
		    double seconds, bool names_hint);
/* The groups of findings over the whole run. */
void intake_groups(const struct options *o, const struct tally *t);

double intake_now(void); /* seconds of a clock that only goes forward */

#endif
