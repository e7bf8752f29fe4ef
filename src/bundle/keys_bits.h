/*
 * keys_bits.h: the bits of a page of keys (keys.h), least significant first; what the writer and
 * the reader of a page share.
 */
#ifndef BUNDLE_KEYS_BITS_H
#define BUNDLE_KEYS_BITS_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "bundle/keys.h"

#define KEYS_COUNT_BYTES 4

/* The bits of a print, at most 17: its page's are not stored. */
static inline unsigned keys_bits_of_print(const struct keys_shape *shape)
{
	return (unsigned)shape->print_bits - shape->page_bits;
}

static inline uint32_t keys_bits_print(const struct keys_shape *shape, uint64_t fingerprint)
{
	return (uint32_t)(fingerprint << shape->page_bits >> (64 - keys_bits_of_print(shape)));
}

/* --- writing --- */

struct bit_writer {
	struct buf *out;
	uint64_t bits;  /* not in *out yet */
	unsigned count; /* of these, fewer than 32 */
};

/* `count` is at most 32, and `value` has no other bits. */
static inline void bit_put(struct bit_writer *w, uint32_t value, unsigned count)
{
	w->bits |= (uint64_t)value << w->count;
	w->count += count;
	if (w->count >= 32) {
		uint32_t le = htole32((uint32_t)w->bits);
		buf_append(w->out, &le, sizeof(le));
		w->bits >>= 32;
		w->count -= 32;
	}
}

/* Fills the last byte with zeros. */
static inline void bit_end(struct bit_writer *w)
{
	uint32_t le = htole32((uint32_t)w->bits);

	buf_append(w->out, &le, (w->count + 7) / 8);
}

/* --- reading --- */

struct bit_reader {
	const unsigned char *data;
	size_t len; /* in bytes, at most SIZE_MAX / 8 */
	size_t at;  /* in bits */
};

static inline size_t bit_left(const struct bit_reader *r)
{
	return r->len * 8 - r->at;
}

/* The next 57 bits or more; zeros after the end. */
static inline uint64_t bit_peek(const struct bit_reader *r)
{
	size_t byte = r->at / 8;
	uint64_t le = 0;

	if (r->len - byte >= sizeof(le))
		memcpy(&le, r->data + byte, sizeof(le));
	else
		memcpy(&le, r->data + byte, r->len - byte);
	return le64toh(le) >> (r->at % 8);
}

/* A number of `count` bits, at most 32. False: there are not so many. */
static inline bool bit_get(struct bit_reader *r, unsigned count, uint32_t *value)
{
	if (bit_left(r) < count)
		return false;
	*value = (uint32_t)(bit_peek(r) & (((uint64_t)1 << count) - 1));
	r->at += count;
	return true;
}

/* Takes the bits 0 before the next bit 1, at most `most`, and that. False: it is not so. */
static inline bool bit_zeros(struct bit_reader *r, uint32_t most, uint32_t *zeros)
{
	uint32_t count = 0;

	for (;;) {
		uint64_t next = bit_peek(r);
		unsigned some = next == 0 ? 57 : (unsigned)__builtin_ctzll(next);
		if (some > most - count || bit_left(r) <= some)
			return false;
		count += some;
		r->at += some;
		if (next != 0)
			break;
	}
	r->at++;
	*zeros = count;
	return true;
}

#endif
