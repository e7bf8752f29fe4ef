/*
 * test_redact.c: tests of model/redact.c and model/redact_finding.c. In what is expected <text>
 * stands for the text's pseudonym in quotes, and in pointers [text] for one without its ~.
 */
#include <check.h>
#include <stdlib.h>

#include "base/pseudonym.h"
#include "model/redact.h"

Suite *redact_suite(void);

#define KEY SLICE("0123456789abcdef")
#define ID "\"rcp_6701k8rhhgr7fcnbj9fdsdtxnmnc\""
#define CLIENT(inside) "{\"conversation_initiation_client_data\":{" inside "}}"
#define VARIABLES(inside) CLIENT("\"dynamic_variables\":{" inside "}")
#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static struct redact *r;
static struct pseudonym *names;
static struct model *model;
static struct buf out, wanted;
static struct error e;

static void setup(void)
{
	e = (struct error){0};
	model = NULL;
	r = redact_new(KEY, &e);
	names = pseudonym_new(KEY, &e);
	ck_assert_ptr_nonnull(r);
	ck_assert_ptr_nonnull(names);
}

static void teardown(void)
{
	redact_free(r);
	pseudonym_free(names);
	model_free(model);
	buf_free(&out);
	buf_free(&wanted);
}

/* Texts in < > become pseudonyms. */
static const char *expand(const char *s)
{
	buf_clear(&wanted);
	for (; *s != '\0'; s++) {
		const char *end = *s == '<' ? strchr(s, '>') : NULL;

		if (end == NULL) {
			buf_byte(&wanted, *s);
			continue;
		}
		buf_byte(&wanted, '"');
		pseudonym_text(names, slice_of(s + 1, (size_t)(end - s - 1)), &wanted);
		buf_byte(&wanted, '"');
		s = end;
	}
	buf_byte(&wanted, '\0');
	return wanted.data;
}

static const char *redacted(enum redact_what what, const char *text)
{
	buf_clear(&out);
	ck_assert_msg(redact_object(r, what, slice_string(text), &out, &e) == 0, "%s: %s", text,
		      e.text);
	buf_byte(&out, '\0');
	return out.data;
}

/* --- objects --- */

static const struct {
	enum redact_what what;
	const char *text, *wanted; /* NULL: the same */
} objects[] = {
	/* what is not personal stays */
	{REDACT_RESPONSE, "{}", NULL},
	{REDACT_RESPONSE,
	 "{\"id\":\"b\",\"name\":\"May\",\"status\":\"odd\",\"retry_count\":3,"
	 "\"phone_number_id\":null,\"whatsapp_params\":{}}",
	 NULL},
	{REDACT_RECIPIENT, "{\"id\":" ID ",\"status\":\"x\",\"conversation_id\":\"c\"}", NULL},
	{REDACT_RECIPIENT, CLIENT("\"source_info\":{\"source\":\"x\",\"version\":\"1\"}"), NULL},
	/* an id that somebody chose; one that is nearly the server's */
	{REDACT_RECIPIENT, "{\"id\":\"anna\"}", "{\"id\":<anna>}"},
	{REDACT_RECIPIENT, "{\"id\":\"rcp_6701k8rhhgr7fcnbj9fdsdtxnmn\"}",
	 "{\"id\":<rcp_6701k8rhhgr7fcnbj9fdsdtxnmn>}"},
	{REDACT_RECIPIENT, "{\"id\":\"rcp_6701k8rhhgr7fcnbj9fdsdtx@mnc\"}",
	 "{\"id\":<rcp_6701k8rhhgr7fcnbj9fdsdtx@mnc>}"},
	{REDACT_RECIPIENT, "{\"id\":\"_6701k8rhhgr7fcnbj9fdsdtxnmnc\"}",
	 "{\"id\":<_6701k8rhhgr7fcnbj9fdsdtxnmnc>}"},
	/* phone numbers by their digits, also where they are texts */
	{REDACT_RECIPIENT, "{\"phone_number\":\"+49 151 2345-6789\",\"whatsapp_user_id\":\"Anna\"}",
	 "{\"phone_number\":<+4915123456789>,\"whatsapp_user_id\":<Anna>}"},
	{REDACT_RECIPIENT, VARIABLES("\"p\":\"+49 151 23456789\",\"q\":\"4915123456789\""),
	 VARIABLES("\"p\":<+4915123456789>,\"q\":<4915123456789>")},
	/* nothing, and what is empty */
	{REDACT_RECIPIENT, "{\"phone_number\":null,\"whatsapp_user_id\":\"\",\"x\":{},\"y\":[]}",
	 NULL},
	/* any type, under names that stay; escapes are what they stand for */
	{REDACT_RECIPIENT, VARIABLES("\"A\\n\":\"a\\\"\\u0000\\\\\\n\",\"b\":1.50,\"c\":true"),
	 NULL /* see escapes() */},
	{REDACT_RECIPIENT, VARIABLES("\"n\":-17,\"t\":true,\"z\":null,\"e\":\"\""),
	 VARIABLES("\"n\":<-17>,\"t\":<true>,\"z\":null,\"e\":\"\"")},
	/* what is inside of what the model says nothing of is one text, names and all */
	{REDACT_RECIPIENT, VARIABLES("\"o\":{\"Anna\":1}"), VARIABLES("\"o\":<{\"Anna\":1}>")},
	{REDACT_RECIPIENT, CLIENT("\"custom_llm_extra_body\":{\"Anna\":1}"),
	 CLIENT("\"custom_llm_extra_body\":<{\"Anna\":1}>")},
	{REDACT_RECIPIENT, CLIENT("\"later\":{\"Anna\":{\"x\":2}},\"x\":7"),
	 CLIENT("\"later\":<{\"Anna\":{\"x\":2}}>,\"x\":<7>")},
	/* a type that does not belong there */
	{REDACT_RECIPIENT, "{\"status\":7,\"created_at_unix\":\"Anna\",\"id\":{\"a\":1}}",
	 "{\"status\":<7>,\"created_at_unix\":<Anna>,\"id\":<{\"a\":1}>}"},
	{REDACT_RESPONSE, "{\"retry_count\":1.5,\"name\":{\"a\":\"b\"}}",
	 "{\"retry_count\":<1.5>,\"name\":<{\"a\":\"b\"}>}"},
	{REDACT_RECIPIENT, "{\"conversation_initiation_client_data\":\"Anna\"}",
	 "{\"conversation_initiation_client_data\":<Anna>}"},
	/* within a whole response */
	{REDACT_RESPONSE, "{\"recipients\":[{\"id\":\"a\"},{\"id\":" ID "},7,null],\"Anna\":\"x\"}",
	 "{\"recipients\":[{\"id\":<a>},{\"id\":" ID "},<7>,null],\"Anna\":<x>}"},
	/* names that begin with _: captured, or the line's own */
	{REDACT_RECIPIENT, "{\"_batch\":\"b\",\"_x\":1}", "{\"_batch\":<b>,\"_x\":<1>}"},
	{REDACT_RECIPIENT_LINE,
	 "{\"_batch\":\"b\",\"_response\":1,\"_captured\":{\"_batch\":\"x\",\"_y\":{\"z\":1}},"
	 "\"id\":\"i\"}",
	 "{\"_batch\":\"b\",\"_response\":1,\"_captured\":{\"_batch\":<x>,\"_y\":<{\"z\":1}>},"
	 "\"id\":<i>}"},
	{REDACT_RESPONSE_LINE,
	 "{\"_response\":1,\"_source\":\"a\",\"_http\":{\"x\":1},\"id\":\"i\"}",
	 "{\"_response\":1,\"_source\":\"a\",\"_http\":<{\"x\":1}>,\"id\":\"i\"}"},
};

START_TEST(all_objects)
{
	const char *text = objects[_i].text;
	const char *seen = redacted(objects[_i].what, text);

	if (strstr(text, "\\u0000") != NULL)
		return;
	if (objects[_i].wanted == NULL)
		ck_assert_str_eq(seen, text);
	else
		ck_assert_str_eq(seen, expand(objects[_i].wanted));
}
END_TEST

START_TEST(escapes)
{
	struct buf name = BUF_INIT;

	redacted(REDACT_RECIPIENT, VARIABLES("\"A\\n\":\"a\\\"\\u0000\\\\\\n\""));
	pseudonym_text(names, SLICE("a\"\0\\\n"), &name);
	buf_byte(&name, '\0');
	ck_assert_ptr_nonnull(strstr(out.data, "\"A\\n\":\"~"));
	ck_assert_ptr_nonnull(strstr(out.data, name.data));
	buf_free(&name);
}
END_TEST

/* Wherever the text is cut, it is an error or an object, and nothing beyond is read. */
START_TEST(cut_texts)
{
	static const char text[] =
		"{\"_batch\":\"b\",\"_captured\":{\"_a\":1},\"id\":\"a\\\"b\","
		"\"conversation_initiation_client_data\":{\"dynamic_variables\":{"
		"\"x\":[{\"y\":\"z\"}]}},\"u\":{\"v\":[1,2]}}";

	for (size_t len = 0; len < sizeof(text) - 1; len++) {
		char *copy = malloc(len + 1);

		memcpy(copy, text, len);
		e = (struct error){0};
		buf_clear(&out);
		ck_assert_int_eq(
			redact_object(r, REDACT_RECIPIENT_LINE, slice_of(copy, len), &out, &e), -1);
		ck_assert_int_eq(e.kind, ERROR_BUNDLE);
		free(copy);
	}
	redacted(REDACT_RECIPIENT_LINE, text);
}
END_TEST

START_TEST(deep_nesting)
{
	struct buf text = BUF_INIT, deep = BUF_INIT;

	for (int i = 0; i < 100000; i++)
		buf_string(&deep, "[{\"Anna\":");
	buf_byte(&deep, '1');
	for (int i = 0; i < 100000; i++)
		buf_string(&deep, "}]");
	buf_string(&text, "{\"deep\":");
	buf_slice(&text, buf_view(&deep));
	buf_byte(&text, '}');
	ck_assert_int_eq(redact_object(r, REDACT_RECIPIENT, buf_view(&text), &out, &e), 0);
	buf_clear(&text);
	buf_string(&text, "{\"deep\":\"");
	pseudonym_text(names, buf_view(&deep), &text);
	buf_string(&text, "\"}");
	ck_assert(slice_equal(buf_view(&out), buf_view(&text)));
	buf_free(&text);
	buf_free(&deep);
}
END_TEST

/* --- another model --- */

static void use(const char *text)
{
	model = model_compile(slice_string(text), SLICE(""), "test", &e);
	ck_assert_msg(model != NULL, "%s", e.text);
	redact_model(r, model);
}

START_TEST(more_marks)
{
	use("{\"type\":\"object\",\"properties\":{"
	    "\"name\":{\"type\":\"string\",\"x-callroll-personal\":true},"
	    "\"whatsapp_params\":{\"type\":\"object\",\"x-callroll-personal\":true}}}");
	redacted(REDACT_RESPONSE, "{\"name\":\"Anna\",\"agent_name\":\"Bo\",\"whatsapp_params\":"
				  "{\"whatsapp_phone_number_id\":\"7\"}}");
	ck_assert_str_eq(out.data, expand("{\"name\":<Anna>,\"agent_name\":\"Bo\",\"whatsapp_params"
					  "\":{\"whatsapp_phone_number_id\":<7>}}"));
	redact_model(r, NULL);
	redacted(REDACT_RESPONSE, "{\"name\":\"Anna\"}");
	ck_assert_str_eq(out.data, "{\"name\":\"Anna\"}");
}
END_TEST

/* A model that marks nothing, and knows more, changes nothing. */
START_TEST(no_marks)
{
	use("{\"type\":\"object\",\"properties\":{\"timezone\":{\"type\":\"string\"},"
	    "\"recipients\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
	    "\"phone_number\":{\"type\":\"string\"},\"x\":{\"type\":\"string\"}}}}}}");
	redacted(REDACT_RESPONSE, "{\"recipients\":[{\"phone_number\":\"Anna\",\"x\":\"Bo\"}],"
				  "\"timezone\":\"Z\"}");
	ck_assert_str_eq(out.data, expand("{\"recipients\":[{\"phone_number\":<Anna>,\"x\":<Bo>}],"
					  "\"timezone\":<Z>}"));
}
END_TEST

START_TEST(members)
{
	redact_member(r, REDACT_RECIPIENT, "id", SLICE("\"anna\""), &out);
	redact_member(r, REDACT_RECIPIENT, "id", SLICE(ID), &out);
	redact_member(r, REDACT_RECIPIENT, "status", SLICE("7"), &out);
	redact_member(r, REDACT_RECIPIENT, "status", SLICE("\"7\""), &out);
	redact_member(r, REDACT_RECIPIENT, "status", SLICE(""), &out);
	buf_byte(&out, '\0');
	ck_assert_str_eq(out.data, expand("<anna>" ID "<7>\"7\""));
}
END_TEST

/* --- pointers --- */

#define DATA "/recipients/0/conversation_initiation_client_data"

static const struct {
	const char *pointer, *wanted; /* NULL: the same */
} pointers[] = {
	{"", NULL},
	{"...", NULL},
	{"/status", NULL},
	{"/recipients/12/phone_number", NULL},
	{"/recipients/*/phone_number", NULL},
	{DATA "/dynamic_variables/Anna ~1 ~0", NULL},
	{DATA "/dynamic_variables/*", NULL},
	{"/unknown", NULL},
	{"/recipients/3/unknown", NULL},
	{"/unknown/Anna/0", "/unknown/~0[Anna]/~0[0]"},
	{"/unknown/*", NULL},
	{DATA "/dynamic_variables/x/Anna", DATA "/dynamic_variables/x/~0[Anna]"},
	{DATA "/custom_llm_extra_body/Anna", DATA "/custom_llm_extra_body/~0[Anna]"},
	{"/status/a~1b", "/status/~0[a/b]"},
	{"/recipients/Anna", "/recipients/~0[Anna]"},
};

START_TEST(all_pointers)
{
	const char *pointer = pointers[_i].pointer;
	const char *text = pointers[_i].wanted != NULL ? pointers[_i].wanted : pointer;
	bool same = redact_pointer(r, slice_string(pointer), &out);

	/* the pseudonym's own ~ is escaped too: it is the one written here */
	buf_clear(&wanted);
	for (const char *s = text; *s != '\0'; s++) {
		const char *end = *s == '[' ? strchr(s, ']') : NULL;
		size_t before = wanted.len;

		if (end == NULL) {
			buf_byte(&wanted, *s);
			continue;
		}
		pseudonym_text(names, slice_of(s + 1, (size_t)(end - s - 1)), &wanted);
		memmove(wanted.data + before, wanted.data + before + 1, --wanted.len - before);
		s = end;
	}
	ck_assert(same == (pointers[_i].wanted == NULL));
	buf_byte(&wanted, '\0');
	buf_byte(&out, '\0');
	ck_assert_str_eq(out.data, wanted.data);
}
END_TEST

/* --- messages --- */

#define UNSAID "a value that is not shown"

static const struct {
	enum rule rule;
	const char *pointer, *message, *wanted; /* NULL: the same */
} messages[] = {
	{RULE_type, "/status", "expected string, found integer 7",
	 "expected string, found integer <7>"},
	{RULE_type, "/status", "expected string, found string \"Anna\"", NULL},
	{RULE_type, "/retry_count", "expected integer, found string \"Anna\"",
	 "expected integer, found string <Anna>"},
	{RULE_type, "/retry_count", "expected integer, found number 1.5",
	 "expected integer, found number <1.5>"},
	{RULE_type, "/retry_count", "expected integer, found boolean true",
	 "expected integer, found boolean <true>"},
	{RULE_type, "/retry_count", "expected integer, found an object", NULL},
	{RULE_type, "/retry_count", "expected integer, found null", NULL},
	{RULE_type, DATA "/user_id", "expected integer, found string \"A\\\"nna\"",
	 "expected integer, found string <A\"nna>"},
	/* cut, or with what a terminal would obey: not the value */
	{RULE_type, DATA "/user_id", "expected integer, found string \"Ann…\"",
	 "expected integer, found string " UNSAID},
	{RULE_type, DATA "/user_id", "expected integer, found string \"Ann\\u{202e}a\"",
	 "expected integer, found string " UNSAID},
	{RULE_type, DATA "/user_id", "expected integer, found string \"Anna", /* no end */
	 "expected integer, found string " UNSAID},
	{RULE_enum, "/status", "expected one of a, b; found \"Anna\"", NULL},
	{RULE_enum, "/status", "expected one of a, b; found \"Ann…\"", NULL},
	{RULE_enum, "/phone", "expected one of a, b; found \"Anna\"",
	 "expected one of a, b; found <Anna>"},
	{RULE_length, "/recipients/0/phone_number",
	 "expected a string of at least 40 characters, found \"+49 151 2345-6789\"",
	 "expected a string of at least 40 characters, found <+4915123456789>"},
	{RULE_minimum, DATA "/dynamic_variables/x", "expected at least 0, found integer -17",
	 "expected at least 0, found integer <-17>"},
	{RULE_minimum, "/retry_count", "expected at least 0, found integer -17", NULL},
	{RULE_minimum, "/retry_count", "Anna", UNSAID},
	{RULE_items, "/recipients", "expected a list of at least 1 element, found 0", NULL},
	{RULE_duplicate_member, "/unknown", "the member \"unknown\" stands twice in this object",
	 NULL},
	{RULE_duplicate_member, "/unknown/Anna", "the member \"Anna\" stands twice in this object",
	 "the member <Anna> stands twice in this object"},
	{RULE_not_a_response, "", "an HTML page \"Anna's page\", not a batch",
	 "an HTML page <Anna's page>, not a batch"},
	{RULE_not_a_response, "", "an empty object, not a batch", NULL},
	{RULE_duplicate_recipient, "/recipients/1/id", "\"anna\" is also /recipients/0/id",
	 "<anna> is also /recipients/0/id"},
	{RULE_duplicate_recipient, "/recipients/1/id",
	 "\"x\\\" is also /recipients/\" is also /recipients/0/id",
	 "<x\" is also /recipients/> is also /recipients/0/id"},
	{RULE_duplicate_recipient, "/recipients/1/id", "\"ann… is also /recipients/0/id",
	 UNSAID " is also /recipients/0/id"},
	{RULE_duplicate_recipient, "/recipients/1/id", ID " is also /recipients/0/id", NULL},
	{RULE_duplicate_conversation, "/recipients/1/conversation_id",
	 "\"conv_1\" is also /recipients/0/conversation_id", NULL},
	{RULE_recipients_changed, "/recipients",
	 "1 recipient is new (\"a\") and 2 recipients are gone (one is \"b\") at 1, compared",
	 "1 recipient is new (<a>) and 2 recipients are gone (one is <b>) at 1, compared"},
	{RULE_recipients_changed, "/recipients",
	 "1 recipient is new (\"a…) and 1 recipient is gone (\"b\") at 1",
	 "1 recipient is new (" UNSAID ")"},
	{RULE_recipients_changed, "/recipients", "1 recipient is new at 1", NULL},
	{RULE_syntax, "/status", "expected a value, found 'p'", NULL},
};

START_TEST(all_messages)
{
	const char *text = messages[_i].message;

	redact_message(r, messages[_i].rule, slice_string(messages[_i].pointer), slice_string(text),
		       &out);
	buf_byte(&out, '\0');
	ck_assert_str_eq(out.data,
			 messages[_i].wanted == NULL ? text : expand(messages[_i].wanted));
}
END_TEST

START_TEST(stored_findings)
{
	static const char line[] =
		"{\"_response\":1,\"path\":\"a\",\"rule\":\"type\",\"pointer\":\"/x/Anna\","
		"\"line\":1,\"message\":\"expected string, found integer 7\"}";
	struct buf seen = BUF_INIT;

	ck_assert_int_eq(redact_finding_line(r, slice_string(line), &out, &e), 0);
	buf_byte(&out, '\0');
	ck_assert_ptr_null(strstr(out.data, "Anna"));
	ck_assert_ptr_nonnull(strstr(out.data, "{\"_response\":1,\"path\":\"a\",\"rule\":\"type\","
					       "\"pointer\":\"/x/~0"));
	ck_assert_ptr_nonnull(strstr(out.data, "found integer \\\"~"));
	/* what only counts; a rule that nobody knows */
	buf_clear(&out);
	ck_assert_int_eq(redact_finding_line(r,
					     SLICE("{\"rule\":\"type\",\"message\":\"and 3 more\","
						   "\"more\":3}"),
					     &out, &e),
			 0);
	ck_assert(slice_equal(buf_view(&out), SLICE("{\"rule\":\"type\",\"message\":\"and 3 more\","
						    "\"more\":3}")));
	buf_clear(&out);
	ck_assert_int_eq(
		redact_finding_line(r, SLICE("{\"rule\":\"new\",\"message\":\"Anna\"}"), &out, &e),
		0);
	ck_assert(slice_equal(buf_view(&out),
			      SLICE("{\"rule\":\"new\",\"message\":\"" UNSAID "\"}")));
	ck_assert_int_eq(redact_finding_line(r, SLICE("{\"rule\":"), &out, &e), -1);
	buf_free(&seen);
}
END_TEST

/* --- findings of a run --- */

START_TEST(covered_set)
{
	const struct severities none = {0};
	struct findings *f = findings_new(20, &none);
	struct findings_veil veil = redact_veil(r);
	struct place place = {0, 1, 1};
	size_t n;

	findings_cover(f, &veil);
	for (int i = 0; i < 2; i++)
		if (findings_count(f, RULE_type, SEVERITY_ERROR, BASIS_NONE, SLICE("/x/Anna"),
				   &place))
			findings_tell(f, SLICE("/x/Anna"), SLICE("expected null, found integer 7"));
	findings_commit_unit(f);
	redact_pointer(r, SLICE("/x/Anna"), &out);
	ck_assert(slice_equal(findings_groups(f, &n)[0].shape, buf_view(&out)));
	ck_assert_uint_eq(n, 1);
	ck_assert(slice_equal(findings_list(f, &n)[0].pointer, buf_view(&out)));
	ck_assert_uint_eq(n, 2);
	ck_assert(slice_equal(findings_list(f, &n)[1].message,
			      slice_string(expand("expected null, found integer <7>"))));
	findings_free(f);
}
END_TEST

Suite *redact_suite(void)
{
	Suite *suite = suite_create("redact");
	TCase *tests = tcase_create("redact");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, all_objects, 0, COUNT(objects));
	tcase_add_test(tests, escapes);
	tcase_add_test(tests, cut_texts);
	tcase_add_test(tests, deep_nesting);
	tcase_add_test(tests, more_marks);
	tcase_add_test(tests, no_marks);
	tcase_add_test(tests, members);
	tcase_add_loop_test(tests, all_pointers, 0, COUNT(pointers));
	tcase_add_loop_test(tests, all_messages, 0, COUNT(messages));
	tcase_add_test(tests, stored_findings);
	tcase_add_test(tests, covered_set);
	suite_add_tcase(suite, tests);
	return suite;
}
