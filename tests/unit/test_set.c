/*
 * test_set.c: finding/set.h.
 */
#include <check.h>
#include <stdio.h>

#include "base/limits.h"
#include "finding/set.h"

static struct findings *f;

static void setup(void)
{
	f = findings_new(2, NULL);
	ck_assert_ptr_nonnull(f);
}

static void teardown(void)
{
	findings_free(f);
}

/* One finding at an offset; its line and column follow from the offset. Told? */
static bool find(enum rule rule, const char *shape, uint64_t offset)
{
	struct place place = {offset, offset + 1, offset + 2};
	char text[64];

	if (!findings_count(f, rule, rule_info(rule)->severity, BASIS_DOCUMENTED,
			    slice_string(shape), &place))
		return false;
	snprintf(text, sizeof(text), "at %llu", (unsigned long long)offset);
	findings_tell(f, slice_string(shape), slice_string(text));
	return true;
}

static void unit(void)
{
	findings_commit_unit(f);
	findings_begin_unit(f);
}

static const struct finding_group *group(size_t i)
{
	size_t count;
	const struct finding_group *g = findings_groups(f, &count);

	ck_assert_uint_lt(i, count);
	return &g[i];
}

static size_t group_count(void)
{
	size_t count;

	findings_groups(f, &count);
	return count;
}

/* The offsets of the told findings are these (ended by -1). */
static void expect_list(const int64_t *offsets)
{
	size_t count, n = 0;
	const struct finding *list = findings_list(f, &count);

	for (; offsets[n] >= 0; n++) {
		ck_assert_uint_lt(n, count);
		ck_assert_int_eq((int64_t)list[n].place.offset, offsets[n]);
		char text[64];
		snprintf(text, sizeof(text), "at %lld", (long long)offsets[n]);
		ck_assert(slice_equal(list[n].message, slice_string(text)));
	}
	ck_assert_uint_eq(count, n);
}
#define LIST(...) expect_list((const int64_t[]){__VA_ARGS__, -1})

START_TEST(test_empty)
{
	size_t count = 7;

	findings_begin_unit(f);
	findings_commit_unit(f);
	findings_list(f, &count);
	ck_assert_uint_eq(count, 0);
	ck_assert_uint_eq(group_count(), 0);
	ck_assert_uint_eq(findings_total(f, SEVERITY_ERROR), 0);
	ck_assert(!findings_failed(f));
	findings_free(NULL);
}
END_TEST

START_TEST(test_counts)
{
	findings_begin_unit(f);
	ck_assert(find(RULE_type, "/a", 1));
	ck_assert(find(RULE_type, "/b", 2));
	ck_assert(find(RULE_unknown_member, "/a", 3));
	unit();
	ck_assert(find(RULE_type, "/a", 4));
	ck_assert(!find(RULE_type, "/a", 5));
	unit();
	ck_assert(!find(RULE_type, "/a", 6));
	findings_commit_unit(f);

	ck_assert_uint_eq(findings_total(f, SEVERITY_ERROR), 5);
	ck_assert_uint_eq(findings_total(f, SEVERITY_INFO), 1);
	ck_assert_uint_eq(findings_total(f, SEVERITY_WARNING), 0);
	ck_assert_uint_eq(findings_of_rule(f, RULE_type), 5);
	ck_assert_uint_eq(findings_of_rule(f, RULE_unknown_member), 1);
	ck_assert_uint_eq(findings_of_rule(f, RULE_enum), 0);
	ck_assert_uint_eq(group_count(), 3);
	ck_assert_uint_eq(group(0)->count, 4);
	ck_assert_uint_eq(group(0)->told, 2);
	ck_assert_uint_eq(group(0)->first_untold.offset, 5);
	ck_assert_uint_eq(group(0)->first_untold.line, 6);
	ck_assert_uint_eq(group(0)->first_untold.column, 7);
	ck_assert(slice_equal(group(0)->shape, SLICE("/a")));
	ck_assert_int_eq(group(2)->rule, RULE_unknown_member);
	ck_assert_int_eq(group(2)->severity, SEVERITY_INFO);
	LIST(1, 2, 3, 4);

	size_t count;
	const struct finding *list = findings_list(f, &count);
	ck_assert_uint_eq(list[1].group, 1);
	ck_assert_int_eq(list[1].basis, BASIS_DOCUMENTED);
	ck_assert(slice_equal(list[1].pointer, SLICE("/b")));
	ck_assert_int_eq(list[2].severity, SEVERITY_INFO);
}
END_TEST

START_TEST(test_rollback)
{
	findings_begin_unit(f);
	find(RULE_type, "/a", 1);
	unit();
	find(RULE_type, "/a", 2);
	find(RULE_type, "/a", 3);
	find(RULE_enum, "/new", 4);
	/* Not committed: not seen. */
	ck_assert_uint_eq(findings_total(f, SEVERITY_ERROR), 1);
	ck_assert_uint_eq(group_count(), 1);
	ck_assert_uint_eq(group(0)->count, 1);
	LIST(1);

	/* The unit is read again and holds something else. */
	findings_begin_unit(f);
	ck_assert(find(RULE_const, "/other", 5));
	ck_assert(find(RULE_type, "/a", 6));
	ck_assert(!find(RULE_type, "/a", 7));
	findings_commit_unit(f);
	ck_assert_uint_eq(findings_total(f, SEVERITY_ERROR), 4);
	ck_assert_uint_eq(findings_of_rule(f, RULE_enum), 0);
	ck_assert_uint_eq(group_count(), 2);
	ck_assert_uint_eq(group(0)->count, 3);
	ck_assert_uint_eq(group(0)->first_untold.offset, 7);
	ck_assert_int_eq(group(1)->rule, RULE_const);
	ck_assert(slice_equal(group(1)->shape, SLICE("/other")));
	LIST(1, 5, 6);
}
END_TEST

START_TEST(test_rollback_equals_once)
{
	/* However often a unit is begun, the outcome is that of its last time. */
	for (int times = 0; times < 50; times++) {
		findings_begin_unit(f);
		for (int i = 0; i <= times; i++) {
			char shape[16];
			snprintf(shape, sizeof(shape), "/%d", (i * 7 + times) % 40);
			find(RULE_type, shape, (uint64_t)i);
		}
	}
	findings_begin_unit(f);
	find(RULE_type, "/a", 9);
	findings_commit_unit(f);
	ck_assert_uint_eq(group_count(), 1);
	ck_assert_uint_eq(findings_total(f, SEVERITY_ERROR), 1);
	LIST(9);
}
END_TEST

START_TEST(test_sorted)
{
	findings_begin_unit(f);
	find(RULE_type, "/a", 30);
	find(RULE_type, "/b", 10);
	find(RULE_enum, "/c", 20);
	find(RULE_enum, "/d", 10);
	unit();
	/* Sorted within its unit only. */
	find(RULE_required, "/e", 5);
	findings_commit_unit(f);
	LIST(10, 10, 20, 30, 5);

	size_t count;
	const struct finding *list = findings_list(f, &count);
	ck_assert_int_eq(list[0].rule, RULE_type); /* stable */
	ck_assert_int_eq(list[1].rule, RULE_enum);
}
END_TEST

START_TEST(test_first_untold_is_least)
{
	findings_begin_unit(f);
	find(RULE_type, "/a", 1);
	find(RULE_type, "/a", 2);
	find(RULE_type, "/a", 9);
	find(RULE_type, "/a", 7);
	find(RULE_type, "/a", 8);
	unit();
	ck_assert_uint_eq(group(0)->first_untold.offset, 7);
	find(RULE_type, "/a", 10);
	unit();
	ck_assert_uint_eq(group(0)->first_untold.offset, 7);
	find(RULE_type, "/a", 0);
	unit();
	ck_assert_uint_eq(group(0)->first_untold.offset, 0);
	ck_assert_uint_eq(group(0)->first_untold.line, 1);
}
END_TEST

START_TEST(test_clear)
{
	findings_begin_unit(f);
	find(RULE_type, "/a", 1);
	unit();
	find(RULE_type, "/b", 1);
	findings_clear(f);
	ck_assert_uint_eq(group_count(), 0);
	ck_assert_uint_eq(findings_total(f, SEVERITY_ERROR), 0);
	ck_assert_uint_eq(findings_of_rule(f, RULE_type), 0);
	findings_begin_unit(f);
	ck_assert(find(RULE_enum, "/c", 2));
	findings_commit_unit(f);
	ck_assert_uint_eq(group_count(), 1);
	ck_assert_int_eq(group(0)->rule, RULE_enum);
	ck_assert_uint_eq(group(0)->told, 1);
	LIST(2);
}
END_TEST

START_TEST(test_severities)
{
	struct severities s = {.strict = true};

	s.set[RULE_type] = true;
	s.as[RULE_type] = SEVERITY_OFF;
	s.set[RULE_enum] = true;
	s.as[RULE_enum] = SEVERITY_INFO;
	findings_free(f);
	f = findings_new(2, &s);
	findings_begin_unit(f);
	ck_assert(!find(RULE_type, "/a", 1));
	ck_assert(find(RULE_enum, "/a", 2));
	ck_assert(find(RULE_placeholder, "/a", 3));
	findings_commit_unit(f);
	ck_assert_uint_eq(findings_of_rule(f, RULE_type), 0);
	ck_assert_uint_eq(findings_total(f, SEVERITY_INFO), 1);
	ck_assert_uint_eq(findings_total(f, SEVERITY_ERROR), 1);
	ck_assert_uint_eq(group_count(), 2);
}
END_TEST

START_TEST(test_two_severities_at_one_shape)
{
	struct place place = {1, 1, 2};

	findings_begin_unit(f);
	for (int i = 0; i < 5; i++) {
		for (enum severity own = SEVERITY_OFF; own <= SEVERITY_ERROR; own++) {
			if (findings_count(f, RULE_type, own, BASIS_NONE, SLICE("/a"), &place))
				findings_tell(f, SLICE("/a"), SLICE("x"));
		}
	}
	findings_commit_unit(f);
	ck_assert_uint_eq(findings_total(f, SEVERITY_ERROR), 5);
	ck_assert_uint_eq(findings_total(f, SEVERITY_WARNING), 5);
	ck_assert_uint_eq(findings_total(f, SEVERITY_INFO), 5);
	ck_assert_uint_eq(findings_of_rule(f, RULE_type), 15);
}
END_TEST

START_TEST(test_none_told)
{
	findings_free(f);
	f = findings_new(0, NULL);
	findings_begin_unit(f);
	ck_assert(!find(RULE_type, "", 4));
	ck_assert(!find(RULE_type, "", 5));
	findings_commit_unit(f);
	ck_assert_uint_eq(group(0)->count, 2);
	ck_assert_uint_eq(group(0)->told, 0);
	ck_assert_uint_eq(group(0)->first_untold.offset, 4);
	ck_assert_uint_eq(group(0)->shape.len, 0);
}
END_TEST

START_TEST(test_many_groups)
{
	char shape[32];
	const int extra = 500;

	for (int i = 0; i < LIMIT_GROUPS + extra; i++) {
		snprintf(shape, sizeof(shape), "/%d", i);
		findings_begin_unit(f);
		find(i % 2 ? RULE_type : RULE_placeholder, shape, (uint64_t)i);
		findings_commit_unit(f);
	}
	ck_assert_uint_eq(group_count(), LIMIT_GROUPS + 2);
	ck_assert(slice_equal(group(LIMIT_GROUPS)->shape, SLICE("...")));
	ck_assert_uint_eq(group(LIMIT_GROUPS)->count, extra / 2);
	ck_assert_uint_eq(group(LIMIT_GROUPS)->told, 2);
	ck_assert_uint_eq(group(LIMIT_GROUPS)->first_untold.offset, LIMIT_GROUPS + 4);
	ck_assert_uint_eq(group(LIMIT_GROUPS + 1)->count, extra / 2);
	ck_assert_uint_eq(findings_of_rule(f, RULE_type), (LIMIT_GROUPS + extra) / 2);
	/* Those that have a place of their own still find it. */
	findings_begin_unit(f);
	find(RULE_type, "/999", 9999);
	findings_commit_unit(f);
	ck_assert_uint_eq(group(999)->count, 2);
	/* Each shape but the last two groups' is what it was. */
	for (int i = 0; i < LIMIT_GROUPS; i++) {
		snprintf(shape, sizeof(shape), "/%d", i);
		ck_assert(slice_equal(group((size_t)i)->shape, slice_string(shape)));
	}
}
END_TEST

START_TEST(test_every_group_at_once)
{
	/* As many groups as there can be: LIMIT_GROUPS, and "..." of each rule and severity. */
	struct place place = {1, 1, 2};

	findings_begin_unit(f);
	for (int i = 0; i < LIMIT_GROUPS; i++) {
		char shape[32];
		snprintf(shape, sizeof(shape), "/%d", i);
		find(RULE_type, shape, 1);
	}
	for (enum rule r = 0; r < RULE_COUNT; r++) {
		for (enum severity s = SEVERITY_INFO; s <= SEVERITY_ERROR; s++)
			for (int i = 0; i < 3; i++)
				if (findings_count(f, r, s, BASIS_NONE, SLICE("/x"), &place))
					findings_tell(f, SLICE("/x"), SLICE("m"));
	}
	findings_commit_unit(f);
	ck_assert_uint_eq(group_count(), LIMIT_GROUPS + RULE_COUNT * 3);
	ck_assert_uint_eq(findings_of_rule(f, RULE_enum), 9);
}
END_TEST

START_TEST(test_long_texts)
{
	static char text[3 * LIMIT_POINTER];
	struct place place = {1, 1, 2};
	size_t count;

	/* The cut would fall into a character of two bytes. */
	memset(text, 'a', sizeof(text));
	memcpy(text + LIMIT_POINTER - 1, "\xc3\xa4", 2);
	findings_begin_unit(f);
	ck_assert(findings_count(f, RULE_type, SEVERITY_ERROR, BASIS_NONE,
				 slice_of(text, sizeof(text)), &place));
	findings_tell(f, slice_of(text, sizeof(text)), slice_of(text, LIMIT_POINTER - 1));
	findings_commit_unit(f);
	const struct finding *list = findings_list(f, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert_uint_eq(list[0].pointer.len, LIMIT_POINTER - 1 + 3);
	ck_assert_int_eq(memcmp(list[0].pointer.data + LIMIT_POINTER - 3, "aa...", 5), 0);
	ck_assert_uint_eq(list[0].message.len, LIMIT_POINTER - 1);
	ck_assert(slice_equal(group(0)->shape, SLICE("...")));

	/* Into a ~0. */
	memcpy(text + LIMIT_POINTER - 1, "~0", 2);
	findings_begin_unit(f);
	findings_count(f, RULE_type, SEVERITY_ERROR, BASIS_NONE, SLICE("/a"), &place);
	findings_tell(f, slice_of(text, sizeof(text)), slice_of(NULL, 0));
	findings_commit_unit(f);
	list = findings_list(f, &count);
	ck_assert_int_eq(memcmp(list[1].pointer.data + LIMIT_POINTER - 3, "aa...", 5), 0);
	ck_assert_uint_eq(list[1].message.len, 0);
}
END_TEST

START_TEST(test_empty_texts)
{
	struct place place = {0, 1, 1};
	size_t count;

	findings_begin_unit(f);
	findings_count(f, RULE_syntax, SEVERITY_ERROR, BASIS_NONE, slice_of(NULL, 0), &place);
	findings_tell(f, slice_of(NULL, 0), slice_of(NULL, 0));
	findings_commit_unit(f);
	ck_assert_uint_eq(findings_list(f, &count)->pointer.len, 0);
	ck_assert_uint_eq(count, 1);
}
END_TEST

Suite *set_suite(void);

Suite *set_suite(void)
{
	Suite *s = suite_create("set");
	TCase *c = tcase_create("set");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, test_empty);
	tcase_add_test(c, test_counts);
	tcase_add_test(c, test_rollback);
	tcase_add_test(c, test_rollback_equals_once);
	tcase_add_test(c, test_sorted);
	tcase_add_test(c, test_first_untold_is_least);
	tcase_add_test(c, test_clear);
	tcase_add_test(c, test_severities);
	tcase_add_test(c, test_two_severities_at_one_shape);
	tcase_add_test(c, test_none_told);
	tcase_add_test(c, test_many_groups);
	tcase_add_test(c, test_every_group_at_once);
	tcase_add_test(c, test_long_texts);
	tcase_add_test(c, test_empty_texts);
	suite_add_tcase(s, c);
	return s;
}
