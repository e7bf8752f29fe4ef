/*
 * test_ahead.c: tests of input/ahead.c: with any number of threads the files come in the order of
 * the walk, whole, and what cannot be opened says so at its turn.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/ahead.h"
#include "inputs.h"

Suite *ahead_suite(void);

#define FILES 300

static char *paths[] = {(char[]){"in"}, (char[]){"z.json"}};
static struct pool *pool;
static struct walk *walk;
static struct ahead *ahead;
static struct error e;

/* Of file number i; some are too large to be read ahead. */
static size_t size_of(int i)
{
	return i % 50 == 7 ? SOURCE_LOADED + 1 : (size_t)i * 10;
}

static void make_files(void)
{
	struct buf text = BUF_INIT;
	char path[32];

	inputs_make_text(&text, SOURCE_LOADED + 1);
	ck_assert_int_eq(mkdir("in", 0777), 0);
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "in/%03d.json", i);
		inputs_make_file(path, slice_of(text.data, size_of(i)));
	}
	inputs_make_file("z.json", SLICE("{}"));
	buf_free(&text);
}

static void open_all(unsigned threads)
{
	e = (struct error){.kind = ERROR_NONE};
	pool = pool_new(threads, 3, &e);
	walk = walk_open(paths, 2, NULL, &e);
	ck_assert(pool != NULL && walk != NULL);
	ahead = ahead_new(walk, pool, NULL);
	ck_assert_ptr_nonnull(ahead);
}

static void close_all(void)
{
	ahead_free(ahead);
	pool_free(pool);
	walk_close(walk);
}

static void expect_file(const char *name, size_t size)
{
	struct walk_item item;
	struct buf text = BUF_INIT;

	inputs_make_text(&text, size);
	ck_assert_int_eq(ahead_next(ahead, &item, &e), 1);
	ck_assert_str_eq(item.name, name);
	struct source *s = ahead_open(ahead, &item, &e);
	ck_assert_ptr_nonnull(s);
	inputs_expect_member(s, name, buf_view(&text));
	source_close(s);
	walk_item_free(&item);
	buf_free(&text);
}

START_TEST(in_order)
{
	struct walk_item item;

	make_files();
	open_all((unsigned)_i);
	for (int i = 0; i < FILES; i++) {
		char path[32];

		snprintf(path, sizeof(path), "in/%03d.json", i);
		expect_file(path, size_of(i));
	}
	ck_assert_int_eq(ahead_next(ahead, &item, &e), 1);
	ck_assert(item.named);
	walk_item_free(&item); /* not opened, as one that is in a bundle already */
	ck_assert_int_eq(ahead_next(ahead, &item, &e), 0);
	ck_assert_int_eq(ahead_next(ahead, &item, &e), 0);
	close_all();
}
END_TEST

START_TEST(given_up_early)
{
	make_files();
	for (int given = 0; given < 100; given += 33) {
		open_all((unsigned)_i);
		for (int i = 0; i < given; i++) {
			struct walk_item item;

			ck_assert_int_eq(ahead_next(ahead, &item, &e), 1);
			walk_item_free(&item);
		}
		close_all();
	}
}
END_TEST

/* A file that is away at its turn says so then, and one that came back is read. */
START_TEST(fails_at_its_turn)
{
	struct walk_item item;

	ck_assert_int_eq(mkdir("in", 0777), 0);
	ck_assert_int_eq(symlink("nowhere", "in/a.json"), 0);
	inputs_make_file("in/b.json.zst", SLICE("\x28\xb5\x2f\xfd and no more"));
	inputs_make_file("z.json", SLICE("{}"));
	open_all((unsigned)_i);
	ck_assert_int_eq(ahead_next(ahead, &item, &e), 1);
	if (item.error.kind == ERROR_NONE) {
		ck_assert_ptr_null(ahead_open(ahead, &item, &e));
		ck_assert_ptr_nonnull(strstr(e.text, "in/a.json"));
	}
	walk_item_free(&item);
	e.kind = ERROR_NONE;
	ck_assert_int_eq(ahead_next(ahead, &item, &e), 1);
	struct source *s = ahead_open(ahead, &item, &e);
	ck_assert_ptr_nonnull(s);
	ck_assert_int_eq(source_next(s, &e), 1);
	ck_assert_int_eq(source_read(s, (char[8]){0}, 8, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "in/b.json.zst"));
	source_close(s);
	walk_item_free(&item);
	close_all();
}
END_TEST

Suite *ahead_suite(void)
{
	Suite *s = suite_create("ahead");
	TCase *c = inputs_new_case("ahead");

	tcase_add_loop_test(c, in_order, 1, 4);
	tcase_add_loop_test(c, given_up_early, 1, 4);
	tcase_add_loop_test(c, fails_at_its_turn, 1, 3);
	suite_add_tcase(s, c);
	return s;
}
