/*
 * test_print.c: finding/print.h: the formats.
 */
#include <check.h>
#include <jansson.h>

#include "finding/print.h"

static struct findings *f;
static struct buf out;
static const struct finding_source source = {
	.path = {"d/a.json", 8},
	.response = 3,
	.batch_id = {"btcal_\"1", 8},
};

static void start(uint64_t most)
{
	findings_free(f);
	f = findings_new(most, NULL);
	ck_assert_ptr_nonnull(f);
	findings_begin_unit(f);
}

static void setup(void)
{
	start(2);
}

static void teardown(void)
{
	findings_free(f);
	f = NULL;
	buf_free(&out);
}

static void find(enum rule rule, struct slice shape, struct slice pointer, struct slice message,
		 uint64_t offset)
{
	struct place place = {offset, 1, offset + 1};

	if (findings_count(f, rule, rule_info(rule)->severity, BASIS_NONE, shape, &place))
		findings_tell(f, pointer, message);
}

static void expect(const char *format, const struct finding_source *from, bool color,
		   const char *want)
{
	findings_commit_unit(f);
	buf_clear(&out);
	finding_format(slice_string(format))->print(&out, from, f, color);
	buf_byte(&out, '\0');
	ck_assert_str_eq(out.data, want);
}

START_TEST(test_table)
{
	const struct finding_format *row = finding_formats();

	ck_assert_str_eq(row->name, "text");
	for (; row->name != NULL; row++) {
		ck_assert_ptr_eq(finding_format(slice_string(row->name)), row);
		ck_assert_ptr_nonnull(row->summary);
	}
	ck_assert_ptr_null(finding_format(SLICE("")));
	ck_assert_ptr_null(finding_format(SLICE("xml")));
	ck_assert_ptr_null(finding_format(SLICE("tex")));
}
END_TEST

START_TEST(test_nothing)
{
	expect("text", &source, true, "");
	expect("ndjson", &source, false, "");
}
END_TEST

START_TEST(test_text)
{
	find(RULE_type, SLICE("/recipients/*/status"), SLICE("/recipients/83/status"),
	     SLICE("expected string, found 7"), 40);
	find(RULE_not_a_response, SLICE(""), SLICE(""), SLICE("HTML page \"502\""), 50);
	find(RULE_unknown_member, SLICE("/t"), SLICE("/t"), SLICE("unknown member \"t\""), 60);
	expect("text", &source, false,
	       "d/a.json:1:41: error: expected string, found 7 [type] /recipients/83/status\n"
	       "d/a.json:1:51: error: HTML page \"502\" [not-a-response]\n"
	       "d/a.json:1:61: info: unknown member \"t\" [unknown-member] /t\n");
}
END_TEST

START_TEST(test_text_more)
{
	for (unsigned i = 0; i < 1236; i++)
		find(RULE_enum, SLICE("/recipients/*/status"), SLICE("/recipients/0/status"),
		     SLICE("bad"), i);
	for (unsigned i = 0; i < 3; i++)
		find(RULE_secret, SLICE(""), SLICE(""), SLICE("key"), 2000 + i);
	expect("text", &source, false,
	       "d/a.json:1:1: error: bad [enum] /recipients/0/status\n"
	       "d/a.json:1:2: error: bad [enum] /recipients/0/status\n"
	       "d/a.json:1:2001: warning: key [secret]\n"
	       "d/a.json:1:2002: warning: key [secret]\n"
	       "  \xe2\x80\xa6 and 1,234 more at /recipients/*/status in this response [enum]\n"
	       "  \xe2\x80\xa6 and 1 more in this response [secret]\n");
}
END_TEST

START_TEST(test_text_none_told)
{
	start(0);
	for (unsigned i = 5; i < 10; i++)
		find(RULE_enum, SLICE("/status"), SLICE(""), SLICE(""), i);
	find(RULE_syntax, SLICE(""), SLICE(""), SLICE(""), 20);
	expect("text", &source, false,
	       "d/a.json:1:6: error: 5 findings, the first one here [enum] /status\n"
	       "d/a.json:1:21: error: 1 finding, here [syntax]\n");
}
END_TEST

START_TEST(test_text_color)
{
	find(RULE_type, SLICE("/a"), SLICE("/a"), SLICE("m"), 0);
	find(RULE_secret, SLICE("/a"), SLICE("/a"), SLICE("m"), 1);
	find(RULE_unknown_member, SLICE("/a"), SLICE("/a"), SLICE("m"), 2);
	expect("text", &source, true,
	       "\033[1md/a.json:1:1:\033[0m \033[1;31merror\033[0m: m [type] /a\n"
	       "\033[1md/a.json:1:2:\033[0m \033[1;35mwarning\033[0m: m [secret] /a\n"
	       "\033[1md/a.json:1:3:\033[0m \033[1;36minfo\033[0m: m [unknown-member] /a\n");
}
END_TEST

START_TEST(test_text_is_safe)
{
	struct finding_source evil = source;
	char shape[] = "/\033[2J\n";

	evil.path = SLICE("a\033]0;x\a\nb");
	for (unsigned i = 0; i < 3; i++)
		find(RULE_type, slice_string(shape), SLICE("/\x1b\xe2\x80\xae\r\n"),
		     SLICE("\x1b[31m\xff\n"), i);
	findings_commit_unit(f);
	finding_format(SLICE("text"))->print(&out, &evil, f, false);
	size_t lines = 0;
	for (size_t i = 0; i < out.len; i++) {
		ck_assert(out.data[i] == '\n' || (unsigned char)out.data[i] >= 0x20);
		lines += out.data[i] == '\n';
	}
	ck_assert_uint_eq(lines, 3);
	ck_assert_ptr_null(memmem(out.data, out.len, "\xe2\x80\xae", 3));
	ck_assert_ptr_null(memchr(out.data, 0xff, out.len));
}
END_TEST

START_TEST(test_ndjson)
{
	struct finding_source nameless = source;

	nameless.batch_id = slice_of(NULL, 0);
	find(RULE_type, SLICE("/a"), SLICE("/a\"\n"), SLICE("m\\\x1b"), 10);
	expect("ndjson", &source, true,
	       "{\"path\":\"d/a.json\",\"response\":3,\"batch_id\":\"btcal_\\\"1\","
	       "\"rule\":\"type\",\"severity\":\"error\","
	       "\"pointer\":\"/a\\\"\\n\",\"line\":1,\"column\":11,"
	       "\"offset\":10,\"message\":\"m\\\\\\u001b\"}\n");
	expect("ndjson", &nameless, false,
	       "{\"path\":\"d/a.json\",\"response\":3,\"batch_id\":null,\"rule\":\"type\","
	       "\"severity\":\"error\",\"pointer\":\"/a\\\"\\n\",\"line\":1,\"column\":11,"
	       "\"offset\":10,\"message\":\"m\\\\\\u001b\"}\n");
}
END_TEST

START_TEST(test_ndjson_more)
{
	start(1);
	for (unsigned i = 0; i < 1001; i++)
		find(RULE_type, SLICE("/a/*"), SLICE("/a/0"), SLICE("m"), i);
	expect("ndjson", &source, false,
	       "{\"path\":\"d/a.json\",\"response\":3,\"batch_id\":\"btcal_\\\"1\","
	       "\"rule\":\"type\",\"severity\":\"error\","
	       "\"pointer\":\"/a/0\",\"line\":1,\"column\":1,"
	       "\"offset\":0,\"message\":\"m\"}\n"
	       "{\"path\":\"d/a.json\",\"response\":3,\"batch_id\":\"btcal_\\\"1\","
	       "\"rule\":\"type\",\"severity\":\"error\","
	       "\"pointer\":\"/a/*\",\"line\":1,\"column\":2,"
	       "\"offset\":1,\"message\":\"and 1000 more in this response\",\"more\":1000}\n");
}
END_TEST

/* Whatever the bytes are, another reader of JSON reads every line. */
START_TEST(test_ndjson_is_json)
{
	char evil[256];

	for (int i = 0; i < 256; i++)
		evil[i] = (char)i;
	struct finding_source from = {slice_of(evil, 256), 1, slice_of(evil, 256)};
	for (unsigned i = 0; i < 4; i++)
		find(RULE_enum, slice_of(evil, 256), slice_of(evil, 256), slice_of(evil, 256), i);
	findings_commit_unit(f);
	finding_format(SLICE("ndjson"))->print(&out, &from, f, false);
	size_t lines = 0;
	for (char *at = out.data, *end; at < out.data + out.len; at = end + 1, lines++) {
		end = memchr(at, '\n', (size_t)(out.data + out.len - at));
		ck_assert_ptr_nonnull(end);
		json_t *line = json_loadb(at, (size_t)(end - at),
					  JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
		ck_assert_ptr_nonnull(line);
		ck_assert_uint_eq(json_object_size(line), lines < 2 ? 10 : 11);
		json_decref(line);
	}
	ck_assert_uint_eq(lines, 3);
}
END_TEST

Suite *print_suite(void);

Suite *print_suite(void)
{
	Suite *s = suite_create("print");
	TCase *c = tcase_create("formats");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, test_table);
	tcase_add_test(c, test_nothing);
	tcase_add_test(c, test_text);
	tcase_add_test(c, test_text_more);
	tcase_add_test(c, test_text_none_told);
	tcase_add_test(c, test_text_color);
	tcase_add_test(c, test_text_is_safe);
	tcase_add_test(c, test_ndjson);
	tcase_add_test(c, test_ndjson_more);
	tcase_add_test(c, test_ndjson_is_json);
	suite_add_tcase(s, c);
	return s;
}
