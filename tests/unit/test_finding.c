/*
 * test_finding.c: finding/finding.h and finding/explain.h: the catalogue of rules.
 */
#include <check.h>
#include <stdio.h>

#include "finding/explain.h"
#include "finding/finding.h"

/* No line of more than 80 columns (in these texts a byte is a column), none ends in a space. */
static void expect_lines(struct slice text)
{
	size_t start = 0;

	ck_assert_uint_gt(text.len, 0);
	ck_assert_int_eq(text.data[text.len - 1], '\n');
	for (size_t i = 0; i < text.len; i++) {
		ck_assert_int_lt(text.data[i], 0x7f);
		if (text.data[i] != '\n')
			continue;
		ck_assert_msg(i - start <= 80, "too long: %.*s", (int)(i - start),
			      text.data + start);
		ck_assert(i == start || text.data[i - 1] != ' ');
		start = i + 1;
	}
}

START_TEST(test_rules)
{
	for (enum rule r = 0; r < RULE_COUNT; r++) {
		const struct rule_info *info = rule_info(r);
		ck_assert_int_eq(rule_parse(slice_string(info->name)), r);
		ck_assert_int_ne(info->severity, SEVERITY_OFF);
		ck_assert_uint_le(strlen(info->name), 22);
		ck_assert_uint_gt(strlen(info->summary), 0);
		ck_assert_uint_le(strlen(info->summary), 47);
		ck_assert_ptr_null(strchr(info->summary, '\n'));
		ck_assert_ptr_nonnull(strstr(info->explanation, "\n    "));
		/* The example shows the rule's own mark. */
		char mark[32];
		snprintf(mark, sizeof(mark), "[%s]", info->name);
		ck_assert_msg(strstr(info->explanation, mark) != NULL, "no %s", mark);
		/* What makes a response unfit is always an error. */
		ck_assert(!info->unfit || info->severity == SEVERITY_ERROR);
	}
	ck_assert_int_eq(rule_parse(SLICE("")), RULE_COUNT);
	ck_assert_int_eq(rule_parse(SLICE("Type")), RULE_COUNT);
	ck_assert_int_eq(rule_parse(SLICE("typ")), RULE_COUNT);
	ck_assert_int_eq(rule_parse(SLICE("duplicate_member")), RULE_COUNT);
	ck_assert_int_eq(rule_parse(SLICE("not-a-response")), RULE_not_a_response);
}
END_TEST

START_TEST(test_unfit)
{
	const enum rule unfit[] = {RULE_syntax, RULE_encoding,  RULE_duplicate_member,
				   RULE_depth,  RULE_too_large, RULE_not_a_response};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(unfit) / sizeof(unfit[0]); i++)
		ck_assert(rule_info(unfit[i])->unfit);
	for (enum rule r = 0; r < RULE_COUNT; r++)
		count += rule_info(r)->unfit;
	ck_assert_uint_eq(count, sizeof(unfit) / sizeof(unfit[0]));
}
END_TEST

START_TEST(test_severity_names)
{
	enum severity s;

	for (enum severity i = SEVERITY_OFF; i <= SEVERITY_ERROR; i++) {
		ck_assert_int_eq(severity_parse(slice_string(severity_name(i)), &s), 0);
		ck_assert_int_eq(s, i);
	}
	ck_assert_int_eq(severity_parse(SLICE("warning"), &s), 0);
	ck_assert_int_eq(s, SEVERITY_WARNING);
	s = SEVERITY_INFO;
	ck_assert_int_eq(severity_parse(SLICE("warn"), &s), -1);
	ck_assert_int_eq(severity_parse(SLICE(""), &s), -1);
	ck_assert_int_eq(severity_parse(SLICE("ERROR"), &s), -1);
	ck_assert_int_eq(s, SEVERITY_INFO);
}
END_TEST

START_TEST(test_basis_names)
{
	enum basis b;

	for (enum basis i = BASIS_DOCUMENTED; i <= BASIS_OBSERVED; i++) {
		ck_assert_int_eq(basis_parse(slice_string(basis_name(i)), &b), 0);
		ck_assert_int_eq(b, i);
	}
	ck_assert_str_eq(basis_name(BASIS_NONE), "");
	ck_assert_int_eq(basis_parse(SLICE(""), &b), -1);
	ck_assert_int_eq(basis_parse(SLICE("guess"), &b), -1);
}
END_TEST

START_TEST(test_severity_of)
{
	struct severities s = {.strict = false};

	ck_assert_int_eq(severity_of(&s, RULE_type, SEVERITY_ERROR), SEVERITY_ERROR);
	ck_assert_int_eq(severity_of(&s, RULE_type, SEVERITY_OFF), SEVERITY_OFF);
	s.set[RULE_type] = true;
	s.as[RULE_type] = SEVERITY_WARNING;
	ck_assert_int_eq(severity_of(&s, RULE_type, SEVERITY_ERROR), SEVERITY_WARNING);
	ck_assert_int_eq(severity_of(&s, RULE_type, SEVERITY_OFF), SEVERITY_WARNING);
	ck_assert_int_eq(severity_of(&s, RULE_enum, SEVERITY_INFO), SEVERITY_INFO);
	s.strict = true;
	ck_assert_int_eq(severity_of(&s, RULE_type, SEVERITY_INFO), SEVERITY_ERROR);
	ck_assert_int_eq(severity_of(&s, RULE_enum, SEVERITY_WARNING), SEVERITY_ERROR);
	ck_assert_int_eq(severity_of(&s, RULE_enum, SEVERITY_INFO), SEVERITY_INFO);
	ck_assert_int_eq(severity_of(&s, RULE_enum, SEVERITY_OFF), SEVERITY_OFF);
	s.as[RULE_type] = SEVERITY_OFF;
	ck_assert_int_eq(severity_of(&s, RULE_type, SEVERITY_ERROR), SEVERITY_OFF);
}
END_TEST

START_TEST(test_explain_all)
{
	struct buf out = BUF_INIT;
	size_t lines = 0;

	explain_all(&out);
	expect_lines(buf_view(&out));
	for (size_t i = 0; i < out.len; i++)
		lines += out.data[i] == '\n';
	ck_assert_uint_eq(lines, RULE_COUNT);
	ck_assert(slice_starts(buf_view(&out), SLICE("syntax                  error    the text")));
	buf_free(&out);
}
END_TEST

START_TEST(test_explain_rule)
{
	for (enum rule r = 0; r < RULE_COUNT; r++) {
		struct buf out = BUF_INIT;
		explain_rule(&out, r);
		expect_lines(buf_view(&out));
		ck_assert(slice_starts(buf_view(&out), slice_string(rule_info(r)->name)));
		buf_byte(&out, '\0');
		ck_assert_int_eq(strstr(out.data, "sets it aside,") != NULL, rule_info(r)->unfit);
		buf_free(&out);
	}
}
END_TEST

Suite *finding_suite(void);

Suite *finding_suite(void)
{
	Suite *s = suite_create("finding");
	TCase *c = tcase_create("catalogue");

	tcase_add_test(c, test_rules);
	tcase_add_test(c, test_unfit);
	tcase_add_test(c, test_severity_names);
	tcase_add_test(c, test_basis_names);
	tcase_add_test(c, test_severity_of);
	tcase_add_test(c, test_explain_all);
	tcase_add_test(c, test_explain_rule);
	suite_add_tcase(s, c);
	return s;
}
