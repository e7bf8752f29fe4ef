/*
 * test_map.c: tests of base/map.c.
 */
#include <check.h>
#include <stdio.h>

#include "base/map.h"

Suite *map_suite(void);

static struct map *m;

static void setup(void)
{
	m = map_new();
	ck_assert_ptr_nonnull(m);
}

static void teardown(void)
{
	map_free(m);
}

/* The n-th of many different keys of different lengths; valid until the next call. */
static struct slice nth(unsigned n)
{
	static char text[64];
	int len = snprintf(text, sizeof(text), "%u%.*s", n, (int)(n % 37),
			   ".....................................");

	return slice_of(text, (size_t)len);
}

START_TEST(numbers_in_order)
{
	ck_assert_uint_eq(map_count(m), 0);
	ck_assert_uint_eq(map_find(m, SLICE("a")), MAP_NONE);
	ck_assert_uint_eq(map_add(m, SLICE("a")), 0);
	ck_assert_uint_eq(map_add(m, SLICE("b")), 1);
	ck_assert_uint_eq(map_add(m, SLICE("a")), 0);
	ck_assert_uint_eq(map_add(m, SLICE("c")), 2);
	ck_assert_uint_eq(map_count(m), 3);
	ck_assert_uint_eq(map_find(m, SLICE("b")), 1);
	ck_assert_uint_eq(map_find(m, SLICE("d")), MAP_NONE);
	ck_assert(slice_equal(map_key(m, 2), SLICE("c")));
}
END_TEST

START_TEST(keys_are_bytes)
{
	struct slice none = {NULL, 0};

	ck_assert_uint_eq(map_add(m, none), 0);
	ck_assert_uint_eq(map_add(m, SLICE("a")), 1);
	ck_assert_uint_eq(map_add(m, SLICE("a\0")), 2);
	ck_assert_uint_eq(map_add(m, SLICE("a\0b")), 3);
	ck_assert_uint_eq(map_add(m, SLICE("")), 0);
	ck_assert_uint_eq(map_key(m, 0).len, 0);
	ck_assert(slice_equal(map_key(m, 3), SLICE("a\0b")));
}
END_TEST

START_TEST(keys_are_copied)
{
	char text[] = "first";

	map_add(m, slice_string(text));
	memcpy(text, "other", 5);
	ck_assert_uint_eq(map_find(m, SLICE("first")), 0);
	ck_assert_uint_eq(map_find(m, SLICE("other")), MAP_NONE);
}
END_TEST

static void expect_first(unsigned count, unsigned all)
{
	ck_assert_uint_eq(map_count(m), count);
	for (unsigned i = 0; i < all; i++) {
		struct slice key = nth(i);
		ck_assert_uint_eq(map_find(m, key), i < count ? i : MAP_NONE);
		if (i < count)
			ck_assert(slice_equal(map_key(m, i), key));
	}
}

START_TEST(many_keys)
{
	for (unsigned i = 0; i < 100000; i++)
		ck_assert_uint_eq(map_add(m, nth(i)), i);
	for (unsigned i = 0; i < 100000; i++)
		ck_assert_uint_eq(map_add(m, nth(i)), i);
	expect_first(100000, 100100);
}
END_TEST

START_TEST(truncate_forgets_the_newest)
{
	static const unsigned to[] = {5000, 4999, 3000, 1, 0};

	for (unsigned i = 0; i < 5000; i++)
		map_add(m, nth(i));
	for (size_t i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
		map_truncate(m, to[i]);
		expect_first(to[i], 5000);
	}
	map_truncate(m, 7);
	ck_assert_uint_eq(map_count(m), 0);
}
END_TEST

/* Growing, rolling back and growing again with other keys leaves nothing of the old ones. */
START_TEST(truncate_then_add)
{
	for (unsigned round = 1; round < 50; round++) {
		for (unsigned i = map_count(m); i < round * 30; i++)
			ck_assert_uint_eq(map_add(m, nth(i)), i);
		for (unsigned i = 0; i < round * 17; i++)
			ck_assert_uint_eq(map_add(m, nth(1000000 + round * 1000 + i)),
					  round * 30 + i);
		map_truncate(m, round * 30 - 11);
		expect_first(round * 30 - 11, round * 30);
		ck_assert_uint_eq(map_find(m, nth(1000000 + round * 1000)), MAP_NONE);
	}
}
END_TEST

START_TEST(clear_forgets_all)
{
	map_clear(m);
	for (unsigned i = 0; i < 1000; i++)
		map_add(m, nth(i));
	map_clear(m);
	expect_first(0, 1000);
	ck_assert_uint_eq(map_add(m, SLICE("z")), 0);
	ck_assert(slice_equal(map_key(m, 0), SLICE("z")));
}
END_TEST

START_TEST(free_of_nothing)
{
	map_free(NULL);
}
END_TEST

Suite *map_suite(void)
{
	Suite *s = suite_create("map");
	TCase *t = tcase_create("map");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, numbers_in_order);
	tcase_add_test(t, keys_are_bytes);
	tcase_add_test(t, keys_are_copied);
	tcase_add_test(t, many_keys);
	tcase_add_test(t, truncate_forgets_the_newest);
	tcase_add_test(t, truncate_then_add);
	tcase_add_test(t, clear_forgets_all);
	tcase_add_test(t, free_of_nothing);
	suite_add_tcase(s, t);
	return s;
}
