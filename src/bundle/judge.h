/*
 * judge.h: the part of verify that takes the entries in order: are they what the manifest
 * says, and their headers what they must be?
 */
#ifndef BUNDLE_JUDGE_H
#define BUNDLE_JUDGE_H

#include "bundle/damage.h"
#include "bundle/span.h"

struct judge;

/* For a bundle that was opened whole. NULL: no memory. */
struct judge *judge_new(const struct bundle *b, struct damage *damage);
void judge_free(struct judge *j);

/* The next entry, which was read. 0, or -1: ERROR_MEMORY. */
int judge_entry(struct judge *j, const struct span *s, struct error *e);
/* After all entries: the trailer's frame. 0, or -1: ERROR_IO or ERROR_MEMORY. */
int judge_end(struct judge *j, struct error *e);

#endif
