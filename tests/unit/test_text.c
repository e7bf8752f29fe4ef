/*
 * test_text.c: tests of base/text.c.
 */
#include <check.h>
#include <stdlib.h>
#include <time.h>

#include "base/text.h"

Suite *text_suite(void);

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static struct buf out;

static void setup(void)
{
	out = (struct buf)BUF_INIT;
}

static void teardown(void)
{
	buf_free(&out);
}

static void expect(const char *want)
{
	buf_byte(&out, '\0');
	ck_assert(!out.failed);
	ck_assert_str_eq(out.data, want);
	buf_clear(&out);
}

/* Writes a character in `n` bytes, whether that is allowed or not. */
static void encode(char *to, uint32_t c, unsigned n)
{
	static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};

	for (unsigned i = n; i-- > 1; c >>= 6)
		to[i] = (char)(0x80 | (c & 0x3F));
	to[0] = (char)(lead[n] | c);
}

/* Every character in every length: only the shortest counts, and no surrogate does. */
START_TEST(utf8_every_character)
{
	static const uint32_t most[] = {0, 0x7F, 0x7FF, 0xFFFF, 0x1FFFFF};
	char s[4];

	for (unsigned n = 1; n <= 4; n++) {
		for (uint32_t c = 0; c <= most[n]; c++) {
			bool valid = (n == 1 || c > most[n - 1]) && c <= 0x10FFFF &&
				     !(c >= 0xD800 && c <= 0xDFFF);
			encode(s, c, n);
			unsigned want = valid ? n : 0;
			if (utf8_length(s, n) != want)
				ck_abort_msg("U+%04X in %u bytes", (unsigned)c, n);
			if (n > 1 && utf8_length(s, n - 1) != 0)
				ck_abort_msg("U+%04X cut to %u bytes", (unsigned)c, n - 1);
		}
	}
}
END_TEST

START_TEST(utf8_broken)
{
	static const char *broken[] = {"\x80", "\xBF", "\xC2", "\xC2 ", "\xC2\xC2", "\xE2\x82",
				       "\xE2\x82 ", "\xE2(\xAC", "\xF0\x9F\x98 ", "\xF0\x9F",
				       "\xF0 \x98\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF",
				       "\xF8\x88\x80\x80\x80"};

	ck_assert_uint_eq(utf8_length("", 0), 0);
	ck_assert_uint_eq(utf8_length("\xE2\x82\xAC", 0), 0);
	for (int i = 0; i < COUNT(broken); i++)
		ck_assert_uint_eq(utf8_length(broken[i], strlen(broken[i])), 0);
}
END_TEST

START_TEST(safe_leaves_text_alone)
{
	static const char text[] = "plain, c:\\dir, \"caf\xC3\xA9\", \xE2\x82\xAC, \xF0\x9F\x98\x80";

	text_safe(&out, slice_string(text));
	expect(text);
	text_safe(&out, (struct slice){NULL, 0});
	expect("");
}
END_TEST

START_TEST(safe_escapes)
{
	text_safe(&out, SLICE("a\nb\tc\rd\0e\x1B[2J\x7F"));
	expect("a\\nb\\tc\\rd\\u{0}e\\u{1b}[2J\\u{7f}");
	text_safe(&out, SLICE("\xC2\x9B" "31m")); /* CSI in one character */
	expect("\\u{9b}31m");
	text_safe(&out, SLICE("\xE2\x80\xAE" "abc\xE2\x80\xA8\xEF\xBB\xBF"));
	expect("\\u{202e}abc\\u{2028}\\u{feff}");
	text_safe(&out, SLICE("\xFF" "a\xE2\x82" "b\xC3"));
	expect("\\xffa\\xe2\\x82b\\xc3");
	text_safe(&out, SLICE("\x9B\xED\xA0\x80")); /* a bare C1 byte, a surrogate */
	expect("\\x9b\\xed\\xa0\\x80");
}
END_TEST

/* Exactly the characters named are escaped, of all there are. */
START_TEST(safe_every_character)
{
	static const uint32_t ranges[][2] = {{0, 0x1F}, {0x7F, 0x9F}, {0x61C, 0x61C},
					     {0x200E, 0x200F}, {0x2028, 0x2029},
					     {0x202A, 0x202E}, {0x2066, 0x2069},
					     {0xFEFF, 0xFEFF}};

	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		char s[4];
		unsigned n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		bool unsafe = false;
		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		for (int i = 0; i < COUNT(ranges); i++)
			unsafe |= c >= ranges[i][0] && c <= ranges[i][1];
		encode(s, c, n);
		buf_clear(&out);
		text_safe(&out, slice_of(s, n));
		bool same = slice_equal(buf_view(&out), slice_of(s, n));
		if (same == unsafe || (unsafe && out.data[0] != '\\'))
			ck_abort_msg("U+%04X", (unsigned)c);
	}
}
END_TEST

START_TEST(paths)
{
	text_path(&out, SLICE("captures/2026 05/caf\xC3\xA9.json"));
	expect("captures/2026 05/caf\xC3\xA9.json");
	text_path(&out, SLICE("a\nb\x7F\xC2\x85" "c\xE9" "d\xE2\x82"));
	expect("a%0Ab%7F%C2%85c%E9d%E2%82");
	text_path(&out, SLICE("50%"));
	expect("50%25");
	text_path(&out, (struct slice){NULL, 0});
	expect("");
}
END_TEST

START_TEST(counts)
{
	static const struct {
		uint64_t n;
		const char *want;
	} cases[] = {{0, "0"}, {7, "7"}, {999, "999"}, {1000, "1,000"}, {1234567, "1,234,567"},
		     {1000001, "1,000,001"}, {UINT64_MAX, "18,446,744,073,709,551,615"}};

	for (int i = 0; i < COUNT(cases); i++) {
		text_count(&out, cases[i].n);
		expect(cases[i].want);
	}
}
END_TEST

START_TEST(sizes)
{
	static const struct {
		uint64_t n;
		const char *want;
	} cases[] = {
		{0, "0 B"}, {999, "999 B"}, {1000, "1.00 KB"}, {1004, "1.00 KB"},
		{1005, "1.01 KB"}, {9994, "9.99 KB"}, {9995, "10.0 KB"}, {99949, "99.9 KB"},
		{99950, "100 KB"}, {999499, "999 KB"}, {999500, "1.00 MB"},
		{39800000000, "39.8 GB"}, {999499999999, "999 GB"}, {999500000000, "1.00 TB"},
		{UINT64_C(5000000000000000), "5000 TB"}, {UINT64_MAX, "18446744 TB"},
	};

	for (int i = 0; i < COUNT(cases); i++) {
		text_bytes(&out, cases[i].n);
		expect(cases[i].want);
	}
}
END_TEST

START_TEST(parses_sizes)
{
	static const struct {
		const char *s;
		uint64_t want;
	} good[] = {{"0", 0}, {"1", 1}, {"007", 7}, {"64K", 65536}, {"16M", 16 << 20},
		    {"2G", UINT64_C(2) << 30}, {"0G", 0},
		    {"18446744073709551615", UINT64_MAX},
		    {"17179869183G", UINT64_C(17179869183) << 30}};
	static const char *bad[] = {"", "M", "-1", "+1", " 1", "1 ", "1.5M", "1k", "1T", "1MB", "1MM",
				    "0x10", "1e3", "18446744073709551616", "17179869184G",
				    "99999999999999999999999"};
	uint64_t n;

	for (int i = 0; i < COUNT(good); i++) {
		ck_assert_int_eq(text_parse_size(good[i].s, &n), 0);
		ck_assert_uint_eq(n, good[i].want);
	}
	n = 42;
	for (int i = 0; i < COUNT(bad); i++)
		ck_assert_msg(text_parse_size(bad[i], &n) == -1, "%s", bad[i]);
	ck_assert_uint_eq(n, 42);
}
END_TEST

START_TEST(times)
{
	static const struct {
		int64_t t;
		const char *want;
	} cases[] = {
		{0, "1970-01-01T00:00:00Z"}, {-1, "1969-12-31T23:59:59Z"},
		{1777911730, "2026-05-04T16:22:10Z"}, {951782400, "2000-02-29T00:00:00Z"},
		{4107542399, "2100-02-28T23:59:59Z"}, {4107542400, "2100-03-01T00:00:00Z"},
		{253402300799, "9999-12-31T23:59:59Z"}, {253402300800, "253402300800"},
		{-62167219200, "0000-01-01T00:00:00Z"}, {-62167219201, "-62167219201"},
		{INT64_MAX, "9223372036854775807"}, {INT64_MIN, "-9223372036854775808"},
	};

	for (int i = 0; i < COUNT(cases); i++) {
		text_time(&out, cases[i].t);
		expect(cases[i].want);
	}
}
END_TEST

/* Every day from 0000 to 9999 as the C library has it, there and back by an HTTP-date. */
START_TEST(times_every_day)
{
	setenv("TZ", "UTC0", 1);
	for (int64_t day = -719528; day < 2932897; day++) {
		time_t t = day * 86400 + (day & 0xFFFF);
		struct tm tm;
		char want[64];
		int64_t back;

		gmtime_r(&t, &tm);
		buf_clear(&out);
		text_time(&out, t);
		size_t len = strftime(want, sizeof(want), "-%m-%dT%H:%M:%SZ", &tm);
		if (out.len != 20 || memcmp(out.data + 4, want, len) != 0)
			ck_abort_msg("day %ld", (long)day);
		len = strftime(want, sizeof(want), "%a, %d %b %Y %H:%M:%S GMT", &tm);
		if (tm.tm_year >= 1000 - 1900 &&
		    (text_parse_http_date(slice_of(want, len), &back) != 0 || back != t))
			ck_abort_msg("%s", want);
	}
}
END_TEST

START_TEST(http_dates)
{
	static const char *bad[] = {
		"", "Sun, 06 Nov 1994 08:49:37 GM", "Sun, 06 Nov 1994 08:49:37 GMT ",
		"Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
		"Sun, 06 Nov 1994 08:49:37 UTC", "sun, 06 Nov 1994 08:49:37 GMT",
		"Sun, 06 nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
		"Thu, 31 Nov 1994 08:49:37 GMT", "Wed, 29 Feb 1995 08:49:37 GMT",
		"Thu, 29 Feb 1900 08:49:37 GMT", "Mon, 06 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
		"Sun, 06 Nov 1994 08:49:61 GMT", "Sun,  6 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov +994 08:49:37 GMT", "Sun, 06-Nov 1994 08:49:37 GMT",
		"Sun, 06 ovD 1994 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT",
	};
	int64_t t = 42;

	for (int i = 0; i < COUNT(bad); i++)
		ck_assert_msg(text_parse_http_date(slice_string(bad[i]), &t) == -1, "%s", bad[i]);
	ck_assert_int_eq(t, 42);
	ck_assert_int_eq(text_parse_http_date(SLICE("Sun, 06 Nov 1994 08:49:37 GMT"), &t), 0);
	ck_assert_int_eq(t, 784111777);
	ck_assert_int_eq(text_parse_http_date(SLICE("Sat, 31 Dec 2016 23:59:60 GMT"), &t), 0);
	ck_assert_int_eq(t, 1483228800);
	ck_assert_int_eq(text_parse_http_date(SLICE("Tue, 29 Feb 2000 00:00:00 GMT"), &t), 0);
	ck_assert_int_eq(t, 951782400);
}
END_TEST

START_TEST(parses_times)
{
	static const struct {
		const char *s;
		int64_t first, last;
	} good[] = {
		{"0", 0, 0}, {"1777911730", 1777911730, 1777911730}, {"-1", -1, -1},
		{"-9223372036854775808", INT64_MIN, INT64_MIN},
		{"9223372036854775807", INT64_MAX, INT64_MAX},
		{"1970-01-01", 0, 86399},
		{"2026-05-04", 1777852800, 1777852800 + 86399},
		{"2026-05-04T16:22Z", 1777911720, 1777911779},
		{"2026-05-04T16:22", 1777911720, 1777911779},
		{"2026-05-04 16:22", 1777911720, 1777911779},
		{"2026-05-04t16:22z", 1777911720, 1777911779},
		{"2026-05-04T16:22:10Z", 1777911730, 1777911730},
		{"2026-05-04 16:22:10", 1777911730, 1777911730},
		{"2026-05-04T16:22:10.999Z", 1777911730, 1777911730},
		{"2026-05-04T18:22:10+02:00", 1777911730, 1777911730},
		{"2026-05-04T18:22:10.5+0200", 1777911730, 1777911730},
		{"2026-05-04T14:22-02", 1777911720, 1777911779},
		{"2026-05-04T10:37:10-05:45", 1777911730, 1777911730},
		{"2016-12-31T23:59:60Z", 1483228800, 1483228800},
		{"2000-02-29", 951782400, 951782400 + 86399},
		{"0000-01-01T00:00:00Z", -62167219200, -62167219200},
		{"9999-12-31T23:59:59Z", 253402300799, 253402300799},
	};
	static const char *bad[] = {
		"", "-", "+1", " 1", "1 ", "1.5", "1e9", "now", "9223372036854775808",
		"-9223372036854775809", "2026-05", "2026-05-4", "2026-5-04", "2026-00-04",
		"2026-13-04", "2026-05-00", "2026-05-32", "2026-02-29", "1900-02-29",
		"2026-05-04Z", "2026-05-04+02:00", "2026-05-04T", "2026-05-04T16",
		"2026-05-04T16Z", "2026-05-04T24:00", "2026-05-04T16:60", "2026-05-04T16:2",
		"2026-05-04T16:22:61", "2026-05-04T16:22:1", "2026-05-04T16:22:",
		"2026-05-04T16:22:10.", "2026-05-04T16:22:10.Z", "2026-05-04T16:22.5",
		"2026-05-04T16:22ZZ", "2026-05-04T16:22 Z", "2026-05-04T16:22+2",
		"2026-05-04T16:22+24", "2026-05-04T16:22+02:60", "2026-05-04T16:22+02:",
		"2026-05-04T16:22+02:000", "2026/05/04", "04.05.2026", "2026-05-04  16:22",
		"-2026-05-04", "12026-05-04",
	};
	int64_t first, last;

	for (int i = 0; i < COUNT(good); i++) {
		ck_assert_msg(text_parse_time(good[i].s, &first, &last) == 0, "%s", good[i].s);
		ck_assert_msg(first == good[i].first && last == good[i].last, "%s", good[i].s);
	}
	first = last = 42;
	for (int i = 0; i < COUNT(bad); i++)
		ck_assert_msg(text_parse_time(bad[i], &first, &last) == -1, "%s", bad[i]);
	ck_assert_int_eq(first, 42);
	ck_assert_int_eq(last, 42);
}
END_TEST

/* What text_time prints of any second is read back. */
START_TEST(times_there_and_back)
{
	for (int64_t t = -62167219200; t < 253402300800; t += 86400 * 13 + 4321) {
		int64_t first, last;

		buf_clear(&out);
		text_time(&out, t);
		buf_byte(&out, '\0');
		if (text_parse_time(out.data, &first, &last) != 0 || first != t || last != t)
			ck_abort_msg("%s", out.data);
	}
}
END_TEST

START_TEST(json_is_safe_for_terminals)
{
	text_json_safe(&out, SLICE("{\"a\":\"\x7f\xc2\x9b\xe2\x80\xae\xc3\xa9\"}\n"));
	expect("{\"a\":\"\\u007f\\u009b\\u202e\xc3\xa9\"}\n");
	text_json_safe(&out, SLICE("\x1b[31m\xff"));
	expect("\\u001b[31m\\ufffd");
}
END_TEST

Suite *text_suite(void)
{
	Suite *s = suite_create("text");
	TCase *t = tcase_create("text");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, json_is_safe_for_terminals);
	tcase_add_test(t, utf8_every_character);
	tcase_add_test(t, utf8_broken);
	tcase_add_test(t, safe_leaves_text_alone);
	tcase_add_test(t, safe_escapes);
	tcase_add_test(t, safe_every_character);
	tcase_add_test(t, paths);
	tcase_add_test(t, counts);
	tcase_add_test(t, sizes);
	tcase_add_test(t, parses_sizes);
	tcase_add_test(t, times);
	tcase_add_test(t, times_every_day);
	tcase_add_test(t, http_dates);
	tcase_add_test(t, parses_times);
	tcase_add_test(t, times_there_and_back);
	suite_add_tcase(s, t);
	return s;
}
