/*
 * once.h: whether a text was there in an earlier round, by fingerprints of 128 bits under a
 * secret key. Some 60 bytes of memory for each text, however long it is.
 */
#ifndef BUNDLE_ONCE_H
#define BUNDLE_ONCE_H

#include "base/error.h"
#include "base/slice.h"

struct once;

struct once *once_new(struct error *e);
void once_free(struct once *o); /* NULL is fine */

/* A new round begins. */
void once_round(struct once *o);
/* Notes the text. 1: an earlier round had it; 0: none had (this one may have); -1: no memory. */
int once_add(struct once *o, struct slice text, struct error *e);

#endif
