/*
 * window.c: the window over a source: a buffer, WINDOW_PAD zero bytes behind its last byte, line
 * numbers carried along as bytes are dropped. It grows to hold what its user has not taken, and no
 * further. There are two buffers in turn, because other threads may still hash what was in the one
 * before. It must never write to a buffer that is not settled.
 */
#include "input/window.h"

#include <stdlib.h>

#include "base/limits.h"
#include "json/scan.h"

/* What is read goes to the beginning of a page: the kernel copies there several times as fast as to
 * any other place, so what was left before is moved up to it. */
#define PAGE ((size_t)4096)

/* What a buffer has room for, unless a unit needs more. */
#define ROOM (2 * WINDOW_READ + 2 * PAGE)

struct buffer {
	char *data;
	size_t cap; /* 0: there is none */
};

struct input_window {
	struct window w;
	struct source *source;
	struct buffer buffer; /* w.data lies in it */
	struct buffer other;
	size_t read; /* bytes to read at a time, at least */
	struct input_place place;
};

struct input_window *window_new(void)
{
	struct input_window *in = calloc(1, sizeof(*in));

	if (in == NULL)
		return NULL;
	in->read = WINDOW_READ;
	in->buffer.data = aligned_alloc(PAGE, ROOM);
	if (in->buffer.data == NULL) {
		free(in);
		return NULL;
	}
	in->buffer.cap = ROOM;
	in->w.data = in->buffer.data;
	return in;
}

void window_free(struct input_window *in)
{
	if (in == NULL)
		return;
	free(in->buffer.data);
	free(in->other.data);
	free(in);
}

static void settle(struct input_window *in, const struct buffer *b)
{
	source_settle(in->source, b->data, b->cap);
}

void window_settle(struct input_window *in)
{
	settle(in, &in->buffer);
}

static void place_at(struct input_window *in, uint64_t offset, uint64_t line, uint64_t line_start)
{
	struct window *w = &in->w;

	settle(in, &in->buffer);
	w->data = in->buffer.data;
	w->len = 0;
	w->at = 0;
	w->offset = offset;
	w->line = line;
	w->line_start = line_start;
	w->last = false;
	memset(in->buffer.data, 0, WINDOW_PAD);
}

void window_start(struct input_window *in, struct source *s)
{
	in->source = s;
	place_at(in, 0, 1, 0);
}

void window_set_read(struct input_window *in, size_t bytes)
{
	in->read = bytes;
}

struct window *window_view(struct input_window *in)
{
	return &in->w;
}

uint64_t window_offset(const struct input_window *in)
{
	return in->w.offset + in->w.at;
}

const struct input_place *window_place(struct input_window *in)
{
	struct window *w = &in->w;
	const char *start = NULL;

	in->place.offset = w->offset + w->at;
	in->place.line = w->line + scan_lines(w->data, w->data + w->at, &start);
	in->place.line_start =
		start == NULL ? w->line_start : w->offset + (uint64_t)(start - w->data);
	return &in->place;
}

/* Where w.data must stand for the bytes behind the `len` ones at hand to begin a page. */
static size_t lead(size_t len)
{
	return -len & (PAGE - 1);
}

/* Makes the other buffer one of at least `need` bytes that may be written. */
static int prepare_other(struct input_window *in, size_t need, struct error *e)
{
	struct buffer *b = &in->other;

	settle(in, b);
	if (need <= b->cap)
		return 0;
	free(b->data);
	b->cap = need <= ROOM ? ROOM : (need + PAGE - 1) & ~(PAGE - 1);
	b->data = aligned_alloc(PAGE, b->cap);
	if (b->data != NULL)
		return 0;
	b->cap = 0;
	return error_memory(e);
}

/* Drops the bytes before .at; the others go to a buffer that has room for `more` behind them. */
static int make_room(struct input_window *in, size_t more, struct error *e)
{
	struct window *w = &in->w;
	struct input_place now = *window_place(in);
	size_t left = w->len - w->at;
	size_t need = lead(left) + left + more + WINDOW_PAD;
	struct buffer before = in->buffer;

	if (prepare_other(in, need, e) != 0)
		return -1;
	memcpy(in->other.data + lead(left), w->data + w->at, left);
	in->buffer = in->other;
	in->other = before;
	if (before.cap > ROOM) {
		settle(in, &before);
		free(before.data);
		in->other = (struct buffer){0};
	}
	w->data = in->buffer.data + lead(left);
	w->len = left;
	w->at = 0;
	w->offset = now.offset;
	w->line = now.line;
	w->line_start = now.line_start;
	return 0;
}

int window_more(struct input_window *in, struct error *e)
{
	struct window *w = &in->w;
	size_t want = w->len - w->at;
	ssize_t n;
	char *end;

	if (w->last)
		return 0;
	if (want < in->read)
		want = in->read;
	if (make_room(in, want, e) != 0)
		return -1;
	end = in->buffer.data + (w->data - in->buffer.data) + w->len;
	n = source_read(in->source, end, want, e);
	if (n < 0)
		return -1;
	w->last = n == 0;
	w->len += (size_t)n;
	memset(end + n, 0, WINDOW_PAD);
	return 0;
}

int window_want(struct input_window *in, size_t len, struct error *e)
{
	while (in->w.len - in->w.at < len && !in->w.last)
		if (window_more(in, e) != 0)
			return -1;
	return 0;
}

int window_skip_space(struct input_window *in, struct error *e)
{
	struct window *w = &in->w;

	for (;;) {
		w->at = (size_t)(scan_space(w->data + w->at) - w->data);
		if (w->at < w->len)
			return 1;
		w->at = w->len;
		if (w->last)
			return 0;
		if (window_more(in, e) != 0)
			return -1;
	}
}

int window_next_line(struct input_window *in, struct slice *line, struct error *e)
{
	struct window *w = &in->w;

	for (;;) {
		const char *p = memchr(w->data + w->at, '\n', w->len - w->at);

		if (p != NULL) {
			w->at = (size_t)(p + 1 - w->data);
			break;
		}
		w->at = w->len;
		if (w->last)
			return 0;
		if (window_more(in, e) != 0)
			return -1;
	}
	if (window_want(in, 8, e) != 0)
		return -1;
	*line = slice_of(w->data + w->at, w->len - w->at);
	return w->at < w->len ? 1 : 0;
}

int window_return(struct input_window *in, const struct input_place *place, struct error *e)
{
	struct window *w = &in->w;

	if (place->offset >= w->offset && place->offset <= w->offset + w->len) {
		w->at = (size_t)(place->offset - w->offset);
		return 0;
	}
	if (source_seek(in->source, place->offset, e) != 0)
		return -1;
	place_at(in, place->offset, place->line, place->line_start);
	return 0;
}
