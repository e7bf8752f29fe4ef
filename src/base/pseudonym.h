/*
 * pseudonym.h: stable names for texts that are not to be shown: the same text has the same one
 * under one key, and another one under another key. Who has not the key learns nothing from one but
 * which texts are equal, and of phone numbers the country.
 *
 * A pseudonym is `~` and 16 letters and digits: the first 80 bits of the text's HMAC-SHA256 in
 * lower-case base32 (RFC 4648). Of a phone number the text is its digits alone, and its country
 * code, where it has one, stands before it: +49~...
 */
#ifndef BASE_PSEUDONYM_H
#define BASE_PSEUDONYM_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

#define PSEUDONYM_BYTES 17 /* without a country code */
/* Bytes of a key. */
#define PSEUDONYM_KEY_LEAST 16
#define PSEUDONYM_KEY_MOST 4096

/* A key; used by one thread at a time. */
struct pseudonym;

/* Replaces *out with a key file's bytes. *open: others than its owner may read it. 0 or -1. */
int pseudonym_read_key(const char *path, struct buf *out, bool *open, struct error *e);

/* NULL on failure. */
struct pseudonym *pseudonym_new(struct slice key, struct error *e);
void pseudonym_free(struct pseudonym *p); /* NULL is fine */

/*
 * Appends the pseudonym of a text. One that is written as an international phone number, + and 7 to
 * 15 digits with nothing but spaces and ( ) - . / between, has that of the number.
 */
void pseudonym_text(struct pseudonym *p, struct slice text, struct buf *out);
/* Of a text that is known to be a phone number, if it has a digit. */
void pseudonym_phone(struct pseudonym *p, struct slice text, struct buf *out);
/* Is the text of the form that pseudonyms have? */
bool pseudonym_like(struct slice text);

#endif
