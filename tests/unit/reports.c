/*
 * reports.c: made-up reports. The numbers look at random and are always the same.
 * What a report holds lies in blocks that the report remembers.
 */
#include "reports.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/text.h"

#define DAY 86400
#define START INT64_C(1777593600) /* 2026-05-01 */

struct made {
	struct report report; /* first */
	void *block[8192];
	size_t blocks;
	uint64_t state;
	const struct reports_plan *plan;
	size_t named;
};

/* --- plans --- */

#define LONG_NAME 10000
static char long_name[LONG_NAME];
static char ampersands[400], overrides[4000], marks[3000], wide[600];

static const char *const harmful[] = {
	"<script>alert(1)</script>",
	"</title><script>document.title='x'</script>",
	"</style><style>*{display:none}</style>",
	"\"><img src=x onerror=alert(1)>",
	"' onmouseover='alert(1)",
	"&lt;b&gt; &amp;amp; &#60;i&#62;",
	"]]></svg><iframe src=https://example.com></iframe>",
	"<!-- <a href=javascript:alert(1)>here</a>",
	"May \xE2\x80\xAE"
	"slawener\xE2\x80\xAC renewals",
	"\xE2\x81\xA6isolated\xE2\x81\xA9 \xE2\x80\xAAleft\xE2\x80\xAB right",
	"\xD9\x85\xD8\xB1\xD8\xAD\xD8\xA8\xD8\xA7 123 (abc)",
	"zero\xE2\x80\x8Bwidth\xE2\x80\x8D\xEF\xBB\xBF\xC2\xAD",
	"a\tb\nc\rd\x01\x1B[31m\x7F\xC2\x85\xE2\x80\xA8",
	"\xCC\x81\xCC\x82\xCC\x83\xCC\x84\xCC\x85",
	"Z\xCC\x81\xCC\x82\xCC\x83\xCC\x84\xCC\x85\xCC\x86\xCC\x87\xCC\x88"
	"algo",
	"\xFF\xC3(\xED\xA0\x80\xF5 broken",
	"\xE9\x9B\xBB\xE8\xA9\xB1 \xF0\x9F\x93\x9E \xF3\xA0\x81\x81",
	"{{constructor}} ${7*7} `rm` %s%n",
	" leading and trailing ",
};
#define HARMFUL (sizeof(harmful) / sizeof(harmful[0]))
static struct slice hostile_names[HARMFUL + 3], worst_names[4];

static void fill(char *to, size_t size, const char *unit)
{
	size_t n = strlen(unit);

	for (size_t i = 0; i + n <= size; i += n)
		memcpy(to + i, unit, n);
}

static void make_names(void)
{
	memset(long_name, 'A', sizeof(long_name));
	memset(ampersands, '"', sizeof(ampersands));
	fill(overrides, sizeof(overrides), "\xE2\x80\xAE");
	fill(marks, sizeof(marks), "\xCC\x81");
	fill(wide, sizeof(wide), "\xF0\x9F\x93\x9E");
	for (size_t i = 0; i < HARMFUL; i++)
		hostile_names[i] = slice_string(harmful[i]);
	hostile_names[HARMFUL] = slice_of(long_name, sizeof(long_name));
	hostile_names[HARMFUL + 1] = slice_of(overrides, 3999);
	hostile_names[HARMFUL + 2] = slice_of("nul\0inside", 10);
	worst_names[0] = slice_of(ampersands, sizeof(ampersands));
	worst_names[1] = slice_of(overrides, 3999);
	worst_names[2] = slice_of(marks, sizeof(marks));
	worst_names[3] = slice_of(wide, sizeof(wide));
}

static const struct {
	const char *name;
	struct reports_plan plan;
} plans[] = {
	/*            batches agents providers days unknown contradictions expected recipients */
	{"ordinary", {12, 3, 2, 31, 1, 9, 4, 1000, NULL, 0}},
	{"empty", {0, 0, 0, 0, 0, 0, 0, 0, NULL, 0}},
	{"one", {1, 1, 1, 1, 0, 0, 0, 40, NULL, 0}},
	{"hundred", {100, 12, 2, 120, 2, 400, 20, 10000, NULL, 0}},
	{"hostile", {22, 22, 22, 40, 6, 22, 22, 300, hostile_names, HARMFUL + 3}},
	{"worst", {5000, 5000, 5000, 5000, 500, 5000, 5000, UINT64_C(1) << 40, worst_names, 4}},
};

const struct reports_plan *reports_plan(const char *name)
{
	make_names();
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		if (strcmp(plans[i].name, name) == 0)
			return &plans[i].plan;
	}
	return NULL;
}

/* --- parts --- */

/* Memory of the report, zeros. */
static void *keep(struct made *m, void *block)
{
	if (block == NULL || m->blocks == sizeof(m->block) / sizeof(m->block[0]))
		abort();
	m->block[m->blocks++] = block;
	return block;
}

static void *array(struct made *m, size_t count, size_t size)
{
	return keep(m, calloc(count + 1, size));
}

/* From 0 to most, an LCG's upper bits (Knuth's MMIX). */
static uint64_t any(struct made *m, uint64_t most)
{
	m->state = m->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (m->state >> 33) % (most + 1);
}

/* The plan's next name, or these words with a number between them. */
static struct slice name(struct made *m, const char *before, size_t i, const char *after)
{
	struct buf text = BUF_INIT;

	if (m->plan->names != NULL)
		return m->plan->names[m->named++ % m->plan->name_count];
	buf_printf(&text, "%s%02u%s", before, (unsigned)i, after);
	keep(m, text.data);
	return buf_view(&text);
}

static void statuses(struct made *m)
{
	static const char *const published[] = {"completed", "failed",     "voicemail",
						"cancelled", "pending",    "dispatched",
						"initiated", "in_progress"};
	size_t count = REPORT_PUBLISHED + m->plan->unknown;
	struct report_status *s = array(m, count, sizeof(*s));

	for (size_t i = 0; i < REPORT_PUBLISHED; i++)
		s[i] = (struct report_status){slice_string(published[i]),
					      i < REPORT_PENDING ? RECIPIENT_SETTLED
								 : RECIPIENT_OPEN};
	for (size_t i = REPORT_PUBLISHED; i < count; i++)
		s[i] = (struct report_status){name(m, "no_answer_", i, ""), RECIPIENT_UNKNOWN};
	m->report.status = s;
	m->report.status_count = count;
}

static struct report_row *rows(struct made *m, enum report_group group, size_t count)
{
	struct report_row *row = array(m, count, sizeof(*row));
	uint64_t *n = array(m, count * m->report.status_count, sizeof(*n));

	for (size_t i = 0; i < count; i++)
		row[i].by_status = n + i * m->report.status_count;
	m->report.rows[group] = row;
	m->report.row_count[group] = count;
	return row;
}

static void count_in(struct made *m, struct report_row *row, size_t status, uint64_t n)
{
	((uint64_t *)row->by_status)[status] += n;
	row->recipients += n;
	if (status >= REPORT_PUBLISHED)
		row->unknown += n;
	else if (m->report.status[status].kind == RECIPIENT_OPEN)
		row->open += n;
}

static void add_times(struct report_times *to, const struct report_times *from)
{
	for (int i = 0; i < REPORT_BUCKETS; i++)
		to->bucket[i] += from->bucket[i];
	to->count += from->count;
	to->median = from->median;
	to->p90 = from->p90;
	to->p99 = from->p99;
}

static struct report_times times(struct made *m, uint64_t count)
{
	static const unsigned share[REPORT_BUCKETS] = {2, 9, 15, 31, 19, 9, 6, 4, 2, 1, 1, 1};
	struct report_times t = {.count = count};
	uint64_t left = count;

	for (int i = 0; i < REPORT_BUCKETS; i++) {
		t.bucket[i] = i == REPORT_BUCKETS - 1 ? left : count / 100 * share[i];
		t.bucket[i] = t.bucket[i] > left ? left : t.bucket[i];
		left -= t.bucket[i];
	}
	t.median = 130 + (int64_t)any(m, 100);
	t.p90 = 2800 + (int64_t)any(m, 1000);
	t.p99 = 2 * DAY + (int64_t)any(m, DAY);
	return t;
}

/* --- rows --- */

struct groups {
	struct report_row *all, *batch, *agent, *provider, *day;
	struct report_batch *info;
};

/* How many of `left` have the status, so that most are completed. */
static uint64_t portion(struct made *m, size_t status, uint64_t left, bool ended)
{
	static const unsigned hundredths[] = {0, 55, 50, 10, 45, 30, 30, 60};

	if (status == REPORT_COMPLETED)
		return left / 100 * (58 + any(m, 25));
	if (status >= REPORT_PUBLISHED)
		return any(m, left / 20);
	if (status >= REPORT_PENDING && ended && any(m, 5) > 0)
		return 0;
	return left * any(m, hundredths[status]) / 100;
}

static struct report_row *of_day(struct made *m, const struct groups *g)
{
	size_t days = m->plan->days;
	size_t day = days == 0 ? 0 : any(m, days - 1);

	/* Fewer at weekends. */
	if (day % 7 >= 5 && any(m, 3) > 0)
		day = (day + 2) % days;
	return days == 0 ? NULL : &g->day[day];
}

static void share_out(struct made *m, const struct groups *g, size_t i, size_t status, uint64_t n)
{
	struct report_row *to[] = {g->all, &g->batch[i], &g->agent[i % m->plan->agents],
				   &g->provider[i % m->plan->providers]};
	unsigned parts = 16;

	for (size_t k = 0; k < 4; k++)
		count_in(m, to[k], status, n);
	for (; parts > 0; parts--) {
		uint64_t part = parts == 1 ? n : n / 6;
		if (m->plan->days > 0)
			count_in(m, of_day(m, g), status, part);
		n -= part;
	}
}

static void batch_info(struct made *m, struct report_batch *b, size_t i)
{
	bool ended = i % 9 != 7;

	b->ended = ended;
	b->status = slice_string(ended ? "completed" : "in_progress");
	b->created = START + (int64_t)i * DAY / 4;
	b->scheduled = b->created + 3600;
	b->updated = b->scheduled + 2 * DAY + (int64_t)any(m, DAY);
	b->captures = 1 + any(m, 200);
	b->gap_from = b->created;
	b->gap_to = b->created + (int64_t)any(m, DAY);
	b->bundle = slice_string("2026-05.tar.zst");
	b->response = any(m, 5000);
	b->source = name(m, "captures/0504/btcal_67x1nmnc", i, ".json");
	m->report.captures += b->captures;
	if (m->report.first == REPORT_NO_TIME || b->updated < m->report.first)
		m->report.first = b->updated;
	if (b->updated > m->report.last)
		m->report.last = b->updated;
}

static void batches(struct made *m, const struct groups *g)
{
	for (size_t i = 0; i < m->plan->batches; i++) {
		struct report_row *row = &g->batch[i];
		uint64_t left = m->plan->recipients;

		row->key = name(m, "btcal_67x1nmnc", i, "");
		row->name = name(m, i % 3 == 0 ? "May renewals " : "Reminder, list ", i + 1, "");
		row->batches = 1;
		g->agent[i % m->plan->agents].batches++;
		g->provider[i % m->plan->providers].batches++;
		batch_info(m, &g->info[i], i);
		for (size_t s = m->report.status_count; s-- > 0;) {
			uint64_t n = s == REPORT_COMPLETED
					     ? left
					     : portion(m, s, left / 3, g->info[i].ended);
			share_out(m, g, i, s, n);
			left -= n;
		}
		row->times = times(m, row->by_status[0] + row->by_status[1] + row->by_status[2]);
		add_times(&g->all->times, &row->times);
		add_times(&g->agent[i % m->plan->agents].times, &row->times);
		add_times(&g->provider[i % m->plan->providers].times, &row->times);
	}
}

static void names_of_groups(struct made *m, const struct groups *g)
{
	static const char *const providers[] = {"twilio", "sip_trunk"};
	struct buf day = BUF_INIT;

	for (size_t i = 0; i < m->plan->agents; i++) {
		g->agent[i].key = name(m, "agent_3k2j", i, "");
		g->agent[i].name = name(m, "Front desk ", i + 1, "");
	}
	for (size_t i = 0; i < m->plan->providers; i++)
		g->provider[i].key = m->plan->names != NULL ? name(m, "", i, "")
							    : slice_string(providers[i % 2]);
	for (size_t i = 0; i < m->plan->days; i++) {
		text_time(&day, START + (int64_t)i * DAY);
		day.len = i * 10 + 10;
	}
	keep(m, day.data != NULL ? day.data : malloc(1));
	for (size_t i = 0; i < m->plan->days; i++)
		g->day[i].key = slice_of(day.data + i * 10, 10);
}

/* --- lists --- */

static void contradictions(struct made *m)
{
	static const char *const said[] = {
		"status is completed, but 44 of 1,000 recipients are open",
		"total_calls_dispatched is 1,004, total_calls_scheduled is 1,000",
		"phone_number +4915123456789 stands at /recipients/17 too",
	};
	static const char *const where[] = {"/status", "/total_calls_dispatched",
					    "/recipients/312/phone_number"};
	struct report_contradiction *c = array(m, m->plan->contradictions, sizeof(*c));

	for (size_t i = 0; i < m->plan->contradictions; i++) {
		bool plain = m->plan->names == NULL;
		c[i] = (struct report_contradiction){
			.rule = RULE_required + i % 3,
			.severity = SEVERITY_WARNING,
			.batch = m->report.rows[REPORT_BATCH][i % m->plan->batches].key,
			.source = name(m, "captures/0504/btcal_67x1nmnc", i, ".json"),
			.line = 1 + any(m, 3),
			.column = 1 + any(m, 90000),
			.bundle = plain ? slice_string("2026-05.tar.zst") : name(m, "", i, ""),
			.response = any(m, 5000),
			.pointer = plain ? slice_string(where[i % 3]) : name(m, "", i, ""),
			.message = plain ? slice_string(said[i % 3]) : name(m, "", i, ""),
		};
	}
	m->report.contradictions = c;
	m->report.contradiction_count = m->plan->contradictions;
	m->report.contradiction_total = m->plan->contradictions;
	enum rule *rules = array(m, 3, sizeof(*rules));
	uint64_t *by_rule = array(m, 3, sizeof(*by_rule));
	for (size_t i = 0; i < 3; i++)
		rules[i] = RULE_required + i;
	for (size_t i = 0; i < m->plan->contradictions; i++)
		by_rule[i % 3]++;
	m->report.rules = rules;
	m->report.rule_count = 3;
	m->report.by_rule = by_rule;
}

static void expected(struct made *m)
{
	struct slice *ids = array(m, 2 * m->plan->expected, sizeof(*ids));

	for (size_t i = 0; i < 2 * m->plan->expected; i++)
		ids[i] = name(m, "btcal_8kq1", i, "");
	m->report.expected = m->plan->expected > 0;
	m->report.missing = ids;
	m->report.missing_count = m->plan->expected;
	m->report.unexpected = ids + m->plan->expected;
	m->report.unexpected_count = m->plan->expected / 2;
}

struct report *reports_make(const struct reports_plan *plan)
{
	struct made *m = calloc(1, sizeof(*m));

	if (m == NULL)
		abort();
	m->plan = plan;
	m->state = 5;
	m->report.first = m->report.last = REPORT_NO_TIME;
	m->report.zone = SLICE("UTC");
	statuses(m);
	struct groups g = {
		.all = rows(m, REPORT_ALL, 1),
		.batch = rows(m, REPORT_BATCH, plan->batches),
		.agent = rows(m, REPORT_AGENT, plan->agents),
		.provider = rows(m, REPORT_PROVIDER, plan->providers),
		.day = rows(m, REPORT_DAY, plan->days),
		.info = array(m, plan->batches, sizeof(struct report_batch)),
	};
	m->report.batches = g.info;
	names_of_groups(m, &g);
	batches(m, &g);
	g.all->batches = plan->batches;
	contradictions(m);
	expected(m);
	if (plan->batches > 1) {
		m->report.bundles = 2;
		m->report.set_aside = 3;
		m->report.gap_from = START;
		m->report.gap_to = START + 22271;
		m->report.gap_batch = g.batch[0].key;
	}
	if (plan->names != NULL) {
		m->report.filters = name(m, "", 0, "");
		m->report.filtered = 12345;
		m->report.zone = name(m, "", 0, "");
	}
	return &m->report;
}

void reports_free(struct report *r)
{
	struct made *m = (struct made *)r;

	while (m->blocks > 0)
		free(m->block[--m->blocks]);
	free(m);
}
