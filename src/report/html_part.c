/*
 * html_part.c: sections, tables, cells, lists that have an end.
 * What is opened here is closed here. It must never be given data.
 */
#include "report/html_part.h"

#include "base/text.h"
#include "report/html_text.h"

void html_section(struct buf *out, const char *id, const char *title)
{
	buf_printf(out, "<section id=%s aria-labelledby=%s-h>\n<h2 id=%s-h>%s</h2>\n", id, id, id,
		   title);
}

void html_section_end(struct buf *out)
{
	buf_string(out, "</section>\n");
}

void html_table(struct buf *out, const char *id)
{
	buf_printf(out,
		   "<div class=scroll role=region tabindex=0 aria-labelledby=%s-c>\n"
		   "<table><caption id=%s-c>",
		   id, id);
}

void html_table_heads(struct buf *out)
{
	buf_string(out, "</caption>\n<thead><tr>");
}

void html_table_rows(struct buf *out)
{
	buf_string(out, "</tr></thead>\n<tbody>\n");
}

void html_table_end(struct buf *out)
{
	buf_string(out, "</tbody></table></div>\n");
}

void html_head_text(struct buf *out, const char *name)
{
	buf_printf(out, "<th scope=col class=t>%s</th>", name);
}

void html_head(struct buf *out, const char *name)
{
	buf_printf(out, "<th scope=col>%s</th>", name);
}

void html_cell(struct buf *out, uint64_t n)
{
	buf_string(out, n == 0 ? "<td class=z>" : "<td>");
	text_count(out, n);
	buf_string(out, "</td>");
}

void html_cell_share(struct buf *out, uint64_t n, uint64_t of)
{
	buf_string(out, "<td class=z>");
	html_share(out, n, of);
	buf_string(out, "</td>");
}

struct html_list html_list_new(const struct buf *out, size_t count, size_t most, size_t bytes)
{
	return (struct html_list){out->len, count, most, bytes};
}

bool html_list_room(const struct html_list *l, const struct buf *out, size_t i)
{
	return i < l->count && i < l->most && out->len - l->start < l->bytes;
}
