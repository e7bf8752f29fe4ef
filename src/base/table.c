/*
 * table.c: columns of text. Widths are counted in characters; wide and combining ones make a row
 * ragged, nothing worse.
 */
#include "base/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define GAP 2

struct table {
	const struct column *columns;
	size_t count;
	struct buf text;
	size_t *cells; /* where each cell's text ends */
	size_t n_cells, cells_cap;
	bool failed;
};

struct table *table_new(const struct column *columns, size_t count)
{
	struct table *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->columns = columns;
	t->count = count;
	return t;
}

void table_free(struct table *t)
{
	if (t == NULL)
		return;
	buf_free(&t->text);
	free(t->cells);
	free(t);
}

void table_cell(struct table *t, struct slice text)
{
	text_safe(&t->text, text);
	if (array_reserve(&t->cells, &t->cells_cap, t->n_cells + 1, sizeof(*t->cells)) != 0) {
		t->failed = true;
		return;
	}
	t->cells[t->n_cells++] = t->text.len;
}

void table_number(struct table *t, uint64_t n)
{
	struct buf text = BUF_INIT;

	text_count(&text, n);
	table_cell(t, buf_view(&text));
	buf_free(&text);
}

size_t table_rows(const struct table *t)
{
	return t->n_cells / t->count;
}

bool table_failed(const struct table *t)
{
	return t->failed || t->text.failed;
}

static struct slice cell(const struct table *t, size_t i)
{
	size_t start = i == 0 ? 0 : t->cells[i - 1];

	return slice_of(t->text.data + start, t->cells[i] - start);
}

static size_t width_of(struct slice s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.data[i] & 0xc0) != 0x80;
	return n;
}

/* The bytes of its first `most` characters. */
static size_t cut(struct slice s, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (((unsigned char)s.data[i] & 0xc0) == 0x80)
			continue;
		if (n++ == most)
			return i;
	}
	return s.len;
}

static void put(struct buf *out, struct slice text, size_t width, bool right, bool last)
{
	size_t have = width_of(text);
	bool cuts = have > width;

	if (cuts) {
		text.len = cut(text, width > 0 ? width - 1 : 0);
		have = width;
	}
	for (size_t i = have; right && i < width; i++)
		buf_byte(out, ' ');
	buf_slice(out, text);
	if (cuts)
		buf_string(out, "…");
	for (size_t i = have; !right && !last && i < width; i++)
		buf_byte(out, ' ');
}

/* How wide each column is; 0: left out. */
static size_t measure(const struct table *t, size_t *widths)
{
	size_t total = 0;

	for (size_t c = 0; c < t->count; c++) {
		bool something = false;

		widths[c] = strlen(t->columns[c].head);
		for (size_t i = c; i < t->n_cells; i += t->count) {
			struct slice s = cell(t, i);
			size_t w = width_of(s);

			something |= s.len > 0 && !slice_equal(s, SLICE("0"));
			if (w > widths[c])
				widths[c] = w;
		}
		if (t->columns[c].optional && !something)
			widths[c] = 0;
		else
			total += widths[c] + GAP;
	}
	return total > GAP ? total - GAP : 0;
}

static void shrink(const struct table *t, size_t *widths, size_t total, size_t width)
{
	for (size_t c = 0; c < t->count && total > width; c++) {
		size_t least = strlen(t->columns[c].head) + 4, take = total - width;

		if (!t->columns[c].shrinks || widths[c] <= least)
			continue;
		if (take > widths[c] - least)
			take = widths[c] - least;
		widths[c] -= take;
		total -= take;
	}
}

static void row(const struct table *t, const size_t *widths, size_t first, bool heads,
		struct buf *out)
{
	bool begun = false;
	size_t start = out->len;

	for (size_t c = 0; c < t->count; c++) {
		if (widths[c] == 0)
			continue;
		if (begun)
			buf_string(out, "  ");
		begun = true;
		put(out, heads ? slice_string(t->columns[c].head) : cell(t, first + c), widths[c],
		    t->columns[c].right, c + 1 == t->count);
	}
	while (out->len > start && out->data[out->len - 1] == ' ')
		out->len--;
	buf_byte(out, '\n');
}

void table_print(const struct table *t, unsigned width, struct buf *out)
{
	size_t *widths = calloc(t->count, sizeof(*widths)), total;

	if (widths == NULL) {
		out->failed = true;
		return;
	}
	total = measure(t, widths);
	if (width > 0)
		shrink(t, widths, total, width);
	row(t, widths, 0, true, out);
	for (size_t i = 0; i + t->count <= t->n_cells; i += t->count)
		row(t, widths, i, false, out);
	free(widths);
}

size_t table_width(const struct table *t)
{
	size_t *widths = calloc(t->count, sizeof(*widths));
	size_t total = widths == NULL ? 0 : measure(t, widths);

	free(widths);
	return total;
}
