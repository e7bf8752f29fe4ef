/*
 * test_compare.c: tests of bundle/compare.c and bundle/changes.c.
 */
#include <check.h>
#include <stdlib.h>
#include <unistd.h>

#include "bundle/changes.h"
#include "bundle/compare.h"
#include "bundle_maker.h"

Suite *compare_suite(void);

/* One bundle that is made, or two. */
static struct made {
	struct maker *m;
	struct bundle *b;
	struct buf recipients, responses;
	int count;
	int fd;
	char path[64];
} made[2];
static struct error e;
static struct compare *c;

static void setup(void)
{
	e = (struct error){0};
	for (int i = 0; i < 2; i++)
		made[i] = (struct made){.fd = -1};
	c = compare_new(&e);
	ck_assert_ptr_nonnull(c);
}

static void teardown(void)
{
	compare_free(c);
	for (int i = 0; i < 2; i++) {
		bundle_close(made[i].b);
		if (made[i].fd >= 0)
			close(made[i].fd);
		if (made[i].m != NULL)
			maker_free(made[i].m);
		buf_free(&made[i].recipients);
		buf_free(&made[i].responses);
	}
}

/* The next recipient line: its id and status. */
static void recipient(struct made *b, const char *id, const char *status)
{
	buf_printf(&b->recipients, "{\"_batch\":\"b\",\"_response\":1,\"id\":\"%s\",\"status\":\"%s\"}\n",
		   id, status);
}

static void response_of(struct made *b, const char *batch, const char *rows)
{
	buf_printf(&b->responses, "{\"_response\":%d,%s,\"id\":\"%s\"}\n", ++b->count, rows, batch);
}

static void response(struct made *b, const char *rows)
{
	response_of(b, "b", rows);
}

static void frame(struct made *b, const char *entry, struct buf *text)
{
	buf_byte(text, '\0');
	maker_entry(b->m, entry);
	maker_frame(b->m, text->data);
}

static void finish(struct made *b)
{
	b->m = maker_new();
	maker_entry(b->m, ENTRY_ABOUT);
	maker_frame(b->m, "{}\n");
	frame(b, "recipients/00000001.ndjson", &b->recipients);
	frame(b, "responses/00000001.ndjson", &b->responses);
	maker_finish(b->m);
	b->fd = maker_file(buf_view(&b->m->file), b->path);
	b->b = bundle_open(b->path, &e);
	ck_assert_msg(b->b != NULL, "%s", e.text);
}

static void expect(int x, uint64_t old, int y, uint64_t new, uint64_t changed, uint64_t added,
		   uint64_t removed)
{
	struct compare_counts n;

	ck_assert_msg(compare_responses(c, (struct compare_side){made[x].b, old},
					(struct compare_side){made[y].b, new}, &n, &e) == 0,
		      "%s", e.text);
	ck_assert_msg(n.changed == changed && n.added == added && n.removed == removed,
		      "%d to %d: %d %d %d", (int)old, (int)new, (int)n.changed, (int)n.added,
		      (int)n.removed);
}

/* Lines 1 to 3 are x, y and z; 4 is another y, 5 is w, 6 is x again. */
static void lines_of_some(struct made *b)
{
	recipient(b, "x", "pending");
	recipient(b, "y", "pending");
	recipient(b, "z", "pending");
	recipient(b, "y", "failed");
	recipient(b, "w", "pending");
	recipient(b, "x", "pending");
}

START_TEST(one_bundle)
{
	lines_of_some(&made[0]);
	response(&made[0], "\"_recipients\":3,\"_rows\":[[1,3]]");
	response(&made[0], "\"_recipients\":3,\"_rows\":[[\"base\",0,3]],\"_base\":1");
	response(&made[0], "\"_recipients\":3,\"_rows\":[[1,1],[4,1],[3,1]]");
	response(&made[0], "\"_recipients\":4,\"_rows\":[[3,1],[5,1],[1,2]]");
	response(&made[0], "\"_recipients\":1,\"_rows\":[[4,1]]");
	response(&made[0], "\"_recipients\":0,\"_rows\":[]");
	response(&made[0], "\"_recipients\":3,\"_rows\":[[6,1],[2,2]]"); /* as 1, stored again */
	response(&made[0], "\"_recipients\":4,\"_rows\":[[1,1],[1,1],[2,1],[2,1]]");
	finish(&made[0]);
	expect(0, 1, 0, 1, 0, 0, 0);
	expect(0, 1, 0, 2, 0, 0, 0);
	expect(0, 2, 0, 3, 1, 0, 0);
	expect(0, 3, 0, 1, 1, 0, 0);
	expect(0, 1, 0, 4, 0, 1, 0); /* and moved */
	expect(0, 4, 0, 5, 1, 0, 3);
	expect(0, 5, 0, 6, 0, 0, 1);
	expect(0, 6, 0, 1, 0, 3, 0);
	expect(0, 1, 0, 7, 0, 0, 0);
	expect(0, 3, 0, 7, 1, 0, 0);
	expect(0, 1, 0, 8, 0, 2, 1);
	expect(0, 8, 0, 1, 0, 1, 2);
}
END_TEST

START_TEST(two_bundles)
{
	lines_of_some(&made[0]);
	response(&made[0], "\"_recipients\":3,\"_rows\":[[1,3]]");
	finish(&made[0]);
	recipient(&made[1], "z", "pending");
	recipient(&made[1], "y", "failed");
	recipient(&made[1], "x", "pending");
	recipient(&made[1], "q", "pending");
	response(&made[1], "\"_recipients\":3,\"_rows\":[[1,3]]");
	response(&made[1], "\"_recipients\":2,\"_rows\":[[3,2]]");
	finish(&made[1]);
	expect(0, 1, 1, 1, 1, 0, 0);
	expect(1, 1, 0, 1, 1, 0, 0);
	expect(0, 1, 1, 2, 0, 1, 2);
	compare_forget(c, made[0].b);
	expect(1, 1, 1, 2, 0, 1, 2);
	expect(1, 2, 0, 1, 0, 2, 1);
}
END_TEST

/* --- which ones --- */

static struct buf pairs;
static int stop_after;

static int note_pair(void *arg, const struct compare_pair *pair, struct error *why)
{
	const struct bundle *old = arg;
	struct slice line = {0};

	buf_printf(&pairs, "%d>%d%s", (int)pair->old, (int)pair->new, pair->sure ? "" : "?");
	if (pair->new != 0)
		buf_printf(&pairs, "@%d", (int)compare_index(c, pair->new));
	buf_byte(&pairs, ' ');
	if (pair->old != 0)
		ck_assert_int_eq(compare_line(c, old, LINES_RECIPIENTS, pair->old, &line, why), 0);
	ck_assert(pair->old == 0 || slice_starts(line, SLICE("{\"_batch\"")));
	return --stop_after == 0 ? 7 : 0;
}

static void expect_pairs(int x, uint64_t old, int y, uint64_t new, const char *want)
{
	struct compare_counts n;

	buf_clear(&pairs);
	ck_assert_int_eq(compare_pairs(c, (struct compare_side){made[x].b, old},
				       (struct compare_side){made[y].b, new}, &n, note_pair,
				       made[x].b, &e),
			 0);
	buf_byte(&pairs, '\0');
	ck_assert_str_eq(pairs.data, want);
	buf_free(&pairs);
}

START_TEST(each_pair)
{
	lines_of_some(&made[0]);
	buf_string(&made[0].recipients, "{\"_batch\":\"b\",\"_response\":1,\"x\":1}\n"
					"{\"_batch\":\"b\",\"_response\":1,\"x\":2}\n");
	response(&made[0], "\"_recipients\":3,\"_rows\":[[1,3]]");
	response(&made[0], "\"_recipients\":3,\"_rows\":[[3,2],[1,1]]");
	response(&made[0], "\"_recipients\":3,\"_rows\":[[5,1],[3,1],[1,1]]");
	response(&made[0], "\"_recipients\":2,\"_rows\":[[2,1],[2,1]]");
	response(&made[0], "\"_recipients\":1,\"_rows\":[[4,1]]");
	response(&made[0], "\"_recipients\":1,\"_rows\":[[7,1]]");
	response(&made[0], "\"_recipients\":1,\"_rows\":[[8,1]]");
	finish(&made[0]);
	expect_pairs(0, 1, 0, 2, "2>4@1 ");
	expect_pairs(0, 2, 0, 3, "0>5@0 4>0 ");
	expect_pairs(0, 4, 0, 5, "2>4?@0 2>0? ");
	expect_pairs(0, 5, 0, 4, "4>2?@0 0>2?@0 ");
	expect_pairs(0, 6, 0, 7, "7>8?@0 "); /* without an id */
	expect_pairs(0, 1, 0, 1, "");
	stop_after = 1;
	expect_pairs(0, 2, 0, 3, "0>5@0 ");
}
END_TEST

START_TEST(each_pair_of_two)
{
	recipient(&made[0], "x", "pending");
	recipient(&made[0], "y", "pending");
	response(&made[0], "\"_recipients\":2,\"_rows\":[[1,2]]");
	finish(&made[0]);
	recipient(&made[1], "y", "pending");
	recipient(&made[1], "z", "pending");
	recipient(&made[1], "x", "failed");
	response(&made[1], "\"_recipients\":3,\"_rows\":[[1,3]]");
	finish(&made[1]);
	expect_pairs(0, 1, 1, 1, "0>2@1 1>3@2 ");
	expect_pairs(1, 1, 0, 1, "3>1@0 2>0 ");
}
END_TEST

START_TEST(damaged)
{
	struct compare_counts n;

	lines_of_some(&made[0]);
	response(&made[0], "\"_recipients\":3,\"_rows\":[[1,3]]");
	response(&made[0], "\"_recipients\":3,\"_rows\":[[1,9]]");
	finish(&made[0]);
	for (uint64_t bad = 2; bad <= 3; bad++) {
		e = (struct error){0};
		ck_assert_int_eq(compare_responses(c, (struct compare_side){made[0].b, 1},
						   (struct compare_side){made[0].b, bad}, &n, &e),
				 -1);
		ck_assert_int_eq(e.kind, ERROR_BUNDLE);
	}
	e = (struct error){0};
	expect(0, 1, 0, 1, 0, 0, 0);
}
END_TEST

START_TEST(members)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{"{\"_batch\":\"b\",\"_response\":1,\"id\":\"x\",\"_y\":1}", "\"id\":\"x\",\"_y\":1}"},
		{"{\"_batch\":\"b\",\"_captured\":{\"_z\":1},\"id\":\"x\"}",
		 "\"_captured\":{\"_z\":1},\"id\":\"x\"}"},
		{"{\"_batch\":\"b\"}", "}"}, {"{}", "}"}, {"", ""}, {"[1]", ""}, {"{\"_a\":1,}", ""},
		{"{\"\":1}", "\"\":1}"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice got = compare_members(slice_string(cases[i].line));
		ck_assert_msg(slice_equal(got, slice_string(cases[i].want)), "%s", cases[i].line);
	}
}
END_TEST

/* --- changes --- */

/* What changes_next says of each response, in order. */
static void expect_changes(size_t count, const uint64_t *want)
{
	struct changes *changes = changes_new(made[0].b, &e);
	struct line_cursor *in = bundle_cursor(made[0].b, LINES_RESPONSES, &e);
	struct slice line;
	uint64_t n;

	for (size_t i = 0; i < count; i++) {
		ck_assert_int_eq(cursor_next(in, &line, &e), 1);
		ck_assert_msg(changes_next(changes, line, &n, &e) == 0, "%s", e.text);
		ck_assert_msg(n == want[i], "response %d: %d", (int)i + 1, (int)n);
	}
	ck_assert_int_eq(cursor_next(in, &line, &e), 0);
	cursor_free(in);
	changes_free(changes);
}
#define EXPECT_CHANGES(...)                                                                        \
	expect_changes(sizeof((uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t),                       \
		       (uint64_t[]){__VA_ARGS__})

START_TEST(changes)
{
	struct made *b = &made[0];

	lines_of_some(b);
	recipient(b, "k", "pending"); /* 7 */
	recipient(b, "k", "failed");
	recipient(b, "k", "completed");
	recipient(b, "y", "completed"); /* 10 */
	response(b, "\"_recipients\":3,\"_rows\":[[1,3]]");
	response_of(b, "k", "\"_recipients\":1,\"_rows\":[[7,1]]");
	response(b, "\"_recipients\":3,\"_rows\":[[\"base\",0,3]],\"_base\":1");
	response(b, "\"_recipients\":3,\"_rows\":[[1,1],[4,1],[3,1]]"); /* told in full */
	response(b, "\"_recipients\":3,\"_rows\":[[\"base\",0,3]],\"_base\":4");
	response_of(b, "k", "\"_recipients\":1,\"_rows\":[[8,1]]");
	/* back to an old state, and moved */
	response(b, "\"_recipients\":3,\"_rows\":[[\"base\",2,1],[\"base\",0,1],[2,1]],\"_base\":4");
	response(b, "\"_recipients\":3,\"_rows\":[[6,1],[2,2]]"); /* stored again */
	response_of(b, "k", "\"_recipients\":2,\"_rows\":[[\"base\",0,1],[9,1]],\"_base\":6");
	/* based on one that is not the one before */
	response(b, "\"_recipients\":3,\"_rows\":[[\"base\",0,3]],\"_base\":4");
	response(b, "\"_recipients\":2,\"_rows\":[[\"base\",0,1],[10,1]],\"_base\":10");
	response(b, "\"_recipients\":0,\"_rows\":[]");
	finish(b);
	EXPECT_CHANGES(3, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0);
}
END_TEST

START_TEST(changes_fast)
{
	struct made *b = &made[0];

	/* Recipient lines that cannot be read are not: all is seen from _rows. */
	recipient(b, "x", "pending");
	buf_string(&b->recipients, "{}\n[]\n1\n");
	response(b, "\"_recipients\":1,\"_rows\":[[1,1]]");
	response(b, "\"_recipients\":3,\"_rows\":[[\"base\",0,1],[2,2]],\"_base\":1");
	response(b, "\"_recipients\":3,\"_rows\":[[\"base\",0,3]],\"_base\":2");
	response(b, "\"_recipients\":3,\"_rows\":[[\"base\",0,2],[4,1]],\"_base\":2");
	finish(b);
	b->m->file.data[b->m->frames[3].offset + 12] ^= 1;
	ck_assert_int_eq(pwrite(b->fd, b->m->file.data, b->m->file.len, 0),
			 (ssize_t)b->m->file.len);
	EXPECT_CHANGES(1, 2, 0, 1);
}
END_TEST

Suite *compare_suite(void)
{
	Suite *s = suite_create("compare");
	TCase *t = tcase_create("compare");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, one_bundle);
	tcase_add_test(t, two_bundles);
	tcase_add_test(t, each_pair);
	tcase_add_test(t, each_pair_of_two);
	tcase_add_test(t, damaged);
	tcase_add_test(t, members);
	tcase_add_test(t, changes);
	tcase_add_test(t, changes_fast);
	suite_add_tcase(s, t);
	return s;
}
