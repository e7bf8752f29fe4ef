/*
 * literal.h: the values that a schema mentions: those of enum and const, and bounds.
 */
#ifndef MODEL_LITERAL_H
#define MODEL_LITERAL_H

#include <jansson.h>

#include "base/buf.h"

/* Its type as one of node.h's bits; 1.0 is an integer. */
uint8_t literal_type(const json_t *v);

/*
 * Appends null, a boolean, a number or a string in the normal form. A number with a fraction or an
 * exponent was read as a double by jansson; it is the shortest decimal that reads back as that.
 */
void literal_text(const json_t *v, struct buf *out);

#endif
