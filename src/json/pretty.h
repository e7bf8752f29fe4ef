/*
 * pretty.h: the normal form, indented for people. Values are copied as they stand; nothing is
 * parsed into numbers.
 */
#ifndef JSON_PRETTY_H
#define JSON_PRETTY_H

#include <stdbool.h>

#include "base/buf.h"

/* Where in a document a piece of it stands; {0} before the first. */
struct pretty {
	unsigned depth;
	bool in_string, escaped, opened;
};

/* Appends the next piece of a document in the normal form, two spaces for each level. Pieces may be
 * cut anywhere. */
void pretty_append(struct pretty *p, struct slice piece, struct buf *out);

#endif
