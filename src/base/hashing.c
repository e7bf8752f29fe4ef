/*
 * hashing.c: a SHA-256 of many bytes, computed by the threads of a pool.
 * Pieces are jobs of one strand, so they are added in their order; `next` is the oldest piece.
 * It must never hash bytes directly while a piece waits, nor forget one that is still read.
 */
#include "base/hashing.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* So many may wait: enough to keep a thread busy, few enough to bound the memory. */
#define PIECES 4
/* Fewer bytes than these are not worth a job. */
#define FEW ((size_t)16 * 1024)

struct piece {
	struct job job;
	struct hasher *hasher;
	const void *data;
	size_t len; /* 0: it was waited for */
	char *own;  /* room for HASHING_PIECE bytes; NULL until it is needed */
};

struct hashing {
	struct hasher *hasher;
	struct pool *pool; /* NULL: everything is hashed at once */
	struct strand strand;
	struct piece pieces[PIECES];
	unsigned next;
	unsigned waiting; /* pieces whose len is not 0 */
	size_t copied;    /* bytes in the next piece's own room, not submitted yet */
};

static void run(void *arg)
{
	struct piece *p = arg;

	hasher_update(p->hasher, p->data, p->len);
}

struct hashing *hashing_new(void)
{
	struct hashing *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return NULL;
	h->hasher = hasher_new();
	if (h->hasher == NULL) {
		free(h);
		return NULL;
	}
	for (unsigned i = 0; i < PIECES; i++) {
		struct piece *p = &h->pieces[i];

		p->hasher = h->hasher;
		p->job = (struct job){.run = run, .arg = p, .strand = &h->strand};
	}
	return h;
}

void hashing_use(struct hashing *h, struct pool *pool)
{
	h->pool = pool_threads(pool) > 1 ? pool : NULL;
}

static void finish(struct hashing *h, struct piece *p)
{
	if (p->len == 0)
		return;
	pool_wait(h->pool, &p->job);
	p->len = 0;
	h->waiting--;
}

static void finish_all(struct hashing *h)
{
	for (unsigned i = 0; h->waiting > 0 && i < PIECES; i++)
		finish(h, &h->pieces[(h->next + i) % PIECES]);
}

void hashing_free(struct hashing *h)
{
	if (h == NULL)
		return;
	finish_all(h);
	for (unsigned i = 0; i < PIECES; i++)
		free(h->pieces[i].own);
	hasher_free(h->hasher);
	free(h);
}

/* The next piece, which was waited for, is this. */
static void submit(struct hashing *h, const void *data, size_t len)
{
	struct piece *p = &h->pieces[h->next];

	p->data = data;
	p->len = len;
	h->waiting++;
	h->next = (h->next + 1) % PIECES;
	pool_submit(h->pool, &p->job);
}

/* Hashes now, behind everything that waits. */
static void hash_now(struct hashing *h, const void *data, size_t len)
{
	finish_all(h);
	hasher_update(h->hasher, data, len);
}

static void end_copy(struct hashing *h)
{
	size_t len = h->copied;

	h->copied = 0;
	if (len > 0 && h->waiting == 0 && len < FEW)
		hash_now(h, h->pieces[h->next].own, len);
	else if (len > 0)
		submit(h, h->pieces[h->next].own, len);
}

void hashing_lend(struct hashing *h, const void *data, size_t len)
{
	end_copy(h);
	if (h->pool == NULL || (len < FEW && h->waiting == 0)) {
		hash_now(h, data, len);
	} else if (len > 0) {
		finish(h, &h->pieces[h->next]);
		submit(h, data, len);
	}
}

/* Room for more bytes in the next piece; NULL: no memory. */
static char *room(struct hashing *h)
{
	struct piece *p = &h->pieces[h->next];

	if (h->copied == 0)
		finish(h, p);
	if (p->own == NULL)
		p->own = malloc(HASHING_PIECE);
	return p->own;
}

void hashing_copy(struct hashing *h, const void *data, size_t len)
{
	const char *from = data;

	while (len > 0 && h->pool != NULL) {
		char *to = room(h);
		size_t n = HASHING_PIECE - h->copied;

		if (to == NULL)
			break;
		if (n > len)
			n = len;
		memcpy(to + h->copied, from, n);
		h->copied += n;
		from += n;
		len -= n;
		if (h->copied == HASHING_PIECE)
			end_copy(h);
	}
	if (len > 0) /* with nothing copied: there is no pool, or no memory for a piece */
		hash_now(h, from, len);
}

void hashing_settle(struct hashing *h, const void *data, size_t len)
{
	uintptr_t from = (uintptr_t)data;

	for (unsigned i = 0; h->waiting > 0 && i < PIECES; i++) {
		struct piece *p = &h->pieces[(h->next + i) % PIECES];
		uintptr_t at = (uintptr_t)p->data;

		if (p->len > 0 && at < from + len && from < at + p->len)
			finish(h, p);
	}
}

struct sha256 hashing_final(struct hashing *h)
{
	end_copy(h);
	finish_all(h);
	return hasher_final(h->hasher);
}
