/*
 * test_names.c: export/names.h.
 */
#include <check.h>
#include <stdio.h>

#include "export/names.h"

Suite *names_suite(void);

static struct names *n;
static struct error e;

static void setup(void)
{
	e = (struct error){0};
	n = names_new();
	ck_assert_ptr_nonnull(n);
}

static void teardown(void)
{
	names_free(n);
}

START_TEST(columns)
{
	static const char *const sorted[] = {"", "\n", "B", "a", "\xc3\xa9"};

	/* whatever is guessed */
	ck_assert_uint_eq(names_add(n, SLICE("\"a\""), NAMES_NONE, &e), 0);
	ck_assert_uint_eq(names_add(n, SLICE("\"\xc3\xa9\""), 0, &e), 1);
	ck_assert_uint_eq(names_add(n, SLICE("\"\\n\""), 7, &e), 2);
	ck_assert_uint_eq(names_add(n, SLICE("\"a\""), 1, &e), 0);
	ck_assert_uint_eq(names_add(n, SLICE("\"B\""), 3, &e), 3);
	ck_assert_uint_eq(names_add(n, SLICE("\"\""), 4, &e), 4);
	ck_assert_uint_eq(names_add(n, SLICE("\"B\""), 3, &e), 3);
	ck_assert_uint_eq(names_find(n, SLICE("\"\\n\""), 0), 2);
	ck_assert_uint_eq(names_find(n, SLICE("\"b\""), 3), NAMES_NONE);
	ck_assert_uint_eq(names_count(n), 5);
	ck_assert_int_eq(names_sort(n, &e), 0);
	for (uint32_t i = 0; i < 5; i++) {
		ck_assert(slice_equal(names_plain(n, i), slice_string(sorted[i])));
		ck_assert_uint_eq(names_column(n, names_number(n, i)), i);
	}
}
END_TEST

START_TEST(too_many)
{
	char name[16];

	for (uint32_t i = 0; i < NAMES_MOST; i++) {
		snprintf(name, sizeof(name), "\"%u\"", i);
		ck_assert_uint_eq(names_add(n, slice_string(name), i, &e), i);
	}
	ck_assert_uint_eq(names_add(n, SLICE("\"x\""), 0, &e), NAMES_NONE);
	ck_assert_int_eq(e.kind, ERROR_LIMIT);
	ck_assert_uint_eq(names_add(n, SLICE("\"9\""), 0, &e), 9);
}
END_TEST

START_TEST(too_long)
{
	static char name[NAMES_BYTES - 10];

	memset(name, 'x', sizeof(name));
	name[0] = name[sizeof(name) - 1] = '"';
	ck_assert_uint_eq(names_add(n, slice_of(name, sizeof(name)), 0, &e), 0);
	ck_assert_uint_eq(names_add(n, SLICE("\"12345678\""), 0, &e), 1);
	ck_assert_uint_eq(names_add(n, SLICE("\"\""), 0, &e), NAMES_NONE);
	ck_assert_int_eq(e.kind, ERROR_LIMIT);
	ck_assert_int_eq(names_sort(n, &e), 0);
}
END_TEST

START_TEST(no_string)
{
	ck_assert_uint_eq(names_add(n, SLICE("\"\\q\""), 0, &e), 0);
	ck_assert_int_eq(names_sort(n, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_BUNDLE);
}
END_TEST

Suite *names_suite(void)
{
	Suite *s = suite_create("names");
	TCase *t = tcase_create("names");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, columns);
	tcase_add_test(t, too_many);
	tcase_add_test(t, too_long);
	tcase_add_test(t, no_string);
	suite_add_tcase(s, t);
	return s;
}
