/*
 * keys.c: fingerprints of keys, and the shape of their index.
 * What is computed here depends on its arguments alone, on every machine.
 * It must never be changed without a new version of the format.
 */
#include "bundle/keys.h"

#include <xxhash.h>

/* KEYS_PER_PAGE is 2^13. */
#define PER_PAGE_BITS 13
_Static_assert(KEYS_PER_PAGE == 1 << PER_PAGE_BITS, "entries of a page");

/* --- fingerprints --- */

static const char *bytes_of(struct slice s)
{
	return s.len == 0 ? "" : s.data;
}

uint64_t keys_fingerprint(struct slice name, struct slice value)
{
	uint64_t seed = XXH3_64bits(bytes_of(name), name.len);

	return XXH3_64bits_withSeed(bytes_of(value), value.len, seed);
}

static inline bool eight_digits(const char *p)
{
	const uint64_t ones = 0x0101010101010101, highs = ones * 0xf0;
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return (word & highs) == ones * 0x30 && ((word + ones * 6) & highs) == ones * 0x30;
}

void keys_phone_digits(struct slice value, struct buf *out)
{
	const char *p = value.data, *end = p + value.len;
	char *to;

	if (value.len == 0 || buf_reserve(out, value.len) != 0)
		return;
	for (to = out->data + out->len; p < end;) {
		if (end - p >= 8 && eight_digits(p)) {
			memcpy(to, p, 8);
			to += 8;
			p += 8;
			continue;
		}
		*to = *p;
		to += (unsigned char)(*p++ - '0') <= 9;
	}
	out->len = (size_t)(to - out->data);
}

/* --- the shape --- */

/* The least b for which 2^b >= n; n is at most 2^63. */
static uint8_t bits_for(uint64_t n)
{
	uint8_t b = 0;

	while ((uint64_t)1 << b < n)
		b++;
	return b;
}

struct keys_shape keys_shape_for(uint64_t entries, uint32_t frames)
{
	struct keys_shape shape = {.entries = entries, .frames = frames};

	if (entries == 0)
		return shape;
	uint8_t bits = bits_for(entries < SORTER_MOST ? entries : SORTER_MOST);
	shape.page_bits = bits > PER_PAGE_BITS ? bits - PER_PAGE_BITS : 0;
	shape.print_bits = bits + KEYS_SPARE_BITS;
	shape.frame_bits = bits_for(frames);
	return shape;
}

bool keys_shape_valid(const struct keys_shape *shape)
{
	struct keys_shape right = keys_shape_for(shape->entries, shape->frames);

	return shape->entries <= SORTER_MOST && (shape->entries == 0 || shape->frames > 0) &&
	       shape->page_bits == right.page_bits && shape->print_bits == right.print_bits &&
	       shape->frame_bits == right.frame_bits;
}

uint32_t keys_page_count(const struct keys_shape *shape)
{
	return shape->entries == 0 ? 0 : (uint32_t)1 << shape->page_bits;
}
