/*
 * test_compile.c: tests of the model compiler: what each keyword accepts, and which documents are
 * refused with which words.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "accept.h"
#include "base/buf.h"

Suite *compile_suite(void);

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* --- what keywords accept --- */

#define MOST 8

static const struct {
	const char *schema;
	const char *good[MOST], *bad[MOST];
} behaviours[] = {
	{"true", {"1", "null", "{\"a\":[]}"}, {NULL}},
	{"false", {NULL}, {"1", "null", "{}"}},
	{"{}", {"1", "null", "{\"a\":[]}"}, {NULL}},

	{"{\"type\":\"null\"}", {"null"}, {"0", "\"\"", "false", "{}", "[]"}},
	{"{\"type\":\"boolean\"}", {"true", "false"}, {"0", "null", "\"true\""}},
	{"{\"type\":\"integer\"}", {"1", "1.0", "1e2", "-0.0"}, {"1.5", "\"1\"", "null"}},
	{"{\"type\":\"number\"}", {"1", "1.5"}, {"\"1\"", "null", "true"}},
	{"{\"type\":[\"integer\",\"number\"]}", {"1", "1.5"}, {"null"}},
	{"{\"type\":[\"string\",\"null\"]}", {"\"\"", "null"}, {"1", "[]", "{}"}},
	{"{\"type\":\"array\"}", {"[]", "[1,null]"}, {"{}", "null"}},
	{"{\"type\":\"object\"}", {"{}", "{\"a\":1}"}, {"[]", "null"}},

	{"{\"enum\":[\"a\",1,null,true]}",
	 {"\"a\"", "1", "1.0", "null", "true"},
	 {"\"b\"", "2", "false", "\"1\"", "[]", "{}", "\"null\"", "1.5"}},
	{"{\"type\":[\"string\",\"null\"],\"enum\":[\"a\"]}", {"\"a\""}, {"null", "\"b\""}},
	{"{\"type\":\"string\",\"enum\":[\"a\",1,null]}", {"\"a\""}, {"1", "null"}},
	{"{\"type\":\"integer\",\"enum\":[1.5,2.0]}", {"2"}, {"1.5", "1"}},
	{"{\"enum\":[0.1,1e20]}", {"0.1", "1e-1", "100e18"}, {"0.10000000000000002", "1e21"}},
	{"{\"enum\":[\"\\u00e4\\\"/\\n\"]}", {"\"\xc3\xa4\\\"\\/\\n\""}, {"\"\""}},
	{"{\"type\":\"integer\",\"enum\":[\"a\"]}", {NULL}, {"1", "\"a\"", "null"}},
	{"{\"const\":\"a\"}", {"\"a\""}, {"\"b\"", "null", "{}"}},
	{"{\"const\":null}", {"null"}, {"0", "\"null\""}},
	{"{\"const\":2.0}", {"2", "2.0"}, {"2.5", "\"2\""}},
	{"{\"const\":\"a\",\"enum\":[\"a\",\"b\"]}", {"\"a\""}, {"\"b\""}},
	{"{\"const\":\"c\",\"enum\":[\"a\",\"b\"]}", {NULL}, {"\"a\"", "\"c\"", "1"}},

	{"{\"minimum\":0}", {"0", "-0.0", "1", "\"x\"", "null"}, {"-1", "-0.001"}},
	{"{\"maximum\":1.5}", {"1.5", "-7", "[]"}, {"1.6", "2"}},
	{"{\"minimum\":-2,\"maximum\":-1.0}", {"-2", "-1", "-1.5"}, {"-3", "0"}},
	{"{\"minLength\":2}",
	 {"\"ab\"", "\"\xc3\xa4\xc3\xb6\"", "1"},
	 {"\"a\"", "\"\xc3\xa4\"", "\"\""}},
	{"{\"maxLength\":1.0}", {"\"\"", "\"\xf0\x9f\x98\x80\"", "[1,2]"}, {"\"ab\""}},
	{"{\"maxLength\":1e30}", {"\"\"", "\"abc\""}, {NULL}},
	{"{\"minItems\":1,\"maxItems\":2}", {"[1]", "[1,2]", "\"\""}, {"[]", "[1,2,3]"}},
	{"{\"items\":{\"type\":\"string\"}}",
	 {"[]", "[\"a\"]", "{\"a\":1}"},
	 {"[1]", "[\"a\",null]"}},
	{"{\"items\":false}", {"[]", "1"}, {"[1]"}},
	{"{\"items\":true}", {"[]", "[1]"}, {NULL}},

	{"{\"properties\":{\"a\":{\"type\":\"string\"}}}",
	 {"{}", "{\"a\":\"\"}", "{\"b\":1}", "1"},
	 {"{\"a\":1}", "{\"a\":null}"}},
	{"{\"properties\":{\"a\":false}}", {"{}", "{\"b\":1}"}, {"{\"a\":1}"}},
	{"{\"required\":[\"a\",\"b\",\"a\"]}",
	 {"{\"a\":1,\"b\":null}", "[]", "1"},
	 {"{}", "{\"a\":1}", "{\"b\":1,\"c\":1}"}},
	{"{\"properties\":{\"a\":true},\"additionalProperties\":false}",
	 {"{}", "{\"a\":1}"},
	 {"{\"b\":1}", "{\"a\":1,\"b\":1}"}},
	{"{\"additionalProperties\":{\"type\":\"integer\"},\"properties\":{\"a\":{}}}",
	 {"{}", "{\"a\":\"x\",\"b\":1}"},
	 {"{\"b\":\"x\"}"}},
	{"{\"additionalProperties\":false,\"required\":[\"a\"]}", {"1"}, {"{}", "{\"a\":1}"}},
	{"{\"additionalProperties\":{\"type\":\"null\"},\"required\":[\"a\"]}",
	 {"{\"a\":null}"},
	 {"{}", "{\"a\":1}"}},
	{"{\"properties\":{\"\":{\"type\":\"null\"},\"\\\"\":{\"type\":\"null\"}}}",
	 {"{\"\":null,\"\\\"\":null}"},
	 {"{\"\":1}", "{\"\\\"\":1}"}},

	{"{\"type\":\"string\",\"nullable\":true}", {"null", "\"\""}, {"1"}},
	{"{\"type\":\"string\",\"nullable\":false}", {"\"\""}, {"null"}},
	{"{\"type\":\"string\",\"nullable\":true,\"enum\":[\"a\"]}", {"\"a\""}, {"null"}},
	{"{\"type\":\"string\",\"nullable\":true,\"enum\":[\"a\",null]}",
	 {"\"a\"", "null"},
	 {"\"b\""}},

	{"{\"anyOf\":[{\"type\":\"string\",\"minLength\":1},{\"type\":\"null\"}]}",
	 {"\"a\"", "null"},
	 {"\"\"", "1"}},
	{"{\"oneOf\":[{\"type\":\"string\",\"enum\":[\"a\"]},{\"type\":\"null\"}]}",
	 {"\"a\"", "null"},
	 {"\"b\"", "1"}},
	{"{\"anyOf\":[{\"enum\":[\"a\",\"b\"]},{\"const\":null},{\"type\":\"object\"},"
	 "{\"type\":\"number\",\"minimum\":3}]}",
	 {"\"a\"", "null", "{\"x\":1}", "3.5"},
	 {"\"c\"", "2", "[]", "true"}},
	{"{\"anyOf\":[{\"type\":\"string\",\"enum\":[\"a\"]},{\"type\":\"boolean\"}]}",
	 {"\"a\"", "true", "false"},
	 {"\"true\"", "null"}},
	{"{\"anyOf\":[{\"type\":\"object\",\"required\":[\"a\"]},{\"type\":\"array\",\"items\":"
	 "{\"type\":\"null\"},\"minItems\":1}],\"maxItems\":2}",
	 {"{\"a\":1}", "[null]", "[null,null]"},
	 {"{}", "[]", "[1]", "[null,null,null]", "1"}},
	{"{\"type\":[\"string\",\"integer\"],\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}",
	 {"\"\""},
	 {"null", "1"}},
	{"{\"anyOf\":[{\"anyOf\":[{\"type\":\"string\",\"maxLength\":1},{\"type\":\"null\"}]},"
	 "{\"type\":\"integer\",\"maximum\":5}],\"minLength\":1}",
	 {"\"a\"", "null", "5"},
	 {"\"\"", "\"ab\"", "6", "1.5"}},
	{"{\"anyOf\":[{\"type\":\"string\"}],\"oneOf\":[{\"maxLength\":1}]}",
	 {"\"a\""},
	 {"\"ab\"", "1"}},
	/* one branch accepts every number, so the other says nothing */
	{"{\"anyOf\":[{\"type\":\"integer\",\"minimum\":0},{\"type\":\"number\"},"
	 "{\"type\":\"boolean\"}]}",
	 {"-1", "1.5", "true"},
	 {"null"}},
	{"{\"anyOf\":[true,{\"type\":\"string\",\"minLength\":1}]}", {"\"\"", "1"}, {NULL}},
	{"{\"anyOf\":[false,{\"type\":\"string\"}]}", {"\"\""}, {"1"}},

	{"{\"allOf\":[{\"minimum\":1}],\"maximum\":2,\"type\":\"integer\"}",
	 {"1", "2"},
	 {"0", "3", "1.5"}},
	{"{\"minimum\":5,\"allOf\":[{\"minimum\":7}]}", {"7"}, {"6"}},
	{"{\"maximum\":7,\"allOf\":[{\"maximum\":5}]}", {"5"}, {"6"}},
	{"{\"minLength\":2,\"maxLength\":9,\"allOf\":[{\"minLength\":1,\"maxLength\":3}]}",
	 {"\"ab\"", "\"abc\""},
	 {"\"a\"", "\"abcd\""}},
	{"{\"enum\":[1,2,\"a\"],\"allOf\":[{\"enum\":[2.0,3,\"a\"]}]}", {"2", "\"a\""}, {"1", "3"}},
	/* additionalProperties looks at the properties beside it and at no others */
	{"{\"properties\":{\"a\":{}},\"allOf\":[{\"properties\":{\"b\":{}},"
	 "\"additionalProperties\":false}]}",
	 {"{}", "{\"b\":1}"},
	 {"{\"a\":1}", "{\"c\":1}"}},
	{"{\"properties\":{\"a\":{\"minimum\":1}},\"additionalProperties\":{\"type\":\"integer\"},"
	 "\"allOf\":[{\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"maximum\":3}}}]}",
	 {"{\"a\":1,\"b\":3,\"c\":9}"},
	 {"{\"a\":0}", "{\"a\":1.5}", "{\"b\":4}", "{\"b\":1.5}", "{\"c\":\"\"}"}},
	{"{\"items\":{\"minimum\":1},\"allOf\":[{\"items\":{\"maximum\":2}}]}",
	 {"[1,2]"},
	 {"[0]", "[3]"}},

	{"{\"$ref\":\"#/$defs/a\",\"maximum\":9,\"$defs\":{\"a\":{\"minimum\":1}}}",
	 {"1", "9", "\"\""},
	 {"0", "10"}},
	{"{\"$ref\":\"#/$defs/a%20b~1~0%25\",\"$defs\":{\"a b/~%\":{\"type\":\"null\"}}}",
	 {"null"},
	 {"1"}},
	{"{\"items\":{\"$ref\":\"#/x-list/1\"},\"x-list\":[true,{\"type\":\"null\"}]}",
	 {"[null]"},
	 {"[1]"}},
	{"{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"}},\"required\":[\"v\"]}",
	 {"{\"v\":1}", "{\"v\":1,\"next\":{\"v\":2,\"next\":{\"v\":3}}}"},
	 {"{\"v\":1,\"next\":{}}", "{\"v\":1,\"next\":{\"v\":2,\"next\":{}}}",
	  "{\"v\":1,\"next\":1}"}},
	{"{\"anyOf\":[{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}},{\"type\":\"null\"}]}",
	 {"null", "[]", "[[],[null]]"},
	 {"1", "[[1]]"}},
	{"{\"type\":\"object\",\"additionalProperties\":{\"$ref\":\"#\"},\"allOf\":[{\"$ref\":"
	 "\"#/$defs/b\"}],\"$defs\":{\"b\":{\"additionalProperties\":{\"$ref\":\"#/$defs/b\"}}}}",
	 {"{\"a\":{\"b\":{}}}"},
	 {"{\"a\":{\"b\":1}}"}},

	/* annotations say nothing */
	{"{\"title\":1,\"description\":[],\"format\":\"email\",\"default\":7,\"examples\":[{}],"
	 "\"$comment\":\"\",\"deprecated\":true,\"readOnly\":true,\"x-other\":{},\"$schema\":\"\","
	 "\"uniqueItems\":false,\"type\":\"string\"}",
	 {"\"no address\""},
	 {"1"}},
	{"{\"default\":{\"$ref\":\"#/nowhere\"},\"$defs\":{\"a\":{\"pattern\":\"x\"}}}",
	 {"1"},
	 {NULL}},
};

START_TEST(behaviour)
{
	struct model *m = accept_compile(behaviours[_i].schema, "");

	for (size_t i = 0; i < MOST && behaviours[_i].good[i] != NULL; i++)
		ck_assert_msg(accept_text(m, behaviours[_i].good[i]), "%s rejects %s",
			      behaviours[_i].schema, behaviours[_i].good[i]);
	for (size_t i = 0; i < MOST && behaviours[_i].bad[i] != NULL; i++)
		ck_assert_msg(!accept_text(m, behaviours[_i].bad[i]), "%s accepts %s",
			      behaviours[_i].schema, behaviours[_i].bad[i]);
	model_free(m);
}
END_TEST

/* The same schema deep in a larger document, and the text that a bundle keeps of it. */
START_TEST(behaviour_when_picked)
{
	const char *schema = behaviours[_i].schema;
	struct error e = {ERROR_NONE, ""};
	struct model *m, *again;
	char *larger;

	if (strstr(schema, "\"#") != NULL) /* these refer to the root */
		return;
	ck_assert_int_ge(asprintf(&larger, "{\"a/b\":{\"~\":[0,%s]}}", schema), 0);
	m = accept_compile(larger, "/a~1b/~0/1");
	again = model_compile(model_text(m), SLICE(""), "again", &e);
	ck_assert_msg(again != NULL, "%s", e.text);
	for (size_t i = 0; i < MOST && behaviours[_i].good[i] != NULL; i++)
		ck_assert(accept_text(again, behaviours[_i].good[i]));
	for (size_t i = 0; i < MOST && behaviours[_i].bad[i] != NULL; i++)
		ck_assert(!accept_text(again, behaviours[_i].bad[i]));
	model_free(m);
	model_free(again);
	free(larger);
}
END_TEST

/* --- what is refused --- */

static const struct {
	const char *text, *pointer, *message;
} refused[] = {
	/* documents */
	{"", "", "m.json: is empty, not a model"},
	{" \n", "", "m.json: is empty, not a model"},
	{"openapi: 3.0.0\n", "",
	 "m.json: is not JSON (a model in YAML must be converted to JSON first)"},
	{"{\"type\":}", "", "m.json:1:9: is not JSON: unexpected token near '}'"},
	{"{\"type\":\"string\",\n\"type\":\"null\"}", "",
	 "m.json:2:6: is not JSON: duplicate object key near '\"type\"'"},
	{"[]", "", "m.json: is no schema (an object, true or false)"},
	{"{\"a\":1}", "/a", "m.json#/a: is no schema (an object, true or false)"},
	{"{\"a\":{}}", "/b", "m.json#/b: there is nothing in the document"},
	{"{\"a\":[{}]}", "/a/01", "m.json#/a/01: there is nothing in the document"},
	{"{\"a\":[{}]}", "/a/1", "m.json#/a/1: there is nothing in the document"},
	{"{\"~2\":{}}", "/~2", "m.json#/~2: there is nothing in the document"},
	{"{\"a\":{}}", "a",
	 "m.json#a: there is nothing in the document (a JSON pointer begins with /)"},
	{"{\"openapi\":\"3.1.0\",\"components\":{\"schemas\":{\"A\":{},\"B\":{\"properties\":"
	 "{\"recipients\":{}}}}}}",
	 "",
	 "m.json: is an OpenAPI document; say which schema in it is the model: "
	 "FILE#/components/schemas/B"},

	/* keywords */
	{"{\"properties\":{\"a/b\":{\"pattern\":\"x\"}}}", "",
	 "m.json#/properties/a~1b/pattern: the keyword \"pattern\" is not supported"},
	{"{\"x\":{\"items\":{\"not\":{}}}}", "/x",
	 "m.json#/x/items/not: the keyword \"not\" is not supported"},
	{"{\"type\":\"string\",\"properties\":{\"a\":{\"if\":{}}}}", "",
	 "m.json#/properties/a/if: the keyword \"if\" is not supported"},
	{"{\"anyOf\":[true,{\"properties\":{\"a\":{\"if\":{}}}}]}", "",
	 "m.json#/anyOf/1/properties/a/if: the keyword \"if\" is not supported"},
	{"{\"uniqueItems\":true}", "",
	 "m.json#/uniqueItems: the keyword \"uniqueItems\" is not supported"},
	{"{\"exclusiveMinimum\":0}", "",
	 "m.json#/exclusiveMinimum: the keyword \"exclusiveMinimum\" is not supported"},
	{"{\"minimun\":0}", "", "m.json#/minimun: callroll knows no keyword \"minimun\""},
	{"{\"\\u001b[2J\":0}", "", "m.json#/\\u{1b}[2J: callroll knows no keyword \"\\u{1b}[2J\""},
	{"{\"items\":[{}]}", "", "m.json#/items: an array of schemas is not supported"},
	{"{\"properties\":{\"a\":{\"$id\":\"x\"}}}", "",
	 "m.json#/properties/a/$id: is only supported in the model's outermost schema"},

	/* forms */
	{"{\"type\":\"int\"}", "", "m.json#/type: \"int\" is no JSON type"},
	{"{\"type\":[]}", "", "m.json#/type: names no type"},
	{"{\"type\":[1]}", "", "m.json#/type: must be the name of a type, or an array of these"},
	{"{\"enum\":[]}", "", "m.json#/enum: must be an array with at least one value"},
	{"{\"enum\":[{}]}", "",
	 "m.json#/enum: an object or array as an allowed value is not supported"},
	{"{\"const\":[]}", "",
	 "m.json#/const: an object or array as an allowed value is not supported"},
	{"{\"minimum\":\"0\"}", "", "m.json#/minimum: must be a number"},
	{"{\"minLength\":-1}", "", "m.json#/minLength: must be an integer, 0 or more"},
	{"{\"maxItems\":1.5}", "", "m.json#/maxItems: must be an integer, 0 or more"},
	{"{\"required\":true}", "",
	 "m.json#/required: must be an array of names (whether a member is required is said beside "
	 "\"properties\", not in it)"},
	{"{\"required\":[1]}", "", "m.json#/required: must be an array of names"},
	{"{\"properties\":[]}", "", "m.json#/properties: must be an object of schemas"},
	{"{\"properties\":{\"a\":1}}", "",
	 "m.json#/properties: \"a\" is no schema (an object, true or false)"},
	{"{\"additionalProperties\":null}", "",
	 "m.json#/additionalProperties: must be a schema (an object, true or false)"},
	{"{\"items\":1}", "", "m.json#/items: must be a schema (an object, true or false)"},
	{"{\"anyOf\":[]}", "", "m.json#/anyOf: must be an array with at least one schema"},
	{"{\"oneOf\":[1]}", "", "m.json#/oneOf: element 0 is no schema (an object, true or false)"},
	{"{\"allOf\":[{},{}]}", "", "m.json#/allOf: more than one branch is not supported"},
	{"{\"nullable\":1}", "", "m.json#/nullable: must be true or false"},
	{"{\"nullable\":true}", "",
	 "m.json#/nullable: has no effect without \"type\" beside it (OpenAPI 3.0.3)"},

	/* unions */
	{"{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"string\",\"minLength\":1},"
	 "{\"type\":\"string\",\"maxLength\":0}]}",
	 "",
	 "m.json#/anyOf: branches 1 and 2 both accept string; only branches of different types are "
	 "supported"},
	{"{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]}", "",
	 "m.json#/oneOf: branches 0 and 1 both accept integer; only branches of different types are "
	 "supported"},
	{"{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"number\",\"minimum\":0}]}", "",
	 "m.json#/anyOf: branches 0 and 1 both accept integer; only branches of different types are "
	 "supported"},
	{"{\"anyOf\":[{\"properties\":{\"a\":{}}},{\"type\":\"object\",\"required\":[\"a\"]}]}", "",
	 "m.json#/anyOf: branches 0 and 1 both accept object; only branches of different types are "
	 "supported"},

	/* references */
	{"{\"$ref\":1}", "", "m.json#/$ref: must be a string"},
	{"{\"$ref\":\"#/$defs/a\"}", "",
	 "m.json#/$ref: refers to \"#/$defs/a\", but there is nothing"},
	{"{\"$ref\":\"#a\"}", "",
	 "m.json#/$ref: refers to \"#a\"; only a place in the same document (#/...) can be referred "
	 "to"},
	{"{\"$ref\":\"other.json#/a\"}", "",
	 "m.json#/$ref: refers to \"other.json#/a\"; only a place in the same document (#/...) can "
	 "be referred to"},
	{"{\"$ref\":\"#/title\",\"title\":\"x\"}", "",
	 "m.json#/$ref: refers to \"#/title\", which is no schema"},
	{"{\"$ref\":\"#\"}", "", "m.json#/$ref: leads back to \"#\", so it says nothing"},
	{"{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"allOf\":[{\"$ref\":\"#/$defs/b\"}]},\"b\":"
	 "{\"anyOf\":[{\"$ref\":\"#/$defs/a\"}]}}}",
	 "", "m.json#/$defs/b/anyOf/0/$ref: leads back to \"#/$defs/a\", so it says nothing"},
	{"{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"$ref\":\"#/definitions/a\","
	 "\"type\":\"string\",\"definitions\":{\"a\":{}}}",
	 "",
	 "m.json#/$ref: this draft ignores the keywords beside $ref; put the $ref into an allOf"},
	{"{\"openapi\":\"3.0.1\",\"s\":{\"$ref\":\"#/a\",\"nullable\":true},\"a\":{}}", "/s",
	 "m.json#/s/$ref: OpenAPI 3.0 ignores the keywords beside $ref; put the $ref into an allOf"},
	{"{\"openapi\":\"3.1.0\",\"s\":{\"type\":\"string\",\"nullable\":true}}", "/s",
	 "m.json#/s/nullable: has no effect in OpenAPI 3.1; write \"null\" among the types"},

	/* annotations of our own */
	{"{\"x-callroll-severity\":\"fatal\"}", "",
	 "m.json#/x-callroll-severity: must be error, warning, info or off, or an object of these by "
	 "keyword"},
	{"{\"x-callroll-severity\":{\"enum\":\"bad\"}}", "",
	 "m.json#/x-callroll-severity: \"enum\" must be error, warning, info or off"},
	{"{\"x-callroll-severity\":{\"pattern\":\"info\"}}", "",
	 "m.json#/x-callroll-severity: \"pattern\" is no keyword that can be named here"},
	{"{\"x-callroll-basis\":\"guess\"}", "",
	 "m.json#/x-callroll-basis: must be documented, example or observed, or an object of these by "
	 "keyword"},
	{"{\"x-callroll-key\":\"fuzzy\"}", "",
	 "m.json#/x-callroll-key: must be \"exact\" or \"phone\""},
	{"{\"x-callroll-personal\":1}", "", "m.json#/x-callroll-personal: must be true or false"},
	{"{\"x-callroll-severty\":\"off\"}", "",
	 "m.json#/x-callroll-severty: is no annotation of callroll's; there are x-callroll-severity, "
	 "-basis, -key and -personal"},
};

START_TEST(refusal)
{
	struct error e = {ERROR_NONE, ""};
	struct model *m = model_compile(slice_string(refused[_i].text),
					slice_string(refused[_i].pointer), "m.json", &e);

	ck_assert_msg(m == NULL, "%s", refused[_i].text);
	ck_assert_str_eq(e.text, refused[_i].message);
	ck_assert_int_eq(e.kind, ERROR_MODEL);
}
END_TEST

/* Appends `n` times `a`, then `b`, then `n` times `c`. */
static char *nested(size_t n, const char *a, const char *b, const char *c)
{
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		buf_string(&out, a);
	buf_string(&out, b);
	for (size_t i = 0; i < n; i++)
		buf_string(&out, c);
	buf_byte(&out, '\0');
	ck_assert(!out.failed);
	return out.data;
}

START_TEST(depth)
{
	struct error e = {ERROR_NONE, ""};
	char *deep = nested(250, "{\"allOf\":[", "{\"type\":\"null\"}", "]}");
	char *fine = nested(150, "{\"allOf\":[", "{\"type\":\"null\"}", "]}");
	char *members = nested(900, "{\"properties\":{\"a\":", "true", "}}");
	struct model *m;

	ck_assert_ptr_null(model_compile(slice_string(deep), SLICE(""), "m.json", &e));
	ck_assert_ptr_nonnull(strstr(e.text, "more than 200 schemas lead into each other"));
	ck_assert_int_lt((int)strlen(e.text), 400);
	m = accept_compile(fine, "");
	ck_assert(accept_text(m, "null") && !accept_text(m, "1"));
	model_free(m);
	model_free(accept_compile(members, ""));
	free(deep);
	free(fine);
	free(members);
}
END_TEST

/* Documents that are small and would take for ever. */
START_TEST(complexity)
{
	struct buf b = BUF_INIT;
	struct error e = {ERROR_NONE, ""};

	buf_string(&b, "{\"$ref\":\"#/$defs/0\",\"$defs\":{");
	for (int i = 0; i < 50; i++)
		buf_printf(&b,
			   "\"%d\":{\"anyOf\":[{\"$ref\":\"#/$defs/%d\"},{\"$ref\":"
			   "\"#/$defs/%d\"}]},",
			   i, i + 1, i + 1);
	buf_string(&b, "\"50\":{}}}");
	ck_assert_ptr_null(model_compile(buf_view(&b), SLICE(""), "m.json", &e));
	ck_assert_ptr_nonnull(strstr(e.text, "too complicated"));
	buf_free(&b);
}
END_TEST

Suite *compile_suite(void)
{
	Suite *s = suite_create("compile");
	TCase *t = tcase_create("compile");

	tcase_add_loop_test(t, behaviour, 0, (int)COUNT(behaviours));
	tcase_add_loop_test(t, behaviour_when_picked, 0, (int)COUNT(behaviours));
	tcase_add_loop_test(t, refusal, 0, (int)COUNT(refused));
	tcase_add_test(t, depth);
	tcase_add_test(t, complexity);
	suite_add_tcase(s, t);
	return s;
}
