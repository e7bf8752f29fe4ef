/*
 * test_pseudonym.c: tests of base/pseudonym.c and base/calling.c.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/calling.h"
#include "base/pseudonym.h"

Suite *pseudonym_suite(void);

#define KEY SLICE("0123456789abcdef")

static struct pseudonym *p;
static struct buf out, other;
static struct error e;

static void setup(void)
{
	e = (struct error){0};
	p = pseudonym_new(KEY, &e);
	ck_assert_ptr_nonnull(p);
}

static void teardown(void)
{
	pseudonym_free(p);
	buf_free(&out);
	buf_free(&other);
}

static const char *end(struct buf *b)
{
	buf_byte(b, '\0');
	ck_assert(!b->failed);
	return b->data;
}

static const char *text(const char *s)
{
	buf_clear(&out);
	pseudonym_text(p, slice_string(s), &out);
	return end(&out);
}

static const char *phone(const char *s)
{
	buf_clear(&other);
	pseudonym_phone(p, slice_string(s), &other);
	return end(&other);
}

/* By Python: base64.b32encode(hmac.new(key, text, 'sha256').digest()[:10]).lower() */
START_TEST(known)
{
	ck_assert_str_eq(text("Anna"), "~quoqubgjgx3lywwn");
	ck_assert_str_eq(text(""), "~jfw4sp5c2jxk4uao");
	ck_assert_str_eq(text("4915123456789"), "~pb5rzokopl4d23nq");
	ck_assert_str_eq(phone("+49 151 2345-6789"), "+49~pb5rzokopl4d23nq");
}
END_TEST

START_TEST(stable)
{
	struct pseudonym *same = pseudonym_new(KEY, &e);
	struct pseudonym *another = pseudonym_new(SLICE("0123456789abcdeg"), &e);

	pseudonym_text(same, SLICE("Anna"), &other);
	ck_assert_str_eq(text("Anna"), end(&other));
	ck_assert_str_ne(text("anna"), other.data);
	buf_clear(&other);
	pseudonym_text(another, SLICE("Anna"), &other);
	ck_assert_str_ne(text("Anna"), end(&other));
	pseudonym_free(same);
	pseudonym_free(another);
}
END_TEST

START_TEST(phones)
{
	/* any spelling, and in a text one that says its country */
	ck_assert_str_eq(phone("+49 151 2345-6789"), "+49~pb5rzokopl4d23nq");
	ck_assert_str_eq(phone("4915123456789"), "+49~pb5rzokopl4d23nq");
	ck_assert_str_eq(phone("+49 (0) 151"), "~u6u4pef7j3ew2oa4");
	ck_assert_str_eq(text("+49.151/2345-6789"), "+49~pb5rzokopl4d23nq");
	ck_assert_str_eq(text("+4915123456789 x"), "~ycbp3tvxdnx7mkaj");
	/* without a code that is known, or too short or too long to be whole */
	ck_assert_int_eq(phone("0151 2345678")[0], '~');
	ck_assert_int_eq(phone("+999 1234567")[0], '~');
	ck_assert_int_eq(phone("491512")[0], '~');
	ck_assert_int_eq(phone("4915123456789012")[0], '~');
	/* no digit: a text */
	ck_assert_str_eq(phone("Anna"), "~quoqubgjgx3lywwn");
	ck_assert_mem_eq(phone("+1 201 555 0100"), "+1~", 3);
	ck_assert_mem_eq(phone("+971 50 123 4567"), "+971~", 5);
}
END_TEST

START_TEST(codes)
{
	size_t one = 0, two = 0, three = 0;

	for (unsigned i = 0; i < 1000; i++) {
		char digits[4];
		size_t n;

		snprintf(digits, sizeof(digits), "%03u", i);
		n = calling_code(slice_string(digits));
		one += n == 1;
		two += n == 2;
		three += n == 3;
	}
	ck_assert_uint_eq(one, 200); /* 1 and 7 */
	ck_assert_uint_eq(two, 440);
	ck_assert_uint_eq(three, 170);
	ck_assert_uint_eq(calling_code(SLICE("")), 0);
	ck_assert_uint_eq(calling_code(SLICE("4")), 0);
	ck_assert_uint_eq(calling_code(SLICE("49")), 2);
	ck_assert_uint_eq(calling_code(SLICE("049")), 0);
}
END_TEST

START_TEST(forms)
{
	ck_assert(pseudonym_like(SLICE("~abcdefghijklmn27")));
	ck_assert(pseudonym_like(SLICE("+49~abcdefghijklmn27")));
	ck_assert(!pseudonym_like(SLICE("~abcdefghijklmn2")));
	ck_assert(!pseudonym_like(SLICE("~abcdefghijklmn2A")));
	ck_assert(!pseudonym_like(SLICE("~abcdefghijklmn21")));
	ck_assert(!pseudonym_like(SLICE("~abcdefghijklmn2\0")));
	ck_assert(!pseudonym_like(SLICE("+4915123456789")));
	ck_assert(!pseudonym_like(SLICE("")));
	ck_assert(pseudonym_like(slice_string(text("x"))));
}
END_TEST

static int read_key(size_t len, mode_t mode, bool *open_to_others)
{
	char path[] = "/tmp/test-pseudonym-XXXXXX";
	int fd = mkstemp(path), status;
	char *bytes = calloc(len + 1, 1);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
	ck_assert_int_eq(fchmod(fd, mode), 0);
	close(fd);
	e = (struct error){0};
	status = pseudonym_read_key(path, &out, open_to_others, &e);
	ck_assert_int_eq(unlink(path), 0);
	free(bytes);
	return status;
}

START_TEST(key_files)
{
	bool others;

	ck_assert_int_eq(read_key(16, 0600, &others), 0);
	ck_assert(!others);
	ck_assert_uint_eq(out.len, 16);
	ck_assert_int_eq(read_key(4096, 0644, &others), 0);
	ck_assert(others);
	ck_assert_uint_eq(out.len, 4096);
	ck_assert_int_eq(read_key(15, 0600, &others), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "head -c 32 /dev/urandom"));
	ck_assert_int_eq(read_key(4097, 0600, &others), -1);
	ck_assert_int_eq(e.kind, ERROR_USAGE);
	e = (struct error){0};
	ck_assert_int_eq(pseudonym_read_key("/nonexistent/key", &out, &others, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_IO);
}
END_TEST

Suite *pseudonym_suite(void)
{
	Suite *suite = suite_create("pseudonym");
	TCase *tests = tcase_create("pseudonym");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, known);
	tcase_add_test(tests, stable);
	tcase_add_test(tests, phones);
	tcase_add_test(tests, codes);
	tcase_add_test(tests, forms);
	tcase_add_test(tests, key_files);
	suite_add_tcase(suite, tests);
	return suite;
}
