/*
 * cursor.c: goes through the lines of one kind in a bundle, one frame in memory at a time.
 * It stands before a line, or behind the last one.
 * It must never move when it cannot read.
 */
#include <stdlib.h>

#include "bundle/lines.h"

struct line_cursor {
	struct lines *lines;
	uint64_t next;  /* number of the next line */
	uint64_t count; /* of lines */
};

struct line_cursor *bundle_cursor(const struct bundle *b, enum line_kind kind, struct error *e)
{
	struct line_cursor *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		error_memory(e);
		return NULL;
	}
	c->next = 1;
	c->count = bundle_lines(b, kind);
	c->lines = lines_open(b, kind, e);
	if (c->lines == NULL) {
		cursor_free(c);
		return NULL;
	}
	lines_keep(c->lines, 0);
	return c;
}

void cursor_free(struct line_cursor *c)
{
	if (c == NULL)
		return;
	lines_close(c->lines);
	free(c);
}

int cursor_seek(struct line_cursor *c, uint64_t number, struct error *e)
{
	struct slice line;

	if (lines_get(c->lines, number, &line, e) != 0)
		return -1;
	c->next = number;
	return 0;
}

int cursor_next(struct line_cursor *c, struct slice *line, struct error *e)
{
	if (c->next > c->count)
		return 0;
	if (lines_get(c->lines, c->next, line, e) != 0)
		return -1;
	c->next++;
	return 1;
}
