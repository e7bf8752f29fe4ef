/*
 * html_bar.c: outcomes as areas of inline SVG.
 * Positions are percentages of what there is room for; colours and patterns are in report.css.
 * It must never be given text from data.
 */
#include "report/html_bar.h"

#include "report/html_text.h"

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

/* Stripes are gradients that repeat: patterns proper become pictures of megabytes when printed. */
void html_bar_patterns(struct buf *out)
{
	static const struct {
		char class;
		const char *along; /* one stripe and one space */
	} stripes[] = {
		{'f', "x1=0 y1=3 x2=3 y2=0"}, {'v', "x1=0 y1=0 x2=4 y2=0"},
		{'x', "x1=0 y1=0 x2=0 y2=2"}, {'o', "x1=0 y1=0 x2=3 y2=3"},
		{'k', "x1=0 y1=0 x2=0 y2=4"},
	};

	buf_string(out, "<svg class=patterns aria-hidden=true><defs>");
	for (size_t i = 0; i < sizeof(stripes) / sizeof(stripes[0]); i++) {
		char c = stripes[i].class;
		buf_printf(out,
			   "<linearGradient id=p-%c gradientUnits=userSpaceOnUse %s "
			   "spreadMethod=repeat><stop class=p%c></stop>"
			   "<stop offset=\"50%%\" class=p%c></stop>"
			   "<stop offset=\"50%%\" class=q%c></stop>"
			   "<stop offset=\"100%%\" class=q%c></stop></linearGradient>",
			   c, stripes[i].along, c, c, c, c);
	}
	buf_string(out, "</defs></svg>\n");
}
