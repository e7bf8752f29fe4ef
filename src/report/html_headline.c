/*
 * html_headline.c: the figures of the whole report: how many recipients, what became of them, and
 * what was read.
 * Completed stands over recipients and is called that. It must never be called a contact rate:
 * completed does not prove that a person answered.
 */
#include "base/text.h"
#include "report/html_bar.h"
#include "report/html_part.h"
#include "report/html_sections.h"
#include "report/html_text.h"

#define UNKNOWN_MOST 30
#define UNKNOWN_BYTES 8000

static const struct report_row *all(const struct report *r)
{
	return r->rows[REPORT_ALL];
}

static void hero(const struct report *r, struct buf *out)
{
	uint64_t completed = all(r)->by_status[REPORT_COMPLETED];

	if (!report_has_figures(all(r))) {
		buf_string(out, "<p class=hero>Recipients: not readable</p>\n");
		return;
	}
	buf_string(out, "<p class=hero><strong>");
	text_count(out, completed);
	buf_string(out, "</strong> of ");
	html_number_of(out, all(r)->recipients, "recipient", "recipients");
	buf_string(out, " completed <b class=share>");
	html_share(out, completed, all(r)->recipients);
	buf_string(out, "</b></p>\n");
	html_bar(out, all(r));
	buf_string(out,
		   "<p class=note>Completed is what the service says of a recipient. It does not "
		   "prove that a person answered.</p>\n");
}

/* One line of the table of statuses. `name` is HTML of ours, or NULL: as captured. */
static void status_row(const struct report *r, size_t i, char class, const char *kind,
		       struct buf *out)
{
	uint64_t n = all(r)->by_status[i];

	buf_string(out, "<tr><th scope=row>");
	html_bar_mark(out, class);
	html_text_or(out, r->status[i].name, HTML_STATUS, "no status");
	buf_printf(out, "</th><td class=t>%s</td>", kind);
	html_cell(out, n);
	html_cell_share(out, n, all(r)->recipients);
	buf_string(out, "</tr>\n");
}

static void unknown_rows(const struct report *r, struct buf *out)
{
	size_t count = r->status_count - REPORT_PUBLISHED, i = 0;
	struct html_list list = html_list_new(out, count, UNKNOWN_MOST, UNKNOWN_BYTES);
	uint64_t rest = 0;

	for (; html_list_room(&list, out, i); i++)
		status_row(r, REPORT_PUBLISHED + i, 'k', "not published", out);
	if (i == count)
		return;
	for (size_t j = i; j < count; j++)
		rest += all(r)->by_status[REPORT_PUBLISHED + j];
	buf_string(out, "<tr class=sum><th scope=row>");
	html_bar_mark(out, 'k');
	html_number_of(out, count - i, "more unknown status", "more unknown statuses");
	buf_string(out, "</th><td class=t>callroll audit --format json has all</td>");
	html_cell(out, rest);
	html_cell_share(out, rest, all(r)->recipients);
	buf_string(out, "</tr>\n");
}

static void statuses(const struct report *r, struct buf *out)
{
	html_table(out, "statuses");
	buf_string(out, "Recipients by status");
	html_table_heads(out);
	html_head_text(out, "Status");
	html_head_text(out, "That is");
	html_head(out, "Recipients");
	html_head(out, "Share");
	html_table_rows(out);
	for (size_t i = 0; i < REPORT_PUBLISHED; i++) {
		bool open = i >= REPORT_PENDING;
		status_row(r, i, open ? 'o' : html_area_class(AREA_COMPLETED + (int)i),
			   open ? "open" : "settled", out);
	}
	unknown_rows(r, out);
	html_table_end(out);
}

static void stat(struct buf *out, const char *name, uint64_t n)
{
	buf_printf(out, "<div><dt>%s</dt><dd>", name);
	text_count(out, n);
	buf_string(out, "</dd></div>\n");
}

static void period(const struct report *r, struct buf *out)
{
	buf_string(out, "<div class=wide><dt>Batches last updated</dt><dd><b>");
	html_when(out, r->first);
	if (r->last != r->first) {
		buf_string(out, "</b> <span>to</span> <b>");
		html_when(out, r->last);
	}
	buf_string(out, "</b></dd></div>\n");
}

static void gap(const struct report *r, struct buf *out)
{
	buf_string(out, "<div class=wide><dt>Longest gap between captures of a batch</dt><dd>");
	if (r->gap_to == r->gap_from) {
		buf_string(out, "none <small>no batch was captured twice</small>");
	} else {
		html_span(out, r->gap_to - r->gap_from);
		buf_string(out, " <small>");
		html_when(out, r->gap_from);
		buf_string(out, " to ");
		html_when(out, r->gap_to);
		buf_string(out, ", batch ");
		html_text(out, r->gap_batch, HTML_NAME);
		buf_string(out, ". What changed and changed back inside it is unknown.</small>");
	}
	buf_string(out, "</dd></div>\n");
}

void html_headline(const struct report *r, struct buf *out)
{
	html_section(out, "headline", "Summary");
	buf_string(out, "<div class=two><div>\n");
	hero(r, out);
	buf_string(out, "<dl class=stats>\n");
	stat(out, "Batches", r->row_count[REPORT_BATCH]);
	stat(out, "Captures", r->captures);
	if (r->bundles > 0)
		stat(out, "Bundles", r->bundles);
	if (report_has_figures(all(r))) {
		stat(out, "Open", all(r)->open);
		stat(out, "Unknown status", all(r)->unknown);
	}
	if (all(r)->unread > 0)
		stat(out, "Batches not readable", all(r)->unread);
	period(r, out);
	gap(r, out);
	buf_string(out, "</dl>\n</div>\n");
	if (report_has_figures(all(r)))
		statuses(r, out);
	buf_string(out, "</div>\n");
	html_section_end(out);
}
