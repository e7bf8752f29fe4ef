/*
 * test_rows.c: tests of bundle/rows.c.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "bundle/rows.h"
#include "bundle_maker.h"

Suite *rows_suite(void);

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))
#define RECIPIENTS 10 /* lines of the bundles made here */

static struct maker *m;
static struct bundle *b;
static struct error e;
static struct rows rows;
static struct buf text;
static char path[64];
static int fd, responses;

/* A bundle is begun; add() its responses. */
static void setup(void)
{
	m = maker_new();
	b = NULL;
	e = (struct error){0};
	rows = (struct rows){0};
	text = (struct buf)BUF_INIT;
	fd = -1;
	responses = 0;
	maker_entry(m, ENTRY_ABOUT);
	maker_frame(m, "{}\n");
	maker_entry(m, "recipients/00000001.ndjson");
	maker_frame(m, "{}\n{}\n{}\n{}\n");
	maker_frame(m, "{}\n{}\n{}\n{}\n{}\n{}\n");
	maker_entry(m, "responses/00000001.ndjson");
}

static void teardown(void)
{
	rows_free(&rows);
	bundle_close(b);
	if (fd >= 0)
		close(fd);
	maker_free(m);
	buf_free(&text);
}

/* Ends a frame with the responses added since the last. */
static void end_frame(void)
{
	buf_byte(&text, '\0');
	maker_frame(m, text.data);
	buf_clear(&text);
}

/* `members`: after _response. */
static void add(const char *members)
{
	buf_printf(&text, "{\"_response\":%d,%s,\"id\":\"b\"}\n", ++responses, members);
}

static void open_made(void)
{
	if (text.len > 0)
		end_frame();
	maker_finish(m);
	fd = maker_file(buf_view(&m->file), path);
	b = bundle_open(path, &e);
	ck_assert_msg(b != NULL, "%s", e.text);
}

static void expect_rows(uint64_t response, size_t count, const uint64_t *want)
{
	ck_assert_msg(rows_of(b, response, &rows, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(rows.count, count);
	for (size_t i = 0; i < count; i++)
		ck_assert_uint_eq(rows.line[i], want[i]);
}
#define EXPECT_ROWS(response, ...)                                                                 \
	expect_rows(response, sizeof((uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t),                \
		    (uint64_t[]){__VA_ARGS__})

/* The error names the bundle, `response`, and holds `part`. */
static void expect_error(uint64_t asked, enum error_kind kind, int response, const char *part)
{
	char where[128];

	e = (struct error){0};
	ck_assert_int_eq(rows_of(b, asked, &rows, &e), -1);
	ck_assert_uint_eq(rows.count, 0);
	ck_assert_int_eq(e.kind, kind);
	snprintf(where, sizeof(where), "%s: response %d: ", path, response);
	ck_assert_msg(strncmp(e.text, where, strlen(where)) == 0, "no \"%s\" in: %s", where,
		      e.text);
	ck_assert_msg(strstr(e.text, part) != NULL, "no \"%s\" in: %s", part, e.text);
}

/* --- lists --- */

START_TEST(runs_and_copies)
{
	add("\"_recipients\":0,\"_rows\":[]");
	add("\"_recipients\":10,\"_rows\":[[1,10]]");
	add("\"_recipients\":4,\"_rows\":[[10,1],[1,2],[1,1]]");
	add("\"_recipients\":6,\"_rows\":[[\"base\",3,1],[5,2],[\"base\",0,3]],\"_base\":3");
	add("\"_recipients\":12,\"_rows\":[[\"base\",0,6],[\"base\",0,6]],\"_base\":4");
	add("\"_recipients\":1,\"_rows\":[[\"base\",11,1]],\"_base\":5");
	add("\"_recipients\":2,\"_rows\":[[3,2]],\"_base\":6"); /* of no use, but no lie */
	add("\"_recipients\":0,\"_rows\":[],\"_base\":1");
	open_made();
	expect_rows(1, 0, NULL);
	EXPECT_ROWS(2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
	EXPECT_ROWS(3, 10, 1, 2, 1);
	EXPECT_ROWS(4, 1, 5, 6, 10, 1, 2);
	EXPECT_ROWS(5, 1, 5, 6, 10, 1, 2, 1, 5, 6, 10, 1, 2);
	EXPECT_ROWS(6, 2);
	EXPECT_ROWS(7, 3, 4);
	expect_rows(8, 0, NULL);
}
END_TEST

START_TEST(longest_chain)
{
	add("\"_recipients\":1,\"_rows\":[[7,1]]");
	for (int i = 0; i <= ROWS_CHAIN_MOST; i++) {
		char line[100];
		snprintf(line, sizeof(line),
			 "\"_recipients\":1,\"_rows\":[[\"base\",0,1]],\"_base\":%d", responses);
		add(line);
		if (responses % 10 == 0)
			end_frame();
	}
	open_made();
	EXPECT_ROWS(ROWS_CHAIN_MOST + 1, 7);
	expect_error(ROWS_CHAIN_MOST + 2, ERROR_BUNDLE, 1, "too many responses are based");
}
END_TEST

/* Response 3 is based on 1: the frame of 2 is not looked at. */
START_TEST(reads_what_it_needs)
{
	add("\"_recipients\":2,\"_rows\":[[4,2]]");
	end_frame();
	add("\"_recipients\":2,\"_rows\":[[4,2]]");
	end_frame();
	add("\"_recipients\":3,\"_rows\":[[\"base\",0,2],[\"base\",0,1]],\"_base\":1");
	open_made();
	m->file.data[m->frames[7].offset + 20] ^= 1;
	ck_assert_int_eq(pwrite(fd, m->file.data, m->file.len, 0), (ssize_t)m->file.len);
	EXPECT_ROWS(3, 4, 5, 4);
	ck_assert_int_eq(rows_of(b, 2, &rows, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "frame 7, responses/00000001.ndjson line 2: its bytes"
					     " are not"));
	ck_assert_int_eq(e.kind, ERROR_BUNDLE);
	ck_assert_uint_eq(rows.count, 0);
}
END_TEST

START_TEST(no_such_response)
{
	static const uint64_t numbers[] = {0, 2, UINT64_MAX};

	add("\"_recipients\":0,\"_rows\":[]");
	open_made();
	for (int i = 0; i < COUNT(numbers); i++) {
		e = (struct error){0};
		ck_assert_int_eq(rows_of(b, numbers[i], &rows, &e), -1);
		ck_assert_int_eq(e.kind, ERROR_BUNDLE);
		ck_assert_ptr_nonnull(strstr(e.text, "there is no line "));
		ck_assert_ptr_nonnull(strstr(e.text, " of responses; it has 1"));
	}
}
END_TEST

/* Each doubles the one before: small lines, a long list. */
START_TEST(doubled)
{
	char line[100];

	add("\"_recipients\":1,\"_rows\":[[9,1]]");
	for (int i = 0; i < 20; i++) {
		snprintf(line, sizeof(line),
			 "\"_recipients\":%d,\"_rows\":[[\"base\",0,%d],[\"base\",0,%d]],"
			 "\"_base\":%d",
			 2 << i, 1 << i, 1 << i, responses);
		add(line);
	}
	open_made();
	ck_assert_int_eq(rows_of(b, 21, &rows, &e), 0);
	ck_assert_uint_eq(rows.count, 1 << 20);
	ck_assert_uint_eq(rows.cap, 1 << 20);
	for (size_t i = 0; i < rows.count; i++)
		ck_assert_uint_eq(rows.line[i], 9);
	EXPECT_ROWS(2, 9, 9);
}
END_TEST

/* --- hostile ones --- */

static const struct {
	const char *members, *part;
} lies[] = {
	/* Response 2: the list of response 1 has 3 rows, the bundle 10 lines. */
	{"\"_rows\":[[1,1]]", "how many _recipients"},
	{"\"_recipients\":\"1\",\"_rows\":[[1,1]]", "how many _recipients"},
	{"\"_recipients\":-1,\"_rows\":[[1,1]]", "how many _recipients"},
	{"\"_recipients\":1e0,\"_rows\":[[1,1]]", "how many _recipients"},
	{"\"_recipients\":01,\"_rows\":[[1,1]]", "how many _recipients"},
	{"\"_recipients\":18446744073709551617,\"_rows\":[[1,1]]", "how many _recipients"},
	{"\"_recipients\":0", "missing or not a list"},
	{"\"_recipients\":0,\"_rows\":{}", "missing or not a list"},
	{"\"_recipients\":0,\"_rows\":null", "missing or not a list"},
	{"\"_recipients\":0,\"_rows\":\"[]\"", "missing or not a list"},
	{"\"_recipients\":1,\"_rows\":[]", "fewer"},
	{"\"_recipients\":67108864,\"_rows\":[]", "fewer"},
	{"\"_recipients\":3,\"_rows\":[[1,1],[2,1]]", "fewer"},
	{"\"_recipients\":0,\"_rows\":[[1,1]]", "more than"},
	{"\"_recipients\":3,\"_rows\":[[1,2],[2,2]]", "more than"},
	{"\"_recipients\":1,\"_rows\":[[1,1],[1,10]]", "more than"},
	{"\"_recipients\":1,\"_rows\":[1,1]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[]]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[1]]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[1,1,1]]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[1,1],[1,1]", "missing or not a list"}, /* swallows all */
	{"\"_recipients\":1,\"_rows\":[[1,1,]]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[1,1}]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[{\"a\":1}]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[{1,1}]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[1,1],]", "cannot be read"},
	{"\"_recipients\":1,\"_rows\":[,[1,1]]", "cannot be read"},
	{"\"_recipients\":1,\"_rows\":[[1,1][1,1]]", "cannot be read"},
	{"\"_recipients\":1,\"_rows\":[ [1,1]]", "cannot be read"},
	{"\"_recipients\":1,\"_rows\":[[[1],1]]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[1,-1]]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[1,1.0]]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[1,\"1\"]]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[01,1]]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[1,18446744073709551616]]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[1,18446744073709551617]]", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[1,36893488147419103233]]", "not runs"},
	{"\"_recipients\":0,\"_rows\":[[1,0]]", "outside the recipients"},
	{"\"_recipients\":1,\"_rows\":[[0,1]]", "outside the recipients"},
	{"\"_recipients\":1,\"_rows\":[[11,1]]", "outside the recipients"},
	{"\"_recipients\":2,\"_rows\":[[10,2]]", "outside the recipients"},
	{"\"_recipients\":11,\"_rows\":[[1,11]]", "outside the recipients"},
	{"\"_recipients\":1,\"_rows\":[[18446744073709551615,1]]", "outside the recipients"},
	{"\"_recipients\":1,\"_rows\":[[18446744073709551615,18446744073709551615]]",
	 "outside the recipients"},
	{"\"_recipients\":1,\"_rows\":[[2,18446744073709551615]]", "outside the recipients"},
	{"\"_recipients\":67108864,\"_rows\":[[1,67108864]]", "outside the recipients"},
	{"\"_recipients\":3,\"_rows\":[[\"base\",0,3]]", "outside its _base"},
	{"\"_recipients\":4,\"_rows\":[[\"base\",0,4]],\"_base\":1", "outside its _base"},
	{"\"_recipients\":1,\"_rows\":[[\"base\",3,1]],\"_base\":1", "outside its _base"},
	{"\"_recipients\":0,\"_rows\":[[\"base\",0,0]],\"_base\":1", "outside its _base"},
	{"\"_recipients\":2,\"_rows\":[[\"base\",2,2]],\"_base\":1", "outside its _base"},
	{"\"_recipients\":1,\"_rows\":[[\"base\",1,18446744073709551615]],\"_base\":1",
	 "outside its _base"},
	{"\"_recipients\":1,\"_rows\":[[\"base\",18446744073709551615,1]],\"_base\":1",
	 "outside its _base"},
	{"\"_recipients\":1,\"_rows\":[[\"base\",18446744073709551615,2]],\"_base\":1",
	 "outside its _base"},
	{"\"_recipients\":1,\"_rows\":[[\"base\"]],\"_base\":1", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[\"base\",0]],\"_base\":1", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[\"base\",0,1,1]],\"_base\":1", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[\"base\",\"base\",1]],\"_base\":1", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[\"Base\",0,1]],\"_base\":1", "not runs"},
	{"\"_recipients\":1,\"_rows\":[[1,1]],\"_base\":0", "not an earlier response"},
	{"\"_recipients\":1,\"_rows\":[[1,1]],\"_base\":2", "not an earlier response"},
	{"\"_recipients\":1,\"_rows\":[[1,1]],\"_base\":3", "not an earlier response"},
	{"\"_recipients\":1,\"_rows\":[[1,1]],\"_base\":-1", "not an earlier response"},
	{"\"_recipients\":1,\"_rows\":[[1,1]],\"_base\":\"1\"", "not an earlier response"},
	{"\"_recipients\":1,\"_rows\":[[1,1]],\"_base\":null", "not an earlier response"},
	{"\"_recipients\":1,\"_rows\":[[1,1]],\"_base\":18446744073709551615",
	 "not an earlier response"},
	{"\"_recipients\":1,\"_rows\":[[1,1]],\"_base\":18446744073709551617",
	 "not an earlier response"},
};

START_TEST(lies_are_seen)
{
	add("\"_recipients\":3,\"_rows\":[[2,3]]");
	add(lies[_i].members);
	add("\"_recipients\":1,\"_rows\":[[\"base\",0,1]],\"_base\":2");
	open_made();
	EXPECT_ROWS(1, 2, 3, 4);
	expect_error(2, ERROR_BUNDLE, 2, lies[_i].part);
	ck_assert_uint_le(rows.cap, 3); /* no memory was taken for it */
	expect_error(3, ERROR_BUNDLE, 2, lies[_i].part);
	EXPECT_ROWS(1, 2, 3, 4);
}
END_TEST

/* A line says that it is another one: no _base can lead round in a circle that way. */
START_TEST(another_number)
{
	static const char *const lines[] = {
		"{\"_response\":1,\"_recipients\":1,\"_rows\":[[1,1]]}\n"
		"{\"_response\":9,\"_recipients\":1,\"_rows\":[[\"base\",0,1]],\"_base\":2}\n",
		"{\"_response\":1,\"_recipients\":1,\"_rows\":[[1,1]]}\n"
		"{\"_response\":9,\"_recipients\":1,\"_rows\":[[\"base\",0,1]],\"_base\":3}\n"
		"{\"_response\":9,\"_recipients\":1,\"_rows\":[[\"base\",0,1]],\"_base\":2}\n",
		"{}\n{}\n",
		"\n\n",
		"[1]\n[\"_response\",2]\n",
		"{\"_response\":1}\n{\"_recipients\":1,\"_rows\":[[1,1]]}\n",
		"{\"_response\":1}\n{\"_response\":\"2\",\"_recipients\":1,\"_rows\":[[1,1]]}\n",
		"{\"_response\":1}\n{\"_response\":2\n",
		"{\"_response\":1}\n\"_response\":2}\n",
	};

	maker_frame(m, lines[_i]);
	open_made();
	expect_error(2, ERROR_BUNDLE, 2, "its line has another number");
}
END_TEST

START_TEST(too_many)
{
	add("\"_recipients\":67108865,\"_rows\":[]");
	add("\"_recipients\":18446744073709551615,\"_rows\":[[1,1]]");
	for (int i = 0; i < 17; i++)
		add("\"_recipients\":67108864,\"_rows\":[[1,1]],\"_base\":2");
	open_made();
	expect_error(1, ERROR_LIMIT, 1, "it has 67108865 recipients, 67108864 is the most");
	expect_error(2, ERROR_LIMIT, 2, "it has 18446744073709551615 recipients");
	expect_error(3, ERROR_LIMIT, 2, "it has 18446744073709551615 recipients");
	ck_assert_uint_eq(rows.cap, 0);
}
END_TEST

/* Many lists, each as long as one may be, based on each other: work for minutes. */
START_TEST(too_much_together)
{
	char line[100];

	add("\"_recipients\":67108864,\"_rows\":[]");
	for (int i = 1; i < 17; i++) {
		snprintf(line, sizeof(line),
			 "\"_recipients\":67108864,\"_rows\":[[\"base\",0,67108864]],\"_base\":%d",
			 responses);
		add(line);
	}
	open_made();
	expect_error(16, ERROR_BUNDLE, 1, "fewer");
	expect_error(17, ERROR_LIMIT, 1, "more than 1073741824 recipients");
	ck_assert_uint_eq(rows.cap, 0);
}
END_TEST

/* --- step by step --- */

START_TEST(step_by_step)
{
	struct slice first = SLICE("{\"_response\":7,\"_recipients\":2,\"_rows\":[[3,2]]}");
	struct slice second = SLICE("{\"_response\":9,\"_recipients\":3,\"_rows\":"
				    "[[\"base\",1,1],[\"base\",0,2]],\"_base\":7}");
	struct slice bare = SLICE("{\"_response\":9,\"_recipients\":1,\"_rows\":[[\"base\",0,1]]}");
	struct rows base = {0};
	uint64_t number = 5;

	ck_assert_int_eq(rows_base(first, &number, &e), 0);
	ck_assert_uint_eq(number, 0);
	ck_assert_int_eq(rows_base(second, &number, &e), 0);
	ck_assert_uint_eq(number, 7);
	ck_assert_int_eq(rows_apply(first, 4, NULL, &base, &e), 0);
	ck_assert_int_eq(rows_apply(second, 4, &base, &rows, &e), 0);
	ck_assert_uint_eq(rows.count, 3);
	ck_assert_uint_eq(rows.line[0], 4);
	ck_assert_uint_eq(rows.line[1], 3);
	ck_assert_uint_eq(rows.line[2], 4);
	ck_assert_int_eq(rows_apply(second, 4, NULL, &rows, &e), -1);
	ck_assert_str_eq(e.text, "a run of its _rows lies outside its _base");
	ck_assert_uint_eq(rows.count, 0);
	e = (struct error){0};
	ck_assert_int_eq(rows_apply(first, 3, &base, &rows, &e), -1);
	ck_assert_str_eq(e.text, "a run of its _rows lies outside the recipients");
	e = (struct error){0};
	ck_assert_int_eq(rows_apply(bare, 4, &base, &rows, &e), -1);
	ck_assert_str_eq(e.text, "a run of its _rows lies outside its _base");
	rows_free(&base);
	ck_assert_ptr_null(base.line);
	rows_free(&base);
}
END_TEST

/* --- at random --- */

static uint64_t random_state;

static uint64_t random_below(uint64_t n)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (random_state >> 33) % n;
}

/* A list of runs and, if there is a base, copies: as text, and resolved here. */
static size_t random_list(const uint64_t *base, size_t base_count, bool has_base, struct buf *out,
			  uint64_t *list)
{
	size_t count = 0;
	int runs = (int)random_below(6);

	buf_string(out, "\"_rows\":[");
	for (int i = 0; i < runs; i++) {
		bool copy = base_count > 0 && random_below(3) > 0;
		uint64_t first = copy ? random_below(base_count) : 1 + random_below(RECIPIENTS);
		uint64_t end = copy ? base_count : RECIPIENTS + 1;
		uint64_t len = 1 + random_below(end - first);

		if (count + len > 200)
			break;
		buf_printf(out, "%s[%s%d,%d]", i > 0 ? "," : "", copy ? "\"base\"," : "",
			   (int)first, (int)len);
		for (uint64_t k = first; k < first + len; k++)
			list[count++] = copy ? base[k] : k;
	}
	buf_printf(out, "],\"_recipients\":%d", (int)count);
	if (has_base)
		buf_string(out, ",\"_base\":");
	return count;
}

START_TEST(random_histories)
{
	enum { N = 100 };
	static uint64_t lists[N + 1][200];
	static size_t counts[N + 1];
	struct buf line = BUF_INIT;

	random_state = (uint64_t)_i;
	for (int i = 1; i <= N; i++) {
		uint64_t base = random_below((uint64_t)i); /* 0: none */

		buf_clear(&line);
		counts[i] = random_list(lists[base], base > 0 ? counts[base] : 0, base > 0, &line,
					lists[i]);
		if (base > 0)
			buf_uint(&line, base);
		buf_byte(&line, '\0');
		add(line.data);
		if (random_below(8) == 0)
			end_frame();
	}
	open_made();
	for (uint64_t i = 1; i <= N; i++)
		expect_rows(i, counts[i], lists[i]);
	buf_free(&line);
}
END_TEST

/* Bytes changed at random: either it is refused, or what comes out lies where it may. */
START_TEST(random_lies)
{
	static const char good[] =
		"{\"_response\":12,\"_recipients\":9,\"_rows\":"
		"[[1,3],[\"base\",2,2],[7,1],[\"base\",0,3]],\"_base\":11,\"id\":\"b\"}";
	static const char bytes[] = "0123456789,,[]]{}\"\\-a e";
	uint64_t base_lines[4] = {4, 5, 9, 2};
	struct rows base = {base_lines, 4, 4};
	struct error why;
	int kept = 0;

	random_state = 1;
	for (int i = 0; i < 100000; i++) {
		size_t len = sizeof(good) - 1 - (random_below(8) == 0 ? random_below(40) : 0);
		char *line = malloc(len); /* exactly so long, so that reading on is seen */
		ck_assert_ptr_nonnull(line);
		memcpy(line, good, len);
		for (uint64_t k = random_below(4); k > 0; k--)
			line[random_below(len)] = bytes[random_below(sizeof(bytes) - 1)];
		why = (struct error){0};
		if (rows_apply(slice_of(line, len), RECIPIENTS, &base, &rows, &why) == 0) {
			ck_assert_int_eq(why.kind, ERROR_NONE);
			ck_assert_uint_le(rows.count, 99);
			for (size_t k = 0; k < rows.count; k++)
				ck_assert(rows.line[k] >= 1 && rows.line[k] <= RECIPIENTS);
			kept++;
		} else {
			ck_assert_int_ne(why.kind, ERROR_NONE);
			ck_assert_uint_eq(rows.count, 0);
		}
		free(line);
	}
	ck_assert_int_gt(kept, 1000);
	ck_assert_int_lt(kept, 90000);
}
END_TEST

Suite *rows_suite(void)
{
	Suite *s = suite_create("rows");
	TCase *t = tcase_create("rows");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, runs_and_copies);
	tcase_add_test(t, longest_chain);
	tcase_add_test(t, reads_what_it_needs);
	tcase_add_test(t, no_such_response);
	tcase_add_test(t, doubled);
	tcase_add_loop_test(t, lies_are_seen, 0, COUNT(lies));
	tcase_add_loop_test(t, another_number, 0, 9);
	tcase_add_test(t, too_many);
	tcase_add_test(t, too_much_together);
	tcase_add_test(t, step_by_step);
	tcase_add_loop_test(t, random_histories, 0, 10);
	tcase_add_test(t, random_lies);
	suite_add_tcase(s, t);
	return s;
}
