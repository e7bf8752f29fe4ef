/*
 * html_sections.h: the sections of the page, each in a file of its own, in their order. A section
 * that has nothing to say appends nothing; whether it has is what the function ..._any tells.
 * Memory that lacks is kept in the buffer.
 */
#ifndef REPORT_HTML_SECTIONS_H
#define REPORT_HTML_SECTIONS_H

#include <stdbool.h>

#include "base/buf.h"
#include "report/report.h"

void html_headline(const struct report *r, struct buf *out);
/* What could not be read, before all figures; nothing if everything could. */
void html_trouble(const struct report *r, struct buf *out);
void html_attention(const struct report *r, struct buf *out);
/* Recipients by batch, agent or provider. */
bool html_outcomes_any(const struct report *r, enum report_group group);
void html_outcomes(const struct report *r, enum report_group group, struct buf *out);
bool html_days_any(const struct report *r);
void html_days(const struct report *r, struct buf *out);
void html_times(const struct report *r, struct buf *out);
void html_contradictions(const struct report *r, struct buf *out);
void html_expected(const struct report *r, struct buf *out);
void html_words(struct buf *out);

#endif
