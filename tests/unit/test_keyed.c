/*
 * test_keyed.c: tests of base/keyed.c.
 */
#include <check.h>
#include <stdlib.h>

#include "base/keyed.h"

Suite *keyed_suite(void);

static struct keyed *k;
static struct error e;

static void setup(void)
{
	e = (struct error){0};
	k = keyed_new(&e);
	ck_assert_ptr_nonnull(k);
}

static void teardown(void)
{
	keyed_free(k);
}

static struct keyed_print of(struct slice text)
{
	struct keyed_print p;

	if (keyed_of(k, text, &p, &e) != 0) /* a ck_assert writes to a pipe, even if it holds */
		ck_abort();
	return p;
}

START_TEST(equal_texts)
{
	char copy[] = "one text";
	struct slice none = {NULL, 0};
	struct keyed_print a = of(SLICE("one text"));
	struct keyed_print b = of(SLICE("another"));
	struct keyed_print c = of(slice_string(copy));
	struct keyed_print d = of(none);
	struct keyed_print f = of(SLICE(""));

	ck_assert(keyed_equal(&a, &c));
	ck_assert(!keyed_equal(&a, &b));
	ck_assert(keyed_equal(&d, &f));
	ck_assert(!keyed_equal(&a, &d));
}
END_TEST

/* Each bit counts, and each length, of zero bytes too. */
START_TEST(every_bit)
{
	static char text[300];
	struct keyed_print zero = of(slice_of(text, sizeof(text)));

	for (size_t bit = 0; bit < 8 * sizeof(text); bit++) {
		text[bit / 8] ^= (char)(1 << bit % 8);
		struct keyed_print p = of(slice_of(text, sizeof(text)));
		ck_assert(p.word[0] != zero.word[0]);
		ck_assert(p.word[1] != zero.word[1]);
		text[bit / 8] ^= (char)(1 << bit % 8);
	}
	for (size_t len = 0; len < sizeof(text); len++) {
		struct keyed_print p = of(slice_of(text, len));
		ck_assert(!keyed_equal(&p, &zero));
	}
}
END_TEST

START_TEST(a_key_each)
{
	struct keyed *other = keyed_new(&e);
	struct keyed_print a = of(SLICE("text"));
	struct keyed_print b;

	ck_assert_ptr_nonnull(other);
	ck_assert_int_eq(keyed_of(other, SLICE("text"), &b, &e), 0);
	ck_assert(!keyed_equal(&a, &b));
	keyed_free(other);
	keyed_free(NULL);
}
END_TEST

static int print_compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct keyed_print));
}

/*
 * Texts that differ in a letter at every 64th byte, with an equal sum: of a million such texts,
 * about ten pairs collide in XXH3_128 under any secret.
 */
START_TEST(texts_made_to_collide)
{
	enum { COUNT = 1000000, PLACES = 16 };
	static char text[64 * PLACES];
	struct keyed_print *p = calloc(COUNT, sizeof(*p));
	uint32_t pattern = 0;

	ck_assert_ptr_nonnull(p);
	memset(text, 'a', sizeof(text));
	for (size_t n = 0; n < COUNT;) {
		unsigned sum = 0;

		pattern += 2654435761; /* odd: comes to each pattern once */
		for (unsigned i = 0; i < PLACES; i++)
			sum += pattern >> 2 * i & 3;
		if (sum % 16 != 8)
			continue;
		for (unsigned i = 0; i < PLACES; i++)
			text[64 * i + 7] = "@P`p"[pattern >> 2 * i & 3];
		p[n++] = of(slice_of(text, sizeof(text)));
	}
	qsort(p, COUNT, sizeof(*p), print_compare);
	for (size_t n = 1; n < COUNT; n++)
		if (keyed_equal(&p[n - 1], &p[n]))
			ck_abort_msg("two texts have one fingerprint");
	free(p);
}
END_TEST

Suite *keyed_suite(void)
{
	Suite *s = suite_create("keyed");
	TCase *t = tcase_create("keyed");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, equal_texts);
	tcase_add_test(t, every_bit);
	tcase_add_test(t, a_key_each);
	tcase_add_test(t, texts_made_to_collide);
	suite_add_tcase(s, t);
	return s;
}
