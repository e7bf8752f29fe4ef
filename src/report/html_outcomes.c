/*
 * html_outcomes.c: recipients by outcome, a row for each batch, agent or provider, with a bar and
 * all its numbers.
 * Rows that are not shown are summed in one, so that the columns add up to the last row.
 */
#include <stdlib.h>

#include "base/text.h"
#include "report/html_bar.h"
#include "report/html_part.h"
#include "report/html_sections.h"
#include "report/html_text.h"

/* Unknown statuses have columns of their own when there are not more. */
#define OWN_COLUMNS 4
/* Columns from the bar to the median, without those of unknown statuses. */
#define NUMBERS (size_t)9

static const struct {
	const char *id, *title, *head, *none;
	const char *one, *many; /* more of them */
	size_t most, bytes;
} groups[REPORT_GROUPS] = {
	[REPORT_BATCH] = {"batches", "By batch", "Batch", "no id", "more batch", "more batches",
			  200, 110000},
	[REPORT_AGENT] = {"agents", "By agent", "Agent", "no agent", "more agent", "more agents",
			  50, 16000},
	[REPORT_PROVIDER] = {"providers", "By provider", "Provider", "no provider", "more provider",
			     "more providers", 20, 8000},
};

static size_t unknown_columns(const struct report *r)
{
	size_t count = r->status_count - REPORT_PUBLISHED;

	return count > OWN_COLUMNS ? 1 : count;
}

static void heads(const struct report *r, enum report_group group, struct buf *out)
{
	html_head_text(out, groups[group].head);
	html_head_text(out, "Outcomes");
	html_head(out, "Recipients");
	html_head(out, "Completed");
	html_head(out, "Share");
	html_head(out, "Failed");
	html_head(out, "Voicemail");
	html_head(out, "Cancelled");
	html_head(out, "Open");
	size_t own = unknown_columns(r);
	if (r->status_count - REPORT_PUBLISHED > own) {
		html_head(out, "Unknown");
	} else {
		for (size_t i = 0; i < own; i++) {
			buf_string(out, "<th scope=col class=own>");
			html_text_or(out, r->status[REPORT_PUBLISHED + i].name, HTML_STATUS,
				     "no status");
			buf_string(out, "</th>");
		}
	}
	html_head(out, "Median time");
	html_head(out, group == REPORT_BATCH ? "Captures" : "Batches");
	if (group == REPORT_BATCH) {
		html_head(out, "Contradictions");
		html_head_text(out, "State");
	}
}

/* An unknown status has a number here, or all of them in one. */
static uint64_t unknown_cell(const struct report *r, const struct report_row *row, size_t column)
{
	if (r->status_count - REPORT_PUBLISHED > OWN_COLUMNS)
		return row->unknown;
	return row->by_status[REPORT_PUBLISHED + column];
}

/* The same cells of what cannot be read. */
static void no_numbers(const struct report *r, struct buf *out)
{
	buf_printf(out, "<td class=\"t w\" colspan=%zu>not readable</td>",
		   NUMBERS + unknown_columns(r));
}

/* The cells from the bar on, but for the last one. */
static void numbers(const struct report *r, const struct report_row *row, bool must_not_be_open,
		    bool timed, struct buf *out)
{
	uint64_t completed = row->by_status[REPORT_COMPLETED];

	if (!report_has_figures(row)) {
		no_numbers(r, out);
		return;
	}
	buf_string(out, "<td class=b>");
	html_bar(out, row);
	buf_string(out, "</td>");
	html_cell(out, row->recipients);
	html_cell(out, completed);
	html_cell_share(out, completed, row->recipients);
	html_cell(out, row->by_status[REPORT_FAILED]);
	html_cell(out, row->by_status[REPORT_VOICEMAIL]);
	html_cell(out, row->by_status[REPORT_CANCELLED]);
	if (must_not_be_open && row->open > 0) {
		buf_string(out, "<td class=w>");
		text_count(out, row->open);
		buf_string(out, "&nbsp;!</td>");
	} else {
		html_cell(out, row->open);
	}
	for (size_t i = 0; i < unknown_columns(r); i++)
		html_cell(out, unknown_cell(r, row, i));
	buf_string(out, "<td class=s>");
	if (timed && row->times.count > 0)
		html_span(out, row->times.median);
	else
		buf_string(out, "–");
	buf_string(out, "</td>");
}

/* Its name, and in small its id. */
static void row_head(const struct report_row *row, enum report_group group, struct buf *out)
{
	buf_string(out, "<tr><th scope=row>");
	if (row->name.len > 0 && !slice_equal(row->name, row->key)) {
		html_text(out, row->name, HTML_NAME);
		buf_string(out, "<small>");
		html_text_or(out, row->key, HTML_NAME, groups[group].none);
		buf_string(out, "</small>");
	} else {
		html_text_or(out, row->key, HTML_NAME, groups[group].none);
	}
	buf_string(out, "</th>");
}

/* The status of the batch itself, and when it was last updated. */
static void state_cell(const struct report_batch *b, struct buf *out)
{
	buf_string(out, "<td class=t>");
	html_text_or(out, b->status, HTML_NAME, "no status");
	buf_string(out, "<small>");
	html_when(out, b->updated);
	buf_string(out, "</small></td>");
}

static void one_row(const struct report *r, enum report_group group, size_t i, struct buf *out)
{
	const struct report_row *row = &r->rows[group][i];
	bool batch = group == REPORT_BATCH;

	row_head(row, group, out);
	numbers(r, row, batch && r->batches[i].ended, true, out);
	html_cell(out, batch ? r->batches[i].captures : row->batches);
	if (batch) {
		html_cell(out, r->batches[i].contradictions);
		state_cell(&r->batches[i], out);
	}
	buf_string(out, "</tr>\n");
}

static void add(struct report_row *sum, uint64_t *by_status, size_t status_count,
		const struct report_row *row)
{
	for (size_t i = 0; i < status_count; i++)
		by_status[i] += row->by_status[i];
	sum->unread += row->unread;
	sum->recipients += row->recipients;
	sum->open += row->open;
	sum->unknown += row->unknown;
	sum->batches += row->batches;
}

/* Ends a row that stands for many. */
static void last_cells(enum report_group group, uint64_t contradictions, struct buf *out)
{
	if (group == REPORT_BATCH) {
		html_cell(out, contradictions);
		buf_string(out, "<td></td>");
	}
	buf_string(out, "</tr>\n");
}

/* The rows from `first` on, in one. by_status: zeros, of r->status_count. */
static void rest_row(const struct report *r, enum report_group group, size_t first,
		     uint64_t *by_status, struct buf *out)
{
	struct report_row sum = {.by_status = by_status};
	uint64_t captures = 0, contradictions = 0;
	size_t count = r->row_count[group];

	for (size_t i = first; i < count; i++) {
		add(&sum, by_status, r->status_count, &r->rows[group][i]);
		if (group == REPORT_BATCH) {
			captures += r->batches[i].captures;
			contradictions += r->batches[i].contradictions;
		}
	}
	buf_string(out, "<tr class=rest><th scope=row>");
	html_number_of(out, count - first, groups[group].one, groups[group].many);
	buf_string(out, "<small>callroll audit --format csv has all</small></th>");
	numbers(r, &sum, false, false, out);
	html_cell(out, group == REPORT_BATCH ? captures : sum.batches);
	last_cells(group, contradictions, out);
}

static void sum_row(const struct report *r, enum report_group group, struct buf *out)
{
	buf_string(out, "<tr class=sum><th scope=row>All</th>");
	numbers(r, r->rows[REPORT_ALL], false, true, out);
	html_cell(out, group == REPORT_BATCH ? r->captures : r->row_count[REPORT_BATCH]);
	last_cells(group, r->contradiction_total, out);
}

static void caption(const struct report *r, enum report_group group, size_t shown, struct buf *out)
{
	size_t count = r->row_count[group];

	buf_string(out, "Recipients by outcome, latest state of each batch");
	if (shown < count) {
		buf_string(out, "; the first ");
		text_count(out, shown);
		buf_string(out, " of ");
		text_count(out, count);
		buf_string(out, " rows, the others in one");
	}
	if (group == REPORT_BATCH)
		buf_string(out, ". “!”: open, although the batch ended");
}

bool html_outcomes_any(const struct report *r, enum report_group group)
{
	return r->row_count[group] > (group == REPORT_PROVIDER ? 1 : 0);
}

void html_outcomes(const struct report *r, enum report_group group, struct buf *out)
{
	size_t count = r->row_count[group], shown = 0;
	struct buf rows = BUF_INIT;
	struct html_list list =
		html_list_new(&rows, count, groups[group].most, groups[group].bytes);
	uint64_t *rest = calloc(r->status_count, sizeof(*rest));

	out->failed |= rest == NULL;
	for (; html_list_room(&list, &rows, shown); shown++)
		one_row(r, group, shown, &rows);
	if (shown < count && rest != NULL)
		rest_row(r, group, shown, rest, &rows);
	html_section(out, groups[group].id, groups[group].title);
	html_bar_key(out, r);
	html_table(out, groups[group].id);
	caption(r, group, shown, out);
	html_table_heads(out);
	heads(r, group, out);
	html_table_rows(out);
	out->failed |= rows.failed;
	buf_slice(out, buf_view(&rows));
	sum_row(r, group, out);
	html_table_end(out);
	html_section_end(out);
	buf_free(&rows);
	free(rest);
}
