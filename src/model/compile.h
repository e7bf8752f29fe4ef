/*
 * compile.h: a schema as nodes.
 */
#ifndef MODEL_COMPILE_H
#define MODEL_COMPILE_H

#include "model/document.h"
#include "model/node.h"

/* Nodes of one model; beyond, it is one made to be expensive. */
#define COMPILE_NODES 100000

/* The node of the picked schema; all of it lies in `keep`. NULL on failure. */
const struct node *compile_document(struct document *d, struct arena *keep, struct error *e);

#endif
