/*
 * window.h: the window that slides over a source, and goes back.
 */
#ifndef INPUT_WINDOW_H
#define INPUT_WINDOW_H

#include "input/source.h"
#include "model/check.h"

/* A place to come back to. */
struct input_place {
	uint64_t offset;
	uint64_t line;
	uint64_t line_start;
};

struct input_window;

struct input_window *window_new(void); /* NULL: no memory */
void window_free(struct input_window *in);
/* How many bytes are read at a time: WINDOW_READ, unless a test wants to cut differently. */
void window_set_read(struct input_window *in, size_t bytes);
void window_start(struct input_window *in, struct source *s);

/* The bytes at hand, which must not be changed; the same struct until window_free. Whoever reads
 * moves .at. */
struct window *window_view(struct input_window *in);
/* From now on, until more is read, they may be changed, and must be changed back. */
void window_settle(struct input_window *in);
/* Where .at stands. The result is valid until the next call. */
const struct input_place *window_place(struct input_window *in);
uint64_t window_offset(const struct input_window *in);

/* Drops what was taken and adds bytes; doubles what is at hand, so that whoever reads a unit again
 * each time takes linear time. At the end of the source sets .last. 0 or -1. */
int window_more(struct input_window *in, struct error *e);
/* The same until `len` bytes are at hand, or the source ends. */
int window_want(struct input_window *in, size_t len, struct error *e);
/* To the next byte that is no white space. 1; 0: the source ends first; -1. */
int window_skip_space(struct input_window *in, struct error *e);
/* To the beginning of the next line; *line: its first bytes (at least 8, unless the source ends).
 * 1; 0: there is none, the window stands at the end; -1. */
int window_next_line(struct input_window *in, struct slice *line, struct error *e);
/* Back to an earlier place. 0 or -1. */
int window_return(struct input_window *in, const struct input_place *place, struct error *e);

#endif
