/*
 * tail.h: the end of a bundle: the manifest's lines, the trailer with its frame, and the seek
 * table. The last two have exactly one encoding each, so verify makes them again and compares.
 */
#ifndef BUNDLE_TAIL_H
#define BUNDLE_TAIL_H

#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/slice.h"
#include "bundle/keys.h"
#include "bundle/layout.h"

/* Appends one line of the manifest: "<hex>  <name>\n". */
void tail_manifest_line(struct slice name, const struct sha256 *digest, struct buf *out);

struct tail_facts {
	int64_t mtime;             /* of all entries */
	uint32_t entries;          /* lines of the manifest */
	uint32_t frames;           /* records of the frame list */
	uint64_t lines[LINES_KINDS];
	uint64_t blobs[BLOB_KINDS];
	struct keys_shape keys;    /* of index/keys.bin; its bits are not told */
	struct sha256 manifest;    /* of its content, as the next */
	struct sha256 frame_list;
	const struct frame_record *tail; /* frames after those listed, to the manifest's last */
	uint32_t tail_count;
};

/* Appends trailer.json: one object and LF. ERROR_LIMIT: it would be larger than readers take. */
int tail_trailer_json(const struct tail_facts *f, struct buf *out, struct error *e);

/*
 * Appends the trailer's frame: `padding` zero bytes (the manifest's), the tar header, the content,
 * its padding, the end of the tar. *raw is its uncompressed size.
 */
int tail_trailer_frame(unsigned padding, int64_t mtime, struct slice json, struct buf *out,
		       uint32_t *raw, struct error *e);

/* Appends the seek table for all frames of the bundle: those given, then the trailer's. */
int tail_seek_table(const struct frame_record *frames, uint32_t count, uint32_t trailer_size,
		    uint32_t trailer_raw, struct buf *out, struct error *e);

#endif
