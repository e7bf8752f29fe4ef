/*
 * test_http.c: tests of input/http.c.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "input/http.h"

Suite *http_suite(void);

#define ONE "HTTP/1.1 200 OK\r\nDate: Mon, 04 May 2026 16:22:10 GMT\r\nServer: x\r\n\r\n"
#define TWO                                                                                        \
	"HTTP/2 200 \r\ndate: Mon, 04 May 2026 16:22:10 GMT\r\n"                                   \
	"content-type: application/json\r\n\r\n"
#define MOVED "HTTP/1.0 302 Found\nDate: Sun, 03 May 2026 00:00:00 GMT\nLocation: /x\n\n"

static enum http_status of(const char *text, bool last, struct http_head *head)
{
	return http_read(slice_string(text), last, head);
}

static void expect_head(const char *text, size_t len, unsigned status)
{
	struct http_head head;

	ck_assert_int_eq(of(text, true, &head), HTTP_HEAD);
	ck_assert_uint_eq(head.len, len);
	ck_assert_uint_eq(head.status, status);
}

START_TEST(reads_one_block)
{
	struct http_head head;

	ck_assert_int_eq(of(ONE "{\"id\":1}", false, &head), HTTP_HEAD);
	ck_assert_uint_eq(head.len, strlen(ONE));
	ck_assert_uint_eq(head.status, 200);
	ck_assert(head.has_date);
	ck_assert_int_eq(head.date, 1777911730);
	ck_assert(!head.secret);
}
END_TEST

START_TEST(reads_several_blocks)
{
	struct http_head head;

	ck_assert_int_eq(of(MOVED TWO "{}", false, &head), HTTP_HEAD);
	ck_assert_uint_eq(head.len, strlen(MOVED TWO));
	ck_assert_uint_eq(head.status, 200);
	ck_assert_int_eq(head.date, 1777911730);
	/* The date is the last block's, not any block's. */
	ck_assert_int_eq(of(ONE "HTTP/1.1 404 Not Found\r\n\r\n{}", false, &head), HTTP_HEAD);
	ck_assert_uint_eq(head.status, 404);
	ck_assert(!head.has_date);
}
END_TEST

START_TEST(knows_the_status_lines)
{
	static const char *const good[] = {
		"HTTP/1.0 200 OK\n\n", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/2 200 \r\n\r\n",
		"HTTP/2 200\r\n\r\n",  "HTTP/3 200\n\n",
	};
	static const char *const bad[] = {
		"HTTP/ 200 OK\n\n",
		"HTTP/x 200\n\n",
		"HTTP/1.1 20 OK\n\n",
		"HTTP/1.1 2000\n\n",
		"HTTP/1.1200 OK\n\n",
		"HTTP/1.1\n\n",
		"HTTP/1.1 2x0\n\n",
		"HTTP/\n\n",
		"http/1.1 200\n\n",
		"HTTP/1.1  200\n\n",
		"{}\n\n",
	};
	struct http_head head;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		expect_head(good[i], strlen(good[i]), 200);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(of(bad[i], true, &head), HTTP_BAD);
}
END_TEST

START_TEST(wants_more_at_every_cut)
{
	static const char text[] = MOVED ONE "{}";
	size_t whole = strlen(MOVED ONE);
	struct http_head head;

	for (size_t len = 0; len <= whole; len++) {
		char *copy = malloc(len + 1); /* so that a read past the end is seen */
		memcpy(copy, text, len);
		ck_assert_int_eq(http_read(slice_of(copy, len), false, &head), HTTP_MORE);
		free(copy);
	}
	ck_assert_int_eq(http_read(slice_of(text, whole + 1), false, &head), HTTP_HEAD);
	ck_assert_uint_eq(head.len, whole);
}
END_TEST

START_TEST(takes_what_there_is_at_the_end)
{
	struct http_head head;

	expect_head(ONE, strlen(ONE), 200);
	expect_head(ONE "HTTP", strlen(ONE), 200);
	ck_assert_int_eq(of("HTTP/1.1 200 OK\r\nDate: x\r\n", true, &head), HTTP_BAD);
	ck_assert_int_eq(of("HTTP/1.1 200 OK", true, &head), HTTP_BAD);
	ck_assert_int_eq(of("HT", true, &head), HTTP_BAD);
	ck_assert_int_eq(of(ONE "HTTP/1.1 200", true, &head), HTTP_BAD);
}
END_TEST

START_TEST(refuses_what_is_no_header)
{
	static const char *const bad[] = {
		"HTTP/1.1 200 OK\n{\"id\":\"x\"}\n\n", "HTTP/1.1 200 OK\nno colon\n\n",
		"HTTP/1.1 200 OK\n: no name\n\n",      "HTTP/1.1 200 OK\nA b: c\n\n",
		"HTTP/1.1 200 OK\na: \x01\n\n",        "HTTP/1.1 200 OK\na: b\rc: d\n\n",
	};
	struct http_head head;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(of(bad[i], false, &head), HTTP_BAD);
}
END_TEST

START_TEST(keeps_to_the_limit)
{
	size_t len = LIMIT_HTTP_HEAD + 1;
	char *text = malloc(len);
	struct http_head head;

	memset(text, 'a', len);
	memcpy(text, "HTTP/1.1 200 OK\nx: ", 19);
	ck_assert_int_eq(http_read(slice_of(text, len - 1), false, &head), HTTP_MORE);
	ck_assert_int_eq(http_read(slice_of(text, len), false, &head), HTTP_BAD);
	/* A head of exactly that length is one. */
	memcpy(text + LIMIT_HTTP_HEAD - 2, "\n\n{", 3);
	ck_assert_int_eq(http_read(slice_of(text, len), false, &head), HTTP_HEAD);
	ck_assert_uint_eq(head.len, LIMIT_HTTP_HEAD);
	free(text);
}
END_TEST

START_TEST(sees_secrets)
{
	static const char *const names[] = {
		"authorization", "Proxy-Authorization", "Cookie",  "SET-COOKIE",
		"x-api-key",     "xi-api-key",          "Api-Key",
	};
	struct http_head head;
	char text[200];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(text, sizeof(text), "HTTP/2 200\r\n%s: hush\r\n\r\n", names[i]);
		ck_assert_int_eq(of(text, true, &head), HTTP_HEAD);
		ck_assert(head.secret);
	}
	/* One in an earlier block counts, a name that only resembles one does not. */
	ck_assert_int_eq(of("HTTP/2 302\r\nset-cookie: x\r\n\r\n" TWO, true, &head), HTTP_HEAD);
	ck_assert(head.secret);
	ck_assert_int_eq(of("HTTP/2 200\r\nx-api-keys: 3\r\n\r\n", true, &head), HTTP_HEAD);
	ck_assert(!head.secret);
}
END_TEST

START_TEST(ignores_a_date_that_is_none)
{
	struct http_head head;

	ck_assert_int_eq(of("HTTP/2 200\r\ndate: yesterday\r\n\r\n", true, &head), HTTP_HEAD);
	ck_assert(!head.has_date);
}
END_TEST

static void expect_lines(const char *head, const char *want)
{
	struct buf out = BUF_INIT;

	http_lines(slice_string(head), &out);
	buf_byte(&out, '\0');
	ck_assert_str_eq(out.data, want);
	buf_free(&out);
}

START_TEST(writes_lines)
{
	expect_lines(MOVED "HTTP/2 200 \r\n\r\n",
		     "[\"HTTP/1.0 302 Found\",\"Date: Sun, 03 May 2026 00:00:00 GMT\","
		     "\"Location: /x\",\"HTTP/2 200 \"]");
	expect_lines("HTTP/2 200\r\na: \"q\\\t\xff\xc3\xa9\r\n\r\n",
		     "[\"HTTP/2 200\",\"a: \\\"q\\\\\\u0009\xef\xbf\xbd\xc3\xa9\"]");
	expect_lines("", "[]");
}
END_TEST

START_TEST(removes_secrets)
{
	expect_lines("HTTP/2 200\r\nXi-Api-Key: hush\r\nb: c\r\nCookie: hush\r\n hush\r\n\thush\r\n"
		     "d: e\r\n\r\n",
		     "[\"HTTP/2 200\",\"Xi-Api-Key: <removed>\",\"b: c\",\"Cookie: <removed>\","
		     "\"<removed>\",\"<removed>\",\"d: e\"]");
}
END_TEST

Suite *http_suite(void)
{
	Suite *s = suite_create("http");
	TCase *c = tcase_create("read");

	tcase_add_test(c, reads_one_block);
	tcase_add_test(c, reads_several_blocks);
	tcase_add_test(c, knows_the_status_lines);
	tcase_add_test(c, wants_more_at_every_cut);
	tcase_add_test(c, takes_what_there_is_at_the_end);
	tcase_add_test(c, refuses_what_is_no_header);
	tcase_add_test(c, keeps_to_the_limit);
	tcase_add_test(c, sees_secrets);
	tcase_add_test(c, ignores_a_date_that_is_none);
	suite_add_tcase(s, c);
	c = tcase_create("write");
	tcase_add_test(c, writes_lines);
	tcase_add_test(c, removes_secrets);
	suite_add_tcase(s, c);
	return s;
}
