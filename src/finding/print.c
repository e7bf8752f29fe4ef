/*
 * print.c: the table of formats.
 * The first row is the default.
 * Must never print: formats append to a buffer.
 */
#include "finding/format.h"

static const struct finding_format formats[] = {
	{"text", "one finding a line, as compilers print them", text_print},
	{"ndjson", "one JSON object a line", ndjson_print},
	{NULL, NULL, NULL},
};

const struct finding_format *finding_formats(void)
{
	return formats;
}

const struct finding_format *finding_format(struct slice name)
{
	for (const struct finding_format *f = formats; f->name != NULL; f++) {
		if (slice_equal(name, slice_string(f->name)))
			return f;
	}
	return NULL;
}
