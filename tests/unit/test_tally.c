/*
 * test_tally.c: finding/tally.h.
 */
#include <check.h>
#include <stdio.h>

#include "base/limits.h"
#include "finding/tally.h"

static struct findings *f;
static struct tally *t;
static struct buf out;

static void setup(void)
{
	f = findings_new(2, NULL);
	t = tally_new();
	ck_assert_ptr_nonnull(f);
	ck_assert_ptr_nonnull(t);
}

static void teardown(void)
{
	findings_free(f);
	tally_free(t);
	buf_free(&out);
}

static void find(enum rule rule, const char *shape, const char *message, uint64_t offset)
{
	struct place place = {offset, 1, offset + 1};

	findings_begin_unit(f);
	if (findings_count(f, rule, rule_info(rule)->severity, BASIS_NONE, slice_string(shape),
			   &place))
		findings_tell(f, slice_string(shape), slice_string(message));
	findings_commit_unit(f);
}

/* What was found since the last call is a response of this input. */
static void response(struct tally *to, const char *path)
{
	tally_response(to, f, slice_string(path));
	findings_clear(f);
}

static void expect(size_t most, const char *want)
{
	ck_assert(!tally_failed(t));
	buf_clear(&out);
	tally_print(t, most, false, &out);
	buf_byte(&out, '\0');
	ck_assert_str_eq(out.data, want);
}

START_TEST(test_empty)
{
	response(t, "clean.json");
	expect(10, "");
	tally_free(NULL);
}
END_TEST

START_TEST(test_order)
{
	find(RULE_unknown_member, "/t", "unknown member \"t\"", 3);
	find(RULE_type, "/a", "expected string, found 7", 4);
	find(RULE_secret, "", "a key", 5);
	response(t, "1.json");
	find(RULE_unknown_member, "/t", "unknown member \"t\"", 30);
	find(RULE_required, "/b", "\"b\" is missing", 40);
	response(t, "2.json");
	find(RULE_required, "/b", "\"b\" is missing", 50);
	response(t, "3.json");
	/* Worst first, then most inputs; the first place is of the first input. */
	expect(10,
	       "error    2 inputs  required  /b  \"b\" is missing  first 2.json:1:41\n"
	       "error    1 input   type  /a  expected string, found 7  first 1.json:1:5\n"
	       "warning  1 input   secret  a key  first 1.json:1:6\n"
	       "info     2 inputs  unknown-member  /t  unknown member \"t\"  first 1.json:1:4\n");
	expect(2, "error    2 inputs  required  /b  \"b\" is missing  first 2.json:1:41\n"
		  "error    1 input   type  /a  expected string, found 7  first 1.json:1:5\n"
		  "\xe2\x80\xa6 and 2 more kinds of findings\n");
	expect(3, "error    2 inputs  required  /b  \"b\" is missing  first 2.json:1:41\n"
		  "error    1 input   type  /a  expected string, found 7  first 1.json:1:5\n"
		  "warning  1 input   secret  a key  first 1.json:1:6\n"
		  "\xe2\x80\xa6 and 1 more kind of finding\n");
	expect(0, "\xe2\x80\xa6 and 4 more kinds of findings\n");
}
END_TEST

START_TEST(test_inputs_count_once)
{
	for (int i = 0; i < 3; i++) {
		find(RULE_type, "/a", "m", 1);
		find(RULE_type, "/a", "m", 2);
		response(t, "many.ndjson");
	}
	find(RULE_type, "/a", "m", 1);
	response(t, "other.json");
	expect(1, "error    2 inputs  type  /a  m  first many.ndjson:1:2\n");
}
END_TEST

START_TEST(test_none_told)
{
	findings_free(f);
	f = findings_new(0, NULL);
	find(RULE_type, "/a", "m", 6);
	response(t, "1.json");
	expect(1, "error    1 input   type  /a  first 1.json:1:7\n");
	/* The first place stays, also when a later one comes with a message. */
	findings_free(f);
	f = findings_new(1, NULL);
	find(RULE_type, "/a", "m", 8);
	response(t, "2.json");
	expect(1, "error    2 inputs  type  /a  first 1.json:1:7\n");
}
END_TEST

START_TEST(test_hint)
{
	for (int i = 0; i < 4; i++) {
		char path[32];
		snprintf(path, sizeof(path), "%d.json", i);
		/* Twice in one response is one response. */
		find(RULE_enum, "/p", "expected a or b; found \"exotel\"", 1);
		find(RULE_enum, "/p", "expected a or b; found \"exotel\"", 2);
		find(RULE_enum, "/q", i < 2 ? "expected c; found 1" : "expected c; found 2", 3);
		response(t, path);
	}
	expect(9,
	       "error    4 inputs  enum  /p  expected a or b; found \"exotel\""
	       "  first 0.json:1:2\n"
	       "  hint: \"exotel\" in 4 responses; to accept: -W enum=info, or add the value to a"
	       " copy of the model (callroll model) and use --model\n"
	       "error    4 inputs  enum  /q  expected c; found 1  first 0.json:1:4\n");
}
END_TEST

/* One tally for each input, added in order, says the same as one tally for all. */
START_TEST(test_add)
{
	struct tally *all = t, *sum = tally_new(), *one = tally_new();
	struct buf want = BUF_INIT;

	for (int i = 0; i < 40; i++) {
		char path[32], shape[32], message[40];
		snprintf(path, sizeof(path), "%d.json", i);
		tally_clear(one);
		for (int j = 0; j <= i % 3; j++) {
			for (int k = 0; k < i % 5; k++) {
				snprintf(shape, sizeof(shape), "/%d", (i + k * 3) % 7);
				snprintf(message, sizeof(message), "expected x; found %d", k);
				find(k % 2 ? RULE_enum : RULE_placeholder, shape, message,
				     (uint64_t)(j * 100 + k));
			}
			tally_response(all, f, slice_string(path));
			response(one, path);
		}
		tally_add(sum, one);
	}
	ck_assert(!tally_failed(sum));
	tally_print(all, 1000, true, &want);
	tally_print(sum, 1000, true, &out);
	ck_assert_uint_gt(out.len, 500);
	ck_assert_ptr_nonnull(memmem(out.data, out.len, "hint: ", 6));
	ck_assert(slice_equal(buf_view(&out), buf_view(&want)));
	buf_free(&want);
	tally_free(sum);
	tally_free(one);
}
END_TEST

START_TEST(test_add_same_path)
{
	/* Two tallies are of two inputs, even if they have one name. */
	struct tally *one = tally_new();

	find(RULE_type, "/a", "m", 1);
	response(one, "-");
	tally_add(t, one);
	tally_add(t, one);
	expect(1, "error    2 inputs  type  /a  m  first -:1:2\n");
	find(RULE_type, "/a", "m", 1);
	response(t, "-");
	expect(1, "error    3 inputs  type  /a  m  first -:1:2\n");
	tally_add(t, one);
	find(RULE_type, "/a", "m", 1);
	response(t, "-");
	expect(1, "error    5 inputs  type  /a  m  first -:1:2\n");
	tally_free(one);
}
END_TEST

START_TEST(test_bounded)
{
	struct tally *one = tally_new();

	for (int i = 0; i < LIMIT_GROUPS + 300; i++) {
		char path[32], shape[32];
		snprintf(path, sizeof(path), "%d.json", i / 100);
		snprintf(shape, sizeof(shape), "/%d", i);
		find(RULE_type, shape, "m", 1);
		if (i % 100 != 99)
			continue;
		tally_clear(one);
		response(one, path);
		tally_add(t, one);
	}
	/* Three inputs had shapes that found no place: each counts once. */
	expect(1, "error    3 inputs  type  other places  m  first 10.json:1:2\n"
		  "\xe2\x80\xa6 and 1,000 more kinds of findings\n");
	tally_free(one);
}
END_TEST

START_TEST(test_many_values)
{
	char message[64];

	for (int i = 0; i < LIMIT_GROUPS + 50; i++) {
		for (int times = 0; times < 3; times++) {
			snprintf(message, sizeof(message), "expected x; found \"%d\"", i);
			find(RULE_enum, "/p", message, 1);
			response(t, "a");
		}
	}
	buf_clear(&out);
	tally_print(t, 5, false, &out);
	ck_assert_ptr_nonnull(memmem(out.data, out.len, " and 995 other values;", 22));
	ck_assert(!tally_failed(t));
}
END_TEST

START_TEST(test_safe)
{
	find(RULE_enum, "/\033\n", "\033[1m; found \a", 1);
	for (int i = 0; i < 3; i++)
		tally_response(t, f, SLICE("\033\n"));
	tally_print(t, 5, false, &out);
	size_t lines = 0;
	for (size_t i = 0; i < out.len; i++) {
		ck_assert(out.data[i] == '\n' || (unsigned char)out.data[i] >= 0x20);
		lines += out.data[i] == '\n';
	}
	ck_assert_uint_eq(lines, 2);
}
END_TEST

START_TEST(test_clear)
{
	find(RULE_enum, "/p", "expected x; found 1", 1);
	response(t, "a");
	tally_clear(t);
	expect(5, "");
	find(RULE_type, "/q", "m", 1);
	response(t, "a");
	expect(5, "error    1 input   type  /q  m  first a:1:2\n");
}
END_TEST

Suite *tally_suite(void);

Suite *tally_suite(void)
{
	Suite *s = suite_create("tally");
	TCase *c = tcase_create("tally");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, test_empty);
	tcase_add_test(c, test_order);
	tcase_add_test(c, test_inputs_count_once);
	tcase_add_test(c, test_none_told);
	tcase_add_test(c, test_hint);
	tcase_add_test(c, test_add);
	tcase_add_test(c, test_add_same_path);
	tcase_add_test(c, test_bounded);
	tcase_add_test(c, test_many_values);
	tcase_add_test(c, test_safe);
	tcase_add_test(c, test_clear);
	suite_add_tcase(s, c);
	return s;
}
