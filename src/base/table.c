/*
 * table.c: columns of text. Widths are those of text_width.h, of heads, cells and what is cut
 * alike.
 */
#include "base/table.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/text_width.h"

#define GAP 2
#define INDENT 2      /* of what stands below another line */
#define LEAST 4       /* no text is cut to less */
#define DROP_MOST 16  /* orders in which columns are left out */

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

/* --- what fits --- */

struct layout {
	size_t *widths; /* of each column; 0: it is not shown */
	bool lines;     /* columns with a line of their own stand there */
	uint64_t left_out;
};

/* How wide each column likes to be, what shrinks at most `most`; 0: nothing is in it. */
static void measure(const struct table *t, size_t *widths, size_t most)
{
	for (size_t c = 0; c < t->count; c++) {
		bool something = !t->columns[c].optional;

		widths[c] = text_width(slice_string(t->columns[c].head));
		for (size_t i = c; i < t->n_cells; i += t->count) {
			struct slice s = cell(t, i);
			size_t w = text_width(s);

			something |= s.len > 0 && !slice_equal(s, SLICE("0"));
			if (w > widths[c])
				widths[c] = w;
		}
		if (!something)
			widths[c] = 0;
		if (t->columns[c].shrinks && widths[c] > most)
			widths[c] = most;
	}
}

static enum table_line line_of(const struct table *t, const struct layout *l, size_t c)
{
	return l->lines ? t->columns[c].line : TABLE_ROW;
}

/* What a line begins with. */
static size_t indent(const struct table *t, const struct layout *l, enum table_line line)
{
	if (line == TABLE_BELOW)
		return INDENT;
	for (size_t c = 0; c < t->count && line == TABLE_ROW; c++)
		if (line_of(t, l, c) == TABLE_ABOVE && l->widths[c] > 0)
			return INDENT;
	return 0;
}

/* How far a column may be cut. */
static size_t least(const struct table *t, const struct layout *l, size_t c, bool hard)
{
	const struct column *column = &t->columns[c];
	size_t n = column->least > 0 ? column->least
				     : text_width(slice_string(column->head)) + LEAST;

	if (hard)
		n = LEAST;
	return column->shrinks && n < l->widths[c] ? n : l->widths[c];
}

/* How wide a line is: as its columns are, or cut to what they may be. */
static size_t line_width(const struct table *t, const struct layout *l, enum table_line line,
			 bool cut)
{
	size_t total = 0;

	for (size_t c = 0; c < t->count; c++)
		if (l->widths[c] > 0 && line_of(t, l, c) == line)
			total += GAP + (cut ? least(t, l, c, false) : l->widths[c]);
	return total == 0 ? 0 : total - GAP + indent(t, l, line);
}

static void leave_out(const struct table *t, struct layout *l, unsigned order)
{
	for (size_t c = 0; c < t->count; c++) {
		if (t->columns[c].drop != order || l->widths[c] == 0)
			continue;
		l->widths[c] = 0;
		l->left_out |= UINT64_C(1) << c;
	}
}

/* The column of a line that can give most, or t->count. */
static size_t widest(const struct table *t, const struct layout *l, enum table_line line, bool hard)
{
	size_t found = t->count, most = 0;

	for (size_t c = 0; c < t->count; c++) {
		size_t gives = l->widths[c] - least(t, l, c, hard);

		if (line_of(t, l, c) == line && gives > most) {
			most = gives;
			found = c;
		}
	}
	return found;
}

static void shrink(const struct table *t, struct layout *l, enum table_line line, size_t width,
		   bool hard)
{
	size_t total = line_width(t, l, line, false), c;

	for (; total > width && (c = widest(t, l, line, hard)) < t->count; total--)
		l->widths[c]--;
}

/* Chooses what is shown, and where. */
static void fit(const struct table *t, struct layout *l, size_t width)
{
	bool has_lines = false;

	measure(t, l->widths, width > 0 ? width : SIZE_MAX);
	if (width == 0)
		return;
	for (size_t c = 0; c < t->count; c++)
		has_lines |= t->columns[c].line != TABLE_ROW && l->widths[c] > 0;
	if (line_width(t, l, TABLE_ROW, true) > width && has_lines) {
		leave_out(t, l, 1);
		if (line_width(t, l, TABLE_ROW, true) > width) {
			measure(t, l->widths, width);
			l->left_out = 0;
			l->lines = true;
		}
	}
	for (unsigned order = 1; order <= DROP_MOST; order++)
		if (line_width(t, l, TABLE_ROW, true) > width)
			leave_out(t, l, order);
	for (enum table_line line = TABLE_ABOVE; line <= TABLE_BELOW; line++) {
		shrink(t, l, line, width, false);
		shrink(t, l, line, width, true);
	}
}

/* --- lines --- */

/* What is left of a text that is wider than `width`. */
static void put_cut(struct buf *out, struct slice text, size_t width, bool middle)
{
	size_t room = width > 0 ? width - 1 : 0, end = middle ? room / 2 : 0;
	size_t from = text_width_cut_end(text, end);

	buf_append(out, text.data, text_width_cut(text, room - end));
	buf_string(out, "…");
	if (end > 0)
		buf_append(out, text.data + from, text.len - from);
}

static void put(struct buf *out, struct slice text, size_t width, const struct column *column)
{
	size_t have = text_width(text);
	struct buf shown = BUF_INIT;

	if (have > width) {
		put_cut(&shown, text, width, column->middle);
		text = buf_view(&shown);
		have = text_width(text);
	}
	for (size_t i = have; column->right && i < width; i++)
		buf_byte(out, ' ');
	buf_slice(out, text);
	for (size_t i = have; !column->right && i < width; i++)
		buf_byte(out, ' ');
	out->failed |= shown.failed;
	buf_free(&shown);
}

/* One line of a row, if something is in it. */
static void put_line(const struct table *t, const struct layout *l, enum table_line line,
		     size_t first, bool heads, struct buf *out)
{
	size_t start = out->len;
	const char *gap = "";

	for (size_t i = indent(t, l, line); i > 0; i--)
		buf_byte(out, ' ');
	for (size_t c = 0; c < t->count; c++) {
		if (l->widths[c] == 0 || line_of(t, l, c) != line)
			continue;
		buf_string(out, gap);
		gap = "  ";
		put(out, heads ? slice_string(t->columns[c].head) : cell(t, first + c),
		    l->widths[c], &t->columns[c]);
	}
	while (out->len > start && out->data[out->len - 1] == ' ')
		out->len--;
	if (out->len > start || line == TABLE_ROW)
		buf_byte(out, '\n');
}

static void put_row(const struct table *t, const struct layout *l, size_t first, bool heads,
		    struct buf *out)
{
	for (enum table_line line = TABLE_ABOVE; line <= TABLE_BELOW; line++)
		put_line(t, l, line, first, heads, out);
}

void table_print(const struct table *t, unsigned width, struct buf *out)
{
	struct layout l = {.widths = calloc(t->count, sizeof(*l.widths))};

	if (l.widths == NULL) {
		out->failed = true;
		return;
	}
	fit(t, &l, width);
	put_row(t, &l, 0, true, out);
	for (size_t i = 0; i + t->count <= t->n_cells; i += t->count)
		put_row(t, &l, i, false, out);
	free(l.widths);
}

struct table_fit table_fit(const struct table *t, unsigned width)
{
	struct layout l = {.widths = calloc(t->count, sizeof(*l.widths))};
	struct table_fit result = {0};

	if (l.widths == NULL)
		return result;
	fit(t, &l, width);
	for (enum table_line line = TABLE_ABOVE; line <= TABLE_BELOW; line++) {
		size_t wide = line_width(t, &l, line, false);

		if (wide > result.wide)
			result.wide = wide;
	}
	result.left_out = l.left_out;
	result.lines = l.lines;
	free(l.widths);
	return result;
}
