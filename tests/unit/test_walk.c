/*
 * test_walk.c: tests of input/walk.c and input/names.c.
 * Each test works in a new folder, which it makes its working folder.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "input/walk.h"

Suite *walk_suite(void);

static char folder[PATH_MAX];
static struct walk_counts counts; /* of the last walk */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void make_folder(void)
{
	const char *dir = getenv("TMPDIR");
	char made[PATH_MAX];

	snprintf(made, sizeof(made), "%s/callroll-walk-XXXXXX", dir != NULL ? dir : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(made));
	ck_assert_ptr_nonnull(realpath(made, folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static void remove_folder(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static void make_file(const char *path, const void *data, size_t len)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(data, 1, len, f), len);
	ck_assert_int_eq(fclose(f), 0);
}

static void touch(const char *path)
{
	make_file(path, "{}", 2);
}

static void make_dir(const char *path)
{
	ck_assert_int_eq(mkdir(path, 0755), 0);
}

/* All names of the walk, each with a newline; what is an error begins with '!'. */
static void walk_all(struct walk *w, struct buf *out)
{
	struct error e = {.kind = ERROR_NONE};
	struct walk_item item;
	int r;

	while ((r = walk_next(w, &item, &e)) == 1) {
		if (item.error.kind != ERROR_NONE) {
			buf_byte(out, '!');
			ck_assert_ptr_nonnull(strstr(item.error.text, item.name));
		} else if (strcmp(item.path, "-") != 0) {
			ck_assert_int_eq(access(item.path, F_OK), 0);
		}
		buf_string(out, item.name);
		buf_byte(out, '\n');
		walk_item_free(&item);
	}
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(walk_next(w, &item, &e), 0);
	counts = *walk_counts(w);
}

static void expect_root(const char *root, const char *want, const char *first, ...)
{
	struct error e = {.kind = ERROR_NONE};
	struct buf out = BUF_INIT;
	char *args[8];
	size_t n = 0;
	va_list list;
	struct walk *w;

	va_start(list, first);
	for (const char *arg = first; arg != NULL; arg = va_arg(list, const char *))
		args[n++] = (char *)(uintptr_t)arg;
	va_end(list);
	w = walk_open(args, n, root, &e);
	ck_assert_ptr_nonnull(w);
	walk_all(w, &out);
	buf_byte(&out, '\0');
	ck_assert_str_eq(out.data, want);
	walk_close(w);
	buf_free(&out);
}

#define expect(want, ...) expect_root(NULL, want, __VA_ARGS__, NULL)

/* --- folders --- */

START_TEST(goes_in_byte_order)
{
	make_dir("d");
	make_dir("d/a");
	make_dir("d/a.b");
	touch("d/a/z.json");
	touch("d/a/Z.json");
	touch("d/a.b/x.json");
	touch("d/a-.json");
	touch("d/b.json");
	touch("d/B.json");
	touch("d/\xc3\xa9.json");
	expect("d/B.json\nd/a/Z.json\nd/a/z.json\nd/a-.json\nd/a.b/x.json\nd/b.json\n"
	       "d/\xc3\xa9.json\n",
	       "d");
}
END_TEST

START_TEST(knows_the_names)
{
	static const char *const good[] = {
		"a.json",     "a.ndjson",  "a.jsonl",    "a.JSON",      "a.json.gz",
		"a.json.ZST", "a.json.xz", "a.json.bz2", "a.ndjson.gz", "a.jsonl.zst",
		"a.tar",      "a.tgz",     "a.tar.gz",   "a.tar.zst",   "a.tzst",
		"a.Tar.Xz",   "a.txz",     "a.tar.bz2",  "a.zip",       "a.tbz2",
	};
	static const char *const bad[] = {
		"json",         "a.txt",   "a.gz",     "a.json.lz4",
		"a.json.gz.gz", "a.xjson", "a.zip.gz", "a.json~",
	};
	char path[64];

	make_dir("d");
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		snprintf(path, sizeof(path), "d/%s", good[i]);
		touch(path);
		char want[80];
		snprintf(want, sizeof(want), "%s\n", path);
		expect(want, "d");
		ck_assert_int_eq(unlink(path), 0);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(path, sizeof(path), "d/%s", bad[i]);
		touch(path);
	}
	expect("!d\n", "d");
	ck_assert_uint_eq(counts.other_names, sizeof(bad) / sizeof(bad[0]));
}
END_TEST

START_TEST(passes_over_and_counts)
{
	make_dir("d");
	make_dir("d/.git");
	touch("d/.git/a.json");
	touch("d/.a.json");
	touch("d/notes.txt");
	ck_assert_int_eq(mkfifo("d/pipe.json", 0600), 0);
	ck_assert_int_eq(symlink("/dev/null", "d/null.json"), 0);
	make_dir("other");
	touch("other/o.json");
	ck_assert_int_eq(symlink("../other", "d/other.json"), 0);
	ck_assert_int_eq(symlink("../other", "d/other"), 0);
	ck_assert_int_eq(symlink("../other/o.json", "d/o.json"), 0);
	ck_assert_int_eq(symlink("../other/o.json", "d/o.txt"), 0);
	expect("d/o.json\n", "d");
	ck_assert_uint_eq(counts.hidden, 2);
	ck_assert_uint_eq(counts.other_names, 2);
	ck_assert_uint_eq(counts.special, 2);
	ck_assert_uint_eq(counts.links, 2);
}
END_TEST

START_TEST(tells_what_cannot_be_read)
{
	make_dir("d");
	ck_assert_int_eq(symlink("nowhere", "d/a.json"), 0);
	ck_assert_int_eq(symlink("nowhere", "d/a.txt"), 0);
	ck_assert_int_eq(symlink("loop", "loop"), 0);
	touch("d/b.json");
	expect("!d/a.json\nd/b.json\n!missing\n!\n!loop\n", "d", "missing", "", "loop");
	ck_assert_uint_eq(counts.other_names, 1);
}
END_TEST

START_TEST(goes_on_after_a_closed_folder)
{
	make_dir("d");
	make_dir("d/closed");
	touch("d/closed/a.json");
	touch("d/z.json");
	ck_assert_int_eq(chmod("d/closed", 0), 0);
	if (geteuid() != 0) {
		expect("!d/closed\nd/z.json\n!d/closed\n", "d", "d/closed");
	}
	ck_assert_int_eq(chmod("d/closed", 0755), 0);
}
END_TEST

START_TEST(names_empty_folders)
{
	make_dir("one");
	make_dir("two");
	make_dir("two/three");
	make_dir("four");
	touch("four/a.json");
	expect("!one\n!two\nfour/a.json\n", "one", "two", "four");
}
END_TEST

START_TEST(leaves_out_the_output)
{
	char *args[] = {(char[]){"d"}, (char[]){"d/b.json"}};
	struct error e = {.kind = ERROR_NONE};
	struct buf out = BUF_INIT;
	struct stat st;
	struct walk *w;

	make_dir("d");
	touch("d/a.json");
	touch("d/b.json");
	ck_assert_int_eq(link("d/b.json", "d/c.json"), 0);
	ck_assert_int_eq(stat("d/b.json", &st), 0);
	w = walk_open(args, 2, NULL, &e);
	walk_exclude(w, st.st_dev, st.st_ino);
	walk_all(w, &out);
	buf_byte(&out, '\0');
	ck_assert_str_eq(out.data, "d/a.json\n");
	ck_assert_uint_eq(counts.excluded, 3);
	walk_close(w);
	buf_free(&out);
}
END_TEST

START_TEST(passes_over_bundles)
{
	static const char bundle[] = "\x28\xb5\x2f\xfd....\1\0\0\0\0\xb1\xea\x92\x8f";
	static const char other[] = "\x28\xb5\x2f\xfd....\1\0\0\0\0\xb1\xea\x92\x8e";
	static const char magic[] = "\x28\xb5\x2f\xfd";

	make_dir("d");
	make_file("d/a.tar.zst", bundle, sizeof(bundle) - 1);
	make_file("d/a.json.zst", bundle, sizeof(bundle) - 1);
	make_file("d/b.tar.zst", other, sizeof(other) - 1);
	make_file("d/c.tar.zst", magic, sizeof(magic) - 1);
	make_file("d/d.tar.zst", bundle + 4, sizeof(bundle) - 5);
	expect("d/b.tar.zst\nd/c.tar.zst\nd/d.tar.zst\n", "d");
	ck_assert_uint_eq(counts.bundles, 2);
	expect("!d/a.tar.zst\n", "d/a.tar.zst");
	make_file("any", bundle, sizeof(bundle) - 1);
	expect("!any\n", "any");
}
END_TEST

/* --- deep and wide --- */

START_TEST(goes_deep)
{
	enum { LEVELS = 300 };
	struct buf want = BUF_INIT;

	for (int i = 0; i < LEVELS; i++) {
		make_dir("level");
		ck_assert_int_eq(chdir("level"), 0);
		buf_string(&want, "level/");
	}
	touch("a.json");
	buf_append(&want, "a.json\n", 8);
	ck_assert_int_eq(chdir(folder), 0);
	expect(want.data, "level");
	buf_free(&want);
}
END_TEST

START_TEST(tells_of_paths_too_long)
{
	struct error e = {.kind = ERROR_NONE};
	char name[201], *args[] = {(char[]){"."}};
	struct walk_item item;
	struct walk *w;
	int errors = 0, files = 0, r;

	memset(name, 'x', 200);
	name[200] = '\0';
	touch("z.json");
	for (int i = 0; i < 30; i++) { /* 6,000 bytes: more than PATH_MAX */
		make_dir(name);
		ck_assert_int_eq(chdir(name), 0);
	}
	touch("a.json");
	ck_assert_int_eq(chdir(folder), 0);
	w = walk_open(args, 1, NULL, &e);
	while ((r = walk_next(w, &item, &e)) == 1) {
		errors += item.error.kind == ERROR_IO;
		files += item.error.kind == ERROR_NONE;
		walk_item_free(&item);
	}
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(errors, 1);
	ck_assert_int_eq(files, 1);
	walk_close(w);
	/* nftw stops at PATH_MAX too */
	for (int i = 0; i < 30; i++)
		ck_assert_int_eq(chdir(name), 0);
	ck_assert_int_eq(unlink("a.json"), 0);
	for (int i = 0; i < 30; i++) {
		ck_assert_int_eq(chdir(".."), 0);
		ck_assert_int_eq(rmdir(name), 0);
	}
}
END_TEST

START_TEST(goes_wide)
{
	struct buf want = BUF_INIT;
	char path[32];

	make_dir("d");
	for (int i = 0; i < 3000; i++) {
		snprintf(path, sizeof(path), "d/%04d.json", i);
		touch(path);
		buf_string(&want, path);
		buf_byte(&want, '\n');
	}
	buf_byte(&want, '\0');
	expect(want.data, "d");
	buf_free(&want);
}
END_TEST

/* --- names --- */

START_TEST(records_names)
{
	make_dir("d");
	make_dir("d/e");
	touch("d/e/a.json");
	touch("top.json");
	expect("d/e/a.json\n", "d/");
	expect("d/e/a.json\n", "./d//");
	expect("d/e/a.json\n", "d/./e");
	expect("d/../d/e/a.json\n", "d/../d");
	expect("d/e/a.json\ntop.json\n", ".");
	expect("d/e/a.json\ntop.json\n", "./");
	expect("top.json\n", "./top.json");
	touch("d/x\xff\n.json");
	expect("d/x%FF%0A.json\n", "d/x\xff\n.json");
	char want[PATH_MAX + 16];
	snprintf(want, sizeof(want), "%s/top.json\n", folder);
	char arg[PATH_MAX + 16];
	snprintf(arg, sizeof(arg), "%s//top.json", folder);
	expect(want, arg);
}
END_TEST

START_TEST(names_any_file)
{
	struct error e = {.kind = ERROR_NONE};
	char *args[] = {(char[]){"notes"}, (char[]){"-"}, (char[]){"./-"}, (char[]){"pipe"}};
	static const char *const paths[] = {"notes", "-", "./-", "pipe"};
	struct walk_item item;
	struct walk *w;

	touch("notes");
	touch("-");
	ck_assert_int_eq(mkfifo("pipe", 0600), 0);
	w = walk_open(args, 4, NULL, &e);
	for (size_t i = 0; i < 4; i++) {
		ck_assert_int_eq(walk_next(w, &item, &e), 1);
		ck_assert_str_eq(item.path, paths[i]);
		ck_assert_str_eq(item.name, paths[i]);
		ck_assert(item.named);
		ck_assert_int_eq(item.error.kind, ERROR_NONE);
		walk_item_free(&item);
	}
	ck_assert_int_eq(walk_next(w, &item, &e), 0);
	walk_close(w);
	make_dir("d");
	touch("d/a.json");
	args[0] = (char[]){"d"};
	w = walk_open(args, 1, NULL, &e);
	ck_assert_int_eq(walk_next(w, &item, &e), 1);
	ck_assert(!item.named);
	walk_item_free(&item);
	walk_close(w); /* in the middle */
}
END_TEST

START_TEST(follows_named_links)
{
	make_dir("d");
	touch("d/a.json");
	ck_assert_int_eq(symlink("d", "l"), 0);
	expect("l/a.json\nl/a.json\n", "l", "l/");
	make_dir(".hidden");
	touch(".hidden/a.json");
	expect(".hidden/a.json\n", ".hidden");
}
END_TEST

START_TEST(records_below_the_root)
{
	char path[PATH_MAX + 32];

	make_dir("r");
	make_dir("r/d");
	make_dir("rx");
	touch("r/d/a.json");
	touch("r/b.json");
	touch("rx/c.json");
	expect_root("r", "d/a.json\n", "r/d", NULL);
	expect_root("./r/", "b.json\nd/a.json\n", "r", NULL);
	expect_root("r", "b.json\n", "r/b.json", NULL);
	expect_root("r", "b.json\n", "r/d/../b.json", NULL);
	expect_root("r", "!rx\n!r/../rx\n!rx/c.json\nb.json\n", "rx", "r/../rx", "rx/c.json",
		    "r/b.json", NULL);
	expect_root(".", "r/b.json\nr/d/a.json\nrx/c.json\n", "r", "rx", NULL);
	snprintf(path, sizeof(path), "%s/r", folder);
	expect_root(path, "b.json\nd/a.json\n", "r", NULL);
	expect_root("r", "b.json\nd/a.json\n", path, NULL);
	expect_root("/", "dev/null\n-\n", "/dev/null", "-", NULL);
	/* A link is where it stands, and also where it leads. */
	ck_assert_int_eq(symlink("../rx/c.json", "r/l.json"), 0);
	expect_root("r", "l.json\n", "r/l.json", NULL);
	expect_root(path, "l.json\n", "r/l.json", NULL);
	ck_assert_int_eq(symlink("r/d", "away"), 0);
	expect_root("r", "d/a.json\n", "away", NULL);
	ck_assert_int_eq(chdir("r/d"), 0);
	expect_root("..", "d/a.json\n", ".", NULL);
	expect_root(path, "b.json\nd/a.json\nl.json\n", "..", NULL);
	expect_root("..", "d/a.json\n", "a.json", NULL);
}
END_TEST

START_TEST(wants_a_root_that_is_a_folder)
{
	struct error e = {.kind = ERROR_NONE};

	touch("f");
	ck_assert_ptr_null(walk_open(NULL, 0, "missing", &e));
	ck_assert_int_eq(e.kind, ERROR_IO);
	e.kind = ERROR_NONE;
	ck_assert_ptr_null(walk_open(NULL, 0, "f", &e));
	ck_assert_int_eq(e.kind, ERROR_USAGE);
}
END_TEST

Suite *walk_suite(void)
{
	Suite *s = suite_create("walk");
	TCase *c = tcase_create("folders");

	tcase_add_checked_fixture(c, make_folder, remove_folder);
	tcase_add_test(c, goes_in_byte_order);
	tcase_add_test(c, knows_the_names);
	tcase_add_test(c, passes_over_and_counts);
	tcase_add_test(c, tells_what_cannot_be_read);
	tcase_add_test(c, goes_on_after_a_closed_folder);
	tcase_add_test(c, names_empty_folders);
	tcase_add_test(c, leaves_out_the_output);
	tcase_add_test(c, passes_over_bundles);
	tcase_add_test(c, goes_deep);
	tcase_add_test(c, tells_of_paths_too_long);
	tcase_add_test(c, goes_wide);
	suite_add_tcase(s, c);
	c = tcase_create("names");
	tcase_add_checked_fixture(c, make_folder, remove_folder);
	tcase_add_test(c, records_names);
	tcase_add_test(c, names_any_file);
	tcase_add_test(c, follows_named_links);
	tcase_add_test(c, records_below_the_root);
	tcase_add_test(c, wants_a_root_that_is_a_folder);
	suite_add_tcase(s, c);
	return s;
}
