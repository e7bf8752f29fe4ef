/*
 * report_html.h: a report as one page that needs nothing else: no network, no script; read by
 * people, by screen readers and on paper.
 * Texts from data are shown harmlessly. The same report gives the same bytes. No report gives more
 * than REPORT_HTML_MOST bytes: long lists end, and say how to get all.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/buf.h"
#include "report/report.h"

#define REPORT_HTML_MOST 300000

/* Appends the page. 0, or -1: no memory. */
int report_html(const struct report *r, struct buf *out);

#endif
