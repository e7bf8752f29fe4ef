/*
 * press.h: makes frames in the pool's threads: raw bytes go in, a compressed frame with its digest
 * comes out. The content of an entry is digested on the way, in order.
 *
 * Every function is called by one thread, the owner of the press. What is in work at any time is
 * bounded: a few frames a thread.
 */
#ifndef BUNDLE_PRESS_H
#define BUNDLE_PRESS_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/pool.h"

struct press;

struct press *press_new(unsigned threads, int level, struct error *e);
/* All frames must have been dropped. NULL is fine. */
void press_free(struct press *p);
/* How many frames in work keep all threads busy. */
unsigned press_depth(const struct press *p);
/* The threads, for other jobs as well. */
struct pool *press_pool(struct press *p);

/* An empty buffer, with memory if one is spare; and one that is no longer needed. */
struct buf press_take(struct press *p);
void press_give(struct press *p, struct buf *spare);

/* The digest of an entry's content, to which frames add theirs in the order of their start. */
struct chain {
	struct hasher *hasher;
	struct strand strand;
};
int press_chain_open(struct chain *c, struct error *e);
void press_chain_close(struct chain *c);
/* The digest of all frames since the last press_chain_end; they must be finished. Starts anew. */
struct sha256 press_chain_end(struct chain *c);

/* A frame. Between start and finish it belongs to the press, but for `lines` and `first`. */
struct pressed {
	struct job compress; /* two jobs, in any order or at once: */
	struct job add;      /* its content is added to its chain */
	atomic_uint jobs;    /* that are not done yet */
	struct press *press;
	struct chain *chain; /* or NULL */
	struct buf raw;      /* until both are done */
	uint32_t raw_size;
	uint32_t size;
	unsigned char *data;  /* compressed; no more memory than it needs */
	struct sha256 digest; /* of the compressed bytes */
	uint32_t lines;
	uint64_t first;
	struct error error;
};

/* Takes the content over (*raw is empty afterwards, also on failure). NULL on failure, which is
 * ERROR_STOPPED when a signal asked for the end. */
struct pressed *press_start(struct press *p, struct chain *c, struct buf *raw, struct error *e);
/* The same for a frame that is made already: `packed` is copied, `digest` is its digest. Its
 * content (taken over likewise) is only added to the chain. */
struct pressed *press_made(struct press *p, struct chain *c, struct buf *raw, struct slice packed,
			   const struct sha256 *digest, struct error *e);
/* Waits. 0, or -1 and why it could not be made. */
int press_finish(struct pressed *f, struct error *e);
/* Waits, then frees it. NULL is fine. */
void press_drop(struct pressed *f);

/* Makes the chain what it was when only these frames had been added; all that were started must be
 * finished. */
int press_chain_again(struct chain *c, struct pressed *const *frames, size_t count,
		      struct error *e);

#endif
