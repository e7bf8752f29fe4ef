/*
 * test_cells.c: json/cells.h.
 */
#include <check.h>

#include "json/cells.h"

Suite *cells_suite(void);

static struct cells c;

static void setup(void)
{
	c = (struct cells){0};
}

static void teardown(void)
{
	cells_free(&c);
}

/* The row so far, without its end. */
static void expect(const char *want)
{
	ck_assert(!cells_failed(&c));
	buf_byte(&c.out, '\0');
	ck_assert_str_eq(c.out.data, want);
	buf_clear(&c.out);
	c.begun = false;
}

static void expect_value(struct slice value, const char *want)
{
	cells_value(&c, value);
	expect(want);
}

static void expect_text(struct slice text, const char *want)
{
	cells_text(&c, text);
	expect(want);
}

START_TEST(values)
{
	expect_value(SLICE(""), "");
	expect_value(SLICE("null"), "");
	expect_value(SLICE("\"\""), "\"\"");
	expect_value(SLICE("\"null\""), "null");
	expect_value(SLICE("true"), "true");
	expect_value(SLICE("-0.10E+5"), "-0.10E+5");
	expect_value(SLICE("\"a b;\xc3\xa9'\""), "a b;\xc3\xa9'");
	expect_value(SLICE("\"a,b\""), "\"a,b\"");
	expect_value(SLICE("\"a\\\"b\""), "\"a\"\"b\"");
	expect_value(SLICE("\"\\n\""), "\"\n\"");
	expect_value(SLICE("\"\\\\n\""), "\\n");
	expect_value(SLICE("{\"a\":[1,\"x\"]}"), "\"{\"\"a\"\":[1,\"\"x\"\"]}\"");
	expect_value(SLICE("[]"), "[]");
	expect_value(SLICE("\"no \\q escape\""), "\"\"\"no \\q escape\"\"\"");
}
END_TEST

START_TEST(rows)
{
	cells_value(&c, SLICE(""));
	cells_text(&c, SLICE("x"));
	cells_time(&c, SLICE("0"));
	cells_time(&c, SLICE("\"0\""));
	cells_made(&c, SLICE("1,2"));
	cells_end_row(&c);
	cells_text(&c, SLICE("y"));
	expect(",x,1970-01-01T00:00:00Z,,1,2\r\ny");
}
END_TEST

/* A NUL is spelled, and nothing else looks like that. */
START_TEST(nul)
{
	expect_text(SLICE("a\0b"), "\"\"\"a\\u0000b\"\"\"");
	expect_value(SLICE("\"a\\u0000b\""), "\"\"\"a\\u0000b\"\"\"");
	expect_text(SLICE("\"\\u0000\""), "\"\"\"\\\"\"\\\\u0000\\\"\"\"\"\"");
	expect_text(SLICE("\\u0000"), "\\u0000");
	expect_text(SLICE("\"\\u0000"), "\"\"\"\\u0000\"");
	expect_text(SLICE("\""), "\"\"\"\"");
}
END_TEST

START_TEST(spreadsheet)
{
	c.spreadsheet = true;
	expect_value(SLICE("\"+49\""), "'+49");
	expect_value(SLICE("\"=1,2\""), "\"'=1,2\"");
	expect_value(SLICE("\"-\""), "'-");
	expect_value(SLICE("\"@\""), "'@");
	expect_value(SLICE("\"\\t\""), "'\t");
	expect_value(SLICE("\"\\r\""), "\"'\r\"");
	expect_value(SLICE("\"a=\""), "a=");
	expect_value(SLICE("\"\""), "\"\"");
	expect_value(SLICE("-5"), "-5");
}
END_TEST

START_TEST(people)
{
	c.people = true;
	expect_value(SLICE("\"a\\u001b,\\n\""), "\"a\\u{1b},\\n\"");
	expect_value(SLICE("\"\\u0000\""), "\"\"\"\\u0000\"\"\"");
	cells_text(&c, SLICE("x"));
	cells_end_row(&c);
	expect("x\n");
}
END_TEST

Suite *cells_suite(void)
{
	Suite *s = suite_create("cells");
	TCase *t = tcase_create("cells");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, values);
	tcase_add_test(t, rows);
	tcase_add_test(t, nul);
	tcase_add_test(t, spreadsheet);
	tcase_add_test(t, people);
	suite_add_tcase(s, t);
	return s;
}
