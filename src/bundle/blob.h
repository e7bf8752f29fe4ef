/*
 * blob.h: writes an entry whose size is known before its content.
 */
#ifndef BUNDLE_BLOB_H
#define BUNDLE_BLOB_H

#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "bundle/store.h"
#include "bundle/writer.h"

/*
 * Writes a whole entry in data frames of `frame_bytes` (the last one may be shorter); *digest is
 * that of its content. After a failure the file ends where it did before, unless s->broken.
 */
int blob_write(struct store *s, const char *name, uint64_t size, size_t frame_bytes,
	       writer_read *read, void *arg, struct sha256 *digest, struct error *e);

/* The same in data frames of sizes[0], sizes[1], ... bytes, which add up to `size`. */
int blob_write_frames(struct store *s, const char *name, uint64_t size, const uint32_t *sizes,
		      writer_read *read, void *arg, struct sha256 *digest, struct error *e);

/*
 * The same in frames that are made already: `next` gives each of `count` of them in turn, *packed
 * being its bytes (valid until the next call) and raw, size and digest of *r what they are;
 * `digest` is that of the entry's content.
 */
int blob_copy(struct store *s, const char *name, uint64_t size, const struct sha256 *digest,
	      uint32_t count, writer_next *next, void *arg, struct error *e);

/* The same for content in memory. */
int blob_bytes(struct store *s, const char *name, struct slice content, size_t frame_bytes,
	       struct sha256 *digest, struct error *e);

#endif
