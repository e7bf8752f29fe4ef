/*
 * types.c: the names of JSON types.
 * "number" stands for both of its bits.
 * Must never be asked about values; literal.c knows the type of one.
 */
#include "model/types.h"

#include <stdio.h>
#include <string.h>

#include "model/node.h"

static const struct {
	const char *name;
	uint8_t bits;
} types[] = {
	{"null", TYPE_NULL},       {"boolean", TYPE_BOOLEAN}, {"number", TYPE_NUMBER},
	{"integer", TYPE_INTEGER}, {"string", TYPE_STRING},   {"array", TYPE_ARRAY},
	{"object", TYPE_OBJECT},
};

uint8_t types_parse(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].name, name) == 0)
			return types[i].bits;
	return 0;
}

void types_text(uint8_t set, char text[TYPES_TEXT])
{
	size_t len = 0;

	text[0] = '\0';
	/* A number without integers has no name of its own. */
	if (set & TYPE_FRACTION)
		set |= TYPE_INTEGER;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if ((set & types[i].bits) != types[i].bits)
			continue;
		set &= (uint8_t)~types[i].bits;
		len += (size_t)snprintf(text + len, TYPES_TEXT - len, "%s%s",
					len == 0   ? ""
					: set == 0 ? " and "
						   : ", ",
					types[i].name);
	}
}
