/*
 * values.h: the values that find looks for, and which of them it met.
 */
#ifndef COMMANDS_VALUES_H
#define COMMANDS_VALUES_H

#include "base/map.h"
#include "commands/terminal.h"
#include "model/redact.h"

/* Zeroed, it is empty. */
struct values {
	struct slice *list;
	bool *met;
	size_t count, cap, met_cap;
	struct buf text; /* of the file that they were read from */
	struct map *known;
};

/* Adds one, unless it is there already. `value` must outlive *v. 0 or -1: no memory. */
int values_add(struct values *v, struct slice value);
/* Adds the lines of a file that are not empty; "-": of standard input. 0 or -1. */
int values_read(struct values *v, const char *file, struct error *e);
void values_free(struct values *v);

void values_met(struct values *v, size_t which);
/* A line on standard error for each value that was not met, with --redact (else NULL) its
 * pseudonym. true: there was one. */
bool values_tell_missing(const struct values *v, struct redact *redact, const struct options *o);

#endif
