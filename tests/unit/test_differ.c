/*
 * test_differ.c: tests of json/differ.c.
 */
#include <check.h>
#include <stdlib.h>

#include "base/buf.h"
#include "json/differ.h"

Suite *differ_suite(void);

static struct buf seen, text[2];
static struct error e;

static void setup(void)
{
	seen = text[0] = text[1] = (struct buf)BUF_INIT;
	e = (struct error){0};
}

static void teardown(void)
{
	buf_free(&seen);
	buf_free(&text[0]);
	buf_free(&text[1]);
}

/* path old>new; in lines */
static int note(void *arg, struct slice path, struct slice old, struct slice new)
{
	int *left = arg;

	buf_slice(&seen, path);
	buf_byte(&seen, ' ');
	buf_slice(&seen, old);
	buf_byte(&seen, '>');
	buf_slice(&seen, new);
	buf_byte(&seen, '\n');
	return left != NULL && --*left == 0 ? 7 : 0;
}

/* A copy without a byte to spare, so that a sanitizer sees what is read beyond it. */
static struct slice exact(const char *s)
{
	size_t len = strlen(s);
	char *copy = malloc(len == 0 ? 1 : len);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, s, len);
	return slice_of(copy, len);
}

static int compare(const char *old, const char *new, int *left)
{
	struct slice a = exact(old), b = exact(new);
	int result;

	buf_clear(&seen);
	result = differ_objects(a, b, note, left, &e);
	free((char *)a.data);
	free((char *)b.data);
	return result;
}

static void expect(const char *old, const char *new, const char *want)
{
	ck_assert_msg(compare(old, new, NULL) == 0, "%s", e.text);
	buf_byte(&seen, '\0');
	ck_assert_str_eq(seen.data, want);
}

START_TEST(equal)
{
	expect("{}", "{}", "");
	expect("{\"a\":1,\"b\":{\"c\":[1,{}]}}", "{\"a\":1,\"b\":{\"c\":[1,{}]}}", "");
	/* the order of members is not theirs */
	expect("{\"a\":1,\"b\":{\"c\":1,\"d\":2},\"e\":3}",
	       "{\"e\":3,\"b\":{\"d\":2,\"c\":1},\"a\":1}", "");
}
END_TEST

START_TEST(changed)
{
	expect("{\"a\":1,\"b\":2,\"c\":3}", "{\"a\":1,\"b\":\"x\",\"c\":null}", "b 2>\"x\"\nc 3>null\n");
	expect("{\"a\":[1,2]}", "{\"a\":[2,1]}", "a [1,2]>[2,1]\n");
	expect("{\"a\":{}}", "{\"a\":[]}", "a {}>[]\n");
	expect("{\"a\":1}", "{\"a\":{\"b\":1}}", "a 1>{\"b\":1}\n");
	expect("{\"a\":\"\"}", "{\"a\":null}", "a \"\">null\n");
}
END_TEST

START_TEST(added_and_removed)
{
	expect("{}", "{\"a\":null}", "a >null\n");
	expect("{\"a\":null}", "{}", "a null>\n");
	expect("{\"a\":1,\"c\":3}", "{\"a\":1,\"b\":2,\"c\":3}", "b >2\n");
	expect("{\"a\":1,\"b\":2,\"c\":3}", "{\"a\":1,\"c\":4}", "b 2>\nc 3>4\n");
	expect("{\"a\":1,\"b\":2}", "{\"c\":3,\"b\":4,\"d\":5}", "a 1>\nb 2>4\nc >3\nd >5\n");
}
END_TEST

START_TEST(nested)
{
	expect("{\"a\":{\"b\":{\"c\":1,\"d\":2},\"e\":3},\"f\":4}",
	       "{\"a\":{\"b\":{\"c\":5,\"d\":2},\"g\":6},\"f\":7}",
	       "a.b.c 1>5\na.e 3>\na.g >6\nf 4>7\n");
	expect("{\"a\":{\"x\":1}}", "{\"a\":{}}", "a.x 1>\n");
	expect("{\"b\":{\"x\":1},\"a\":{\"x\":1}}", "{\"a\":{\"x\":2},\"b\":{\"x\":2}}",
	       "b.x 1>2\na.x 1>2\n");
}
END_TEST

START_TEST(names)
{
	expect("{\"a.b\":1,\"\":2,\"\\\"\":3,\"\\n\":4,\"\xC3\xA9 x\":{\"a\":5}}",
	       "{\"a.b\":0,\"\":0,\"\\\"\":0,\"\\n\":0,\"\xC3\xA9 x\":{\"a\":0}}",
	       "\"a.b\" 1>0\n\"\" 2>0\n\"\\\"\" 3>0\n\n 4>0\n\xC3\xA9 x.a 5>0\n");
	/* these are two members */
	expect("{\"a\":{\"b\":1},\"a.b\":1}", "{\"a\":{\"b\":2},\"a.b\":2}",
	       "a.b 1>2\n\"a.b\" 1>2\n");
	expect("{\"\":{\"\":1}}", "{\"\":{\"\":2}}", "\"\".\"\" 1>2\n");
}
END_TEST

START_TEST(stops)
{
	int left = 2;

	ck_assert_int_eq(compare("{\"a\":1,\"b\":{\"c\":1,\"d\":1}}",
				 "{\"a\":2,\"b\":{\"c\":2,\"d\":2}}", &left), 7);
	buf_byte(&seen, '\0');
	ck_assert_str_eq(seen.data, "a 1>2\nb.c 1>2\n");
}
END_TEST

/* Deeper than it goes in: told whole, and the text may be much deeper. */
START_TEST(depth)
{
	for (int side = 0; side < 2; side++) {
		for (int i = 0; i < 100000; i++)
			buf_string(&text[side], "{\"a\":");
		buf_byte(&text[side], side == 0 ? '1' : '2');
		for (int i = 0; i < 100000; i++)
			buf_byte(&text[side], '}');
	}
	ck_assert_int_eq(differ_objects(buf_view(&text[0]), buf_view(&text[1]), note, NULL, &e), 0);
	ck_assert_uint_gt(seen.len, 1000000);
	ck_assert(slice_starts(buf_view(&seen), SLICE("a.a.a.a.")));
	ck_assert_ptr_eq(memchr(seen.data, '{', seen.len), seen.data + DIFFER_DEPTH * 2);
}
END_TEST

START_TEST(long_path)
{
	for (int side = 0; side < 2; side++) {
		buf_string(&text[side], "{\"");
		for (int i = 0; i < DIFFER_PATH; i++)
			buf_byte(&text[side], 'n');
		buf_string(&text[side], "\":{\"a\":");
		buf_string(&text[side], side == 0 ? "{\"b\":1}}}" : "{\"b\":2}}}");
	}
	ck_assert_int_eq(differ_objects(buf_view(&text[0]), buf_view(&text[1]), note, NULL, &e), 0);
	buf_byte(&seen, '\0');
	ck_assert_str_eq(seen.data + DIFFER_PATH, ".a {\"b\":1}>{\"b\":2}\n");
}
END_TEST

/* All members at other places: must not take the square of their number. */
START_TEST(many)
{
	const int n = 200000;

	buf_byte(&text[0], '{');
	buf_byte(&text[1], '{');
	for (int i = 0; i < n; i++) {
		buf_printf(&text[0], "%s\"%d\":1", i == 0 ? "" : ",", i);
		buf_printf(&text[1], "%s\"%d\":%d", i == 0 ? "" : ",", n - i - 1,
			   n - i - 1 == 77777 ? 2 : 1);
	}
	buf_byte(&text[0], '}');
	buf_byte(&text[1], '}');
	ck_assert_int_eq(differ_objects(buf_view(&text[0]), buf_view(&text[1]), note, NULL, &e), 0);
	buf_byte(&seen, '\0');
	ck_assert_str_eq(seen.data, "77777 1>2\n");
}
END_TEST

START_TEST(not_the_form)
{
	static const char *const bad[] = {"", "1", "[]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
					  "{\"a\":1 }", "{a:1}", "{\"b\":{\"c\":1},\"a\"}"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e = (struct error){0};
		ck_assert_msg(compare(bad[i], "{\"b\":{\"c\":2}}", NULL) == -1, "%s", bad[i]);
		ck_assert_int_eq(e.kind, ERROR_BUNDLE);
		e = (struct error){0};
		ck_assert_msg(compare("{\"b\":{\"c\":2}}", bad[i], NULL) == -1, "%s", bad[i]);
		ck_assert_int_eq(e.kind, ERROR_BUNDLE);
	}
	ck_assert_int_eq(compare("{\"a\":{\"b\":1}}", "{\"a\":{\"b\"}}", NULL), -1);
}
END_TEST

Suite *differ_suite(void)
{
	Suite *s = suite_create("differ");
	TCase *t = tcase_create("differ");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, equal);
	tcase_add_test(t, changed);
	tcase_add_test(t, added_and_removed);
	tcase_add_test(t, nested);
	tcase_add_test(t, names);
	tcase_add_test(t, stops);
	tcase_add_test(t, depth);
	tcase_add_test(t, long_path);
	tcase_add_test(t, many);
	tcase_add_test(t, not_the_form);
	suite_add_tcase(s, t);
	return s;
}
