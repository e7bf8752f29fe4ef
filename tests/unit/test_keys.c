/*
 * test_keys.c: tests of bundle/keys.c, bundle/keys_pages.c and bundle/keys_page.c.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "bundle/keys.h"
#include "numbers.h"

Suite *keys_suite(void);

/* --- an index in memory --- */

struct index {
	struct keys_shape shape;
	struct buf bytes;
	size_t *end; /* of each page in bytes */
};

static struct index index_make(const struct sorter_entry *entries, size_t n, uint32_t frames)
{
	struct error e = {.kind = ERROR_NONE};
	struct sorter *s = sorter_new(NULL, n < SORTER_RUN ? n + 1 : SORTER_RUN);
	struct index x = {.bytes = BUF_INIT};

	for (size_t i = 0; i < n; i++)
		EXPECT(sorter_add(s, entries[i], &e) == 0);
	x.shape = keys_shape_for(sorter_count(s), frames);
	EXPECT(keys_shape_valid(&x.shape));
	uint32_t pages = keys_page_count(&x.shape);
	struct keys_pages *p = keys_pages_new(s, &x.shape);
	x.end = calloc((size_t)pages + 1, sizeof(*x.end));
	for (uint32_t i = 0; i < pages; i++) {
		EXPECT(keys_pages_next(p, &x.bytes, &e) == 0);
		x.end[i] = x.bytes.len;
	}
	EXPECT(keys_pages_next(p, &x.bytes, &e) == -1);
	EXPECT(e.kind == ERROR_USAGE);
	keys_pages_free(p);
	sorter_free(s);
	return x;
}

static void index_free(struct index *x)
{
	buf_free(&x->bytes);
	free(x->end);
}

static struct slice index_page(const struct index *x, uint32_t page)
{
	size_t start = page == 0 ? 0 : x->end[page - 1];

	return slice_of(x->bytes.data + start, x->end[page] - start);
}

/* What was found. */
struct frames {
	uint32_t *frame;
	size_t count, cap;
	size_t most; /* stop there */
};

static int take(void *arg, uint32_t frame)
{
	struct frames *f = arg;

	EXPECT(array_reserve(&f->frame, &f->cap, f->count + 1, sizeof(*f->frame)) == 0);
	if (f->count > 0)
		EXPECT(frame > f->frame[f->count - 1]);
	f->frame[f->count++] = frame;
	return f->count == f->most ? 17 : 0;
}

static void index_find(const struct index *x, uint64_t fingerprint, struct frames *f)
{
	struct error e = {.kind = ERROR_NONE};
	struct slice page = index_page(x, keys_page_of(&x->shape, fingerprint));

	f->count = 0;
	EXPECT(keys_page_find(&x->shape, page, fingerprint, take, f, &e) == 0);
}

/* A page in memory of its exact size, so that a byte read behind it is noticed. */
static int find_in_copy(const struct keys_shape *shape, struct slice page, uint64_t fingerprint,
			struct frames *f, struct error *e)
{
	char *copy = malloc(page.len);

	if (page.len > 0)
		memcpy(copy, page.data, page.len);
	f->count = 0;
	e->kind = ERROR_NONE;
	int result = keys_page_find(shape, slice_of(copy, page.len), fingerprint, take, f, e);
	free(copy);
	if (result != 0) {
		EXPECT(result == -1);
		EXPECT(e->kind == ERROR_BUNDLE);
		EXPECT(f->count == 0);
	}
	return result;
}

/* --- fingerprints and shapes --- */

START_TEST(fingerprints)
{
	struct slice none = {NULL, 0};
	struct slice id = SLICE("id");
	char big[5000];

	/* These stand in bundles: they must never change. */
	memset(big, 'x', sizeof(big));
	ck_assert_uint_eq(keys_fingerprint(id, SLICE("btcal_1")), 0xe2ab4624251d137e);
	ck_assert_uint_eq(keys_fingerprint(SLICE("phone_number"), SLICE("14155550123")),
			  0x2833d512d10a7ae5);
	ck_assert_uint_eq(keys_fingerprint(none, none), 0x412f1275e10017f3);
	ck_assert_uint_eq(keys_fingerprint(id, slice_of(big, sizeof(big))), 0xd541388cace302bf);
	ck_assert_uint_eq(keys_fingerprint(id, none), keys_fingerprint(id, SLICE("")));
	ck_assert_uint_ne(keys_fingerprint(SLICE("a"), SLICE("bc")),
			  keys_fingerprint(SLICE("ab"), SLICE("c")));
	ck_assert_uint_ne(keys_fingerprint(SLICE("a"), none), keys_fingerprint(none, SLICE("a")));
	ck_assert_uint_ne(keys_fingerprint(id, SLICE("a\0")), keys_fingerprint(id, SLICE("a")));
}
END_TEST

START_TEST(phone_digits)
{
	struct buf out = BUF_INIT;

	keys_phone_digits(SLICE("+1 (415) 555-0123 ext. \xd9\xa3"), &out);
	ck_assert(slice_equal(buf_view(&out), SLICE("14155550123")));
	keys_phone_digits(SLICE("/0\0009:"), &out);
	ck_assert(slice_equal(buf_view(&out), SLICE("1415555012309")));
	keys_phone_digits((struct slice){NULL, 0}, &out);
	ck_assert_uint_eq(out.len, 13);
	buf_free(&out);
}
END_TEST

START_TEST(shapes)
{
	static const struct {
		uint64_t entries;
		uint32_t frames;
		uint8_t page_bits, print_bits, frame_bits;
		uint32_t pages;
	} rows[] = {
		{0, 0, 0, 0, 0, 0},
		{0, 7, 0, 0, 0, 0},
		{1, 1, 0, 4, 0, 1},
		{2, 2, 0, 5, 1, 1},
		{3, 3, 0, 6, 2, 1},
		{8191, 256, 0, 17, 8, 1},
		{8192, 257, 0, 17, 9, 1},
		{8193, 1000, 1, 18, 10, 2},
		{8000000, 2000, 10, 27, 11, 1024},
		{100000000, 25000, 14, 31, 15, 16384},
		{SORTER_MOST, UINT32_MAX, 27, 44, 32, 1 << 27},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct keys_shape s = keys_shape_for(rows[i].entries, rows[i].frames);
		ck_assert_uint_eq(s.entries, rows[i].entries);
		ck_assert_uint_eq(s.frames, rows[i].frames);
		ck_assert_uint_eq(s.page_bits, rows[i].page_bits);
		ck_assert_uint_eq(s.print_bits, rows[i].print_bits);
		ck_assert_uint_eq(s.frame_bits, rows[i].frame_bits);
		ck_assert_uint_eq(keys_page_count(&s), rows[i].pages);
		ck_assert(keys_shape_valid(&s));
	}
}
END_TEST

START_TEST(wrong_shapes)
{
	/* The right one is 100000, 300, 4, 21, 9. */
	static const struct keys_shape wrong[] = {
		{100000, 300, 5, 21, 9},
		{100000, 300, 4, 255, 9},
		{100000, 300, 4, 21, 0},
		{10, 300, 4, 21, 9},
		{100000, 700, 4, 21, 9},
		{5, 0, 0, 7, 0},
		{0, 1, 0, 4, 0},
		{SORTER_MOST + 1, 7, 27, 44, 3},
		{UINT64_MAX, 7, 27, 44, 3},
	};
	struct keys_shape right = keys_shape_for(100000, 300);

	ck_assert(keys_shape_valid(&right));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert(!keys_shape_valid(&wrong[i]));
}
END_TEST

/* --- what is put in is found --- */

static int compare(const void *a, const void *b)
{
	const struct sorter_entry *x = a, *y = b;

	if (x->fingerprint != y->fingerprint)
		return x->fingerprint < y->fingerprint ? -1 : 1;
	return (x->frame > y->frame) - (x->frame < y->frame);
}

/* Where the entries of a print begin in the sorted array, or would begin. */
static size_t lower(const struct sorter_entry *all, size_t n, uint64_t print, unsigned drop)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (all[middle].fingerprint >> drop < print)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Exactly the frames of the entries that share its print are found; `all` is sorted. */
static void expect_found(const struct index *x, const struct sorter_entry *all, size_t n,
			 uint64_t fingerprint, struct frames *f)
{
	unsigned drop = 64u - x->shape.print_bits;
	uint64_t print = fingerprint >> drop;
	struct sorter_entry want[200];
	size_t count = 0, different = 0;

	for (size_t i = lower(all, n, print, drop); i < n; i++) {
		if (all[i].fingerprint >> drop != print)
			break;
		EXPECT(count < 200);
		want[count++] = (struct sorter_entry){0, all[i].frame};
	}
	index_find(x, fingerprint, f);
	if (count > 0)
		qsort(want, count, sizeof(*want), compare);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && want[i].frame == want[i - 1].frame)
			continue;
		EXPECT(different < f->count);
		EXPECT(f->frame[different++] == want[i].frame);
	}
	EXPECT(f->count == different);
}

/* Of every 10 entries one has the key of an earlier one, and one is the same as an earlier one. */
static struct sorter_entry *make(size_t n, uint32_t frames)
{
	struct sorter_entry *all = calloc(n + 1, sizeof(*all));

	for (size_t i = 0; i < n; i++) {
		all[i].fingerprint = next_number();
		all[i].frame = (uint32_t)(i * frames / n);
		if (i % 10 == 8)
			all[i].fingerprint = all[next_number() % i].fingerprint;
		if (i % 10 == 9)
			all[i] = all[next_number() % i];
	}
	return all;
}

/* Some entries of all, and as many numbers that are no entries. */
static void expect_all_found(size_t n, uint32_t frames)
{
	struct sorter_entry *all = make(n, frames);
	struct index x = index_make(all, n, frames);
	struct frames f = {.count = 0};
	size_t step = n / 300 + 1;

	if (n > 0)
		qsort(all, n, sizeof(*all), compare);
	for (size_t i = 0; i < n; i += step) {
		expect_found(&x, all, n, all[i].fingerprint, &f);
		EXPECT(f.count >= 1);
		expect_found(&x, all, n, next_number(), &f);
	}
	free(all);
	free(f.frame);
	index_free(&x);
}

START_TEST(every_entry_is_found)
{
	static const size_t numbers[] = {1, 2, 3, 10, 100, 1000, 8190, 8191, 8192, 8193, 8200};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		expect_all_found(numbers[i], 1);
		expect_all_found(numbers[i], 2);
		expect_all_found(numbers[i], 1000);
	}
	expect_all_found(0, 5); /* no pages */
	expect_all_found(1000, UINT32_MAX);
	expect_all_found(100000, 300);
	expect_all_found(1000000, 2000);
}
END_TEST

/* At most one of 16 others finds a frame, and the index takes what it should. */
START_TEST(others_are_rarely_found)
{
	const size_t n = 16384, tries = 5000;
	struct sorter_entry *all = calloc(n, sizeof(*all));
	struct frames f = {.count = 0};
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		all[i] = (struct sorter_entry){next_number(), (uint32_t)(i * 256 / n)};
	struct index x = index_make(all, n, 256);
	for (size_t i = 0; i < tries; i++) {
		index_find(&x, next_number(), &f);
		found += f.count;
	}
	ck_assert_uint_ge(found, tries * 5 / 100);
	ck_assert_uint_le(found, tries * 8 / 100);
	/* 8 bits for the frame, fewer than 6 for the fingerprint. */
	ck_assert_uint_le(x.bytes.len, n * 14 / 8);
	free(all);
	free(f.frame);
	index_free(&x);
}
END_TEST

/* --- values made to collide --- */

START_TEST(one_key_in_every_frame)
{
	const uint32_t n = 100000;
	struct sorter_entry *all = calloc(n, sizeof(*all));
	struct frames f = {.count = 0};
	struct error e = {.kind = ERROR_NONE};

	for (uint32_t i = 0; i < n; i++)
		all[i] = (struct sorter_entry){UINT64_MAX / 3, n - 1 - i};
	struct index x = index_make(all, n, n);
	index_find(&x, UINT64_MAX / 3, &f);
	EXPECT(f.count == n);
	for (uint32_t i = 0; i < n; i++)
		EXPECT(f.frame[i] == i);
	index_find(&x, UINT64_MAX / 3 * 2, &f);
	EXPECT(f.count == 0);
	/* Whoever has enough says so. */
	f.most = 10;
	EXPECT(keys_page_find(&x.shape, index_page(&x, keys_page_of(&x.shape, UINT64_MAX / 3)),
			      UINT64_MAX / 3, take, &f, &e) == 17);
	EXPECT(f.count == 10);
	free(all);
	free(f.frame);
	index_free(&x);
}
END_TEST

/* Different fingerprints with one print: the frames of all, each once, in order. */
START_TEST(one_print_of_many_keys)
{
	const uint32_t n = 200000;
	struct sorter_entry *all = calloc(n, sizeof(*all));
	struct frames f = {.count = 0};

	for (uint32_t i = 0; i < n; i++)
		all[i] = (struct sorter_entry){i, (uint32_t)(next_number() % 700)};
	struct index x = index_make(all, n, 1000);
	index_find(&x, 0, &f);
	EXPECT(f.count == 700);
	for (uint32_t i = 0; i < 700; i++)
		EXPECT(f.frame[i] == i);
	EXPECT(x.bytes.len < 2000 + 4 * keys_page_count(&x.shape));
	free(all);
	free(f.frame);
	index_free(&x);
}
END_TEST

/* Many prints, all in the last page. */
START_TEST(one_page_of_many_keys)
{
	const uint32_t n = 100000;
	struct sorter_entry *all = calloc(n, sizeof(*all));
	struct frames f = {.count = 0};

	for (uint32_t i = 0; i < n; i++)
		all[i] = (struct sorter_entry){~(next_number() >> 4), i / 100};
	struct index x = index_make(all, n, 1000);
	EXPECT(index_page(&x, 0).len == 4);
	for (uint32_t i = 0; i < n; i += 1000) {
		size_t at = 0;
		index_find(&x, all[i].fingerprint, &f);
		while (at < f.count && f.frame[at] != all[i].frame)
			at++;
		EXPECT(at < f.count);
	}
	free(all);
	free(f.frame);
	index_free(&x);
}
END_TEST

static uint32_t backwards(const void *arg, uint32_t place)
{
	const uint32_t *top = arg;

	return *top - place / 2;
}

/* Places become frames when the pages are made: in order again, and each once. */
START_TEST(places_become_frames)
{
	struct error e = {.kind = ERROR_NONE};
	struct buf page = BUF_INIT;
	struct frames f = {.count = 0};
	struct sorter *s = sorter_new(NULL, 1000);
	uint32_t top = 99;

	for (uint32_t i = 0; i < 200; i++)
		EXPECT(sorter_add(s, (struct sorter_entry){5, i}, &e) == 0);
	struct keys_shape shape = keys_shape_for(200, top + 1);
	struct keys_pages *p = keys_pages_new(s, &shape);
	keys_pages_place(p, backwards, &top);
	ck_assert_int_eq(keys_pages_next(p, &page, &e), 0);
	ck_assert_int_eq(keys_page_find(&shape, buf_view(&page), 5, take, &f, &e), 0);
	ck_assert_uint_eq(f.count, 100);
	for (uint32_t i = 0; i < 100; i++)
		EXPECT(f.frame[i] == i);
	free(f.frame);
	buf_free(&page);
	keys_pages_free(p);
	sorter_free(s);
}
END_TEST

START_TEST(another_shape_is_refused)
{
	struct error e = {.kind = ERROR_NONE};
	struct buf out = BUF_INIT;
	struct keys_shape fewer_frames = keys_shape_for(1, 7), fewer_entries = keys_shape_for(1, 8);
	struct sorter *s = sorter_new(NULL, 10);
	struct keys_pages *p = keys_pages_new(s, &fewer_frames);

	ck_assert_int_eq(sorter_add(s, (struct sorter_entry){1, 7}, &e), 0);
	ck_assert_int_eq(keys_pages_next(p, &out, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_USAGE);
	keys_pages_free(p);
	sorter_free(s);
	e.kind = ERROR_NONE;
	s = sorter_new(NULL, 10);
	p = keys_pages_new(s, &fewer_entries);
	ck_assert_int_eq(sorter_add(s, (struct sorter_entry){1, 7}, &e), 0);
	ck_assert_int_eq(sorter_add(s, (struct sorter_entry){2, 7}, &e), 0);
	ck_assert_int_eq(keys_pages_next(p, &out, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_USAGE);
	keys_pages_free(p);
	keys_pages_free(NULL);
	sorter_free(s);
	buf_free(&out);
}
END_TEST

/* --- pages as bytes --- */

/* 3 entries of 5 frames: prints of 6 bits, frames of 3. */
START_TEST(exact_bytes)
{
	static const struct sorter_entry all[] = {
		{(uint64_t)37 << 58, 4}, {(uint64_t)2 << 58, 1}, {((uint64_t)37 << 58) + 1, 2}};
	struct index x = index_make(all, 3, 5);

	/*
	 * Bits in their order:  2: 1 0100, 1: 100;  35: 001 1100, 2: 010;  0: 1 0000, 4: 001
	 *       10100100 00111000 10100000 01
	 */
	ck_assert_uint_eq(x.bytes.len, 8);
	ck_assert_mem_eq(x.bytes.data, "\3\0\0\0\x25\x1c\x05\x02", 8);
	index_free(&x);
}
END_TEST

/* --- pages that are not of the form --- */

static void expect_refused(const struct keys_shape *shape, struct slice page)
{
	struct frames f = {.count = 0};
	struct error e;

	for (uint64_t print = 0; print < 16; print++)
		ck_assert_int_eq(find_in_copy(shape, page, print << 60, &f, &e), -1);
	free(f.frame);
}

START_TEST(pages_not_of_the_form)
{
	struct keys_shape shape = keys_shape_for(3, 5); /* as above */
	struct frames f = {.count = 0};
	struct error e;
	char page[9] = "\3\0\0\0\x25\x1c\x05\x02";

	ck_assert_int_eq(find_in_copy(&shape, slice_of(page, 8), 0, &f, &e), 0);
	ck_assert_int_eq(find_in_copy(&shape, SLICE("\0\0\0\0"), 0, &f, &e), 0);
	/* Cut, or longer. */
	for (size_t i = 0; i < 8; i++)
		expect_refused(&shape, slice_of(page, i));
	expect_refused(&shape, slice_of(page, 9));
	expect_refused(&shape, SLICE("\0\0\0\0\0"));
	/* Other numbers of entries. */
	expect_refused(&shape, SLICE("\2\0\0\0\x25\x1c\x05\x02"));
	expect_refused(&shape, SLICE("\4\0\0\0\x25\x1c\x05\x02\1\1\1\1\1"));
	expect_refused(&shape, SLICE("\xff\xff\xff\xff\x25\x1c\x05\x02"));
	/* As many as there are entries, and one more. */
	ck_assert_int_eq(find_in_copy(&shape, SLICE("\3\0\0\0\x01\x21\x41"), 0, &f, &e), 0);
	ck_assert_uint_eq(f.count, 3);
	expect_refused(&shape, SLICE("\4\0\0\0\x01\x21\x41\x61"));
	/* A bit after the end. */
	expect_refused(&shape, SLICE("\3\0\0\0\x25\x1c\x05\x06"));
	expect_refused(&shape, SLICE("\3\0\0\0\x25\x1c\x05\x82"));
	/* Frame 5 and frame 7; the same entry twice; frames that descend. */
	expect_refused(&shape, SLICE("\1\0\0\0\xa1"));
	expect_refused(&shape, SLICE("\1\0\0\0\xe1"));
	expect_refused(&shape, SLICE("\2\0\0\0\x25\x21"));
	expect_refused(&shape, SLICE("\2\0\0\0\x25\x01"));
	/* Prints of 64 and more, and zeros without an end. */
	expect_refused(&shape, SLICE("\1\0\0\0\x10\0"));
	expect_refused(&shape, SLICE("\2\0\0\0\xf8\0\x21"));
	expect_refused(&shape, SLICE("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
	free(f.frame);
}
END_TEST

/* Whatever is accepted has one encoding: written again, it is the same bytes. */
static void expect_same_again(const struct keys_shape *shape, struct slice page)
{
	struct sorter_entry all[64];
	struct frames f = {.count = 0};
	struct error e = {.kind = ERROR_NONE};
	struct buf out = BUF_INIT;
	struct sorter *s = sorter_new(NULL, 64);
	size_t n = 0;

	for (uint64_t print = 0; print < (uint64_t)1 << shape->print_bits; print++) {
		uint64_t fingerprint = print << (64 - shape->print_bits);
		EXPECT(find_in_copy(shape, page, fingerprint, &f, &e) == 0);
		for (size_t i = 0; i < f.count; i++) {
			EXPECT(n < 64);
			all[n++] = (struct sorter_entry){fingerprint, f.frame[i]};
		}
	}
	while (n > 0)
		EXPECT(sorter_add(s, all[--n], &e) == 0);
	struct keys_pages *p = keys_pages_new(s, shape);
	EXPECT(keys_pages_next(p, &out, &e) == 0);
	EXPECT(slice_equal(buf_view(&out), page));
	keys_pages_free(p);
	sorter_free(s);
	buf_free(&out);
	free(f.frame);
}

/* Flips, sets, cuts and lengthens; at most 8 bytes longer. */
static struct slice mutate(char *page, size_t len)
{
	for (uint64_t times = next_number() % 3 + 1; times > 0; times--) {
		uint64_t x = next_number();
		size_t at = x / 256 % len;
		if (x % 16 < 9)
			page[at] ^= (char)(1 << x / 16 % 8);
		else if (x % 16 < 13)
			page[at] = (char)(x / 16);
		else if (x % 16 == 13 && len > 1)
			len--;
		else if (x % 16 == 14)
			memset(page + at, 0, len - at);
		else
			memset(page + at, 0xff, len - at);
	}
	for (uint64_t more = next_number() % 64; more > 60; more--)
		page[len++] = (char)next_number();
	return slice_of(page, len);
}

START_TEST(mutated_small_pages)
{
	unsigned accepted = 0;

	for (unsigned round = 0; round < 20000; round++) {
		uint32_t n = 1 + round % 10, frames = 1 + round % 13;
		struct sorter_entry all[10];
		struct frames f = {.count = 0};
		struct error e;
		char page[256];

		for (uint32_t i = 0; i < n; i++)
			all[i] = (struct sorter_entry){next_number(),
						       (uint32_t)(next_number() % frames)};
		struct index x = index_make(all, n, frames);
		EXPECT(x.bytes.len < sizeof(page) - 8);
		memcpy(page, x.bytes.data, x.bytes.len);
		struct slice changed = mutate(page, x.bytes.len);
		if (find_in_copy(&x.shape, changed, next_number(), &f, &e) == 0) {
			expect_same_again(&x.shape, changed);
			accepted++;
		}
		free(f.frame);
		index_free(&x);
	}
	EXPECT(accepted > 1000);
	EXPECT(accepted < 19000);
}
END_TEST

START_TEST(mutated_large_pages)
{
	const size_t n = 40000;
	struct sorter_entry *all = make(n, 1000);
	struct index x = index_make(all, n, 1000);
	struct slice page = index_page(&x, 1);
	char *changed = malloc(page.len + 8);
	struct frames f = {.count = 0};
	struct error e;

	for (unsigned round = 0; round < 1000; round++) {
		memcpy(changed, page.data, page.len);
		find_in_copy(&x.shape, mutate(changed, page.len), next_number(), &f, &e);
	}
	free(changed);
	free(f.frame);
	free(all);
	index_free(&x);
}
END_TEST

/* Shapes of all sizes, pages of any bytes. */
START_TEST(random_pages)
{
	struct frames f = {.count = 0};
	struct error e;
	char page[300];

	for (unsigned round = 0; round < 100000; round++) {
		struct keys_shape shape =
			keys_shape_for((SORTER_MOST - 1) >> next_number() % 40,
				       (uint32_t)next_number() >> next_number() % 32 | 1);
		size_t len = next_number() % sizeof(page);
		for (size_t i = 0; i < len; i++)
			page[i] = (char)next_number();
		if (len >= 4)
			memset(page + 1, 0, 3);
		find_in_copy(&shape, slice_of(page, len), next_number(), &f, &e);
	}
	free(f.frame);
}
END_TEST

Suite *keys_suite(void)
{
	Suite *s = suite_create("keys");
	TCase *t = tcase_create("keys");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, fingerprints);
	tcase_add_test(t, phone_digits);
	tcase_add_test(t, shapes);
	tcase_add_test(t, wrong_shapes);
	tcase_add_test(t, every_entry_is_found);
	tcase_add_test(t, others_are_rarely_found);
	tcase_add_test(t, one_key_in_every_frame);
	tcase_add_test(t, one_print_of_many_keys);
	tcase_add_test(t, one_page_of_many_keys);
	tcase_add_test(t, places_become_frames);
	tcase_add_test(t, another_shape_is_refused);
	tcase_add_test(t, exact_bytes);
	tcase_add_test(t, pages_not_of_the_form);
	tcase_add_test(t, mutated_small_pages);
	tcase_add_test(t, mutated_large_pages);
	tcase_add_test(t, random_pages);
	suite_add_tcase(s, t);
	return s;
}
