/*
 * digest.c: SHA-256, by libcrypto.
 * The algorithm is looked up once per process (a look-up costs more than a small digest).
 * It must never return a digest that libcrypto did not finish: it ends the process rather.
 */
#include "base/digest.h"

#include <pthread.h>
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

struct hasher {
	EVP_MD_CTX *ctx; /* always started */
};

static pthread_once_t algorithm_once = PTHREAD_ONCE_INIT;
static EVP_MD *algorithm; /* written once, before it is read; kept to the end */

/* Without the system's configuration of OpenSSL, and without taking all of it down at the end: each
 * takes longer than the digests of a small bundle. */
static void algorithm_fetch(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL);
	algorithm = EVP_MD_fetch(NULL, "SHA2-256", NULL);
}

/* NULL: no memory. */
static const EVP_MD *algorithm_get(void)
{
	pthread_once(&algorithm_once, algorithm_fetch);
	return algorithm;
}

/* Nothing after hasher_new allocates, so nothing fails; a wrong digest would spoil an archive. */
static void must(int result)
{
	if (result != 1)
		abort();
}

struct hasher *hasher_new(void)
{
	const EVP_MD *md = algorithm_get();
	struct hasher *h = md == NULL ? NULL : malloc(sizeof(*h));

	if (h == NULL)
		return NULL;
	h->ctx = EVP_MD_CTX_new();
	if (h->ctx == NULL || EVP_DigestInit_ex2(h->ctx, md, NULL) != 1) {
		hasher_free(h);
		return NULL;
	}
	return h;
}

void hasher_free(struct hasher *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->ctx);
	free(h);
}

void hasher_update(struct hasher *h, const void *data, size_t len)
{
	if (len != 0)
		must(EVP_DigestUpdate(h->ctx, data, len));
}

struct sha256 hasher_final(struct hasher *h)
{
	struct sha256 d;

	must(EVP_DigestFinal_ex(h->ctx, d.bytes, NULL));
	must(EVP_DigestInit_ex2(h->ctx, NULL, NULL)); /* the same algorithm again */
	return d;
}

int sha256_of(const void *data, size_t len, struct sha256 *out)
{
	const EVP_MD *md = algorithm_get();

	if (md == NULL)
		return -1;
	return EVP_Digest(len == 0 ? "" : data, len, out->bytes, NULL, md, NULL) == 1 ? 0 : -1;
}

void sha256_hex(const struct sha256 *d, char hex[SHA256_HEX + 1])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < SHA256_BYTES; i++) {
		hex[2 * i] = digits[d->bytes[i] >> 4];
		hex[2 * i + 1] = digits[d->bytes[i] & 15];
	}
	hex[SHA256_HEX] = '\0';
}

/* 0 to 15, or -1. */
static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int sha256_parse(struct slice hex, struct sha256 *out)
{
	struct sha256 d;

	if (hex.len != SHA256_HEX)
		return -1;
	for (size_t i = 0; i < SHA256_BYTES; i++) {
		int high = hex_value(hex.data[2 * i]);
		int low = hex_value(hex.data[2 * i + 1]);
		if (high < 0 || low < 0)
			return -1;
		d.bytes[i] = (unsigned char)(high * 16 + low);
	}
	*out = d;
	return 0;
}
