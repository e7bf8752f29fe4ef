/*
 * test_across.c: tests of audit/across.c and audit/sequence.c.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit/across.h"
#include "base/digest.h"
#include "indexed.h"

Suite *across_suite(void);

#define BUNDLES 2
#define LINES_MOST 4000
#define NONE INT64_MIN
#define STEP(n) (INT64_C(1700000000) + (n)) /* 2023-11-14T22:13:20Z */

/* Made bundles: recipients are written once, as callroll does it. */
static struct made {
	struct indexed x;
	char text[LINES_MOST][64];
	uint64_t lines, responses;
} made[BUNDLES];
static struct captures *captures;
static struct across *a;
static struct error e;
static struct buf told; /* BUNDLE#RESPONSE RULE POINTER: MESSAGE, one a line */
static uint64_t more;
static unsigned opened;
static struct bundle *open_now[2]; /* as it is promised: each until the call after the next one */
static uint32_t open_number[2];
static unsigned open_next;

static void setup(void)
{
	e = (struct error){0};
	for (int i = 0; i < BUNDLES; i++) {
		made[i].lines = made[i].responses = 0;
		indexed_begin(&made[i].x);
	}
	captures = captures_new();
	a = across_new(1000, &e);
	ck_assert_ptr_nonnull(a);
	more = 0;
	opened = 0;
	buf_clear(&told);
}

static void teardown(void)
{
	for (int i = 0; i < 2; i++) {
		if (open_now[i] != NULL)
			across_forget(a, open_now[i]);
		bundle_close(open_now[i]);
		open_now[i] = NULL;
	}
	across_free(a);
	captures_free(captures);
	buf_free(&told);
	for (int i = 0; i < BUNDLES; i++)
		indexed_end(&made[i].x);
}

/* The line of a recipient `id:status` or `id:status:more`. */
static uint64_t line_of(struct made *m, const char *text, size_t len)
{
	char line[256], id[40] = "", status[40] = "", rest[40] = "";

	for (uint64_t i = 0; i < m->lines; i++)
		if (strlen(m->text[i]) == len && memcmp(m->text[i], text, len) == 0)
			return i + 1;
	ck_assert_uint_lt(m->lines, LINES_MOST);
	snprintf(m->text[m->lines], sizeof(m->text[0]), "%.*s", (int)len, text);
	ck_assert_int_ge(sscanf(m->text[m->lines], "%39[^:]:%39[^:]:%39s", id, status, rest), 2);
	if (strcmp(id, "-") == 0)
		snprintf(line, sizeof(line),
			 "{\"_batch\":\"b\",\"_response\":1,\"status\":\"%s\",\"x\":\"%s\"}",
			 status, rest);
	else
		snprintf(line, sizeof(line),
			 "{\"_batch\":\"b\",\"_response\":1,\"id\":\"%s\",\"status\":\"%s\","
			 "\"x\":\"%s\"}",
			 id, status, rest);
	indexed_line(&made[m - made].x, LINES_RECIPIENTS, line);
	return ++m->lines;
}

/* A capture: NONE or a time; members between other ones (",\"retry_count\":1"), recipients. */
static void capture(int bundle, int64_t seen, int64_t updated, const char *members,
		    const char *recipients)
{
	struct made *m = &made[bundle];
	struct buf line = BUF_INIT, rows = BUF_INIT, whole = BUF_INIT;
	struct sha256 identity;
	char hex[SHA256_HEX + 1];
	uint64_t count = 0;

	for (const char *p = recipients; *p != '\0';) {
		size_t len = strcspn(p, " ");

		buf_printf(&rows, "%s[%llu,1]", count++ > 0 ? "," : "",
			   (unsigned long long)line_of(m, p, len));
		p += len + (p[len] == ' ');
	}
	buf_printf(&whole, "%lld %s %s", (long long)updated, members, recipients);
	ck_assert_int_eq(sha256_of(whole.data, whole.len, &identity), 0);
	sha256_hex(&identity, hex);
	buf_printf(&line, "{\"_response\":%llu,\"_source\":\"s\",\"_sha256\":\"%s\"",
		   (unsigned long long)++m->responses, hex);
	if (seen != NONE)
		buf_printf(&line, ",\"_seen\":%lld", (long long)seen);
	buf_byte(&rows, '\0');
	buf_printf(&line, ",\"_recipients\":%llu,\"_rows\":[%s],\"id\":\"b\"",
		   (unsigned long long)count, rows.data);
	if (updated != NONE)
		buf_printf(&line, ",\"last_updated_at_unix\":%lld", (long long)updated);
	buf_printf(&line, "%s}", members);
	buf_byte(&line, '\0');
	indexed_line(&m->x, LINES_RESPONSES, line.data);
	buf_free(&line);
	buf_free(&rows);
	buf_free(&whole);
}

/* --- comparing --- */

static const struct bundle *open_one(void *arg, uint32_t bundle, struct compare *c,
				     struct error *why)
{
	unsigned i = open_now[0] != NULL && open_number[0] == bundle   ? 0
		     : open_now[1] != NULL && open_number[1] == bundle ? 1
								       : 2;

	(void)arg;
	opened++;
	if (i == 2) {
		i = open_next;
		if (open_now[i] != NULL)
			compare_forget(c, open_now[i]);
		bundle_close(open_now[i]);
		open_now[i] = bundle_open(made[bundle].x.path, why);
		open_number[i] = bundle;
	}
	open_next = 1 - i;
	return open_now[i];
}

static int tell(void *arg, const struct across_finding *f, struct error *why)
{
	(void)arg;
	(void)why;
	ck_assert_int_eq(f->severity, SEVERITY_WARNING);
	buf_printf(&told, "%u#%llu %s ", f->capture->bundle,
		   (unsigned long long)f->capture->response, rule_info(f->rule)->name);
	buf_slice(&told, f->pointer);
	buf_string(&told, ": ");
	buf_slice(&told, f->message);
	buf_byte(&told, '\n');
	more += f->more;
	return 0;
}

static int run(void)
{
	const struct capture *list;
	size_t count;

	for (uint32_t i = 0; i < BUNDLES; i++) {
		indexed_open(&made[i].x);
		ck_assert_int_eq(captures_add(captures, i, made[i].x.b, &e), 0);
	}
	ck_assert_int_eq(captures_sort(captures), 0);
	list = captures_of(captures, 0, &count);
	return across_batch(a, list, count, open_one, NULL, tell, NULL, &e);
}

static void expect(const char *want)
{
	ck_assert_msg(run() == 0, "%s", e.text);
	buf_byte(&told, '\0');
	ck_assert_str_eq(told.data, want);
}

/* --- what fires, and what nearly does --- */

static void counts(char text[200], int dispatched, int finished, int retry)
{
	snprintf(text, 200,
		 ",\"total_calls_dispatched\":%d,\"total_calls_finished\":%d,"
		 "\"total_calls_scheduled\":3,\"retry_count\":%d",
		 dispatched, finished, retry);
}

START_TEST(ordinary)
{
	char c[200];

	for (int i = 0; i < BUNDLES; i++) { /* the same captures twice */
		counts(c, 0, 0, 0);
		capture(i, NONE, STEP(1), c, "x:pending y:pending z:pending");
		counts(c, 2, 1, 0);
		capture(i, NONE, STEP(2), c, "x:failed y:in_progress z:pending");
		capture(i, NONE, STEP(2), c, "x:failed y:in_progress z:pending");
		counts(c, 3, 3, 0);
		capture(i, NONE, STEP(3), c, "z:voicemail x:failed y:completed");
		counts(c, 1, 1, 1); /* a retry */
		capture(i, NONE, STEP(4), c, "x:pending y:completed z:pending");
		counts(c, 3, 3, 1);
		capture(i, NONE, STEP(9), c, "x:completed y:completed z:failed:again");
		capture(i, NONE, NONE, c, "x:pending q:pending"); /* of no known time */
	}
	expect("");
}
END_TEST

START_TEST(completed_reopens)
{
	capture(0, NONE, STEP(0), "", "w:pending x:completed y:failed");
	capture(0, NONE, STEP(60), ",\"retry_count\":1", "y:failed w:pending:new x:pending");
	capture(0, NONE, STEP(70), ",\"retry_count\":2", "y:pending w:pending x:completed:k");
	/* a retry does not let a completed one start again */
	capture(0, NONE, STEP(80), ",\"retry_count\":3", "y:pending w:pending x:dispatched");
	expect("0#2 went-backwards /recipients/2/status: was completed at 2023-11-14T22:13:20Z, is "
	       "pending at 2023-11-14T22:14:20Z\n"
	       "0#4 went-backwards /recipients/2/status: was completed at 2023-11-14T22:14:30Z, is "
	       "dispatched at 2023-11-14T22:14:40Z\n");
}
END_TEST

START_TEST(settled_reopens)
{
	const char *zero = ",\"retry_count\":0";

	capture(0, NONE, STEP(0), zero, "x:failed y:voicemail z:cancelled w:failed v:failed");
	capture(1, NONE, STEP(60), zero,
		"x:initiated y:in_progress z:pending w:completed v:strange");
	capture(0, NONE, STEP(70), zero, "x:failed y:voicemail z:cancelled w:failed v:pending");
	capture(0, NONE, STEP(80), "", "x:pending y:pending z:pending w:pending v:failed");
	capture(1, NONE, STEP(90), zero, "x:failed y:failed z:failed w:failed v:pending");
	capture(1, NONE, STEP(95), ",\"retry_count\":2",
		"x:pending y:failed z:failed w:failed v:pending");
	expect("1#1 went-backwards /recipients/0/status: was failed at 2023-11-14T22:13:20Z, is "
	       "initiated at 2023-11-14T22:14:20Z, and retry_count did not rise\n"
	       "1#1 went-backwards /recipients/1/status: was voicemail at 2023-11-14T22:13:20Z, is "
	       "in_progress at 2023-11-14T22:14:20Z, and retry_count did not rise\n"
	       "1#1 went-backwards /recipients/2/status: was cancelled at 2023-11-14T22:13:20Z, is "
	       "pending at 2023-11-14T22:14:20Z, and retry_count did not rise\n");
}
END_TEST

START_TEST(who_it_is_must_be_sure)
{
	/* of two with one id, and of those without, nobody knows which became which */
	capture(0, NONE, STEP(0), "", "x:completed:1 x:pending:1 -:completed:1 y:completed");
	capture(0, NONE, STEP(1), "", "x:pending:2 x:completed:2 -:pending:2 y:completed");
	/* one of two did not change: then it was the other one */
	capture(0, NONE, STEP(2), "", "x:pending:2 x:in_progress -:pending:2 y:completed");
	expect("0#3 went-backwards /recipients/1/status: was completed at 2023-11-14T22:13:21Z, is "
	       "in_progress at 2023-11-14T22:13:22Z\n");
}
END_TEST

START_TEST(counters)
{
	capture(0, NONE, STEP(0),
		",\"total_calls_dispatched\":5,\"total_calls_finished\":4,"
		"\"total_calls_scheduled\":9,\"retry_count\":1",
		"x:pending");
	capture(0, NONE, STEP(1),
		",\"total_calls_dispatched\":4,\"total_calls_finished\":3,"
		"\"total_calls_scheduled\":8,\"retry_count\":1",
		"x:pending");
	capture(0, NONE, STEP(2), ",\"total_calls_finished\":0",
		"x:pending"); /* not told: no retry */
	capture(0, NONE, STEP(3), ",\"total_calls_dispatched\":1,\"retry_count\":3", "x:pending");
	capture(0, NONE, STEP(4), ",\"total_calls_dispatched\":0,\"retry_count\":4", "x:pending");
	capture(0, NONE, STEP(5), ",\"total_calls_dispatched\":\"0\",\"retry_count\":3",
		"x:pending");
	expect("0#2 went-backwards /total_calls_dispatched: was 5 at 2023-11-14T22:13:20Z, is 4 at "
	       "2023-11-14T22:13:21Z, and retry_count did not rise\n"
	       "0#2 went-backwards /total_calls_scheduled: was 9 at 2023-11-14T22:13:20Z, is 8 at "
	       "2023-11-14T22:13:21Z, and retry_count did not rise\n"
	       "0#2 went-backwards /total_calls_finished: was 4 at 2023-11-14T22:13:20Z, is 3 at "
	       "2023-11-14T22:13:21Z, and retry_count did not rise\n"
	       "0#6 went-backwards /retry_count: was 4 at 2023-11-14T22:13:24Z, is 3 at "
	       "2023-11-14T22:13:25Z\n");
}
END_TEST

START_TEST(updates)
{
	/* in the order of _seen x completes before it is pending, so the order by update, in which
	 * bundles tell it, contradicts */
	capture(0, STEP(10), STEP(5), "", "x:pending");
	capture(0, STEP(20), STEP(4), "", "x:dispatched");
	capture(0, STEP(30), STEP(4), "", "x:completed");
	capture(0, STEP(30), STEP(3), "", "x:completed");
	expect("0#2 went-backwards /last_updated_at_unix: was 1700000005 at 2023-11-14T22:13:30Z, "
	       "is 1700000004 at 2023-11-14T22:13:40Z, though it was captured later\n"
	       "0#4 went-backwards /last_updated_at_unix: was 1700000004 at 2023-11-14T22:13:40Z, "
	       "is 1700000003 at 2023-11-14T22:13:50Z, though it was captured later\n");
}
END_TEST

START_TEST(updates_without_a_time)
{
	/* one capture does not say when it was made: the update is the order, and no contradiction
	 * with itself; between 1 and 2 it is in doubt */
	capture(0, STEP(30), STEP(1), "", "x:completed");
	capture(0, STEP(20), STEP(2), "", "x:pending");
	capture(0, NONE, STEP(3), "", "x:completed");
	capture(0, STEP(40), STEP(3), "", "x:pending");
	capture(0, NONE, STEP(2), "", "x:dispatched");
	expect("0#1 went-backwards /last_updated_at_unix: was 1700000002 at 2023-11-14T22:13:40Z, "
	       "is 1700000001 at 2023-11-14T22:13:50Z, though it was captured later\n"
	       "0#5 went-backwards /recipients/0/status: was completed at 2023-11-14T22:13:50Z, is "
	       "dispatched at 2023-11-14T22:13:22Z\n");
}
END_TEST

START_TEST(order_unknown)
{
	/* the same update, and no _seen: neither is the older one */
	capture(0, NONE, STEP(1), "", "x:completed y:pending");
	capture(0, NONE, STEP(1), "", "x:pending y:completed");
	capture(1, NONE, STEP(1), "", "x:pending");
	expect("");
}
END_TEST

START_TEST(order_by_seen)
{
	capture(0, STEP(7), STEP(1), "", "x:completed");
	capture(0, STEP(6), STEP(1), "", "x:pending");
	capture(0, STEP(8), STEP(1), "", "x:pending");
	expect("0#3 went-backwards /recipients/0/status: was completed at 2023-11-14T22:13:27Z, is "
	       "pending at 2023-11-14T22:13:28Z\n");
}
END_TEST

START_TEST(recipients)
{
	capture(0, NONE, STEP(0), "", "x:pending y:pending z:pending");
	capture(1, NONE, STEP(1), "", "z:pending x:pending w\\\\u202e:pending q:pending");
	capture(1, NONE, STEP(2), "", "z:pending x:pending w\\\\u202e:pending");
	capture(0, NONE, STEP(3), "", "z:pending x:pending w\\\\u202e:pending x:pending");
	capture(0, NONE, STEP(4), "", "");
	expect("1#1 recipients-changed /recipients: 2 recipients are new (one is \"w\\\\u202e\") and 1 "
	       "recipient is gone (\"y\") at 2023-11-14T22:13:21Z, compared with the capture at "
	       "2023-11-14T22:13:20Z\n"
	       "1#2 recipients-changed /recipients: 1 recipient is gone (\"q\") at "
	       "2023-11-14T22:13:22Z, compared with the capture at 2023-11-14T22:13:21Z\n"
	       "0#2 recipients-changed /recipients: 1 recipient is new (\"x\") at "
	       "2023-11-14T22:13:23Z, compared with the capture at 2023-11-14T22:13:22Z\n"
	       "0#3 recipients-changed /recipients: 4 recipients are gone (one is \"x\") at "
	       "2023-11-14T22:13:24Z, compared with the capture at 2023-11-14T22:13:23Z\n");
}
END_TEST

START_TEST(only_some_are_told)
{
	across_free(a);
	a = across_new(2, &e);
	capture(0, NONE, STEP(0), "", "a:completed b:completed c:completed d:completed");
	capture(0, NONE, STEP(1), "", "d:pending c:pending b:pending a:pending");
	expect("0#2 went-backwards /recipients/0/status: was completed at 2023-11-14T22:13:20Z, is "
	       "pending at 2023-11-14T22:13:21Z\n"
	       "0#2 went-backwards /recipients/1/status: was completed at 2023-11-14T22:13:20Z, is "
	       "pending at 2023-11-14T22:13:21Z; so are 2 more recipients of this capture\n");
	ck_assert_uint_eq(more, 2);
}
END_TEST

START_TEST(equal_ones_cost_nothing)
{
	for (int i = 0; i < 50; i++)
		capture(0, STEP(i), STEP(0), "", "x:pending");
	expect("");
	ck_assert_uint_eq(opened, 1); /* for the response lines */
}
END_TEST

START_TEST(what_cannot_be_read_hides_nothing_else)
{
	capture(0, NONE, STEP(0), "", "x:completed");
	capture(0, NONE, STEP(1), "", "x:pending");
	indexed_line(
		&made[0].x, LINES_RESPONSES,
		"{\"_response\":3,\"_sha256\":\"\",\"id\":\"b\",\"last_updated_at_unix\":1700000002}");
	made[0].responses++;
	capture(0, NONE, STEP(3), "", "x:completed:2");
	capture(0, NONE, STEP(4), "", "x:initiated");
	ck_assert_int_eq(run(), -1);
	ck_assert_int_eq(e.kind, ERROR_BUNDLE);
	buf_byte(&told, '\0');
	ck_assert_ptr_nonnull(strstr(told.data, "0#2 went-backwards"));
	ck_assert_ptr_nonnull(strstr(told.data, "0#5 went-backwards"));
}
END_TEST

/* --- random histories against a plain reading of the rules --- */

#define STEPS 12
#define PEOPLE 6

static struct plain {
	int bundle;
	uint64_t response;
	int64_t seen, updated, retry, finished;
	int status[PEOPLE]; /* of names[]; -1: is not there */
} plain[STEPS];
static size_t steps;
static const char *const names[] = {"pending", "in_progress", "completed", "failed", "odd"};

static unsigned below(uint64_t *random, unsigned n)
{
	*random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*random >> 33) % n;
}

static bool equal(const struct plain *x, const struct plain *y)
{
	return x->updated == y->updated && x->retry == y->retry && x->finished == y->finished &&
	       memcmp(x->status, y->status, sizeof(x->status)) == 0;
}

static bool all_seen(void)
{
	for (size_t i = 0; i < steps; i++)
		if (plain[i].seen == NONE)
			return false;
	return true;
}

/* x was made before y for certain. */
static bool before(const struct plain *x, const struct plain *y)
{
	if (all_seen() && x->seen != y->seen)
		return x->seen < y->seen;
	if (x->updated != y->updated)
		return x->updated < y->updated;
	for (size_t i = 0; i < steps; i++)
		if (plain[i].updated == x->updated && plain[i].seen == NONE)
			return false;
	return x->seen < y->seen;
}

static bool finds(const struct plain *x, const struct plain *y, const char *what, int who)
{
	bool loose = x->retry == NONE || y->retry == NONE || y->retry > x->retry;
	int was = who >= 0 ? x->status[who] : -1, is = who >= 0 ? y->status[who] : -1;

	if (strcmp(what, "/retry_count") == 0)
		return x->retry != NONE && y->retry != NONE && y->retry < x->retry;
	if (strcmp(what, "/total_calls_finished") == 0)
		return !loose && x->finished != NONE && y->finished != NONE &&
		       y->finished < x->finished;
	if (who >= 0)
		return (is == 0 || is == 1) && (was == 2 || (was == 3 && !loose));
	for (int i = 0; i < PEOPLE; i++) /* /recipients */
		if ((x->status[i] < 0) != (y->status[i] < 0))
			return true;
	return false;
}

static void put(struct buf *want, const struct plain *y, const char *rule, const char *pointer)
{
	buf_printf(want, "%d#%llu %s %s\n", y->bundle, (unsigned long long)y->response, rule,
		   pointer);
}

static void expect_step(struct buf *want, const struct plain *x, const struct plain *y)
{
	int index = 0;

	if (x->seen != NONE && y->seen != NONE && x->seen > y->seen)
		return;
	for (int i = 0; i < 2; i++) {
		const char *const which[] = {"/retry_count", "/total_calls_finished"};
		if (finds(x, y, which[i], -1))
			put(want, y, "went-backwards", which[i]);
	}
	for (int i = 0; i < PEOPLE; i++) {
		char pointer[64];

		snprintf(pointer, sizeof(pointer), "/recipients/%d/status", index);
		index += y->status[i] >= 0;
		if (finds(x, y, pointer, i))
			put(want, y, "went-backwards", pointer);
	}
	if (finds(x, y, "/recipients", -1))
		put(want, y, "recipients-changed", "/recipients");
}

/* The same bundle and response. */
static int place(const struct plain *x)
{
	return x->bundle * 1000 + (int)x->response;
}

/* Which of two that are older stands for those of unknown order. */
static bool wins(const struct plain *x, const struct plain *y)
{
	if (y == NULL || before(y, x) || before(x, y))
		return y == NULL || before(y, x);
	return x->seen != y->seen ? x->seen > y->seen : place(x) > place(y);
}

/* Of every capture: the newest of those that are certainly older, and no other one like it that
 * stands before it among those of unknown order. */
static void expect_all(struct buf *want)
{
	for (size_t i = 0; i < steps; i++) {
		const struct plain *y = &plain[i], *x = NULL, *seen = NULL;
		bool repeat = false;

		for (size_t k = 0; k < steps; k++) {
			const struct plain *z = &plain[k];

			if (before(z, y) && wins(z, x))
				x = z;
			if (z->seen != NONE && y->seen != NONE && z->seen < y->seen &&
			    (seen == NULL || z->seen > seen->seen ||
			     (z->seen == seen->seen && z->updated > seen->updated)))
				seen = z;
			repeat |= z != y && !before(z, y) && !before(y, z) && equal(z, y) &&
				  (z->seen != y->seen ? z->seen < y->seen : place(z) < place(y));
		}
		if (repeat)
			continue;
		if (seen != NULL && seen->updated > y->updated)
			put(want, y, "went-backwards", "/last_updated_at_unix");
		if (x != NULL)
			expect_step(want, x, y);
	}
}

static void make_step(uint64_t *random, struct plain *p, unsigned mode)
{
	struct buf members = BUF_INIT, people = BUF_INIT;

	if (p->updated == 0 || below(random, 3) > 0)
		p->updated = STEP(below(random, 6));
	p->seen = mode == 0 || (mode == 1 && below(random, 2) > 0) ? STEP(below(random, 20)) : NONE;
	p->retry = below(random, 4) == 0 ? NONE : below(random, 3);
	p->finished = below(random, 4) == 0 ? NONE : below(random, 3);
	for (int i = 0; i < PEOPLE; i++)
		if (below(random, 4) == 0)
			p->status[i] = (int)below(random, 12) - 1;
	for (int i = 0; i < PEOPLE; i++) {
		if (p->status[i] > 4)
			p->status[i] %= 5;
		if (p->status[i] >= 0)
			buf_printf(&people, "%sr%d:%s", people.len > 0 ? " " : "", i,
				   names[p->status[i]]);
	}
	if (p->retry != NONE)
		buf_printf(&members, ",\"retry_count\":%lld", (long long)p->retry);
	if (p->finished != NONE)
		buf_printf(&members, ",\"total_calls_finished\":%lld", (long long)p->finished);
	buf_byte(&members, '\0');
	buf_byte(&people, '\0');
	p->bundle = (int)below(random, BUNDLES);
	capture(p->bundle, p->seen, p->updated, members.data, people.data);
	p->response = made[p->bundle].responses;
	buf_free(&members);
	buf_free(&people);
}

static int by_text(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

/* Lines in order, without what follows ": ". */
static void put_in_order(struct buf *text)
{
	char *line[2000], *save = NULL;
	struct buf out = BUF_INIT;
	size_t n = 0;

	buf_byte(text, '\0');
	for (char *p = strtok_r(text->data, "\n", &save); p != NULL;
	     p = strtok_r(NULL, "\n", &save)) {
		char *end = strstr(p, ": ");

		if (end != NULL)
			*end = '\0';
		ck_assert_uint_lt(n, 2000);
		line[n++] = p;
	}
	qsort(line, n, sizeof(*line), by_text);
	for (size_t i = 0; i < n; i++)
		buf_printf(&out, "%s\n", line[i]);
	buf_byte(&out, '\0');
	buf_free(text);
	*text = out;
}

START_TEST(random_histories)
{
	struct buf want = BUF_INIT;
	uint64_t random = (uint64_t)_i + 1;
	unsigned mode = (unsigned)_i % 3;

	steps = 2 + below(&random, STEPS - 1);
	for (size_t i = 0; i < steps; i++) {
		plain[i] = i > 0 ? plain[i - 1] : (struct plain){0};
		make_step(&random, &plain[i], mode);
	}
	ck_assert_msg(run() == 0, "%s", e.text);
	expect_all(&want);
	put_in_order(&want);
	put_in_order(&told);
	ck_assert_str_eq(told.data, want.data);
	buf_free(&want);
}
END_TEST

Suite *across_suite(void)
{
	Suite *s = suite_create("across");
	TCase *t = tcase_create("across");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, ordinary);
	tcase_add_test(t, completed_reopens);
	tcase_add_test(t, settled_reopens);
	tcase_add_test(t, who_it_is_must_be_sure);
	tcase_add_test(t, counters);
	tcase_add_test(t, updates);
	tcase_add_test(t, updates_without_a_time);
	tcase_add_test(t, order_unknown);
	tcase_add_test(t, order_by_seen);
	tcase_add_test(t, recipients);
	tcase_add_test(t, only_some_are_told);
	tcase_add_test(t, equal_ones_cost_nothing);
	tcase_add_test(t, what_cannot_be_read_hides_nothing_else);
	tcase_add_loop_test(t, random_histories, 0, 300);
	suite_add_tcase(s, t);
	return s;
}
