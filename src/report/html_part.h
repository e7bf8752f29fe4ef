/*
 * html_part.h: what the page is put together from: sections, tables, cells, lists that have an end.
 * `id` and titles are the page's own words, never data.
 */
#ifndef REPORT_HTML_PART_H
#define REPORT_HTML_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

void html_section(struct buf *out, const char *id, const char *title);
void html_section_end(struct buf *out);

/* A table in a box that scrolls by itself. The caller appends the caption (HTML), then the heads,
 * then rows. */
void html_table(struct buf *out, const char *id);
void html_table_heads(struct buf *out); /* ends the caption */
void html_table_rows(struct buf *out);  /* ends the heads */
void html_table_end(struct buf *out);
/* The head of a column of texts, and of one of numbers. */
void html_head_text(struct buf *out, const char *name);
void html_head(struct buf *out, const char *name);

/* A cell with a number. */
void html_cell(struct buf *out, uint64_t n);
void html_cell_share(struct buf *out, uint64_t n, uint64_t of);

/*
 * A list that ends after so many elements or so many bytes, whatever the data: with it the page has
 * a size that no report exceeds.
 */
struct html_list {
	size_t start; /* out->len before the first element */
	size_t count; /* of elements */
	size_t most, bytes;
};

struct html_list html_list_new(const struct buf *out, size_t count, size_t most, size_t bytes);
/* Whether element i is shown; those before it are. */
bool html_list_room(const struct html_list *l, const struct buf *out, size_t i);

#endif
