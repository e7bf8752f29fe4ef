/*
 * test_within.c: tests of the audit rules within one response: what fires, what nearly does, and
 * that neither the size of reads nor the order of members matters.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/within.h"
#include "base/limits.h"
#include "report/status.h"

Suite *within_suite(void);

static char folder[64];

static void setup(void)
{
	strcpy(folder, "/tmp/callroll-within-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static void teardown(void)
{
	ck_assert_int_eq(rmdir(folder), 0);
}

/* Only audit rules are looked at: members that the model requires are left out. Times are those of
 * the response below, in seconds after its creation. */
#define T(seconds) "17700" #seconds

/* A recipient: id, status, updated, phone, conversation (in JSON). */
#define R(id, status, updated, phone, conversation)                                                \
	"{\"id\":" id ",\"status\":\"" status "\",\"created_at_unix\":1770000000,"                 \
	"\"updated_at_unix\":" updated ",\"phone_number\":" phone                                  \
	",\"whatsapp_user_id\":null,\"conversation_id\":" conversation "}"
#define OK_1 R("\"r1\"", "completed", T(04000), "\"+12015550100\"", "\"c1\"")
#define OK_2 R("\"r2\"", "failed", T(05000), "\"+12015550101\"", "null")
#define OK_3 R("\"r3\"", "voicemail", T(06000), "\"+12015550102\"", "\"c3\"")

#define BATCH(status, recipients, rest)                                                            \
	"{\"id\":\"btcal_1a\",\"status\":\"" status "\",\"created_at_unix\":1770000000,"           \
	"\"scheduled_time_unix\":" T(03600) ",\"last_updated_at_unix\":" T(                        \
		09000) ",\"recipients\":[" recipients                                              \
		       "],\"phone_number_id\":\"p\",\"whatsapp_params\":null" rest "}"
#define NO_RETRY ",\"retry_count\":0"
#define COUNTERS(dispatched, scheduled, finished)                                                  \
	",\"total_calls_dispatched\":" #dispatched ",\"total_calls_scheduled\":" #scheduled        \
	",\"total_calls_finished\":" #finished
#define THREE OK_1 "," OK_2 "," OK_3

struct sample {
	const char *name, *text;
	const char *said; /* RULE POINTER MESSAGE, a line each */
};

/* What the audit rules say of the file, with each place's first byte. */
static char *judge(const char *path, const char *model_text, size_t read, const char *text)
{
	static const struct severities none;
	struct check_limits limits = {LIMIT_RECORD, LIMIT_DEPTH};
	struct walk_item item = {.path = (char *)path, .name = (char *)path, .named = true};
	struct error e = {0};
	struct model *model = model_text == NULL
				      ? model_load(NULL, &e)
				      : model_compile(slice_string(model_text), SLICE(""), "m", &e);
	struct findings *f = findings_new(1000, &none);
	struct reader *r = reader_new(model, &limits, f);
	struct within *w = within_new(model, f, &e);
	struct source *s = source_open(&item, false, NULL, &e);
	struct buf out = BUF_INIT;
	enum reader_event event;

	ck_assert_msg(model != NULL && f != NULL && r != NULL && w != NULL && s != NULL, "%s",
		      e.text);
	ck_assert_int_eq(source_next(s, &e), 1);
	if (read > 0)
		reader_set_read(r, read);
	reader_start(r, s);
	while ((event = within_next(w, r, s, &e)) != READER_DONE) {
		size_t n;
		const struct finding *list = findings_list(f, &n);

		ck_assert_msg(event != READER_FAILED, "%s", e.text);
		for (size_t i = 0; event == READER_END && i < n; i++) {
			if (!rule_is_audit(list[i].rule))
				continue;
			ck_assert_uint_lt(list[i].place.offset, strlen(text));
			ck_assert_int_eq(list[i].severity, SEVERITY_WARNING);
			buf_printf(&out, "%c %s ", text[list[i].place.offset],
				   rule_info(list[i].rule)->name);
			buf_slice(&out, list[i].pointer);
			buf_byte(&out, ' ');
			buf_slice(&out, list[i].message);
			buf_byte(&out, '\n');
		}
	}
	buf_byte(&out, '\0');
	source_close(s);
	within_free(w);
	reader_free(r);
	findings_free(f);
	model_free(model);
	return out.data;
}

static void check_said(const char *path, const char *model, const char *name, const char *text,
		       const char *said)
{
	FILE *file = fopen(path, "w");
	char *whole;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
	whole = judge(path, model, 0, text);
	ck_assert_msg(strcmp(whole, said) == 0, "%s:\n%s", name, whole);
	for (size_t read = 1; read <= 64; read += read < 8 ? 1 : 7) {
		char *cut = judge(path, model, read, text);

		ck_assert_msg(strcmp(whole, cut) == 0, "%s, %zu bytes at a time:\n%s", name, read,
			      cut);
		free(cut);
	}
	free(whole);
	ck_assert_int_eq(unlink(path), 0);
}

static const struct sample samples[] = {
	{"good", BATCH("completed", THREE, COUNTERS(3, 3, 2)), ""},
	{"voicemail counts", BATCH("completed", THREE, COUNTERS(3, 3, 3)), ""},
	{"no counters", BATCH("completed", THREE, ""), ""},
	{"empty", BATCH("completed", "", COUNTERS(0, 0, 0)), ""},

	/* count-mismatch */
	{"scheduled", BATCH("completed", THREE, COUNTERS(3, 4, 3) NO_RETRY),
	 "4 count-mismatch /total_calls_scheduled 4 calls scheduled, but the batch has 3 recipients\n"},
	{"scheduled 1", BATCH("completed", THREE, ",\"total_calls_scheduled\":1" NO_RETRY),
	 "1 count-mismatch /total_calls_scheduled 1 call scheduled, but the batch has 3 recipients\n"},
	{"dispatched", BATCH("completed", THREE, COUNTERS(5, 3, 3) NO_RETRY),
	 "5 count-mismatch /total_calls_dispatched 5 calls dispatched, but only 3 scheduled\n"},
	{"scheduled explains dispatched", BATCH("completed", THREE, COUNTERS(3, 2, 3) NO_RETRY),
	 "2 count-mismatch /total_calls_scheduled 2 calls scheduled, but the batch has 3 recipients\n"},
	{"both are wrong", BATCH("completed", THREE, COUNTERS(5, 2, 3) NO_RETRY),
	 "5 count-mismatch /total_calls_dispatched 5 calls dispatched, but only 2 scheduled\n"
	 "2 count-mismatch /total_calls_scheduled 2 calls scheduled, but the batch has 3 recipients\n"},
	{"finished too few", BATCH("completed", THREE, COUNTERS(3, 3, 1) NO_RETRY),
	 "1 count-mismatch /total_calls_finished 1 call finished, but 1 recipient is completed and 1 "
	 "failed, 1 voicemail\n"},
	{"finished too many, dispatched does not matter",
	 BATCH("completed", THREE, ",\"total_calls_finished\":4" NO_RETRY),
	 "4 count-mismatch /total_calls_finished 4 calls finished, but 1 recipient is completed and "
	 "1 failed, 1 voicemail\n"},
	{"finished but not dispatched", BATCH("completed", THREE, COUNTERS(2, 3, 3) NO_RETRY),
	 "3 count-mismatch /total_calls_finished 3 calls finished, but only 2 dispatched\n"},
	{"finished wrong in both ways", BATCH("completed", THREE, COUNTERS(3, 3, 9) NO_RETRY),
	 "9 count-mismatch /total_calls_finished 9 calls finished, but only 3 dispatched, and 1 "
	 "recipient is completed and 1 failed, 1 voicemail\n"},
	{"finished beyond 64 bits",
	 BATCH("completed", THREE, ",\"total_calls_finished\":99999999999999999999" NO_RETRY),
	 "9 count-mismatch /total_calls_finished 99999999999999999999 calls finished, but 1 recipient "
	 "is completed and 1 failed, 1 voicemail\n"},
	{"an unknown status may count",
	 BATCH("completed", OK_1 "," R("\"r2\"", "done", T(05000), "\"+12015550101\"", "null"),
	       COUNTERS(2, 2, 2)),
	 ""},
	{"or not",
	 BATCH("completed", OK_1 "," R("\"r2\"", "done", T(05000), "\"+12015550101\"", "null"),
	       COUNTERS(2, 2, 1)),
	 ""},
	{"but not twice",
	 BATCH("completed", OK_1 "," R("\"r2\"", "done", T(05000), "\"+12015550101\"", "null"),
	       ",\"total_calls_finished\":3" NO_RETRY),
	 "3 count-mismatch /total_calls_finished 3 calls finished, but 1 recipient is completed and "
	 "0 failed, 1 of unknown status\n"},
	{"after a retry nothing is said",
	 BATCH("completed", THREE, COUNTERS(9, 4, 12) ",\"retry_count\":1"), ""},
	{"a retry count that is none",
	 BATCH("completed", THREE, COUNTERS(9, 4, 12) ",\"retry_count\":\"0\""), ""},
	{"no retry", BATCH("completed", THREE, ",\"total_calls_finished\":4,\"retry_count\":0"),
	 "4 count-mismatch /total_calls_finished 4 calls finished, but 1 recipient is completed and "
	 "1 failed, 1 voicemail\n"},
	{"who says nothing of retries may have retried",
	 BATCH("pending", THREE, COUNTERS(9, 4, 12)), ""},
	{"cancelled before it was dispatched, and finished",
	 BATCH("cancelled", OK_1 "," R("\"r2\"", "cancelled", T(05000), "\"+12015550101\"", "null"),
	       COUNTERS(1, 2, 2) NO_RETRY),
	 ""},
	{"but no more than were cancelled",
	 BATCH("cancelled", OK_1 "," R("\"r2\"", "cancelled", T(05000), "\"+12015550101\"", "null"),
	       COUNTERS(0, 2, 2) NO_RETRY),
	 "2 count-mismatch /total_calls_finished 2 calls finished, but only 0 dispatched\n"},
	{"counters of other types",
	 BATCH("completed", THREE,
	       ",\"total_calls_dispatched\":\"9\",\"total_calls_scheduled\":-4,"
	       "\"total_calls_finished\":7.5"),
	 ""},
	{"integers spelled otherwise",
	 BATCH("completed", THREE, COUNTERS(3.0, 30e-1, 4e0) ",\"retry_count\":0e5"),
	 "4 count-mismatch /total_calls_finished 4 calls finished, but only 3 dispatched, and 1 "
	 "recipient is completed and 1 failed, 1 voicemail\n"},
	{"what is no recipient may count as one", BATCH("completed", THREE ",7", COUNTERS(3, 3, 3)),
	 ""},
	{"recipients that are no list",
	 "{\"id\":\"b_1\",\"status\":\"completed\",\"recipients\":{},\"total_calls_scheduled\":3}",
	 ""},

	/* status-conflict */
	{"ended with open ones",
	 BATCH("cancelled",
	       OK_1 "," R("\"r2\"", "pending", T(00000), "\"1\"", "null") "," R(
		       "\"r3\"", "in_progress", T(05000), "\"2\"",
		       "null") "," R("\"r4\"", "pending", T(00000), "\"3\"", "null"),
	       ""),
	 "\" status-conflict /status the batch is cancelled, but 3 recipients are open: 2 pending, 1 "
	 "in_progress; the first is /recipients/1\n"},
	{"pending with settled ones", BATCH("pending", THREE, NO_RETRY),
	 "\" status-conflict /status the batch is pending, but 3 recipients are settled: 1 completed, "
	 "1 failed, 1 voicemail; the first is /recipients/0\n"},
	{"pending after a retry", BATCH("pending", THREE, ",\"retry_count\":2"), ""},
	{"in progress with both",
	 BATCH("in_progress", OK_1 "," R("\"r2\"", "pending", T(00000), "\"1\"", "null"), ""), ""},
	{"cancelled ones in a pending batch",
	 BATCH("pending", R("\"r2\"", "cancelled", T(00010), "\"1\"", "null"), ""), ""},
	{"ended with unknown ones",
	 BATCH("failed", R("\"r2\"", "done", T(00010), "\"1\"", "null"), ""), ""},
	{"a batch of unknown status",
	 BATCH("paused", R("\"r2\"", "pending", T(00010), "\"1\"", "null"), ""), ""},

	/* time-order */
	{"before it was created",
	 BATCH("in_progress", OK_1 "," R("\"r2\"", "pending", "1769999999", "\"1\"", "null"), ""),
	 "1 time-order /recipients/1/updated_at_unix updated 2026-02-02 02:39:59 UTC, before it was "
	 "created: 2026-02-02 02:40:00 UTC\n"},
	{"the same second",
	 BATCH("in_progress", R("\"r2\"", "pending", "1770000000", "\"1\"", "null"), ""), ""},
	{"after the batch: the latest one",
	 BATCH("completed",
	       R("\"r1\"", "failed", T(09001), "\"1\"",
		 "null") "," R("\"r2\"", "failed", T(09003), "\"2\"",
			       "null") "," R("\"r3\"", "failed", T(09002), "\"3\"", "null"),
	       ""),
	 "1 time-order /recipients/1/updated_at_unix updated 2026-02-02 05:10:03 UTC, after the "
	 "batch's own last update: 2026-02-02 05:10:00 UTC\n"},
	{"as late as the batch",
	 BATCH("completed", R("\"r1\"", "failed", T(09000), "\"1\"", "null"), ""), ""},
	{"before the start: the earliest one",
	 BATCH("completed",
	       R("\"r1\"", "failed", T(03599), "\"1\"",
		 "null") "," R("\"r2\"", "completed", T(01000), "\"2\"",
			       "\"c\"") "," R("\"r3\"", "voicemail", T(02000), "\"3\"", "null"),
	       NO_RETRY),
	 "1 time-order /recipients/1/updated_at_unix updated 2026-02-02 02:56:40 UTC and settled, "
	 "before the batch was to start: 2026-02-02 03:40:00 UTC\n"},
	{"cancelled before the start, or open",
	 BATCH("in_progress",
	       R("\"r1\"", "cancelled", T(01000), "\"1\"",
		 "null") "," R("\"r2\"", "in_progress", T(01000), "\"2\"",
			       "null") "," R("\"r3\"", "done", T(01000), "\"3\"", "null"),
	       ""),
	 ""},
	{"before the start, and retried",
	 BATCH("completed", R("\"r1\"", "failed", T(01000), "\"1\"", "null"), ",\"retry_count\":1"),
	 ""},
	{"at the start", BATCH("completed", R("\"r1\"", "failed", T(03600), "\"1\"", "null"), ""),
	 ""},
	{"the batch's times stand behind the recipients",
	 "{\"id\":\"b_1\",\"phone_number_id\":\"p\",\"recipients\":[" R(
		 "\"r1\"", "failed", T(01000), "\"1\"",
		 "null") "," R("\"r2\"", "failed", T(09100), "\"2\"",
			       "null") "," R("\"r3\"", "failed", T(02000), "\"3\"",
					     "null") "],\"last_updated_at_unix\":" T(09000) ",\n\"scheduled_time_unix\":" T(03600)
		 NO_RETRY "}",
	 "1 time-order /recipients/0/updated_at_unix updated 2026-02-02 02:56:40 UTC and settled, "
	 "before the batch was to start: 2026-02-02 03:40:00 UTC\n"
	 "1 time-order /recipients/1/updated_at_unix updated 2026-02-02 05:11:40 UTC, after the "
	 "batch's own last update: 2026-02-02 05:10:00 UTC\n"},

	/* time-unit */
	{"milliseconds, and no order of them",
	 "{\"id\":\"b_1\",\"created_at_unix\":0,\"scheduled_time_unix\":1770003600000000000,"
	 "\"last_updated_at_unix\":1577836799,\"phone_number_id\":\"p\",\"recipients\":[" R(
		 "\"r1\"", "failed", "1777909290123", "\"1\"", "null") "]}",
	 "1 time-unit /recipients/0/updated_at_unix 1777909290123 looks like milliseconds: 2026-05-04 "
	 "15:41:30 UTC\n"
	 "0 time-unit /created_at_unix 0 is 1970-01-01 00:00:00 UTC: no time was set\n"
	 "1 time-unit /scheduled_time_unix 1770003600000000000 looks like nanoseconds: 2026-02-02 "
	 "03:40:00 UTC\n"
	 "1 time-unit /last_updated_at_unix 1577836799 is 2019-12-31 23:59:59 UTC: too early for a "
	 "batch call\n"},
	{"the bounds",
	 "{\"id\":\"b_1\",\"created_at_unix\":1577836800,\"scheduled_time_unix\":99999999999,"
	 "\"last_updated_at_unix\":100000000000,\"recipients\":[]}",
	 "1 time-unit /last_updated_at_unix 100000000000 looks like milliseconds: 1973-03-03 09:46:40 "
	 "UTC\n"},
	{"no times at all",
	 "{\"id\":\"b_1\",\"created_at_unix\":-1,\"scheduled_time_unix\":null,"
	 "\"last_updated_at_unix\":\"0\",\"recipients\":[]}",
	 ""},
	{"ten bytes that are no ten digits",
	 "{\"id\":\"b_1\",\"recipients\":[" R(
		 "\"r1\"", "failed", "-100000000", "\"1\"",
		 "null") "," R("\"r2\"", "failed", "1.50000000", "\"2\"",
			       "null") "," R("\"r4\"", "failed", "17700000e2", "\"4\"",
					     "null") "," R("\"r5\"", "failed", "\"17700000\"",
							   "\"5\"",
							   "null") "],\"phone_number_id\":\"p\"}",
	 ""},
	{"beyond 64 bits",
	 "{\"id\":\"b_1\",\"created_at_unix\":9223372036854775808,\"recipients\":[]}",
	 "9 time-unit /created_at_unix 9223372036854775808 is no time in any unit\n"},

	/* twins */
	{"the same id, the first one is named",
	 BATCH("completed",
	       OK_1 "," R("\"r2\"", "failed", T(05000), "\"1\"", "null") "," R(
		       "\"r2\"", "failed", T(05000), "\"2\"",
		       "null") "," R("\"\\u0072\\u0032\"", "failed", T(05000), "\"3\"", "null"),
	       ""),
	 "\" duplicate-recipient /recipients/2/id \"r2\" is also /recipients/1/id\n"
	 "\" duplicate-recipient /recipients/3/id \"r2\" is also /recipients/1/id\n"},
	{"the same number",
	 BATCH("completed",
	       OK_1 "," R("\"r2\"", "failed", T(05000), "\"1 (201) 555-0100\"", "null"), ""),
	 "\" duplicate-phone /recipients/1/phone_number the same phone number as "
	 "/recipients/0/phone_number\n"},
	{"the same conversation",
	 BATCH("completed", OK_1 "," R("\"r2\"", "failed", T(05000), "\"1\"", "\"c1\""), ""),
	 "\" duplicate-conversation /recipients/1/conversation_id \"c1\" is also "
	 "/recipients/0/conversation_id\n"},
	{"nearly the same",
	 BATCH("completed",
	       OK_1 "," R("\"R1\"", "failed", T(05000), "\"+120155501000\"",
			  "\"C1\"") "," R("\"r1 \"", "failed", T(05000), "\"12015550\"", "\"c\""),
	       ""),
	 ""},
	{"nothing twice is nothing",
	 BATCH("completed",
	       R("\"\"", "failed", T(05000), "\"-\"",
		 "\"\"") "," R("\"\"", "failed", T(05000), "\"-\"",
			       "\"\"") "," R("null", "failed", T(05000), "7",
					     "7") "," R("null", "failed", T(05000), "7", "7"),
	       ""),
	 ""},

	/* what is missing */
	{"unreachable",
	 BATCH("completed",
	       R("\"r1\"", "failed", T(05000), "null",
		 "null") "," R("\"r2\"", "failed", T(05000), "\"\"", "null") ", {\"id\":\"r3\"}",
	       ""),
	 "{ unreachable /recipients/0 neither a phone_number nor a whatsapp_user_id\n"
	 "{ unreachable /recipients/1 neither a phone_number nor a whatsapp_user_id\n"
	 "{ unreachable /recipients/2 neither a phone_number nor a whatsapp_user_id\n"},
	{"reachable by WhatsApp, or by something odd",
	 BATCH("in_progress", "{\"whatsapp_user_id\":\"w\"},{\"phone_number\":7}", ""), ""},
	{"no conversation",
	 BATCH("completed",
	       R("\"r1\"", "completed", T(05000), "\"1\"", "null") "," R(
		       "\"r2\"", "completed", T(05000), "\"2\"",
		       " \"\"") ","
				"{\"conversation_id\" :\t7,\"status\":\"completed\",\"phone_number\":\"3\"},"
				" {\"phone_number\":\"4\",\"status\":\"completed\"}",
	       ""),
	 "n no-conversation /recipients/0/conversation_id completed, but without a conversation\n"
	 "\" no-conversation /recipients/1/conversation_id completed, but without a conversation\n"
	 "{ no-conversation /recipients/3/conversation_id completed, but without a conversation\n"},
	{"only those who completed have one",
	 BATCH("completed", OK_2 "," R("\"r3\"", "voicemail", T(05000), "\"1\"", "null"), ""), ""},
	{"no caller",
	 "{\"id\":\"b_1\",\"recipients\":[" OK_1 "],\"whatsapp_params\":null,"
	 "\"phone_number_id\": null}",
	 "n no-caller /phone_number_id neither a phone_number_id nor whatsapp_params\n"},
	{"no caller, absent", "{\"id\":\"b_1\",\"recipients\":[" OK_1 "]}",
	 "{ no-caller /phone_number_id neither a phone_number_id nor whatsapp_params\n"},
	{"a caller by WhatsApp",
	 "{\"id\":\"b_1\",\"recipients\":[" OK_1 "],\"whatsapp_params\":{}}", ""},

	/* what is not judged */
	{"a broken one: its recipients only",
	 "{\"id\":\"b_1\",\"status\":\"pending\",\"recipients\":[" R(
		 "\"r1\"", "failed", "0", "\"1\"", "null") "],\"total_calls_scheduled\":7,",
	 "0 time-unit /recipients/0/updated_at_unix 0 is 1970-01-01 00:00:00 UTC: no time was set\n"},
	{"a submit request", "{\"call_name\":\"x\",\"recipients\":[{\"id\":\"1\"},{\"id\":\"1\"}]}",
	 ""},
	{"the next response begins anew",
	 BATCH("in_progress", OK_1 "," OK_2, "") "\n" BATCH("in_progress", OK_1 "," OK_2, ""), ""},
};

START_TEST(one_mistake)
{
	const struct sample *s = &samples[_i];

	check_said("f.json", NULL, s->name, s->text, s->said);
}
END_TEST

START_TEST(statuses)
{
	static const char *const names[REPORT_PUBLISHED] = {"completed", "failed",     "voicemail",
							    "cancelled", "pending",    "dispatched",
							    "initiated", "in_progress"};
	static const char *const others[] = {"",           "done",       "Completed", "completex",
					     "voicemaiL",  "initiatex",  "cancelles", "failes",
					     "dispatches", "in-progress"};
	char quoted[32];

	for (unsigned i = 0; i < REPORT_PUBLISHED; i++) {
		snprintf(quoted, sizeof(quoted), "\"%s\"", names[i]);
		ck_assert_uint_eq(status_of_value(slice_string(quoted)), i);
		ck_assert(slice_equal(status_text(i), slice_string(names[i])));
		ck_assert_int_eq(status_is_open(i), i >= REPORT_PENDING);
		ck_assert_uint_eq(status_of_value(slice_string(names[i])), REPORT_PUBLISHED);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		snprintf(quoted, sizeof(quoted), "\"%s\"", others[i]);
		ck_assert_uint_eq(status_of_value(slice_string(quoted)), REPORT_PUBLISHED);
	}
	ck_assert_uint_eq(status_of_value(slice_of(NULL, 0)), REPORT_PUBLISHED);
	ck_assert(!status_is_open(REPORT_PUBLISHED));
}
END_TEST

START_TEST(the_name_of_the_file)
{
	static const struct {
		const char *file, *id, *other;
	} names[] = {
		{"btcal_2b.json", "btcal_1a", "btcal_2b"},
		{"x-btcal_2b-3", "btcal_1a", "btcal_2b"},
		{"btcal_2b-btcal_3c.json", "btcal_1a", "btcal_2b"},
		{"a_b_2.json", "a_b_1", "a_b_2"},
		{"btcal_2b-btcal_1a.json", "btcal_1a", NULL},
		{"btcal_1a.json", "btcal_1a", NULL},
		{"btcal_1a", "btcal_1a", NULL},
		{"btcal_2b3.json", "btcal_1a", NULL},
		{"btcal_2.json", "btcal_1a", NULL},
		{"mybtcal_2b.json", "btcal_1a", NULL},
		{"BTCAL_2B.json", "btcal_1a", NULL},
		{"agent_2b.json", "btcal_1a", NULL},
		{"x.btcal_2b", "btcal_1a", NULL},
		{"2b.json", "1a", NULL},
		{"_2b.json", "_1a", NULL},
		{"btcal_2b.json", "btcal_", NULL},
		{"btcal_2-.json", "btcal_1-", NULL},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char text[200], said[200] = "";

		snprintf(text, sizeof(text), "{\"id\":\"%s\",\"recipients\":[]}", names[i].id);
		if (names[i].other != NULL)
			snprintf(
				said, sizeof(said),
				"\" id-mismatch /id the batch is %s, but the file's name says %s\n",
				names[i].id, names[i].other);
		check_said(names[i].file, NULL, names[i].file, text, said);
	}
}
END_TEST

/* What the model does not have is not asked for. */
START_TEST(another_model)
{
	static const char text[] =
		"{\"recipients\":[{\"status\":\"pending\"},{\"status\":\"completed\",\"id\":\"1\"},"
		"{\"id\":\"1\"}],\"status\":\"completed\",\"total_calls_finished\":9,"
		"\"retry_count\":0,\"phone_number_id\":null,\"id\":\"b_1\"}";

	check_said("f.json", "{}", "no members", text, "");
	check_said(
		"f.json",
		"{\"properties\":{\"status\":{},\"phone_number_id\":{},\"recipients\":{\"items\":"
		"{\"properties\":{\"id\":{},\"phone_number\":{}}}}}}",
		"some members", text,
		"\" duplicate-recipient /recipients/2/id \"1\" is also /recipients/1/id\n");
	check_said(
		"f.json",
		"{\"properties\":{\"total_calls_finished\":{},\"retry_count\":{},\"recipients\":{\"items\":"
		"{\"properties\":{\"status\":{}}}}}}",
		"the counter", text,
		"9 count-mismatch /total_calls_finished 9 calls finished, but 1 recipient is "
		"completed and 0 failed, 1 of unknown status\n");
}
END_TEST

Suite *within_suite(void)
{
	Suite *s = suite_create("within");
	TCase *tc = tcase_create("within");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, one_mistake, 0, (int)(sizeof(samples) / sizeof(samples[0])));
	tcase_add_test(tc, statuses);
	tcase_add_test(tc, the_name_of_the_file);
	tcase_add_test(tc, another_model);
	suite_add_tcase(s, tc);
	return s;
}
