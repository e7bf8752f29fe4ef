/*
 * lookup.h: the lines that hold a value, found through the index of keys (or by reading everything,
 * where the index cannot be used).
 */
#ifndef BUNDLE_LOOKUP_H
#define BUNDLE_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "bundle/bundle.h"
#include "bundle/cover.h"
#include "bundle/keyring.h"
#include "model/model.h"

/* For one thread at a time. */
struct lookup;

/* Compiles the model that the bundle carries: its keys are the ones that can be looked up. `b` must
 * outlive it. NULL on failure. */
struct lookup *lookup_open(const struct bundle *b, struct error *e);
void lookup_close(struct lookup *l); /* NULL is fine */
const struct bundle *lookup_bundle(const struct lookup *l);
const struct model *lookup_model(const struct lookup *l);
/* The keys: of recipients (LINES_RECIPIENTS) and of responses (LINES_RESPONSES). */
const struct keyring *lookup_keys(const struct lookup *l, enum line_kind lines);
/* The key of that name (phone_number, batch.id); NULL: there is none. */
const struct keyring_key *lookup_key(const struct lookup *l, struct slice name);

/*
 * Calls `found` for every line whose key `name` (empty: any key) has one of the values, in order of
 * kind (responses first), frame and line number; `typed` are values as a person types them: a phone
 * number is compared by its digits (one with letters is none, unless its key is named). `which` is
 * the value; a line is told once for each value that it has. A name that is no key is that of a
 * member of recipients (or batch.MEMBER), compared exactly, and everything is read. `line` is valid
 * until the callback returns, and the callback must not use the lookup; what it returns non-zero
 * ends the search and is the result.
 *
 * 0 at the end; -1 with *e. If frames are damaged (ERROR_BUNDLE), what stands in the others was
 * told. Each frame is read once, and only those that the index names.
 */
typedef int lookup_found(void *arg, size_t which, enum line_kind lines, uint64_t number,
			 struct slice line);
int lookup_values(struct lookup *l, struct slice name, const struct slice *typed, size_t count,
		  lookup_found *found, void *arg, struct error *e);
/* Of the recipients only those in `lines` (NULL: all), whose frames alone are read. */
int lookup_among(struct lookup *l, struct slice name, const struct slice *typed, size_t count,
		 const struct cover *lines, lookup_found *found, void *arg, struct error *e);
/* One value. */
int lookup_value(struct lookup *l, struct slice name, struct slice typed, lookup_found *found,
		 void *arg, struct error *e);

/* After a lookup: true if the index could not be used, so that all frames were read; *why says it,
 * and *damaged whether that is because the bundle is damaged. Stays true once it was. */
bool lookup_scanned(const struct lookup *l, const char **why, bool *damaged);

#endif
