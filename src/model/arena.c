/*
 * arena.c: memory in a chain of blocks.
 * What was handed out stays where it is until all of it is freed.
 * Must never be used for what grows with the input.
 */
#include "model/arena.h"

#include <stdalign.h>
#include <stdlib.h>

/* A block holds at least this much; what is larger gets a block of its own size. */
#define BLOCK_BYTES ((size_t)16384)

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) char data[];
};

static void *from_block(struct arena_block *b, size_t need)
{
	char *p;

	if (b == NULL || need > b->size - b->used)
		return NULL;
	p = b->data + b->used;
	b->used += need;
	return p;
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
	size_t need, block;
	struct arena_block *b;
	void *p;

	if (__builtin_mul_overflow(count, size, &need) || need > SIZE_MAX / 4)
		return NULL;
	need = (need + alignof(max_align_t)) / alignof(max_align_t) * alignof(max_align_t);
	p = from_block(a->blocks, need);
	if (p != NULL)
		return p;
	block = need > BLOCK_BYTES ? need : BLOCK_BYTES;
	b = calloc(1, sizeof(*b) + block);
	if (b == NULL)
		return NULL;
	b->size = block;
	b->next = a->blocks;
	a->blocks = b;
	return from_block(b, need);
}

bool arena_copy(struct arena *a, struct slice s, struct slice *out)
{
	char *p = arena_alloc(a, s.len + 1, 1);

	if (p == NULL)
		return false;
	if (s.len != 0)
		memcpy(p, s.data, s.len);
	*out = slice_of(p, s.len);
	return true;
}

bool arena_take(struct arena *a, struct buf *b, struct slice *out)
{
	bool ok = !b->failed && arena_copy(a, buf_view(b), out);

	buf_free(b);
	return ok;
}

void arena_free(struct arena *a)
{
	while (a->blocks != NULL) {
		struct arena_block *next = a->blocks->next;
		free(a->blocks);
		a->blocks = next;
	}
}
