/*
 * test_sorter.c: tests of bundle/sorter.c and bundle/spill.c.
 */
#include <check.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bundle/sorter.h"
#include "bundle/spill.h"
#include "numbers.h"

Suite *sorter_suite(void);

static int compare(const void *a, const void *b)
{
	const struct sorter_entry *x = a, *y = b;

	if (x->fingerprint != y->fingerprint)
		return x->fingerprint < y->fingerprint ? -1 : 1;
	return (x->frame > y->frame) - (x->frame < y->frame);
}

/* Adds them all, and expects them back as qsort has them, equal ones once. Takes the array. */
static void expect_sorted(struct sorter_entry *all, size_t n, size_t run)
{
	struct error e = {.kind = ERROR_NONE};
	struct sorter *s = sorter_new(NULL, run);
	struct sorter_entry got;

	ck_assert_ptr_nonnull(s);
	for (size_t i = 0; i < n; i++)
		EXPECT(sorter_add(s, all[i], &e) == 0);
	EXPECT(sorter_count(s) <= n);
	if (n > 0)
		qsort(all, n, sizeof(*all), compare);
	uint64_t different = 0;
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && compare(&all[i], &all[i - 1]) == 0)
			continue;
		different++;
		EXPECT(sorter_next(s, &got, &e) == 1);
		EXPECT(got.fingerprint == all[i].fingerprint);
		EXPECT(got.frame == all[i].frame);
	}
	EXPECT(sorter_next(s, &got, &e) == 0);
	EXPECT(sorter_next(s, &got, &e) == 0);
	EXPECT(sorter_count(s) >= different);
	sorter_free(s);
	free(all);
}

static struct sorter_entry *make(size_t n, uint64_t prints, uint32_t frames, bool ascending)
{
	struct sorter_entry *all = calloc(n + 1, sizeof(*all));

	for (size_t i = 0; i < n; i++) {
		all[i].fingerprint = prints == 0 ? next_number() : next_number() % prints;
		all[i].frame =
			ascending ? (uint32_t)(i * frames / n) : (uint32_t)(next_number() % frames);
	}
	return all;
}

/* Runs of one entry and of many, so few that they stay in memory and so many that runs are merged
 * into longer ones. */
START_TEST(sorts_like_qsort)
{
	static const size_t numbers[] = {0, 1, 2, 3, 10, 255, 256, 257, 5000};
	static const size_t runs[] = {1, 2, 7, 256, 1000, 100000};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		for (size_t k = 0; k < sizeof(runs) / sizeof(runs[0]); k++) {
			size_t n = numbers[i];
			expect_sorted(make(n, 0, UINT32_MAX, false), n, runs[k]);
			expect_sorted(make(n, 0, 20, true), n, runs[k]);
			expect_sorted(make(n, 50, 5, false), n, runs[k]);
			expect_sorted(make(n, 1, 100000, false), n, runs[k]);
			expect_sorted(make(n, 0, 1, true), n, runs[k]);
		}
	}
}
END_TEST

START_TEST(sorts_full_runs)
{
	expect_sorted(make(SORTER_RUN - 1, 0, 100, true), SORTER_RUN - 1, SORTER_RUN);
	expect_sorted(make(SORTER_RUN, 0, 100, false), SORTER_RUN, SORTER_RUN);
	expect_sorted(make(SORTER_RUN + 1, 0, 100, true), SORTER_RUN + 1, SORTER_RUN);
	expect_sorted(make(1000000, 0, 300, true), 1000000, SORTER_RUN);
}
END_TEST

/* Several times as many runs as are merged into one. */
START_TEST(sorts_many_runs)
{
	size_t n = (3 * SPILL_FAN + 5) * 16;

	expect_sorted(make(n, 0, 1000, true), n, 16);
	expect_sorted(make(n, 20000, 3, false), n, 16);
}
END_TEST

START_TEST(extreme_entries)
{
	static const struct sorter_entry some[] = {
		{UINT64_MAX, UINT32_MAX}, {0, 0}, {UINT64_MAX, 0}, {0, UINT32_MAX},
		{(uint64_t)1 << 63, 1},   {0, 0},
	};

	for (size_t run = 1; run < 8; run++) {
		struct sorter_entry *all = malloc(sizeof(some));
		memcpy(all, some, sizeof(some));
		expect_sorted(all, sizeof(some) / sizeof(some[0]), run);
	}
}
END_TEST

/* The low bits say in which of 256 places it is noted what came last. */
START_TEST(repeats_cost_nothing)
{
	struct error e = {.kind = ERROR_NONE};
	struct sorter *s = sorter_new("/no such folder", 600);
	struct sorter_entry got;

	for (int i = 0; i < 100000; i++) {
		EXPECT(sorter_add(s, (struct sorter_entry){7, 1}, &e) == 0);
		EXPECT(sorter_add(s, (struct sorter_entry){8, 1}, &e) == 0);
	}
	EXPECT(sorter_count(s) == 2);
	/* The same key in another frame, and every number that nothing could be mistaken for. */
	EXPECT(sorter_add(s, (struct sorter_entry){7, 2}, &e) == 0);
	for (uint64_t i = 0; i < 256; i++) {
		EXPECT(sorter_add(s, (struct sorter_entry){~i, 0}, &e) == 0);
		EXPECT(sorter_add(s, (struct sorter_entry){i, 0}, &e) == 0);
	}
	EXPECT(sorter_count(s) == 3 + 512);
	for (unsigned i = 0; i < 3 + 512; i++)
		EXPECT(sorter_next(s, &got, &e) == 1);
	EXPECT(sorter_next(s, &got, &e) == 0);
	sorter_free(s);
}
END_TEST

START_TEST(nothing_after_the_last)
{
	struct error e = {.kind = ERROR_NONE};
	struct sorter *s = sorter_new(NULL, 10);
	struct sorter_entry got;

	ck_assert_int_eq(sorter_next(s, &got, &e), 0);
	ck_assert_int_eq(sorter_add(s, (struct sorter_entry){7, 1}, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_USAGE);
	sorter_free(s);
	sorter_free(NULL);
}
END_TEST

START_TEST(no_folder)
{
	struct error e = {.kind = ERROR_NONE};
	struct sorter *s = sorter_new("/no such folder", 1);

	ck_assert_int_eq(sorter_add(s, (struct sorter_entry){7, 1}, &e), 0);
	ck_assert_int_eq(sorter_add(s, (struct sorter_entry){8, 1}, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_IO);
	sorter_free(s);
}
END_TEST

/* A limit on the size of files stands for a full disk: wherever it comes, it is told. */
START_TEST(full_disk)
{
	struct rlimit old, new;
	const size_t n = (SPILL_FAN + 10) * 4;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
	for (size_t room = 0; room < n * 12; room += 5000) {
		struct error e = {.kind = ERROR_NONE};
		struct sorter *s = sorter_new(NULL, 4);
		struct sorter_entry got;
		int result = 0;

		new = old;
		new.rlim_cur = room;
		ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &new), 0);
		for (size_t i = 0; i < n && result == 0; i++)
			result = sorter_add(s, (struct sorter_entry){next_number(), 1}, &e);
		if (result == 0)
			result = sorter_next(s, &got, &e);
		ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
		ck_assert_int_eq(result, -1);
		ck_assert_int_eq(e.kind, ERROR_IO);
		sorter_free(s);
	}
}
END_TEST

Suite *sorter_suite(void)
{
	Suite *s = suite_create("sorter");
	TCase *t = tcase_create("sorter");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, sorts_like_qsort);
	tcase_add_test(t, sorts_full_runs);
	tcase_add_test(t, sorts_many_runs);
	tcase_add_test(t, extreme_entries);
	tcase_add_test(t, repeats_cost_nothing);
	tcase_add_test(t, nothing_after_the_last);
	tcase_add_test(t, no_folder);
	tcase_add_test(t, full_disk);
	suite_add_tcase(s, t);
	return s;
}
