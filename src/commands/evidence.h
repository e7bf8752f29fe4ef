/*
 * evidence.h: what an audit reads: bundles, folders of bundles, and captures, which are archived
 * into a temporary bundle first, so that everything after it reads bundles.
 */
#ifndef COMMANDS_EVIDENCE_H
#define COMMANDS_EVIDENCE_H

#include "bundle/captures.h"
#include "commands/shelf.h"

struct evidence {
	struct bundle_paths paths; /* in the order of the command line; the temporary one last */
	struct shelf *shelf;       /* of these; bundles have the same numbers in `captures` */
	struct captures *captures; /* of all of them, sorted */
	size_t bundles;            /* that were given */
	uint64_t set_aside;        /* pieces, and inputs, that could not be read as responses */
	uint64_t unreadable;       /* inputs */
	struct map *complaints;    /* what was said of them, the first ones */
	enum status status;        /* what could not be read; said on standard error */
	int temporary;             /* descriptor of the temporary bundle, or -1 */
};

/* 0; -1: nothing can be done. evidence_close in both cases. */
int evidence_open(struct evidence *v, const struct options *o, char **args, int count,
		  struct error *e);
void evidence_close(struct evidence *v);

/* A bundle's path for people; empty: it holds the captures that were given. */
struct slice evidence_name(const struct evidence *v, size_t n);
/* The worst of what could not be read, until now. */
enum status evidence_status(struct evidence *v);

#endif
