/*
 * collect.h: captures into the lines of a bundle that is being written: what archive and audit have
 * in common. One input after the other, because a response's number in the bundle depends on what
 * came before; compression is done by other threads meanwhile. Nothing of an input is lost: what is
 * no record is set aside.
 */
#ifndef COMMANDS_COLLECT_H
#define COMMANDS_COLLECT_H

#include "audit/within.h"
#include "base/map.h"
#include "bundle/archiver.h"
#include "commands/intake.h"
#include "input/ahead.h"

/* Sentences about inputs that cannot be read that are kept. */
#define COLLECT_COMPLAINTS_MOST 64

struct collect {
	/* The caller's; they must outlive it. */
	const struct options *o;
	const struct model *model;
	struct writer *writer;
	const char *folder; /* for temporary files; NULL: the usual one */
	struct progress *progress;
	struct ahead *ahead; /* the inputs come from it; NULL: from elsewhere */
	/* Shall an input be left out? 1, 0, or -1: nothing can be done any more. NULL: none is. */
	int (*leave_out)(void *arg, const struct walk_item *item, struct error *e);
	void *arg;
	struct map *complaints; /* gets what is said of inputs that cannot be read; NULL: nothing */

	/* What came of it. */
	struct intake intake;
	struct tally *tally;
	enum status status;  /* also of what was found in responses */
	enum status trouble; /* of inputs that could not be read alone */
	struct archiver *archiver;

	/* Its own. */
	struct findings *findings;
	struct reader *reader;
	struct within *within;
	struct buf id;
};

/* The caller's members are set, the others zero. 0 or -1; collect_free in both cases. */
int collect_open(struct collect *c, struct error *e);
void collect_free(struct collect *c);

/* Says on standard error that an input cannot be read, and counts it. Needs no collect_open. */
void collect_complain(struct collect *c, const struct error *e);
/* Reads one input. 0; -1: nothing can be written any more. */
int collect_input(struct collect *c, struct walk_item *item, struct error *e);
/* After the last one. 0 or -1: no memory. */
int collect_end(struct collect *c, struct error *e);

/* The bundle's first entry for captures read with these options: output_about and options_json. */
void collect_about(const struct options *o, const struct model *model, struct buf *out);

#endif
