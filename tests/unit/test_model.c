/*
 * test_model.c: tests of the model: severities and other annotations, the built-in model, files,
 * and what a schema picked out of a larger document becomes.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "accept.h"
#include "base/buf.h"

Suite *model_suite(void);

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* --- annotations --- */

static const struct node *member(const struct node *node, const char *name)
{
	uint32_t i = model_member(node, slice_string(name));

	ck_assert_msg(i != UINT32_MAX, "%s", name);
	return node->members[i].node;
}

START_TEST(severities)
{
	struct model *m = accept_compile(
		"{\"properties\":{"
		"\"plain\":{\"type\":\"object\",\"properties\":{\"a\":true}},"
		"\"whole\":{\"type\":\"integer\",\"minimum\":0,\"x-callroll-severity\":\"warning\"},"
		"\"one\":{\"type\":\"string\",\"const\":\"a\",\"minLength\":1,"
		"\"x-callroll-severity\":{\"const\":\"info\",\"maxLength\":\"off\"}},"
		"\"unknown\":{\"properties\":{\"a\":{}},\"x-callroll-severity\":"
		"{\"additionalProperties\":\"warning\"}},"
		"\"wholeunknown\":{\"properties\":{\"a\":{}},\"x-callroll-severity\":\"warning\"},"
		"\"closed\":{\"additionalProperties\":false},"
		"\"closedwarn\":{\"additionalProperties\":false,\"x-callroll-severity\":\"warning\"},"
		"\"ref\":{\"$ref\":\"#/$defs/lax\",\"maximum\":9},"
		"\"over\":{\"$ref\":\"#/$defs/lax\",\"x-callroll-severity\":\"off\"},"
		"\"union\":{\"anyOf\":[{\"$ref\":\"#/$defs/lax\"},{\"type\":\"null\"}]},"
		"\"union2\":{\"anyOf\":[{\"$ref\":\"#/$defs/lax\"},{\"type\":\"string\","
		"\"enum\":[\"a\"]}]}},"
		"\"$defs\":{\"lax\":{\"type\":\"integer\",\"minimum\":0,"
		"\"x-callroll-severity\":\"warning\"}}}",
		"");
	const struct node *r = model_root(m), *n;

	n = member(r, "plain");
	for (int k = 0; k < KEYWORD_ADDITIONAL; k++)
		ck_assert_int_eq(n->severity[k], SEVERITY_ERROR);
	ck_assert_int_eq(n->severity[KEYWORD_ADDITIONAL], SEVERITY_INFO);
	ck_assert_int_eq(member(r, "whole")->severity[KEYWORD_TYPE], SEVERITY_WARNING);
	ck_assert_int_eq(member(r, "whole")->severity[KEYWORD_MINIMUM], SEVERITY_WARNING);
	n = member(r, "one");
	ck_assert_int_eq(n->severity[KEYWORD_TYPE], SEVERITY_ERROR);
	ck_assert_int_eq(n->severity[KEYWORD_ENUM], SEVERITY_INFO);
	ck_assert_int_eq(n->severity[KEYWORD_LENGTH], SEVERITY_OFF);
	ck_assert(n->is_const);
	n = member(r, "unknown");
	ck_assert_int_eq(n->severity[KEYWORD_ADDITIONAL], SEVERITY_WARNING);
	ck_assert(!n->open && !n->closed);
	n = member(r, "wholeunknown");
	ck_assert_int_eq(n->severity[KEYWORD_ADDITIONAL], SEVERITY_INFO);
	n = member(r, "closed");
	ck_assert_int_eq(n->severity[KEYWORD_ADDITIONAL], SEVERITY_ERROR);
	ck_assert(n->closed && !n->open);
	n = member(r, "closedwarn");
	ck_assert_int_eq(n->severity[KEYWORD_ADDITIONAL], SEVERITY_WARNING);
	n = member(r, "ref");
	ck_assert_int_eq(n->severity[KEYWORD_TYPE], SEVERITY_WARNING);
	ck_assert_int_eq(n->severity[KEYWORD_MAXIMUM], SEVERITY_ERROR);
	n = member(r, "over");
	ck_assert_int_eq(n->severity[KEYWORD_TYPE], SEVERITY_OFF);
	ck_assert_int_eq(n->severity[KEYWORD_MINIMUM], SEVERITY_OFF);
	n = member(r, "union");
	ck_assert_int_eq(n->types, TYPE_INTEGER | TYPE_NULL);
	ck_assert_int_eq(n->severity[KEYWORD_TYPE], SEVERITY_WARNING);
	ck_assert_int_eq(n->severity[KEYWORD_MINIMUM], SEVERITY_WARNING);
	n = member(r, "union2");
	ck_assert_int_eq(n->severity[KEYWORD_TYPE], SEVERITY_ERROR);
	ck_assert_int_eq(n->severity[KEYWORD_ENUM], SEVERITY_ERROR);
	ck_assert_int_eq(n->severity[KEYWORD_MINIMUM], SEVERITY_WARNING);
	model_free(m);
}
END_TEST

START_TEST(other_annotations)
{
	struct model *m = accept_compile(
		"{\"x-callroll-basis\":\"documented\",\"properties\":{"
		"\"a\":{\"$ref\":\"#/$defs/d\",\"x-callroll-key\":\"phone\","
		"\"x-callroll-personal\":true},"
		"\"b\":{\"$ref\":\"#/$defs/d\",\"x-callroll-basis\":\"observed\"},"
		"\"c\":{\"anyOf\":[{\"$ref\":\"#/$defs/d\"},{\"type\":\"null\"}]}},"
		"\"$defs\":{\"d\":{\"type\":\"string\",\"enum\":[\"x\"],\"x-callroll-key\":\"exact\","
		"\"x-callroll-basis\":{\"type\":\"example\",\"enum\":\"observed\"}}}}",
		"");
	const struct node *r = model_root(m), *n;

	ck_assert_int_eq(r->basis, BASIS_DOCUMENTED);
	n = member(r, "a");
	ck_assert_int_eq(n->key, KEY_PHONE);
	ck_assert(n->personal);
	ck_assert_int_eq(n->basis, BASIS_EXAMPLE);
	ck_assert_int_eq(n->basis_of[KEYWORD_TYPE], BASIS_EXAMPLE);
	ck_assert_int_eq(n->basis_of[KEYWORD_ENUM], BASIS_OBSERVED);
	n = member(r, "b");
	ck_assert_int_eq(n->key, KEY_EXACT);
	ck_assert(!n->personal);
	ck_assert_int_eq(n->basis_of[KEYWORD_TYPE], BASIS_OBSERVED);
	n = member(r, "c");
	ck_assert_int_eq(n->key, KEY_EXACT);
	ck_assert_int_eq(n->basis_of[KEYWORD_TYPE], BASIS_EXAMPLE);
	ck_assert_int_eq(n->n_allowed, 2);
	model_free(m);
}
END_TEST

/* Members stand in the order of the document, those only required at the end. */
START_TEST(order_of_members)
{
	struct model *m =
		accept_compile("{\"required\":[\"z\",\"b\"],\"properties\":{\"c\":{},\"b\":{}},"
			       "\"allOf\":[{\"properties\":{\"a\":{},\"c\":{}}}]}",
			       "");
	const struct node *r = model_root(m);
	const char *const names[] = {"c", "b", "a", "z"};

	ck_assert_uint_eq(r->n_members, 4);
	ck_assert_uint_eq(r->n_required, 2);
	for (uint32_t i = 0; i < 4; i++) {
		ck_assert(slice_equal(r->members[i].name, slice_string(names[i])));
		ck_assert_int_eq(r->members[i].required, i == 1 || i == 3);
	}
	model_free(m);
}
END_TEST

START_TEST(many_members)
{
	struct buf b = BUF_INIT, quoted = BUF_INIT;
	struct model *m;

	buf_string(&b, "{\"properties\":{");
	for (int i = 0; i < 5000; i++)
		buf_printf(&b, "%s\"m\\\"%d\":{}", i == 0 ? "" : ",", i);
	buf_string(&b, "}}");
	buf_byte(&b, '\0');
	m = accept_compile(b.data, "");
	for (uint32_t i = 0; i < 5000; i++) {
		buf_clear(&quoted);
		buf_printf(&quoted, "\"m\\\"%u\"", i);
		ck_assert_uint_eq(node_find(model_root(m), buf_view(&quoted)), i);
	}
	ck_assert_uint_eq(node_find(model_root(m), SLICE("\"\"")), UINT32_MAX);
	ck_assert_uint_eq(node_find(model_root(m), SLICE("\"m5000\"")), UINT32_MAX);
	model_free(m);
	buf_free(&b);
	buf_free(&quoted);
}
END_TEST

/* --- the built-in model --- */

/* member of the response or (r.) of a recipient, types, basis of the type, required */
static const struct {
	const char *name;
	uint8_t types;
	enum basis basis;
	bool required;
} builtin[] = {
	{"id", TYPE_STRING, BASIS_DOCUMENTED, true},
	{"name", TYPE_STRING, BASIS_DOCUMENTED, true},
	{"agent_id", TYPE_STRING, BASIS_DOCUMENTED, true},
	{"created_at_unix", TYPE_INTEGER, BASIS_DOCUMENTED, true},
	{"scheduled_time_unix", TYPE_INTEGER, BASIS_DOCUMENTED, true},
	{"last_updated_at_unix", TYPE_INTEGER, BASIS_DOCUMENTED, true},
	{"status", TYPE_STRING, BASIS_DOCUMENTED, true},
	{"agent_name", TYPE_STRING, BASIS_DOCUMENTED, true},
	{"recipients", TYPE_ARRAY, BASIS_DOCUMENTED, true},
	{"phone_number_id", TYPE_STRING | TYPE_NULL, BASIS_DOCUMENTED, false},
	{"phone_provider", TYPE_STRING | TYPE_NULL, BASIS_DOCUMENTED, false},
	{"whatsapp_params", TYPE_OBJECT | TYPE_NULL, BASIS_DOCUMENTED, false},
	{"total_calls_dispatched", TYPE_INTEGER, BASIS_DOCUMENTED, false},
	{"total_calls_scheduled", TYPE_INTEGER, BASIS_DOCUMENTED, false},
	{"total_calls_finished", TYPE_INTEGER, BASIS_DOCUMENTED, false},
	{"retry_count", TYPE_INTEGER, BASIS_DOCUMENTED, false},
	{"r.id", TYPE_STRING, BASIS_EXAMPLE, true},
	{"r.status", TYPE_STRING, BASIS_EXAMPLE, true},
	{"r.created_at_unix", TYPE_INTEGER, BASIS_EXAMPLE, true},
	{"r.updated_at_unix", TYPE_INTEGER, BASIS_EXAMPLE, true},
	{"r.phone_number", TYPE_STRING | TYPE_NULL, BASIS_EXAMPLE, false},
	{"r.whatsapp_user_id", TYPE_STRING | TYPE_NULL, BASIS_EXAMPLE, false},
	{"r.conversation_id", TYPE_STRING | TYPE_NULL, BASIS_EXAMPLE, false},
	{"r.conversation_initiation_client_data", TYPE_OBJECT | TYPE_NULL, BASIS_EXAMPLE, false},
};

START_TEST(builtin_members)
{
	struct error e = {ERROR_NONE, ""};
	struct model *m = model_load(NULL, &e);
	uint32_t at[2] = {0, 0};

	ck_assert_msg(m != NULL, "%s", e.text);
	ck_assert(slice_equal(model_id(m), SLICE("urn:callroll:model:batch-call:1")));
	ck_assert(slice_equal(model_text(m), model_builtin_text()));
	ck_assert_uint_eq(model_recipients(m), 8);
	for (size_t i = 0; i < COUNT(builtin); i++) {
		bool in = strncmp(builtin[i].name, "r.", 2) == 0;
		const struct node *object = in ? model_recipient(m) : model_root(m);
		const struct member *x = &object->members[at[in]++];
		ck_assert(slice_equal(x->name, slice_string(builtin[i].name + (in ? 2 : 0))));
		ck_assert_int_eq(x->required, builtin[i].required);
		ck_assert_int_eq(x->node->types, builtin[i].types);
		ck_assert_int_eq(x->node->basis_of[KEYWORD_TYPE], builtin[i].basis);
		ck_assert_int_eq(x->node->severity[KEYWORD_TYPE], SEVERITY_ERROR);
		if (x->node->types == TYPE_INTEGER) {
			ck_assert(slice_equal(x->node->minimum, SLICE("0")));
			ck_assert_int_eq(x->node->severity[KEYWORD_MINIMUM], SEVERITY_WARNING);
			ck_assert_int_eq(x->node->basis_of[KEYWORD_MINIMUM], BASIS_OBSERVED);
		}
	}
	ck_assert_uint_eq(model_root(m)->n_members, at[0]);
	ck_assert_uint_eq(model_root(m)->n_required, 9);
	ck_assert_uint_eq(model_recipient(m)->n_members, at[1]);
	ck_assert_uint_eq(model_recipient(m)->n_required, 4);
	model_free(m);
}
END_TEST

START_TEST(builtin_rules)
{
	struct error e = {ERROR_NONE, ""};
	struct model *m = model_load(NULL, &e);
	const struct node *root = model_root(m), *recipient = model_recipient(m), *n;

	n = member(root, "status");
	ck_assert_uint_eq(n->n_allowed, 5);
	ck_assert_int_eq(n->severity[KEYWORD_ENUM], SEVERITY_ERROR);
	n = member(root, "phone_provider");
	ck_assert_uint_eq(n->n_allowed, 4);
	ck_assert_int_eq(n->severity[KEYWORD_ENUM], SEVERITY_ERROR);
	ck_assert_int_eq(n->basis_of[KEYWORD_ENUM], BASIS_DOCUMENTED);
	n = member(member(root, "whatsapp_params"), "whatsapp_phone_number_id");
	ck_assert_int_eq(n->types, TYPE_STRING | TYPE_NULL);
	ck_assert_int_eq(n->severity[KEYWORD_TYPE], SEVERITY_WARNING);
	ck_assert(!member(root, "whatsapp_params")->open);

	n = member(recipient, "status");
	ck_assert_uint_eq(n->n_allowed, 8);
	ck_assert_int_eq(n->severity[KEYWORD_ENUM], SEVERITY_WARNING);
	ck_assert_int_eq(n->basis_of[KEYWORD_ENUM], BASIS_OBSERVED);
	ck_assert_int_eq(member(recipient, "phone_number")->key, KEY_PHONE);
	ck_assert(member(recipient, "phone_number")->personal);
	ck_assert_int_eq(member(root, "id")->key, KEY_EXACT);
	ck_assert_uint_eq(member(root, "id")->min_length, 1);
	ck_assert_uint_eq(member(root, "agent_id")->min_length, 1);
	ck_assert_uint_eq(member(root, "name")->min_length, 0);

	n = member(recipient, "conversation_initiation_client_data");
	ck_assert_uint_eq(n->n_members, 5);
	ck_assert_uint_eq(n->n_required, 0);
	ck_assert(member(n, "custom_llm_extra_body")->open);
	ck_assert_ptr_null(member(n, "custom_llm_extra_body")->additional);
	ck_assert_uint_eq(member(member(n, "source_info"), "source")->n_allowed, 28);
	n = member(n, "dynamic_variables");
	ck_assert(n->open && n->personal);
	ck_assert_int_eq(n->additional->types, TYPE_ANY & ~(TYPE_ARRAY | TYPE_OBJECT));
	ck_assert_int_eq(n->additional->severity[KEYWORD_TYPE], SEVERITY_WARNING);
	model_free(m);
}
END_TEST

/* --- files --- */

static char *spec(const char *name, const char *pointer)
{
	const char *top = getenv("top_srcdir");
	char *s;

	ck_assert_int_ge(
		asprintf(&s, "%s/tests/cases/models/%s%s", top == NULL ? "." : top, name, pointer),
		0);
	return s;
}

static struct model *load(const char *name, const char *pointer)
{
	struct error e = {ERROR_NONE, ""};
	char *s = spec(name, pointer);
	struct model *m = model_load(s, &e);

	ck_assert_msg(m != NULL, "%s", e.text);
	free(s);
	return m;
}

/* All pointers into openapi-3.0.json that mean the same schema, and what was made of it. */
START_TEST(openapi_30)
{
	static const char *const pointers[] = {
		"#/components/schemas/BatchCallDetail",
		"#/paths/~1v1~1voiceai~1batch-calling~1{batch_id}/get/responses/200/content/"
		"application~1json/schema",
	};
	static const char *const good[] = {
		"{\"id\":\"a\",\"status\":\"pending\",\"recipients\":[],\"phone_provider\":null}",
		"{\"id\":\"a\",\"status\":\"pending\",\"recipients\":[{\"id\":\"\",\"phone_number\":"
		"null,\"dynamic_variables\":{\"a\":1,\"b\":1.5,\"c\":\"\",\"d\":true}}],"
		"\"whatsapp_params\":null,\"parent\":{\"id\":\"b\",\"status\":\"failed\","
		"\"recipients\":[]}}",
	};
	static const char *const bad[] = {
		"{\"id\":\"\",\"status\":\"pending\",\"recipients\":[]}",
		"{\"id\":\"a\",\"status\":\"paused\",\"recipients\":[]}",
		"{\"id\":\"a\",\"status\":\"pending\",\"recipients\":null}",
		"{\"id\":\"a\",\"status\":\"pending\",\"recipients\":[{\"id\":\"\",\"x\":1}]}",
		"{\"id\":\"a\",\"status\":\"pending\",\"recipients\":[],\"parent\":{}}",
		"{\"id\":\"a\",\"status\":\"pending\",\"recipients\":[],\"whatsapp_params\":"
		"{\"a/b~c\":1}}",
		"{\"id\":\"a\",\"status\":\"pending\",\"recipients\":[{\"id\":\"\","
		"\"dynamic_variables\":{\"a\":null}}]}",
	};

	for (size_t p = 0; p < COUNT(pointers); p++) {
		struct error e = {ERROR_NONE, ""};
		struct model *m = load("openapi-3.0.json", pointers[p]);
		struct model *again = model_compile(model_text(m), SLICE(""), "again", &e);
		ck_assert_msg(again != NULL, "%s", e.text);
		ck_assert_uint_eq(model_recipients(again), 2);
		ck_assert_ptr_nonnull(model_recipient(again));
		for (size_t i = 0; i < COUNT(good); i++)
			ck_assert(accept_text(m, good[i]) && accept_text(again, good[i]));
		for (size_t i = 0; i < COUNT(bad); i++)
			ck_assert_msg(!accept_text(m, bad[i]) && !accept_text(again, bad[i]), "%s",
				      bad[i]);
		ck_assert_uint_eq(model_id(m).len, 0);
		/* what nothing refers to is not carried along */
		ck_assert_ptr_null(memmem(model_text(m).data, model_text(m).len, "Unused", 6));
		model_free(m);
		model_free(again);
	}
}
END_TEST

START_TEST(openapi_31)
{
	struct error e = {ERROR_NONE, ""};
	struct model *m = load("openapi-3.1.json", "#/components/schemas/BatchCallDetail");
	struct model *again = model_compile(model_text(m), SLICE(""), "again", &e);
	const struct model *const both[] = {m, again};

	ck_assert_msg(again != NULL, "%s", e.text);
	ck_assert(slice_equal(model_id(m), SLICE("urn:example:batch")));
	ck_assert(slice_equal(model_id(again), SLICE("urn:example:batch")));
	for (size_t i = 0; i < 2; i++) {
		ck_assert(accept_text(
			both[i],
			"{\"id\":\"a\",\"status\":\"pending\",\"agent_id\":7,\"recipients\":"
			"[{\"id\":\"x\",\"name\":\"\"}],\"phone_provider\":null,\"kind\":\"batch\"}"));
		ck_assert(accept_text(
			both[i],
			"{\"id\":\"a\",\"status\":\"pending\",\"agent_id\":7,\"recipients\":[],"
			"\"phone_provider\":\"vobiz\",\"retry_count\":null}"));
		ck_assert(!accept_text(both[i],
				       "{\"id\":\"a\",\"status\":\"pending\",\"recipients\":[]}"));
		ck_assert(!accept_text(
			both[i],
			"{\"id\":\"a\",\"status\":\"pending\",\"agent_id\":7,\"recipients\":"
			"[{\"id\":\"x\",\"name\":1}]}"));
		ck_assert(!accept_text(
			both[i],
			"{\"id\":\"a\",\"status\":\"pending\",\"agent_id\":7,\"recipients\":"
			"[{\"id\":\"\",\"name\":\"\"}]}"));
		ck_assert(!accept_text(
			both[i],
			"{\"id\":\"a\",\"status\":\"pending\",\"agent_id\":7,\"recipients\":[],"
			"\"phone_provider\":\"exotel\"}"));
		ck_assert(!accept_text(
			both[i],
			"{\"id\":\"a\",\"status\":\"pending\",\"agent_id\":7,\"recipients\":[],"
			"\"kind\":\"list\"}"));
		ck_assert_int_eq(member(model_recipient(both[i]), "id")->key, KEY_EXACT);
	}
	ck_assert_int_eq(memcmp(model_digest(again), model_digest(m), sizeof(struct sha256)), 0);
	model_free(m);
	model_free(again);
}
END_TEST

static const struct {
	const char *name, *pointer, *message;
} bad_files[] = {
	{"openapi-3.0.json", "",
	 "say which schema in it is the model: "
	 "FILE#/components/schemas/BatchCallDetail"},
	{"openapi-3.0.json", "#", "say which schema in it is the model"},
	{"openapi-3.0.json", "#/components/schemas/Unused",
	 "/pattern: the keyword \"pattern\" is not"},
	{"openapi-3.0.json", "#/components/schemas/BatchStatus", "accepts no object"},
	{"openapi-3.0.json", "#/components/schemas/Nothing", "there is nothing in the document"},
	{"openapi-3.1.json", "#/components/schemas/WithNullable", "has no effect in OpenAPI 3.1"},
	{"none.json", "#/a", "none.json: No such file or directory"},
	{"README.md", "", "is not JSON"},
};

START_TEST(file_refused)
{
	struct error e = {ERROR_NONE, ""};
	char *s = spec(bad_files[_i].name, bad_files[_i].pointer);

	ck_assert_ptr_null(model_load(s, &e));
	ck_assert_msg(strstr(e.text, bad_files[_i].message) != NULL, "%s", e.text);
	free(s);
}
END_TEST

/* $refs to the same place share a definition; what only looks like a $ref is left alone. */
START_TEST(picked_text)
{
	static const char *const expected =
		"{\n"
		"  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
		"  \"properties\": {\n"
		"    \"$ref\": {\n      \"$ref\": \"#/$defs/A_B\"\n    },\n"
		"    \"b\": {\n      \"$ref\": \"#/$defs/A_B\"\n    },\n"
		"    \"c\": {\n      \"$ref\": \"#/$defs/A_B_2\"\n    },\n"
		"    \"self\": {\n      \"$ref\": \"#\"\n    }\n"
		"  },\n"
		"  \"default\": {\n    \"$ref\": \"#/x/A B\"\n  },\n"
		"  \"$defs\": {\n"
		"    \"A_B\": {\n      \"items\": {\n        \"$ref\": \"#\"\n      }\n    },\n"
		"    \"A_B_2\": {\n      \"minimum\": 0.5\n    }\n"
		"  }\n"
		"}\n";
	struct model *m = accept_compile(
		"{\"s\":{\"properties\":{\"$ref\":{\"$ref\":\"#/x/A B\"},\"b\":{\"$ref\":\"#/x/A%20B\"},"
		"\"c\":{\"$ref\":\"#/y/A+B\"},\"self\":{\"$ref\":\"#/s\"}},"
		"\"default\":{\"$ref\":\"#/x/A B\"},\"$defs\":{\"old\":{\"$ref\":\"#/nowhere\"}}},"
		"\"x\":{\"A B\":{\"items\":{\"$ref\":\"#/s\"}}},\"y\":{\"A+B\":{\"minimum\":0.5}}}",
		"/s");
	char *text = strndup(model_text(m).data, model_text(m).len);

	ck_assert_str_eq(text, expected);
	free(text);
	model_free(m);
}
END_TEST

Suite *model_suite(void)
{
	Suite *s = suite_create("model");
	TCase *t = tcase_create("nodes");

	tcase_add_test(t, severities);
	tcase_add_test(t, other_annotations);
	tcase_add_test(t, order_of_members);
	tcase_add_test(t, many_members);
	tcase_add_test(t, builtin_members);
	tcase_add_test(t, builtin_rules);
	suite_add_tcase(s, t);

	t = tcase_create("files");
	tcase_add_test(t, openapi_30);
	tcase_add_test(t, openapi_31);
	tcase_add_loop_test(t, file_refused, 0, (int)COUNT(bad_files));
	tcase_add_test(t, picked_text);
	suite_add_tcase(s, t);
	return s;
}
