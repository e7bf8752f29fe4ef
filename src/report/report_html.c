/*
 * report_html.c: the page: its head, its sections in the order in which an auditor wants them, its
 * foot. The policy in the head forbids everything but the one style that the page carries, which it
 * names by its digest: what a hostile text could ever bring in would neither run nor load.
 * No text from data stands here or in an attribute.
 */
#include "report/report_html.h"

#include "base/digest.h"
#include "report/html_bar.h"
#include "report/html_sections.h"
#include "report/html_text.h"
#include "report/report_css.h"

/* RFC 4648 section 4. */
static void base64(struct buf *out, const unsigned char *s, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		uint32_t bits = (uint32_t)s[i] << 16;
		bits |= i + 1 < len ? (uint32_t)s[i + 1] << 8 : 0;
		bits |= i + 2 < len ? s[i + 2] : 0;
		buf_byte(out, digits[bits >> 18]);
		buf_byte(out, digits[bits >> 12 & 63]);
		buf_byte(out, i + 1 < len ? digits[bits >> 6 & 63] : '=');
		buf_byte(out, i + 2 < len ? digits[bits & 63] : '=');
	}
}

/* 100 batches, 1,000,000 recipients */
static void subject(const struct report *r, struct buf *out)
{
	html_number_of(out, r->row_count[REPORT_BATCH], "batch", "batches");
	if (!report_has_figures(r->rows[REPORT_ALL])) {
		buf_string(out, ", recipients not readable");
		return;
	}
	buf_string(out, ", ");
	html_number_of(out, r->rows[REPORT_ALL]->recipients, "recipient", "recipients");
}

static void period(const struct report *r, struct buf *out)
{
	if (r->first == REPORT_NO_TIME)
		return;
	buf_string(out, ", ");
	html_day(out, r->first);
	size_t from = out->len;
	buf_string(out, " to ");
	size_t to = out->len;
	html_day(out, r->last);
	/* One day is told once. */
	if (!out->failed &&
	    slice_equal(slice_of(out->data + to, out->len - to),
			slice_of(out->data + from - (out->len - to), out->len - to)))
		out->len = from;
}

static int head(const struct report *r, struct buf *out)
{
	struct sha256 digest;

	if (sha256_of(report_css, report_css_size, &digest) != 0)
		return -1;
	buf_string(out, "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
			"<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
			"style-src 'sha256-");
	base64(out, digest.bytes, sizeof(digest.bytes));
	buf_string(out, "'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
			"<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
			"<meta name=color-scheme content=\"light dark\">\n"
			"<meta name=format-detection content=\"telephone=no\">\n"
			"<meta name=referrer content=no-referrer>\n"
			"<meta name=robots content=noindex>\n"
			/* Or a browser would ask a server for one. */
			"<link rel=icon href=\"data:,\">\n<title>callroll audit: ");
	subject(r, out);
	period(r, out);
	buf_string(out, "</title>\n<style>");
	buf_append(out, report_css, report_css_size);
	buf_string(out, "</style>\n</head>\n");
	return 0;
}

static void banner(const struct report *r, struct buf *out)
{
	buf_string(out, "<header>\n<p class=mast>callroll audit</p>\n<h1>What became of ");
	if (report_has_figures(r->rows[REPORT_ALL]))
		html_number_of(out, r->rows[REPORT_ALL]->recipients, "recipient", "recipients");
	else
		buf_string(out, "recipients that are not readable");
	buf_string(out, "</h1>\n<p class=lede>In ");
	html_number_of(out, r->row_count[REPORT_BATCH], "batch", "batches");
	period(r, out);
	buf_string(out, ", as ");
	html_number_of(out, r->captures, "capture says", "captures say");
	buf_string(out, ". Times are in UTC.</p>\n");
	if (r->filters.len > 0) {
		buf_string(out, "<p class=filters>Only a part: <code>");
		html_text(out, r->filters, HTML_MESSAGE);
		buf_string(out, "</code></p>\n");
	}
	html_trouble(r, out);
	buf_string(out, "</header>\n");
}

static void contents(const struct report *r, struct buf *out)
{
	const struct {
		const char *id, *name;
		bool any;
	} links[] = {
		{"headline", "Summary", true},
		{"attention", "What to look at", true},
		{"batches", "By batch", html_outcomes_any(r, REPORT_BATCH)},
		{"time", "Over time", html_days_any(r)},
		{"times", "How long it took", true},
		{"agents", "By agent", html_outcomes_any(r, REPORT_AGENT)},
		{"providers", "By provider", html_outcomes_any(r, REPORT_PROVIDER)},
		{"contradictions", "Contradictions", true},
		{"expected", "Expected batches", r->expected},
		{"words", "What the words mean", true},
	};

	buf_string(out, "<nav aria-label=Contents><ul>\n");
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (links[i].any)
			buf_printf(out, "<li><a href=#%s>%s</a></li>\n", links[i].id,
				   links[i].name);
	}
	buf_string(out, "</ul></nav>\n");
}

static void sections(const struct report *r, struct buf *out)
{
	html_headline(r, out);
	html_attention(r, out);
	if (html_outcomes_any(r, REPORT_BATCH))
		html_outcomes(r, REPORT_BATCH, out);
	if (html_days_any(r))
		html_days(r, out);
	html_times(r, out);
	if (html_outcomes_any(r, REPORT_AGENT))
		html_outcomes(r, REPORT_AGENT, out);
	if (html_outcomes_any(r, REPORT_PROVIDER))
		html_outcomes(r, REPORT_PROVIDER, out);
	html_contradictions(r, out);
	if (r->expected)
		html_expected(r, out);
	html_words(out);
}

int report_html(const struct report *r, struct buf *out)
{
	if (head(r, out) != 0)
		return -1;
	buf_string(out, "<body>\n<a class=skip href=#main>To the figures</a>\n");
	html_bar_patterns(out);
	banner(r, out);
	contents(r, out);
	buf_string(out, "<main id=main>\n");
	sections(r, out);
	buf_string(out,
		   "</main>\n<footer><p>Written by <code>callroll audit --format html</code>. "
		   "This page loads nothing and runs nothing. It may hold personal data: names "
		   "and ids stand in it as they were captured.</p></footer>\n"
		   "</body>\n</html>\n");
	return out->failed ? -1 : 0;
}
