/*
 * lines.h: lines of a bundle by number, in any order, with the frames used last kept in memory.
 * One thread at a time uses a struct lines; the bundle, which must outlive it, may be shared.
 */
#ifndef BUNDLE_LINES_H
#define BUNDLE_LINES_H

#include <stdint.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/slice.h"
#include "bundle/bundle.h"

/* How many frames are kept at most. A response whose lines lie scattered over more of them, without
 * any order, is slow to show: a frame is read again for nearly every line. */
#define LINES_CACHE 64
/* The memory they may take together; the one used last is kept even if it alone is larger. Frames
 * are a little larger than FRAME_BYTES. */
#define LINES_BYTES (96 * MIB)

struct lines;
struct lines *lines_open(const struct bundle *b, enum line_kind kind, struct error *e);
void lines_close(struct lines *l); /* NULL is fine */
/* Another limit than LINES_BYTES from the next call on; 0: only the frame used last, for who reads
 * in order. */
void lines_keep(struct lines *l, size_t bytes);

/*
 * The line with that number (from 1), without LF, valid until the next call. 0; -1 with
 * ERROR_BUNDLE: there is none, or its frame is damaged. A line is handed out only after its whole
 * frame was checked.
 */
int lines_get(struct lines *l, uint64_t number, struct slice *out, struct error *e);

#endif
