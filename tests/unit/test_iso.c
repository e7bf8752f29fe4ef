/*
 * test_iso.c: export/iso.h, against text_time.
 */
#include <check.h>

#include "base/text.h"
#include "json/iso.h"

Suite *iso_suite(void);

static struct iso iso;

static void expect_same(int64_t t)
{
	struct buf digits = BUF_INIT, want = BUF_INIT, got = BUF_INIT;

	buf_int(&digits, t);
	text_time(&want, t);
	ck_assert(iso_put(&iso, buf_view(&digits), &got));
	ck_assert_msg(slice_equal(buf_view(&got), buf_view(&want)), "%.*s is not %.*s",
		      (int)got.len, got.data, (int)want.len, want.data);
	buf_free(&digits);
	buf_free(&want);
	buf_free(&got);
}

START_TEST(times)
{
	static const int64_t days[] = {0, -1, 1, 20576, 20577, -719528, 2932896, 11016, 11017};

	iso = (struct iso){0};
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		expect_same(days[i] * 86400);
		expect_same(days[i] * 86400 + 1);
		expect_same(days[i] * 86400 + 45296);
		expect_same(days[i] * 86400 + 86399);
	}
}
END_TEST

START_TEST(no_times)
{
	static const char *const texts[] = {
		"", "null", "\"0\"", "1.5", "1e3", "{}", "253402300800", "-62167219201",
		"9223372036854775808",
	};
	struct buf out = BUF_INIT;

	iso = (struct iso){0};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ck_assert(!iso_put(&iso, slice_string(texts[i]), &out));
	ck_assert_uint_eq(out.len, 0);
	ck_assert(!out.failed);
	buf_free(&out);
}
END_TEST

Suite *iso_suite(void)
{
	Suite *s = suite_create("iso");
	TCase *t = tcase_create("iso");

	tcase_add_test(t, times);
	tcase_add_test(t, no_times);
	suite_add_tcase(s, t);
	return s;
}
