/*
 * frame.h: zstd frames (RFC 8878); the only file that includes zstd. Every frame has its content
 * size and its checksum, and needs a window of at most 8 MiB.
 */
#ifndef BUNDLE_FRAME_H
#define BUNDLE_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

/* The default of archive -l. */
#define FRAME_LEVEL_DEFAULT 1
#define FRAME_LEVEL_MIN 1
#define FRAME_LEVEL_MAX 22

/* libzstd's version as a number, e.g. 10504, and as words. */
const char *frame_zstd_version(void);

/* A compressor or decompressor, for one thread at a time. NULL: no memory. */
struct encoder;
struct encoder *encoder_new(int level);
void encoder_free(struct encoder *c);
/* Appends one frame that holds `raw`. The same bytes for the same level and version of libzstd. */
int encoder_frame(struct encoder *c, struct slice raw, struct buf *out, struct error *e);

struct decoder;
struct decoder *decoder_new(void);
void decoder_free(struct decoder *d);
/*
 * Appends the content of exactly one frame, which must be the whole of `frame`, say its size (equal
 * to raw_size), have a checksum, and need no larger window. Anything else is ERROR_BUNDLE.
 */
int decoder_frame(struct decoder *d, struct slice frame, size_t raw_size, struct buf *out,
		  struct error *e);

/* Appends a frame of raw blocks: its encoding depends on nothing but its content (at most
 * LIMIT_TRAILER + 64 KiB bytes). */
int frame_stored(struct slice raw, struct buf *out, struct error *e);

#endif
