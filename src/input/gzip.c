/*
 * gzip.c: a gzip file's bytes, by zlib.
 * Between two calls the stream stands inside a member, or (between) before the next one or the end.
 * It must never give the last byte of a damaged member without the error after it.
 */
#include "input/gzip.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/limits.h"

#define GZIP_INPUT (64 * KIB)
/* The largest window, and gzip's header and trailer (zlib.h, inflateInit2). */
#define GZIP_WINDOW (15 + 16)

struct gzip {
	struct feed *from;
	const char *name;
	z_stream z;
	bool between; /* before a member's first byte */
	bool any;     /* a member was read whole */
	bool ended;
	unsigned char input[GZIP_INPUT];
};

struct gzip *gzip_new(struct feed *from, const char *name, struct error *e)
{
	struct gzip *g = calloc(1, sizeof(*g));

	if (g == NULL || inflateInit2(&g->z, GZIP_WINDOW) != Z_OK) {
		free(g);
		error_memory(e);
		return NULL;
	}
	g->from = from;
	g->name = name;
	g->between = true;
	return g;
}

void gzip_free(struct gzip *g)
{
	if (g == NULL)
		return;
	inflateEnd(&g->z);
	free(g);
}

/* Gets more compressed bytes when there are none: 1, 0 at the end, -1. */
static int refill(struct gzip *g, struct error *e)
{
	ssize_t n;

	if (g->z.avail_in > 0)
		return 1;
	n = feed_read(g->from, g->input, sizeof(g->input), e);
	g->z.next_in = g->input;
	g->z.avail_in = n > 0 ? (uInt)n : 0;
	return n > 0 ? 1 : (int)n;
}

/* After a member: nothing but zeros up to the end of the file. 0 or -1. */
static int read_padding(struct gzip *g, struct error *e)
{
	int more;

	while ((more = refill(g, e)) == 1) {
		for (; g->z.avail_in > 0; g->z.avail_in--, g->z.next_in++)
			if (*g->z.next_in != 0)
				return error_set(e, ERROR_IO,
						 "%s: there is more after the end of "
						 "the gzip data",
						 g->name);
	}
	return more;
}

/* Before a member: 1 if one begins, 0 at the end, -1. */
static int begin(struct gzip *g, struct error *e)
{
	int more = refill(g, e);

	if (more <= 0)
		return more;
	if (g->any && *g->z.next_in != 0x1f)
		return read_padding(g, e);
	if (inflateReset(&g->z) != Z_OK)
		return error_set(e, ERROR_IO, "%s: zlib failed", g->name);
	g->between = false;
	return 1;
}

/* One call of inflate, with input there is. 0 or -1. */
static int step(struct gzip *g, struct error *e)
{
	switch (inflate(&g->z, Z_NO_FLUSH)) {
	case Z_OK:
	case Z_BUF_ERROR: /* it needs more input, or more room */
		return 0;
	case Z_STREAM_END:
		g->between = g->any = true;
		return 0;
	case Z_MEM_ERROR:
		return error_memory(e);
	default:
		return error_set(e, ERROR_IO, "%s: damaged gzip data (%s)", g->name,
				 g->z.msg != NULL ? g->z.msg : "no reason given");
	}
}

ssize_t gzip_read(struct gzip *g, void *data, size_t len, struct error *e)
{
	uInt room = len > UINT_MAX ? UINT_MAX : (uInt)len;
	int r = 1;

	if (g->ended)
		return 0;
	g->z.next_out = data;
	g->z.avail_out = room;
	while (g->z.avail_out == room) {
		r = g->between ? begin(g, e) : refill(g, e);
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		if (step(g, e) != 0)
			return -1;
	}
	if (r == 0 && !g->between)
		return error_set(e, ERROR_IO, "%s: the gzip data is cut off", g->name);
	g->ended = r == 0;
	return (ssize_t)(room - g->z.avail_out);
}
