/*
 * object.h: the members of a node, from its parts.
 */
#ifndef MODEL_OBJECT_H
#define MODEL_OBJECT_H

#include "model/merge.h"

/* Fills in the node's members, lookup, additional, open and closed. 0 or -1. */
int object_merge(const struct merge_context *m, const struct part *parts, size_t count,
		 struct node *out);

#endif
