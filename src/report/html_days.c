/*
 * html_days.c: outcomes over time: columns by the day of a recipient's last update, and the same as
 * a table. Days become weeks, months or years so that there are never more than COLUMNS of them.
 * The axis is time: a day without recipients has its place. A time that no call can have had is
 * counted beside, because it would press all others together.
 */
#include <stdlib.h>

#include "base/text.h"
#include "report/html_bar.h"
#include "report/html_part.h"
#include "report/html_sections.h"
#include "report/html_text.h"

#define COLUMNS 120
#define DAY 86400
#define DAY_LENGTH 10 /* 2026-05-04 */
/* As the rule time-unit has it: before 2020, and from 1e11 seconds on, which are milliseconds. */
#define DAY_FIRST 18262
#define DAY_LAST (INT64_C(100000000000) / DAY - 1)

enum unit { UNIT_DAY, UNIT_WEEK, UNIT_MONTH, UNIT_YEAR, UNIT_CENTURY, UNITS };

static const char *const unit_names[UNITS][2] = {
	{"day", "days"},   {"week", "weeks"},        {"month", "months"},
	{"year", "years"}, {"century", "centuries"},
};

struct column {
	uint64_t sum, by_area[AREAS];
};

struct chart {
	enum unit unit;
	struct column column[COLUMNS];
	size_t count;
	int64_t from;     /* number of the first column */
	uint64_t most;    /* of one column */
	uint64_t undated; /* recipients that have no column */
};

/* The day that a row is of, in days from 1970. False: none that a call can have had. */
static bool day_of(const struct report_row *row, int64_t *day)
{
	char text[DAY_LENGTH + 1] = "";
	int64_t first, last;

	if (row->key.len != DAY_LENGTH || row->key.data[4] != '-')
		return false;
	memcpy(text, row->key.data, DAY_LENGTH);
	if (text_parse_time(text, &first, &last) != 0 || first % DAY != 0)
		return false;
	*day = first / DAY;
	return *day >= DAY_FIRST && *day <= DAY_LAST;
}

/* Days, weeks ... are counted from some time on: each has the number after the one before it. */
static int64_t number_of(const struct report_row *row, int64_t day, enum unit unit)
{
	const char *d = row->key.data;
	int64_t year = (d[0] - '0') * 1000 + (d[1] - '0') * 100 + (d[2] - '0') * 10 + (d[3] - '0');

	switch (unit) {
	case UNIT_DAY:
		return day;
	case UNIT_WEEK:
		return (day + 3) / 7; /* 1970 began on a Thursday */
	case UNIT_MONTH:
		return year * 12 + (d[5] - '0') * 10 + (d[6] - '0') - 1;
	case UNIT_YEAR:
		return year;
	default:
		return year / 100;
	}
}

/* The finest unit in which all days have room. False: there is no day at all. */
static bool choose_unit(const struct report *r, struct chart *c)
{
	int64_t day, from = 0, to = 0;
	bool any = false;

	for (int unit = 0; unit < UNITS; unit++) {
		any = false;
		for (size_t i = 0; i < r->row_count[REPORT_DAY]; i++) {
			const struct report_row *row = &r->rows[REPORT_DAY][i];
			if (!day_of(row, &day))
				continue;
			int64_t n = number_of(row, day, unit);
			from = !any || n < from ? n : from;
			to = !any || n > to ? n : to;
			any = true;
		}
		if (to - from < COLUMNS) {
			c->unit = unit;
			c->from = from;
			c->count = any ? (size_t)(to - from + 1) : 0;
			break;
		}
	}
	return any;
}

static void fill(const struct report *r, struct chart *c)
{
	for (size_t i = 0; i < r->row_count[REPORT_DAY]; i++) {
		const struct report_row *row = &r->rows[REPORT_DAY][i];
		int64_t day;
		if (!day_of(row, &day)) {
			c->undated += row->recipients;
			continue;
		}
		struct column *to = &c->column[number_of(row, day, c->unit) - c->from];
		for (int a = 0; a < AREAS; a++) {
			to->by_area[a] += html_area_of(row, a);
			to->sum += html_area_of(row, a);
		}
		c->most = to->sum > c->most ? to->sum : c->most;
	}
}

/* A round number that is not less than n, and even. */
static uint64_t round_up(uint64_t n)
{
	static const unsigned steps[] = {10, 12, 16, 20, 24, 30, 40, 50, 60, 80, 100};
	uint64_t unit = 1;

	if (n > UINT64_MAX / 1000)
		return n;
	if (n <= 10)
		return n + n % 2;
	while (unit * 100 < n)
		unit *= 10;
	for (size_t i = 0;; i++) {
		if (steps[i] * unit >= n) /* at the latest the last one */
			return steps[i] * unit;
	}
}

/* What a column is called, from its number: 2026-05-04, 2026-05, 2026. */
static void column_name(const struct chart *c, size_t i, struct buf *out)
{
	int64_t n = c->from + (int64_t)i;

	switch (c->unit) {
	case UNIT_DAY:
		html_day(out, n * DAY);
		break;
	case UNIT_WEEK:
		html_day(out, (n * 7 - 3) * DAY);
		break;
	case UNIT_MONTH:
		buf_printf(out, "%04d-%02d", (int)(n / 12), (int)(n % 12) + 1);
		break;
	case UNIT_YEAR:
		buf_printf(out, "%04d", (int)n);
		break;
	default:
		buf_printf(out, "%02d00 to %02d99", (int)n, (int)n);
	}
}

/* One area of all columns, bottom up. */
static void area(const struct chart *c, enum html_area a, uint64_t top, struct buf *out)
{
	bool any = false;
	/* In tenths of a percent of the width: a column, the place it has, and what is left. */
	uint64_t place = 100000 / c->count, wide = place * 4 / 5;

	wide = wide > 6000 ? 6000 : wide;
	for (size_t i = 0; i < c->count; i++) {
		const struct column *col = &c->column[i];
		uint64_t below = 0;
		if (col->by_area[a] == 0)
			continue;
		if (!any)
			buf_printf(out, "<g class=%c>", html_area_class(a));
		any = true;
		for (int b = 0; b < (int)a; b++)
			below += col->by_area[b];
		buf_string(out, "<rect x=\"");
		html_percent(out, i * place + (place - wide) / 2, 100000);
		buf_string(out, "%\" y=\"");
		html_percent(out, top - below - col->by_area[a], top);
		buf_string(out, "%\" width=\"");
		html_percent(out, wide, 100000);
		buf_string(out, "%\" height=\"");
		html_percent(out, col->by_area[a], top);
		buf_string(out, "%\"></rect>");
	}
	if (any)
		buf_string(out, "</g>");
}

static void scale(uint64_t top, struct buf *out)
{
	buf_string(out, "<div class=y aria-hidden=true><span>");
	text_count(out, top);
	buf_string(out, "</span><span>");
	text_count(out, top / 2);
	buf_string(out, "</span><span>0</span></div>\n");
}

/* The first, the middle and the last column's names; all when there are up to three. */
static void axis(const struct chart *c, struct buf *out)
{
	size_t step = c->count <= 3 ? 1 : (c->count - 1) / 2;
	bool odd = c->count <= 3 || c->count % 2 == 1; /* else no column is in the middle */

	buf_printf(out, "<div class=\"x%s\" aria-hidden=true>", c->count <= 3 ? " few" : "");
	for (size_t i = 0; i < c->count; i += odd ? step : c->count - 1) {
		buf_string(out, "<span>");
		column_name(c, i, out);
		buf_string(out, "</span>");
	}
	buf_string(out, "</div>\n");
}

static void figure(const struct report *r, const struct chart *c, struct buf *out)
{
	uint64_t top = round_up(c->most);

	buf_string(out, "<figure>\n");
	html_bar_key(out, r);
	buf_string(out, "<div class=chart>\n");
	scale(top, out);
	buf_string(out, "<svg class=cols role=img aria-label=\"Stacked columns: recipients by ");
	buf_string(out, unit_names[c->unit][0]);
	buf_string(out, " and outcome, ");
	html_number_of(out, c->count, unit_names[c->unit][0], unit_names[c->unit][1]);
	buf_string(out, " from ");
	column_name(c, 0, out);
	buf_string(out, " to ");
	column_name(c, c->count - 1, out);
	buf_string(out, "; at most ");
	text_count(out, c->most);
	buf_string(out, " in one. The table below has the numbers.\">");
	buf_string(out, "<g class=grid><line x2=\"100%\" y1=\"0\" y2=\"0\"></line>"
			"<line x2=\"100%\" y1=\"50%\" y2=\"50%\"></line></g>");
	for (int a = 0; a < AREAS; a++)
		area(c, a, top, out);
	buf_string(out, "<g class=base><line x2=\"100%\" y1=\"100%\" y2=\"100%\"></line></g>"
			"</svg>\n");
	axis(c, out);
	buf_string(out, "</div>\n</figure>\n");
}

static void table(const struct chart *c, struct buf *out)
{
	buf_string(out, "<details><summary>The same as a table</summary>\n");
	html_table(out, "days");
	buf_printf(out, "Recipients by %s of their last update; those without any are left out",
		   unit_names[c->unit][0]);
	html_table_heads(out);
	html_head_text(out, c->unit == UNIT_WEEK ? "Week from" : "Time");
	html_head(out, "Recipients");
	for (int a = 0; a < AREAS; a++)
		html_head(out, html_area_name(a));
	html_table_rows(out);
	for (size_t i = 0; i < c->count; i++) {
		const struct column *col = &c->column[i];
		if (col->sum == 0)
			continue;
		buf_string(out, "<tr><th scope=row>");
		column_name(c, i, out);
		buf_string(out, "</th>");
		html_cell(out, col->sum);
		for (int a = 0; a < AREAS; a++)
			html_cell(out, col->by_area[a]);
		buf_string(out, "</tr>\n");
	}
	html_table_end(out);
	buf_string(out, "</details>\n");
}

static void introduction(const struct report *r, const struct chart *c, struct buf *out)
{
	buf_printf(out, "<p class=note>Recipients by the %s of their last update, in ",
		   unit_names[c->unit][0]);
	html_text_or(out, r->zone, HTML_NAME, "UTC");
	if (c->unit == UNIT_WEEK)
		buf_string(out, "; weeks begin on Monday");
	buf_string(out, ". It is the last change that was captured, not when a call began.");
	if (c->undated > 0) {
		buf_byte(out, ' ');
		html_number_of(out, c->undated, "recipient has", "recipients have");
		buf_string(out, " no such time, one before 2020 or one that is no time in "
				"seconds, and no place here.");
	}
	buf_string(out, "</p>\n");
}

bool html_days_any(const struct report *r)
{
	return r->row_count[REPORT_DAY] > 0;
}

void html_days(const struct report *r, struct buf *out)
{
	struct chart *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		out->failed = true;
		return;
	}
	bool any = choose_unit(r, c);
	fill(r, c);
	html_section(out, "time", "Over time");
	introduction(r, c, out);
	if (any && c->most > 0) {
		figure(r, c, out);
		table(c, out);
	}
	html_section_end(out);
	free(c);
}
