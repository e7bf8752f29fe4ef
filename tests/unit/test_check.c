/*
 * test_check.c: the checker on whole texts and on texts cut into windows of every size from 1 to 64
 * bytes, on every target: same findings, same output.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "checked.h"

Suite *check_suite(void);

/* --- cases --- */

#define HEAD                                                                                       \
	"{\"id\":\"b\",\"name\":\"n\",\"agent_id\":\"a\",\"created_at_unix\":1,"                   \
	"\"scheduled_time_unix\":2,\"last_updated_at_unix\":3,\"status\":\"completed\","           \
	"\"agent_name\":\"x\","
#define RECIPIENT                                                                                  \
	"{\"id\":\"r\",\"status\":\"completed\",\"created_at_unix\":1,\"updated_at_unix\":2"

/* What is in the list of recipients, and what the findings are to be, a line each. */
static const struct {
	const char *recipient;
	const char *findings;
} recipients[] = {
	{RECIPIENT "}", ""},
	{"7", "error type 1:158 @157 [/recipients/0] expected object, found integer 7\n"},
	{"{}",
	 "error required 1:158 @157 [/recipients/0/id] required member \"id\" is missing\n"
	 "error required 1:158 @157 [/recipients/0/status] required member \"status\" is missing\n"
	 "error required 1:158 @157 [/recipients/0/created_at_unix] required member "
	 "\"created_at_unix\" is missing\n"
	 "error required 1:158 @157 [/recipients/0/updated_at_unix] required member "
	 "\"updated_at_unix\" is missing\n"},
	{RECIPIENT ",\"phone_number\":12}",
	 "error type 1:244 @243 [/recipients/0/phone_number] expected string or null, found integer "
	 "12\n"},
	{RECIPIENT ",\"phone_number\":{\"a\":[1,{}]}}",
	 "error type 1:244 @243 [/recipients/0/phone_number] expected string or null, found an "
	 "object\n"},
	{RECIPIENT ",\"new\":1}",
	 "info unknown-member 1:229 @228 [/recipients/0/new] the model does not know the member "
	 "\"new\"\n"},
	{RECIPIENT ",\"x-api-key\":\"k\"}",
	 "warning secret 1:229 @228 [/recipients/0/x-api-key] a key or token was saved with the "
	 "capture, as member \"x-api-key\"\n"},
	{RECIPIENT ",\"conversation_id\":\"<string>\"}",
	 "warning placeholder 1:247 @246 [/recipients/0/conversation_id] the documentation's own "
	 "sample value \"<string>\"\n"},
	{RECIPIENT ",\"status\":\"failed\"}",
	 "error duplicate-member 1:229 @228 [/recipients/0/status] the member \"status\" stands twice "
	 "in this object\n"},
	{RECIPIENT ",\"conversation_initiation_client_data\":{\"dynamic_variables\":{\"b\":1,\"a\":2,"
		   "\"b\":3}}}",
	 "error duplicate-member 1:301 @300 "
	 "[/recipients/0/conversation_initiation_client_data/dynamic_variables/b] the member \"b\" "
	 "stands twice in this object\n"},
	{RECIPIENT ",\"conversation_initiation_client_data\":{\"dynamic_variables\":{\"a/~b\":[]}}}",
	 "warning type 1:296 @295 "
	 "[/recipients/0/conversation_initiation_client_data/dynamic_variables/a~1~0b] expected "
	 "string, number, boolean or null, found an array\n"},
	{"{\"id\":\"\",\"status\":\"done\",\"created_at_unix\":1.5,\"updated_at_unix\":-1}",
	 "error length 1:164 @163 [/recipients/0/id] expected a string of at least 1 character, found "
	 "\"\"\n"
	 "warning enum 1:176 @175 [/recipients/0/status] expected one of pending, dispatched, "
	 "initiated, in_progress, completed, failed, cancelled, voicemail; found \"done\"\n"
	 "error type 1:201 @200 [/recipients/0/created_at_unix] expected integer, found number 1.5\n"
	 "warning minimum 1:223 @222 [/recipients/0/updated_at_unix] expected at least 0, found "
	 "integer -1\n"},
	/* a broken one */
	{"{\"id\":\"r\",}",
	 "error syntax 1:168 @167 [/recipients/0] expected a member's name in double quotes, found "
	 "'}'\n"},
	{"{\"id\":\"r\xc3\x28\"}",
	 "error encoding 1:166 @165 [/recipients/0/id] the byte 0xc3 is not UTF-8 here\n"},
	{"{\"id\":\"\\ud800\"}",
	 "error encoding 1:165 @164 [/recipients/0/id] half of a surrogate pair: the escape stands for "
	 "no character\n"},
};

static char *whole_response(const char *recipient, size_t *len)
{
	struct buf out = BUF_INIT;

	buf_string(&out, HEAD "\"recipients\":[");
	buf_string(&out, recipient);
	buf_string(&out, "]}");
	*len = out.len;
	buf_byte(&out, '\0');
	return out.data;
}

START_TEST(test_recipients)
{
	size_t len;
	char *text = whole_response(recipients[_i].recipient, &len);
	char *result = checked_run(slice_of(text, len), 0, false, &checked_usual);
	const char *found = strstr(result, "\nend ");

	if (found == NULL)
		found = strstr(result, "broken ");
	else
		found++;
	ck_assert_ptr_nonnull(found);
	found = strchr(found, '\n') + 1;
	ck_assert_str_eq(found, recipients[_i].findings);
	free(result);
	checked_same(slice_of(text, len), false, &checked_usual);
	free(text);
}
END_TEST

/* What a value of custom_llm_extra_body (anything goes) becomes. */
static const struct {
	const char *from, *to;
} spellings[] = {
	{"{}", "{}"},
	{" [ ] ", "[]"},
	{"{ \"b\" : 1 , \"a\" : 2 }", "{\"a\":2,\"b\":1}"},
	{"{\"\\u0061\":1,\"A\":2,\"\":3}", "{\"\":3,\"A\":2,\"a\":1}"},
	{"\"\\u00e9\\/\\u0022\\u005c\\u000a\\u0001\\u001F\\b\"",
	 "\"\xc3\xa9/\\\"\\\\\\n\\u0001\\u001f\\b\""},
	{"\"\\ud83d\\ude00\\u007f\"", "\"\xf0\x9f\x98\x80\x7f\""},
	{"[1.0,-0,1e5,1E+2,0.10,123456789012345678901234567890]",
	 "[1.0,-0,1e5,1E+2,0.10,123456789012345678901234567890]"},
	{"[true,false,null,\"\",[[]],{\"a\":{}}]", "[true,false,null,\"\",[[]],{\"a\":{}}]"},
	{"{\"a#\":1,\"a\\\"\":2,\"a\\n\":3}", "{\"a\\n\":3,\"a\\\"\":2,\"a#\":1}"},
};

START_TEST(test_spelling)
{
	struct buf text = BUF_INIT;
	char *result, *found;
	size_t len;

	buf_string(&text, RECIPIENT ",\"conversation_initiation_client_data\":{"
				    "\"custom_llm_extra_body\":{\"v\":");
	buf_string(&text, spellings[_i].from);
	buf_string(&text, "}}}");
	buf_byte(&text, '\0');
	char *whole = whole_response(text.data, &len);
	result = checked_run(slice_of(whole, len), 0, false, &checked_usual);
	found = strstr(result, "{\"v\":");
	ck_assert_ptr_nonnull(found);
	found += strlen("{\"v\":");
	ck_assert_msg(strncmp(found, spellings[_i].to, strlen(spellings[_i].to)) == 0 &&
			      strncmp(found + strlen(spellings[_i].to), "}}}\n", 4) == 0,
		      "%s became %s", spellings[_i].from, found);
	free(result);
	checked_same(slice_of(whole, len), false, &checked_usual);
	free(whole);
	buf_free(&text);
}
END_TEST

/* How an integer member comes out, and whether it is one. */
static const struct {
	const char *from, *to;
	bool integer;
} integers[] = {
	{"0", "0", true},
	{"-0", "0", true},
	{"1.0", "1", true},
	{"1e0", "1", true},
	{"10e-1", "1", true},
	{"1e2", "100", true},
	{"120.50e1", "1205", true},
	{"1.5", "1.5", false},
	{"1e-1", "1e-1", false},
	{"123456789012345678901234567890", "123456789012345678901234567890", true},
	{"1e63", "1000000000000000000000000000000000000000000000000000000000000000", true},
	{"1e64", "1e64", true},
	{"1e400", "1e400", true},
	{"0e999999999999999999999999", "0", true},
};

START_TEST(test_integers)
{
	struct buf text = BUF_INIT;
	struct buf wanted = BUF_INIT;
	char *result;

	buf_string(&text, HEAD "\"recipients\":[],\"retry_count\": ");
	buf_string(&text, integers[_i].from);
	buf_string(&text, " }");
	buf_string(&wanted, "\"retry_count\":");
	buf_string(&wanted, integers[_i].to);
	buf_string(&wanted, "}\nend");
	buf_byte(&wanted, '\0');
	result = checked_run(buf_view(&text), 0, false, &checked_usual);
	ck_assert_msg(strstr(result, wanted.data) != NULL, "%s: %s", integers[_i].from, result);
	ck_assert_int_eq(strstr(result, "error type") == NULL, integers[_i].integer);
	free(result);
	checked_same(buf_view(&text), false, &checked_usual);
	buf_free(&text);
	buf_free(&wanted);
}
END_TEST

/* Whole texts, for what is between and around the units. */
static const struct {
	const char *text;
	const char *result;
} texts[] = {
	{"{}", "response {}\nend 2 is 'an empty object' unfit\n"
	       "error required 1:1 @0 [/id] required member \"id\" is missing\n"
	       "error required 1:1 @0 [/name] required member \"name\" is missing\n"
	       "error required 1:1 @0 [/agent_id] required member \"agent_id\" is missing\n"
	       "error required 1:1 @0 [/created_at_unix] required member \"created_at_unix\" is "
	       "missing\n"
	       "error required 1:1 @0 [/scheduled_time_unix] required member "
	       "\"scheduled_time_unix\" is missing\n"
	       "error required 1:1 @0 [/last_updated_at_unix] required member "
	       "\"last_updated_at_unix\" is missing\n"
	       "error required 1:1 @0 [/status] required member \"status\" is missing\n"
	       "error required 1:1 @0 [/agent_name] required member \"agent_name\" is missing\n"
	       "error required 1:1 @0 [/recipients] required member \"recipients\" is missing\n"},
	{HEAD "\"recipients\":[]}",
	 "response {\"id\":\"b\",\"name\":\"n\",\"agent_id\":\"a\",\"created_at_unix\":1,"
	 "\"scheduled_time_unix\":2,\"last_updated_at_unix\":3,\"status\":\"completed\","
	 "\"agent_name\":\"x\"}\nend 159 is '' fit\n"},
	{HEAD "\"recipients\":null}",
	 "response {\"id\":\"b\",\"name\":\"n\",\"agent_id\":\"a\",\"created_at_unix\":1,"
	 "\"scheduled_time_unix\":2,\"last_updated_at_unix\":3,\"status\":\"completed\","
	 "\"agent_name\":\"x\",\"recipients\":null}\nend 161 is '' unfit\n"
	 "error type 1:157 @156 [/recipients] expected array, found null\n"},
	{HEAD "\n\"recipients\"\n:\n[\n" RECIPIENT ",\"_z\":1,\"_a\":2,\"Z\":3,\"zz\":4}\n]\n,\"_q\":1}",
	 "recipient " RECIPIENT ",\"Z\":3,\"_a\":2,\"_z\":1,\"zz\":4} reserved \"_a\":2,\"_z\":1\n"
	 "response {\"id\":\"b\",\"name\":\"n\",\"agent_id\":\"a\",\"created_at_unix\":1,"
	 "\"scheduled_time_unix\":2,\"last_updated_at_unix\":3,\"status\":\"completed\","
	 "\"agent_name\":\"x\",\"_q\":1} reserved \"_q\":1\nend 270 is '' fit\n"
	 "info unknown-member 5:72 @232 [/recipients/0/_z] the model does not know the member \"_z\"\n"
	 "info unknown-member 5:79 @239 [/recipients/0/_a] the model does not know the member \"_a\"\n"
	 "info unknown-member 5:86 @246 [/recipients/0/Z] the model does not know the member \"Z\"\n"
	 "info unknown-member 5:92 @252 [/recipients/0/zz] the model does not know the member "
	 "\"zz\"\n"
	 "info unknown-member 7:2 @263 [/_q] the model does not know the member \"_q\"\n"},
	{HEAD "\"recipients\":[" RECIPIENT "}" RECIPIENT "}]}",
	 "recipient " RECIPIENT "}\nbroken unfit\n"
	 "error syntax 1:229 @228 [/recipients] expected ',' or ']', found '{'\n"},
	{HEAD "\"recipients\":[" RECIPIENT "}",
	 "recipient " RECIPIENT "}\nbroken unfit\n"
	 "error syntax 1:229 @228 [/recipients] the input ends where ',' or ']' was expected: it is "
	 "truncated\n"},
	{"{\"id\":\"b\" \"name\":1}",
	 "broken unfit\nerror syntax 1:11 @10 [] expected ',' or '}', found '\"'\n"},
	{"{\"id\":\"b\",}",
	 "broken unfit\nerror syntax 1:11 @10 [] expected a member's name in double quotes, found "
	 "'}'\n"},
	{"{\"id\":\"b", "broken unfit\nerror syntax 1:9 @8 [/id] the input ends inside a string: it is "
		       "truncated\n"},
	{"{\"zz\":1,\"zz\":2,\"id\":\"\\n\",\"zz\":3}", NULL},
	{"{\"id\":nul}", "broken unfit\nerror syntax 1:10 @9 [/id] expected null, found '}'\n"},
	{"{\"id\":\"a\tb\"}",
	 "broken unfit\nerror syntax 1:9 @8 [/id] the control character 0x09 must be escaped in a "
	 "string\n"},
};

START_TEST(test_texts)
{
	struct slice text = slice_string(texts[_i].text);
	char *result = checked_run(text, 0, false, &checked_usual);

	if (texts[_i].result != NULL)
		ck_assert_str_eq(result, texts[_i].result);
	free(result);
	checked_same(text, false, &checked_usual);
}
END_TEST

/* What RFC 8259 allows and what it does not, as values that are no responses. */
static const char *const legal[] = {
	"0", "-0", "-1.5e-7", "1E9", "\"\"", "\"\\u0000\"", "[]", "[ [] , {} ]", "true", "null",
	"{\"\":\"\"}", "\"\xef\xbf\xbf\"", "\"\xf4\x8f\xbf\xbf\"", "\"\x7f\"", " \t\r\n[1]",
};
static const char *const illegal[] = {
	"01", "-", "1.", ".5", "+1", "1e", "1e+", "0x1", "tru", "nulL", "[1,]", "[,1]", "[1 2]",
	"{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\x01\"",
	"\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xe2\x82\"", "\"\\udc00\"",
	"\"\\ud800\\u0041\"", "\"\\ud800x\"", "[", "[1", "{", "{\"a\"", "{\"a\":1", "[\"a", "'a'",
	"NaN", "Infinity", ("\xef\xbb\xbf" "1"), "\xff", "[\v1]", "[1\f]", "",
};

START_TEST(test_legal)
{
	struct slice text = slice_string(legal[_i]);
	char *result = checked_run(text, 0, true, &checked_usual);

	ck_assert_msg(strncmp(result, "end", 3) == 0 && strstr(result, "error") == NULL, "%s: %s",
		      legal[_i], result);
	free(result);
	checked_same(text, true, &checked_usual);
}
END_TEST

START_TEST(test_illegal)
{
	struct slice text = slice_string(illegal[_i]);
	char *result = checked_run(text, 0, true, &checked_usual);
	bool stops_before_end = strcmp(illegal[_i], "01") == 0;

	/* 01 is a number and another one: who reads the stream says so */
	if (stops_before_end)
		ck_assert_msg(strncmp(result, "end 1 ", 6) == 0, "%s", result);
	else if (strcmp(illegal[_i], "0x1") == 0)
		ck_assert_msg(strncmp(result, "end 1 ", 6) == 0, "%s", result);
	else
		ck_assert_msg(strncmp(result, "broken", 6) == 0, "%s: %s", illegal[_i], result);
	free(result);
	checked_same(text, true, &checked_usual);
}
END_TEST

/* --- limits --- */

START_TEST(test_depth)
{
	struct check_limits limits = {LIMIT_RECORD, 8};
	struct buf text = BUF_INIT;
	char *result;

	for (int i = 0; i < 8; i++)
		buf_byte(&text, '[');
	for (int i = 0; i < 8; i++)
		buf_byte(&text, ']');
	result = checked_run(buf_view(&text), 0, true, &limits);
	ck_assert_msg(strncmp(result, "end", 3) == 0, "%s", result);
	free(result);
	buf_clear(&text);
	for (int i = 0; i < 9; i++)
		buf_byte(&text, '[');
	result = checked_run(buf_view(&text), 0, true, &limits);
	ck_assert_msg(strstr(result, "error depth 1:9 @8 [/0/0/0/0/0/0/0/0]") != NULL, "%s", result);
	free(result);
	checked_same(buf_view(&text), true, &limits);
	buf_free(&text);
}
END_TEST

START_TEST(test_too_large)
{
	struct check_limits limits = {64, LIMIT_DEPTH};
	struct buf text = BUF_INIT;
	char *result;

	buf_string(&text, "{\"id\":\"b\",\"recipients\":[{\"id\":\"");
	for (int i = 0; i < 100; i++)
		buf_byte(&text, 'x');
	buf_string(&text, "\"}]}");
	result = checked_run(buf_view(&text), 0, false, &limits);
	ck_assert_str_eq(result, "broken unfit\nerror too-large 1:25 @24 [/recipients/0] larger than "
				 "--max-record allows\n");
	free(result);
	checked_same(buf_view(&text), false, &limits);
	/* and when it breaks behind the limit */
	buf_clear(&text);
	buf_string(&text, "{\"id\":\"b\",\"name\":[");
	for (int i = 0; i < 100; i++)
		buf_string(&text, "1,");
	buf_string(&text, "}");
	result = checked_run(buf_view(&text), 0, false, &limits);
	ck_assert_str_eq(result, "broken unfit\nerror too-large 1:18 @17 [/name] larger than "
				 "--max-record allows\n");
	free(result);
	checked_same(buf_view(&text), false, &limits);
	/* all members together */
	buf_clear(&text);
	buf_string(&text, "{\"id\":\"b\"");
	for (int i = 0; i < 10; i++)
		buf_printf(&text, ",\"m%d\":1234567890", i);
	buf_string(&text, "}");
	result = checked_run(buf_view(&text), 0, false, &limits);
	ck_assert_msg(strstr(result, "error too-large") != NULL, "%s", result);
	free(result);
	checked_same(buf_view(&text), false, &limits);
	buf_free(&text);
}
END_TEST

START_TEST(test_many_members)
{
	struct check_limits limits = {LIMIT_RECORD_MOST, LIMIT_DEPTH};
	struct buf text = BUF_INIT;
	char *result;

	buf_byte(&text, '{');
	for (size_t i = 0; i <= LIMIT_MEMBERS; i++)
		buf_printf(&text, "%s\"%zx\":0", i > 0 ? "," : "", (i * 2654435761u) & 0xffffffff);
	buf_byte(&text, '}');
	result = checked_run(buf_view(&text), 0, true, &limits);
	ck_assert_msg(strstr(result, "error too-large") != NULL, "%.100s", result);
	free(result);
	buf_free(&text);
}
END_TEST

/* Everything that was normalised is its own normal form. */
START_TEST(test_idempotent)
{
	size_t len;
	char *text = whole_response(
		RECIPIENT ",\"zeta\":[1.50,{\"b\":\"\\u00e9\",\"a\":-0.0}],\"alpha\":\"\\ud83d\\ude00\\n\","
			  "\"conversation_initiation_client_data\":{\"user_id\":null,"
			  "\"dynamic_variables\":{\"z\":1,\"a\":\"\\/\"}}}",
		&len);
	char *first = checked_run(slice_of(text, len), 0, false, &checked_usual), *second, *record, *end;
	char *again;

	record = strstr(first, "recipient {");
	ck_assert_ptr_nonnull(record);
	record += strlen("recipient ");
	end = strchr(record, '\n');
	*end = '\0';
	again = whole_response(record, &len);
	second = checked_run(slice_of(again, len), 0, false, &checked_usual);
	ck_assert_msg(strstr(second, record) != NULL, "%s\n%s", record, second);
	free(first);
	free(second);
	free(text);
	free(again);
}
END_TEST

/* enum and const hold for what is read in units, too. */
static const struct {
	const char *model, *finding;
} wholes[] = {
	{"{\"const\":1}", "error const 1:1 @0 [] expected 1; found an object\n"},
	{"{\"enum\":[\"a\",null]}", "error enum 1:1 @0 [] expected one of a, null; found an object\n"},
	{"{\"properties\":{\"recipients\":{\"const\":1}}}",
	 "error const 1:24 @23 [/recipients] expected 1; found an array\n"},
	{"{\"properties\":{\"recipients\":{\"minItems\":1,\"type\":\"array\"}}}",
	 "error items 1:24 @23 [/recipients] expected a list of at least 1 element, found 0\n"},
};

START_TEST(test_wholes)
{
	struct slice text = SLICE("{\"id\":\"b\",\"recipients\":[]}");
	char *result;

	checked_model(wholes[_i].model);
	result = checked_run(text, 0, false, &checked_usual);
	ck_assert_msg(strstr(result, wholes[_i].finding) != NULL, "%s", result);
	free(result);
	checked_same(text, false, &checked_usual);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))

Suite *check_suite(void)
{
	Suite *s = suite_create("check");
	TCase *t = tcase_create("check");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, checked_setup, checked_teardown);
	tcase_add_loop_test(t, test_recipients, 0, COUNT(recipients));
	tcase_add_loop_test(t, test_spelling, 0, COUNT(spellings));
	tcase_add_loop_test(t, test_integers, 0, COUNT(integers));
	tcase_add_loop_test(t, test_texts, 0, COUNT(texts));
	tcase_add_loop_test(t, test_legal, 0, COUNT(legal));
	tcase_add_loop_test(t, test_illegal, 0, COUNT(illegal));
	tcase_add_loop_test(t, test_wholes, 0, COUNT(wholes));
	tcase_add_test(t, test_depth);
	tcase_add_test(t, test_too_large);
	tcase_add_test(t, test_many_members);
	tcase_add_test(t, test_idempotent);
	suite_add_tcase(s, t);
	return s;
}
