/*
 * cells.h: rows of CSV (RFC 4180): commas, lines that end with CR LF, and quotation marks around
 * cells that need them. What callroll(1) says of cells is done here:
 *
 * - A string is its UTF-8 text; the empty one stands as "", and null and what is absent as nothing.
 *   Every other value is its JSON text.
 * - CSV readers do not take NUL. A text with a NUL stands as a JSON string, and so does one that
 *   would be mistaken for that: a cell is a JSON string if it begins and ends with a quotation mark
 *   and \u0000 is in it.
 */
#ifndef JSON_CELLS_H
#define JSON_CELLS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"
#include "json/iso.h"

struct cells {
	struct buf out;
	bool spreadsheet; /* an apostrophe before texts that a spreadsheet would take for more than
			   * text: that begin with = + - @ or a tab, CR or LF */
	bool people;      /* for a terminal: control characters are escaped, lines end with LF */
	bool begun;       /* the row has a cell */
	struct iso iso;
	struct buf plain, json; /* scratch */
};

void cells_free(struct cells *c);
/* Whether memory was missing. */
bool cells_failed(const struct cells *c);

void cells_text(struct cells *c, struct slice text);
/* A value in the normal form; empty: none. */
void cells_value(struct cells *c, struct slice value);
/* Unix seconds as ISO 8601; nothing for what is no such time, or outside of the years 0 to 9999. */
void cells_time(struct cells *c, struct slice value);
/* Cells made by another struct, at least one. */
void cells_made(struct cells *c, struct slice cells);
void cells_end_row(struct cells *c);

#endif
