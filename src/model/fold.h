/*
 * fold.h: a set of schemas, all of which a value must satisfy, as a flat list of parts: $ref,
 * allOf, anyOf and oneOf are followed until only assertions on the value itself are left. What lies
 * in its members and elements is not looked into, so recursive schemas end here.
 */
#ifndef MODEL_FOLD_H
#define MODEL_FOLD_H

#include "model/part.h"

/* How deep $ref, allOf, anyOf and oneOf may lead into each other without a container between. */
#define FOLD_DEPTH 200
/* Parts of one schema; and of a whole model: beyond, it is one made to be expensive. */
#define FOLD_PARTS 4096
#define FOLD_WORK 1000000

struct fold {
	struct document *d;
	struct error *e;
	struct part *parts; /* outer schemas before those they refer to */
	size_t n, cap;
	size_t work;
	const json_t *active[FOLD_DEPTH]; /* the schemas being followed */
	unsigned depth;
};

/* Adds the parts of one schema. 0 or -1. */
int fold_add(struct fold *f, const struct schema *s);

/* The list is empty again. */
void fold_clear(struct fold *f);
void fold_free(struct fold *f);

#endif
