/*
 * table.h: a table for people: columns as wide as what is in them, and no wider than the terminal.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>

#include "base/buf.h"

struct table;

struct column {
	const char *head;
	bool right;   /* numbers */
	bool shrinks; /* may be cut to fit the terminal */
	bool optional; /* left out when every cell is empty or 0 */
};

/* `columns` must outlive it. NULL: no memory. */
struct table *table_new(const struct column *columns, size_t count);
void table_free(struct table *t); /* NULL is fine */
/* Adds the next cell, row by row; made safe for terminals here. */
void table_cell(struct table *t, struct slice text);
void table_number(struct table *t, uint64_t n); /* 1,234 */
/* Appends the table, with its heads. `width`: columns of the terminal, 0: any. */
void table_print(const struct table *t, unsigned width, struct buf *out);
/* How wide it is if it may be as wide as it likes; 0 also if there is no memory. */
size_t table_width(const struct table *t);
size_t table_rows(const struct table *t);
bool table_failed(const struct table *t);

#endif
