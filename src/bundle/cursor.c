/*
 * cursor.c: goes through the lines of one kind in a bundle, one frame in memory at a time.
 * Every frame must hold the number of lines that the frame list says, each ended by LF.
 * It must never hand out a line of a frame that was not checked whole.
 */
#include <stdlib.h>

#include "bundle/inside.h"

struct line_cursor {
	const struct bundle *b;
	enum line_kind kind;
	struct decoder *decoder;
	struct buf content; /* of the frame `loaded` */
	uint32_t loaded;    /* among the frames of its kind; UINT32_MAX: none */
	size_t at;          /* of the next line in content */
	uint64_t next;      /* number of the next line */
};

struct line_cursor *bundle_cursor(const struct bundle *b, enum line_kind kind, struct error *e)
{
	struct line_cursor *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		error_memory(e);
		return NULL;
	}
	c->b = b;
	c->kind = kind;
	c->loaded = UINT32_MAX;
	c->next = 1;
	c->decoder = decoder_new();
	if (c->decoder == NULL) {
		error_memory(e);
		cursor_free(c);
		return NULL;
	}
	return c;
}

void cursor_free(struct line_cursor *c)
{
	if (c == NULL)
		return;
	decoder_free(c->decoder);
	buf_free(&c->content);
	free(c);
}

static const struct frame_record *record(const struct line_cursor *c, uint32_t i)
{
	return &c->b->frames[c->b->line_frames[c->kind][i]];
}

/* Which frame of the kind holds the line; there is one. */
static uint32_t find_frame(const struct line_cursor *c, uint64_t number)
{
	uint32_t low = 0, high = c->b->line_frame_count[c->kind]; /* in [low, high) */

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (record(c, middle)->first <= number)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static int check_lines(const struct line_cursor *c, uint32_t i, struct error *e)
{
	const char *at = c->content.data, *end = at + c->content.len;
	uint32_t lines = 0;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		lines++;
		at++;
	}
	if (at == end && lines == record(c, i)->lines)
		return 0;
	return error_set(e, ERROR_BUNDLE, "%s: frame %lu does not hold the lines that it should",
			 c->b->path, (unsigned long)c->b->line_frames[c->kind][i]);
}

/* Makes frame i the one in memory and goes to its first line. */
static int load(struct line_cursor *c, uint32_t i, struct error *e)
{
	if (c->loaded != i) {
		c->loaded = UINT32_MAX;
		if (bundle_read_frame(c->b, c->b->line_frames[c->kind][i], c->decoder, &c->content,
				      e) != 0 ||
		    check_lines(c, i, e) != 0)
			return -1;
		c->loaded = i;
	}
	c->at = 0;
	c->next = record(c, i)->first;
	return 0;
}

/* The line at c->at; it is there and ends with LF. */
static struct slice take_line(struct line_cursor *c)
{
	const char *begin = c->content.data + c->at;
	const char *lf = memchr(begin, '\n', c->content.len - c->at);
	size_t len = (size_t)(lf - begin);

	c->at += len + 1;
	c->next++;
	return slice_of(begin, len);
}

int cursor_seek(struct line_cursor *c, uint64_t number, struct error *e)
{
	uint64_t count = c->b->trailer.lines[c->kind];

	if (number == 0 || number > count)
		return error_set(e, ERROR_BUNDLE, "%s: there is no line %llu of %s; it has %llu",
				 c->b->path, (unsigned long long)number, layout_lines[c->kind],
				 (unsigned long long)count);
	uint32_t i = find_frame(c, number);
	if ((c->loaded != i || c->next > number) && load(c, i, e) != 0)
		return -1;
	while (c->next < number)
		take_line(c);
	return 0;
}

int cursor_next(struct line_cursor *c, struct slice *line, struct error *e)
{
	if (c->next > c->b->trailer.lines[c->kind])
		return 0;
	if ((c->loaded == UINT32_MAX || c->at == c->content.len) && cursor_seek(c, c->next, e) != 0)
		return -1;
	*line = take_line(c);
	return 1;
}
