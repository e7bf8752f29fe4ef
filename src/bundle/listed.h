/*
 * listed.h: which inputs some bundles list already, by size and SHA-256.
 */
#ifndef BUNDLE_LISTED_H
#define BUNDLE_LISTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "bundle/bundle.h"

/* An input's bytes, or those of the file that it came in: 48 bytes of memory for each. */
struct listed_input {
	uint64_t size;
	struct sha256 digest;
	uint32_t bundle; /* that lists it, as the caller numbers them */
};

/* Zeroed, it is empty. */
struct listed {
	struct listed_input *input; /* sorted, after listed_sort */
	size_t count, cap;
};

void listed_free(struct listed *l); /* empties it */

/*
 * Adds what the sources of a bundle list. An input that could not be read to its end counts only
 * if the bundle holds the whole file. 0, or -1: a line is damaged or there is no memory, and
 * nothing of this bundle was added.
 */
int listed_add(struct listed *l, uint32_t number, const struct bundle *b, struct error *e);
/* After the last listed_add, before the first question. */
void listed_sort(struct listed *l);

/* Is there any input of this size? A file need not be read to know that it is not listed. */
bool listed_size(const struct listed *l, uint64_t size);
/* The number of the n-th bundle (from 0) that lists an input; UINT32_MAX: no more do. */
uint32_t listed_in(const struct listed *l, uint64_t size, const struct sha256 *digest, size_t n);

#endif
