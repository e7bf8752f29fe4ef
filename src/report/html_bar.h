/*
 * html_bar.h: outcomes as areas: what is stacked, in which order, and the key to it.
 * An area is never the only place where a number stands.
 */
#ifndef REPORT_HTML_BAR_H
#define REPORT_HTML_BAR_H

#include "base/buf.h"
#include "report/report.h"

/* What is told apart in bars: in their order. The letters are classes of report.css. */
enum html_area {
	AREA_COMPLETED,
	AREA_FAILED,
	AREA_VOICEMAIL,
	AREA_CANCELLED,
	AREA_OPEN,
	AREA_UNKNOWN,
	AREAS
};

const char *html_area_name(enum html_area a);
char html_area_class(enum html_area a);
uint64_t html_area_of(const struct report_row *row, enum html_area a);

/* A square of the area's colour and pattern, to stand before its name. */
void html_bar_mark(struct buf *out, char class);
/* The row's areas side by side, as wide as there is room; for people who see, because the numbers
 * stand beside it. */
void html_bar(struct buf *out, const struct report_row *row);
/* One bar of one colour. */
void html_bar_plain(struct buf *out, uint64_t n, uint64_t of);
/* The key: the areas that occur in the report. */
void html_bar_key(struct buf *out, const struct report *r);
/* The patterns that the classes refer to; once in a page. */
void html_bar_patterns(struct buf *out);

#endif
