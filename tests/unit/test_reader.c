/*
 * test_reader.c: streams of responses: where each begins and ends and what it is, for every size of
 * reads from 1 to 64 bytes.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "input/reader.h"

Suite *reader_suite(void);

static struct model *model;
static struct findings *findings;
static char folder[64];

static void setup(void)
{
	struct error e = {0};
	static const struct severities none;

	model = model_load(NULL, &e);
	ck_assert_msg(model != NULL, "%s", e.text);
	findings = findings_new(1000, &none);
	ck_assert_ptr_nonnull(findings);
	strcpy(folder, "/tmp/callroll-reader-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
	rmdir(folder);
	findings_free(findings);
	model_free(model);
}

static void add_result(struct buf *out, struct reader *r, uint64_t recipients)
{
	static const char *const verdicts[] = {"record", "unfit", "other"};
	const struct reader_result *result = reader_result(r);
	size_t n;
	const struct finding *list = findings_list(findings, &n);

	buf_printf(out, "%llu %s %llu-%llu", (unsigned long long)result->number,
		   verdicts[result->verdict], (unsigned long long)result->start,
		   (unsigned long long)result->end);
	if (result->http != NULL)
		buf_printf(out, " http %u", result->http->status);
	if (recipients > 0)
		buf_printf(out, " %llu recipients", (unsigned long long)recipients);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, " %s@%llu:%llu", rule_info(list[i].rule)->name,
			   (unsigned long long)list[i].place.line,
			   (unsigned long long)list[i].place.column);
	buf_byte(out, '\n');
}

/* Every record of the file twice, if `again`. */
static char *run(const char *path, size_t read, bool again)
{
	struct check_limits limits = {LIMIT_RECORD, LIMIT_DEPTH};
	struct walk_item item = {.path = (char *)path, .name = (char *)path, .named = true};
	struct reader *r = reader_new(model, &limits, findings);
	struct error e = {0};
	struct source *s = source_open(&item, true, NULL, &e);
	struct buf out = BUF_INIT;
	uint64_t recipients = 0;
	enum reader_event event;
	bool second = false;

	ck_assert_msg(s != NULL, "%s", e.text);
	ck_assert_int_eq(source_next(s, &e), 1);
	if (read > 0)
		reader_set_read(r, read);
	reader_start(r, s);
	while ((event = reader_next(r, &e)) != READER_DONE) {
		ck_assert_msg(event != READER_FAILED, "%s", e.text);
		if (event == READER_BEGIN)
			recipients = 0;
		else if (event == READER_RECIPIENT)
			recipients++;
		else if (again && !second &&
			 reader_result(r)->verdict == VERDICT_RECORD) {
			second = true;
			ck_assert_int_eq(reader_again(r, &e), 0);
		} else {
			second = false;
			add_result(&out, r, recipients);
		}
	}
	buf_byte(&out, '\0');
	source_close(s);
	reader_free(r);
	return out.data;
}

#define GOOD                                                                                       \
	"{\"id\":\"b\",\"name\":\"n\",\"agent_id\":\"a\",\"created_at_unix\":1,"                   \
	"\"scheduled_time_unix\":2,\"last_updated_at_unix\":3,\"status\":\"completed\","           \
	"\"agent_name\":\"x\",\"recipients\":[{\"id\":\"r\",\"status\":\"failed\","                \
	"\"created_at_unix\":1,\"updated_at_unix\":2}]}" /* 227 bytes */
#define HTTP "HTTP/1.1 200 OK\r\nDate: Mon, 04 May 2026 16:22:10 GMT\r\n\r\n" /* 56 bytes */

static const struct {
	const char *name, *text, *result;
} cases[] = {
	{"a.json", GOOD,
	 "1 record 0-227 1 recipients\n"},
	{"a.json", " \r\n" GOOD "\n",
	 "1 record 3-230 1 recipients\n"},
	{"a.json", "\xef\xbb\xbf" GOOD,
	 "1 record 3-230 1 recipients\n"},
	{"a.json", GOOD GOOD "\n" GOOD,
	 "1 record 0-227 1 recipients\n"
	 "2 record 227-454 1 recipients\n"
	 "3 record 455-682 1 recipients\n"},
	/* arrays */
	{"a.json", "[" GOOD "," GOOD "]\n",
	 "1 record 1-228 1 recipients\n"
	 "2 record 229-456 1 recipients\n"},
	{"a.json", "[ \n " GOOD " ] [" GOOD "]",
	 "1 record 4-231 1 recipients\n"
	 "2 record 235-462 1 recipients\n"},
	{"a.json", "[" GOOD,
	 "1 record 1-228 1 recipients\n"
	 "2 unfit 228-228 syntax@1:229\n"},
	{"a.json", "[" GOOD ",",
	 "1 record 1-228 1 recipients\n"
	 "2 unfit 229-229 syntax@1:230\n"},
	{"a.json", "[" GOOD " x]",
	 "1 record 1-228 1 recipients\n"
	 "2 unfit 229-231 syntax@1:230\n"},
	{"a.json", "[" GOOD "\n" GOOD "]",
	 "1 record 1-228 1 recipients\n"
	 "2 unfit 229-229 syntax@2:1\n"
	 "3 record 229-456 1 recipients\n"},
	{"a.json", "[{\"id\":}\n,\n" GOOD "\n]\n" GOOD,
	 "1 unfit 1-11 syntax@1:8\n"
	 "2 record 11-238 1 recipients\n"
	 "3 record 241-468 1 recipients\n"},
	/* other things */
	{"a.json", "",
	 "1 other 0-0 not-a-response@1:1\n"},
	{"a.json", " \n",
	 "1 other 0-2 not-a-response@1:1\n"},
	{"a.json", "[]",
	 "1 other 0-2 not-a-response@1:1\n"},
	{"a.json", "[][1]",
	 "1 other 0-2 not-a-response@1:1\n"
	 "2 other 2-5 not-a-response@1:3\n"},
	{"a.json", "7\n",
	 "1 other 0-1 not-a-response@1:1\n"},
	{"a.json", "7 8\n",
	 "1 other 0-1 not-a-response@1:1\n"
	 "2 unfit 2-4 syntax@1:3\n"},
	{"a.json", "{\"detail\":\"x\"}\n" GOOD,
	 "1 other 0-14 not-a-response@1:1\n"
	 "2 record 15-242 1 recipients\n"},
	{"a.json", "<html>\n{ }\n</html>\n" GOOD,
	 "1 other 0-19 not-a-response@1:1\n"
	 "2 record 19-246 1 recipients\n"},
	{"a.json", "name,phone\na,1\n",
	 "1 other 0-15 not-a-response@1:1\n"},
	{"a.json", "garbage\n" GOOD,
	 "1 unfit 0-8 syntax@1:1\n"
	 "2 record 8-235 1 recipients\n"},
	/* recovery */
	{"a.json", "{\"id\":\"b\n" GOOD,
	 "1 unfit 0-9 syntax@1:9\n"
	 "2 record 9-236 1 recipients\n"},
	{"a.json", "{\n \"id\": 1 2\n}\nx\n" GOOD,
	 "1 unfit 0-17 type@2:8 syntax@2:10\n"
	 "2 record 17-244 1 recipients\n"},
	{"a.json", "{\"recipients\":[\n" GOOD "\n",
	 "1 unfit 0-16 1 recipients required@2:1"
	 " unknown-member@2:11 unknown-member@2:22 unknown-member@2:57"
	 " unknown-member@2:81 unknown-member@2:127 unknown-member@2:144 syntax@3:1\n"
	 "2 record 16-243 1 recipients\n"},
	{"a.ndjson", "{\"id\":}\n" GOOD "\n{\"id\"\n" GOOD "\n",
	 "1 unfit 0-8 syntax@1:7\n"
	 "2 record 8-235 1 recipients\n"
	 "3 unfit 236-242 syntax@3:6\n"
	 "4 record 242-469 1 recipients\n"},
	{"a.ndjson", "x\ny\n" GOOD " z\n" GOOD,
	 "1 unfit 0-2 syntax@1:1\n"
	 "2 unfit 2-4 syntax@2:1\n"
	 "3 record 4-231 1 recipients\n"
	 "4 unfit 232-234 syntax@3:229\n"
	 "5 record 234-461 1 recipients\n"},
	/* a line cut between two tokens: what is said is about that line */
	{"a.ndjson", "{\"id\":\"b\",\"recipients\":[{\"id\":\n" GOOD "\n" GOOD,
	 "1 unfit 0-31 syntax@1:31\n"
	 "2 record 31-258 1 recipients\n"
	 "3 record 259-486 1 recipients\n"},
	{"a.jsonl", "<html>\n" GOOD,
	 "1 other 0-7 not-a-response@1:1\n"
	 "2 record 7-234 1 recipients\n"},
	/* HTTP */
	{"a.json", HTTP GOOD,
	 "1 record 0-283 http 200 1 recipients\n"},
	{"a.json", "HTTP/1.1 301 Moved\r\n\r\n" HTTP GOOD "\n" HTTP GOOD,
	 "1 record 0-305 http 200 1 recipients\n"
	 "2 record 306-589 http 200 1 recipients\n"},
	{"a.json", "HTTP/2 204 \r\n\r\n",
	 "1 other 0-15 http 204 not-a-response@3:1\n"},
	{"a.json", "HTTP/1.1 502 Bad Gateway\r\n\r\n<html>x</html>\n" HTTP GOOD,
	 "1 other 0-43 http 502 not-a-response@3:1\n"
	 "2 record 43-326 http 200 1 recipients\n"},
	{"a.json", "HTTP/1.1 301 A\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{\"id\":\n" HTTP GOOD,
	 "1 unfit 0-44 http 200 syntax@6:1\n"
	 "2 record 44-327 http 200 1 recipients\n"},
	{"a.json", "HTTP/1.1 200 OK\r\nContent-",
	 "1 unfit 0-25 syntax@2:9\n"},
	{"a.json", "HTTPS\n" GOOD,
	 "1 unfit 0-6 syntax@1:1\n"
	 "2 record 6-233 1 recipients\n"},
	{"a.json", "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n\r\n" GOOD,
	 "1 record 0-263 http 200 1 recipients secret@1:1\n"},
};

START_TEST(test_streams)
{
	char path[128];
	FILE *f;
	char *whole, *again;

	snprintf(path, sizeof(path), "%s/%s", folder, cases[_i].name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fputs(cases[_i].text, f);
	ck_assert_int_eq(fclose(f), 0);
	whole = run(path, 0, false);
	ck_assert_str_eq(whole, cases[_i].result);
	again = run(path, 0, true);
	ck_assert_str_eq(again, whole);
	free(again);
	for (size_t read = 1; read <= 64; read++) {
		char *cut = run(path, read, read % 2 == 0);

		ck_assert_msg(strcmp(cut, whole) == 0, "reads of %zu bytes: %s\nnot %s", read, cut,
			      whole);
		free(cut);
	}
	free(whole);
	unlink(path);
}
END_TEST

Suite *reader_suite(void)
{
	Suite *s = suite_create("reader");
	TCase *t = tcase_create("reader");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_streams, 0, (int)(sizeof(cases) / sizeof(cases[0])));
	suite_add_tcase(s, t);
	return s;
}
