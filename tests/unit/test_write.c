/*
 * test_write.c: json/write.h.
 */
#include <check.h>

#include "json/write.h"

static void expect(struct slice in, const char *want)
{
	struct buf out = BUF_INIT;

	json_write_string(&out, in);
	ck_assert(!out.failed);
	buf_byte(&out, '\0');
	ck_assert_str_eq(out.data, want);
	ck_assert_uint_eq(out.len, strlen(want) + 1);
	buf_free(&out);
}

START_TEST(test_plain)
{
	expect(slice_of(NULL, 0), "\"\"");
	expect(SLICE("abc"), "\"abc\"");
	expect(SLICE("a/b <>&'"), "\"a/b <>&'\"");
	expect(SLICE("\x7f"), "\"\x7f\"");
	expect(SLICE("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"),
	       "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"");
	expect(SLICE("\xe2\x80\xa8"), "\"\xe2\x80\xa8\"");
}
END_TEST

START_TEST(test_escapes)
{
	expect(SLICE("\"\\"), "\"\\\"\\\\\"");
	expect(SLICE("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
	expect(SLICE("a\nb"), "\"a\\nb\"");
	expect(SLICE("\0\x01\x0b\x1f"), "\"\\u0000\\u0001\\u000b\\u001f\"");
	expect(SLICE("\xc3\xa4\"\xc3\xa4"), "\"\xc3\xa4\\\"\xc3\xa4\"");
}
END_TEST

START_TEST(test_not_utf8)
{
	/* a lone byte, a cut character, an overlong one, a surrogate, beyond U+10FFFF */
	expect(SLICE("a\xff"
		     "b"),
	       "\"a\xef\xbf\xbd"
	       "b\"");
	expect(SLICE("\xc3"), "\"\xef\xbf\xbd\"");
	expect(SLICE("\xe2\x82\""), "\"\xef\xbf\xbd\xef\xbf\xbd\\\"\"");
	expect(SLICE("\xc0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	expect(SLICE("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	expect(SLICE("\xf4\x90\x80\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}
END_TEST

START_TEST(test_appends)
{
	struct buf out = BUF_INIT;

	json_write_string(&out, SLICE("a"));
	json_write_string(&out, SLICE("b"));
	ck_assert(slice_equal(buf_view(&out), SLICE("\"a\"\"b\"")));
	buf_free(&out);
}
END_TEST

Suite *write_suite(void);

Suite *write_suite(void)
{
	Suite *s = suite_create("write");
	TCase *c = tcase_create("string");

	tcase_add_test(c, test_plain);
	tcase_add_test(c, test_escapes);
	tcase_add_test(c, test_not_utf8);
	tcase_add_test(c, test_appends);
	suite_add_tcase(s, c);
	return s;
}
