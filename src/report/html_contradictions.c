/*
 * html_contradictions.c: values that cannot be right together, each with the place where it stands;
 * and which rules they are of.
 */
#include "base/text.h"
#include "report/html_part.h"
#include "report/html_sections.h"
#include "report/html_text.h"

#define ROWS_MOST 300
#define ROWS_BYTES 64000

static void rules(const struct report *r, struct buf *out)
{
	html_table(out, "rules");
	buf_string(out, "By rule; all of them, also those that are not told below");
	html_table_heads(out);
	html_head_text(out, "Rule");
	html_head_text(out, "What it says");
	html_head(out, "Count");
	html_table_rows(out);
	for (size_t i = 0; i < r->rule_count; i++) {
		const struct rule_info *rule = rule_info(r->rules[i]);

		if (r->by_rule[i] == 0)
			continue;
		buf_printf(out, "<tr><th scope=row><code>%s</code></th><td class=t>", rule->name);
		html_text(out, slice_string(rule->summary), HTML_MESSAGE);
		buf_string(out, "</td>");
		html_cell(out, r->by_rule[i]);
		buf_string(out, "</tr>\n");
	}
	html_table_end(out);
}

/* 0412/a.json:1:48213, and in small 2026-05.tar.zst#7. */
static void place(const struct report_contradiction *c, struct buf *out)
{
	html_text_or(out, c->source, HTML_NAME, "no path");
	if (c->line > 0) {
		buf_byte(out, ':');
		buf_uint(out, c->line);
		buf_byte(out, ':');
		buf_uint(out, c->column);
	}
	if (c->bundle.len > 0) {
		buf_string(out, "<small>");
		html_text(out, c->bundle, HTML_NAME);
		buf_byte(out, '#');
		buf_uint(out, c->response);
		buf_string(out, "</small>");
	}
}

static void one_row(const struct report_contradiction *c, struct buf *out)
{
	buf_string(out, "<tr><th scope=row>");
	html_text_or(out, c->batch, HTML_NAME, "no id");
	buf_string(out, "</th><td class=t>");
	html_text(out, c->message, HTML_MESSAGE);
	buf_printf(out, "<small>%s <code>%s</code></small></td><td class=l>",
		   severity_name(c->severity), rule_info(c->rule)->name);
	html_text_or(out, c->pointer, HTML_NAME, "the response");
	buf_string(out, "</td><td class=l>");
	place(c, out);
	buf_string(out, "</td></tr>\n");
}

static void only_counted(struct buf *out, uint64_t n, const char *why)
{
	if (n == 0)
		return;
	buf_string(out, "; ");
	html_number_of(out, n, "more is only counted: ", "more are only counted: ");
	buf_string(out, why);
}

static void caption(const struct report *r, size_t shown, struct buf *out)
{
	buf_string(out, "Where they stand");
	if (shown == r->contradiction_total)
		return;
	buf_string(out, "; the first ");
	text_count(out, shown);
	buf_string(out, " of ");
	text_count(out, r->contradiction_total);
	if (shown < r->contradiction_count) {
		buf_string(out, ": <code>callroll audit --format json</code> has ");
		if (r->contradiction_count < r->contradiction_total)
			text_count(out, r->contradiction_count);
		else
			buf_string(out, "all");
	}
	uint64_t counted = r->contradiction_total - r->contradiction_count;
	only_counted(out, r->counted_archived,
		     "<code>archive --max-findings</code> decides how many a bundle keeps");
	only_counted(out, r->counted_here, "a larger <code>--max-findings</code> tells them");
	only_counted(out, counted - r->counted_archived - r->counted_here,
		     "of one capture a few are told");
}

static void table(const struct report *r, struct buf *out)
{
	struct buf rows = BUF_INIT;
	struct html_list list = html_list_new(&rows, r->contradiction_count, ROWS_MOST, ROWS_BYTES);
	size_t shown = 0;

	for (; html_list_room(&list, &rows, shown); shown++)
		one_row(&r->contradictions[shown], &rows);
	html_table(out, "places");
	caption(r, shown, out);
	html_table_heads(out);
	html_head_text(out, "Batch");
	html_head_text(out, "What stands there");
	html_head_text(out, "Member");
	html_head_text(out, "Place");
	html_table_rows(out);
	out->failed |= rows.failed;
	buf_slice(out, buf_view(&rows));
	html_table_end(out);
	buf_free(&rows);
}

void html_contradictions(const struct report *r, struct buf *out)
{
	html_section(out, "contradictions", "Contradictions");
	if (r->contradiction_total == 0) {
		buf_string(out, r->partial
					? "<p>No contradiction was found in what could be read; of "
					  "some batches they could not be.</p>\n"
					: "<p>No contradiction was found.</p>\n");
	} else {
		buf_string(out, "<p class=note>Each value is valid; together they cannot be right. "
				"<code>callroll explain</code> says of each rule what it means and "
				"what to do.</p>\n");
		rules(r, out);
		table(r, out);
	}
	html_section_end(out);
}
