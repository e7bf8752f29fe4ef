/*
 * proof.c: fingerprints of the blocks of a file as it was first read.
 * The last block is unfinished until it is full. It never holds the bytes themselves.
 */
#include "input/proof.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/buf.h"

struct proof {
	uint64_t *blocks; /* of the full ones */
	size_t count, cap;
	XXH3_state_t *last; /* of the unfinished one */
	size_t last_len;
};

struct proof *proof_new(void)
{
	struct proof *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->last = XXH3_createState();
	if (p->last == NULL) {
		free(p);
		return NULL;
	}
	proof_clear(p);
	return p;
}

void proof_free(struct proof *p)
{
	if (p == NULL)
		return;
	XXH3_freeState(p->last);
	free(p->blocks);
	free(p);
}

void proof_clear(struct proof *p)
{
	p->count = 0;
	p->last_len = 0;
	XXH3_64bits_reset(p->last);
}

int proof_add(struct proof *p, const void *data, size_t len, struct error *e)
{
	const char *from = data;

	while (len > 0) {
		size_t n = PROOF_BLOCK - p->last_len;

		if (n > len)
			n = len;
		XXH3_64bits_update(p->last, from, n);
		p->last_len += n;
		from += n;
		len -= n;
		if (p->last_len < PROOF_BLOCK)
			break;
		if (array_reserve(&p->blocks, &p->cap, p->count + 1, sizeof(*p->blocks)) != 0)
			return error_memory(e);
		p->blocks[p->count++] = XXH3_64bits_digest(p->last);
		p->last_len = 0;
		XXH3_64bits_reset(p->last);
	}
	return 0;
}

size_t proof_length(const struct proof *p, uint64_t block)
{
	if (block < p->count)
		return PROOF_BLOCK;
	return block == p->count ? p->last_len : 0;
}

bool proof_same(const struct proof *p, uint64_t block, const void *data)
{
	if (block < p->count)
		return XXH3_64bits(data, PROOF_BLOCK) == p->blocks[block];
	return block == p->count &&
	       XXH3_64bits(data, p->last_len) == XXH3_64bits_digest(p->last);
}
