/*
 * test_report_html.c: tests of report/report_html.c and of what it is put together from.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "report/html_text.h"
#include "report/report_html.h"
#include "reports.h"

Suite *report_html_suite(void);

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static struct buf out;
static struct report *report;

static void setup(void)
{
	out = (struct buf)BUF_INIT;
	report = NULL;
}

static void teardown(void)
{
	buf_free(&out);
	if (report != NULL)
		reports_free(report);
}

static void expect(const char *want)
{
	buf_byte(&out, '\0');
	ck_assert(!out.failed);
	ck_assert_str_eq(out.data, want);
	buf_clear(&out);
}

/* The page of a made-up report, with a NUL behind it. */
static void make_of(const struct reports_plan *plan)
{
	ck_assert_ptr_nonnull(plan);
	report = reports_make(plan);
	ck_assert_int_eq(report_html(report, &out), 0);
	buf_byte(&out, '\0');
	ck_assert(!out.failed);
}

static void make(const char *name)
{
	make_of(reports_plan(name));
}

/* The place behind the next `text` from `from` on; ends the test if there is none. */
static const char *after(const char *from, const char *text)
{
	const char *at = strstr(from, text);

	ck_assert_msg(at != NULL, "not found: %s", text);
	return at + strlen(text);
}

/* --- texts and numbers --- */

START_TEST(texts)
{
	static const char *const cases[][2] = {
		{"", "<bdi></bdi>"},
		{"May renewals", "<bdi>May renewals</bdi>"},
		{"<b>&\"'", "<bdi>&lt;b&gt;&amp;&quot;&#39;</bdi>"},
		{"&lt;", "<bdi>&amp;lt;</bdi>"},
		{"a\nb", "<bdi>a<i class=u>U+000A</i>b</bdi>"},
		{"\xE2\x80\xAE"
		 "a",
		 "<bdi><i class=u>U+202E</i>a</bdi>"},
		{"\xF3\xA0\x81\x81", "<bdi><i class=u>U+E0041</i></bdi>"},
		{"\xC3(", "<bdi><i class=u>byte C3</i>(</bdi>"},
		{"e\xCC\x81", "<bdi>e\xCC\x81</bdi>"},
		{"\xCC\x81"
		 "e",
		 "<bdi><i class=u>U+0301</i>e</bdi>"},
		{"\n\xCC\x81", "<bdi><i class=u>U+000A</i><i class=u>U+0301</i></bdi>"},
		{"e\xCC\x81\xCC\x81\xCC\x81\xCC\x81", "<bdi>e\xCC\x81\xCC\x81\xCC\x81"
						      "<i class=u>U+0301</i></bdi>"},
		{"\xE9\x9B\xBB\xF0\x9F\x93\x9E", "<bdi>\xE9\x9B\xBB\xF0\x9F\x93\x9E</bdi>"},
	};

	for (int i = 0; i < COUNT(cases); i++) {
		html_text(&out, slice_string(cases[i][0]), 20);
		expect(cases[i][1]);
	}
	html_text_or(&out, SLICE(""), 20, "no name");
	expect("<i class=n>no name</i>");
}
END_TEST

START_TEST(texts_are_cut)
{
	html_text(&out, SLICE("12345"), 5);
	expect("<bdi>12345</bdi>");
	html_text(&out, SLICE("123456"), 5);
	expect("<bdi>1234…</bdi> <i class=n>(6 characters)</i>");
	/* A code has six columns; a character of three bytes one. */
	html_text(&out, SLICE("\n\n"), 12);
	expect("<bdi><i class=u>U+000A</i><i class=u>U+000A</i></bdi>");
	html_text(&out, SLICE("\n\n"), 11);
	expect("<bdi><i class=u>U+000A</i>…</bdi> <i class=n>(2 characters)</i>");
	html_text(&out, SLICE("\xE9\x9B\xBB\xE9\x9B\xBB\xE9\x9B\xBB"), 2);
	expect("<bdi>\xE9\x9B\xBB…</bdi> <i class=n>(3 characters)</i>");
	html_text(&out, SLICE("\xFF"), 1);
	expect("<bdi>…</bdi> <i class=n>(1 character)</i>");
}
END_TEST

static unsigned encode(char *s, uint32_t c)
{
	unsigned n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};

	for (unsigned i = n; i-- > 1; c >>= 6)
		s[i] = (char)(0x80 | (c & 0x3F));
	s[0] = (char)(lead[n] | c);
	return n;
}

/* Named by Unicode as controls, formats, separators of lines, or without any form. */
static bool must_be_coded(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || c == 0x180E ||
	       (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
	       c == 0x3164 || c == 0xFFA0 || c == 0x115F || c == 0x1160 || (c & 0xFFFE) == 0xFFFE ||
	       (c >= 0xE0000 && c <= 0xE007F);
}

START_TEST(every_character)
{
	static const char markup[] = "<>&\"'";

	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		char s[4];
		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		unsigned n = encode(s, c);
		buf_clear(&out);
		html_text(&out, slice_of(s, n), 20);
		buf_byte(&out, '\0');
		const char *shown = out.data + strlen("<bdi>");
		bool raw = memcmp(shown, s, n) == 0 && shown[n] == '<';
		bool special = c != 0 && c < 0x80 && strchr(markup, (int)c) != NULL;
		if (raw && (must_be_coded(c) || special))
			ck_abort_msg("U+%04X", (unsigned)c);
		if (c >= 0x20 && c < 0x7F && !special && !raw)
			ck_abort_msg("U+%04X is not shown", (unsigned)c);
	}
}
END_TEST

START_TEST(shares)
{
	static const struct {
		uint64_t n, of;
		const char *share, *percent;
	} cases[] = {
		{0, 0, "–", "0"},
		{0, 7, "0.0%", "0"},
		{7, 7, "100.0%", "100"},
		{1, 3, "33.3%", "33.33"},
		{1, 10000, "&lt;0.1%", "0.01"},
		{9999, 10000, "&gt;99.9%", "99.99"},
		{1, 1000, "0.1%", "0.1"},
		{1, 2, "50.0%", "50"},
		{UINT64_MAX, UINT64_MAX, "100.0%", "100"},
		{1, UINT64_MAX, "&lt;0.1%", "0"},
	};

	for (int i = 0; i < COUNT(cases); i++) {
		html_share(&out, cases[i].n, cases[i].of);
		expect(cases[i].share);
		html_percent(&out, cases[i].n, cases[i].of);
		expect(cases[i].percent);
	}
}
END_TEST

START_TEST(spans)
{
	static const struct {
		int64_t seconds;
		const char *want;
	} cases[] = {
		{0, "0 s"},          {59, "59 s"},
		{60, "1 min"},       {61, "1 min 1 s"},
		{3600, "1 h"},       {3659, "1 h"},
		{7500, "2 h 5 min"}, {86400, "1 d"},
		{604800, "7 d"},     {90000, "1 d 1 h"},
		{-61, "−1 min 1 s"}, {INT64_MIN, "−106,751,991,167,300 d 15 h"},
	};

	for (int i = 0; i < COUNT(cases); i++) {
		html_span(&out, cases[i].seconds);
		expect(cases[i].want);
	}
	html_when(&out, 1777911730);
	expect("2026-05-04 16:22");
	html_day(&out, 1777911730);
	expect("2026-05-04");
	html_when(&out, REPORT_NO_TIME);
	expect("unknown");
	html_when(&out, INT64_C(1777911730000));
	expect("1777911730000");
	html_number_of(&out, 1, "batch", "batches");
	expect("1 batch");
	html_number_of(&out, 1000, "batch", "batches");
	expect("1,000 batches");
}
END_TEST

/* --- the page --- */

/* What a page may consist of: anything else came from data. */
static const char elements[] = " a b bdi body caption code dd defs details div dl dt figure "
			       "footer g h1 h2 h3 head header html i li line linearGradient "
			       "link main meta nav p rect section small span stop strong style "
			       "summary svg table tbody td th thead title tr ul ";
static const char attributes[] =
	" aria-hidden aria-label aria-labelledby charset class content "
	"gradientUnits height href http-equiv id lang name offset rel role "
	"scope spreadMethod tabindex width x x1 x2 y y1 y2 ";

static bool listed(const char *list, const char *word, size_t len)
{
	char padded[40];

	if (len == 0 || len > 30)
		return false;
	padded[0] = ' ';
	memcpy(padded + 1, word, len);
	padded[len + 1] = ' ';
	padded[len + 2] = '\0';
	return strstr(list, padded) != NULL;
}

/* Reads one attribute; returns the place behind it. */
static const char *attribute(const char *s)
{
	size_t name = strcspn(s, "= >");
	const char *value = s + name + 1;
	size_t len;

	ck_assert_msg(listed(attributes, s, name), "attribute %.40s", s);
	ck_assert_msg(s[name] == '=', "no value: %.40s", s);
	bool quoted = *value == '"';
	value += quoted;
	len = strcspn(value, quoted ? "\"" : " >\"'<=");
	ck_assert_msg(len > 0 || quoted, "no value: %.40s", s);
	ck_assert_msg(memchr(value, '<', len) == NULL, "attribute %.40s", s);
	if (name == 4 && memcmp(s, "href", 4) == 0)
		ck_assert_msg(*value == '#' || memcmp(value, "data:,\"", 7) == 0, "%.40s", s);
	value += len + quoted;
	ck_assert_msg(*value == ' ' || *value == '>', "after an attribute: %.40s", s);
	return value;
}

/* Every element is closed in its turn, and is one of ours. Returns how many there are. */
static size_t check_tags(const char *page)
{
	struct slice open[64];
	size_t depth = 0, count = 0;
	const char *s = after(page, "<!DOCTYPE html>");

	while ((s = strchr(s, '<')) != NULL) {
		bool closes = *++s == '/';
		s += closes;
		struct slice name = slice_of(s, strcspn(s, " >"));
		ck_assert_msg(listed(elements, s, name.len), "element %.40s", s);
		s += name.len;
		if (closes) {
			ck_assert_msg(depth > 0 && slice_equal(open[--depth], name),
				      "closed: %.40s", name.data);
			ck_assert(*s == '>');
			continue;
		}
		count++;
		while (*s == ' ')
			s = attribute(s + 1);
		ck_assert_msg(*s == '>', "%.40s", s);
		if (slice_equal(name, SLICE("meta")) || slice_equal(name, SLICE("link")))
			continue;
		ck_assert_uint_lt(depth, 64);
		open[depth++] = name;
		if (slice_equal(name, SLICE("style")))
			s = strstr(s, "</style>");
	}
	ck_assert_uint_eq(depth, 0);
	return count;
}

/* No control but line feeds, no mark of direction, no broken UTF-8. */
static void check_characters(void)
{
	for (size_t at = 0; at + 1 < out.len;) {
		unsigned n = utf8_length(out.data + at, out.len - at);
		ck_assert_msg(n != 0, "not UTF-8 at %zu", at);
		uint32_t c = utf8_decode(out.data + at, n);
		if (c != '\n' && must_be_coded(c))
			ck_abort_msg("U+%04X at %zu", (unsigned)c, at);
		at += n;
	}
}

/* Ids are there once, and what refers to one finds it. */
static void check_ids(const char *page)
{
	char wanted[80];

	for (const char *s = page; (s = strstr(s, " id=")) != NULL; s += 4) {
		int len = 1 + (int)strcspn(s + 1, " >");
		snprintf(wanted, sizeof(wanted), "%.*s", len, s);
		for (const char *t = s + 4; (t = strstr(t, wanted)) != NULL; t++)
			ck_assert_msg(t[len] != ' ' && t[len] != '>', "twice:%s", wanted);
	}
	for (const char *s = page; (s = strstr(s, "href=#")) != NULL; s += 6) {
		snprintf(wanted, sizeof(wanted), " id=%.*s", (int)strcspn(s + 6, " >"), s + 6);
		after(page, wanted);
	}
}

static const char *const names[] = {"ordinary", "empty", "one", "hundred", "hostile", "worst"};

START_TEST(pages_are_sound)
{
	make(names[_i]);
	ck_assert_uint_lt(out.len, REPORT_HTML_MOST);
	ck_assert_uint_eq(strlen(out.data), out.len - 1);
	ck_assert_uint_gt(check_tags(out.data), 50);
	check_characters();
	check_ids(out.data);
	ck_assert_ptr_null(strcasestr(out.data, "<script"));
	ck_assert_ptr_null(strcasestr(out.data, "http:"));
	ck_assert_ptr_null(strstr(out.data, " style="));
}
END_TEST

START_TEST(pages_are_the_same_each_time)
{
	struct buf again = BUF_INIT;

	make(names[_i]);
	ck_assert_int_eq(report_html(report, &again), 0);
	ck_assert_uint_eq(again.len, out.len - 1);
	ck_assert_mem_eq(again.data, out.data, again.len);
	buf_free(&again);
}
END_TEST

/* The number of a cell, from `at` on. */
static const char *cell(const char *at, uint64_t n)
{
	struct buf want = BUF_INIT;

	buf_byte(&want, '>');
	text_count(&want, n);
	buf_byte(&want, '\0');
	at = after(at, want.data);
	ck_assert_msg(*at == '<' || *at == '&', "%s goes on: %.10s", want.data, at);
	buf_free(&want);
	return at;
}

/* Every number of a row, in their order, within the row. */
static void check_row(const char *section, struct slice key, const struct report_row *row,
		      uint64_t last)
{
	char id[100];

	snprintf(id, sizeof(id), ">%.*s</bdi>", (int)key.len, key.data);
	const char *at = after(section, id), *end = strstr(at, "</tr>");
	at = cell(at, row->recipients);
	at = cell(at, row->by_status[REPORT_COMPLETED]);
	at = cell(at, row->by_status[REPORT_FAILED]);
	at = cell(at, row->by_status[REPORT_VOICEMAIL]);
	at = cell(at, row->by_status[REPORT_CANCELLED]);
	at = cell(at, row->open);
	for (size_t i = REPORT_PUBLISHED; i < report->status_count; i++)
		at = cell(at, row->by_status[i]);
	at = cell(at, last);
	ck_assert_msg(end != NULL && at < end, "not in one row: %s", id);
}

static void check_group(enum report_group group, const char *id)
{
	char section[40];

	snprintf(section, sizeof(section), "<section id=%s ", id);
	for (size_t i = 0; i < report->row_count[group]; i++) {
		const struct report_row *row = &report->rows[group][i];
		check_row(after(out.data, section), row->key, row,
			  group == REPORT_BATCH ? report->batches[i].captures : row->batches);
	}
}

/* 100 batches have a row each, with all numbers. */
START_TEST(all_numbers_are_there)
{
	make("hundred");
	check_group(REPORT_BATCH, "batches");
	check_group(REPORT_AGENT, "agents");
	check_group(REPORT_PROVIDER, "providers");
	ck_assert_ptr_null(strstr(out.data, "more batch"));

	const char *at = after(out.data, "id=statuses-c");
	for (size_t i = 0; i < report->status_count; i++)
		at = cell(at, report->rows[REPORT_ALL]->by_status[i]);
	at = after(out.data, "id=days-c");
	for (size_t i = 0; i < report->row_count[REPORT_DAY]; i++) {
		const struct report_row *row = &report->rows[REPORT_DAY][i];
		if (row->recipients == 0)
			continue;
		at = cell(at, row->recipients);
		at = cell(at, row->by_status[REPORT_COMPLETED]);
		at = cell(cell(at, row->open), row->unknown);
	}
	at = after(out.data, "id=times-c");
	for (int i = 0; i < REPORT_BUCKETS; i++)
		at = cell(at, report->rows[REPORT_ALL]->times.bucket[i]);
}
END_TEST

START_TEST(headline)
{
	make("ordinary");
	const struct report_row *all = report->rows[REPORT_ALL];
	const char *at = after(out.data, "<p class=hero>");

	at = cell(at, all->by_status[REPORT_COMPLETED]);
	at = after(at, " of 12,000 recipients completed ");
	after(at, "It does not prove that a person answered.");
	after(out.data, "<title>callroll audit: 12 batches, 12,000 recipients, 2026-05-0");
	after(out.data, "6 h 11 min <small>2026-05-01 00:00 to 2026-05-01 06:11, batch "
			"<bdi>btcal_67x1nmnc00</bdi>");
	ck_assert_ptr_null(strcasestr(strstr(out.data, "<body>"), "contact rate:"));
}
END_TEST

START_TEST(attention)
{
	uint64_t batches = 0, open = 0;
	char want[100];

	make("ordinary");
	for (size_t i = 0; i < report->row_count[REPORT_BATCH]; i++) {
		uint64_t n = report->rows[REPORT_BATCH][i].open;
		batches += report->batches[i].ended && n > 0;
		open += report->batches[i].ended ? n : 0;
	}
	ck_assert_uint_gt(batches, 1);
	const char *at = after(out.data, "<section id=attention");
	snprintf(want, sizeof(want), "<strong>%u</strong><div><b>batches ended with open",
		 (unsigned)batches);
	at = after(at, want);
	snprintf(want, sizeof(want), "<p>%u recipients were left open", (unsigned)open);
	at = after(at, want);
	at = after(at, "<strong>9</strong><div><b>contradictions<");
	at = after(at, "<strong>4</strong><div><b>expected batches are missing<");
	at = after(at, "<strong>2</strong><div><b>batches were not expected<");
	at = after(at, "<strong>3</strong><div><b>inputs could not be read");
	ck_assert_ptr_null(strstr(out.data, "left out by filters"));
}
END_TEST

/* What was looked for is told, but not what nobody asked for. */
START_TEST(nothing_found)
{
	make("empty");
	const char *at = after(out.data, "Looked for and not found: batches that ended with open "
					 "recipients; contradictions; unknown statuses; inputs");
	ck_assert_ptr_null(strstr(at, "missing"));
	after(out.data, "<p>No contradiction was found.</p>");
	after(out.data, "Of no recipient the times say it.");
	ck_assert_ptr_null(strstr(out.data, "id=expected"));
	ck_assert_ptr_null(strstr(out.data, "id=batches"));
	ck_assert_ptr_null(strstr(out.data, "<ul class=points>"));
}
END_TEST

/* A single agent or provider that is everybody's, and filters, and one day. */
START_TEST(one_batch)
{
	make("one");
	after(out.data, "<title>callroll audit: 1 batch, 40 recipients, 2026-05-03</title>");
	after(out.data, "none <small>no batch was captured twice");
	ck_assert_ptr_null(strstr(out.data, "id=providers"));
	buf_clear(&out);
	report->filters = SLICE("--agent a --since <today>");
	report->filtered = 7;
	ck_assert_int_eq(report_html(report, &out), 0);
	buf_byte(&out, '\0');
	const char *at =
		after(out.data, "Only a part: <code><bdi>--agent a --since &lt;today&gt;<");
	after(at, "<strong>7</strong><div><b>recipients were left out by filters");
}
END_TEST

START_TEST(contradictions_have_their_place)
{
	make("ordinary");
	report->contradiction_total = 1000;
	report->counted_archived = 900;
	report->counted_here = 90;
	buf_clear(&out);
	ck_assert_int_eq(report_html(report, &out), 0);
	buf_byte(&out, '\0');
	const char *at = after(out.data, "; the first 9 of 1,000; 900 more are only counted: "
					 "<code>archive --max-findings</code> decides");
	at = after(at, "; 90 more are only counted: a larger <code>--max-findings</code>");
	at = after(at, "; 1 more is only counted: of one capture");
	for (size_t i = 0; i < report->contradiction_count; i++) {
		const struct report_contradiction *c = &report->contradictions[i];
		char want[200];
		at = after(at, c->batch.data);
		at = after(at, c->message.data);
		at = after(at, c->pointer.data);
		snprintf(want, sizeof(want), "%.*s</bdi>:%u:%u<", (int)c->source.len,
			 c->source.data, (unsigned)c->line, (unsigned)c->column);
		at = after(at, want);
		snprintf(want, sizeof(want), "<bdi>2026-05.tar.zst</bdi>#%u<",
			 (unsigned)c->response);
		at = after(at, want);
	}
}
END_TEST

/* Reads 1,234 after `text`. */
static uint64_t number_after(const char **at, const char *text)
{
	uint64_t n = 0;

	*at = after(*at, text);
	for (; (**at >= '0' && **at <= '9') || **at == ','; (*at)++)
		n = **at == ',' ? n : n * 10 + (uint64_t)(**at - '0');
	return n;
}

/* The rows that are shown and the one of the rest add up to all. */
START_TEST(long_lists_end)
{
	make("worst");
	const char *at = after(out.data, "<section id=batches ");
	uint64_t shown = number_after(&at, "; the first "), sum = 0, rest;

	ck_assert_uint_gt(shown, 10);
	for (uint64_t i = 0; i < shown; i++) {
		at = after(at, "</svg></td>");
		sum += number_after(&at, "<td>");
	}
	rest = number_after(&at, "<tr class=rest><th scope=row>");
	ck_assert_uint_eq(shown + rest, 5000);
	after(at, " more batches<small>callroll audit --format csv has all</small>");
	at = after(at, "</svg></td>");
	sum += number_after(&at, "<td>");
	ck_assert_uint_eq(sum, report->rows[REPORT_ALL]->recipients);

	at = after(out.data, "Where they stand; the first ");
	after(at, " of 5,000: <code>callroll audit --format json</code> has all");
	after(out.data, " more unknown statuses");
	after(out.data, " more agents<");
	after(after(out.data, "id=expected"), " more: <code>callroll audit --format json</code>");
}
END_TEST

/* --- days --- */

static void make_days(size_t days)
{
	struct reports_plan plan = *reports_plan("ordinary");

	plan.days = days;
	make_of(&plan);
}

START_TEST(days_become_coarser)
{
	static const struct {
		size_t days;
		const char *label;
	} cases[] = {
		{1, "recipients by day and outcome, 1 day from 2026-05-01 to 2026-05-01;"},
		{120, "recipients by day and outcome, 120 days from 2026-05-0"},
		{121, "recipients by week and outcome, 18 weeks from 2026-04-27 to 2026-08-24;"},
		{900, "recipients by month and outcome, 30 months from 2026-05 to 2028-10;"},
		{4000, "recipients by year and outcome, 12 years from 2026 to 2037;"},
	};
	const char *want = cases[_i].label;

	make_days(cases[_i].days);
	/* The first and the last day have recipients. */
	for (size_t i = 0; i<cases[_i].days; i += cases[_i].days> 1 ? cases[_i].days - 1 : 1) {
		struct report_row *row = (struct report_row *)&report->rows[REPORT_DAY][i];
		((uint64_t *)row->by_status)[0] += 5;
		row->recipients += 5;
	}
	buf_clear(&out);
	ck_assert_int_eq(report_html(report, &out), 0);
	buf_byte(&out, '\0');
	after(out.data, want);
	check_tags(out.data);
}
END_TEST

/* The first of May is a Friday: the first week has three days of it, the second seven. */
START_TEST(weeks_begin_on_monday)
{
	uint64_t first = 0, second = 0;

	make_days(121);
	for (size_t i = 0; i < 10; i++)
		*(i < 3 ? &first : &second) += report->rows[REPORT_DAY][i].recipients;
	const char *at = after(out.data, ">Week from<");
	at = cell(after(at, ">2026-04-27<"), first);
	cell(after(at, ">2026-05-04<"), second);
}
END_TEST

START_TEST(days_that_are_none)
{
	static const char *const keys[] = {"",           "1970-01-01", "2019-12-31", "9999-12-31",
					   "1777911730", "2026-02-30", "2026/05/01"};

	for (int i = 0; i < COUNT(keys); i++) {
		make_days(1);
		struct report_row *row = (struct report_row *)report->rows[REPORT_DAY];
		row->key = slice_string(keys[i]);
		buf_clear(&out);
		ck_assert_int_eq(report_html(report, &out), 0);
		buf_byte(&out, '\0');
		after(out.data, " 12,000 recipients have no such time");
		ck_assert_ptr_null(strstr(out.data, "<svg class=cols"));
		reports_free(report);
		report = NULL;
	}
}
END_TEST

START_TEST(no_memory)
{
	report = reports_make(reports_plan("ordinary"));
	out.failed = true;
	ck_assert_int_eq(report_html(report, &out), -1);
}
END_TEST

Suite *report_html_suite(void)
{
	Suite *s = suite_create("report_html");
	TCase *t = tcase_create("report_html");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, texts);
	tcase_add_test(t, texts_are_cut);
	tcase_add_test(t, every_character);
	tcase_add_test(t, shares);
	tcase_add_test(t, spans);
	tcase_add_loop_test(t, pages_are_sound, 0, COUNT(names));
	tcase_add_loop_test(t, pages_are_the_same_each_time, 0, COUNT(names));
	tcase_add_test(t, all_numbers_are_there);
	tcase_add_test(t, headline);
	tcase_add_test(t, attention);
	tcase_add_test(t, nothing_found);
	tcase_add_test(t, one_batch);
	tcase_add_test(t, contradictions_have_their_place);
	tcase_add_test(t, long_lists_end);
	tcase_add_loop_test(t, days_become_coarser, 0, 5);
	tcase_add_test(t, weeks_begin_on_monday);
	tcase_add_test(t, days_that_are_none);
	tcase_add_test(t, no_memory);
	suite_add_tcase(s, t);
	return s;
}
