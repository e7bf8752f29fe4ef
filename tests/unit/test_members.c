/*
 * test_members.c: tests of json/members.c.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "json/members.h"

Suite *members_suite(void);

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* A copy without a byte to spare, so that a sanitizer sees what is read beyond it. */
static struct slice exact(struct slice s)
{
	char *copy = malloc(s.len == 0 ? 1 : s.len);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, s.data, s.len);
	return slice_of(copy, s.len);
}

static void expect_slice(struct slice s, const char *want)
{
	ck_assert_msg(slice_equal(s, slice_string(want)), "\"%.*s\", not \"%s\"", (int)s.len,
		      s.len == 0 ? "" : s.data, want);
}

static void expect_member(struct members *m, const char *name, const char *value, const char *whole)
{
	struct json_member member;

	ck_assert(members_next(m, &member));
	expect_slice(member.name, name);
	expect_slice(member.value, value);
	expect_slice(member.whole, whole);
}

static void expect_end(struct members *m)
{
	struct json_member member;

	ck_assert(!members_next(m, &member));
	ck_assert(!m->bad);
	ck_assert(!members_next(m, &member));
	ck_assert(!m->bad);
}

START_TEST(object)
{
	struct slice text = exact(SLICE("{\"a\":1,\"b\\\"]\":\"x,}\\\\\",\"\":{\"c\":[{}]},"
					"\"d\":[\"]\",{\"e\":null}],\"f\":-1.5E+3,\"g\":true}"));
	struct members m;

	members_begin(&m, text);
	ck_assert(!m.array);
	expect_member(&m, "\"a\"", "1", "\"a\":1");
	expect_member(&m, "\"b\\\"]\"", "\"x,}\\\\\"", "\"b\\\"]\":\"x,}\\\\\"");
	expect_member(&m, "\"\"", "{\"c\":[{}]}", "\"\":{\"c\":[{}]}");
	expect_member(&m, "\"d\"", "[\"]\",{\"e\":null}]", "\"d\":[\"]\",{\"e\":null}]");
	expect_member(&m, "\"f\"", "-1.5E+3", "\"f\":-1.5E+3");
	expect_member(&m, "\"g\"", "true", "\"g\":true");
	expect_end(&m);
	free((char *)text.data);
}
END_TEST

START_TEST(array)
{
	struct slice text = exact(SLICE("[1,\"\",[[]],{},null]"));
	struct members m;

	members_begin(&m, text);
	ck_assert(m.array);
	expect_member(&m, "", "1", "1");
	expect_member(&m, "", "\"\"", "\"\"");
	expect_member(&m, "", "[[]]", "[[]]");
	expect_member(&m, "", "{}", "{}");
	expect_member(&m, "", "null", "null");
	expect_end(&m);
	free((char *)text.data);
}
END_TEST

START_TEST(empty)
{
	struct members m;

	members_begin(&m, SLICE("{}"));
	expect_end(&m);
	members_begin(&m, SLICE("[]"));
	expect_end(&m);
}
END_TEST

static const char *const bad[] = {
	"", "{", "}", "[", "x", "1", "\"\"", "{]", "[}", "{1}", "{a:1}", "{\"a\"}", "{\"a\":}",
	"{\"a\",1}", "{\"a\" :1}", "{\"a\": 1}", "{ }", "[ ]", "[1 ,2]", "[1, 2]", "[,]", "[1,]",
	"[,1]", "[1,,2]", "{,}", "{\"a\":1,}", "{\"a\":1,,\"b\":2}", "{\"a\":1\"b\":2}", "[1 2]",
	"[\"]", "[\"\\\"]", "[[]", "[]]", "[{]", "{\"a\":{}", "{\"a\":\"}", "{\"a\":[\"}", "[1}]",
	"{\"a}", "{\"}", "{\"\\}", "[\"a\"b]", "[\t]", "[\"\"\"\"]", "[][]", "{}{}", "[{}{}]",
	"[:]", "[\"a\":1]",
};

/* Every one of them is bad at some step, and stays bad. */
START_TEST(not_of_that_form)
{
	struct slice text = exact(slice_string(bad[_i]));
	struct json_member member;
	struct members m;
	int steps = 0;

	members_begin(&m, text);
	while (members_next(&m, &member))
		ck_assert_int_lt(++steps, 10);
	ck_assert_msg(m.bad, "%s", bad[_i]);
	ck_assert(!members_next(&m, &member));
	ck_assert(m.bad);
	free((char *)text.data);
}
END_TEST

/* Nothing is read beyond any cut or change of a good text, and what comes out is inside of it. */
START_TEST(broken_anywhere)
{
	static const char good[] = "{\"a\":\"\\u00e9\\\\\",\"b\":[1,{\"c\":null}],\"d\":{\"\":[]}}";
	static const char with[] = "{}[]\",:\\ 0a\n";

	for (size_t len = 0; len <= strlen(good); len++) {
		for (size_t at = 0; at < len; at++) {
			for (size_t i = 0; i < sizeof(with); i++) {
				struct slice text = exact(slice_of(good, len));
				struct json_member member;
				struct members m;
				((char *)text.data)[at] = with[i];
				members_begin(&m, text);
				while (members_next(&m, &member)) {
					ck_assert(member.whole.data > text.data);
					ck_assert(member.whole.data + member.whole.len <
						  text.data + text.len);
					ck_assert_uint_gt(member.value.len, 0);
				}
				members_find(text, "zz");
				free((char *)text.data);
			}
		}
	}
}
END_TEST

START_TEST(deep_nesting)
{
	size_t depth = 1000000;
	char *text = malloc(2 * depth);
	struct members m;
	struct json_member member;

	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	members_begin(&m, slice_of(text, 2 * depth));
	ck_assert(members_next(&m, &member));
	ck_assert_uint_eq(member.value.len, 2 * depth - 2);
	expect_end(&m);
	free(text);
}
END_TEST

/* Strings of every length, and escapes at every place in them, end where they end. */
START_TEST(ends_of_strings)
{
	char text[200];

	for (int len = 0; len < 70; len++) {
		for (int at = -1; at + 2 <= len; at++) {
			const char *const escapes[] = {"\\\"", "\\\\", "\\n"};
			struct members in;
			struct json_member m;
			int n = snprintf(text, sizeof(text), "[\"%*s\",1]", len, "");

			if (at >= 0)
				memcpy(text + 2 + at, escapes[(at + len) % 3], 2);
			members_begin(&in, slice_of(text, (size_t)n));
			ck_assert(members_next(&in, &m));
			ck_assert_msg(m.value.len == (size_t)len + 2, "%s", text);
			ck_assert(members_next(&in, &m));
			ck_assert(slice_equal(m.value, SLICE("1")));
			ck_assert(!members_next(&in, &m));
			ck_assert(!in.bad);
			/* one that does not end, with nothing behind it */
			char *cut = malloc((size_t)len + 3);
			memcpy(cut, text, (size_t)len + 2);
			cut[len + 2] = ']';
			members_begin(&in, slice_of(cut, (size_t)len + 3));
			ck_assert(!members_next(&in, &m));
			ck_assert(in.bad);
			free(cut);
		}
	}
}
END_TEST

START_TEST(finds)
{
	struct slice o = SLICE("{\"_response\":7,\"a\":{\"b\":1},\"b\":\"x\",\"b\":2}");

	expect_slice(members_find(o, "_response"), "7");
	expect_slice(members_find(o, "a"), "{\"b\":1}");
	expect_slice(members_find(o, "b"), "\"x\""); /* the first one */
	expect_slice(members_find(o, "c"), "");
	expect_slice(members_find(o, ""), "");
	expect_slice(members_find(SLICE("[1]"), ""), "");
	expect_slice(members_find(SLICE("[\"a\"]"), "a"), "");
	expect_slice(members_find(SLICE("x"), "x"), "");
	expect_slice(members_find(SLICE("{\"a\":1,b}"), "b"), "");
}
END_TEST

START_TEST(unescapes)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"\"\"", ""}, {"\"abc\"", "abc"}, {"\"\xc3\xa9\"", "\xc3\xa9"},
		{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
		{"\"\\u001f\\u0041\"", "\x1f" "A"}, {"\"\\u00E9\\u20ac\"", "\xc3\xa9\xe2\x82\xac"},
		{"\"\\ud83d\\ude00!\"", "\xf0\x9f\x98\x80!"},
	};
	struct buf out = BUF_INIT;

	for (int i = 0; i < COUNT(cases); i++) {
		struct slice text = exact(slice_string(cases[i].text));
		buf_clear(&out);
		buf_byte(&out, '>');
		ck_assert_msg(json_unescape(&out, text), "%s", cases[i].text);
		ck_assert_uint_eq(out.len, strlen(cases[i].want) + 1);
		ck_assert_mem_eq(out.data + 1, cases[i].want, out.len - 1);
		free((char *)text.data);
	}
	buf_clear(&out);
	ck_assert(json_unescape(&out, SLICE("\"a\\u0000b\"")));
	ck_assert(slice_equal(buf_view(&out), SLICE("a\0b")));
	buf_free(&out);
}
END_TEST

START_TEST(no_strings)
{
	static const char *const none[] = {
		"", "\"", "a", "\"a", "a\"", "\"\\\"", "\"a\"b\"", "\"\n\"", "\"\\x\"", "\"\\u\"",
		"\"\\u12\"", "\"\\u12g4\"", "\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83d\\u0041\"",
		"\"\\ud83dxxxxxx\"", "\"\\ud83d\\n1234\"", "\"\\ud83d\\ud83d\"", "\"\\u+123\"",
		"\"ab\\\"", "1", "null",
	};
	struct buf out = BUF_INIT;

	buf_string(&out, "kept");
	for (int i = 0; i < COUNT(none); i++) {
		struct slice text = exact(slice_string(none[i]));
		ck_assert_msg(!json_unescape(&out, text), "%s", none[i]);
		expect_slice(buf_view(&out), "kept");
		free((char *)text.data);
	}
	ck_assert(!json_unescape(&out, SLICE("\"\\\0\"")));
	buf_free(&out);
}
END_TEST

START_TEST(numbers)
{
	static const char *const none[] = {"", "-1", "+1", "01", "00", "1.0", "1e3", " 1", "1 ", "x",
					   "18446744073709551616", "99999999999999999999999"};
	uint64_t n;

	ck_assert(json_uint(SLICE("0"), &n));
	ck_assert_uint_eq(n, 0);
	ck_assert(json_uint(SLICE("18446744073709551615"), &n));
	ck_assert_uint_eq(n, UINT64_MAX);
	ck_assert(json_uint(SLICE("18446744073709551609"), &n));
	n = 42;
	for (int i = 0; i < COUNT(none); i++)
		ck_assert_msg(!json_uint(slice_string(none[i]), &n), "%s", none[i]);
	ck_assert_uint_eq(n, 42);
}
END_TEST

START_TEST(signed_numbers)
{
	int64_t n = 7;

	ck_assert(json_int(SLICE("0"), &n) && n == 0);
	ck_assert(json_int(SLICE("-10"), &n) && n == -10);
	ck_assert(json_int(SLICE("9223372036854775807"), &n) && n == INT64_MAX);
	ck_assert(json_int(SLICE("-9223372036854775808"), &n) && n == INT64_MIN);
	ck_assert(!json_int(SLICE("9223372036854775808"), &n));
	ck_assert(!json_int(SLICE("-9223372036854775809"), &n));
	ck_assert(!json_int(SLICE("-"), &n));
	ck_assert(!json_int(SLICE("--1"), &n));
	ck_assert(!json_int(SLICE(""), &n));
	ck_assert(!json_int(SLICE("1.0"), &n));
}
END_TEST

Suite *members_suite(void)
{
	Suite *s = suite_create("members");
	TCase *t = tcase_create("members");

	tcase_add_test(t, signed_numbers);
	tcase_add_test(t, object);
	tcase_add_test(t, array);
	tcase_add_test(t, empty);
	tcase_add_loop_test(t, not_of_that_form, 0, COUNT(bad));
	tcase_add_test(t, broken_anywhere);
	tcase_add_test(t, deep_nesting);
	tcase_add_test(t, ends_of_strings);
	tcase_add_test(t, finds);
	tcase_add_test(t, unescapes);
	tcase_add_test(t, no_strings);
	tcase_add_test(t, numbers);
	suite_add_tcase(s, t);
	return s;
}
