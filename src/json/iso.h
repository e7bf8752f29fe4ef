/*
 * iso.h: Unix seconds as ISO 8601, many of which are of the same day.
 */
#ifndef JSON_ISO_H
#define JSON_ISO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* Zeroed, it knows no day. */
struct iso {
	bool known;
	int64_t day;
	char date[11]; /* 2026-05-04T */
};

/* Appends 2026-05-04T16:22:10Z of a value in the normal form. false: it is no integer, or outside
 * of the years 0000 to 9999; nothing is appended. */
bool iso_put(struct iso *i, struct slice value, struct buf *out);

#endif
