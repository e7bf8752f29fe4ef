/*
 * test_once.c: tests of bundle/once.c.
 */
#include <check.h>
#include <stdio.h>

#include "bundle/once.h"

Suite *once_suite(void);

START_TEST(only_earlier_rounds_count)
{
	struct error e = {0};
	struct once *o = once_new(&e);

	ck_assert_msg(o != NULL, "%s", e.text);
	once_round(o);
	ck_assert_int_eq(once_add(o, SLICE("a"), &e), 0);
	ck_assert_int_eq(once_add(o, SLICE("a"), &e), 0);
	ck_assert_int_eq(once_add(o, SLICE(""), &e), 0);
	once_round(o);
	ck_assert_int_eq(once_add(o, SLICE("b"), &e), 0);
	ck_assert_int_eq(once_add(o, SLICE("a"), &e), 1);
	ck_assert_int_eq(once_add(o, SLICE("a"), &e), 1);
	ck_assert_int_eq(once_add(o, SLICE(""), &e), 1);
	ck_assert_int_eq(once_add(o, SLICE("aa"), &e), 0);
	once_round(o);
	ck_assert_int_eq(once_add(o, SLICE("b"), &e), 1);
	ck_assert_int_eq(once_add(o, SLICE("aa"), &e), 1);
	once_free(o);
	once_free(NULL);
}
END_TEST

START_TEST(many)
{
	struct error e = {0};
	struct once *o = once_new(&e);
	char text[32];

	ck_assert_ptr_nonnull(o);
	for (int round = 0; round < 2; round++) {
		int wrong = 0;

		once_round(o);
		for (int i = 0; i < 20000; i++) {
			int len = snprintf(text, sizeof(text), "text %d", i);

			wrong += once_add(o, slice_of(text, (size_t)len), &e) != round;
		}
		ck_assert_int_eq(wrong, 0);
	}
	once_free(o);
}
END_TEST

Suite *once_suite(void)
{
	Suite *s = suite_create("once");
	TCase *t = tcase_create("once");

	tcase_add_test(t, only_earlier_rounds_count);
	tcase_add_test(t, many);
	suite_add_tcase(s, t);
	return s;
}
