/*
 * drift_inside.h: what drift.c and drift_patch.c share.
 */
#ifndef AUDIT_DRIFT_INSIDE_H
#define AUDIT_DRIFT_INSIDE_H

#include "audit/drift.h"
#include "audit/stray.h"
#include "base/map.h"
#include "model/arena.h"

struct drift {
	const struct model *model;
	struct arena arena; /* texts of items, which are bounded */
	struct map *names;  /* what makes an item one -> its number */
	struct drift_item *item;
	struct slice *path;  /* of each: the way to it (widen.h) */
	uint64_t *seen_in;   /* of each: the capture (from 1) that was the last to hold it */
	uint64_t *last_line; /* of each: the line that was the last to hold it */
	size_t cap, path_cap, seen_cap, line_cap;
	uint32_t *order; /* items, as drift_finish puts them */
	uint64_t captures, lines, dropped;
	bool inexact;
	struct redact *redact; /* NULL: values are kept unless the model calls them personal */
	struct stray_walk *walk;
	struct buf key, text, name;
};

#endif
