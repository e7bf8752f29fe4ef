/*
 * test_lists.c: tests of bundle/lists.c, against bundle/rows.c.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bundle/lists.h"
#include "bundle/lines.h"
#include "bundle_maker.h"

Suite *lists_suite(void);

#define RESPONSES 3000
#define RECIPIENTS 10

static struct maker *m;
static struct bundle *b;
static struct error e;
static char path[64];
static int fd;

static void open_made(const char *responses)
{
	m = maker_new();
	e = (struct error){0};
	maker_entry(m, ENTRY_ABOUT);
	maker_frame(m, "{}\n");
	maker_entry(m, "recipients/00000001.ndjson");
	maker_frame(m, "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n");
	maker_entry(m, "responses/00000001.ndjson");
	maker_frame(m, responses);
	maker_finish(m);
	fd = maker_file(buf_view(&m->file), path);
	b = bundle_open(path, &e);
	ck_assert_msg(b != NULL, "%s", e.text);
}

static void close_made(void)
{
	bundle_close(b);
	close(fd);
	maker_free(m);
}

/* Two batches in turn, each based on its last one or, now and then, on one long ago. */
static void make_responses(struct buf *text)
{
	for (int n = 1; n <= RESPONSES; n++) {
		int base = n % 97 == 0 ? n % 50 + 1 : n % 30 < 2 ? 0 : n - 2;

		buf_printf(text, "{\"_response\":%d,\"_recipients\":3,", n);
		if (base <= 0)
			buf_printf(text, "\"_rows\":[[%d,3]]}\n", n % (RECIPIENTS - 3) + 1);
		else
			buf_printf(text, "\"_rows\":[[\"base\",1,2],[%d,1]],\"_base\":%d}\n",
				   n % RECIPIENTS + 1, base);
	}
	buf_byte(text, '\0');
}

START_TEST(like_rows)
{
	struct buf text = BUF_INIT;
	struct lists *l;
	struct lines *lines;
	struct rows want = {0};
	struct slice line;

	make_responses(&text);
	open_made(text.data);
	l = lists_open(b);
	lines = lines_open(b, LINES_RESPONSES, &e);
	for (uint64_t n = 1; n <= RESPONSES; n++) {
		const struct rows *got;

		ck_assert_int_eq(lines_get(lines, n, &line, &e), 0);
		got = lists_of(l, n, line, &e);
		ck_assert_msg(got != NULL, "%s", e.text);
		ck_assert_msg(rows_of(b, n, &want, &e) == 0, "%s", e.text);
		ck_assert_uint_eq(got->count, want.count);
		ck_assert_mem_eq(got->line, want.line, want.count * sizeof(*want.line));
	}
	rows_free(&want);
	lines_close(lines);
	lists_close(l);
	lists_close(NULL);
	buf_free(&text);
	close_made();
}
END_TEST

static void expect_error(struct lists *l, uint64_t n, const char *part)
{
	struct lines *lines = lines_open(b, LINES_RESPONSES, &e);
	struct slice line;

	ck_assert_int_eq(lines_get(lines, n, &line, &e), 0);
	ck_assert_ptr_null(lists_of(l, n, line, &e));
	ck_assert_int_eq(e.kind, ERROR_BUNDLE);
	ck_assert_msg(strstr(e.text, part) != NULL, "no \"%s\" in: %s", part, e.text);
	e = (struct error){0};
	lines_close(lines);
}

START_TEST(damaged)
{
	struct lists *l;

	open_made("{\"_response\":1,\"_recipients\":1,\"_rows\":[[11,1]]}\n"
		  "{\"_response\":2,\"_recipients\":1,\"_rows\":[[\"base\",0,1]],\"_base\":1}\n"
		  "{\"_response\":3,\"_recipients\":1,\"_rows\":[[\"base\",0,1]],\"_base\":3}\n"
		  "{\"_response\":4,\"_recipients\":1,\"_rows\":[[\"base\",0,1]]}\n");
	l = lists_open(b);
	expect_error(l, 1, "response 1: a run of its _rows lies outside the recipients");
	expect_error(l, 2, "response 1: a run of its _rows lies outside the recipients");
	expect_error(l, 3, "response 3: its _base is not an earlier response");
	expect_error(l, 4, "response 4: a run of its _rows lies outside its _base");
	lists_close(l);
	close_made();
}
END_TEST

Suite *lists_suite(void)
{
	Suite *s = suite_create("lists");
	TCase *t = tcase_create("lists");

	tcase_add_test(t, like_rows);
	tcase_add_test(t, damaged);
	suite_add_tcase(s, t);
	return s;
}
