/*
 * test_text_width.c: tests of base/text_width.c, and of base/table.c by it.
 */
#include <check.h>
#include <stdlib.h>

#include "base/table.h"
#include "base/text_width.h"

Suite *text_width_suite(void);

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

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

#define FAMILY "\U0001F469\u200D\U0001F469\u200D\U0001F467"

static const struct {
	const char *text;
	size_t width;
} texts[] = {
	{"", 0},
	{"abc", 3},
	{"d’avril · ", 10},
	{"配送", 4},
	{"\uFF21", 2},		 /* fullwidth A */
	{"\uFF71", 1},		 /* halfwidth katakana */
	{"e\u0301", 1},
	{"\u0301", 0},
	{"a\u200Bb", 2},
	{"\u1112\u1161\u11ab", 2}, /* conjoining Hangul */
	{"한글", 4},
	{"\u00AD", 1},
	{"\U0001F600", 2},
	{FAMILY, 2},
	{FAMILY FAMILY "x", 5},
	{"\U0001F44D\U0001F3FD", 2}, /* a skin tone */
	{"\u2764", 1},
	{"\u2764\uFE0F", 2},
	{"1\uFE0F\u20E3", 2},
	{"a\uFE0F", 1},
	{"a\u200Db", 2}, /* letters are not joined to one */
	{"\u0915\u094D\u200D\u0937", 2},
	{"\U0001F1EB\U0001F1F7", 2}, /* a flag */
	{"\U00020000", 2},
	{"\U000E0001", 0},
	{"x\xFFy", 3},
};

START_TEST(widths)
{
	ck_assert_uint_eq(text_width(slice_string(texts[_i].text)), texts[_i].width);
}
END_TEST

/* Beginnings and ends of any width: never wider, longer with more room, whole at the end. */
START_TEST(cutting_never_exceeds)
{
	struct slice s = slice_string(texts[_i].text);
	size_t before = 0, end_before = s.len;

	for (size_t most = 0; most <= texts[_i].width; most++) {
		size_t n = text_width_cut(s, most), from = text_width_cut_end(s, most);

		ck_assert_uint_le(text_width(slice_of(s.data, n)), most);
		ck_assert_uint_le(text_width(slice_of(s.data + from, s.len - from)), most);
		ck_assert_uint_ge(n, before);
		ck_assert_uint_le(from, end_before);
		before = n;
		end_before = from;
	}
	ck_assert_uint_eq(before, s.len);
	ck_assert_uint_eq(end_before, 0);
}
END_TEST

START_TEST(a_cluster_is_not_cut_apart)
{
	struct slice family = SLICE(FAMILY "x"), e = SLICE("e\u0301x");

	ck_assert_uint_eq(text_width_cut(family, 1), 0);
	ck_assert_uint_eq(text_width_cut(family, 2), sizeof(FAMILY) - 1);
	ck_assert_uint_eq(text_width_cut(e, 1), 3);
	ck_assert_uint_eq(text_width_cut_end(e, 1), 3);
}
END_TEST

START_TEST(folds_at_words)
{
	text_width_fold(&out, SLICE("one two three\n\nfour\n"), 9);
	expect("one two\n  three\n\nfour\n");
	text_width_fold(&out, SLICE("one two three\n"), 0);
	expect("one two three\n");
	text_width_fold(&out, SLICE("! a/very/long/word b c"), 8);
	expect("! a/very/long/word\n  b c");
	text_width_fold(&out, SLICE("配送 配送 配送"), 9);
	expect("配送 配送\n  配送");
	text_width_fold(&out, SLICE("exactly 10\nexactly 1 1"), 10);
	expect("exactly 10\nexactly 1\n  1");
}
END_TEST

START_TEST(folded_lines_fit)
{
	struct slice s = SLICE("longest gap between captures 7 m 3 s, of 配送 e\u0301 a b c d e f: "
			       "changes there are unknown\nx\n");

	for (size_t width = 12; width < 100; width++) {
		text_width_fold(&out, s, width);
		const char *at = out.data, *end = out.data + out.len, *lf;

		for (; at < end; at = lf + 1) {
			lf = memchr(at, '\n', (size_t)(end - at));
			ck_assert_ptr_nonnull(lf);
			ck_assert_uint_le(text_width(slice_of(at, (size_t)(lf - at))), width);
		}
		buf_clear(&out);
	}
}
END_TEST

/* --- tables --- */

static const struct column columns[] = {
	{.head = "ID", .shrinks = true, .middle = true, .least = 10, .line = TABLE_ABOVE},
	{.head = "NAME", .shrinks = true, .least = 6},
	{.head = "MEDIAN", .right = true, .drop = 2},
	{.head = "P90", .right = true, .drop = 1},
	{.head = "N", .right = true},
};

static struct table *odd_table(void)
{
	struct table *t = table_new(columns, COUNT(columns));

	ck_assert_ptr_nonnull(t);
	for (size_t i = 0; i < COUNT(texts); i++) {
		table_cell(t, SLICE("btcal_0123456789_xyz"));
		table_cell(t, slice_string(texts[i].text));
		table_cell(t, SLICE("7 m 31 s"));
		table_cell(t, SLICE("10 m 3 s"));
		table_number(t, i * 1000);
	}
	return t;
}

/* Every row ends with a number, so all lines of rows are equally wide: by the function that says
 * how a terminal shows them. */
START_TEST(tables_are_straight)
{
	struct table *t = odd_table();

	for (unsigned width = 0; width < 80; width += width == 0 ? 18 : 1) {
		size_t wide = table_fit(t, width).wide, row = 0;
		const char *at, *end, *lf;

		buf_clear(&out);
		table_print(t, width, &out);
		ck_assert(!out.failed);
		ck_assert(width == 0 || wide <= width);
		for (at = out.data, end = at + out.len; at < end; at = lf + 1) {
			lf = memchr(at, '\n', (size_t)(end - at));
			struct slice line = slice_of(at, (size_t)(lf - at));
			size_t w = text_width(line);

			ck_assert_uint_le(w, wide);
			if (table_fit(t, width).lines && *at != ' ')
				continue;
			row = row == 0 ? w : row;
			ck_assert_msg(w == row, "at %u: %.*s", width, (int)line.len, at);
		}
	}
	table_free(t);
}
END_TEST

static const struct column two[] = {
	{.head = "ID", .shrinks = true, .middle = true, .least = 16, .line = TABLE_ABOVE},
	{.head = "S"},
	{.head = "P90", .right = true, .drop = 1},
	{.head = "N", .right = true},
};

/* What goes first, and what goes to a line of its own. */
START_TEST(tables_give_way)
{
	static const struct {
		unsigned width;
		const char *text;
	} rows[] = {
		{0, "ID                    S          P90      N\n"
		    "btcal_0123456789_xyz  done  7 m 31 s  1,234\n"},
		{43, "ID                    S          P90      N\n"
		     "btcal_0123456789_xyz  done  7 m 31 s  1,234\n"},
		{40, "ID                 S          P90      N\n"
		     "btcal_01…6789_xyz  done  7 m 31 s  1,234\n"},
		{30, "ID                 S         N\n"
		     "btcal_01…6789_xyz  done  1,234\n"},
		{28, "ID\n  S          P90      N\n"
		     "btcal_0123456789_xyz\n  done  7 m 31 s  1,234\n"},
		{14, "ID\n  S         N\n"
		     "btcal_0…89_xyz\n  done  1,234\n"},
	};
	struct table *t = table_new(two, COUNT(two));

	table_cell(t, SLICE("btcal_0123456789_xyz"));
	table_cell(t, SLICE("done"));
	table_cell(t, SLICE("7 m 31 s"));
	table_number(t, 1234);
	for (size_t i = 0; i < COUNT(rows); i++) {
		table_print(t, rows[i].width, &out);
		expect(rows[i].text);
	}
	table_free(t);
}
END_TEST

Suite *text_width_suite(void)
{
	Suite *suite = suite_create("text_width");
	TCase *c = tcase_create("text_width");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_loop_test(c, widths, 0, COUNT(texts));
	tcase_add_loop_test(c, cutting_never_exceeds, 0, COUNT(texts));
	tcase_add_test(c, a_cluster_is_not_cut_apart);
	tcase_add_test(c, folds_at_words);
	tcase_add_test(c, folded_lines_fit);
	tcase_add_test(c, tables_are_straight);
	tcase_add_test(c, tables_give_way);
	suite_add_tcase(suite, c);
	return suite;
}
