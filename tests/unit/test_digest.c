/*
 * test_digest.c: tests of base/digest.c, with the examples of FIPS 180.
 */
#include <check.h>

#include "base/digest.h"

Suite *digest_suite(void);

static const struct {
	const char *text;
	const char *hex;
} examples[] = {
	{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void expect(const struct sha256 *d, const char *want)
{
	char hex[SHA256_HEX + 1];

	sha256_hex(d, hex);
	ck_assert_str_eq(hex, want);
}

START_TEST(one_run)
{
	struct sha256 d;

	ck_assert_int_eq(sha256_of(examples[_i].text, strlen(examples[_i].text), &d), 0);
	expect(&d, examples[_i].hex);
}
END_TEST

START_TEST(nothing)
{
	struct sha256 d;

	ck_assert_int_eq(sha256_of(NULL, 0, &d), 0);
	expect(&d, examples[0].hex);
}
END_TEST

/* The pieces do not matter, and a hasher starts anew after each digest. */
START_TEST(pieces)
{
	struct hasher *h = hasher_new();
	const char *text = examples[2].text;

	ck_assert_ptr_nonnull(h);
	for (size_t step = 1; step <= strlen(text); step++) {
		for (size_t at = 0; at < strlen(text); at += step) {
			size_t left = strlen(text) - at;
			hasher_update(h, text + at, left < step ? left : step);
			hasher_update(h, NULL, 0);
		}
		struct sha256 d = hasher_final(h);
		expect(&d, examples[2].hex);
	}
	struct sha256 d = hasher_final(h);
	expect(&d, examples[0].hex);
	hasher_free(h);
	hasher_free(NULL);
}
END_TEST

START_TEST(a_million)
{
	struct hasher *h = hasher_new();
	char run[1000];

	memset(run, 'a', sizeof(run));
	for (int i = 0; i < 1000; i++)
		hasher_update(h, run, sizeof(run));
	struct sha256 d = hasher_final(h);
	expect(&d, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	hasher_free(h);
}
END_TEST

START_TEST(parses_both_cases)
{
	struct sha256 lower, upper;

	ck_assert_int_eq(sha256_parse(slice_string(examples[1].hex), &lower), 0);
	expect(&lower, examples[1].hex);
	ck_assert_int_eq(sha256_parse(SLICE("BA7816BF8F01CFEA414140DE5DAE2223"
					    "B00361A396177A9CB410FF61F20015AD"),
				      &upper), 0);
	ck_assert_mem_eq(&lower, &upper, sizeof(lower));
}
END_TEST

START_TEST(parses_nothing_else)
{
	struct sha256 before, d;
	char hex[SHA256_HEX + 1];

	memset(&before, 7, sizeof(before));
	d = before;
	ck_assert_int_eq(sha256_parse(SLICE(""), &d), -1);
	ck_assert_int_eq(sha256_parse(slice_of(examples[1].hex, 63), &d), -1);
	memset(hex, '0', sizeof(hex));
	ck_assert_int_eq(sha256_parse(slice_of(hex, 65), &d), -1);
	for (size_t at = 0; at < SHA256_HEX; at++) {
		for (const char *bad = "g/:@G` "; *bad != '\0'; bad++) {
			memset(hex, 'f', SHA256_HEX);
			hex[at] = *bad;
			ck_assert_int_eq(sha256_parse(slice_of(hex, SHA256_HEX), &d), -1);
		}
	}
	ck_assert_mem_eq(&before, &d, sizeof(d));
}
END_TEST

Suite *digest_suite(void)
{
	Suite *s = suite_create("digest");
	TCase *t = tcase_create("digest");

	tcase_add_loop_test(t, one_run, 0, (int)(sizeof(examples) / sizeof(examples[0])));
	tcase_add_test(t, nothing);
	tcase_add_test(t, pieces);
	tcase_add_test(t, a_million);
	tcase_add_test(t, parses_both_cases);
	tcase_add_test(t, parses_nothing_else);
	suite_add_tcase(s, t);
	return s;
}
