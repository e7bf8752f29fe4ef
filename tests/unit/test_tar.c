/*
 * test_tar.c: tests of bundle/tar.c, whose headers are read back byte by byte.
 */
#include <check.h>
#include <stdlib.h>

#include "bundle/tar.h"

Suite *tar_suite(void);

static struct buf out;
static struct error e;

static void setup(void)
{
	out = (struct buf)BUF_INIT;
	e = (struct error){0};
}

static void teardown(void)
{
	buf_free(&out);
}

/* A number field: octal digits, then a space or NUL. */
static unsigned long field(const char *block, size_t at)
{
	return strtoul(block + at, NULL, 8);
}

static void check_block(const char *block)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += i >= 148 && i < 156 ? ' ' : (unsigned char)block[i];
	ck_assert_uint_eq(field(block, 148), sum);
	ck_assert_mem_eq(block + 257, "ustar\0" "00", 8);
}

START_TEST(header_is_plain)
{
	ck_assert_int_eq(tar_header("recipients/00000001.ndjson", 12345, 86400, &out, &e), 0);
	ck_assert_uint_eq(out.len, TAR_BLOCK);
	check_block(out.data);
	ck_assert_str_eq(out.data, "recipients/00000001.ndjson");
	ck_assert_uint_eq(field(out.data, 100), 0644);
	ck_assert_uint_eq(field(out.data, 108), 0); /* uid */
	ck_assert_uint_eq(field(out.data, 116), 0); /* gid */
	ck_assert_uint_eq(field(out.data, 124), 12345);
	ck_assert_uint_eq(field(out.data, 136), 86400);
	ck_assert_int_eq(out.data[156], '0');
	ck_assert_str_eq(out.data + 265, ""); /* user */
	ck_assert_str_eq(out.data + 297, ""); /* group */
}
END_TEST

START_TEST(header_is_appended)
{
	buf_string(&out, "before");
	ck_assert_int_eq(tar_header("a", 0, 0, &out, &e), 0);
	ck_assert_uint_eq(out.len, 6 + TAR_BLOCK);
	ck_assert_mem_eq(out.data, "before", 6);
	check_block(out.data + 6);
}
END_TEST

/* Eleven octal digits hold less than 8 GiB; more takes an extended header, of whole blocks too. */
START_TEST(large_size_has_extended_header)
{
	ck_assert_int_eq(tar_header("originals/00000001", ((uint64_t)1 << 33) - 1, 0, &out, &e), 0);
	ck_assert_uint_eq(out.len, TAR_BLOCK);
	buf_clear(&out);
	ck_assert_int_eq(tar_header("originals/00000001", (uint64_t)1 << 33, 0, &out, &e), 0);
	ck_assert_uint_eq(out.len, 3 * TAR_BLOCK);
	check_block(out.data);
	ck_assert_int_eq(out.data[156], 'x');
	ck_assert_mem_eq(out.data + TAR_BLOCK, "19 size=8589934592\n", 19);
	check_block(out.data + 2 * TAR_BLOCK);
}
END_TEST

START_TEST(impossible_size)
{
	ck_assert_int_eq(tar_header("a", UINT64_MAX, 0, &out, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_LIMIT);
	ck_assert_uint_eq(out.len, 0);
}
END_TEST

START_TEST(padding)
{
	ck_assert_uint_eq(tar_padding(0), 0);
	ck_assert_uint_eq(tar_padding(1), 511);
	ck_assert_uint_eq(tar_padding(511), 1);
	ck_assert_uint_eq(tar_padding(512), 0);
	ck_assert_uint_eq(tar_padding(((uint64_t)1 << 40) + 3), 509);
}
END_TEST

Suite *tar_suite(void)
{
	Suite *s = suite_create("tar");
	TCase *t = tcase_create("header");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, header_is_plain);
	tcase_add_test(t, header_is_appended);
	tcase_add_test(t, large_size_has_extended_header);
	tcase_add_test(t, impossible_size);
	tcase_add_test(t, padding);
	suite_add_tcase(s, t);
	return s;
}
