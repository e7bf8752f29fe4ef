/*
 * bundle.h: reads a bundle. Nothing in the file is believed: every size is checked against the file
 * before memory is taken, and every frame against its digest before it is decompressed.
 *
 * Opening reads the seek table, the trailer, the frame list and the manifest. ERROR_BUNDLE: it is
 * no bundle, a damaged one, or one of a newer major version; ERROR_IO: the system refused.
 */
#ifndef BUNDLE_BUNDLE_H
#define BUNDLE_BUNDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/error.h"
#include "bundle/keys.h"
#include "bundle/layout.h"

struct bundle;

struct bundle_entry {
	struct slice name;
	struct sha256 digest; /* of its content */
	uint64_t size;        /* sum of its data frames */
};

struct bundle *bundle_open(const char *path, struct error *e);
void bundle_close(struct bundle *b); /* NULL is fine */

const char *bundle_path(const struct bundle *b);
const struct sha256 *bundle_seal(const struct bundle *b);
uint64_t bundle_file_size(const struct bundle *b);
int64_t bundle_mtime(const struct bundle *b); /* of all entries */
uint64_t bundle_lines(const struct bundle *b, enum line_kind kind);
uint64_t bundle_blobs(const struct bundle *b, enum blob_kind kind);

/* The manifest, in order. */
uint32_t bundle_entry_count(const struct bundle *b);
const struct bundle_entry *bundle_entry(const struct bundle *b, uint32_t entry);
/* By name; UINT32_MAX: there is none. */
uint32_t bundle_find_entry(const struct bundle *b, struct slice name);

/* All frames of the file but the trailer's, in order: those of index/frames.bin, then those that
 * the trailer lists. */
uint32_t bundle_frame_count(const struct bundle *b);
const struct frame_record *bundle_frame(const struct bundle *b, uint32_t frame);

/* Replaces *out with the content of a frame, checked. May be called by several threads, each with
 * its own *out and decoder (frame.h). */
struct decoder;
int bundle_read_frame(const struct bundle *b, uint32_t frame, struct decoder *d, struct buf *out,
		      struct error *e);
/* Replaces *out with a frame as it stands in the file, compressed; its digest is checked. */
int bundle_read_packed(const struct bundle *b, uint32_t frame, struct buf *out, struct error *e);
/* Is every frame still what its digest says? Reads the whole file and decompresses nothing. 0 or
 * -1. */
int bundle_check_frames(const struct bundle *b, struct error *e);
/* Replaces *out with the content of a small entry (at most `most` bytes), checked. */
int bundle_read_entry(const struct bundle *b, uint32_t entry, size_t most, struct buf *out,
		      struct error *e);

/* The shape of the index of keys (keys.h); NULL: there is no index, because there are no keys. */
const struct keys_shape *bundle_keys(const struct bundle *b);
/* Replaces *out with a page of it, checked. */
int bundle_read_keys(const struct bundle *b, uint32_t page, struct decoder *d, struct buf *out,
		     struct error *e);
/* The frames that hold lines of a kind, in order: how many, and the n-th (from 0). */
uint32_t bundle_line_frames(const struct bundle *b, enum line_kind kind);
uint32_t bundle_line_frame(const struct bundle *b, enum line_kind kind, uint32_t n);

/* Lines of one kind, from a number on; keeps one frame in memory. */
struct line_cursor;
struct line_cursor *bundle_cursor(const struct bundle *b, enum line_kind kind, struct error *e);
void cursor_free(struct line_cursor *c);
/* Goes to the line with that number (from 1). 0 or -1. */
int cursor_seek(struct line_cursor *c, uint64_t number, struct error *e);
/* 1: *line is the next line (without LF), valid until the next call; 0: no more; -1. */
int cursor_next(struct line_cursor *c, struct slice *line, struct error *e);

#endif
