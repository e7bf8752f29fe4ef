/*
 * hmac.c: HMAC-SHA256 by libcrypto. The key stays in libcrypto's memory, which cleans it.
 * It must never let the key, or a part of it, reach an output.
 */
#include "base/hmac.h"

#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

struct hmac {
	EVP_MAC *mac;
	EVP_MAC_CTX *context;
};

static int hmac_open(struct hmac *h, struct slice key, struct error *e)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};

	h->mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (h->mac == NULL)
		return error_set(e, ERROR_IO, "this libcrypto has no HMAC");
	h->context = EVP_MAC_CTX_new(h->mac);
	if (h->context == NULL ||
	    !EVP_MAC_init(h->context, (const unsigned char *)key.data, key.len, params))
		return error_memory(e);
	return 0;
}

struct hmac *hmac_new(struct slice key, struct error *e)
{
	struct hmac *h = calloc(1, sizeof(*h));

	if (h == NULL) {
		error_memory(e);
		return NULL;
	}
	if (hmac_open(h, key, e) != 0) {
		hmac_free(h);
		return NULL;
	}
	return h;
}

void hmac_free(struct hmac *h)
{
	if (h == NULL)
		return;
	EVP_MAC_CTX_free(h->context);
	EVP_MAC_free(h->mac);
	free(h);
}

int hmac_of(struct hmac *h, struct slice text, struct sha256 *out)
{
	const unsigned char *data = (const unsigned char *)(text.len == 0 ? "" : text.data);
	size_t size = 0;

	/* without a key: with the one it has */
	if (!EVP_MAC_init(h->context, NULL, 0, NULL) ||
	    !EVP_MAC_update(h->context, data, text.len) ||
	    !EVP_MAC_final(h->context, out->bytes, &size, sizeof(out->bytes)))
		return -1;
	return size == sizeof(out->bytes) ? 0 : -1;
}
