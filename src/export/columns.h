/*
 * columns.h: the columns that every row of an export has, in CSV and NDJSON the same: those of the
 * batch, then those of the recipient. Dynamic variables follow.
 */
#ifndef EXPORT_COLUMNS_H
#define EXPORT_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "export/fields.h"

struct column_of {
	const char *name;
	bool iso; /* the value is Unix seconds, and stands as ISO 8601 */
};

/* Before COLUMNS_BATCH they are the batch's. */
#define COLUMNS_BATCH 7
#define COLUMNS 17
extern const struct column_of columns_of[COLUMNS];

/* Their values, in order. */
void columns_batch(const struct head *h, struct slice out[COLUMNS_BATCH]);
void columns_person(const struct person *p, const struct client *c,
		    struct slice out[COLUMNS - COLUMNS_BATCH]);

/* What stands before the name of a dynamic variable, so that it is like no other column: the same
 * as in the conditions of find. */
#define COLUMNS_VARIABLE "dynamic_variables."

#endif
