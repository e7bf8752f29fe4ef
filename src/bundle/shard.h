/*
 * shard.h: the lines of one kind: the frame that is being filled, the open shard's frames (held
 * compressed, because a tar header needs the size first), and the way back to a mark.
 */
#ifndef BUNDLE_SHARD_H
#define BUNDLE_SHARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "bundle/press.h"
#include "bundle/store.h"

/* What a mark keeps of one kind: lengths. Content is saved only when it is about to go away. */
struct shard_mark {
	bool set;
	bool cut;              /* a frame was cut since: `open` begins anew */
	bool closed;           /* the shard of the mark was written since: see `held` */
	uint64_t number;
	uint64_t size;
	uint64_t lines;
	uint32_t open_lines;
	size_t open_len;
	size_t frame_count;
	uint32_t cuts;
	size_t written;
	struct buf prefix;     /* with `cut`: the first open_len bytes of what `open` was */
	struct pressed **held; /* with `closed`: the shard's first frame_count frames */
};

struct shard {
	const char *folder;
	size_t frame_bytes;
	size_t shard_bytes;
	struct store *store;
	uint64_t number;         /* of the open shard, from 1 */
	uint64_t size;           /* of its frames, uncompressed */
	uint64_t lines;          /* of this kind, ended */
	struct pressed **frames; /* of the open shard */
	size_t frame_count;
	size_t frame_cap;
	struct chain chain;      /* its content */
	struct buf open;         /* the frame being filled, at its end the line being composed */
	size_t line_start;
	uint32_t open_lines;     /* in `open`, ended */
	uint32_t cuts;           /* frames of this kind that were cut, in all shards */
	uint32_t last;           /* the number, from 0, of the frame with the line ended last */
	uint64_t *starts;        /* of each frame that was cut: the number of its first line */
	size_t starts_cap;
	uint32_t *written;       /* of each frame that was written: its number in the bundle */
	size_t written_count, written_cap;
	struct shard_mark mark;
};

int shard_init(struct shard *s, const char *folder, size_t frame_bytes, size_t shard_bytes,
	       struct store *store, struct error *e);
/* A zeroed *s is fine. */
void shard_free(struct shard *s);

/* Ends the line at the end of s->open. */
int shard_line_end(struct shard *s, struct error *e);
/*
 * Appends whole lines as a frame of their own, behind the lines ended before. The content is taken
 * over. `packed`: the frame that holds them, with its digest; empty: it is to be made. There must
 * be no mark.
 */
int shard_take(struct shard *s, struct buf *content, uint32_t lines, struct slice packed,
	       const struct sha256 *digest, struct error *e);
/* The number, from 0, of the frame of this kind that holds an ended line. */
uint32_t shard_frame_of(const struct shard *s, uint64_t line);
/* Writes what there is; the next line begins a new shard. */
int shard_close(struct shard *s, struct error *e);

/* See writer.h. Between lines; costs nothing that grows. */
void shard_set_mark(struct shard *s);
void shard_keep(struct shard *s);
/* The caller rewinds the store. Also drops a line that was not ended. */
int shard_take_back(struct shard *s, struct error *e);

#endif
