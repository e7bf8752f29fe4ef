/*
 * test_fields.c: export/fields.h and export/choice.h.
 */
#include <check.h>

#include "export/choice.h"
#include "export/fields.h"

Suite *fields_suite(void);

static void expect(struct slice got, const char *want)
{
	ck_assert_msg(slice_equal(got, slice_string(want)), "%.*s is not %s", (int)got.len,
		      got.data, want);
}

START_TEST(head)
{
	struct head h;

	/* in any order, and what is not known is passed over */
	ck_assert(fields_head(SLICE("{\"_response\":7,\"_source\":\"s\",\"_recipients\":2,\"_rows\":"
				    "[[1,2]],\"_captured\":{\"_id\":1},\"x\":{\"id\":0},\"status\":"
				    "\"failed\",\"id\":\"b\",\"retry_count\":3}"),
			      &h));
	ck_assert_uint_eq(h.number, 7);
	ck_assert_uint_eq(h.recipients, 2);
	ck_assert(h.captured);
	expect(h.source, "\"s\"");
	expect(h.id, "\"b\"");
	expect(h.status, "\"failed\"");
	expect(h.retries, "3");
	expect(h.name, "");
	expect(h.members, "\"x\":{\"id\":0},\"status\":\"failed\",\"id\":\"b\",\"retry_count\":3}");
}
END_TEST

START_TEST(person)
{
	struct person p;

	ck_assert(fields_person(SLICE("{\"_batch\":\"b\",\"_response\":2,\"id\":\"r\",\"phone_number\""
				      ":null,\"conversation_initiation_client_data\":{\"id\":1}}"),
				&p));
	ck_assert_uint_eq(p.first_response, 2);
	ck_assert(!p.captured);
	expect(p.batch, "\"b\"");
	expect(p.id, "\"r\"");
	expect(p.phone, "null");
	expect(p.client, "{\"id\":1}");
	ck_assert(fields_person(SLICE("{\"_batch\":\"b\",\"_response\":2}"), &p));
	expect(p.members, "}");
}
END_TEST

START_TEST(bad_lines)
{
	static const char *const lines[] = {
		"", "{}", "[]", "[1,2]", "{\"_batch\":\"b\"}", "{\"_response\":1}",
		"{\"_batch\":\"b\",\"_response\":-1}", "{\"_batch\":\"b\",\"_response\":1",
		"{\"_batch\":\"b\",\"_response\":1,}", "{\"_batch\":\"b\" \"_response\":1}",
	};
	struct person p;
	struct head h;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		ck_assert_msg(!fields_person(slice_string(lines[i]), &p), "%s", lines[i]);
		ck_assert_msg(!fields_head(slice_string(lines[i]), &h), "%s", lines[i]);
	}
}
END_TEST

START_TEST(client)
{
	struct client c;

	fields_client(SLICE("{\"conversation_config_override\":{\"a\":1},\"source_info\":"
			    "{\"source\":\"s\"},\"dynamic_variables\":{}}"), &c);
	expect(c.override, "{\"a\":1}");
	expect(c.source, "\"s\"");
	expect(c.variables, "{}");
	fields_client(SLICE("{\"source_info\":null,\"dynamic_variables\":null}"), &c);
	expect(c.source, "");
	expect(c.variables, "null");
	fields_client(SLICE("null"), &c);
	expect(c.variables, "");
	fields_client(SLICE(""), &c);
	expect(c.variables, "");
}
END_TEST

START_TEST(digits)
{
	struct buf out = BUF_INIT;

	fields_digits(SLICE("\"+49 (1)\\u000023\""), &out);
	expect(buf_view(&out), "49123"); /* the escape has no digits */
	fields_digits(SLICE("\"none\""), &out);
	expect(buf_view(&out), "");
	fields_digits(SLICE("123"), &out);
	expect(buf_view(&out), "");
	buf_free(&out);
}
END_TEST

START_TEST(choice)
{
	static const struct slice batches[] = {SLICE("\"a\""), SLICE("\"b\"")};
	static const struct slice statuses[] = {SLICE("\"failed\""), SLICE("\"\"")};
	struct choice c = {.since = INT64_MIN, .until = INT64_MAX};
	struct person p = {.status = SLICE("\"failed\""), .updated = SLICE("100")};

	ck_assert(choice_batch(&c, SLICE("\"x\"")) && choice_person(&c, &p) && !choice_looks(&c));
	c.batches = (struct choice_list){batches, 2};
	ck_assert(choice_batch(&c, SLICE("\"b\"")) && !choice_batch(&c, SLICE("\"x\"")));
	c.statuses = (struct choice_list){statuses, 2};
	ck_assert(choice_looks(&c) && choice_person(&c, &p));
	p.status = SLICE("null");
	ck_assert(choice_person(&c, &p));
	p.status = SLICE("\"pending\"");
	ck_assert(!choice_person(&c, &p));
	p.status = SLICE("");
	ck_assert(choice_person(&c, &p));
	c.timed = true;
	ck_assert(choice_person(&c, &p));
	c.since = c.until = 100;
	ck_assert(choice_person(&c, &p));
	c.until = 99;
	ck_assert(!choice_person(&c, &p));
	c.since = 101, c.until = INT64_MAX;
	ck_assert(!choice_person(&c, &p));
	c.since = INT64_MIN;
	p.updated = SLICE("\"100\"");
	ck_assert(!choice_person(&c, &p));
}
END_TEST

Suite *fields_suite(void)
{
	Suite *s = suite_create("fields");
	TCase *t = tcase_create("fields");

	tcase_add_test(t, head);
	tcase_add_test(t, person);
	tcase_add_test(t, bad_lines);
	tcase_add_test(t, client);
	tcase_add_test(t, digits);
	tcase_add_test(t, choice);
	suite_add_tcase(s, t);
	return s;
}
