/*
 * report_text.c: a report for people: what was read, what needs attention, then the figures, then
 * the lists. What is long is cut to what helps, and says so; --format csv and json have it all.
 * Nothing from an input reaches the output but through text_safe or a table.
 */
#include "report/formats.h"

#include <stdlib.h>
#include <string.h>

#include "base/text_width.h"
#include "report/text_tables.h"

#define ALIKE_MOST 3 /* contradictions of one batch and rule */
#define TROUBLES_MOST 5

/* --- what could not be read --- */

/* The first words of a report from which something is missing. */
static void put_trouble(struct text *t)
{
	const struct report *r = t->r;
	size_t shown = r->trouble_count < TROUBLES_MOST ? r->trouble_count : TROUBLES_MOST;

	if (!report_has_trouble(r))
		return;
	buf_string(t->out, "! not all could be read: ");
	if (r->damaged > 0)
		put_count(t->out, r->damaged, "damaged bundle", "damaged bundles");
	if (r->damaged > 0 && r->unreadable > 0)
		buf_string(t->out, ", ");
	if (r->unreadable > 0)
		put_count(t->out, r->unreadable, "unreadable input", "unreadable inputs");
	if (r->damaged == 0 && r->unreadable == 0)
		buf_string(t->out, "see below");
	buf_string(t->out, "; what they hold is not in these figures\n");
	for (size_t i = 0; i < shown; i++) {
		buf_string(t->out, "!   ");
		text_safe(t->out, r->troubles[i]);
		buf_byte(t->out, '\n');
	}
	if (r->trouble_total > shown) {
		buf_string(t->out, "!   … and ");
		text_count(t->out, r->trouble_total - shown);
		buf_string(t->out, " more (--format json)\n");
	}
}

/* Batches without figures, which no sum has. */
static void put_unread(struct text *t)
{
	const struct report *r = t->r;
	uint64_t batches = r->rows[REPORT_ALL][0].unread;

	if (batches == 0)
		return;
	buf_string(t->out, "! ");
	put_count(t->out, batches, "batch is not readable", "batches are not readable");
	buf_string(t->out, ", and in no figure");
	if (r->unread_recipients > 0) {
		buf_string(t->out, ": ");
		put_count(t->out, r->unread_recipients, "recipient", "recipients");
	}
	buf_byte(t->out, '\n');
}

/* --- the head --- */

static void put_gap(struct text *t)
{
	const struct report *r = t->r;
	struct buf from = BUF_INIT, to = BUF_INIT;

	if (r->gap_from == r->gap_to)
		return;
	put_minute(&from, r->gap_from);
	put_minute(&to, r->gap_to);
	buf_string(t->out, "longest gap between captures ");
	text_span(t->out, (uint64_t)(r->gap_to - r->gap_from));
	buf_string(t->out, ", of ");
	text_safe(t->out, r->gap_batch);
	buf_string(t->out, " (");
	buf_slice(t->out, buf_view(&from));
	if (from.len == to.len && from.len > 10 && memcmp(from.data, to.data, 10) == 0)
		buf_printf(t->out, "-%.*s", (int)(to.len - 11), to.data + 11);
	else
		buf_printf(t->out, " - %.*s", (int)to.len, to.data);
	buf_string(t->out, "): changes there are unknown\n");
	t->out->failed |= from.failed || to.failed;
	buf_free(&from);
	buf_free(&to);
}

static void put_head(struct text *t)
{
	const struct report *r = t->r;

	put_count(t->out, r->captures, "capture", "captures");
	if (r->bundles > 0) {
		buf_string(t->out, " in ");
		put_count(t->out, r->bundles, "bundle", "bundles");
	}
	buf_string(t->out, "; ");
	put_count(t->out, r->row_count[REPORT_BATCH], "batch", "batches");
	if (r->first != REPORT_NO_TIME) {
		buf_string(t->out, ", last updated ");
		put_minute(t->out, r->first);
		if (r->last != r->first) {
			buf_string(t->out, " to ");
			put_minute(t->out, r->last);
		}
		buf_string(t->out, " UTC");
	}
	buf_byte(t->out, '\n');
	put_gap(t);
	if (r->filters.len > 0) {
		buf_string(t->out, "filters ");
		text_safe(t->out, r->filters);
		buf_string(t->out, ": ");
		put_count(t->out, r->filtered, "recipient is", "recipients are");
		buf_string(t->out, " left out\n");
	}
	if (r->erased > 0) {
		buf_string(t->out, "erased  ");
		put_count(t->out, r->erased, "recipient is", "recipients are");
		buf_string(t->out, " in no figure\n");
	}
}

/* --- what needs attention --- */

static void attend(struct text *t, uint64_t n, const char *one, const char *more)
{
	if (n == 0)
		return;
	buf_string(t->out, "! ");
	put_count(t->out, n, one, more);
	buf_byte(t->out, '\n');
}

static void put_attention(struct text *t)
{
	const struct report *r = t->r;
	uint64_t batches = 0, open = 0;

	for (size_t i = 0; i < r->row_count[REPORT_BATCH]; i++) {
		const struct report_row *row = &r->rows[REPORT_BATCH][i];

		if (!r->batches[i].ended || row->open == 0)
			continue;
		batches++;
		open += row->open;
	}
	put_unread(t);
	attend(t, r->missing_count, "expected batch is missing", "expected batches are missing");
	attend(t, r->unexpected_count, "batch was not expected", "batches were not expected");
	attend(t, r->set_aside, "piece could not be read as a response and is not counted",
	       "pieces could not be read as responses and are not counted");
	attend(t, r->contradiction_total, "contradiction: values that cannot all be right",
	       "contradictions: values that cannot all be right");
	if (r->partial)
		buf_string(t->out,
			   "! contradictions of some batches could not be read: there may be "
			   "more than are counted\n");
	if (batches > 0) {
		buf_string(t->out, "! ");
		put_count(t->out, batches, "batch", "batches");
		buf_string(t->out, " ended with ");
		put_count(t->out, open, "open recipient\n", "open recipients\n");
	}
	attend(t, r->rows[REPORT_ALL][0].unknown,
	       "recipient has a status that is none of the published ones",
	       "recipients have a status that is none of the published ones");
}

/* --- contradictions --- */

static void put_place(struct text *t, const struct report_contradiction *c)
{
	text_safe(t->out, c->source.len > 0 ? c->source : c->batch);
	if (c->line > 0)
		buf_printf(t->out, ":%llu:%llu", (unsigned long long)c->line,
			   (unsigned long long)c->column);
	if (c->bundle.len > 0) {
		buf_string(t->out, " (");
		text_safe(t->out, c->bundle);
		buf_printf(t->out, "#%llu)", (unsigned long long)c->response);
	}
}

static void put_only_counted(struct text *t, uint64_t n, const char *why)
{
	if (n == 0)
		return;
	buf_string(t->out, "… ");
	put_count(t->out, n, "more is only counted", "more are only counted");
	buf_printf(t->out, "%s\n", why);
}

/* Why there are more than are told. */
static void put_untold(struct text *t, size_t shown)
{
	const struct report *r = t->r;
	uint64_t counted = r->contradiction_total - r->contradiction_count;

	put_more(t, r->contradiction_count, shown, "json");
	put_only_counted(t, r->counted_archived,
			 ": archive --max-findings decides how many a bundle keeps");
	put_only_counted(t, r->counted_here, ": a larger --max-findings tells them");
	put_only_counted(t, counted - r->counted_archived - r->counted_here,
			 ": of one capture a few are told");
}

/* Of one batch and rule only a few, so that others have room. Those of a batch stand together. */
static bool enough_of(const struct report_contradiction *c, uint32_t told[RULE_COUNT], bool same)
{
	if (!same)
		memset(told, 0, RULE_COUNT * sizeof(*told));
	return told[c->rule]++ >= ALIKE_MOST;
}

static int put_contradictions(struct text *t)
{
	const struct report *r = t->r;
	uint32_t told[RULE_COUNT];
	size_t shown = 0;

	if (r->contradiction_total == 0)
		return 0;
	if (text_tables_rules(t) != 0)
		return -1;
	if (r->contradiction_count > 0)
		put_title(t, "Contradictions");
	for (size_t i = 0; i < r->contradiction_count && shown < LIST_MOST; i++) {
		const struct report_contradiction *c = &r->contradictions[i];

		if (enough_of(c, told, i > 0 && slice_equal(c->batch, c[-1].batch)))
			continue;
		shown++;
		put_place(t, c);
		buf_printf(t->out, ": %s: ", severity_name(c->severity));
		text_safe(t->out, c->message);
		buf_printf(t->out, " [%s] ", rule_info(c->rule)->name);
		text_safe(t->out, c->pointer);
		while (t->out->len > 0 && t->out->data[t->out->len - 1] == ' ')
			t->out->len--;
		buf_byte(t->out, '\n');
	}
	put_untold(t, shown);
	return 0;
}

/* --- expected batches --- */

static void put_ids(struct text *t, const char *title, const struct slice *list, size_t count)
{
	if (count == 0)
		return;
	put_title(t, title);
	for (size_t i = 0; i < count && i < LIST_MOST; i++) {
		text_safe(t->out, list[i]);
		buf_byte(t->out, '\n');
	}
	put_more(t, count, LIST_MOST, "json");
}

/* --- the whole --- */

/* Folds the lines from `start` on that are wider than the terminal. */
static void fold(struct text *t, size_t start)
{
	struct buf lines = BUF_INIT;

	if (t->width == 0 || t->out->failed)
		return;
	buf_append(&lines, t->out->data + start, t->out->len - start);
	t->out->len = start;
	text_width_fold(t->out, buf_view(&lines), t->width);
	t->out->failed |= lines.failed;
	buf_free(&lines);
}

/* Tables fit the terminal by themselves; a fold leaves lines that fit alone. */
int report_text(const struct report *r, unsigned width, bool blocks, struct buf *out)
{
	struct text t = {.r = r, .out = out, .width = width, .blocks = blocks};
	size_t start = out->len;
	int result = 0;

	put_trouble(&t);
	put_head(&t);
	put_attention(&t);
	result = text_tables_all(&t);
	if (result == 0)
		result = text_tables_groups(&t);
	if (result == 0)
		result = put_contradictions(&t);
	put_ids(&t, "Expected, and missing", r->missing, r->missing_count);
	put_ids(&t, "Not expected", r->unexpected, r->unexpected_count);
	fold(&t, start);
	if (t.cell.failed || t.left_out.failed || out->failed)
		result = -1;
	buf_free(&t.cell);
	buf_free(&t.left_out);
	return result;
}
