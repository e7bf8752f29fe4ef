/*
 * html_attention.c: what an auditor should look at first, each with its number; and what was looked
 * for and not found, so that silence is not taken for it.
 * It must never say that all is well.
 */
#include "base/text.h"
#include "report/html_part.h"
#include "report/html_sections.h"
#include "report/html_text.h"

#define NAMES_MOST 8
#define NAMES_BYTES 4000

/* Tells one point; false: there is none. */
typedef bool point_told(const struct report *r, struct buf *out);

/* Opens one point of the list: the number, what it counts, and below it what to know of it. */
static void point(struct buf *out, uint64_t n, const char *one, const char *many)
{
	buf_string(out, "<li><strong>");
	text_count(out, n);
	buf_printf(out, "</strong><div><b>%s</b><p>", n == 1 ? one : many);
}

static void point_end(struct buf *out)
{
	buf_string(out, "</p></div></li>\n");
}

static bool left_open(const struct report *r, size_t i)
{
	return r->batches[i].ended && r->rows[REPORT_BATCH][i].open > 0;
}

/* The batches' names, as many as there is room for. */
static void left_open_names(const struct report *r, uint64_t batches, struct buf *out)
{
	struct html_list list = html_list_new(out, (size_t)batches, NAMES_MOST, NAMES_BYTES);
	size_t shown = 0;

	for (size_t i = 0; html_list_room(&list, out, shown); i++) {
		const struct report_row *row = &r->rows[REPORT_BATCH][i];
		if (!left_open(r, i))
			continue;
		buf_string(out, shown == 0 ? ": " : ", ");
		html_text(out, row->name.len > 0 ? row->name : row->key, HTML_NAME);
		buf_string(out, " (");
		text_count(out, row->open);
		buf_string(out, ")");
		shown++;
	}
	if (shown < batches) {
		buf_string(out, " and ");
		text_count(out, batches - shown);
		buf_string(out, " more");
	}
	buf_string(out, ".");
}

static bool ended_with_open(const struct report *r, struct buf *out)
{
	uint64_t batches = 0, recipients = 0;

	for (size_t i = 0; i < r->row_count[REPORT_BATCH]; i++) {
		if (left_open(r, i)) {
			batches++;
			recipients += r->rows[REPORT_BATCH][i].open;
		}
	}
	if (batches == 0)
		return false;
	point(out, batches, "batch ended with open recipients",
	      "batches ended with open recipients");
	html_number_of(out, recipients, "recipient was", "recipients were");
	buf_string(out, " left open");
	left_open_names(r, batches, out);
	point_end(out);
	return true;
}

static bool contradictions(const struct report *r, struct buf *out)
{
	if (r->contradiction_total == 0)
		return false;
	point(out, r->contradiction_total, "contradiction", "contradictions");
	buf_string(out, "Values that cannot be right together. "
			"<a href=#contradictions>The table of contradictions</a>");
	point_end(out);
	return true;
}

static bool unknown_statuses(const struct report *r, struct buf *out)
{
	uint64_t n = r->rows[REPORT_ALL]->unknown;

	if (n == 0)
		return false;
	point(out, n, "recipient has an unknown status", "recipients have an unknown status");
	buf_string(out, "Counted under its own name, and neither as settled nor as open.");
	point_end(out);
	return true;
}

static bool missing(const struct report *r, struct buf *out)
{
	if (r->missing_count == 0)
		return false;
	point(out, r->missing_count, "expected batch is missing", "expected batches are missing");
	buf_string(out, "<a href=#expected>The missing ones</a>");
	point_end(out);
	return true;
}

static bool unexpected(const struct report *r, struct buf *out)
{
	if (r->unexpected_count == 0)
		return false;
	point(out, r->unexpected_count, "batch was not expected", "batches were not expected");
	buf_string(out, "<a href=#expected>The ones that were not expected</a>");
	point_end(out);
	return true;
}

static bool set_aside(const struct report *r, struct buf *out)
{
	if (r->set_aside == 0)
		return false;
	point(out, r->set_aside, "input could not be read as a response",
	      "inputs could not be read as responses");
	buf_string(out, "Not in the figures. <code>callroll validate</code> says why.");
	point_end(out);
	return true;
}

static void erased(const struct report *r, struct buf *out)
{
	if (r->erased == 0)
		return;
	point(out, r->erased, "recipient was erased", "recipients were erased");
	buf_string(out, "Not in the figures; nothing is known of them any more.");
	point_end(out);
}

/* Filters say what the figures are of, so they are told even if they left nothing out. */
static void filters(const struct report *r, struct buf *out)
{
	if (r->filters.len == 0 && r->filtered == 0)
		return;
	point(out, r->filtered, "recipient was left out by filters",
	      "recipients were left out by filters");
	buf_string(out, "All figures are of the others. ");
	if (r->filters.len > 0) {
		buf_string(out, "In force: <code>");
		html_text(out, r->filters, HTML_MESSAGE);
		buf_string(out, "</code>");
	}
	point_end(out);
}

static void still_open(const struct report *r, struct buf *out)
{
	uint64_t batches = 0, recipients = 0;

	for (size_t i = 0; i < r->row_count[REPORT_BATCH]; i++) {
		if (!r->batches[i].ended) {
			batches++;
			recipients += r->rows[REPORT_BATCH][i].open;
		}
	}
	if (batches == 0)
		return;
	point(out, batches, "batch had not ended when last captured",
	      "batches had not ended when last captured");
	html_number_of(out, recipients, "recipient was open.", "recipients were open.");
	buf_string(out, " What became of them is not known here.");
	point_end(out);
}

/* Whether it may be said of a point that there is none. */
static bool looked_for(const struct report *r, point_told *told)
{
	if (told == missing || told == unexpected)
		return r->expected;
	if (told == contradictions)
		return !r->partial;
	return told != set_aside || (r->damaged == 0 && r->unreadable == 0);
}

void html_attention(const struct report *r, struct buf *out)
{
	static const struct {
		point_told *told;
		const char *absent;
	} points[] = {
		{ended_with_open, "batches that ended with open recipients"},
		{contradictions, "contradictions"},
		{unknown_statuses, "unknown statuses"},
		{missing, "missing batches"},
		{unexpected, "unexpected batches"},
		{set_aside, "inputs that could not be read as responses"},
	};
	enum { POINTS = sizeof(points) / sizeof(points[0]) };
	bool told[POINTS];
	size_t absent = 0;

	html_section(out, "attention", "What to look at");
	size_t before = out->len;
	buf_string(out, "<ul class=points>\n");
	size_t opened = out->len;
	for (size_t i = 0; i < POINTS; i++)
		told[i] = points[i].told(r, out);
	still_open(r, out);
	erased(r, out);
	filters(r, out);
	if (out->len > opened)
		buf_string(out, "</ul>\n");
	else
		out->len = before; /* no empty list */
	for (size_t i = 0; i < POINTS; i++) {
		if (told[i] || !looked_for(r, points[i].told))
			continue;
		if (absent++ > 0)
			buf_string(out, "; ");
		else
			buf_string(
				out,
				report_has_trouble(r)
					? "<p class=note>Looked for in what could be read, and not "
					  "found: "
					: "<p class=note>Looked for and not found: ");
		buf_string(out, points[i].absent);
	}
	if (absent > 0)
		buf_string(out, ".</p>\n");
	html_section_end(out);
}
