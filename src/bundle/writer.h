/*
 * writer.h: writes a bundle: lines of four kinds and blobs, whole or not at all.
 *
 * The caller composes lines in the writer's own buffer, one line of a kind at a time. Lines are cut
 * into frames, frames are compressed by the pool's threads, a shard is written when it is full. The
 * bytes of the bundle depend on the lines, the blobs and the level alone.
 *
 * A mark lets everything after it be taken back, although some of it may be in the file already.
 */
#ifndef BUNDLE_WRITER_H
#define BUNDLE_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/pool.h"
#include "bundle/layout.h"

struct writer;

struct writer_options {
	int level;
	bool replace;         /* an existing bundle */
	bool into;            /* `path` is a folder; writer_name says the file's name */
	int64_t mtime;        /* of all entries: 0, or SOURCE_DATE_EPOCH (at most 2^31 - 1) */
	struct slice about;   /* callroll.json */
	struct slice model;   /* model.schema.json */
	unsigned threads;     /* of the pool it makes, itself included */
	size_t frame_bytes;   /* 0: FRAME_BYTES; tests set less, as with the next */
	size_t shard_bytes;   /* 0: SHARD_BYTES */
};

/* `path` NULL: a file without a name in $TMPDIR or /tmp, to be ended by writer_unnamed. */
struct writer *writer_open(const char *path, const struct writer_options *o, struct error *e);
/* Its threads, for other jobs as well; for as long as it is open. */
struct pool *writer_pool(struct writer *w);
/* Device and inode of the temporary file, so that a walk can pass it over. */
int writer_stat(const struct writer *w, dev_t *dev, ino_t *ino, struct error *e);

/* The buffer to append one line to (without its LF); then writer_line_end. */
struct buf *writer_line(struct writer *w, enum line_kind kind);
int writer_line_end(struct writer *w, enum line_kind kind, struct error *e);
/* The line of that kind that was ended last has a key with this fingerprint (keys.h). */
int writer_key(struct writer *w, enum line_kind kind, uint64_t fingerprint, struct error *e);
/* The number, from 0, of the frame of its kind in which a line stands or will stand, and how many
 * there are. */
uint32_t writer_frame_of(const struct writer *w, enum line_kind kind, uint64_t line);
uint32_t writer_frames(const struct writer *w, enum line_kind kind);
/* How many lines of a kind there are; so the next one has this number + 1. */
uint64_t writer_lines(const struct writer *w, enum line_kind kind);

/* What comes after can be taken back. One mark at a time; no blobs while there is one. */
int writer_mark(struct writer *w, struct error *e);
/* Keeps what came after the mark. 0 or -1. */
int writer_keep(struct writer *w, struct error *e);
/* Takes it back: afterwards everything is as it was at the mark. */
int writer_take_back(struct writer *w, struct error *e);

/*
 * Writes a blob of exactly `size` bytes, which `read` gives in pieces (it fills `data` with `len`
 * bytes of the blob from `offset` on; 0 or -1). *number is the n of set-aside/n. When `read` fails,
 * the blob is taken back and the writer can go on.
 */
typedef int writer_read(void *arg, uint64_t offset, void *data, size_t len, struct error *e);
int writer_blob(struct writer *w, enum blob_kind kind, uint64_t size, writer_read *read, void *arg,
		uint64_t *number, struct error *e);

/*
 * --- as another bundle has it ---
 *
 * Frames of another bundle, taken as they are: no byte of them is compressed anew.
 *
 * Appends whole lines as a frame of their own; the content is taken over. `packed`: the frame that
 * holds them, with its digest; empty: it is to be made. Not after a mark.
 */
int writer_frame(struct writer *w, enum line_kind kind, struct buf *content, uint32_t lines,
		 struct slice packed, const struct sha256 *digest, struct error *e);
/* The next line of the kind begins a new shard. */
int writer_shard_end(struct writer *w, enum line_kind kind, struct error *e);

/* Gives frame number i: *packed are its bytes, valid until the next call, and raw, size and digest
 * of *r what they are. 0 or -1. */
typedef int writer_next(void *arg, uint32_t i, struct frame_record *r, struct slice *packed,
			struct error *e);
/* A blob of `size` bytes whose content has that digest, in `count` such frames. */
int writer_blob_frames(struct writer *w, enum blob_kind kind, uint64_t size,
		       const struct sha256 *digest, uint32_t count, writer_next *next, void *arg,
		       uint64_t *number, struct error *e);

struct writer_totals {
	uint64_t size;           /* of the bundle */
	uint64_t raw;            /* of all entries */
	struct sha256 seal;
};
/* Writes the end, so that the seal is known; nothing can be added any more. 0 or -1. */
int writer_seal(struct writer *w, struct writer_totals *totals, struct error *e);
/* With `into`, after writer_seal: the name of the file in the folder. -1: it cannot be had (there
 * is such a file already); another one can be tried. */
int writer_name(struct writer *w, const char *name, struct error *e);
/* Writes the end if writer_seal did not, and gives the file its name. Frees *w in every case. */
int writer_close(struct writer *w, struct writer_totals *totals, struct error *e);
/* Writes the end of a bundle without a name. Returns a descriptor of it, with which it is gone, or
 * -1. Frees *w in every case. */
int writer_unnamed(struct writer *w, struct error *e);
/* Leaves nothing behind. NULL is fine. */
void writer_abandon(struct writer *w);

#endif
