/*
 * batches.h: the batches whose recipient lines are known, in order of their last use, and the
 * memory they take.
 */
#ifndef BUNDLE_BATCHES_H
#define BUNDLE_BATCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/keyed.h"
#include "bundle/known.h"

struct batch {
	struct keyed_print id;
	struct known known;
	uint64_t first;    /* the line that known_row.line counts from */
	uint32_t *list;    /* rows of the last kept response, in its order */
	size_t list_count;
	size_t list_cap;
	uint64_t response; /* that response's number, 0: none; it may be an older one with that
			    * list */
	unsigned chain;    /* how many responses that one is based on, one on the other */
	bool forget;       /* when the next response begins */
	/* batches' own: */
	size_t bytes;      /* as counted */
	bool linked;
	struct batch *next; /* in its bucket */
	struct batch *newer, *older;
};

/* All zero but the limit: empty. */
struct batches {
	size_t limit;
	size_t bytes; /* of all batches, linked or not, and what the caller adds */
	size_t count; /* of linked ones */
	struct batch **buckets;
	size_t bucket_count; /* 0 or a power of two */
	struct batch *newest, *oldest;
};

void batches_free(struct batches *s); /* and all linked batches */

/* The linked batch with this id, or NULL. */
struct batch *batches_find(const struct batches *s, const struct keyed_print *id);

/* A batch that is not linked yet; NULL: no memory. */
struct batch *batches_make(struct batches *s, const struct keyed_print *id);

/* It was used: links it if it is not, and makes it the newest. */
void batches_use(struct batches *s, struct batch *b);

/* Forgets and frees it, linked or not. */
void batches_drop(struct batches *s, struct batch *b);

/* Counts its memory anew, after it changed. */
void batches_count(struct batches *s, struct batch *b);

/* Forgets the oldest but `open` until `more` bytes have room; false: they have none even so. */
bool batches_room(struct batches *s, size_t more, const struct batch *open);

#endif
