/*
 * merge.h: parts that all hold, as one node.
 */
#ifndef MODEL_MERGE_H
#define MODEL_MERGE_H

#include "model/part.h"

struct merge_context {
	/* The node for several schemas that all hold (see compile.c), which is filled in later;
	 * it may reorder them. count 0: a node that accepts anything. NULL: e was filled. */
	struct node *(*node_of)(void *arg, struct schema *schemas, size_t count);
	void *arg;
	struct document *d;
	struct arena *keep; /* where what the node points to lies */
	struct error *e;
};

/* Fills in the node. 0 or -1. */
int merge_parts(const struct merge_context *m, const struct part *parts, size_t count,
		struct node *out);

#endif
