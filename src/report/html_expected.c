/*
 * html_expected.c: which batches of --expect are missing, and which are there that it does not
 * name.
 */
#include "base/text.h"
#include "report/html_part.h"
#include "report/html_sections.h"
#include "report/html_text.h"

#define IDS_MOST 300
#define IDS_BYTES 9000

static void ids(const struct slice *id, size_t count, const char *title, const char *none,
		struct buf *out)
{
	struct html_list list = html_list_new(out, count, IDS_MOST, IDS_BYTES);
	size_t shown = 0;

	buf_printf(out, "<h3>%s <span>", title);
	text_count(out, count);
	buf_string(out, "</span></h3>\n");
	if (count == 0) {
		buf_printf(out, "<p>%s</p>\n", none);
		return;
	}
	buf_string(out, "<ul class=ids>\n");
	for (; html_list_room(&list, out, shown); shown++) {
		buf_string(out, "<li>");
		html_text_or(out, id[shown], HTML_NAME, "no id");
		buf_string(out, "</li>\n");
	}
	buf_string(out, "</ul>\n");
	if (shown < count) {
		buf_string(out, "<p class=note>And ");
		text_count(out, count - shown);
		buf_string(out, " more: <code>callroll audit --format json</code> has all.</p>\n");
	}
}

void html_expected(const struct report *r, struct buf *out)
{
	html_section(out, "expected", "Expected batches");
	ids(r->missing, r->missing_count, "Missing", "Every expected batch is there.", out);
	ids(r->unexpected, r->unexpected_count, "Not expected",
	    "No other batch than the expected ones is there.", out);
	html_section_end(out);
}
