/*
 * decode.h: one compressed feed as a feed of what it holds: gzip.h or archive.h, by its kind.
 */
#ifndef INPUT_DECODE_H
#define INPUT_DECODE_H

#include "base/error.h"
#include "input/archive.h"
#include "input/feed.h"
#include "input/gzip.h"

/* All zero: closed. It must not be moved while it is open. */
struct decode {
	struct gzip *gzip;
	struct archive_in *archive;
	struct feed out; /* what is decompressed; a damaged or cut input is its failure */
};

/* `kind` is compressed; `from` and `name` must outlive it. 0 or -1: no memory. */
int decode_open(struct decode *d, enum kind kind, struct feed *from, const char *name,
		struct error *e);
void decode_close(struct decode *d);

#endif
