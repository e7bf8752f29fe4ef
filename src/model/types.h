/*
 * types.h: the names of JSON types in a schema.
 */
#ifndef MODEL_TYPES_H
#define MODEL_TYPES_H

#include <stdint.h>

/* "string" -> TYPE_STRING ...; 0: there is no such type. */
uint8_t types_parse(const char *name);

/* The names of a set of types, "null, integer and string", into text. */
#define TYPES_TEXT 80
void types_text(uint8_t types, char text[TYPES_TEXT]);

#endif
