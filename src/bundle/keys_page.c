/*
 * keys_page.c: finds a fingerprint in a page of the index of keys.
 * The page comes from a file and may hold anything; it is read to its end before any of it is told.
 * It must never read outside the page, take memory, or let through a page that has two meanings.
 */
#include "bundle/keys.h"
#include "bundle/keys_bits.h"

/* The entries of a page, one after the other. */
struct entries {
	const struct keys_shape *shape;
	struct bit_reader bits;
	uint32_t left; /* entries to come */
	bool any;      /* there was one: print and frame are its */
	uint32_t print, frame;
};

static int fail(struct error *e, const char *what)
{
	return error_set(e, ERROR_BUNDLE, "a page of the index is damaged (%s)", what);
}

static int open_page(const struct keys_shape *shape, struct slice page, struct entries *s,
		     struct error *e)
{
	uint32_t count;

	if (page.len < KEYS_COUNT_BYTES || page.len > UINT32_MAX)
		return fail(e, "its size");
	memcpy(&count, page.data, sizeof(count));
	*s = (struct entries){.shape = shape, .left = le32toh(count)};
	s->bits.data = (const unsigned char *)page.data + KEYS_COUNT_BYTES;
	s->bits.len = page.len - KEYS_COUNT_BYTES;
	/* The least that an entry takes is a print equal to the one before, and a frame. */
	if (s->left > shape->entries ||
	    s->left > bit_left(&s->bits) / (1u + KEYS_RICE_BITS + shape->frame_bits))
		return fail(e, "its number of entries");
	return 0;
}

/* Takes the next entry, of which there must be one. */
static int step(struct entries *s, struct error *e)
{
	uint32_t most = ((uint32_t)1 << keys_bits_of_print(s->shape)) - 1;
	uint32_t high, low, frame;

	if (!bit_zeros(&s->bits, (most - s->print) >> KEYS_RICE_BITS, &high) ||
	    !bit_get(&s->bits, KEYS_RICE_BITS, &low) ||
	    !bit_get(&s->bits, s->shape->frame_bits, &frame))
		return fail(e, "a fingerprint");
	uint32_t difference = high << KEYS_RICE_BITS | low;
	if (difference > most - s->print)
		return fail(e, "a fingerprint");
	if (frame >= s->shape->frames)
		return fail(e, "the number of a frame");
	if (s->any && difference == 0 && frame <= s->frame)
		return fail(e, "the order of its entries");
	s->any = true;
	s->print += difference;
	s->frame = frame;
	s->left--;
	return 0;
}

/* Fewer than 8 bits, all zero. */
static int at_end(const struct entries *s, struct error *e)
{
	if (bit_left(&s->bits) >= 8 || bit_peek(&s->bits) != 0)
		return fail(e, "there is more after its last entry");
	return 0;
}

/* Reads the whole page. *first is where the entries of `print` begin; false if there are none. */
static int check(struct entries *s, uint32_t print, struct entries *first, bool *found,
		 struct error *e)
{
	*found = false;
	while (s->left > 0) {
		if (!*found)
			*first = *s;
		if (step(s, e) != 0)
			return -1;
		if (s->print == print)
			*found = true;
	}
	return at_end(s, e);
}

uint32_t keys_page_of(const struct keys_shape *shape, uint64_t fingerprint)
{
	return shape->page_bits == 0 ? 0 : (uint32_t)(fingerprint >> (64 - shape->page_bits));
}

int keys_page_find(const struct keys_shape *shape, struct slice page, uint64_t fingerprint,
		   int (*found)(void *arg, uint32_t frame), void *arg, struct error *e)
{
	uint32_t print = keys_bits_print(shape, fingerprint);
	struct entries s, first;
	bool any;

	if (open_page(shape, page, &s, e) != 0 || check(&s, print, &first, &any, e) != 0)
		return -1;
	while (any && first.left > 0) {
		if (step(&first, e) != 0)
			return -1;
		if (first.print != print)
			break;
		int result = found(arg, first.frame);
		if (result != 0)
			return result;
	}
	return 0;
}

int keys_page_find_all(const struct keys_shape *shape, struct slice page,
		       const uint64_t *fingerprints, size_t count,
		       int (*found)(void *arg, size_t which, uint32_t frame), void *arg,
		       struct error *e)
{
	struct entries s, begin;
	size_t next = 0; /* the first whose print is not below the entry's */
	bool any;

	if (open_page(shape, page, &s, e) != 0)
		return -1;
	begin = s;
	if (check(&s, 0, &(struct entries){0}, &any, e) != 0)
		return -1;
	while (begin.left > 0 && next < count) {
		if (step(&begin, e) != 0)
			return -1;
		while (next < count && keys_bits_print(shape, fingerprints[next]) < begin.print)
			next++;
		for (size_t i = next; i < count; i++) {
			if (keys_bits_print(shape, fingerprints[i]) != begin.print)
				break;
			int result = found(arg, i, begin.frame);
			if (result != 0)
				return result;
		}
	}
	return 0;
}
