/*
 * changes.h: how many recipients of each response changed from the capture of the same batch that
 * is before it in the bundle, for who reads all response lines in order. One bundle, one thread.
 */
#ifndef BUNDLE_CHANGES_H
#define BUNDLE_CHANGES_H

#include "bundle/bundle.h"

struct changes;

/* `b` must outlive it. */
struct changes *changes_new(const struct bundle *b, struct error *e);
void changes_free(struct changes *c); /* NULL is fine */

/*
 * `line` is the next response line, beginning with the first. *count: how many of its recipients
 * are new or different (compare.h: changed and added); all if it is the batch's first in the
 * bundle. Usually _rows alone tell that; where they do not, recipient lines are read. A batch too
 * large for the writer's memory (states.h) may count recipients as different whose states were
 * stored again.
 */
int changes_next(struct changes *c, struct slice line, uint64_t *count, struct error *e);

#endif
