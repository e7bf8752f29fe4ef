/*
 * known.h: the recipient lines of one batch that are known: fingerprint to row, row to line.
 * Rows are numbered from 0 as they are added; the newest can be forgotten again.
 */
#ifndef BUNDLE_KNOWN_H
#define BUNDLE_KNOWN_H

#include <stddef.h>
#include <stdint.h>

#include "base/keyed.h"

struct known_row {
	struct keyed_print print;
	uint32_t line; /* its number, less that of the batch's first line */
	uint32_t at;   /* where the batch's list has this row, if it has it there; see runs.h */
};

/* All zero: empty. The caller reads rows and may change their `at`. */
struct known {
	struct known_row *rows;
	uint32_t *slots; /* a row + 1, or 0: empty; at most two of three are taken */
	size_t rows_cap;
	size_t slots_cap; /* 0 or a power of two */
	uint32_t count;
};

#define KNOWN_NONE UINT32_MAX

void known_free(struct known *k); /* it is empty afterwards */

/* The row with this fingerprint, or KNOWN_NONE. */
uint32_t known_find(const struct known *k, const struct keyed_print *print);

/* Adds a row that is not there, with `at` 0. 0, or -1: no memory, and the rows are as they were. */
int known_add(struct known *k, const struct keyed_print *print, uint32_t line);

/* Forgets the rows from `count` on. */
void known_truncate(struct known *k, uint32_t count);

/* Bytes of memory now, and by how many the next known_add enlarges them (SIZE_MAX: it cannot). */
size_t known_bytes(const struct known *k);
size_t known_needs(const struct known *k);

#endif
