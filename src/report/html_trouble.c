/*
 * html_trouble.c: that not all could be read, before anything else is said.
 * It must never be left out where a figure lacks something.
 */
#include "base/text.h"
#include "report/html_part.h"
#include "report/html_sections.h"
#include "report/html_text.h"

#define SENTENCES_MOST 8
#define SENTENCES_BYTES 8000

static void sources(const struct report *r, struct buf *out)
{
	if (r->damaged > 0)
		html_number_of(out, r->damaged, "damaged bundle", "damaged bundles");
	if (r->damaged > 0 && r->unreadable > 0)
		buf_string(out, ", ");
	if (r->unreadable > 0)
		html_number_of(out, r->unreadable, "unreadable input", "unreadable inputs");
	if (r->damaged > 0 || r->unreadable > 0)
		buf_string(out, ". ");
	buf_string(out, "What they hold is missing here, in whole or in part.");
}

static void batches(const struct report *r, struct buf *out)
{
	uint64_t n = r->rows[REPORT_ALL]->unread;

	if (n == 0)
		return;
	buf_byte(out, ' ');
	html_number_of(out, n, "batch is", "batches are");
	buf_string(out, " not readable, and in no figure");
	if (r->unread_recipients > 0) {
		buf_string(out, ": ");
		html_number_of(out, r->unread_recipients, "recipient", "recipients");
	}
	buf_byte(out, '.');
}

static void sentences(const struct report *r, struct buf *out)
{
	struct html_list list =
		html_list_new(out, r->trouble_count, SENTENCES_MOST, SENTENCES_BYTES);
	size_t shown = 0;

	if (r->trouble_count == 0)
		return;
	buf_string(out, "<ul>\n");
	for (; html_list_room(&list, out, shown); shown++) {
		buf_string(out, "<li>");
		html_text(out, r->troubles[shown], HTML_MESSAGE);
		buf_string(out, "</li>\n");
	}
	if (shown < r->trouble_total) {
		buf_string(out, "<li>and ");
		text_count(out, r->trouble_total - shown);
		buf_string(out, " more; <code>callroll audit --format json</code> has more</li>\n");
	}
	buf_string(out, "</ul>\n");
}

void html_trouble(const struct report *r, struct buf *out)
{
	if (!report_has_trouble(r))
		return;
	buf_string(out, "<div class=trouble role=note aria-label=\"What could not be read\">\n"
			"<p><strong>Not all could be read.</strong> ");
	sources(r, out);
	batches(r, out);
	if (r->partial)
		buf_string(out, " Contradictions could not all be read: there may be more than are "
				"counted.");
	buf_string(out, "</p>\n");
	sentences(r, out);
	buf_string(out, "</div>\n");
}
