/*
 * veil.h: --redact: the key that the command line names, and what is made with it.
 */
#ifndef COMMANDS_VEIL_H
#define COMMANDS_VEIL_H

#include "commands/options.h"
#include "model/redact.h"

/* Replaces *key with the key; empty: there is no --redact. A key file that others may read is said
 * on standard error. 0 or -1. */
int veil_key(const struct options *o, struct buf *key, struct error *e);
/* Forgets a key. */
void veil_forget(struct buf *key);

/* *out: NULL if there is no --redact. 0 or -1. */
int veil_open(const struct options *o, struct redact **out, struct error *e);

/* With --redact: is the value that is to be looked up a pseudonym? 0; -1: it is, ERROR_USAGE. */
int veil_value(const struct options *o, struct slice value, struct error *e);

#endif
