/*
 * keyed.h: fingerprints of 128 bits under a secret key, drawn anew each time: to know bytes again
 * in this process, whoever wrote them.
 *
 * Poly1305 (RFC 8439) with one key, whose results are never shown to anyone. Then two different
 * texts of up to L bytes have the same fingerprint with a probability of at most L / 2^107, however
 * they were made: 2^-97 for 1 KiB. A fast hash with a secret seed promises no such thing: XXH3_128
 * adds up products, and of a million texts made for it some collide under every secret.
 */
#ifndef BASE_KEYED_H
#define BASE_KEYED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

struct keyed_print {
	uint64_t word[2];
};

/* A key; used by one thread at a time. */
struct keyed;

struct keyed *keyed_new(struct error *e);
void keyed_free(struct keyed *k); /* NULL is fine */

/* The text's fingerprint under the key. 0, or -1: no memory. */
int keyed_of(struct keyed *k, struct slice text, struct keyed_print *out, struct error *e);

static inline bool keyed_equal(const struct keyed_print *a, const struct keyed_print *b)
{
	return a->word[0] == b->word[0] && a->word[1] == b->word[1];
}

#endif
