/*
 * test_cover.c: tests of bundle/cover.c, against bundle/rows.c.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bundle/cover.h"
#include "bundle/rows.h"
#include "bundle_maker.h"

Suite *cover_suite(void);

#define RECIPIENTS 40

static struct maker *m;
static struct bundle *b;
static struct lines *responses;
static struct error e;
static struct cover cover;
static struct buf text;
static char path[64];
static int fd, count;

static void setup(void)
{
	m = maker_new();
	b = NULL;
	responses = NULL;
	e = (struct error){0};
	cover = (struct cover){0};
	text = (struct buf)BUF_INIT;
	fd = -1;
	count = 0;
	maker_entry(m, ENTRY_ABOUT);
	maker_frame(m, "{}\n");
	maker_entry(m, "recipients/00000001.ndjson");
	for (int i = 0; i < RECIPIENTS; i++)
		buf_string(&text, "{}\n");
	buf_byte(&text, '\0');
	maker_frame(m, text.data);
	buf_clear(&text);
	maker_entry(m, "responses/00000001.ndjson");
}

static void teardown(void)
{
	cover_free(&cover);
	lines_close(responses);
	bundle_close(b);
	if (fd >= 0)
		close(fd);
	maker_free(m);
	buf_free(&text);
}

static void add(const char *members)
{
	buf_printf(&text, "{\"_response\":%d,%s,\"id\":\"b\"}\n", ++count, members);
}

static void open_made(void)
{
	buf_byte(&text, '\0');
	maker_frame(m, text.data);
	maker_finish(m);
	fd = maker_file(buf_view(&m->file), path);
	b = bundle_open(path, &e);
	ck_assert_msg(b != NULL, "%s", e.text);
	responses = lines_open(b, LINES_RESPONSES, &e);
	ck_assert_ptr_nonnull(responses);
}

/* The same lines as in the list. */
static void expect_rows(uint64_t response)
{
	bool in[RECIPIENTS + 2] = {false};
	struct rows rows = {0};

	ck_assert_msg(rows_of(b, response, &rows, &e) == 0, "%s", e.text);
	ck_assert_msg(cover_of(b, responses, response, &cover, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < rows.count; i++)
		in[rows.line[i]] = true;
	for (uint64_t i = 0; i < RECIPIENTS + 2; i++)
		ck_assert_msg(cover_has(&cover, i) == in[i], "response %d line %d", (int)response,
			      (int)i);
	for (size_t i = 1; i < cover.count; i++)
		ck_assert_uint_gt(cover.run[i].first, cover.run[i - 1].end);
	rows_free(&rows);
}

START_TEST(runs_and_copies)
{
	add("\"_recipients\":0,\"_rows\":[]");
	add("\"_recipients\":40,\"_rows\":[[1,40]]");
	add("\"_recipients\":4,\"_rows\":[[10,1],[1,2],[1,1]]");
	add("\"_recipients\":6,\"_rows\":[[\"base\",3,1],[5,2],[\"base\",0,3]],\"_base\":3");
	add("\"_recipients\":12,\"_rows\":[[\"base\",0,6],[\"base\",0,6]],\"_base\":4");
	add("\"_recipients\":1,\"_rows\":[[\"base\",11,1]],\"_base\":5");
	add("\"_recipients\":2,\"_rows\":[[3,2]],\"_base\":6");
	add("\"_recipients\":0,\"_rows\":[],\"_base\":1");
	open_made();
	for (uint64_t i = 1; i <= 8; i++)
		expect_rows(i);
}
END_TEST

/* Lists made of random parts of lists. */
START_TEST(random_histories)
{
	unsigned sizes[60];

	srand((unsigned)_i);
	for (unsigned r = 0; r < 60; r++) {
		struct buf runs = BUF_INIT;
		unsigned total = 0, base = r == 0 ? 0 : (unsigned)rand() % r + 1;
		bool copies = false;

		for (int k = rand() % 6; k >= 0; k--) {
			unsigned most, first, n;
			bool copy = base != 0 && sizes[base - 1] > 0 && rand() % 3 != 0;

			most = copy ? sizes[base - 1] : RECIPIENTS;
			first = (unsigned)rand() % most;
			n = (unsigned)rand() % (most - first < 9 ? most - first : 9) + 1;
			buf_printf(&runs, "%s[%s%u,%u]", runs.len > 0 ? "," : "",
				   copy ? "\"base\"," : "", copy ? first : first + 1, n);
			total += n;
			copies |= copy;
		}
		buf_byte(&runs, '\0');
		sizes[r] = total;
		buf_printf(&text, "{\"_response\":%d,\"_recipients\":%u,\"_rows\":[%s]", ++count,
			   total, runs.data);
		if (copies)
			buf_printf(&text, ",\"_base\":%u", base);
		buf_string(&text, ",\"id\":\"b\"}\n");
		buf_free(&runs);
	}
	open_made();
	for (uint64_t i = 1; i <= 60; i++)
		expect_rows(i);
}
END_TEST

static const char *const bad[] = {
	"\"_rows\":[[1,1]]",
	"\"_recipients\":1",
	"\"_recipients\":1,\"_rows\":[[0,1]]",
	"\"_recipients\":2,\"_rows\":[[40,2]]",
	"\"_recipients\":1,\"_rows\":[[1,2]]",
	"\"_recipients\":2,\"_rows\":[[1,1]]",
	"\"_recipients\":1,\"_rows\":[[1,0],[1,1]]",
	"\"_recipients\":1,\"_rows\":[[1]]",
	"\"_recipients\":1,\"_rows\":[[1,1,1]]",
	"\"_recipients\":1,\"_rows\":[{\"a\":1}]",
	"\"_recipients\":1,\"_rows\":[[18446744073709551615,1]]",
	"\"_recipients\":18446744073709551615,\"_rows\":[[1,18446744073709551615]]",
	"\"_recipients\":1,\"_rows\":[[\"base\",0,1]]",
	"\"_recipients\":1,\"_rows\":[[\"base\",3,1]],\"_base\":1",
	"\"_recipients\":1,\"_rows\":[[\"base\",0,1]],\"_base\":2",
	"\"_recipients\":1,\"_rows\":[[\"base\",0,1]],\"_base\":3",
	"\"_recipients\":1,\"_rows\":[[\"base\",18446744073709551615,1]],\"_base\":1",
};

START_TEST(not_believed)
{
	add("\"_recipients\":3,\"_rows\":[[1,3]]");
	add(bad[_i]);
	open_made();
	ck_assert_int_eq(cover_of(b, responses, 2, &cover, &e), -1);
	ck_assert_uint_eq(cover.count, 0);
	ck_assert_int_eq(e.kind, ERROR_BUNDLE);
	ck_assert_msg(strstr(e.text, ": response ") != NULL, "%s", e.text);
	e = (struct error){0};
	ck_assert_int_eq(cover_of(b, responses, 3, &cover, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_BUNDLE);
}
END_TEST

START_TEST(sets)
{
	struct cover_run a_runs[] = {{1, 5}, {8, 9}, {20, 30}},
			 b_runs[] = {{0, 2}, {3, 4}, {22, 40}};
	struct cover a = {a_runs, 3, 3}, c = {b_runs, 3, 3}, sum = {0};

	ck_assert(!cover_has(&a, 0) && cover_has(&a, 1) && cover_has(&a, 4) && !cover_has(&a, 5));
	ck_assert(cover_meets(&a, 5, 9) && !cover_meets(&a, 5, 8) && !cover_meets(&a, 3, 3));
	ck_assert(cover_meets(&a, 0, 100) && !cover_meets(&a, 30, 100));
	ck_assert_int_eq(cover_minus(&a, &c, &cover), 0);
	ck_assert_int_eq(cover_add(&sum, &a), 0);
	ck_assert_int_eq(cover_add(&sum, &c), 0);
	for (uint64_t i = 0; i < 45; i++) {
		ck_assert(cover_has(&cover, i) == (cover_has(&a, i) && !cover_has(&c, i)));
		ck_assert(cover_has(&sum, i) == (cover_has(&a, i) || cover_has(&c, i)));
	}
	ck_assert_uint_eq(sum.count, 3);
	cover_free(&sum);
}
END_TEST

Suite *cover_suite(void)
{
	Suite *s = suite_create("cover");
	TCase *t = tcase_create("cover");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, runs_and_copies);
	tcase_add_loop_test(t, random_histories, 0, 20);
	tcase_add_loop_test(t, not_believed, 0, (int)(sizeof(bad) / sizeof(bad[0])));
	tcase_add_test(t, sets);
	suite_add_tcase(s, t);
	return s;
}
