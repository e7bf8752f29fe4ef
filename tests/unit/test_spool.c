/*
 * test_spool.c: tests of input/spool.c.
 */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "input/spool.h"
#include "inputs.h"

Suite *spool_suite(void);

/* The same bytes as a plain run, whatever is appended, dropped and read. */
START_TEST(spools_like_memory)
{
	struct error e = {.kind = ERROR_NONE};
	struct spool *s = spool_new(".");
	struct buf all = BUF_INIT;
	char *got = malloc(8 * MIB);
	uint32_t x = 7;

	inputs_make_text(&all, 90 * MIB);
	for (size_t end = 0, start = 0; end < all.len;) {
		x = x * 1664525 + 1013904223;
		size_t n = x % 700000;
		/* At first the lag grows to 6 MiB, then it hangs between 3 and 5, then falls. */
		size_t lag = end < 20 * MIB   ? 6 * MIB
			     : end < 85 * MIB ? 3 * MIB + x % (2 * MIB)
					      : 1000;
		if (n > all.len - end)
			n = all.len - end;
		ck_assert_int_eq(spool_append(s, all.data + end, n, &e), 0);
		end += n;
		if (end > lag && end - lag > start)
			start = end - lag;
		spool_drop(s, start);
		ck_assert_uint_eq(spool_start(s), start);
		ck_assert_uint_eq(spool_end(s), end);
		ck_assert_int_eq(spool_read(s, start, got, end - start, &e), 0);
		ck_assert_mem_eq(got, all.data + start, end - start);
		if (start > 0)
			ck_assert_int_eq(spool_read(s, start - 1, got, 1, &e), -1);
		e.kind = ERROR_NONE;
		ck_assert_int_eq(spool_read(s, end, got, 1, &e), -1);
		e.kind = ERROR_NONE;
	}
	spool_clear(s);
	ck_assert_uint_eq(spool_end(s), 0);
	ck_assert_int_eq(spool_append(s, "abc", 3, &e), 0);
	ck_assert_int_eq(spool_read(s, 1, got, 2, &e), 0);
	ck_assert_mem_eq(got, "bc", 2);
	spool_free(s);
	free(got);
	buf_free(&all);
}
END_TEST

Suite *spool_suite(void)
{
	Suite *s = suite_create("spool");
	TCase *c;

	c = inputs_new_case("spool");
	tcase_add_test(c, spools_like_memory);
	suite_add_tcase(s, c);
	return s;
}
