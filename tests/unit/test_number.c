/*
 * test_number.c: tests of json/number.c.
 */
#include <check.h>
#include <stdlib.h>

#include "json/number.h"

Suite *number_suite(void);

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const valid[] = {
	"0",
	"-0",
	"1",
	"10",
	"-19",
	"0.0",
	"1.5",
	"-0.25",
	"1e5",
	"1E5",
	"1e+5",
	"1e-5",
	"0e0",
	"0.1e1",
	"123456789012345678901234567890",
	"1e999999999999999999999999999",
	"-1.0E-00",
};

static const char *const invalid[] = {
	"",    "-",    "+1",    "01",  "-01", "00",  ".5",           "1.",  "1.e5",
	"1e",  "1e+",  "1e5.0", "1 ",  " 1",  "0x1", "1_0",          "NaN", "Infinity",
	"--1", "1..2", "1e5e5", "-.5", "1a",  "e5",  "\xef\xbc\x91",
};

START_TEST(grammar)
{
	for (size_t i = 0; i < COUNT(valid); i++)
		ck_assert_msg(number_valid(slice_string(valid[i])), "%s", valid[i]);
	for (size_t i = 0; i < COUNT(invalid); i++)
		ck_assert_msg(!number_valid(slice_string(invalid[i])), "%s", invalid[i]);
	ck_assert(!number_valid((struct slice){NULL, 0}));
	ck_assert(!number_valid(SLICE("1\0")));
	ck_assert(number_valid(slice_of("12x", 2)));
}
END_TEST

/* text, and its plain integer: NULL: it is none, "": it is one, but too long */
static const struct {
	const char *text, *plain;
} integers[] = {
	{"0", "0"},
	{"-0", "0"},
	{"0.000", "0"},
	{"0e99999999999999999999", "0"},
	{"-0e-99999999999999999999", "0"},
	{"7", "7"},
	{"-7", "-7"},
	{"1.0", "1"},
	{"1e0", "1"},
	{"10e-1", "1"},
	{"1e2", "100"},
	{"1E+2", "100"},
	{"1.25e2", "125"},
	{"-1.25e3", "-1250"},
	{"0.001e3", "1"},
	{"0.00012e4", NULL},
	{"1200e-2", "12"},
	{"1200e-3", NULL},
	{"1.5", NULL},
	{"1e-1", NULL},
	{"0.1", NULL},
	{"1e-99999999999999999999", NULL},
	{"123456789012345678901234567890", "123456789012345678901234567890"},
	{"1e63", "1000000000000000000000000000000000000000000000000000000000000000"},
	{"1e64", ""},
	{"-1e63", "-1000000000000000000000000000000000000000000000000000000000000000"},
	{"1e99999999999999999999", ""},
	{"12345678901234567890123456789012345678901234567890123456789012345", ""},
};

START_TEST(integer)
{
	struct buf out = BUF_INIT;
	struct slice text = slice_string(integers[_i].text);
	const char *plain = integers[_i].plain;

	buf_byte(&out, 'x');
	ck_assert_int_eq(number_is_integer(text), plain != NULL);
	ck_assert_int_eq(number_integer(text, &out), plain != NULL && *plain != '\0');
	ck_assert_uint_eq(out.len, 1 + (plain == NULL ? 0 : strlen(plain)));
	ck_assert(plain == NULL || memcmp(out.data + 1, plain, out.len - 1) == 0);
	buf_free(&out);
}
END_TEST

/* In increasing order; those on one line are equal. */
static const char *const ordered[][5] = {
	{"-1e99999999999999999999", "-1e100000000000000000"},
	{"-1e400", "-10e399"},
	{"-123456789012345678901", "-123456789012345678901.0"},
	{"-123456789012345678900"},
	{"-2", "-2.0", "-20e-1", "-0.2e1"},
	{"-1.5"},
	{"-1"},
	{"-1e-400"},
	{"0", "-0", "0.0", "0e5", "-0.0e-5"},
	{"1e-100000000000000000", "1e-99999999999999999999"},
	{"1e-400"},
	{"0.0999999999999999999999999999999"},
	{"0.1", "1e-1", "0.10", "00.1"},
	{"0.1000000000000000000000000000001"},
	{"0.9"},
	{"1", "1.0", "0.01e2", "100e-2"},
	{"1.01"},
	{"1.1"},
	{"2"},
	{"9.99"},
	{"10", "1e1", "10.000"},
	{"9007199254740992"},
	{"9007199254740993"},
	{"1e400"},
};

START_TEST(compare)
{
	for (size_t i = 0; i < COUNT(ordered); i++)
		for (size_t k = 0; k < COUNT(ordered); k++)
			for (size_t a = 0; a < 5 && ordered[i][a] != NULL; a++)
				for (size_t b = 0; b < 5 && ordered[k][b] != NULL; b++)
					ck_assert_msg(number_compare(slice_string(ordered[i][a]),
								     slice_string(ordered[k][b])) ==
							      (i > k) - (i < k),
						      "%s and %s", ordered[i][a], ordered[k][b]);
}
END_TEST

static const struct {
	const char *text;
	bool fits;
	int64_t value;
} fits[] = {
	{"0", true, 0},
	{"-0", true, 0},
	{"1.0", true, 1},
	{"-42e1", true, -420},
	{"9223372036854775807", true, INT64_MAX},
	{"-9223372036854775808", true, INT64_MIN},
	{"9223372036854775808", false, 0},
	{"-9223372036854775809", false, 0},
	{"9.223372036854775807e18", true, INT64_MAX},
	{"1e18", true, 1000000000000000000},
	{"1e19", false, 0},
	{"99999999999999999999", false, 0},
	{"1e99999999999999999999", false, 0},
	{"0e99999999999999999999", true, 0},
	{"1.5", false, 0},
	{"1e-1", false, 0},
};

START_TEST(int64)
{
	int64_t value = 77;

	ck_assert_int_eq(number_int64(slice_string(fits[_i].text), &value), fits[_i].fits ? 0 : -1);
	ck_assert_int_eq(value, fits[_i].fits ? fits[_i].value : 77);
}
END_TEST

/* A million digits on either side of the point: no time, no copy. */
START_TEST(long_numbers)
{
	size_t half = 1000000, len = 2 * half + 1;
	char *text = malloc(len), *other = malloc(len);
	struct buf out = BUF_INIT;

	ck_assert(text != NULL && other != NULL);
	memset(text, '1', half);
	text[half] = '.';
	memset(text + half + 1, '0', half);
	memcpy(other, text, len);
	ck_assert(number_valid(slice_of(text, len)));
	ck_assert(number_is_integer(slice_of(text, len)));
	ck_assert(!number_integer(slice_of(text, len), &out));
	ck_assert_int_eq(number_compare(slice_of(text, len), slice_of(text, half)), 0);
	other[len - 1] = '1';
	ck_assert(!number_is_integer(slice_of(other, len)));
	ck_assert_int_eq(number_compare(slice_of(text, len), slice_of(other, len)), -1);
	ck_assert_uint_eq(out.len, 0);
	free(text);
	free(other);
	buf_free(&out);
}
END_TEST

Suite *number_suite(void)
{
	Suite *s = suite_create("number");
	TCase *t = tcase_create("number");

	tcase_add_test(t, grammar);
	tcase_add_loop_test(t, integer, 0, (int)COUNT(integers));
	tcase_add_test(t, compare);
	tcase_add_loop_test(t, int64, 0, (int)COUNT(fits));
	tcase_add_test(t, long_numbers);
	suite_add_tcase(s, t);
	return s;
}
