/*
 * test_archive.c: tests of input/archive.c, through source.c: tar and zip.
 */
#include <archive.h>
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inputs.h"

Suite *archive_suite(void);

static const enum kind compressed[] = {KIND_GZIP, KIND_ZSTD, KIND_XZ, KIND_BZIP2};

static const struct member usual[] = {
	{"./", {"", 0}, "folder"},
	{"./a.json", {"one", 3}, NULL},
	{"sub/b.ndjson", {"two", 3}, NULL},
	{"sub/c.txt", {"no", 2}, NULL},
	{".hidden/d.json", {"no", 2}, NULL},
	{"e/.f.json", {"no", 2}, NULL},
	{"g.json", {"", 0}, "link"},
	{"h.json", {"", 0}, NULL},
	{"\xc3\xa9\xe6\x97\xa5.json", {"three", 5}, NULL},
	{"x.tar", {"no", 2}, NULL},
};

static void expect_usual(struct source *s, const char *file, uint64_t skipped)
{
	static const char *const names[] = {"a.json", "sub/b.ndjson", "h.json",
					    "\xc3\xa9\xe6\x97\xa5.json"};
	static const char *const texts[] = {"one", "two", "", "three"};

	for (size_t i = 0; i < 4; i++) {
		char name[100];
		snprintf(name, sizeof(name), "%s:%s", file, names[i]);
		inputs_expect_member(s, name, slice_string(texts[i]));
		ck_assert_int_eq(source_is_lines(s), i == 1);
	}
	inputs_expect_end(s, skipped);
}

static const struct {
	const char *file;
	int format, filter;
} containers[] = {
	{"u.tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE},
	{"p.tar", ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, ARCHIVE_FILTER_NONE},
	{"g.tar", ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_NONE},
	{"u.tgz", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP},
	{"u.tar.zst", ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, ARCHIVE_FILTER_ZSTD},
	{"u.tar.xz", ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_XZ},
	{"u.tar.bz2", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_BZIP2},
	{"z.zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE},
};

START_TEST(reads_containers)
{
	struct buf file = BUF_INIT;
	struct source *s;

	inputs_pack(&file, containers[_i].format, containers[_i].filter, usual,
		    sizeof(usual) / sizeof(usual[0]));
	inputs_make_file(containers[_i].file, buf_view(&file));
	s = inputs_open_file(containers[_i].file);
	expect_usual(s, containers[_i].file, 5);
	inputs_expect_container(s, buf_view(&file));
	source_close(s);
	inputs_pipe_in(buf_view(&file));
	s = inputs_open_file("-");
	/* From a pipe a zip's directory comes too late to tell a link from a file. */
	if (containers[_i].format != ARCHIVE_FORMAT_ZIP) {
		expect_usual(s, "-", 5);
		inputs_expect_container(s, buf_view(&file));
	}
	source_close(s);
	buf_free(&file);
}
END_TEST

START_TEST(reads_zip_from_a_pipe)
{
	static const struct member members[] = {
		{"a.json", {"one", 3}, NULL},
		{"n.txt", {"two", 3}, NULL},
		{"b.json", {"three", 5}, NULL},
	};
	struct buf file = BUF_INIT;
	struct source *s;

	inputs_pack(&file, ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, members, 3);
	inputs_pipe_in(buf_view(&file));
	s = inputs_open_file("-");
	inputs_expect_member(s, "-:a.json", SLICE("one"));
	inputs_expect_member(s, "-:b.json", SLICE("three"));
	inputs_expect_end(s, 1);
	inputs_expect_container(s, buf_view(&file));
	source_close(s);
	buf_free(&file);
}
END_TEST

START_TEST(reads_empty_zip)
{
	struct buf file = BUF_INIT;
	struct source *s;

	inputs_pack(&file, ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, NULL, 0);
	inputs_make_file("a.zip", buf_view(&file));
	s = inputs_open_file("a.zip");
	inputs_expect_end(s, 0);
	inputs_expect_container(s, buf_view(&file));
	source_close(s);
	buf_free(&file);
}
END_TEST

START_TEST(decompresses_members)
{
	struct buf file = BUF_INIT, parts[4], tar = BUF_INIT, text = BUF_INIT;
	static const char *const names[] = {"a.json.gz", "b.ndjson.zst", "c.json.xz", "d.json.bz2"};
	struct member members[6];
	struct source *s;

	inputs_make_text(&text, 100000);
	for (size_t k = 0; k < 4; k++) {
		parts[k] = (struct buf)BUF_INIT;
		inputs_compress_to(&parts[k], compressed[k], buf_view(&text));
		members[k] = (struct member){names[k], buf_view(&parts[k]), NULL};
	}
	/* Its name is one of ours, but it holds files. */
	inputs_pack(&tar, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, usual, 2);
	members[4] = (struct member){"e.json.gz", buf_view(&tar), NULL};
	members[5] = (struct member){"f.json", SLICE("plain"), NULL};
	inputs_pack(&file, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, members, 6);
	inputs_make_file("a.tar.gz", buf_view(&file));
	s = inputs_open_file("a.tar.gz");
	for (size_t k = 0; k < 4; k++) {
		char name[64];
		snprintf(name, sizeof(name), "a.tar.gz:%s", names[k]);
		inputs_expect_member(s, name, buf_view(&text));
		ck_assert_int_eq(source_is_lines(s), k == 1);
		buf_free(&parts[k]);
	}
	inputs_expect_member(s, "a.tar.gz:f.json", SLICE("plain"));
	inputs_expect_end(s, 1);
	source_close(s);
	buf_free(&file);
	buf_free(&tar);
	buf_free(&text);
}
END_TEST

START_TEST(goes_on_after_a_damaged_member)
{
	static const char gz[] = "\x1f\x8b\x08\0\0\0\0\0\0\3damaged!";
	const struct member members[] = {
		{"a.json", {gz, sizeof(gz) - 1}, NULL},
		{"b.json", {"two", 3}, NULL},
	};
	struct error e = {.kind = ERROR_NONE};
	struct buf file = BUF_INIT, got = BUF_INIT;
	struct source *s;

	inputs_pack(&file, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, members, 2);
	inputs_make_file("a.tar", buf_view(&file));
	s = inputs_open_file("a.tar");
	ck_assert_int_eq(source_next(s, &e), 1);
	ck_assert_int_eq(inputs_read_all(s, 100, &got, &e), -1);
	inputs_expect_member(s, "a.tar:b.json", SLICE("two"));
	inputs_expect_end(s, 0);
	source_close(s);
	buf_free(&file);
	buf_free(&got);
}
END_TEST

START_TEST(sees_a_zip_checksum)
{
	static const struct member members[] = {
		{"a.json", {"{\"id\":\"find me\"}", 16}, NULL},
		{"b.json", {"two", 3}, NULL},
	};
	struct error e = {.kind = ERROR_NONE};
	struct archive *a = archive_write_new();
	struct buf file = BUF_INIT, got = BUF_INIT;
	struct source *s;
	char *at;

	archive_write_set_format_zip(a);
	archive_write_zip_set_compression_store(a);
	archive_write_set_bytes_in_last_block(a, 1);
	archive_write_open(a, &file, NULL, inputs_append, NULL);
	inputs_write_member(a, &members[0]);
	inputs_write_member(a, &members[1]);
	archive_write_free(a);
	at = memmem(file.data, file.len, "find me", 7);
	ck_assert_ptr_nonnull(at);
	*at = 'b';
	inputs_make_file("a.zip", buf_view(&file));
	s = inputs_open_file("a.zip");
	ck_assert_int_eq(source_next(s, &e), 1);
	ck_assert_int_eq(inputs_read_all(s, 100, &got, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_IO);
	inputs_expect_member(s, "a.zip:b.json", SLICE("two"));
	inputs_expect_end(s, 0);
	inputs_expect_container(s, buf_view(&file));
	source_close(s);
	buf_free(&file);
	buf_free(&got);
}
END_TEST

START_TEST(tells_of_encrypted_members)
{
	static const struct member members[] = {
		{"a.json", {"one", 3}, "encrypted"},
		{"b.json", {"two", 3}, "encrypted"},
	};
	struct buf file = BUF_INIT;
	struct error e = {.kind = ERROR_NONE};
	struct source *s;

	inputs_pack(&file, ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, members, 2);
	inputs_make_file("a.zip", buf_view(&file));
	s = inputs_open_file("a.zip");
	ck_assert_int_eq(source_next(s, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "encrypted"));
	ck_assert_int_eq(source_next(s, &e), 0);
	source_close(s);
	buf_free(&file);
}
END_TEST

START_TEST(escapes_names)
{
	static const struct member members[] = {{"a\xff\nb.json", {"one", 3}, NULL}};
	struct buf file = BUF_INIT;
	struct source *s;

	inputs_pack(&file, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, members, 1);
	inputs_make_file("a.tar", buf_view(&file));
	s = inputs_open_file("a.tar");
	inputs_expect_member(s, "a.tar:a%FF%0Ab.json", SLICE("one"));
	inputs_expect_end(s, 0);
	source_close(s);
	buf_free(&file);
}
END_TEST

/*
 * Reads all members of a tar of which only `len` bytes are there: how many, and what source_next
 * came to.
 */
static int members_of(struct slice file, int *last)
{
	struct error e = {.kind = ERROR_NONE};
	struct buf got = BUF_INIT;
	struct source *s;
	int n = 0, r;

	inputs_make_file("cut.tar", file);
	s = inputs_open_file("cut.tar");
	while ((r = source_next(s, &e)) == 1) {
		n++;
		if (inputs_read_all(s, 1000, &got, &e) != 0)
			e.kind = ERROR_NONE;
	}
	if (r < 0)
		ck_assert_ptr_nonnull(strstr(e.text, "cut.tar"));
	e.kind = ERROR_NONE;
	ck_assert_int_eq(source_next(s, &e), 0); /* nothing comes after -1 */
	if (file.len >= 512)
		inputs_expect_container(s, file);
	*last = r;
	source_close(s);
	buf_free(&got);
	return n;
}

START_TEST(sees_a_cut_tar)
{
	static const struct member members[] = {
		{"a.json", {"one", 3}, NULL},
		{"b.json", {"two", 3}, NULL},
	};
	struct buf file = BUF_INIT;
	int last;

	inputs_pack(&file, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, members, 2);
	ck_assert_uint_ge(file.len, 3072);
	ck_assert_int_eq(members_of(buf_view(&file), &last), 2);
	ck_assert_int_eq(last, 0);
	for (size_t len = 512; len < 2048; len += 64) {
		members_of(slice_of(file.data, len), &last);
		ck_assert_int_eq(last, -1);
	}
	/* Exactly between two members, and after the last. */
	ck_assert_int_eq(members_of(slice_of(file.data, 1024), &last), 1);
	ck_assert_int_eq(last, -1);
	ck_assert_int_eq(members_of(slice_of(file.data, 2048), &last), 2);
	ck_assert_int_eq(last, -1);
	/* One tar after the other. */
	ck_assert_int_eq(buf_reserve(&file, file.len), 0);
	buf_slice(&file, buf_view(&file));
	ck_assert_int_eq(members_of(buf_view(&file), &last), 4);
	ck_assert_int_eq(last, 0);
	buf_string(&file, "more");
	members_of(buf_view(&file), &last);
	ck_assert_int_eq(last, -1);
	buf_free(&file);
}
END_TEST

START_TEST(sees_a_cut_compressed_tar)
{
	struct buf file = BUF_INIT, text = BUF_INIT;
	struct member members[2];
	int last;

	inputs_make_text(&text, 300000);
	members[0] = (struct member){"a.json", buf_view(&text), NULL};
	members[1] = (struct member){"b.json", SLICE("two"), NULL};
	inputs_pack(&file, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, members, 2);
	ck_assert_int_eq(members_of(buf_view(&file), &last), 2);
	ck_assert_int_eq(last, 0);
	/* The last bytes are gzip's checksum: all members come, then the error. */
	ck_assert_int_eq(members_of(slice_of(file.data, file.len - 1), &last), 2);
	ck_assert_int_eq(last, -1);
	ck_assert_int_eq(members_of(slice_of(file.data, file.len / 2), &last), 1);
	ck_assert_int_eq(last, -1);
	buf_free(&file);
	buf_free(&text);
}
END_TEST

START_TEST(knows_a_bundle_without_its_end)
{
	static const struct member members[] = {{"callroll.json", {"{}", 2}, NULL}};
	struct error e = {.kind = ERROR_NONE};
	struct buf file = BUF_INIT;
	struct source *s;

	inputs_pack(&file, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_ZSTD, members, 1);
	inputs_pipe_in(buf_view(&file));
	s = inputs_open_file("-");
	ck_assert_int_eq(source_next(s, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_USAGE);
	source_close(s);
	buf_free(&file);
}
END_TEST

Suite *archive_suite(void)
{
	Suite *s = suite_create("archive");
	TCase *c;

	c = inputs_new_case("containers");
	tcase_add_loop_test(c, reads_containers, 0, sizeof(containers) / sizeof(containers[0]));
	tcase_add_test(c, reads_zip_from_a_pipe);
	tcase_add_test(c, reads_empty_zip);
	tcase_add_test(c, decompresses_members);
	tcase_add_test(c, goes_on_after_a_damaged_member);
	tcase_add_test(c, sees_a_zip_checksum);
	tcase_add_test(c, tells_of_encrypted_members);
	tcase_add_test(c, escapes_names);
	tcase_add_test(c, sees_a_cut_tar);
	tcase_add_test(c, sees_a_cut_compressed_tar);
	tcase_add_test(c, knows_a_bundle_without_its_end);
	suite_add_tcase(s, c);
	return s;
}
