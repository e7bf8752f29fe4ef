/*
 * test_target.c: the targets of the checker's hot loop among themselves, and against a slow and
 * simple reader of strings: strings of every length around a vector's, each kind of escape and each
 * boundary of UTF-8 at every place of a vector, and responses with bytes changed at random.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "checked.h"
#include "model/target.h"

Suite *target_suite(void);

#define SPAN 70 /* bytes: more than any vector has */

static const struct target *targets[TARGET_MOST];
static size_t n_targets;

static void setup(void)
{
	checked_setup();
	n_targets = target_list(targets);
}

/* A model-free object with the text as a string in it: {"v":"..."} as a response that is none. */
static void wrap(struct buf *out, struct slice text)
{
	buf_clear(out);
	buf_string(out, "{\"recipients\":[{\"v\":\"");
	buf_slice(out, text);
	buf_string(out, "\"}]}");
}

/* What every target makes of it must be what the first one makes of it. The caller frees it. */
static char *agreed(struct slice text, size_t step)
{
	char *first = NULL;

	for (size_t i = 0; i < n_targets; i++) {
		char *result;

		checked_target(targets[i]->name);
		result = checked_run(text, step, false, &checked_usual);
		if (first == NULL) {
			first = result;
			continue;
		}
		ck_assert_msg(strcmp(first, result) == 0, "%s: %.*s\n%s\nnot\n%s", targets[i]->name,
			      (int)text.len, text.data, result, first);
		free(result);
	}
	checked_target(NULL);
	return first;
}

/* The string comes out as `want`; NULL: there is a mistake at byte `wrong` of it. */
static void expect(struct slice text, const char *want, size_t wrong)
{
	struct buf whole = BUF_INIT, line = BUF_INIT;
	char *result;

	wrap(&whole, text);
	result = agreed(buf_view(&whole), 0);
	if (want != NULL)
		buf_printf(&line, "recipient {\"v\":\"%s\"}", want);
	else
		buf_printf(&line, " @%zu ", strlen("{\"recipients\":[{\"v\":\"") + wrong);
	buf_byte(&line, '\0');
	ck_assert_msg((want == NULL) == (strncmp(result, "recipient ", 10) != 0), "%.*s: %s",
		      (int)text.len, text.data, result);
	ck_assert_msg(strstr(result, line.data) != NULL, "%.*s:\n%s\nlacks %s", (int)text.len,
		      text.data, result, line.data);
	free(result);
	buf_free(&whole);
	buf_free(&line);
}

/* Strings of every length, and the same strings cut by the window's end. */
START_TEST(test_lengths)
{
	struct buf text = BUF_INIT, want = BUF_INIT, whole = BUF_INIT;

	for (size_t len = 0; len <= 3 * SPAN; len++) {
		buf_clear(&want);
		buf_append(&want, text.data != NULL ? text.data : "", len);
		buf_byte(&want, '\0');
		expect(buf_view(&text), want.data, 0);
		wrap(&whole, buf_view(&text));
		free(agreed(buf_view(&whole), 1 + len % 64));
		buf_byte(
			&text,
			(char)('!' + (len * 7 % 90 == 1 || len * 7 % 90 == 59 ? 0 : len * 7 % 90)));
	}
	buf_free(&text);
	buf_free(&want);
	buf_free(&whole);
}
END_TEST

/* What stands somewhere in a string, and what becomes of it; NULL: the mistake's place in it. */
static const struct {
	const char *from, *to;
	size_t wrong;
} pieces[] = {
	{"\\n", "\\n", 0},
	{"\\/", "/", 0},
	{"\\\"", "\\\"", 0},
	{"\\\\", "\\\\", 0},
	{"\\b\\f\\r\\t", "\\b\\f\\r\\t", 0},
	{"\\u0041", "A", 0},
	{"\\u0022", "\\\"", 0},
	{"\\u005C", "\\\\", 0},
	{"\\u001f", "\\u001f", 0},
	{"\\u000A", "\\n", 0},
	{"\\u007f", "\x7f", 0},
	{"\\u0080", "\xc2\x80", 0},
	{"\\u07ff", "\xdf\xbf", 0},
	{"\\u0800", "\xe0\xa0\x80", 0},
	{"\\uD7fF", "\xed\x9f\xbf", 0},
	{"\\ue000", "\xee\x80\x80", 0},
	{"\\uFFFF", "\xef\xbf\xbf", 0},
	{"\\ud800\\udc00", "\xf0\x90\x80\x80", 0},
	{"\\uDBFF\\uDFFF", "\xf4\x8f\xbf\xbf", 0},
	{"\\u7f8e\\u54b2\\u00e9", "\xe7\xbe\x8e\xe5\x92\xb2\xc3\xa9", 0},
	{"\\x", NULL, 1},
	{"\\u12g4", NULL, 4},
	{"\\u123\xff", NULL, 5},
	{"\\udc00", NULL, 0},
	{"\\ud800x", NULL, 0},
	{"\\ud800\\u0041", NULL, 0},
	{"\\u\xe2\x82\xac", NULL, 2},
	{"\x1f", NULL, 0},
	{"\n", NULL, 0},
	{"\x01", NULL, 0},
	{"\xc2\x80", "\xc2\x80", 0},
	{"\xdf\xbf", "\xdf\xbf", 0},
	{"\xe0\xa0\x80", "\xe0\xa0\x80", 0},
	{"\xed\x9f\xbf", "\xed\x9f\xbf", 0},
	{"\xee\x80\x80", "\xee\x80\x80", 0},
	{"\xef\xbf\xbf", "\xef\xbf\xbf", 0},
	{"\xf0\x90\x80\x80", "\xf0\x90\x80\x80", 0},
	{"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf", 0},
	{"\xc3\xa9 \xe7\xbe\x8e", "\xc3\xa9 \xe7\xbe\x8e", 0},
	{"\x80", NULL, 0},
	{"\xbf", NULL, 0},
	{"\xc0\x80", NULL, 0},
	{"\xc1\xbf", NULL, 0},
	{"\xc2", NULL, 0},
	{"\xc2\xc2\x80", NULL, 0},
	{"\xc2\x80\x80", NULL, 2},
	{"\xe0\x9f\xbf", NULL, 0},
	{"\xe0\xa0", NULL, 0},
	{"\xe1\x80", NULL, 0},
	{"\xed\xa0\x80", NULL, 0},
	{"\xef\xbf", NULL, 0},
	{"\xe1\x80\x80\x80", NULL, 3},
	{"\xf0\x8f\xbf\xbf", NULL, 0},
	{"\xf4\x90\x80\x80", NULL, 0},
	{"\xf5\x80\x80\x80", NULL, 0},
	{"\xf1\x80\x80", NULL, 0},
	{"\xf1\x80", NULL, 0},
	{"\xff", NULL, 0},
	{"\xfe", NULL, 0},
	{"\xc3\xa9 ok \xc3(", NULL, 6},
};

/* Each piece at every place of a vector, behind plain text and behind text beyond ASCII. */
START_TEST(test_pieces)
{
	struct buf text = BUF_INIT, want = BUF_INIT;

	for (size_t at = 0; at <= SPAN; at++) {
		for (int beyond = 0; beyond < 2; beyond++) {
			size_t start;

			buf_clear(&text);
			buf_string(&text, beyond ? "\xc3\xa9" : "");
			for (size_t i = 0; i < at; i++)
				buf_byte(&text, 'x');
			buf_clear(&want);
			buf_slice(&want, buf_view(&text));
			start = text.len;
			buf_string(&text, pieces[_i].from);
			buf_string(&text, "tail");
			if (pieces[_i].to != NULL)
				buf_string(&want, pieces[_i].to);
			buf_string(&want, "tail");
			buf_byte(&want, '\0');
			expect(buf_view(&text), pieces[_i].to != NULL ? want.data : NULL,
			       start + pieces[_i].wrong);
		}
	}
	buf_free(&text);
	buf_free(&want);
}
END_TEST

/* All pairs of bytes beyond ASCII with what may follow, against text.c's own reading of UTF-8. */
START_TEST(test_utf8)
{
	static const char seconds[] = "\x41\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xff";
	char text[5] = {0};

	for (int lead = 0x80; lead <= 0xff; lead++) {
		for (int k = 0; k < 1000; k++) {
			size_t n = 0, at = 0;

			text[0] = (char)lead;
			text[1] = seconds[k % 10];
			text[2] = seconds[k / 10 % 10];
			text[3] = seconds[k / 100];
			while (at < 4) {
				n = (signed char)text[at] >= 0 ? 1 : utf8_length(text + at, 4 - at);
				if (n == 0)
					break;
				at += n;
			}
			expect(slice_of(text, 4), at == 4 ? text : NULL, at);
		}
	}
}
END_TEST

/* --- changed at random --- */

static uint64_t next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static const char response[] =
	"{\"id\":\"btcal_1\",\"name\":\"n\\u00e9\",\"agent_id\":\"a\",\"created_at_unix\":1777438446,"
	"\"scheduled_time_unix\":2,\"last_updated_at_unix\":3,\"status\":\"completed\",\n"
	"  \"agent_name\": \"Renewal reminder\", \"recipients\": [\n"
	"    {\"id\":\"rcp_kjsdtkkd73ba9fbdsc858y68xfes\",\"status\":\"completed\",\"created_at_unix\":"
	"1777438446,\"updated_at_unix\":1777443441,\"phone_number\":\"+12015550100\",\"whatsapp_user_id\""
	":null,\"conversation_id\":\"conv_1\",\"conversation_initiation_client_data\":{"
	"\"conversation_config_override\":{\"turn\":null,\"tts\":{\"voice_id\":\"voice_01\",\"stability\":"
	"0.5,\"speed\":1},\"conversation\":{\"text_only\":false},\"agent\":null},\"custom_llm_extra_body\""
	":{},\"user_id\":null,\"source_info\":{\"source\":null,\"version\":null},\"dynamic_variables\":{"
	"\"first_name\":\"Zo\xc3\xab\",\"order\":777224,\"plan\":\"\xe7\xbe\x8e\xe5\x92\xb2\"}}},\n"
	"    {\"status\" : \"failed\", \"id\":\"r2\", \"created_at_unix\":1e3,\"updated_at_unix\":-1, "
	"\"zz\":[1,{},[]],\"_a\":true, \"created_at_unix\":7}\n  ]}\n";

/* Some bytes changed, removed or put in again from elsewhere in the text. */
static void change(struct buf *text, uint64_t *random)
{
	static const char bytes[] = "\"\\,:{}[]0-.eEu \n\t\x01\x80\xc3\xe2\xf0ntf_";
	size_t changes = 1 + next(random) % 3;

	while (changes-- > 0) {
		size_t at = next(random) % text->len;

		switch (next(random) % 4) {
		case 0:
			text->data[at] = bytes[next(random) % (sizeof(bytes) - 1)];
			break;
		case 1:
			memmove(text->data + at, text->data + at + 1, --text->len - at);
			break;
		case 2:
			text->data[at] = text->data[next(random) % text->len];
			break;
		default: {
			size_t from = next(random) % text->len;
			size_t n = next(random) % 40;

			if (from + n <= text->len && at + n <= text->len)
				memmove(text->data + at, text->data + from, n);
		}
		}
	}
}

START_TEST(test_changed)
{
	uint64_t random = 88172645463325252u + (uint64_t)_i * 1000003;
	struct buf text = BUF_INIT;

	for (int i = 0; i < 500; i++) {
		char *whole, *cut;

		buf_clear(&text);
		buf_string(&text, response);
		change(&text, &random);
		whole = agreed(buf_view(&text), 0);
		cut = agreed(buf_view(&text), 1 + next(&random) % 200);
		ck_assert_msg(strcmp(whole, cut) == 0, "%.*s:\n%s\nnot\n%s", (int)text.len,
			      text.data, cut, whole);
		free(whole);
		free(cut);
	}
	buf_free(&text);
}
END_TEST

/* The environment chooses only what there is. */
START_TEST(test_choice)
{
	ck_assert_str_eq(targets[n_targets - 1]->name, "portable");
	setenv("CALLROLL_TARGET", "no such thing", 1);
	ck_assert_ptr_eq(target_choose(), targets[0]);
	setenv("CALLROLL_TARGET", "portable", 1);
	ck_assert_ptr_eq(target_choose(), targets[n_targets - 1]);
	unsetenv("CALLROLL_TARGET");
	ck_assert_ptr_eq(target_choose(), targets[0]);
}
END_TEST

Suite *target_suite(void)
{
	Suite *s = suite_create("target");
	TCase *t = tcase_create("target");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, checked_teardown);
	tcase_add_test(t, test_choice);
	tcase_add_test(t, test_lengths);
	tcase_add_loop_test(t, test_pieces, 0, (int)(sizeof(pieces) / sizeof(pieces[0])));
	tcase_add_test(t, test_utf8);
	tcase_add_loop_test(t, test_changed, 0, 8);
	suite_add_tcase(s, t);
	return s;
}
