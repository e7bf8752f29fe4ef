/*
 * test_hashing.c: tests of base/hashing.c, without a pool and with several threads.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/hashing.h"

Suite *hashing_suite(void);

#define BYTES ((size_t)5 << 20)

static char *data, *work;
static struct pool *pool;
static struct hashing *h;

static void setup(void)
{
	uint32_t n = 1;

	data = malloc(BYTES);
	work = malloc(BYTES);
	h = hashing_new();
	ck_assert(data != NULL && work != NULL && h != NULL);
	for (size_t i = 0; i < BYTES; i++) {
		n = n * 1664525 + 1013904223;
		data[i] = (char)(n >> 24);
	}
}

static void teardown(void)
{
	hashing_free(h);
	pool_free(pool);
	pool = NULL;
	free(data);
	free(work);
}

/* 0: without a pool */
static void use(unsigned threads)
{
	struct error e = {0};

	if (threads == 0)
		return;
	pool = pool_new(threads, 3, &e);
	ck_assert_ptr_nonnull(pool);
	hashing_use(h, pool);
}

static void expect(size_t len)
{
	struct sha256 want, got = hashing_final(h);

	ck_assert_int_eq(sha256_of(data, len, &want), 0);
	ck_assert_mem_eq(&got, &want, sizeof(want));
}

/* Sizes around those that are treated differently. */
static const size_t steps[] = {1,
			       1000,
			       (16 * 1024) - 1,
			       16 * 1024,
			       100000,
			       HASHING_PIECE - 1,
			       HASHING_PIECE,
			       HASHING_PIECE + 1,
			       BYTES};
#define STEPS (sizeof(steps) / sizeof(steps[0]))

START_TEST(copied)
{
	use((unsigned)_i);
	for (size_t s = 1; s < STEPS; s++) {
		for (size_t at = 0; at < BYTES; at += steps[s]) {
			size_t n = BYTES - at < steps[s] ? BYTES - at : steps[s];

			memcpy(work, data + at, n);
			hashing_copy(h, work, n);
			memset(work, 0, n);
		}
		expect(BYTES);
	}
}
END_TEST

/* Lent from one place again and again, each time settled before the next bytes come there. */
START_TEST(lent)
{
	use((unsigned)_i);
	for (size_t s = 1; s < STEPS; s++) {
		size_t half = BYTES / 2, place = 0;

		for (size_t at = 0; at < half; at += steps[s]) {
			size_t n = half - at < steps[s] ? half - at : steps[s];

			place = place + n <= half ? place : 0;
			hashing_settle(h, work + place, n);
			memcpy(work + place, data + at, n);
			hashing_lend(h, work + place, n);
			place += n;
		}
		expect(half);
	}
}
END_TEST

START_TEST(mixed)
{
	size_t at = 0;

	use((unsigned)_i);
	for (size_t i = 0; at < BYTES; i++) {
		size_t n = steps[i % (STEPS - 1)];

		n = BYTES - at < n ? BYTES - at : n;
		if (i % 3 == 0)
			hashing_copy(h, data + at, n);
		else
			hashing_lend(h, data + at, n);
		at += n;
	}
	expect(BYTES);
	expect(0);
	hashing_copy(h, data, 1);
	hashing_lend(h, data + 1, 0);
	expect(1);
}
END_TEST

START_TEST(freed_with_work_to_do)
{
	use(2);
	hashing_lend(h, data, BYTES);
	hashing_copy(h, data, 1 << 20);
	hashing_free(h);
	h = NULL;
	memset(data, 0, BYTES);
	hashing_free(NULL);
}
END_TEST

Suite *hashing_suite(void)
{
	Suite *s = suite_create("hashing");
	TCase *t = tcase_create("hashing");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, copied, 0, 4);
	tcase_add_loop_test(t, lent, 0, 4);
	tcase_add_loop_test(t, mixed, 0, 4);
	tcase_add_test(t, freed_with_work_to_do);
	suite_add_tcase(s, t);
	return s;
}
