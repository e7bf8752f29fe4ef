/*
 * print.h: findings as text and as NDJSON. A printer appends to a buffer; the commands write it.
 * A new format is a new file and one row in print.c.
 */
#ifndef FINDING_PRINT_H
#define FINDING_PRINT_H

#include "base/buf.h"
#include "finding/set.h"

/* The response that findings belong to. */
struct finding_source {
	struct slice path;     /* as recorded */
	uint64_t response;     /* ordinal in that path, from 1 */
	struct slice batch_id; /* the value, unescaped; empty: not known */
};

struct finding_format {
	const char *name; /* as in --format */
	const char *summary;
	/* Appends all findings of one response. */
	void (*print)(struct buf *out, const struct finding_source *source,
		      const struct findings *f, bool color);
};

/* By name; NULL: there is none. */
const struct finding_format *finding_format(struct slice name);
/* The table, ended by a row with a NULL name. */
const struct finding_format *finding_formats(void);

#endif
