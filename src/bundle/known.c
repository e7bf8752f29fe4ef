/*
 * known.c: fingerprints to rows, by open addressing with linear probing.
 * The way from a row's first slot to its slot leads over slots of lower rows only, so the newest
 * rows are forgotten by emptying their slots. Sizes depend on the number of rows alone.
 * It must never depend on the order of the fingerprints: they are different in every run.
 */
#include "bundle/known.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST 16

void known_free(struct known *k)
{
	free(k->rows);
	free(k->slots);
	*k = (struct known){0};
}

/* The slot of this fingerprint, or the empty one where it would be put. There must be slots. */
static size_t slot_of(const struct known *k, const struct keyed_print *print)
{
	size_t mask = k->slots_cap - 1;
	size_t at = (size_t)print->word[0] & mask;

	while (k->slots[at] != 0 && !keyed_equal(&k->rows[k->slots[at] - 1].print, print))
		at = (at + 1) & mask;
	return at;
}

uint32_t known_find(const struct known *k, const struct keyed_print *print)
{
	if (k->count == 0)
		return KNOWN_NONE;
	uint32_t content = k->slots[slot_of(k, print)];
	return content == 0 ? KNOWN_NONE : content - 1;
}

/* An eighth more, not twice as much: these are most of the memory. */
static size_t rows_next(const struct known *k)
{
	return k->count < k->rows_cap ? k->rows_cap : k->rows_cap + k->rows_cap / 8 + 4;
}

static size_t slots_next(const struct known *k)
{
	if (k->count < k->slots_cap / 3 * 2)
		return k->slots_cap;
	return k->slots_cap == 0 ? SLOTS_FIRST : k->slots_cap * 2;
}

size_t known_bytes(const struct known *k)
{
	return k->rows_cap * sizeof(*k->rows) + k->slots_cap * sizeof(*k->slots);
}

size_t known_needs(const struct known *k)
{
	if (k->count == KNOWN_NONE - 1)
		return SIZE_MAX;
	return (rows_next(k) - k->rows_cap) * sizeof(*k->rows) +
	       (slots_next(k) - k->slots_cap) * sizeof(*k->slots);
}

static int rows_resize(struct known *k, size_t cap)
{
	struct known_row *rows = realloc(k->rows, cap * sizeof(*rows));

	if (rows == NULL)
		return -1;
	k->rows = rows;
	k->rows_cap = cap;
	return 0;
}

/* Puts all rows into new slots, lowest first. */
static int slots_resize(struct known *k, size_t cap)
{
	uint32_t *slots = calloc(cap, sizeof(*slots));

	if (slots == NULL)
		return -1;
	for (uint32_t row = 0; row < k->count; row++) {
		size_t at = (size_t)k->rows[row].print.word[0] & (cap - 1);

		while (slots[at] != 0)
			at = (at + 1) & (cap - 1);
		slots[at] = row + 1;
	}
	free(k->slots);
	k->slots = slots;
	k->slots_cap = cap;
	return 0;
}

int known_add(struct known *k, const struct keyed_print *print, uint32_t line)
{
	size_t rows_cap = rows_next(k);
	size_t slots_cap = slots_next(k);

	if (k->count == KNOWN_NONE - 1)
		return -1;
	if (rows_cap != k->rows_cap && rows_resize(k, rows_cap) != 0)
		return -1;
	if (slots_cap != k->slots_cap && slots_resize(k, slots_cap) != 0)
		return -1;
	k->slots[slot_of(k, print)] = k->count + 1;
	k->rows[k->count++] = (struct known_row){*print, line, 0};
	return 0;
}

void known_truncate(struct known *k, uint32_t count)
{
	while (k->count > count) {
		uint32_t row = k->count - 1;

		k->slots[slot_of(k, &k->rows[row].print)] = 0;
		k->count = row;
	}
}
