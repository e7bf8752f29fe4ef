/*
 * test_decode.c: tests of input/decode.c and gzip.c, through source.c: compressed files.
 */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inputs.h"

Suite *decode_suite(void);

#define TEXT "{\"id\":\"one\"}\n"

static const enum kind compressed[] = {KIND_GZIP, KIND_ZSTD, KIND_XZ, KIND_BZIP2};

/* A file of these bytes is one member of those. */
static void expect_single(struct slice file, struct slice want)
{
	struct source *s;

	inputs_make_file("single.json", file);
	s = inputs_open_file("single.json");
	inputs_expect_member(s, "single.json", want);
	inputs_expect_end(s, 0);
	inputs_expect_container(s, file);
	source_close(s);
}

/* A file of these bytes is one member that cannot be read to its end. */
static void expect_broken(struct slice file)
{
	struct error e = {.kind = ERROR_NONE};
	struct buf got = BUF_INIT;
	struct source *s;
	char c;

	inputs_make_file("broken.json", file);
	s = inputs_open_file("broken.json");
	ck_assert_int_eq(source_next(s, &e), 1);
	ck_assert_msg(inputs_read_all(s, 5000, &got, &e) == -1, "kind %d, %zu bytes", file.data[0],
		      file.len);
	ck_assert_int_eq(e.kind, ERROR_IO);
	ck_assert_ptr_nonnull(strstr(e.text, "broken.json"));
	e.kind = ERROR_NONE;
	ck_assert_int_eq(source_read(s, &c, 1, &e), -1); /* and stays so */
	e.kind = ERROR_NONE;
	inputs_expect_end(s, 0);
	inputs_expect_container(s, file);
	source_close(s);
	buf_free(&got);
}

START_TEST(reads_compressed_files)
{
	static const size_t sizes[] = {0, 1, 13, 70000, 3000000};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct buf text = BUF_INIT;
		inputs_make_text(&text, sizes[i]);
		for (size_t k = 0; k < 4; k++) {
			struct buf file = BUF_INIT;
			inputs_compress_to(&file, compressed[k], buf_view(&text));
			ck_assert_int_eq(kind_of((unsigned char *)file.data, file.len),
					 compressed[k]);
			expect_single(buf_view(&file), buf_view(&text));
			buf_free(&file);
		}
		buf_free(&text);
	}
}
END_TEST

START_TEST(reads_all_frames)
{
	for (size_t k = 0; k < 4; k++) {
		struct buf file = BUF_INIT, text = BUF_INIT;
		inputs_make_text(&text, 100000);
		inputs_compress_to(&file, compressed[k], slice_of(text.data, 60000));
		inputs_compress_to(&file, compressed[k], SLICE(""));
		inputs_compress_to(&file, compressed[k], slice_of(text.data + 60000, 40000));
		expect_single(buf_view(&file), buf_view(&text));
		buf_free(&file);
		buf_free(&text);
	}
}
END_TEST

START_TEST(passes_over_skippable_frames)
{
	static const struct slice skip = {"\x50\x2a\x4d\x18\4\0\0\0abcd", 12};
	struct buf file = BUF_INIT;

	buf_slice(&file, skip);
	inputs_compress_to(&file, KIND_ZSTD, SLICE("one"));
	buf_slice(&file, skip);
	inputs_compress_to(&file, KIND_ZSTD, SLICE("two"));
	buf_slice(&file, skip);
	expect_single(buf_view(&file), SLICE("onetwo"));
	buf_free(&file);
}
END_TEST

START_TEST(sees_every_cut)
{
	struct buf text = BUF_INIT;

	inputs_make_text(&text, 400);
	for (size_t k = 0; k < 4; k++) {
		struct buf file = BUF_INIT;
		inputs_compress_to(&file, compressed[k], buf_view(&text));
		for (size_t len = 12; len < file.len; len++)
			expect_broken(slice_of(file.data, len));
		/* In the second frame too. xz, read by libarchive, is as strict. */
		size_t one = file.len;
		inputs_compress_to(&file, compressed[k], buf_view(&text));
		for (size_t len = one + 1; len < file.len; len += 7)
			expect_broken(slice_of(file.data, len));
		buf_free(&file);
	}
	buf_free(&text);
}
END_TEST

START_TEST(sees_damage)
{
	struct buf text = BUF_INIT;

	inputs_make_text(&text, 5000);
	for (size_t k = 0; k < 4; k++) {
		struct buf file = BUF_INIT;
		inputs_compress_to(&file, compressed[k], buf_view(&text));
		if (compressed[k] == KIND_ZSTD && (file.data[4] & 4) == 0) {
			buf_free(&file); /* made without a checksum: nothing to see it by */
			continue;
		}
		for (size_t at = 40; at + 8 < file.len; at += 97) {
			file.data[at] ^= 0x10;
			expect_broken(buf_view(&file));
			file.data[at] ^= 0x10;
		}
		buf_free(&file);
	}
	/* libarchive itself does not look at these. */
	struct buf file = BUF_INIT;
	inputs_make_gzip(&file, buf_view(&text));
	for (size_t at = file.len - 8; at < file.len; at++) {
		file.data[at] ^= 1;
		expect_broken(buf_view(&file));
		file.data[at] ^= 1;
	}
	buf_free(&file);
	buf_free(&text);
}
END_TEST

START_TEST(loses_nothing_after_the_end)
{
	for (size_t k = 0; k < 4; k++) {
		struct buf file = BUF_INIT;
		inputs_compress_to(&file, compressed[k], SLICE(TEXT));
		size_t len = file.len;
		buf_string(&file, TEXT);
		expect_broken(buf_view(&file));
		file.len = len;
		buf_byte(&file, 'x');
		expect_broken(buf_view(&file));
		buf_free(&file);
	}
	/* gzip's padding is no data. */
	struct buf file = BUF_INIT;
	inputs_make_gzip(&file, SLICE(TEXT));
	buf_append(&file, "\0\0\0", 3);
	expect_single(buf_view(&file), SLICE(TEXT));
	buf_byte(&file, 'x');
	expect_broken(buf_view(&file));
	buf_free(&file);
}
END_TEST

START_TEST(decompresses_once)
{
	struct buf inner = BUF_INIT, outer = BUF_INIT;

	inputs_compress_to(&inner, KIND_GZIP, SLICE(TEXT));
	inputs_compress_to(&outer, KIND_BZIP2, buf_view(&inner));
	expect_single(buf_view(&outer), buf_view(&inner));
	buf_free(&inner);
	buf_free(&outer);
}
END_TEST

START_TEST(takes_json_for_nothing_else)
{
	static const char *const texts[] = {"BZh9", "BZh91AY",  "PK",     "P*M",
					    "{}",   "\x1f\x8b", "\3757zX"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ck_assert_int_eq(kind_of((const unsigned char *)texts[i], strlen(texts[i])),
				 KIND_PLAIN);
}
END_TEST

Suite *decode_suite(void)
{
	Suite *s = suite_create("decode");
	TCase *c;

	c = inputs_new_case("compressed");
	tcase_add_test(c, reads_compressed_files);
	tcase_add_test(c, reads_all_frames);
	tcase_add_test(c, passes_over_skippable_frames);
	tcase_add_test(c, sees_every_cut);
	tcase_add_test(c, sees_damage);
	tcase_add_test(c, loses_nothing_after_the_end);
	tcase_add_test(c, decompresses_once);
	tcase_add_test(c, takes_json_for_nothing_else);
	suite_add_tcase(s, c);
	return s;
}
