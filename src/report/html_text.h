/*
 * html_text.h: texts, numbers and times as HTML.
 * Everything that comes from data goes through html_text; the rest here takes numbers only. The
 * result stands between tags, never in an attribute.
 */
#ifndef REPORT_HTML_TEXT_H
#define REPORT_HTML_TEXT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* Characters shown of a name, an id, a path; and of a message, which holds such. */
#define HTML_NAME 120
#define HTML_MESSAGE 300
/* Enough for all that is kept of an unknown status, which says itself that it was cut. */
#define HTML_STATUS 1100

/*
 * Appends s, isolated from the text around it in its direction (<bdi>). What would not be seen or
 * do something else than be shown (controls, marks of direction, characters without width, a
 * combining mark without a letter or the fourth on one, bytes that are not UTF-8) stands as its
 * code, U+202E. Of a text with more than `most` characters the beginning and how many there are.
 */
void html_text(struct buf *out, struct slice s, unsigned most);
/* The same; an empty one is told: no name. `what` is HTML of ours. */
void html_text_or(struct buf *out, struct slice s, unsigned most, const char *what);

/* 71.2%; "–" of nothing; never 0.0% or 100.0% unless it is none or all. */
void html_share(struct buf *out, uint64_t n, uint64_t of);
/* 71.24: a hundredth of `of` times that is n; for attributes. 0 of nothing. */
void html_percent(struct buf *out, uint64_t n, uint64_t of);
/* 2 h 5 min: the two largest units. */
void html_span(struct buf *out, int64_t seconds);
/* 2026-05-04 16:22, in UTC; "unknown" for REPORT_NO_TIME. */
void html_when(struct buf *out, int64_t t);
/* 2026-05-04. */
void html_day(struct buf *out, int64_t t);
/* 1 batch; 2 batches; 1,000 batches: "batch", "batches". */
void html_number_of(struct buf *out, uint64_t n, const char *one, const char *many);

#endif
