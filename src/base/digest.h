/*
 * digest.h: SHA-256 (FIPS 180-4), by libcrypto.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

#define SHA256_BYTES 32
#define SHA256_HEX 64

struct sha256 {
	unsigned char bytes[SHA256_BYTES];
};

/* A digest being computed. */
struct hasher;

struct hasher *hasher_new(void); /* NULL: no memory */
void hasher_free(struct hasher *h);
void hasher_update(struct hasher *h, const void *data, size_t len);
/* The digest of all bytes since hasher_new or the last hasher_final; starts anew. */
struct sha256 hasher_final(struct hasher *h);

/* Of one run of bytes; 0, or -1: no memory. */
int sha256_of(const void *data, size_t len, struct sha256 *out);

/* 64 lower-case hexadecimal digits and a NUL. */
void sha256_hex(const struct sha256 *d, char hex[SHA256_HEX + 1]);

/* Reads 64 hexadecimal digits of either case; 0, or -1: not that. */
int sha256_parse(struct slice hex, struct sha256 *out);

#endif
