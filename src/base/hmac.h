/*
 * hmac.h: HMAC-SHA256 (RFC 2104, FIPS 198-1), by libcrypto.
 */
#ifndef BASE_HMAC_H
#define BASE_HMAC_H

#include "base/digest.h"
#include "base/error.h"

/* A key; used by one thread at a time. */
struct hmac;

/* Copies the key, which has at least one byte. NULL on failure. */
struct hmac *hmac_new(struct slice key, struct error *e);
void hmac_free(struct hmac *h); /* NULL is fine */

/* The code of a text. 0, or -1: no memory. */
int hmac_of(struct hmac *h, struct slice text, struct sha256 *out);

#endif
