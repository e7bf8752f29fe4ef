/*
 * history_print.h: the events of a timeline, for people and for programs.
 */
#ifndef COMMANDS_HISTORY_PRINT_H
#define COMMANDS_HISTORY_PRINT_H

#include "bundle/timeline.h"
#include "commands/bundles.h"
#include "model/redact.h"

/* What is printed. */
struct history_view {
	const struct timeline *t;
	const struct bundle_paths *paths;
	/* NULL: no --redact. Else states as they are printed: of each its place in `text`. */
	struct redact *redact;
	struct buf text;
	size_t *at, *len;
	size_t at_cap, len_cap;
	size_t sights; /* whose states were made */
};

/* With --redact: makes the states that were added since the last call, which are of a bundle with
 * this model. 0 or -1. */
int history_print_veil(struct history_view *v, const struct model *model, struct error *e);
void history_print_free(struct history_view *v);

/* A table with a row for each event. 0 or -1. */
int history_print_text(const struct history_view *v, struct error *e);
/* A line for each event. */
int history_print_ndjson(const struct history_view *v, struct error *e);

/* "4 states in 214 captures; longest gap ..." on standard error, unless quiet. */
void history_print_summary(const struct options *o, const struct timeline *t);

#endif
