/*
 * test_needles.c: tests of bundle/needles.c: what is found, and that it does not depend on how bytes
 * are cut into pieces.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundle/needles.h"

Suite *needles_suite(void);

static struct needles *n;
static struct needles_look *l;

static void setup(void)
{
	n = needles_new();
	ck_assert_ptr_nonnull(n);
	ck_assert(needles_none(n));
	ck_assert_int_eq(needles_text(n, SLICE("conv_1"), 0), 1);
	ck_assert_int_eq(needles_text(n, SLICE("a\"b\\c\n\xc3\xa9"), 1), 1);
	ck_assert_int_eq(needles_text(n, SLICE("user-17@example.org"), 2), 1);
	ck_assert_int_eq(needles_digits(n, SLICE("4915123456789"), 3), 1);
	ck_assert_int_eq(needles_digits(n, SLICE("5550100"), 4), 1);
	ck_assert_int_eq(needles_text(n, SLICE("abcd"), 5), 0);
	ck_assert_int_eq(needles_digits(n, SLICE("123456"), 6), 0);
	ck_assert(!needles_none(n));
	ck_assert_int_eq(needles_ready(n), 0);
	l = needles_look_new(n);
	ck_assert_ptr_nonnull(l);
}

static void teardown(void)
{
	needles_look_free(l);
	needles_free(n);
}

static const struct {
	const char *text;
	size_t len; /* 0: as long as the string */
	const char *found;
} cases[] = {
	{"", 0, ""},
	{"conv_1", 0, "0"},
	{"x conv_1.", 0, "0"},
	{"conv_12 conv_10 xconv_1 _conv_1", 0, ""},
	{"\"conv_1\",\"conv_2\"", 0, "0"},
	{"\\nconv_1", 0, "0"},
	{"\\u0063onv\\u005f1", 0, "0"},
	{"conv\\u005F1\\u0030", 0, ""},
	{"c\0o\0n\0v\0_\0001\0", 12, "0"},
	{"\"a\\\"b\\\\c\\n\\u00e9\"", 0, "1"},
	{"user-17@example.org", 0, "2"},
	{"user-17\\u0040example.org", 0, "2"},
	{"user-17@example.orgs", 0, ""},
	{"4915123456789", 0, "3"},
	{"+49 (151) 234-567.89", 0, "3"},
	{"+49 151/2345 6789,", 0, "3"},
	{"004915123456789 0114915123456789", 0, "3"},
	{"49\xc2\xa0"
	 "151\xe2\x80\x91"
	 "23456789",
	 0, "3"},
	{"4\\u00395123456789", 0, ""},
	{"4\\u003915123456789", 0, "3"},
	{"+\0004\0009\0001\0005\0001\0002\0003\0004\0005\0006\0007\0008\0009\0", 28, "3"},
	{"49151234567890", 0, ""},
	{"14915123456789", 0, ""},
	{"14915123456789 4915123456789", 0, "3"},
	{"49151,23456789", 0, ""},
	{"49     15123456789", 0, ""},
	{"5550100", 0, "4"},
	{"+12025550100", 0, ""},
	{"+1 202 555-0100", 0, "4"},
	{"abcd 123456", 0, ""},
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

static void note(void *arg, uint32_t which)
{
	((bool *)arg)[which] = true;
}

static void expect(size_t i, const bool *met)
{
	char text[16] = "";
	size_t len = 0;

	for (int k = 0; k < 7; k++)
		if (met[k])
			text[len++] = (char)('0' + k);
	text[len] = '\0';
	ck_assert_msg(strcmp(text, cases[i].found) == 0, "case %zu: %s: found %s", i, cases[i].text,
		      text);
}

static struct slice text_of(size_t i)
{
	return slice_of(cases[i].text, cases[i].len > 0 ? cases[i].len : strlen(cases[i].text));
}

START_TEST(in_pieces)
{
	for (size_t i = 0; i < CASES; i++) {
		struct slice text = text_of(i);

		for (size_t piece = 1; piece <= text.len + 1; piece++) {
			bool met[7] = {false};

			needles_look_begin(l);
			for (size_t at = 0; at < text.len; at += piece) {
				size_t len = text.len - at < piece ? text.len - at : piece;

				ck_assert(needles_look_at(l, slice_of(text.data + at, len), note,
							  met));
			}
			needles_look_end(l, note, met);
			expect(i, met);
			ck_assert_int_eq(needles_look_met(l), *cases[i].found != '\0');
		}
	}
}
END_TEST

/* needles_in does not look for UTF-16. */
START_TEST(at_once)
{
	for (size_t i = 0; i < CASES; i++)
		if (cases[i].len == 0)
			ck_assert_msg(needles_in(l, text_of(i)) == (*cases[i].found != '\0'),
				      "case %zu", i);
}
END_TEST

START_TEST(numbers)
{
	ck_assert(needles_are(n, SLICE("4915123456789")));
	ck_assert(needles_are(n, SLICE("5550100")));
	ck_assert(!needles_are(n, SLICE("12025550100")));
	ck_assert(!needles_are(n, SLICE("550100")));
	ck_assert(!needles_are(n, SLICE("")));
}
END_TEST

/* Many, and text in which none is. */
START_TEST(many)
{
	struct needles *all = needles_new();
	struct needles_look *look;

	for (int i = 0; i < 20000; i++) {
		char text[32];
		int len = snprintf(text, sizeof(text), "rcp_%08d", i * 7);

		ck_assert_int_eq(needles_text(all, slice_of(text, (size_t)len), 0), 1);
		ck_assert_int_eq(needles_digits(all, slice_of(text + 4, (size_t)len - 4), 0), 1);
	}
	ck_assert_int_eq(needles_ready(all), 0);
	look = needles_look_new(all);
	for (int i = 0; i < 20000; i++) {
		char text[32];
		int len = snprintf(text, sizeof(text), "\"rcp_%08d\"", i);

		ck_assert_int_eq(needles_in(look, slice_of(text, (size_t)len)), i % 7 == 0);
	}
	needles_look_free(look);
	needles_free(all);
}
END_TEST

Suite *needles_suite(void)
{
	Suite *s = suite_create("needles");
	TCase *t = tcase_create("needles");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, in_pieces);
	tcase_add_test(t, at_once);
	tcase_add_test(t, numbers);
	tcase_add_test(t, many);
	suite_add_tcase(s, t);
	return s;
}
