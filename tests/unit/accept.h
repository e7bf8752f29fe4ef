/*
 * accept.h: a plain reading of a model's tables, to see in tests what they accept.
 */
#ifndef TESTS_ACCEPT_H
#define TESTS_ACCEPT_H

#include <jansson.h>

#include "model/model.h"

/* The tables let the value be, whatever the severities. */
bool accept_node(const struct node *node, const json_t *v);
/* The same for a model and a JSON text. */
bool accept_text(const struct model *m, const char *value);

/* Compiles what must compile. */
struct model *accept_compile(const char *text, const char *pointer);

#endif
