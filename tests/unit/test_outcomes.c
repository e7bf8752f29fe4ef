/*
 * test_outcomes.c: the figures of audits, on histories made at random, beside an oracle that keeps
 * every recipient and counts by looking at all of them.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "audit/expect.h"
#include "audit/outcomes.h"
#include "indexed.h"
#include "made_up.h"

Suite *outcomes_suite(void);

#define BUNDLES 2
#define BATCHES 7
#define LIST_MOST 60
#define LINES_PER_BUNDLE 4000
#define START INT64_C(1777600000)

/* --- what is made up --- */

struct person {
	int batch;
	const char *status;       /* its name in the report */
	int64_t created, updated; /* REPORT_NO_TIME: not to be understood */
};

struct response {
	int batch, bundle;
	uint64_t number;
	int64_t updated, seen, created, scheduled;
	bool scheduled_wrong;
	int agent, provider, status;
	uint64_t lines[LIST_MOST];
	int count;
};

static struct indexed x[BUNDLES];
static struct person people[BUNDLES][LINES_PER_BUNDLE]; /* by line, from 1 */
static uint64_t line_count[BUNDLES], response_count[BUNDLES];
static struct response responses[400];
static int total;
static uint64_t seed;

static uint64_t below(uint64_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % n;
}

static const char *const agents[] = {"agent_a", "agent_b", ""};
static const char *const providers[] = {"twilio", "", "sip_trunk"};
static const char *const batch_statuses[] = {"completed", "in_progress", "cancelled", "pending"};

/* A time as text, and what is understood of it. */
static int64_t make_time(char *text, int64_t t)
{
	static const char *const wrong[] = {"1777600000000",
					    "0",
					    "null",
					    "\"1777600000\"",
					    "-5",
					    "1577836799",
					    "100000000000",
					    "1777600000.5",
					    "123456789012345678901234567890"};

	if (below(12) == 0) {
		snprintf(text, 64, "%s", wrong[below(sizeof(wrong) / sizeof(wrong[0]))]);
		return REPORT_NO_TIME;
	}
	snprintf(text, 64, "%lld", (long long)t);
	return t;
}

/* A new recipient line; members in any order, some missing. */
static void make_person(int bundle, int batch)
{
	static const struct {
		const char *member, *name;
	} statuses[] = {
		{"\"completed\"", "completed"},
		{"\"completed\"", "completed"},
		{"\"failed\"", "failed"},
		{"\"voicemail\"", "voicemail"},
		{"\"cancelled\"", "cancelled"},
		{"\"pending\"", "pending"},
		{"\"dispatched\"", "dispatched"},
		{"\"initiated\"", "initiated"},
		{"\"in_progress\"", "in_progress"},
		{"\"no_answer\"", "no_answer"},
		{"\"Completed\"", "Completed"},
		{"\"a\\\"b\"", "a\"b"},
		{"null", ""},
		{"7", "7"},
		{NULL, ""},
	};
	struct person *p = &people[bundle][++line_count[bundle]];
	char line[1024], status[64] = "", created[64], updated[64];
	size_t s = below(sizeof(statuses) / sizeof(statuses[0]));
	int64_t when = START + (int64_t)below(40 * 86400);

	p->batch = batch;
	p->status = statuses[s].name;
	p->created = make_time(created, when);
	p->updated = make_time(updated, when + (int64_t)below(below(2) ? 200 : 20000) - 20);
	if (statuses[s].member != NULL)
		snprintf(status, sizeof(status), ",\"status\":%s", statuses[s].member);
	if (below(5) == 0)
		snprintf(line, sizeof(line),
			 "{\"_batch\":\"b%d\",\"_response\":1,\"zzz\":{\"status\":\"failed\"},"
			 "\"updated_at_unix\":%s%s,\"id\":\"%llu\",\"created_at_unix\":%s}",
			 batch, updated, status, (unsigned long long)line_count[bundle], created);
	else
		snprintf(line, sizeof(line),
			 "{\"_batch\":\"b%d\",\"_response\":1,\"id\":\"%llu\"%s,"
			 "\"created_at_unix\":%s,\"updated_at_unix\":%s,\"x\":[1,\"status\"]}",
			 batch, (unsigned long long)line_count[bundle], status, created, updated);
	indexed_line(&x[bundle], LINES_RECIPIENTS, line);
}

static void write_response(const struct response *r)
{
	static char line[20000];
	char updated[64], seen[64] = "", scheduled[64];
	size_t n;

	snprintf(updated, sizeof(updated), "%lld", (long long)r->updated);
	if (r->seen != REPORT_NO_TIME)
		snprintf(seen, sizeof(seen), ",\"_seen\":%lld", (long long)r->seen);
	snprintf(scheduled, sizeof(scheduled), "%lld", (long long)r->scheduled);
	n = (size_t)snprintf(line, sizeof(line),
			     "{\"_response\":%llu,\"_source\":\"s%d.json\"%s,\"_recipients\":%d,"
			     "\"_rows\":[",
			     (unsigned long long)r->number, r->batch, seen, r->count);
	for (int i = 0; i < r->count; i++)
		n += (size_t)snprintf(line + n, sizeof(line) - n, "%s[%llu,1]", i > 0 ? "," : "",
				      (unsigned long long)r->lines[i]);
	snprintf(line + n, sizeof(line) - n,
		 "],\"id\":\"b%d\",\"name\":\"Batch %d\",\"agent_id\":%s%s%s,\"created_at_unix\":"
		 "%lld,\"scheduled_time_unix\":%s,\"last_updated_at_unix\":%s,\"status\":\"%s\","
		 "\"agent_name\":\"A%lld\",\"phone_provider\":%s%s%s}",
		 r->batch, r->batch, r->agent == 2 ? "null" : "\"", agents[r->agent],
		 r->agent == 2 ? "" : "\"", (long long)r->created,
		 r->scheduled_wrong               ? "1777600000000"
		 : r->scheduled == REPORT_NO_TIME ? "null"
						  : scheduled,
		 updated, batch_statuses[r->status], (long long)r->updated,
		 r->provider == 1 ? "null" : "\"", providers[r->provider],
		 r->provider == 1 ? "" : "\"");
	indexed_line(&x[r->bundle], LINES_RESPONSES, line);
}

/* A capture: some lines that the batch has in this bundle already, some new ones, some twice. */
static void make_response(int bundle, int batch)
{
	struct response *r = &responses[total++];

	*r = (struct response){
		.batch = batch,
		.bundle = bundle,
		.number = ++response_count[bundle],
		.updated = START + (int64_t)below(50) * 3600,
		.seen = below(3) == 0 ? START + (int64_t)below(60) * 3600 : REPORT_NO_TIME,
		.created = START - (batch % 3) * 100,
		.scheduled = below(4) == 0 ? REPORT_NO_TIME : START + (int64_t)below(86400 * 20),
		.scheduled_wrong = below(9) == 0,
		.agent = (int)below(3),
		.provider = (int)below(3),
		.status = (int)below(4),
		.count = (int)below(LIST_MOST - 1),
	};
	for (int i = 0; i < r->count; i++) {
		uint64_t old = line_count[bundle] > 0 ? below(line_count[bundle]) + 1 : 0;

		if (old > 0 && people[bundle][old].batch == batch && below(2) == 0) {
			r->lines[i] = old;
		} else if (i > 0 && below(10) == 0) {
			r->lines[i] = r->lines[below((uint64_t)i)];
		} else {
			make_person(bundle, batch);
			r->lines[i] = line_count[bundle];
		}
	}
	write_response(r);
}

static void make(uint64_t from)
{
	seed = from;
	total = 0;
	for (int b = 0; b < BUNDLES; b++) {
		line_count[b] = response_count[b] = 0;
		indexed_begin(&x[b]);
		for (int i = 0; i < 30; i++)
			make_response(b, (int)below(BATCHES));
		indexed_open(&x[b]);
	}
}

static void unmake(void)
{
	for (int b = 0; b < BUNDLES; b++)
		indexed_end(&x[b]);
}

/* --- the oracle --- */

struct known {
	const struct response *in;
	const struct person *who;
	char day[16], batch[8];
	bool timed;
	int64_t seconds;
};

static struct known known[BATCHES * LIST_MOST];
static int known_count;
static uint64_t left_out;

static const struct response *latest(int batch)
{
	const struct response *best = NULL;

	for (int i = 0; i < total; i++)
		if (responses[i].batch == batch &&
		    (best == NULL || responses[i].updated >= best->updated))
			best = &responses[i]; /* they stand in order of bundles and numbers */
	return best;
}

static bool is(const struct filter_list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (slice_equal(list->value[i], slice_string(text)))
			return true;
	return list->count == 0;
}

static void know(const struct response *r, const struct person *p, const struct filter *f,
		 int64_t offset)
{
	struct known *k = &known[known_count];
	time_t local;
	struct tm tm;
	int64_t start = p->created;

	if (!is(&f->statuses, p->status) ||
	    (f->timed &&
	     (p->updated == REPORT_NO_TIME || p->updated < f->since || p->updated > f->until))) {
		left_out++;
		return;
	}
	*k = (struct known){.in = r, .who = p};
	snprintf(k->batch, sizeof(k->batch), "b%d", r->batch);
	if (p->updated != REPORT_NO_TIME) {
		local = (time_t)(p->updated + offset);
		gmtime_r(&local, &tm);
		strftime(k->day, sizeof(k->day), "%Y-%m-%d", &tm);
	}
	if (r->scheduled != REPORT_NO_TIME && !r->scheduled_wrong && r->scheduled > start)
		start = r->scheduled;
	if (p->created != REPORT_NO_TIME && p->updated != REPORT_NO_TIME)
		k->seconds = p->updated - start;
	k->timed = (strcmp(p->status, "completed") == 0 || strcmp(p->status, "failed") == 0 ||
		    strcmp(p->status, "voicemail") == 0) &&
		   p->created != REPORT_NO_TIME && p->updated != REPORT_NO_TIME &&
		   !r->scheduled_wrong && k->seconds >= 0;
	known_count++;
}

static void know_all(const struct filter *f, int64_t offset)
{
	known_count = 0;
	left_out = 0;
	for (int b = 0; b < BATCHES; b++) {
		const struct response *r = latest(b);
		char id[8];

		snprintf(id, sizeof(id), "b%d", b);
		if (r == NULL)
			continue;
		if (!is(&f->batches, id) || !is(&f->agents, agents[r->agent])) {
			left_out += (uint64_t)r->count;
			continue;
		}
		for (int i = 0; i < r->count; i++)
			know(r, &people[r->bundle][r->lines[i]], f, offset);
	}
}

static const char *key_in(const struct known *k, enum report_group group)
{
	switch (group) {
	case REPORT_BATCH:
		return k->batch;
	case REPORT_AGENT:
		return agents[k->in->agent];
	case REPORT_PROVIDER:
		return providers[k->in->provider];
	case REPORT_DAY:
		return k->day;
	default:
		return "";
	}
}

static int by_seconds(const void *a, const void *b)
{
	int64_t p = *(const int64_t *)a, q = *(const int64_t *)b;

	return (p > q) - (p < q);
}

static void expect_times(const struct report_times *t, int64_t *seconds, size_t n)
{
	uint64_t sum = 0;

	ck_assert_uint_eq(t->count, n);
	for (int i = 0; i < REPORT_BUCKETS; i++) {
		uint64_t in = 0;

		for (size_t k = 0; k < n; k++)
			in += seconds[k] < report_bucket[i] &&
			      (i == 0 || seconds[k] >= report_bucket[i - 1]);
		HOLDS(t->bucket[i] == in);
		sum += in;
	}
	ck_assert_uint_eq(sum, n);
	if (n == 0)
		return;
	qsort(seconds, n, sizeof(*seconds), by_seconds);
	ck_assert_int_eq(t->median, seconds[(n * 50 + 99) / 100 - 1]);
	ck_assert_int_eq(t->p90, seconds[(n * 90 + 99) / 100 - 1]);
	ck_assert_int_eq(t->p99, seconds[(n * 99 + 99) / 100 - 1]);
}

static void expect_row(const struct report *r, enum report_group group, size_t i)
{
	const struct report_row *row = &r->rows[group][i];
	int64_t seconds[BATCHES * LIST_MOST];
	uint64_t recipients = 0;
	bool met[BATCHES] = {false};
	size_t timed = 0;

	for (size_t s = 0; s < r->status_count; s++) {
		uint64_t n = 0;

		for (int k = 0; k < known_count; k++)
			n += slice_equal(row->key, slice_string(key_in(&known[k], group))) &&
			     slice_equal(r->status[s].name, slice_string(known[k].who->status));
		ck_assert_msg(row->by_status[s] == n, "%.*s %.*s: %llu, not %llu",
			      (int)row->key.len, row->key.data, (int)r->status[s].name.len,
			      r->status[s].name.data, (unsigned long long)row->by_status[s],
			      (unsigned long long)n);
		recipients += n;
	}
	for (int k = 0; k < known_count; k++) {
		if (!slice_equal(row->key, slice_string(key_in(&known[k], group))))
			continue;
		recipients--;
		met[known[k].in->batch] = true;
		if (known[k].timed)
			seconds[timed++] = known[k].seconds;
	}
	ck_assert_uint_eq(recipients, 0); /* each has one of the statuses */
	expect_times(&row->times, seconds, timed);
	for (int b = 0; b < BATCHES && group == REPORT_DAY; b++)
		recipients += met[b];
	if (group == REPORT_DAY)
		ck_assert_uint_eq(row->batches, recipients);
}

static void expect_gap(const struct report_batch *b, int batch)
{
	int64_t when[400], most = 0;
	size_t n = 0;

	for (int i = 0; i < total; i++)
		if (responses[i].batch == batch)
			when[n++] = responses[i].seen != REPORT_NO_TIME ? responses[i].seen
									: responses[i].updated;
	ck_assert_uint_eq(b->captures, n);
	qsort(when, n, sizeof(*when), by_seconds);
	for (size_t i = 1; i < n; i++)
		if (when[i] - when[i - 1] > most)
			most = when[i] - when[i - 1];
	ck_assert_int_eq(b->gap_to - b->gap_from, most);
}

static void expect_batches(const struct report *r)
{
	for (size_t i = 0; i < r->row_count[REPORT_BATCH]; i++) {
		const struct report_row *row = &r->rows[REPORT_BATCH][i];
		const struct report_batch *b = &r->batches[i];
		int batch = row->key.data[1] - '0';
		const struct response *in = latest(batch);

		ck_assert_uint_eq(b->response, in->number);
		ck_assert(slice_equal(b->bundle, SLICE("one")) == (in->bundle == 0));
		ck_assert(slice_equal(b->agent, slice_string(agents[in->agent])));
		ck_assert(slice_equal(b->provider, slice_string(providers[in->provider])));
		ck_assert(slice_equal(b->status, slice_string(batch_statuses[in->status])));
		ck_assert(b->ended == (in->status == 0 || in->status == 2));
		ck_assert_int_eq(b->updated, in->updated);
		expect_gap(b, batch);
		if (i > 0)
			ck_assert(r->batches[i - 1].created < b->created ||
				  (r->batches[i - 1].created == b->created &&
				   slice_compare(row[-1].key, row->key) < 0));
	}
}

static void expect_order(const struct report *r, enum report_group group)
{
	for (size_t i = 1; i < r->row_count[group]; i++) {
		const struct report_row *a = &r->rows[group][i - 1], *b = &r->rows[group][i];

		if (group == REPORT_DAY)
			ck_assert(b->key.len == 0 || slice_compare(a->key, b->key) < 0);
		else if (group != REPORT_BATCH)
			ck_assert(a->recipients > b->recipients ||
				  (a->recipients == b->recipients &&
				   slice_compare(a->key, b->key) < 0));
	}
}

/* --- both --- */

static void no_trouble(void *arg, const struct error *why)
{
	(void)arg;
	ck_abort_msg("%s", why->text);
}

static bool no_rule(enum rule rule)
{
	(void)rule;
	return false;
}

static void compare(const struct filter *f, const char *zone, int64_t offset, unsigned threads)
{
	static const struct severities severities;
	struct error e = {0};
	struct captures *captures = captures_new();
	struct outcomes_plan plan = {captures, f,       zone_open(zone, &e), &severities, 20,
				     no_rule,  NULL,    threads, no_trouble,          NULL};
	struct report r = {0};
	struct outcomes *o;
	uint64_t sum;

	for (uint32_t b = 0; b < BUNDLES; b++)
		ck_assert_int_eq(captures_add(captures, b, x[b].b, &e), 0);
	ck_assert_int_eq(captures_sort(captures), 0);
	o = outcomes_new(&plan, &e);
	ck_assert_ptr_nonnull(o);
	for (uint32_t b = BUNDLES; b-- > 0;) { /* their order does not matter */
		struct lines *lines = lines_open(x[b].b, LINES_RESPONSES, &e);

		ck_assert_int_eq(outcomes_read(o, b, x[b].b, lines,
					       b == 0 ? SLICE("one") : SLICE("two"), &e),
				 0);
		lines_close(lines);
	}
	ck_assert_int_eq(outcomes_report(o, &r, &e), 0);
	know_all(f, offset);
	ck_assert_uint_eq(r.filtered, left_out);
	ck_assert_uint_eq(r.captures, (uint64_t)total);
	ck_assert_uint_eq(r.rows[REPORT_ALL][0].recipients, (uint64_t)known_count);
	for (int g = 0; g < REPORT_GROUPS; g++) {
		sum = 0;
		for (size_t i = 0; i < r.row_count[g]; i++) {
			if (g != REPORT_ALL)
				expect_row(&r, (enum report_group)g, i);
			sum += r.rows[g][i].recipients;
		}
		ck_assert_uint_eq(sum, (uint64_t)known_count); /* no key is missing */
		expect_order(&r, (enum report_group)g);
	}
	expect_batches(&r);
	outcomes_free(o);
	captures_free(captures);
	zone_close((struct zone *)plan.zone);
}

START_TEST(test_all)
{
	const struct filter none = {.since = INT64_MIN, .until = INT64_MAX};

	make((uint64_t)_i + 1);
	compare(&none, "UTC", 0, 1 + (unsigned)_i % 4);
	compare(&none, "-03:30", -12600, 2);
	unmake();
}
END_TEST

START_TEST(test_filters)
{
	const struct slice batches[] = {SLICE("b1"), SLICE("b4"), SLICE("b5"), SLICE("none")};
	const struct slice agents_wanted[] = {SLICE("agent_a"), SLICE("")};
	const struct slice statuses[] = {SLICE("completed"), SLICE("a\"b"), SLICE("")};
	struct filter f = {.since = START + 5 * 86400, .until = START + 20 * 86400};

	make((uint64_t)_i + 1000);
	f.timed = true;
	compare(&f, "UTC", 0, 2);
	f.batches = (struct filter_list){batches, 4};
	compare(&f, "+02:00", 7200, 2);
	f.timed = false;
	compare(&f, "UTC", 0, 2);
	f.agents = (struct filter_list){agents_wanted, 2};
	compare(&f, "UTC", 0, 2);
	f.batches.count = 0;
	f.statuses = (struct filter_list){statuses, 3};
	compare(&f, "UTC", 0, 2);
	unmake();
}
END_TEST

/* --- small cases --- */

static struct error told;

static void tell(void *arg, const struct error *why)
{
	(void)arg;
	told = *why;
}

static bool enum_rule(enum rule rule)
{
	return rule == RULE_enum || rule == RULE_type;
}

/* The report of one bundle. */
static struct outcomes *audit(struct captures **captures, const struct severities *s, uint64_t most,
			      struct report *r, struct outcomes_plan *plan)
{
	static const struct filter none = {.since = INT64_MIN, .until = INT64_MAX};
	struct error e = {0};
	struct lines *lines = lines_open(x[0].b, LINES_RESPONSES, &e);
	struct outcomes *o;

	*captures = captures_new();
	captures_add(*captures, 0, x[0].b, &e);
	captures_sort(*captures);
	*plan = (struct outcomes_plan){
		*captures, &none, zone_open("UTC", &e), s, most, enum_rule, NULL, 1, tell,
		NULL};
	o = outcomes_new(plan, &e);
	ck_assert_int_eq(outcomes_read(o, 0, x[0].b, lines, SLICE("x"), &e), 0);
	lines_close(lines);
	*r = (struct report){0};
	return o;
}

#define RESPONSE(n, id, updated, findings)                                                         \
	"{\"_response\":" n ",\"_source\":\"" id ".json\",\"_recipients\":0,\"_rows\":[],"         \
	"\"_findings\":{" findings "},\"id\":\"" id "\",\"last_updated_at_unix\":" updated "}"
#define FINDING(n, rule, severity, line, rest)                                                     \
	"{\"_response\":" n                                                                        \
	",\"path\":\"p\\\"q\",\"response\":1,\"batch_id\":\"b\",\"rule\":\"" rule                  \
	"\",\"severity\":\"" severity "\",\"pointer\":\"/x\",\"line\":" line                       \
	",\"column\":7,\"offset\":0,\"message\":\"m\\u0001\"" rest "}"

static void make_findings(void)
{
	indexed_begin(&x[0]);
	indexed_line(&x[0], LINES_RESPONSES, RESPONSE("1", "b", "10", "\"enum\":9"));
	indexed_line(&x[0], LINES_RESPONSES, RESPONSE("2", "b", "20", "\"enum\":7,\"type\":1"));
	indexed_line(&x[0], LINES_RESPONSES, RESPONSE("3", "a", "5", "\"syntax\":1"));
	indexed_line(&x[0], LINES_FINDINGS, FINDING("1", "enum", "warning", "1", ""));
	indexed_line(&x[0], LINES_FINDINGS, FINDING("2", "enum", "warning", "2", ""));
	indexed_line(&x[0], LINES_FINDINGS, FINDING("2", "enum", "warning", "3", ""));
	indexed_line(&x[0], LINES_FINDINGS, FINDING("2", "type", "info", "4", ""));
	indexed_line(&x[0], LINES_FINDINGS, FINDING("2", "enum", "warning", "5", ",\"more\":5"));
	indexed_line(&x[0], LINES_FINDINGS, FINDING("3", "syntax", "error", "6", ""));
	indexed_open(&x[0]);
}

START_TEST(test_contradictions)
{
	struct severities s = {0};
	struct captures *captures;
	struct outcomes_plan plan;
	struct report r;
	struct error e = {0};
	struct report_contradiction across = {
		.rule = RULE_type, .severity = SEVERITY_WARNING, .message = SLICE("went")};
	struct outcomes *o;

	make_findings();
	s.set[RULE_type] = true;
	s.as[RULE_type] = _i == 0 ? SEVERITY_INFO : _i == 1 ? SEVERITY_OFF : SEVERITY_ERROR;
	o = audit(&captures, &s, _i == 0 ? 20 : 1, &r, &plan);
	outcomes_contradict(o, map_find(captures_batches(captures), SLICE("\"b\"")), 3, &across);
	ck_assert_int_eq(outcomes_report(o, &r, &e), 0);
	/* only of the latest response, only of audit rules; all are counted */
	ck_assert_uint_eq(r.contradiction_total, _i == 1 ? 7 : 11);
	ck_assert_uint_eq(r.contradiction_count, _i == 0 ? 4 : _i == 1 ? 1 : 2);
	ck_assert_uint_eq(r.batches[0].contradictions + r.batches[1].contradictions,
			  r.contradiction_total);
	ck_assert(outcomes_errors(o) == (_i == 2));
	if (_i == 0) {
		const struct report_contradiction *c = r.contradictions;

		ck_assert(slice_equal(c[0].message, SLICE("went")));
		ck_assert_int_eq(c[0].severity, SEVERITY_INFO);
		ck_assert_uint_eq(c[1].line, 2);
		ck_assert_uint_eq(c[1].column, 7);
		ck_assert_uint_eq(c[1].response, 2);
		ck_assert_int_eq(c[1].rule, RULE_enum);
		ck_assert_int_eq(c[1].severity, SEVERITY_WARNING);
		ck_assert(slice_equal(c[1].source, SLICE("p\"q")));
		ck_assert(slice_equal(c[1].message, SLICE("m\001")));
		ck_assert(slice_equal(c[1].bundle, SLICE("x")));
		ck_assert(slice_equal(c[1].batch, SLICE("b")));
		ck_assert_uint_eq(c[3].line, 4);
	}
	outcomes_free(o);
	captures_free(captures);
	zone_close((struct zone *)plan.zone);
	indexed_end(&x[0]);
}
END_TEST

/* Statuses without end become one column. */
START_TEST(test_many_statuses)
{
	struct severities s = {0};
	struct captures *captures;
	struct outcomes_plan plan;
	struct report r;
	struct error e = {0};
	struct outcomes *o;
	char line[300];

	indexed_begin(&x[0]);
	for (int i = 0; i < 100; i++) {
		snprintf(line, sizeof(line),
			 "{\"_batch\":\"b\",\"_response\":1,\"status\":\"s%02d%0*d\"}", i,
			 i == 7 ? 200 : 1, 0);
		indexed_line(&x[0], LINES_RECIPIENTS, line);
	}
	indexed_line(
		&x[0], LINES_RESPONSES,
		"{\"_response\":1,\"_recipients\":200,\"_rows\":[[1,100],[1,100]],\"id\":\"b\"}");
	indexed_open(&x[0]);
	o = audit(&captures, &s, 1, &r, &plan);
	ck_assert_int_eq(outcomes_report(o, &r, &e), 0);
	ck_assert_uint_eq(r.status_count, REPORT_PUBLISHED + 32 + 1);
	ck_assert(slice_equal(r.status[REPORT_PUBLISHED].name, SLICE("...")));
	ck_assert_uint_eq(r.rows[REPORT_ALL][0].by_status[REPORT_PUBLISHED], 2 * 68);
	ck_assert_uint_eq(r.rows[REPORT_ALL][0].by_status[REPORT_PUBLISHED + 8], 2);
	ck_assert_uint_eq(r.status[REPORT_PUBLISHED + 8].name.len, 128 + 3);
	ck_assert_uint_eq(r.rows[REPORT_ALL][0].unknown, 200);
	outcomes_free(o);
	captures_free(captures);
	zone_close((struct zone *)plan.zone);
	indexed_end(&x[0]);
}
END_TEST

/* A response whose list cannot be is said, and its batch is there without recipients. */
START_TEST(test_nonsense)
{
	struct severities s = {0};
	struct captures *captures;
	struct outcomes_plan plan;
	struct report r;
	struct error e = {0};
	struct outcomes *o;

	indexed_begin(&x[0]);
	indexed_line(&x[0], LINES_RECIPIENTS, "{\"_batch\":\"b\",\"status\":\"failed\"}");
	indexed_line(&x[0], LINES_RECIPIENTS, "no object");
	indexed_line(&x[0], LINES_RESPONSES,
		     "{\"_response\":1,\"_recipients\":3,\"_rows\":[[1,3]],\"id\":\"a\"}");
	indexed_line(&x[0], LINES_RESPONSES,
		     "{\"_response\":2,\"_recipients\":2,\"_rows\":[[1,2]],\"id\":\"b\"}");
	indexed_open(&x[0]);
	told = (struct error){0};
	o = audit(&captures, &s, 1, &r, &plan);
	ck_assert_int_eq(told.kind, ERROR_BUNDLE);
	ck_assert_int_eq(outcomes_report(o, &r, &e), 0);
	ck_assert_uint_eq(r.row_count[REPORT_BATCH], 2);
	ck_assert_uint_eq(r.rows[REPORT_BATCH][0].recipients, 0);
	ck_assert_uint_eq(r.rows[REPORT_BATCH][1].recipients, 2);
	ck_assert_uint_eq(r.rows[REPORT_BATCH][1].unknown, 1);
	outcomes_free(o);
	captures_free(captures);
	zone_close((struct zone *)plan.zone);
	indexed_end(&x[0]);
}
END_TEST

START_TEST(test_expect)
{
	const struct slice wanted[] = {SLICE("b"), SLICE(" # not this"), SLICE("\tz \r"),
				       SLICE("c"), SLICE("z"),           SLICE("")};
	struct captures *captures = captures_new();
	struct expect expect;
	struct report r = {0};
	struct error e = {0};

	make_findings();
	captures_add(captures, 0, x[0].b, &e);
	captures_sort(captures);
	ck_assert_int_eq(expect_compare(&expect, wanted, 6, captures, &r, &e), 0);
	ck_assert(r.expected);
	ck_assert_uint_eq(r.missing_count, 2);
	ck_assert(slice_equal(r.missing[0], SLICE("c")));
	ck_assert(slice_equal(r.missing[1], SLICE("z")));
	ck_assert_uint_eq(r.unexpected_count, 1);
	ck_assert(slice_equal(r.unexpected[0], SLICE("a")));
	expect_free(&expect);
	captures_free(captures);
	indexed_end(&x[0]);
}
END_TEST

Suite *outcomes_suite(void)
{
	Suite *s = suite_create("outcomes");
	TCase *t = tcase_create("outcomes");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, test_all, 0, 25);
	tcase_add_loop_test(t, test_filters, 0, 10);
	tcase_add_loop_test(t, test_contradictions, 0, 3);
	tcase_add_test(t, test_many_statuses);
	tcase_add_test(t, test_nonsense);
	tcase_add_test(t, test_expect);
	suite_add_tcase(s, t);
	return s;
}
