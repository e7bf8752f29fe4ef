/*
 * test_source.c: tests of input/source.c on plain files, and of what it keeps of others.
 */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "inputs.h"

Suite *source_suite(void);

#define TEXT "{\"id\":\"one\"}\n"

static void refuse_file(const char *path, enum error_kind kind)
{
	struct walk_item item = {
		(char *)(uintptr_t)path, (char *)(uintptr_t)path, true, {.kind = ERROR_NONE}};
	struct error e = {.kind = ERROR_NONE};

	ck_assert_ptr_null(source_open(&item, true, NULL, &e));
	ck_assert_int_eq(e.kind, kind);
	ck_assert_ptr_nonnull(strstr(e.text, path));
}

START_TEST(reads_plain_files)
{
	static const size_t sizes[] = {0,     1, 511, 512, 513, SOURCE_LOADED, SOURCE_LOADED + 1,
				       300000};
	struct sha256 digest;
	uint64_t size;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct error e = {.kind = ERROR_NONE};
		struct buf text = BUF_INIT;
		struct source *s;
		inputs_make_text(&text, sizes[i]);
		inputs_make_file("a.json", buf_view(&text));
		s = inputs_open_file("a.json");
		inputs_expect_member(s, "a.json", buf_view(&text));
		inputs_expect_end(s, 0);
		ck_assert(!source_container(s, &size, &digest, &e));
		ck_assert_int_eq(e.kind, ERROR_NONE);
		ck_assert_uint_eq(source_progress(s), sizes[i]);
		source_close(s);
		buf_free(&text);
	}
}
END_TEST

START_TEST(reads_again)
{
	struct error e = {.kind = ERROR_NONE};
	struct source *s;
	char got[16];

	inputs_make_file("a.json", SLICE("0123456789"));
	s = inputs_open_file("a.json");
	ck_assert_int_eq(source_next(s, &e), 1);
	ck_assert_int_eq(source_read(s, got, 6, &e), 6);
	ck_assert_int_eq(source_again(s, 2, got, 3, &e), 0);
	ck_assert_mem_eq(got, "234", 3);
	ck_assert_int_eq(source_seek(s, 3, &e), 0);
	ck_assert_int_eq(source_read(s, got, 16, &e), 3); /* what was read before comes alone */
	ck_assert_mem_eq(got, "345", 3);
	ck_assert_int_eq(source_read(s, got, 16, &e), 4);
	ck_assert_mem_eq(got, "6789", 4);
	ck_assert_int_eq(source_read(s, got, 16, &e), 0);
	ck_assert_uint_eq(source_size(s), 10);
	inputs_expect_digest(source_sha256(s), SLICE("0123456789"));
	ck_assert_int_eq(source_seek(s, 9, &e), 0);
	ck_assert_int_eq(source_read(s, got, 16, &e), 1);
	ck_assert_int_eq(source_read(s, got, 16, &e), 0);
	inputs_expect_digest(source_sha256(s), SLICE("0123456789"));
	ck_assert_int_eq(source_seek(s, 11, &e), -1);
	source_close(s);
}
END_TEST

START_TEST(sees_a_file_become_shorter)
{
	struct error e = {.kind = ERROR_NONE};
	struct buf text = BUF_INIT;
	struct source *s;
	char got[16];

	inputs_make_text(&text, SOURCE_LOADED + 1);
	inputs_make_file("a.json", buf_view(&text));
	s = inputs_open_file("a.json");
	ck_assert_int_eq(source_next(s, &e), 1);
	ck_assert_int_eq(source_read(s, got, 10, &e), 10);
	ck_assert_int_eq(truncate("a.json", 5), 0);
	ck_assert_int_eq(source_again(s, 4, got, 3, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_CHANGED);
	e.kind = ERROR_NONE;
	ck_assert_int_eq(source_seek(s, 0, &e), 0);
	ck_assert_int_eq(source_read(s, got, 10, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_CHANGED);
	source_close(s);
	buf_free(&text);
}
END_TEST

/* A byte of a block changes after it was read: in the middle of the file, and in its unfinished
 * end. */
START_TEST(sees_a_file_change)
{
	static const size_t places[] = {0, 300000, 599999};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct error e = {.kind = ERROR_NONE};
		struct buf text = BUF_INIT, got = BUF_INIT;
		struct source *s;
		FILE *f;

		inputs_make_text(&text, 600000);
		inputs_make_file("a.json", buf_view(&text));
		s = inputs_open_file("a.json");
		ck_assert_int_eq(source_next(s, &e), 1);
		ck_assert_int_eq(inputs_read_all(s, 1000, &got, &e), 0);
		ck_assert_int_eq(source_again(s, 299990, got.data, 20, &e), 0);
		ck_assert_int_eq(memcmp(got.data, text.data + 299990, 20), 0);
		f = fopen("a.json", "r+");
		ck_assert_ptr_nonnull(f);
		fseek(f, (long)places[i], SEEK_SET);
		fputc('\1', f);
		ck_assert_int_eq(fclose(f), 0);
		ck_assert_int_eq(source_again(s, 0, got.data, 600000, &e), -1);
		ck_assert_int_eq(e.kind, ERROR_CHANGED);
		source_close(s);
		buf_free(&text);
		buf_free(&got);
	}
}
END_TEST

START_TEST(refuses_what_is_no_file)
{
	struct walk_item item = {(char[]){"p"}, (char[]){"p"}, false, {.kind = ERROR_NONE}};
	struct error e = {.kind = ERROR_NONE};

	refuse_file("missing.json", ERROR_IO);
	refuse_file(".", ERROR_IO);
	inputs_make_file("bundle", slice_of("\x28\xb5\x2f\xfd....\1\0\0\0\0\xb1\xea\x92\x8f", 17));
	refuse_file("bundle", ERROR_USAGE);
	/* A FIFO that came in the place of a walked file is not waited for. */
	ck_assert_int_eq(mkfifo("p", 0600), 0);
	ck_assert_ptr_null(source_open(&item, true, NULL, &e));
	ck_assert_int_eq(e.kind, ERROR_CHANGED);
	e.kind = ERROR_NONE;
	error_set(&item.error, ERROR_LIMIT, "words");
	ck_assert_ptr_null(source_open(&item, true, NULL, &e));
	ck_assert_int_eq(e.kind, ERROR_LIMIT);
	ck_assert_str_eq(e.text, "words");
}
END_TEST

START_TEST(knows_lines_by_name)
{
	static const struct {
		const char *name;
		bool lines;
	} cases[] = {
		{"a.ndjson", true},    {"a.jsonl", true},     {"a.NDJSON.gz", true},
		{"a.jsonl.zst", true}, {"a.ndjson.xz", true}, {"a.json", false},
		{"a.json.gz", false},  {"ndjson", false},     {"a.ndjson.txt", false},
		{"a", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct source *s;
		inputs_make_file(cases[i].name, SLICE(TEXT));
		s = inputs_open_file(cases[i].name);
		inputs_expect_member(s, cases[i].name, SLICE(TEXT));
		ck_assert_int_eq(source_is_lines(s), cases[i].lines);
		source_close(s);
	}
}
END_TEST

START_TEST(works_without_digests)
{
	struct walk_item item = {(char[]){"a.gz"}, (char[]){"a.gz"}, true, {.kind = ERROR_NONE}};
	struct error e = {.kind = ERROR_NONE};
	struct buf gz = BUF_INIT, got = BUF_INIT;
	struct sha256 digest;
	struct source *s;
	uint64_t size;

	inputs_make_gzip(&gz, SLICE(TEXT));
	inputs_make_file("a.gz", buf_view(&gz));
	s = source_open(&item, false, NULL, &e);
	ck_assert_ptr_nonnull(s);
	ck_assert_int_eq(source_next(s, &e), 1);
	ck_assert_int_eq(inputs_read_all(s, 10, &got, &e), 0);
	ck_assert(slice_equal(buf_view(&got), SLICE(TEXT)));
	ck_assert_int_eq(source_next(s, &e), 0);
	ck_assert(source_container(s, &size, &digest, &e));
	ck_assert_uint_eq(size, gz.len);
	source_close(s);
	buf_free(&gz);
	buf_free(&got);
}
END_TEST

START_TEST(keeps_what_a_pipe_gave)
{
	struct error e = {.kind = ERROR_NONE};
	struct buf text = BUF_INIT, got = BUF_INIT;
	char *again;
	struct source *s;

	inputs_make_text(&text, 20 * MIB);
	again = malloc(text.len);
	inputs_pipe_in(buf_view(&text));
	s = inputs_open_file("-");
	ck_assert_int_eq(source_next(s, &e), 1);
	ck_assert_str_eq(source_name(s), "-");
	ck_assert(!source_is_lines(s));
	/* Keeps all of the first half, which goes to the file, then little. */
	for (uint64_t place = 0; place < text.len; place = source_size(s)) {
		got.len = 0;
		ck_assert_int_eq(buf_reserve(&got, 100000), 0);
		ssize_t n = source_read(s, got.data, 100000, &e);
		ck_assert_int_gt(n, 0);
		ck_assert_mem_eq(got.data, text.data + place, (size_t)n);
		if (place > text.len / 2)
			source_keep(s, place - 1000);
		else
			ck_assert_int_eq(source_again(s, 0, again, 5, &e), 0);
	}
	ck_assert_int_eq(source_read(s, got.data, 1, &e), 0);
	inputs_expect_digest(source_sha256(s), buf_view(&text));
	ck_assert_int_eq(source_seek(s, text.len - 500, &e), 0);
	ck_assert_int_eq(source_read(s, again, 1000, &e), 500);
	ck_assert_mem_eq(again, text.data + text.len - 500, 500);
	ck_assert_int_eq(source_seek(s, 0, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_USAGE);
	e.kind = ERROR_NONE;
	ck_assert_int_eq(source_again(s, 0, again, 1, &e), -1);
	source_close(s);
	free(again);
	buf_free(&text);
	buf_free(&got);
}
END_TEST

START_TEST(keeps_members)
{
	struct error e = {.kind = ERROR_NONE};
	static const struct member members[] = {
		{"a.json", {"0123456789", 10}, NULL},
		{"b.json", {"abc", 3}, NULL},
	};
	struct buf file = BUF_INIT;
	struct source *s;
	char got[16];

	inputs_pack(&file, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_XZ, members, 2);
	inputs_make_file("a.tar", buf_view(&file));
	s = inputs_open_file("a.tar");
	ck_assert_int_eq(source_next(s, &e), 1);
	ck_assert_int_eq(source_read(s, got, 8, &e), 8);
	ck_assert_int_eq(source_seek(s, 2, &e), 0);
	ck_assert_int_eq(source_again(s, 5, got, 3, &e), 0);
	ck_assert_mem_eq(got, "567", 3);
	ck_assert_int_eq(source_read(s, got, 16, &e), 6);
	ck_assert_int_eq(source_read(s, got, 16, &e), 2);
	ck_assert_int_eq(source_read(s, got, 16, &e), 0);
	inputs_expect_digest(source_sha256(s), SLICE("0123456789"));
	/* The next one begins anew, also if this one had not been read to its end. */
	inputs_expect_member(s, "a.tar:b.json", SLICE("abc"));
	ck_assert_int_eq(source_again(s, 0, got, 3, &e), 0);
	ck_assert_mem_eq(got, "abc", 3);
	source_close(s);
	s = inputs_open_file("a.tar");
	ck_assert_int_eq(source_next(s, &e), 1);
	ck_assert_int_eq(source_read(s, got, 4, &e), 4);
	inputs_expect_member(s, "a.tar:b.json", SLICE("abc"));
	inputs_expect_end(s, 0);
	source_close(s);
	buf_free(&file);
}
END_TEST

START_TEST(tells_that_nothing_can_be_kept)
{
	struct walk_item item = {(char[]){"a.gz"}, (char[]){"a.gz"}, true, {.kind = ERROR_NONE}};
	struct error e = {.kind = ERROR_NONE};
	struct buf text = BUF_INIT, gz = BUF_INIT, got = BUF_INIT;
	struct source *s;

	inputs_make_text(&text, 5 * MIB);
	inputs_make_gzip(&gz, buf_view(&text));
	inputs_make_file("a.gz", buf_view(&gz));
	s = source_open(&item, true, "no/such/folder", &e);
	ck_assert_int_eq(source_next(s, &e), 1);
	ck_assert_int_eq(inputs_read_all(s, 65536, &got, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_IO);
	e.kind = ERROR_NONE;
	ck_assert_int_eq(source_read(s, got.data, 1, &e), -1);
	source_close(s);
	buf_free(&text);
	buf_free(&gz);
	buf_free(&got);
}
END_TEST

/* A small plain file is read before its turn; what happens to it then does not matter. */
START_TEST(reads_small_files_ahead)
{
	static const size_t sizes[] = {0, 1, 511, 512, 5001, SOURCE_LOADED};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct error e = {.kind = ERROR_NONE};
		struct buf text = BUF_INIT, got = BUF_INIT;
		struct source *s;

		inputs_make_text(&text, sizes[i]);
		inputs_make_file("a.json", buf_view(&text));
		s = inputs_open_file("a.json");
		inputs_make_file("a.json", SLICE("something else"));
		inputs_expect_member(s, "a.json", buf_view(&text));
		ck_assert_uint_eq(source_progress(s), sizes[i]);
		buf_reserve(&got, sizes[i] + 1);
		ck_assert_int_eq(source_again(s, sizes[i] / 2, got.data, sizes[i] / 2, &e), 0);
		if (sizes[i] > 0) /* else there is no text */
			ck_assert_int_eq(memcmp(got.data, text.data + sizes[i] / 2, sizes[i] / 2), 0);
		ck_assert_int_eq(source_seek(s, sizes[i] / 3, &e), 0);
		ck_assert_int_eq(inputs_read_all(s, 100, &got, &e), 0);
		ck_assert_uint_eq(got.len, sizes[i] - sizes[i] / 3);
		inputs_expect_digest(source_sha256(s), buf_view(&text));
		inputs_expect_end(s, 0);
		source_close(s);
		buf_free(&text);
		buf_free(&got);
	}
}
END_TEST

/* The others are as if nobody had tried. */
START_TEST(leaves_others_for_their_turn)
{
	struct buf text = BUF_INIT, gz = BUF_INIT;
	struct source *s;

	inputs_make_text(&text, SOURCE_LOADED + 1);
	inputs_make_file("a.json", buf_view(&text));
	s = inputs_open_file("a.json");
	inputs_make_file("a.json", SLICE("something else"));
	inputs_expect_member(s, "a.json", SLICE("something else"));
	source_close(s);

	text.len = 1000;
	inputs_make_gzip(&gz, buf_view(&text));
	inputs_make_file("a.json.gz", buf_view(&gz));
	s = inputs_open_file("a.json.gz");
	inputs_expect_member(s, "a.json.gz", buf_view(&text));
	inputs_expect_end(s, 0);
	inputs_expect_container(s, buf_view(&gz));
	source_close(s);
	buf_free(&text);
	buf_free(&gz);
}
END_TEST

Suite *source_suite(void)
{
	Suite *s = suite_create("source");
	TCase *c;

	c = inputs_new_case("plain");
	tcase_add_test(c, reads_plain_files);
	tcase_add_test(c, reads_again);
	tcase_add_test(c, sees_a_file_become_shorter);
	tcase_add_test(c, sees_a_file_change);
	tcase_add_test(c, refuses_what_is_no_file);
	tcase_add_test(c, knows_lines_by_name);
	tcase_add_test(c, works_without_digests);
	tcase_add_test(c, reads_small_files_ahead);
	tcase_add_test(c, leaves_others_for_their_turn);
	suite_add_tcase(s, c);
	c = inputs_new_case("kept");
	tcase_add_test(c, keeps_what_a_pipe_gave);
	tcase_add_test(c, keeps_members);
	tcase_add_test(c, tells_that_nothing_can_be_kept);
	suite_add_tcase(s, c);
	return s;
}
