/*
 * arena.h: memory that is given back all at once, as what a model consists of.
 */
#ifndef MODEL_ARENA_H
#define MODEL_ARENA_H

#include "base/buf.h"

struct arena_block;

struct arena {
	struct arena_block *blocks; /* NULL while empty */
};

/* `count` elements of `size` bytes, all zero, aligned for anything; NULL: no memory, never because
 * count is 0. */
void *arena_alloc(struct arena *a, size_t count, size_t size);

/* Copies the bytes and puts a NUL behind them. false: no memory. */
bool arena_copy(struct arena *a, struct slice s, struct slice *out);

/* The content of the buffer, moved there; frees the buffer. false: no memory, then or before. */
bool arena_take(struct arena *a, struct buf *b, struct slice *out);

void arena_free(struct arena *a);

#endif
