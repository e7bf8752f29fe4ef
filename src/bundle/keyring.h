/*
 * keyring.h: which members of an object are keys of the index, by the model (x-callroll-key).
 *
 * A key has a name: the member's name for a recipient (phone_number), "batch." and the member's
 * name for a response (batch.id). The value of an exact key is the string's bytes, that of a phone
 * key its digits alone. Values that are no strings, and empty ones, are not indexed.
 */
#ifndef BUNDLE_KEYRING_H
#define BUNDLE_KEYRING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "bundle/layout.h"
#include "model/node.h"

struct keyring_key {
	uint32_t member;   /* its index in the object's schema */
	struct slice name; /* of the key */
	struct slice member_name;
	enum key_kind kind;
};

#define KEYRING_MOST 16 /* keys of one object; further ones are not indexed */

struct keyring {
	enum line_kind lines; /* where they stand */
	struct keyring_key key[KEYRING_MOST];
	unsigned count;
	struct buf names;
};

/* The keys of a recipient, or of a response. `object` (NULL: no keys) must outlive *r. 0, or -1: no
 * memory. */
int keyring_make(struct keyring *r, enum line_kind lines, const struct node *object);
void keyring_free(struct keyring *r);

/* What a value of a key is compared by: replaces *out. `quoted` is a value in the normal form.
 * false: it is not indexed. */
bool keyring_value(const struct keyring_key *k, struct slice quoted, struct buf *out);
/* The same for a value as a person types it. */
bool keyring_typed(const struct keyring_key *k, struct slice typed, struct buf *out);

#endif
