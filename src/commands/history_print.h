/*
 * history_print.h: the events of a timeline, for people and for programs.
 */
#ifndef COMMANDS_HISTORY_PRINT_H
#define COMMANDS_HISTORY_PRINT_H

#include "bundle/timeline.h"
#include "commands/bundles.h"

/* A table with a row for each event. 0 or -1. */
int history_print_text(const struct timeline *t, const struct bundle_paths *paths,
		       struct error *e);
/* A line for each event. */
int history_print_ndjson(const struct timeline *t, const struct bundle_paths *paths,
			 struct error *e);

/* "4 states in 214 captures; longest gap ..." on standard error, unless quiet. */
void history_print_summary(const struct options *o, const struct timeline *t);

#endif
