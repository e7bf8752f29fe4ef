/*
 * test_twins.c: tests of audit/twins.c: the same answers as somebody who remembers every text.
 */
#include <stdio.h>
#include <stdlib.h>

#include "audit/twins.h"
#include "numbers.h"

Suite *twins_suite(void);

static struct twins *t;

static void setup(void)
{
	struct error e = {0};

	t = twins_new(&e);
	ck_assert_ptr_nonnull(t);
}

static void teardown(void)
{
	twins_free(t);
}

#define NEW TWINS_NEW

static uint64_t add(unsigned table, struct slice text, uint64_t number)
{
	uint64_t print = twins_print(t, table, text);

	EXPECT(print % 2 == 1);
	return twins_add(t, table, print, number);
}

/* Every length, every bit, and each text as the end and the beginning of another: all differ. */
START_TEST(every_bit)
{
	static char text[600];
	uint64_t n = 0;

	for (size_t len = 0; len <= sizeof(text); len++)
		EXPECT(add(0, slice_of(text, len), n++) == NEW);
	for (size_t len = 1; len <= sizeof(text); len += len < 24 ? 1 : 37) {
		for (size_t bit = 0; bit < 8 * len; bit++) {
			text[bit / 8] ^= (char)(1 << bit % 8);
			EXPECT(add(0, slice_of(text, len), n++) == NEW);
			text[bit / 8] ^= (char)(1 << bit % 8);
		}
	}
	for (size_t len = 0; len <= sizeof(text); len++)
		EXPECT(add(0, slice_of(text, len), n++) == len);
}
END_TEST

START_TEST(tables_are_apart)
{
	ck_assert_uint_eq(add(0, SLICE("a"), 1), NEW);
	ck_assert_uint_eq(add(1, SLICE("a"), 2), NEW);
	ck_assert_uint_eq(add(2, SLICE("a"), 3), NEW);
	ck_assert_uint_eq(add(0, SLICE("a"), 4), 1);
	ck_assert_uint_eq(add(1, SLICE("a"), 4), 2);
	ck_assert_uint_eq(add(2, SLICE("a"), 4), 3);
	twins_clear(t);
	for (unsigned table = 0; table < TWINS_TABLES; table++)
		ck_assert_uint_eq(add(table, SLICE("a"), 5), NEW);
}
END_TEST

START_TEST(numbers_have_a_limit)
{
	ck_assert_uint_eq(add(0, SLICE("a"), UINT32_MAX), NEW);
	ck_assert_uint_eq(add(0, SLICE("a"), 1), UINT32_MAX);
	ck_assert_uint_eq(add(0, SLICE("b"), (uint64_t)UINT32_MAX + 1), TWINS_FAILED);
}
END_TEST

/* Texts made of numbers below `kinds`: an array remembers them. Table after table, larger and
 * smaller ones behind each other. */
static void like_an_oracle(uint64_t count, uint64_t kinds)
{
	uint64_t *first = malloc(kinds * sizeof(*first));
	uint64_t twins = 0;

	ck_assert_ptr_nonnull(first);
	memset(first, 0xff, kinds * sizeof(*first));
	twins_clear(t);
	for (uint64_t i = 0; i < count; i++) {
		uint64_t kind = next_number() % kinds, was;
		char text[400];
		int len = snprintf(text, sizeof(text), "conv_%llx %0*d", (unsigned long long)kind,
				   (int)(kind % 29 == 0 ? 300 : kind % 29), 7);

		was = add((unsigned)(count % TWINS_TABLES), slice_of(text, (size_t)len), i);
		EXPECT(was == first[kind]);
		twins += was != NEW;
		if (was == NEW)
			first[kind] = i;
	}
	EXPECT(twins > 0);
	free(first);
}

START_TEST(random_texts)
{
	state = 5;
	like_an_oracle(100000, 1000000);
	like_an_oracle(99, 100);
	like_an_oracle(10000, 20000);
	like_an_oracle(100002, 50000);
	like_an_oracle(60, 30);
	like_an_oracle(300000, 3000000);
}
END_TEST

Suite *twins_suite(void)
{
	Suite *s = suite_create("twins");
	TCase *tc = tcase_create("twins");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, every_bit);
	tcase_add_test(tc, tables_are_apart);
	tcase_add_test(tc, numbers_have_a_limit);
	tcase_add_test(tc, random_texts);
	suite_add_tcase(s, tc);
	return s;
}
