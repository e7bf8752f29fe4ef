/*
 * literal.c: JSON values of a model document as text in the normal form.
 * What is written compares, by number_compare or byte by byte, as the value does.
 * Must never be given an object or array to write.
 */
#include "model/literal.h"

#include <stdio.h>
#include <stdlib.h>

#include "json/write.h"
#include "model/node.h"

/* Beyond 2^53 every double is an integer. */
static bool is_integral(double d)
{
	return d >= 0x1p53 || d <= -0x1p53 || (double)(long long)d == d;
}

uint8_t literal_type(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_NULL:
		return TYPE_NULL;
	case JSON_TRUE:
	case JSON_FALSE:
		return TYPE_BOOLEAN;
	case JSON_INTEGER:
		return TYPE_INTEGER;
	case JSON_REAL:
		return is_integral(json_real_value(v)) ? TYPE_INTEGER : TYPE_FRACTION;
	case JSON_STRING:
		return TYPE_STRING;
	case JSON_ARRAY:
		return TYPE_ARRAY;
	case JSON_OBJECT:
		return TYPE_OBJECT;
	}
	return 0;
}

static void write_real(double value, struct buf *out)
{
	char text[40];
	int precision = 15;

	do {
		snprintf(text, sizeof(text), "%.*g", precision, value);
	} while (strtod(text, NULL) != value && ++precision <= 17);
	/* The locale may have put a comma where JSON has a point. */
	for (char *p = text; *p != '\0'; p++)
		if (*p == ',')
			*p = '.';
	buf_string(out, strcmp(text, "-0") == 0 ? "0" : text);
}

void literal_text(const json_t *v, struct buf *out)
{
	switch (json_typeof(v)) {
	case JSON_TRUE:
		buf_string(out, "true");
		break;
	case JSON_FALSE:
		buf_string(out, "false");
		break;
	case JSON_INTEGER:
		buf_int(out, json_integer_value(v));
		break;
	case JSON_REAL:
		write_real(json_real_value(v), out);
		break;
	case JSON_STRING:
		json_write_string(out, slice_of(json_string_value(v), json_string_length(v)));
		break;
	default:
		buf_string(out, "null");
		break;
	}
}
