/*
 * keys.h: the index of keys: index/keys.bin (callroll-bundle(5), INDEX).
 *
 * An entry is a fingerprint of (key name, value) and a frame that holds a line with it. Entries are
 * sorted by fingerprint. The top bits of a fingerprint choose the page; a page is one frame of the
 * bundle. Of n entries, log2(n) + 4 bits of the fingerprint are kept, as differences, and
 * log2(frames) bits of the frame: about 2 bytes. A value that is in no line finds a frame in 1 of
 * 16 to 32 cases; that only costs reading one more frame, because the line itself is compared.
 *
 * The hash has a fixed seed, so that the same inputs give the same bundle, and it is no secret:
 * values can be made to share a print or a page. That costs work and never an answer. At worst a
 * lookup reads its page, whose size is linear in the values made to share it, and then each frame
 * that holds one of those, once: no more than a scan reads.
 */
#ifndef BUNDLE_KEYS_H
#define BUNDLE_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"
#include "bundle/sorter.h"

/* XXH3 (64 bits) of the value's bytes (unescaped), its seed the XXH3 (64 bits, seed 0) of the key's
 * name. */
uint64_t keys_fingerprint(struct slice name, struct slice value);
/* The value of a phone key: its ASCII digits alone; appended to *out, which may say failed. */
void keys_phone_digits(struct slice value, struct buf *out);

/* --- the shape --- */

/* What a reader must know of the index; stands in trailer.json. The bits follow from the rest. */
struct keys_shape {
	uint64_t entries; /* sorter_count; the pages have as many or fewer: equal ones are joined */
	uint32_t frames;  /* frame numbers are below this */
	uint8_t page_bits;  /* there are 2^page_bits pages; none if no entries */
	uint8_t print_bits; /* of a fingerprint, the top ones; page_bits and 4 to 17 more */
	uint8_t frame_bits; /* of a frame number: at most 32 */
};
#define KEYS_PER_PAGE 8192 /* half as many to as many, on average */
/* A fingerprint has so many more bits than are needed to number the entries. */
#define KEYS_SPARE_BITS 4

/*
 * The shape for so many entries (at most SORTER_MOST) and frames (at least 1 if there are entries).
 * With B(n) the least b for which 2^b >= n, and B(0) = 0:
 *
 *   page_bits  = B(entries) - 13, or 0 if that is less
 *   print_bits = B(entries) + 4
 *   frame_bits = B(frames)
 *
 * and all three are 0 if there are no entries.
 */
struct keys_shape keys_shape_for(uint64_t entries, uint32_t frames);
/* Is it one that keys_shape_for gives? A reader asks before it believes. */
bool keys_shape_valid(const struct keys_shape *shape);
/* How many pages there are. */
uint32_t keys_page_count(const struct keys_shape *shape);

/*
 * --- pages ---
 *
 * A page holds the entries whose fingerprints have the page's number as their top page_bits bits:
 * of each its print, which is the next print_bits - page_bits bits of the fingerprint as a number,
 * and its frame. Entries are sorted by print, then by frame; no two are equal. A page is
 *
 *   offset  size
 *        0     4  u32 n, the number of entries; may be 0
 *        4        a string of bits: for each entry
 *                   o  d, the difference between its print and that of the entry before (for the
 *                      first one, its print), as a Rice code: d >> 4 bits 0, one bit 1, then
 *                      d & 15 as a number of 4 bits
 *                   o  its frame as a number of frame_bits bits
 *                 and then as many bits 0, at most 7, as fill the last byte
 *
 * and nothing else. The first bit of a byte is its least significant one, and so is the first bit
 * of a number. A difference is 16 to 32 on average, so it takes about 6 bits.
 */
#define KEYS_RICE_BITS KEYS_SPARE_BITS

/* Makes the pages from the entries of a sorter, for which `shape` was made. Both must outlive it.
 * NULL: no memory. */
struct keys_pages;
struct keys_pages *keys_pages_new(struct sorter *s, const struct keys_shape *shape);
/* What the entries have as their frame is no number of a frame of the bundle: `frame_of` says that.
 */
typedef uint32_t keys_frame_of(const void *arg, uint32_t place);
void keys_pages_place(struct keys_pages *p, keys_frame_of *frame_of, const void *arg);
void keys_pages_free(struct keys_pages *p); /* NULL is fine */
/*
 * Appends the next page, beginning with page 0; to be called keys_page_count times. 0 or -1.
 * ERROR_LIMIT: a page is larger than a frame may be; it takes a hundred million values or more that
 * were made to share it. Memory: the page (out), and 16 bytes for each frame of the bundle.
 */
int keys_pages_next(struct keys_pages *p, struct buf *out, struct error *e);

/* The page of a fingerprint. There must be pages. */
uint32_t keys_page_of(const struct keys_shape *shape, uint64_t fingerprint);
/*
 * Finds a fingerprint in its page: calls `found` with each frame, ascending, until it returns
 * non-zero. 0, that value, or -1 with ERROR_BUNDLE: the page is not exactly of the form; then
 * `found` was not called. `shape` must be valid and have pages. Takes time in proportion to the
 * page (about 6 ns an entry), and no memory.
 */
int keys_page_find(const struct keys_shape *shape, struct slice page, uint64_t fingerprint,
		   int (*found)(void *arg, uint32_t frame), void *arg, struct error *e);
/*
 * The same for `count` fingerprints of that page at once, in ascending order: takes hardly longer
 * than for one. `which` is the fingerprint's place among them. Frames of one are told ascending;
 * those of several may alternate.
 */
int keys_page_find_all(const struct keys_shape *shape, struct slice page,
		       const uint64_t *fingerprints, size_t count,
		       int (*found)(void *arg, size_t which, uint32_t frame), void *arg,
		       struct error *e);

#endif
