/*
 * html_times.c: how long recipients took: three percentiles, and how many took how long, as a table
 * whose bars show its shape.
 */
#include "base/text.h"
#include "report/html_bar.h"
#include "report/html_part.h"
#include "report/html_sections.h"
#include "report/html_text.h"

static void percentile(struct buf *out, const char *name, int64_t seconds)
{
	buf_printf(out, "<div><dt>%s</dt><dd>", name);
	html_span(out, seconds);
	buf_string(out, "</dd></div>\n");
}

static void bounds(struct buf *out, int i)
{
	if (i == 0) {
		buf_string(out, "less than ");
		html_span(out, report_bucket[0]);
		return;
	}
	html_span(out, report_bucket[i - 1]);
	if (report_bucket[i] == INT64_MAX) {
		buf_string(out, " or more");
	} else {
		buf_string(out, " to ");
		html_span(out, report_bucket[i]);
	}
}

static void distribution(const struct report_times *t, struct buf *out)
{
	uint64_t most = 0;

	for (int i = 0; i < REPORT_BUCKETS; i++)
		most = t->bucket[i] > most ? t->bucket[i] : most;
	html_table(out, "times");
	buf_string(out, "Recipients by the time they took; the upper bound does not belong to it");
	html_table_heads(out);
	html_head_text(out, "Time");
	html_head_text(out, "");
	html_head(out, "Recipients");
	html_head(out, "Share");
	html_table_rows(out);
	for (int i = 0; i < REPORT_BUCKETS; i++) {
		buf_string(out, "<tr><th scope=row>");
		bounds(out, i);
		buf_string(out, "</th><td class=b>");
		html_bar_plain(out, t->bucket[i], most);
		buf_string(out, "</td>");
		html_cell(out, t->bucket[i]);
		html_cell_share(out, t->bucket[i], t->count);
		buf_string(out, "</tr>\n");
	}
	html_table_end(out);
}

void html_times(const struct report *r, struct buf *out)
{
	const struct report_times *t = &r->rows[REPORT_ALL]->times;

	html_section(out, "times", "How long recipients took");
	if (t->count == 0) {
		buf_string(out, "<p>Of no recipient the times say it.</p>\n");
		html_section_end(out);
		return;
	}
	buf_string(out, "<p class=note>From when a recipient was created, or scheduled if that is "
			"later, to its last update. Of ");
	html_number_of(out, t->count, "recipient that is", "recipients that are");
	buf_string(out, " completed, failed or voicemail and whose times say it.</p>\n"
			"<dl class=stats>\n");
	percentile(out, "Median", t->median);
	percentile(out, "90 of 100 took at most", t->p90);
	percentile(out, "99 of 100 took at most", t->p99);
	buf_string(out, "</dl>\n");
	distribution(t, out);
	html_section_end(out);
}
