/*
 * keyed.c: fingerprints under a secret key, by libcrypto.
 * The key is the kernel's and stays in this process.
 * It must never let a fingerprint, or anything that depends on its value, reach an output.
 */
#include "base/keyed.h"

#include <stdlib.h>
#include <sys/random.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#define KEY_BYTES 32

struct keyed {
	OSSL_LIB_CTX *library; /* of its own: the system's configuration may leave Poly1305 out */
	EVP_MAC *mac;
	EVP_MAC_CTX *context;
	unsigned char key[KEY_BYTES];
};

static int keyed_open(struct keyed *k, struct error *e)
{
	if (getrandom(k->key, KEY_BYTES, 0) != KEY_BYTES) /* so few are never cut short */
		return error_errno(e, "cannot get random bytes");
	k->library = OSSL_LIB_CTX_new();
	if (k->library == NULL)
		return error_memory(e);
	k->mac = EVP_MAC_fetch(k->library, "POLY1305", NULL);
	if (k->mac == NULL)
		return error_set(e, ERROR_IO, "this libcrypto has no Poly1305");
	k->context = EVP_MAC_CTX_new(k->mac);
	return k->context == NULL ? error_memory(e) : 0;
}

struct keyed *keyed_new(struct error *e)
{
	struct keyed *k = calloc(1, sizeof(*k));

	if (k == NULL) {
		error_memory(e);
		return NULL;
	}
	if (keyed_open(k, e) != 0) {
		keyed_free(k);
		return NULL;
	}
	return k;
}

void keyed_free(struct keyed *k)
{
	if (k == NULL)
		return;
	EVP_MAC_CTX_free(k->context);
	EVP_MAC_free(k->mac);
	OSSL_LIB_CTX_free(k->library);
	OPENSSL_cleanse(k->key, KEY_BYTES);
	free(k);
}

int keyed_of(struct keyed *k, struct slice text, struct keyed_print *out, struct error *e)
{
	const unsigned char *data = (const unsigned char *)(text.len == 0 ? "" : text.data);
	size_t size = sizeof(*out);

	if (!EVP_MAC_init(k->context, k->key, KEY_BYTES, NULL) ||
	    !EVP_MAC_update(k->context, data, text.len) ||
	    !EVP_MAC_final(k->context, (unsigned char *)out, &size, sizeof(*out)))
		return error_memory(e);
	return 0;
}
