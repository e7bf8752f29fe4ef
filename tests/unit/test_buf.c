/*
 * test_buf.c: tests of base/buf.c.
 */
#include <check.h>
#include <stdlib.h>

#include "base/buf.h"

Suite *buf_suite(void);

static void expect(const struct buf *b, const char *want)
{
	ck_assert(!b->failed);
	ck_assert_uint_eq(b->len, strlen(want));
	ck_assert(slice_equal(buf_view(b), slice_string(want)));
}

START_TEST(starts_empty)
{
	struct buf b = BUF_INIT;

	ck_assert_int_eq(buf_reserve(&b, 0), 0);
	buf_append(&b, NULL, 0);
	buf_slice(&b, (struct slice){NULL, 0});
	buf_string(&b, "");
	expect(&b, "");
	ck_assert_ptr_null(b.data);
	buf_free(&b);
}
END_TEST

START_TEST(appends)
{
	struct buf b = BUF_INIT;

	buf_string(&b, "one");
	buf_byte(&b, ' ');
	buf_slice(&b, SLICE("two"));
	buf_append(&b, " three!", 6);
	buf_printf(&b, " %d-%s", 4, "four");
	expect(&b, "one two three 4-four");
	buf_clear(&b);
	expect(&b, "");
	ck_assert_ptr_nonnull(b.data);
	buf_free(&b);
	ck_assert_ptr_null(b.data);
	buf_byte(&b, 'x');
	expect(&b, "x");
	buf_free(&b);
}
END_TEST

START_TEST(numbers)
{
	struct buf b = BUF_INIT;

	buf_uint(&b, 0);
	buf_byte(&b, ' ');
	buf_uint(&b, UINT64_MAX);
	buf_byte(&b, ' ');
	buf_int(&b, INT64_MIN);
	buf_byte(&b, ' ');
	buf_int(&b, INT64_MAX);
	buf_byte(&b, ' ');
	buf_int(&b, -1);
	expect(&b, "0 18446744073709551615 -9223372036854775808 9223372036854775807 -1");
	buf_free(&b);
}
END_TEST

START_TEST(grows_over_many_appends)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < 100000; i++)
		buf_byte(&b, (char)('a' + i % 26));
	ck_assert_uint_eq(b.len, 100000);
	for (int i = 0; i < 100000; i++)
		ck_assert_int_eq(b.data[i], 'a' + i % 26);
	buf_free(&b);
}
END_TEST

/* A printed text of every length around the first capacity is whole. */
START_TEST(prints_at_the_edge)
{
	for (int len = 0; len < 200; len++) {
		struct buf b = BUF_INIT;
		buf_string(&b, "<");
		buf_printf(&b, "%*s", len, "");
		buf_string(&b, ">");
		ck_assert_uint_eq(b.len, (size_t)len + 2);
		ck_assert_int_eq(b.data[b.len - 1], '>');
		buf_free(&b);
	}
}
END_TEST

START_TEST(keeps_a_failure)
{
	struct buf b = BUF_INIT;

	buf_string(&b, "kept");
	ck_assert_int_eq(buf_reserve(&b, SIZE_MAX / 4), -1);
	ck_assert(b.failed);
	buf_string(&b, "lost");
	buf_byte(&b, 'x');
	buf_int(&b, -7);
	buf_printf(&b, "%d", 1);
	ck_assert_int_eq(buf_reserve(&b, 0), -1);
	ck_assert(slice_equal(buf_view(&b), SLICE("kept")));
	buf_clear(&b);
	buf_string(&b, "again");
	expect(&b, "again");
	ck_assert_int_eq(buf_reserve(&b, SIZE_MAX), -1);
	buf_free(&b);
	ck_assert(!b.failed);
}
END_TEST

START_TEST(array_grows)
{
	int *a = NULL;
	size_t cap = 0;

	ck_assert_int_eq(array_reserve(&a, &cap, 0, sizeof(*a)), 0);
	ck_assert_ptr_null(a);
	for (int i = 0; i < 1000; i++) {
		size_t before = cap;
		ck_assert_int_eq(array_reserve(&a, &cap, (size_t)i + 1, sizeof(*a)), 0);
		ck_assert_uint_gt(cap, (size_t)i);
		ck_assert(cap == before || cap >= 2 * before);
		a[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(a[i], i);

	int *a_before = a;
	size_t cap_before = cap;
	ck_assert_int_eq(array_reserve(&a, &cap, SIZE_MAX / 2, sizeof(*a)), -1);
	ck_assert_ptr_eq(a, a_before);
	ck_assert_uint_eq(cap, cap_before);
	free(a);
}
END_TEST

Suite *buf_suite(void)
{
	Suite *s = suite_create("buf");
	TCase *t = tcase_create("buf");

	tcase_add_test(t, starts_empty);
	tcase_add_test(t, appends);
	tcase_add_test(t, numbers);
	tcase_add_test(t, grows_over_many_appends);
	tcase_add_test(t, prints_at_the_edge);
	tcase_add_test(t, keeps_a_failure);
	tcase_add_test(t, array_grows);
	suite_add_tcase(s, t);
	return s;
}
