/*
 * test_roll.c: export/roll.h, and what export/sqlite.c refuses.
 */
#include <check.h>
#include <stdlib.h>
#include <unistd.h>

#include "export/roll.h"
#include "export/sqlite.h"
#include "indexed.h"

Suite *roll_suite(void);

static struct indexed x[2];
static struct choice choice;
static struct roll *r;
static struct error e;
static struct buf said;

#define R(n, id, updated, rows)                                                                    \
	"{\"_response\":" n ",\"_recipients\":2,\"_rows\":" rows ",\"id\":\"" id                     \
	"\",\"last_updated_at_unix\":" updated "}"
#define P(batch, n, id, status)                                                                    \
	"{\"_batch\":\"" batch "\",\"_response\":" n ",\"id\":\"" id "\",\"status\":\"" status "\"}"

static void setup(void)
{
	e = (struct error){0};
	choice = (struct choice){.since = INT64_MIN, .until = INT64_MAX};
	said = (struct buf)BUF_INIT;
	r = roll_new(&choice);
	ck_assert_ptr_nonnull(r);
	for (int i = 0; i < 2; i++)
		indexed_begin(&x[i]);
}

static void fill(void)
{
	indexed_line(&x[0], LINES_RESPONSES, R("1", "a", "30", "[[1,2]]"));
	indexed_line(&x[0], LINES_RESPONSES, R("2", "b", "10", "[[3,2]]"));
	indexed_line(&x[0], LINES_RESPONSES,
		     "{\"_response\":3,\"_recipients\":2,\"_rows\":[[5,1],[\"base\",0,1]],"
		     "\"_base\":2,\"id\":\"b\",\"last_updated_at_unix\":20}");
	indexed_line(&x[0], LINES_RECIPIENTS, P("a", "1", "a1", "failed"));
	indexed_line(&x[0], LINES_RECIPIENTS, P("a", "1", "a2", "completed"));
	indexed_line(&x[0], LINES_RECIPIENTS, P("b", "2", "b1", "pending"));
	indexed_line(&x[0], LINES_RECIPIENTS, P("b", "2", "b2", "pending"));
	indexed_line(&x[0], LINES_RECIPIENTS, P("b", "3", "b2", "failed"));
	indexed_line(&x[1], LINES_RESPONSES, R("1", "c", "1", "[[1,2]]"));
	indexed_line(&x[1], LINES_RESPONSES, R("2", "a", "5", "[[1,2]]"));
	indexed_line(&x[1], LINES_RECIPIENTS, P("c", "1", "c1", "failed"));
	indexed_line(&x[1], LINES_RECIPIENTS, P("c", "1", "c2", "failed"));
}

static void add(void)
{
	for (int i = 0; i < 2; i++) {
		indexed_open(&x[i]);
		ck_assert_msg(roll_add(r, x[i].path, &e) == 0, "%s", e.text);
	}
}

static void teardown(void)
{
	roll_free(r);
	buf_free(&said);
	for (int i = 0; i < 2; i++)
		indexed_end(&x[i]);
}

static int say_head(void *arg, const struct head *h, struct error *why)
{
	(void)arg, (void)why;
	buf_slice(&said, h->id);
	return 0;
}

static int say_person(void *arg, const struct person *p, const struct roll_place *at,
		      struct error *why)
{
	(void)arg, (void)why;
	buf_printf(&said, " %d.%d=%d", (int)at->response, (int)at->position, (int)at->state);
	buf_slice(&said, p->id);
	return 0;
}

static void expect_said(const char *want)
{
	buf_byte(&said, '\0');
	ck_assert_str_eq(said.data, want);
	buf_clear(&said);
}

START_TEST(calls)
{
	struct roll_visit v = {.head = say_head, .person = say_person};

	fill();
	add();
	ck_assert_int_eq(roll_ready(r, &e), 0);
	ck_assert_uint_eq(roll_batches(r), 3);
	ck_assert(roll_latest(r, 0, 1) && !roll_latest(r, 0, 2) && roll_latest(r, 0, 3));
	ck_assert(roll_latest(r, 1, 1) && !roll_latest(r, 1, 2));
	ck_assert_int_eq(roll_call(r, &v, &e), 0);
	expect_said("\"a\" 1.1=1\"a1\" 1.2=2\"a2\"\"b\" 3.1=5\"b2\" 3.2=3\"b1\""
		    "\"c\" 4.1=6\"c1\" 4.2=7\"c2\"");
	v.places = true;
	ck_assert_int_eq(roll_call(r, &v, &e), 0);
	expect_said("\"a\" 1.1=1 1.2=2\"b\" 3.1=5 3.2=3\"c\" 4.1=6 4.2=7");
}
END_TEST

START_TEST(chosen)
{
	static const struct slice batches[] = {SLICE("\"b\""), SLICE("\"c\"")};
	static const struct slice statuses[] = {SLICE("\"pending\"")};
	struct roll_visit v = {.head = say_head, .person = say_person, .places = true};

	fill();
	add();
	choice.batches = (struct choice_list){batches, 2};
	choice.statuses = (struct choice_list){statuses, 1};
	ck_assert_int_eq(roll_ready(r, &e), 0);
	ck_assert_uint_eq(roll_batches(r), 2);
	ck_assert_int_eq(roll_call(r, &v, &e), 0);
	expect_said("\"b\" 3.2=3\"b1\"\"c\"");
}
END_TEST

START_TEST(not_there)
{
	static const struct slice batches[] = {SLICE("\"z\"")};

	fill();
	add();
	choice.batches = (struct choice_list){batches, 1};
	ck_assert_int_eq(roll_ready(r, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_EMPTY);
}
END_TEST

static int stop_at_two(void *arg, const struct person *p, const struct roll_place *at,
		       struct error *why)
{
	(void)p, (void)at, (void)why;
	return ++*(int *)arg == 2 ? 17 : 0;
}

START_TEST(stops)
{
	int count = 0;
	struct roll_visit v = {.person = stop_at_two, .arg = &count};

	fill();
	add();
	ck_assert_int_eq(roll_ready(r, &e), 0);
	ck_assert_int_eq(roll_call(r, &v, &e), 17);
	ck_assert_int_eq(count, 2);
}
END_TEST

/* Digests are right, and the lines are not. */
static void expect_bad(const char *response, const char *recipient, bool only_database)
{
	struct roll_visit v = {.person = say_person};
	struct sqlite_counts counts;
	char path[] = "/tmp/test_roll.XXXXXX";
	int fd = mkstemp(path);

	indexed_line(&x[0], LINES_RESPONSES, response);
	indexed_line(&x[0], LINES_RECIPIENTS, recipient);
	add();
	ck_assert_int_eq(roll_ready(r, &e), 0);
	if (!only_database) {
		ck_assert_int_eq(roll_call(r, &v, &e), -1);
		ck_assert_int_eq(e.kind, ERROR_BUNDLE);
	}
	e = (struct error){0};
	if (sqlite_there(&e)) {
		ck_assert_int_eq(sqlite_export(r, path, "x", NULL, NULL, &counts, &e), -1);
		ck_assert_msg(e.kind == ERROR_BUNDLE, "%s", e.text);
	}
	close(fd);
	unlink(path);
}

START_TEST(bad_recipient)
{
	expect_bad("{\"_response\":1,\"_recipients\":1,\"_rows\":[[1,1]],\"id\":\"a\"}",
		   "{\"id\":\"a1\"}", false);
}
END_TEST

START_TEST(bad_rows)
{
	expect_bad("{\"_response\":1,\"_recipients\":1,\"_rows\":[[2,1]],\"id\":\"a\"}",
		   P("a", "1", "a1", "failed"), false);
}
END_TEST

START_TEST(bad_response)
{
	expect_bad("{\"_response\":1,\"_recipients\":1,\"_rows\":[[1,1]],\"id\":\"a\",}",
		   P("a", "1", "a1", "failed"), false);
}
END_TEST

START_TEST(bad_first_response)
{
	expect_bad("{\"_response\":1,\"_recipients\":1,\"_rows\":[[1,1]],\"id\":\"a\"}",
		   P("a", "2", "a1", "failed"), true);
}
END_TEST

START_TEST(no_batch_id)
{
	expect_bad("{\"_response\":1,\"_recipients\":1,\"_rows\":[[1,1]],\"id\":7}",
		   P("a", "1", "a1", "failed"), true);
}
END_TEST

Suite *roll_suite(void)
{
	Suite *s = suite_create("roll");
	TCase *t = tcase_create("roll");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, calls);
	tcase_add_test(t, chosen);
	tcase_add_test(t, not_there);
	tcase_add_test(t, stops);
	tcase_add_test(t, bad_recipient);
	tcase_add_test(t, bad_rows);
	tcase_add_test(t, bad_response);
	tcase_add_test(t, bad_first_response);
	tcase_add_test(t, no_batch_id);
	suite_add_tcase(s, t);
	return s;
}
