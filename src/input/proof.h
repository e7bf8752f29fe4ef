/*
 * proof.h: that bytes read again are the bytes that were read first. A file may be changed while it
 * is read; then what is set aside would not be what was judged.
 *
 * A fingerprint (XXH3, 64 bits) is kept of each block of PROOF_BLOCK bytes: 32 bytes for each MiB.
 */
#ifndef INPUT_PROOF_H
#define INPUT_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define PROOF_BLOCK ((size_t)256 * 1024)

struct proof;

struct proof *proof_new(void); /* NULL: no memory */
void proof_free(struct proof *p); /* NULL is fine */
/* Forgets everything: another run of bytes. */
void proof_clear(struct proof *p);

/* The next bytes, read for the first time. 0 or -1. */
int proof_add(struct proof *p, const void *data, size_t len, struct error *e);

/* How many bytes of block number `block` were added so far. */
size_t proof_length(const struct proof *p, uint64_t block);
/* Are these proof_length() bytes the ones that were added? */
bool proof_same(const struct proof *p, uint64_t block, const void *data);

#endif
