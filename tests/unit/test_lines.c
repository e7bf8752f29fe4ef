/*
 * test_lines.c: tests of bundle/lines.c. That a frame was kept is seen by destroying the file: what
 * is kept can still be read, what is not cannot.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bundle/lines.h"
#include "bundle_maker.h"

Suite *lines_suite(void);

static struct maker *m;
static struct bundle *b;
static struct lines *l;
static struct error e;
static struct slice line;
static char path[64];
static int fd;

static void setup(void)
{
	m = NULL;
	b = NULL;
	l = NULL;
	fd = -1;
	e = (struct error){0};
}

static void teardown(void)
{
	lines_close(l);
	bundle_close(b);
	if (fd >= 0)
		close(fd);
	if (m != NULL)
		maker_free(m);
}

static void open_made(void)
{
	maker_finish(m);
	fd = maker_file(buf_view(&m->file), path);
	b = bundle_open(path, &e);
	ck_assert_msg(b != NULL, "%s", e.text);
	l = lines_open(b, LINES_RECIPIENTS, &e);
	ck_assert_ptr_nonnull(l);
}

/* A bundle of `frames` frames with `lines` lines each; line n is n repeated n % 5 times. */
static void make(int frames, int lines)
{
	struct buf text = BUF_INIT;

	m = maker_new();
	maker_entry(m, ENTRY_ABOUT);
	maker_frame(m, "{}\n");
	maker_entry(m, "recipients/00000001.ndjson");
	for (int i = 0; i < frames; i++) {
		buf_clear(&text);
		for (int n = i * lines + 1; n <= (i + 1) * lines; n++) {
			for (int k = 0; k < n % 5; k++)
				buf_printf(&text, "%d,", n);
			buf_byte(&text, '\n');
		}
		buf_byte(&text, '\0');
		maker_frame(m, text.data);
	}
	buf_free(&text);
	open_made();
}

static void expect(uint64_t n)
{
	struct buf want = BUF_INIT;

	for (uint64_t k = 0; k < n % 5; k++)
		buf_printf(&want, "%d,", (int)n);
	ck_assert_msg(lines_get(l, n, &line, &e) == 0, "%s", e.text);
	ck_assert_msg(slice_equal(line, buf_view(&want)), "line %d is '%.*s'", (int)n,
		      (int)line.len, line.data);
	buf_free(&want);
}

static void expect_error(uint64_t n, const char *part)
{
	ck_assert_int_eq(lines_get(l, n, &line, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_BUNDLE);
	ck_assert_msg(strncmp(e.text, path, strlen(path)) == 0, "%s", e.text);
	ck_assert_msg(strstr(e.text, part) != NULL, "no \"%s\" in: %s", part, e.text);
	e = (struct error){0};
}

/* From now on only what is kept can be read. */
static void destroy_file(void)
{
	static const char zeros[4096];

	for (size_t at = 0; at < m->file.len; at += sizeof(zeros))
		ck_assert_int_gt(pwrite(fd, zeros, sizeof(zeros), (off_t)at), 0);
}

/* What one frame takes in memory is more than its content and less than twice that. */
static size_t frame_size(void)
{
	return m->pending[1].raw.len;
}

static uint64_t random_state = 1;

static uint64_t random_below(uint64_t n)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (random_state >> 33) % n;
}

/* Frames of every length around the steps in which places are noted. */
START_TEST(any_order)
{
	uint64_t count = 3 * (uint64_t)_i;

	make(3, _i);
	for (uint64_t from = 1; from <= count; from++) {
		for (uint64_t to = 1; to <= count; to++) {
			expect(from);
			expect(to);
		}
	}
}
END_TEST

START_TEST(no_such_line)
{
	make(2, 3);
	expect_error(0, "no line 0 of recipients; it has 6");
	expect(6);
	expect_error(7, "no line 7 of recipients; it has 6");
	expect_error(UINT64_MAX, "it has 6");
	expect_error(0, "no line 0");
	expect(1);
	lines_close(l);
	l = lines_open(b, LINES_FINDINGS, &e);
	expect_error(1, "no line 1 of findings; it has 0");
	lines_close(NULL);
}
END_TEST

/* 10,000 lines in any order: each of the 30 frames is read once. */
START_TEST(scattered)
{
	make(30, 1000);
	for (uint64_t i = 0; i < 30; i++)
		expect(i * 1000 + 1 + random_below(1000));
	destroy_file();
	for (int i = 0; i < 10000; i++)
		expect(1 + random_below(30000));
}
END_TEST

/* No more frames than LINES_CACHE, and those used last. */
START_TEST(forgets_the_oldest)
{
	make(LINES_CACHE + 4, 2);
	for (uint64_t i = 1; i <= LINES_CACHE; i++)
		expect(2 * i);
	expect(2); /* now frame 2 is the oldest */
	for (uint64_t i = LINES_CACHE + 1; i <= LINES_CACHE + 4; i++)
		expect(2 * i);
	destroy_file();
	expect(1);
	for (uint64_t i = 6; i <= LINES_CACHE + 4; i++)
		expect(2 * i - 1);
	expect_error(3, "its bytes are not those that were written");
}
END_TEST

/* No more bytes than allowed; 0 keeps one frame, and so does less than one frame takes. */
START_TEST(keeps_to_its_bytes)
{
	static const struct {
		size_t frames, kept;
	} cases[] = {{0, 1}, {1, 1}, {2, 1}, {4, 2}, {8, 4}, {100, 8}};

	make(9, 500);
	lines_keep(l, cases[_i].frames * (frame_size() + 32));
	for (uint64_t i = 0; i < 9; i++)
		expect(i * 500 + 1);
	for (uint64_t i = 9 - cases[_i].kept; i < 9; i++)
		expect(i * 500 + 500);
	destroy_file();
	for (uint64_t i = 9 - cases[_i].kept; i < 9; i++)
		expect(i * 500 + 250);
	if (cases[_i].frames <= 1)
		expect_error(8 * 500, "its bytes are not");
	if (cases[_i].frames == 8)
		expect_error(1, "its bytes are not");
	if (cases[_i].frames == 100)
		expect(1);
}
END_TEST

/* A frame that cannot be read does not disturb those that can, nor is any of it kept. */
START_TEST(damage)
{
	make(3, 20);
	expect(41);
	m->file.data[m->frames[4].offset + m->frames[4].size / 2] ^= 1;
	ck_assert_int_eq(pwrite(fd, m->file.data, m->file.len, 0), (ssize_t)m->file.len);
	expect(20);
	for (int i = 0; i < 3; i++)
		expect_error(21, "lines 21-40: its bytes are not those that were written");
	expect(21 - 1);
	expect_error(40, "lines 21-40");
	expect(42);
}
END_TEST

static void count_wrong(struct maker *maker, uint32_t frame, struct frame_record *r)
{
	if (frame == 3)
		r->lines = (uint32_t)maker->arg;
	if (frame == 4)
		r->first = maker->arg + 1;
}

static void total_wrong(struct maker *maker, struct tail_facts *f)
{
	f->lines[LINES_RECIPIENTS] = maker->arg + 1;
}

/* The frame list and the trailer agree on a count, or on where a line ends, that is not so. */
START_TEST(another_count)
{
	static const struct {
		const char *text;
		uint64_t count;
	} cases[] = {
		{"a\nb\nc\n", 2},
		{"a\nb\nc\n", 4},
		{"a\nb\nc\n", 6},
		{"a\nb\nc", 2},
		{"a\nb\nc", 3},
		{"abc", 1},
		{"\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n", 8},
		{"\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n", 15},
		{"abcdefgh\n", 9},
	};

	m = maker_new();
	maker_entry(m, ENTRY_ABOUT);
	maker_frame(m, "{}\n");
	maker_entry(m, "recipients/00000001.ndjson");
	maker_frame(m, cases[_i].text);
	maker_frame(m, "last\n");
	m->arg = cases[_i].count;
	m->change_record = count_wrong;
	m->change_facts = total_wrong;
	open_made();
	expect_error(1, "frame 3 does not hold the lines that it should");
	expect_error(cases[_i].count, "frame 3 does not hold the lines that it should");
	ck_assert_int_eq(lines_get(l, cases[_i].count + 1, &line, &e), 0);
	ck_assert(slice_equal(line, SLICE("last")));
}
END_TEST

Suite *lines_suite(void)
{
	Suite *s = suite_create("lines");
	TCase *t = tcase_create("lines");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, any_order, 1, 27);
	tcase_add_test(t, no_such_line);
	tcase_add_test(t, scattered);
	tcase_add_test(t, forgets_the_oldest);
	tcase_add_loop_test(t, keeps_to_its_bytes, 0, 6);
	tcase_add_test(t, damage);
	tcase_add_loop_test(t, another_count, 0, 9);
	suite_add_tcase(s, t);
	return s;
}
