/*
 * test_pointer.c: json/pointer.h.
 */
#include <check.h>

#include "json/pointer.h"

static const struct {
	const char *token, *want;
} cases[] = {
	{"", "/"},
	{"foo", "/foo"},
	{"0", "/0"},
	{"a/b", "/a~1b"},
	{"m~n", "/m~0n"},
	{"~1", "/~01"},
	{"/", "/~1"},
	{"//~~", "/~1~1~0~0"},
	{"~a", "/~0a"},
	{" \"\\", "/ \"\\"},
	{"\xc3\xa4/", "/\xc3\xa4~1"},
};

START_TEST(test_token)
{
	struct buf out = BUF_INIT;

	json_pointer_append(&out, slice_string(cases[_i].token));
	buf_byte(&out, '\0');
	ck_assert_str_eq(out.data, cases[_i].want);
	buf_free(&out);
}
END_TEST

START_TEST(test_path)
{
	struct buf out = BUF_INIT;

	json_pointer_append(&out, SLICE("recipients"));
	json_pointer_append(&out, SLICE("3"));
	json_pointer_append(&out, slice_of(NULL, 0));
	json_pointer_append(&out, SLICE("a\0b"));
	ck_assert(slice_equal(buf_view(&out), SLICE("/recipients/3//a\0b")));
	buf_free(&out);
}
END_TEST

Suite *pointer_suite(void);

Suite *pointer_suite(void)
{
	Suite *s = suite_create("pointer");
	TCase *c = tcase_create("append");

	tcase_add_loop_test(c, test_token, 0, (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(c, test_path);
	suite_add_tcase(s, c);
	return s;
}
