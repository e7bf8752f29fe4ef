/*
 * html_bar.c: outcomes as areas of inline SVG.
 * Positions are percentages of what there is room for; colours and patterns are in report.css.
 * It must never be given text from data.
 */
#include "audit/html_bar.h"

#include "audit/html_text.h"

static const struct {
	const char *name;
	char class;
} areas[AREAS] = {
	[AREA_COMPLETED] = {"completed", 'c'}, [AREA_FAILED] = {"failed", 'f'},
	[AREA_VOICEMAIL] = {"voicemail", 'v'}, [AREA_CANCELLED] = {"cancelled", 'x'},
	[AREA_OPEN] = {"open", 'o'},           [AREA_UNKNOWN] = {"unknown status", 'k'},
};

const char *html_area_name(enum html_area a)
{
	return areas[a].name;
}

char html_area_class(enum html_area a)
{
	return areas[a].class;
}

uint64_t html_area_of(const struct report_row *row, enum html_area a)
{
	if (a == AREA_OPEN)
		return row->open;
	if (a == AREA_UNKNOWN)
		return row->unknown;
	return row->by_status[REPORT_COMPLETED + a]; /* the settled ones have the same order */
}

void html_bar_mark(struct buf *out, char class)
{
	buf_printf(out, "<svg class=mark aria-hidden=true><rect class=%c></rect></svg>", class);
}

void html_bar(struct buf *out, const struct report_row *row)
{
	uint64_t sum = 0, before = 0;

	for (int a = 0; a < AREAS; a++)
		sum += html_area_of(row, a);
	buf_string(out, "<svg class=bar aria-hidden=true>");
	for (int a = 0; a < AREAS; a++) {
		uint64_t n = html_area_of(row, a);
		if (n == 0)
			continue;
		buf_printf(out, "<rect class=%c x=\"", areas[a].class);
		html_percent(out, before, sum);
		buf_string(out, "%\" width=\"");
		html_percent(out, n, sum);
		buf_string(out, "%\"></rect>");
		before += n;
	}
	buf_string(out, "</svg>");
}

void html_bar_plain(struct buf *out, uint64_t n, uint64_t of)
{
	buf_string(out, "<svg class=bar aria-hidden=true><rect class=p width=\"");
	html_percent(out, n, of);
	buf_string(out, "%\"></rect></svg>");
}

void html_bar_key(struct buf *out, const struct report *r)
{
	buf_string(out, "<p class=key>");
	for (int a = 0; a < AREAS; a++) {
		if (html_area_of(r->rows[REPORT_ALL], a) == 0)
			continue;
		buf_string(out, "<span>");
		html_bar_mark(out, areas[a].class);
		buf_printf(out, "%s</span> ", areas[a].name);
	}
	buf_string(out, "</p>\n");
}

void html_bar_patterns(struct buf *out)
{
	static const struct {
		char class;
		const char *drawn;
	} patterns[] = {
		{'f', "<path d=\"M0 6L6 0M0 0l6 6\"></path>"},
		{'v', "<path d=\"M3 0v6\"></path>"},
		{'x', ""},
		{'o', "<path d=\"M-1 5l2 2M0 0l6 6M5-1l2 2\"></path>"},
		{'k', "<circle cx=3 cy=3 r=1.5></circle>"},
	};

	buf_string(out, "<svg class=patterns aria-hidden=true><defs>");
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		buf_printf(out,
			   "<pattern id=p-%c width=6 height=6 patternUnits=userSpaceOnUse>"
			   "<rect class=p%c width=6 height=6></rect><g class=q%c>%s</g></pattern>",
			   patterns[i].class, patterns[i].class, patterns[i].class,
			   patterns[i].drawn);
	buf_string(out, "</defs></svg>\n");
}
