/*
 * test_listed.c: tests of bundle/listed.c.
 */
#include <check.h>
#include <stdio.h>
#include <unistd.h>

#include "bundle/listed.h"
#include "bundle_maker.h"

Suite *listed_suite(void);

static struct listed listed;
static struct error e;

static void setup(void)
{
	listed = (struct listed){0};
	e = (struct error){0};
}

static void teardown(void)
{
	listed_free(&listed);
}

/* What listed_add says of a bundle with these source lines. Digests are written as one letter. */
static int add(const char *lines)
{
	struct maker *m = maker_new();
	struct buf text = BUF_INIT;
	struct bundle *b;
	char path[64];
	int fd, result;

	for (const char *p = lines; *p != '\0'; p++) {
		if (*p != '@') {
			buf_byte(&text, *p);
			continue;
		}
		p++;
		buf_byte(&text, '"');
		for (int i = 0; i < SHA256_HEX; i++)
			buf_byte(&text, *p);
		buf_byte(&text, '"');
	}
	buf_byte(&text, '\0');
	maker_entry(m, ENTRY_ABOUT);
	maker_frame(m, "{}\n");
	maker_entry(m, "sources/00000001.ndjson");
	maker_frame(m, text.data);
	maker_finish(m);
	fd = maker_file(buf_view(&m->file), path);
	b = bundle_open(path, &e);
	ck_assert_msg(b != NULL, "%s", e.text);
	result = listed_add(&listed, 7, b, &e);
	bundle_close(b);
	close(fd);
	maker_free(m);
	buf_free(&text);
	return result;
}

static bool has(uint64_t size, char digit)
{
	char hex[SHA256_HEX];
	struct sha256 digest;

	memset(hex, digit, sizeof(hex));
	ck_assert_int_eq(sha256_parse(slice_of(hex, sizeof(hex)), &digest), 0);
	return listed_in(&listed, size, &digest, 0) == 7;
}

START_TEST(inputs_and_files)
{
	ck_assert_int_eq(add("{\"path\":\"a\",\"size\":7,\"sha256\":@b}\n"
			     "{\"path\":\"a\",\"set_aside\":null,\"offset\":1,\"size\":5}\n"
			     "{\"path\":\"c.gz\",\"size\":9,\"sha256\":@1,\"file_size\":3,"
			     "\"file_sha256\":@2}\n"),
			 0);
	ck_assert_int_eq(add("{\"path\":\"z\",\"size\":0,\"sha256\":@0}\n"), 0);
	listed_sort(&listed);
	ck_assert_uint_eq(listed.count, 4);
	ck_assert(has(7, 'b'));
	ck_assert(has(9, '1'));
	ck_assert(has(3, '2'));
	ck_assert(has(0, '0'));
	ck_assert(!has(7, '1'));
	ck_assert(!has(8, 'b'));
	ck_assert(!has(3, '1'));
	ck_assert(!has(0, 'f'));
	ck_assert(listed_size(&listed, 0));
	ck_assert(listed_size(&listed, 9));
	ck_assert(!listed_size(&listed, 5));
	ck_assert(!listed_size(&listed, 10));
}
END_TEST

START_TEST(what_was_not_read_to_its_end)
{
	ck_assert_int_eq(add("{\"size\":1,\"sha256\":@1,\"trouble\":\"cut\"}\n"
			     "{\"size\":2,\"sha256\":@2,\"file_size\":3,\"file_sha256\":@3,"
			     "\"trouble\":\"cut\",\"whole_file\":\"set-aside/00000001\"}\n"
			     "{\"file_size\":4,\"file_sha256\":@4,\"trouble\":\"cut\"}\n"),
			 0);
	listed_sort(&listed);
	ck_assert_uint_eq(listed.count, 1);
	ck_assert(has(3, '3'));
}
END_TEST

START_TEST(a_damaged_line)
{
	static const char *const bad[] = {
		"{\"size\":1,\"sha256\":@1}\n{\"size\":1,\"sha256\":\"12\"}\n",
		"{\"size\":1,\"sha256\":@1}\n{\"sha256\":@1}\n",
		"{\"size\":1,\"sha256\":@1}\n{\"size\":-1,\"sha256\":@1}\n",
		"{\"size\":1,\"sha256\":@1}\n{\"size\":1,\"sha256\":@g}\n",
		"{\"size\":1,\"sha256\":@1}\n{\"size\":1\n",
		"{\"size\":1,\"sha256\":@1}\n\n",
	};

	ck_assert_int_eq(add("{\"size\":5,\"sha256\":@5}\n"), 0);
	e = (struct error){0};
	ck_assert_int_eq(add(bad[_i]), -1);
	ck_assert_int_eq(e.kind, ERROR_BUNDLE);
	listed_sort(&listed);
	ck_assert_uint_eq(listed.count, 1); /* nothing of that bundle */
	ck_assert(has(5, '5'));
}
END_TEST

START_TEST(nothing)
{
	listed_sort(&listed);
	ck_assert(!listed_size(&listed, 0));
	ck_assert(!has(0, '0'));
}
END_TEST

Suite *listed_suite(void)
{
	Suite *s = suite_create("listed");
	TCase *t = tcase_create("listed");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, inputs_and_files);
	tcase_add_test(t, what_was_not_read_to_its_end);
	tcase_add_loop_test(t, a_damaged_line, 0, 6);
	tcase_add_test(t, nothing);
	suite_add_tcase(s, t);
	return s;
}
