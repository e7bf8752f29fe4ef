/*
 * test_drift.c: tests of audit/drift.c, audit/drift_patch.c, audit/stray.c and model/widen.c.
 */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "accept.h"
#include "audit/drift.h"
#include "indexed.h"

Suite *drift_suite(void);

#define BUNDLES 2

static struct indexed x[BUNDLES];
static uint64_t responses[BUNDLES];
static struct model *model;
static struct drift *d;
static struct error e;

static void setup(void)
{
	e = (struct error){0};
	model = NULL;
	d = NULL;
	for (int i = 0; i < BUNDLES; i++) {
		responses[i] = 0;
		indexed_begin(&x[i]);
	}
}

static void teardown(void)
{
	drift_free(d);
	model_free(model);
	for (int i = 0; i < BUNDLES; i++)
		indexed_end(&x[i]);
}

/* A recipient line of these members, first seen in that response. */
static void recipient(int bundle, unsigned response, const char *members)
{
	struct buf line = BUF_INIT;

	buf_printf(&line, "{\"_batch\":\"b\",\"_response\":%u,%s}", response, members);
	buf_byte(&line, '\0');
	indexed_line(&x[bundle], LINES_RECIPIENTS, line.data);
	buf_free(&line);
}

/* A response of recipients lines first .. first+count-1 and these members. */
static void response(int bundle, unsigned first, unsigned count, const char *members)
{
	struct buf line = BUF_INIT;

	buf_printf(&line,
		   "{\"_response\":%llu,\"_source\":\"s/%llu.json\",\"_recipients\":%u,"
		   "\"_rows\":[[%u,%u]],%s}",
		   (unsigned long long)responses[bundle] + 1,
		   (unsigned long long)responses[bundle] + 1, count, first, count, members);
	buf_byte(&line, '\0');
	indexed_line(&x[bundle], LINES_RESPONSES, line.data);
	responses[bundle]++;
	buf_free(&line);
}

static const struct bundle *opened(uint32_t bundle)
{
	return x[bundle].b != NULL ? x[bundle].b : indexed_open(&x[bundle]);
}

/* What the bundles that have responses hold, by a model. */
static void run(const char *model_text)
{
	if (model_text != NULL)
		model = accept_compile(model_text, "");
	else
		model = model_load(NULL, &e);
	ck_assert_ptr_nonnull(model);
	d = drift_new(model, &e);
	for (uint32_t i = 0; i < BUNDLES; i++)
		if (responses[i] > 0)
			ck_assert_msg(drift_add(d, i, opened(i), &e) == 0, "%s", e.text);
	ck_assert_int_eq(drift_finish(d, &e), 0);
}

/* One line for each item. */
static struct buf items_text(const struct drift *of)
{
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < drift_count(of); i++) {
		const struct drift_item *m = drift_item(of, i);

		buf_printf(&out, "%c ", "mvt"[m->kind]);
		buf_slice(&out, m->where);
		buf_byte(&out, ' ');
		buf_slice(&out, m->value);
		buf_printf(&out, " %u %llu/%llu ", m->types, (unsigned long long)m->states,
			   (unsigned long long)m->captures);
		if (m->first != DRIFT_NO_TIME)
			buf_printf(&out, "%lld-%lld ", (long long)m->first, (long long)m->last);
		buf_printf(&out, "%u#%llu ", m->bundle, (unsigned long long)m->response);
		buf_slice(&out, m->source);
		buf_byte(&out, ' ');
		buf_slice(&out, m->pointer);
		buf_byte(&out, '\n');
	}
	buf_byte(&out, '\0');
	return out;
}

static void expect(const char *want)
{
	struct buf got = items_text(d);

	ck_assert_str_eq(got.data, want);
	buf_free(&got);
}

/* --- what is found --- */

#define DATA "\"conversation_initiation_client_data\":"

START_TEST(found)
{
	recipient(0, 1, "\"id\":\"a\",\"status\":\"calling\",\"phone_number\":7,\"new~/\":null");
	recipient(
		0, 1,
		"\"_captured\":{\"_mine\":[],\"_batch\":1},\"id\":\"b\",\"status\":\"pending\"," DATA
		"{\"dynamic_variables\":{\"x/y\":[\"secret\"],\"status\":\"calling\"},"
		"\"custom_llm_extra_body\":{\"any\":{\"thing\":1}},"
		"\"source_info\":{\"source\":\"fax\",\"extra\":{\"in\":1}}}");
	recipient(0, 2, "\"id\":\"a\",\"status\":\"calling\",\"new~/\":1.5,\"x-api-key\":\"k\"");
	response(0, 1, 2, "\"id\":\"b\",\"phone_provider\":\"exotel\",\"last_updated_at_unix\":50");
	response(0, 2, 2,
		 "\"_seen\":70,\"id\":\"b\",\"phone_provider\":5,\"last_updated_at_unix\":60");
	response(0, 3, 1,
		 "\"id\":\"b\",\"phone_provider\":\"exotel\",\"last_updated_at_unix\":\"40\"");
	recipient(1, 1, "\"id\":\"a\",\"status\":\"calling\",\"new~/\":\"text\"");
	response(1, 1, 1, "\"id\":\"c\",\"last_updated_at_unix\":10");
	run(NULL);
	expect("t /last_updated_at_unix  16 1/1 0#3 s/3.json /last_updated_at_unix\n"
	       "v /phone_provider \"exotel\" 16 2/2 50-50 0#1 s/1.json /phone_provider\n"
	       "v /phone_provider 5 4 1/1 70-70 0#2 s/2.json /phone_provider\n"
	       "m /recipients/*/_batch  4 1/2 50-70 0#1 s/1.json /recipients/1/_batch\n"
	       "m /recipients/*/_mine  32 1/2 50-70 0#1 s/1.json /recipients/1/_mine\n"
	       "t /recipients/*/conversation_initiation_client_data/dynamic_variables/*  32 1/2 "
	       "50-70 0#1 s/1.json /recipients/1/conversation_initiation_client_data/"
	       "dynamic_variables/x~1y\n"
	       "m /recipients/*/conversation_initiation_client_data/source_info/extra  64 1/2 50-70 "
	       "0#1 s/1.json /recipients/1/conversation_initiation_client_data/source_info/extra\n"
	       "v /recipients/*/conversation_initiation_client_data/source_info/source \"fax\" 16 1/2 "
	       "50-70 0#1 s/1.json /recipients/1/conversation_initiation_client_data/source_info/"
	       "source\n"
	       "m /recipients/*/new~0~1  25 3/4 10-70 0#1 s/1.json /recipients/0/new~0~1\n"
	       "t /recipients/*/phone_number  4 1/1 50-50 0#1 s/1.json /recipients/0/phone_number\n"
	       "v /recipients/*/status \"calling\" 16 3/4 10-70 0#1 s/1.json /recipients/0/status\n");
	ck_assert_uint_eq(drift_captures(d), 4);
	ck_assert_uint_eq(drift_dropped(d), 0);
	ck_assert(drift_exact(d));
}
END_TEST

START_TEST(nothing_found)
{
	recipient(0, 1,
		  "\"id\":\"a\",\"status\":\"voicemail\",\"created_at_unix\":-1," DATA
		  "{\"dynamic_variables\":{\"a\":\"x\",\"b\":null,\"c\":1.5,\"d\":true},"
		  "\"custom_llm_extra_body\":{\"q\":{\"r\":[]}},\"user_id\":null}");
	response(0, 1, 1, "\"id\":\"b\",\"phone_provider\":null,\"whatsapp_params\":{}");
	run(NULL);
	expect("");
}
END_TEST

START_TEST(values_that_are_data_are_not_kept)
{
	recipient(0, 1, "\"a\":\"one\",\"b\":{\"k\":\"two\"},\"c\":{\"d\":\"three\"}");
	recipient(0, 1, "\"a\":\"four\",\"b\":{\"l\":\"five\"},\"c\":{\"d\":\"six\"}");
	response(0, 1, 2,
		 "\"long\":\"0123456789012345678901234567890123456789012345678901234567890123456789"
		 "0123456789012345678901234567890123456789012345678901234567890123456789012345"
		 "6789012345678901234567890123456789012345678901234567890123456789012345678901"
		 "234567890123456789012345678901234567890123456789\"");
	run("{\"properties\":{\"long\":{\"enum\":[\"x\"]},\"recipients\":{\"items\":{\"properties\":{"
	    "\"a\":{\"enum\":[\"x\"],\"x-callroll-personal\":true},"
	    "\"b\":{\"additionalProperties\":{\"enum\":[\"x\"]}},"
	    "\"c\":{\"x-callroll-personal\":true,\"properties\":{\"d\":{\"enum\":[\"x\"]}}}}}}}}");
	expect("v /long  16 1/1 0#1 s/1.json /long\n"
	       "v /recipients/*/a  16 2/1 0#1 s/1.json /recipients/0/a\n"
	       "v /recipients/*/b/*  16 2/1 0#1 s/1.json /recipients/0/b/k\n"
	       "v /recipients/*/c/d  16 2/1 0#1 s/1.json /recipients/0/c/d\n");
}
END_TEST

START_TEST(bounded)
{
	struct buf members = BUF_INIT;

	for (int i = 0; i < DRIFT_ITEMS + 5; i++)
		buf_printf(&members, "%s\"n%05d\":0", i > 0 ? "," : "", i);
	buf_byte(&members, '\0');
	recipient(0, 1, members.data);
	recipient(0, 1, members.data);
	buf_clear(&members);
	buf_byte(&members, '"');
	for (int i = 0; i < 5000; i++)
		buf_byte(&members, 'n');
	buf_string(&members, "\":1");
	buf_byte(&members, '\0');
	response(0, 1, 2, members.data);
	run(NULL);
	ck_assert_uint_eq(drift_count(d), DRIFT_ITEMS);
	ck_assert_uint_eq(drift_dropped(d), 2 * 5 + 1);
	ck_assert_uint_eq(drift_item(d, DRIFT_ITEMS - 1)->captures, 1);
	ck_assert_uint_eq(drift_item(d, DRIFT_ITEMS - 1)->states, 2);
	buf_free(&members);
}
END_TEST

START_TEST(lines_that_lie)
{
	/* a recipient says that a response has it first that does not, or that is none */
	recipient(0, 2, "\"id\":\"a\",\"p\":0");
	recipient(0, 9, "\"id\":\"a\",\"q\":0");
	response(0, 1, 2, "\"id\":\"b\"");
	response(0, 2, 1, "\"id\":\"b\"");
	run(NULL);
	expect("m /recipients/*/p  4 1/1 0#2 s/2.json /recipients/*/p\n"
	       "m /recipients/*/q  4 1/2 0#9  /recipients/*/q\n");
}
END_TEST

START_TEST(lines_that_are_none)
{
	recipient(0, 1, "\"id\":\"a\",\"p\":0");
	indexed_line(&x[0], LINES_RECIPIENTS,
		     "{\"_batch\":\"b\",\"status\":tru,\"created_at_unix\":1e}");
	response(0, 1, 1, "\"id\":\"b\",\"zz\":1");
	response(0, 1, 9, "\"id\":\"b\"");
	response(0, 1, 1, "\"id\":\"b\",\"zz\":1");
	model = model_load(NULL, &e);
	d = drift_new(model, &e);
	ck_assert_int_eq(drift_add(d, 0, opened(0), &e), -1);
	ck_assert_int_eq(e.kind, ERROR_BUNDLE);
	ck_assert_int_eq(drift_finish(d, &e), 0);
	expect("m /recipients/*/p  4 1/2 0#1 s/1.json /recipients/0/p\n"
	       "m /zz  4 2/2 0#1 s/1.json /zz\n");
}
END_TEST

/* --- the patch --- */

/* The model with the patch, put together by another hand. */
static struct model *patched_model(struct buf *patch)
{
	struct slice text = model_text(model);
	json_t *whole = json_loadb(text.data, text.len, 0, NULL), *new;
	struct model *m;
	char *dump;

	ck_assert_msg(drift_patch(d, patch, &e) == 0, "%s", e.text);
	new = json_loadb(patch->data, patch->len, 0, NULL);
	ck_assert_ptr_nonnull(whole);
	ck_assert_ptr_nonnull(new);
	ck_assert_int_eq(json_object_update_recursive(whole, new), 0);
	dump = json_dumps(whole, 0);
	m = accept_compile(dump, "");
	ck_assert_ptr_nonnull(m);
	free(dump);
	json_decref(whole);
	json_decref(new);
	return m;
}

/* Is a null a member's value? Then RFC 7396 takes something away. */
static bool has_null(const json_t *v)
{
	const char *name;
	json_t *one;

	json_object_foreach((json_t *)v, name,
			    one) if (json_is_null(one) || has_null(one)) return true;
	return false;
}

/* With the patch nothing is left but what it says it does not accept; `refused` is as before. */
static void expect_patched(size_t left, const char *refused)
{
	struct buf patch = BUF_INIT;
	struct model *m = patched_model(&patch);
	struct drift *again = drift_new(m, &e);
	json_t *text = json_loadb(patch.data, patch.len, 0, NULL);
	size_t not_accepted = 0;

	ck_assert(!has_null(text));
	json_decref(text);
	for (uint32_t i = 0; i < BUNDLES; i++)
		if (responses[i] > 0)
			ck_assert_int_eq(drift_add(again, i, x[i].b, &e), 0);
	ck_assert_int_eq(drift_finish(again, &e), 0);
	for (size_t i = 0; i < drift_count(d); i++)
		not_accepted += !drift_item(d, i)->accepted;
	if (drift_count(again) != left || not_accepted != left) {
		struct buf got = items_text(again);
		ck_abort_msg("%zu not accepted, left:\n%s%.*s", not_accepted, got.data,
			     (int)patch.len, patch.data);
	}
	if (refused != NULL) {
		ck_assert(!accept_text(model, refused));
		ck_assert_msg(!accept_text(m, refused), "accepted now: %s", refused);
	}
	drift_free(again);
	model_free(m);
	buf_free(&patch);
}

START_TEST(hostile_names)
{
	static const char *const names[] = {
		"~",           "/",      "~1", "a/b~c",      "\\\"quote", "ünï",        "🙂",
		"__proto__",   "_batch", "*",  "",           "$ref",      "properties", "enum",
		"constructor", "-",      "0",  "with space", "\\n",       "\\\\",
	};
	struct buf members = BUF_INIT;

	buf_string(&members, "\"_captured\":{\"_batch\":1,\"__proto__\":{}}");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i][0] != '_')
			buf_printf(&members, ",\"%s\":%s", names[i], i % 2 ? "\"x\"" : "[null]");
	buf_string(&members, "," DATA "{\"__proto__\":null,\"source_info\":{");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		buf_printf(&members, "%s\"%s\":%s", i > 0 ? "," : "", names[i],
			   i % 2 ? "{\"a\":1}" : "1.5");
	buf_string(&members, ",\"source\":\"~/\\\"ünï\"}}");
	buf_byte(&members, '\0');
	recipient(0, 1, members.data);
	response(0, 1, 1, "\"id\":\"b\",\"phone_provider\":\"__proto__\",\"\":null,\"~\":2");
	run(NULL);
	expect_patched(0, "{\"recipients\":[{\"status\":\"nobody\"}]}");
	buf_free(&members);
}
END_TEST

START_TEST(others_keep_what_they_have)
{
	/* text_or_null, counter and unix_time are used in many places */
	recipient(0, 1, "\"id\":\"a\",\"phone_number\":7,\"created_at_unix\":null");
	response(0, 1, 1, "\"id\":\"b\",\"retry_count\":\"3\"");
	run(NULL);
	expect_patched(0, "{\"id\":\"b\",\"recipients\":[{\"id\":\"a\",\"status\":\"failed\","
			  "\"created_at_unix\":1,\"updated_at_unix\":null}]}");
	model_free(model);
	model = NULL;
	drift_free(d);
	run(NULL);
	expect_patched(0, "{\"total_calls_finished\":\"3\"}");
}
END_TEST

/* A model, a recipient, whether the patch cannot accept it all, and what it must go on refusing. */
static const struct {
	const char *model, *recipient;
	size_t left;
	const char *refused;
} cases[] = {
#define M(recipient, rest) "{\"properties\":{\"recipients\":{\"items\":" recipient "}}" rest "}"
	/* unions */
	{M("{\"properties\":{\"s\":{\"anyOf\":[{\"enum\":[\"a\"]},{\"type\":\"null\"}]}}}", ""),
	 "\"s\":\"b\"", 0, "{\"recipients\":[{\"s\":\"c\"}]}"},
	{M("{\"properties\":{\"s\":{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}}}", ""),
	 "\"s\":[1]", 0, "{\"recipients\":[{\"s\":1}]}"},
	{M("{\"properties\":{\"s\":{\"anyOf\":[{\"enum\":[\"a\"]},{\"type\":\"null\"}]}}}", ""),
	 "\"s\":4", 0, "{\"recipients\":[{\"s\":\"c\"}]}"},
	/* enum without a type, and null */
	{M("{\"properties\":{\"s\":{\"enum\":[\"a\"]}}}", ""), "\"s\":null", 0,
	 "{\"recipients\":[{\"s\":\"c\"}]}"},
	{M("{\"properties\":{\"s\":{\"type\":\"string\",\"enum\":[\"a\"]}}}", ""), "\"s\":1.5", 0,
	 "{\"recipients\":[{\"s\":1.6}]}"},
	{M("{\"properties\":{\"s\":{\"type\":[\"string\",\"null\"],\"enum\":[\"a\",null]}}}", ""),
	 "\"s\":true", 0, "{\"recipients\":[{\"s\":false}]}"},
	/* shared definitions, with a default that is null, and a const that is */
	{M("{\"properties\":{\"s\":{\"$ref\":\"#/$defs/d\"},\"t\":{\"$ref\":\"#/$defs/d\"}}}",
	   ",\"$defs\":{\"d\":{\"enum\":[\"a\"],\"default\":null}}"),
	 "\"s\":\"b\"", 0, "{\"recipients\":[{\"t\":\"b\"}]}"},
	{M("{\"properties\":{\"s\":{\"$ref\":\"#/$defs/d\"},\"t\":{\"$ref\":\"#/$defs/d\"}}}",
	   ",\"$defs\":{\"d\":{\"const\":null}}"),
	 "\"s\":\"b\"", 0, "{\"recipients\":[{\"t\":\"b\"}]}"},
	{M("{\"properties\":{\"s\":{\"allOf\":[{\"$ref\":\"#/$defs/d\"}]},"
	   "\"t\":{\"$ref\":\"#/$defs/d\"}}}",
	   ",\"$defs\":{\"d\":{\"anyOf\":[{\"$ref\":\"#/$defs/e\"}]},\"e\":{\"type\":\"string\"}}"),
	 "\"s\":7", 0, "{\"recipients\":[{\"t\":7}]}"},
	{M("{\"properties\":{\"s\":{\"$ref\":\"#/definitions/d\"},\"t\":{\"$ref\":\"#/definitions/"
	   "d\"}}}",
	   ",\"definitions\":{\"d\":{\"type\":\"object\",\"properties\":{\"k\":{\"enum\":[1]}}}},"
	   "\"$schema\":\"http://json-schema.org/draft-07/schema#\""),
	 "\"s\":{\"k\":2,\"n\":{}}", 0, "{\"recipients\":[{\"t\":{\"k\":2}}]}"},
	/* a schema that holds itself */
	{M("{\"$ref\":\"#/$defs/n\"}",
	   ",\"$defs\":{\"n\":{\"properties\":{\"in\":{\"$ref\":\"#/$defs/n\"},\"s\":{\"enum\":[1]}}}}"),
	 "\"in\":{\"in\":{\"s\":2}}", 0, "{\"recipients\":[{\"in\":{\"in\":{\"in\":{\"s\":2}}}}]}"},
	{M("{\"properties\":{\"s\":{\"enum\":[1]},\"in\":{\"$ref\":\"#/properties/recipients/items\"}}}",
	   ""),
	 "\"in\":{\"s\":2,\"x\":1}", 0, "{\"recipients\":[{\"s\":2}]}"},
	/* closed objects, and what holds for all other names */
	{M("{\"additionalProperties\":false,\"properties\":{\"s\":{}}}", ""), "\"n\":1", 0,
	 "{\"recipients\":[{\"o\":1}]}"},
	{M("{\"allOf\":[{\"additionalProperties\":false,\"properties\":{\"s\":{}}}],"
	   "\"properties\":{\"s\":{}},\"additionalProperties\":false}",
	   ""),
	 "\"n\":1", 0, "{\"recipients\":[{\"o\":1}]}"},
	{M("{\"properties\":{\"s\":{}},\"allOf\":[{\"additionalProperties\":{\"type\":\"string\"}}]}",
	   ""),
	 "\"s\":1,\"t\":\"x\"", 0, "{\"recipients\":[{\"t\":1}]}"},
	{M("{\"properties\":{\"s\":false}}", ""), "\"s\":1", 0, NULL},
	{M("{\"properties\":{\"s\":{\"items\":{\"items\":{\"enum\":[\"a\"]}}}}}", ""),
	 "\"s\":[[\"a\",\"b\"],[\"c\"]]", 0, "{\"recipients\":[{\"s\":[[\"d\"]]}]}"},
	/* data */
	{M("{\"properties\":{\"s\":{\"additionalProperties\":{\"type\":\"string\"}}}}", ""),
	 "\"s\":{\"x\":{},\"y\":2}", 0, "{\"recipients\":[{\"s\":{\"x\":true}}]}"},
	/* what a merge cannot do */
	{M("{\"properties\":{\"s\":{\"const\":1}}}", ""), "\"s\":2", 1, NULL},
	{M("{\"properties\":{\"s\":{\"enum\":[1]}}}", ""), "\"s\":123456789012345678901234567890",
	 1, NULL},
	{M("{\"properties\":{\"s\":{\"enum\":[\"x\"],\"x-callroll-personal\":true}}}", ""),
	 "\"s\":\"y\"", 1, NULL},
	{M("{\"properties\":{\"s\":{}}}", ""), "\"a\\u0000b\":1,\"n\":2", 1, NULL},
	{M("{\"properties\":{\"s\":{\"enum\":[\"x\"]}}}", ""), "\"s\":{\"y\":1}", 1,
	 "{\"recipients\":[{\"s\":\"y\"}]}"},
};

START_TEST(models)
{
	recipient(0, 1, cases[_i].recipient);
	response(0, 1, 1, "\"recipients_\":1");
	run(cases[_i].model);
	ck_assert_uint_ge(drift_count(d), 1);
	expect_patched(cases[_i].left, cases[_i].refused);
}
END_TEST

START_TEST(nothing_to_patch)
{
	struct buf patch = BUF_INIT;

	recipient(0, 1, "\"id\":\"a\"");
	response(0, 1, 1, "\"id\":\"b\"");
	run(NULL);
	ck_assert_int_eq(drift_patch(d, &patch, &e), 0);
	ck_assert(slice_equal(buf_view(&patch), SLICE("{}")));
	buf_free(&patch);
}
END_TEST

/* --- random histories against counting by hand --- */

#define KINDS 5
#define LINES_MOST 40
#define STEPS 12

static unsigned below(uint64_t *random, unsigned n)
{
	*random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*random >> 33) % n;
}

/* Recipient lines that hold some of five unknown members; responses of runs of them. */
START_TEST(random_histories)
{
	uint64_t random = (uint64_t)_i + 1, states[KINDS] = {0}, captures[KINDS] = {0};
	int64_t first[KINDS], last[KINDS];
	unsigned kinds = 0;

	for (int b = 0; b < BUNDLES; b++) {
		unsigned has[LINES_MOST] = {0}, count = 1 + below(&random, LINES_MOST);

		for (unsigned i = 0; i < count; i++) {
			struct buf members = BUF_INIT;

			has[i] = below(&random, 3) == 0 ? below(&random, 1 << KINDS) : 0;
			buf_string(&members, "\"id\":\"a\"");
			for (unsigned k = 0; k < KINDS; k++) {
				if (has[i] >> k & 1)
					buf_printf(&members, ",\"k%u\":%u", k, i);
				states[k] += has[i] >> k & 1;
			}
			buf_byte(&members, '\0');
			recipient(b, 1, members.data);
			buf_free(&members);
		}
		for (unsigned s = 0; s < STEPS; s++) {
			unsigned from = below(&random, count), n = 1 + below(&random, count - from);
			int64_t at = below(&random, 1000);
			unsigned all = 0;
			char members[80];

			for (unsigned i = from; i < from + n; i++)
				all |= has[i];
			for (unsigned k = 0; k < KINDS; k++) {
				if (!(all >> k & 1))
					continue;
				if (captures[k] == 0 || at < first[k])
					first[k] = at;
				if (captures[k] == 0 || at > last[k])
					last[k] = at;
				captures[k]++;
			}
			snprintf(members, sizeof(members), "\"last_updated_at_unix\":%lld",
				 (long long)at);
			response(b, from + 1, n, members);
		}
	}
	run(NULL);
	for (unsigned k = 0; k < KINDS; k++) {
		const struct drift_item *m;

		if (states[k] == 0)
			continue;
		ck_assert_uint_lt(kinds, drift_count(d));
		m = drift_item(d, kinds++);
		ck_assert_int_eq(m->where.data[m->where.len - 1], '0' + (char)k);
		ck_assert_uint_eq(m->states, states[k]);
		ck_assert_uint_eq(m->captures, captures[k]);
		ck_assert_int_eq(m->first, captures[k] > 0 ? first[k] : DRIFT_NO_TIME);
		ck_assert_int_eq(m->last, captures[k] > 0 ? last[k] : DRIFT_NO_TIME);
	}
	ck_assert_uint_eq(kinds, drift_count(d));
	expect_patched(0, NULL);
}
END_TEST

Suite *drift_suite(void)
{
	Suite *s = suite_create("drift");
	TCase *t = tcase_create("drift");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, found);
	tcase_add_test(t, nothing_found);
	tcase_add_test(t, values_that_are_data_are_not_kept);
	tcase_add_test(t, bounded);
	tcase_add_test(t, lines_that_lie);
	tcase_add_test(t, lines_that_are_none);
	tcase_add_test(t, hostile_names);
	tcase_add_test(t, others_keep_what_they_have);
	tcase_add_loop_test(t, models, 0, (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(t, nothing_to_patch);
	tcase_add_loop_test(t, random_histories, 0, 40);
	suite_add_tcase(s, t);
	return s;
}
