/*
 * indexed.h: makes small bundles with an index of keys, for tests: by the writer, with the built-in
 * model, in frames of about 300 bytes.
 */
#ifndef TESTS_INDEXED_H
#define TESTS_INDEXED_H

#include "bundle/bundle.h"
#include "bundle/keyring.h"
#include "bundle/writer.h"

struct indexed {
	char folder[64], path[128];
	struct model *model;
	struct keyring rings[2]; /* LINES_RECIPIENTS, LINES_RESPONSES */
	struct writer *w;
	struct bundle *b;
};

void indexed_begin(struct indexed *x);
/* Adds a line, and what its keys are to the index. */
void indexed_line(struct indexed *x, enum line_kind kind, const char *line);
/* Ends the bundle and opens it. */
struct bundle *indexed_open(struct indexed *x);
/* Flips a bit in every page of the index, and opens the bundle again. */
struct bundle *indexed_damage(struct indexed *x);
void indexed_end(struct indexed *x);

#endif
