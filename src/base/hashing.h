/*
 * hashing.h: a SHA-256 of many bytes, computed by the threads of a pool while their owner goes on.
 *
 * The bytes are handed over in order, either lent, and then they stay as they are until
 * hashing_settle; or copied, in pieces of HASHING_PIECE. Few bytes, and all of them where no thread
 * could help, are hashed at once. Every function is called by the owner of the pool.
 */
#ifndef BASE_HASHING_H
#define BASE_HASHING_H

#include <stddef.h>

#include "base/digest.h"
#include "base/pool.h"

/* Small enough for the second-level cache, large enough that a job costs nothing beside it. */
#define HASHING_PIECE ((size_t)256 * 1024)

struct hashing;

struct hashing *hashing_new(void); /* NULL: no memory */
/* From now on by the threads of this pool, which must outlive it. */
void hashing_use(struct hashing *h, struct pool *pool);
/* Waits until nothing lent is read any more. NULL is fine. */
void hashing_free(struct hashing *h);

/* The next bytes. */
void hashing_lend(struct hashing *h, const void *data, size_t len);
void hashing_copy(struct hashing *h, const void *data, size_t len);
/* Returns when none of these bytes is read any more: now they may be changed. */
void hashing_settle(struct hashing *h, const void *data, size_t len);
/* The digest of all bytes since hashing_new or the last hashing_final; starts anew. Everything is
 * settled. */
struct sha256 hashing_final(struct hashing *h);

#endif
