/*
 * test_captures.c: tests of bundle/captures.c.
 */
#include <check.h>

#include "bundle/captures.h"
#include "indexed.h"

Suite *captures_suite(void);

static struct indexed x[2];
static struct captures *c;
static struct error e;

#define R(n, id, rest) "{\"_response\":" n ",\"_source\":\"s\"" rest ",\"id\":" id

static void setup(void)
{
	e = (struct error){0};
	c = captures_new();
	ck_assert_ptr_nonnull(c);
	for (int i = 0; i < 2; i++)
		indexed_begin(&x[i]);
	indexed_line(&x[0], LINES_RESPONSES, R("1", "\"b1\"", "") ",\"last_updated_at_unix\":30}");
	indexed_line(&x[0], LINES_RESPONSES,
		     R("2", "\"b\\\"2\"", ",\"_seen\":77") ",\"last_updated_at_unix\":5}");
	indexed_line(&x[0], LINES_RESPONSES, R("3", "\"b1\"", "") "}");
	indexed_line(&x[0], LINES_RESPONSES,
		     R("4", "\"b1\"", "") ",\"last_updated_at_unix\":\"no number\"}");
	indexed_line(&x[0], LINES_RESPONSES, R("5", "\"b1\"", "") ",\"last_updated_at_unix\":10}");
	indexed_line(&x[1], LINES_RESPONSES, R("1", "\"b1\"", "") ",\"last_updated_at_unix\":10}");
	indexed_line(&x[1], LINES_RESPONSES, R("2", "\"b3\"", "") ",\"last_updated_at_unix\":1}");
	for (int i = 0; i < 2; i++)
		indexed_open(&x[i]);
}

static void teardown(void)
{
	captures_free(c);
	for (int i = 0; i < 2; i++)
		indexed_end(&x[i]);
}

/* `want`: bundle and response of each, oldest first. */
static void expect(const char *id, size_t want_count, const uint64_t (*want)[2])
{
	uint32_t batch = map_find(captures_batches(c), slice_string(id));
	const struct capture *list;
	size_t count;

	ck_assert_uint_ne(batch, MAP_NONE);
	list = captures_of(c, batch, &count);
	ck_assert_uint_eq(count, want_count);
	for (size_t i = 0; i < count; i++) {
		ck_assert_uint_eq(list[i].bundle, want[i][0]);
		ck_assert_uint_eq(list[i].response, want[i][1]);
		ck_assert_uint_eq(list[i].batch, batch);
	}
}

START_TEST(all)
{
	size_t count;

	ck_assert_int_eq(captures_add(c, 0, x[0].b, &e), 0);
	ck_assert_int_eq(captures_add(c, 1, x[1].b, &e), 0);
	ck_assert_int_eq(captures_sort(c), 0);
	ck_assert_uint_eq(map_count(captures_batches(c)), 3);
	expect("\"b1\"", 5, (const uint64_t[][2]){{0, 3}, {0, 4}, {0, 5}, {1, 1}, {0, 1}});
	expect("\"b\\\"2\"", 1, (const uint64_t[][2]){{0, 2}});
	expect("\"b3\"", 1, (const uint64_t[][2]){{1, 2}});
	ck_assert_int_eq(captures_of(c, 0, &count)[0].updated, INT64_MIN);
	ck_assert_int_eq(captures_of(c, 0, &count)[4].updated, 30);
	ck_assert_int_eq(captures_of(c, 1, &count)[0].seen, 77);
	ck_assert_int_eq(captures_of(c, 2, &count)[0].seen, INT64_MIN);
}
END_TEST

START_TEST(of_some)
{
	struct slice ids[] = {SLICE("\"b\\\"2\""), SLICE("\"b1\""), SLICE("\"none\""), SLICE("7")};

	for (uint32_t i = 0; i < 2; i++) {
		struct lookup *l = lookup_open(x[i].b, &e);

		ck_assert_msg(l != NULL, "%s", e.text);
		/* the order of bundles is what the caller says */
		ck_assert_int_eq(captures_add_batches(c, 1 - i, l, ids, 4, &e), 0);
		lookup_close(l);
	}
	ck_assert_int_eq(captures_sort(c), 0);
	ck_assert_uint_eq(map_count(captures_batches(c)), 2);
	expect("\"b1\"", 5, (const uint64_t[][2]){{1, 3}, {1, 4}, {0, 1}, {1, 5}, {1, 1}});
	expect("\"b\\\"2\"", 1, (const uint64_t[][2]){{1, 2}});
}
END_TEST

static void gap_is(const struct capture *list, size_t count, int64_t from, int64_t to)
{
	struct captures_gap gap;

	ck_assert_int_eq(captures_longest_gap(list, count, &gap), 0);
	ck_assert_int_eq(gap.from, from);
	ck_assert_int_eq(gap.to, to);
}

START_TEST(gaps)
{
	const struct capture list[] = {
		{.updated = INT64_MIN, .seen = INT64_MIN},
		{.updated = 10, .seen = INT64_MIN},
		{.updated = 12, .seen = 35},
		{.updated = 13, .seen = 14},
		{.updated = INT64_MIN, .seen = 30},
	};

	gap_is(list, 5, 14, 30);
	gap_is(list, 2, 0, 0);
	gap_is(list, 3, 10, 35);
	gap_is(list, 0, 0, 0);
	gap_is((const struct capture[]){{.updated = 0, .seen = INT64_MIN + 1},
					{.updated = INT64_MAX, .seen = INT64_MIN}},
	       2, INT64_MIN + 1, INT64_MAX);
}
END_TEST

START_TEST(none)
{
	ck_assert_int_eq(captures_sort(c), 0);
	ck_assert_uint_eq(map_count(captures_batches(c)), 0);
}
END_TEST

Suite *captures_suite(void)
{
	Suite *s = suite_create("captures");
	TCase *t = tcase_create("captures");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, all);
	tcase_add_test(t, of_some);
	tcase_add_test(t, gaps);
	tcase_add_test(t, none);
	suite_add_tcase(s, t);
	return s;
}
