/*
 * gzip.h: a gzip file's bytes (RFC 1952), by zlib, with every member's length and CRC checked.
 * Not by libarchive, which (3.6.2) looks at neither and takes a cut file for a whole one.
 */
#ifndef INPUT_GZIP_H
#define INPUT_GZIP_H

#include <sys/types.h>

#include "base/error.h"
#include "input/feed.h"

struct gzip;

/* `from` and `name` must outlive it. NULL: no memory. */
struct gzip *gzip_new(struct feed *from, const char *name, struct error *e);
void gzip_free(struct gzip *g); /* NULL is fine */

/*
 * All members as one run of bytes, up to len: the count, 0 at the end, -1 (not to be called
 * again after that). Zero bytes after the last member are padding, anything else is an error.
 */
ssize_t gzip_read(struct gzip *g, void *data, size_t len, struct error *e);

#endif
