/*
 * table.h: a table for people: columns as wide as what is in them, and no wider than the terminal.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>

#include "base/buf.h"

struct table;

/*
 * A column, and what becomes of it where the table is too wide: first the columns with the lowest
 * `drop` are left out (one order after the other); if that of the first order is not enough, those
 * with a `line` go to lines of their own, and the others stay. Then what shrinks is cut, first to
 * `least`, then further. A number is never cut.
 */
enum table_line { TABLE_ABOVE = -1, TABLE_ROW, TABLE_BELOW };

struct column {
	const char *head;
	bool right;           /* numbers */
	bool shrinks;         /* may be cut to fit the terminal */
	bool middle;          /* is cut in its middle: ids, paths */
	bool optional;        /* left out when every cell is empty or 0 */
	unsigned least;       /* 0: four more than its head has */
	unsigned drop;        /* 1: the first one left out; 0: it never is */
	enum table_line line; /* where it stands when there is no room for it in the row */
};

/* `columns` must outlive it; at most 64. NULL: no memory. */
struct table *table_new(const struct column *columns, size_t count);
void table_free(struct table *t); /* NULL is fine */
/* Adds the next cell, row by row; made safe for terminals here. */
void table_cell(struct table *t, struct slice text);
void table_number(struct table *t, uint64_t n); /* 1,234 */
/* Appends the table, with its heads. `width`: columns of the terminal, 0: any. Cells that stand
 * under each other begin, or end, in the same column of the terminal. */
void table_print(const struct table *t, unsigned width, struct buf *out);

/* How it is printed at a width. */
struct table_fit {
	size_t wide;       /* its widest line; 0 also if there is no memory */
	uint64_t left_out; /* for want of room: 1 << the column's number */
	bool lines;        /* columns with a line of their own stand there */
};
struct table_fit table_fit(const struct table *t, unsigned width);
size_t table_rows(const struct table *t);
bool table_failed(const struct table *t);

#endif
