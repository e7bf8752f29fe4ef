/*
 * keys_pages.c: makes the pages of the index of keys from sorted entries.
 * The frames of one print are brought together first: fingerprints that share it come one after the
 * other, each with its own frames. It must never hold more than that and the page itself.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "bundle/keys.h"
#include "bundle/keys_bits.h"

#define FRAMES_FIRST 64

struct keys_pages {
	struct sorter *sorter;
	const struct keys_shape *shape;
	keys_frame_of *frame_of;
	const void *arg;
	struct sorter_entry next; /* not in a page yet */
	int have;         /* 1: there is `next`; 0: no more entries; -1: none was asked for */
	uint32_t page;    /* the next one */
	uint64_t entries; /* in all pages */
	uint32_t *frames; /* of one print */
	size_t count, cap;
};

struct keys_pages *keys_pages_new(struct sorter *s, const struct keys_shape *shape)
{
	struct keys_pages *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->sorter = s;
	p->shape = shape;
	p->have = -1;
	return p;
}

void keys_pages_place(struct keys_pages *p, keys_frame_of *frame_of, const void *arg)
{
	p->frame_of = frame_of;
	p->arg = arg;
}

void keys_pages_free(struct keys_pages *p)
{
	if (p == NULL)
		return;
	free(p->frames);
	free(p);
}

/* Brings up the next entry. 0 or -1. */
static int take(struct keys_pages *p, struct error *e)
{
	int have = sorter_next(p->sorter, &p->next, e);

	if (have < 0)
		return -1;
	p->have = have;
	if (have == 0)
		return 0;
	if (p->frame_of != NULL)
		p->next.frame = p->frame_of(p->arg, p->next.frame);
	if (p->next.frame >= p->shape->frames || p->entries == p->shape->entries)
		return error_set(e, ERROR_USAGE, "the index has another shape than its entries");
	p->entries++;
	return 0;
}

/* --- the frames of one print --- */

static int compare_frames(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Sorts them, equal ones become one. Those of one fingerprint are in order already. */
static void tidy(struct keys_pages *p)
{
	size_t kept = 0, i = 1;

	while (i < p->count && p->frames[i] > p->frames[i - 1])
		i++;
	if (i >= p->count)
		return;
	qsort(p->frames, p->count, sizeof(*p->frames), compare_frames);
	for (i = 0; i < p->count; i++) {
		if (kept == 0 || p->frames[i] != p->frames[kept - 1])
			p->frames[kept++] = p->frames[i];
	}
	p->count = kept;
}

/* Tidied before it grows, the array has never more than four times the frames of the bundle. */
static int add_frame(struct keys_pages *p, uint32_t frame, struct error *e)
{
	if (p->count == p->cap) {
		tidy(p);
		size_t need = p->cap == 0 ? FRAMES_FIRST : p->cap * 2;
		if (p->count >= p->cap / 2 &&
		    array_reserve(&p->frames, &p->cap, need, sizeof(*p->frames)) != 0)
			return error_memory(e);
	}
	p->frames[p->count++] = frame;
	return 0;
}

/* All frames of the print of the next entry. */
static int gather(struct keys_pages *p, uint32_t print, struct error *e)
{
	p->count = 0;
	do {
		if (add_frame(p, p->next.frame, e) != 0 || take(p, e) != 0)
			return -1;
	} while (p->have == 1 && keys_page_of(p->shape, p->next.fingerprint) == p->page &&
		 keys_bits_print(p->shape, p->next.fingerprint) == print);
	tidy(p);
	return 0;
}

/* --- a page --- */

static void put_difference(struct bit_writer *w, uint32_t d)
{
	uint32_t zeros = d >> KEYS_RICE_BITS;

	for (; zeros >= 31; zeros -= 31)
		bit_put(w, 0, 31);
	bit_put(w, (uint32_t)1 << zeros, zeros + 1);
	bit_put(w, d & ((1u << KEYS_RICE_BITS) - 1), KEYS_RICE_BITS);
}

static int put_entries(struct keys_pages *p, struct bit_writer *w, uint64_t *n, struct error *e)
{
	size_t start = w->out->len;
	uint32_t last = 0;

	while (p->have == 1 && keys_page_of(p->shape, p->next.fingerprint) == p->page) {
		uint32_t print = keys_bits_print(p->shape, p->next.fingerprint);
		if (gather(p, print, e) != 0)
			return -1;
		for (size_t i = 0; i < p->count; i++) {
			put_difference(w, print - last);
			bit_put(w, p->frames[i], p->shape->frame_bits);
			last = print;
		}
		*n += p->count;
		if (w->out->len - start > LIMIT_FRAME_RAW - KIB)
			return error_set(e, ERROR_LIMIT, "too many keys for one page of the index");
	}
	bit_end(w);
	return 0;
}

int keys_pages_next(struct keys_pages *p, struct buf *out, struct error *e)
{
	struct bit_writer w = {.out = out};
	size_t start = out->len;
	uint64_t n = 0; /* fits 32 bits: the page fits a frame */
	uint32_t count = 0;

	if (p->page == keys_page_count(p->shape))
		return error_set(e, ERROR_USAGE, "the index has no more pages");
	buf_append(out, &count, KEYS_COUNT_BYTES);
	if ((p->have < 0 && take(p, e) != 0) || put_entries(p, &w, &n, e) != 0)
		return -1;
	if (out->failed)
		return error_memory(e);
	count = htole32((uint32_t)n);
	memcpy(out->data + start, &count, KEYS_COUNT_BYTES);
	p->page++;
	return 0;
}
