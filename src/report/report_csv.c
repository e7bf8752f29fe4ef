/*
 * report_csv.c: the rows of a report as one table, RFC 4180: a line for each row of each group.
 * Contradictions are not in it. What could not be read stands before all rows.
 */
#include "report/formats.h"

#include "json/cells.h"

/* Columns of figures besides those of statuses. */
#define FIGURES 6

static const char *const groups[REPORT_GROUPS] = {"all", "batch", "agent", "provider", "day"};

/* Nothing, if there is none: then it is not known, and not empty. */
static void put_text(struct cells *c, struct slice text)
{
	if (text.len > 0)
		cells_text(c, text);
	else
		cells_made(c, text);
}

static void put_made(struct cells *c, struct buf *scratch)
{
	cells_made(c, buf_view(scratch));
	buf_clear(scratch);
}

static void put_number(struct cells *c, uint64_t n)
{
	buf_clear(&c->json);
	buf_uint(&c->json, n);
	put_made(c, &c->json);
}

/* Cells in which nothing stands. */
static void put_nothing(struct cells *c, size_t count)
{
	while (count-- > 0)
		cells_made(c, SLICE(""));
}

static void put_head(struct cells *c, const struct report *r)
{
	static const char *const before[] = {"group",  "key",     "name",
					     "status", "batches", "recipients"};
	static const char *const after[] = {"completed_share", "timed", "median_s", "p90_s",
					    "p99_s"};

	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		cells_text(c, slice_string(before[i]));
	for (size_t i = 0; i < r->status_count; i++)
		cells_text(c, r->status[i].name.len > 0 ? r->status[i].name : SLICE("(none)"));
	for (size_t i = 0; i < sizeof(after) / sizeof(after[0]); i++)
		cells_text(c, slice_string(after[i]));
	cells_end_row(c);
}

/* What could not be read: a line each, in which no figure stands. */
static void put_trouble(struct cells *c, const struct report *r)
{
	for (size_t i = 0; i < r->trouble_count; i++) {
		cells_text(c, SLICE("not readable"));
		cells_text(c, r->troubles[i]);
		put_nothing(c, 3 + r->status_count + FIGURES);
		cells_end_row(c);
	}
}

static void put_times(struct cells *c, const struct report_times *t)
{
	put_number(c, t->count);
	if (t->count == 0) {
		put_nothing(c, 3);
		return;
	}
	put_number(c, (uint64_t)t->median);
	put_number(c, (uint64_t)t->p90);
	put_number(c, (uint64_t)t->p99);
}

static void put_figures(struct cells *c, const struct report *r, const struct report_row *row)
{
	put_number(c, row->recipients);
	for (size_t k = 0; k < r->status_count; k++)
		put_number(c, row->by_status[k]);
	buf_clear(&c->json);
	if (row->recipients > 0)
		buf_printf(&c->json, "%.6f",
			   (double)row->by_status[REPORT_COMPLETED] / (double)row->recipients);
	put_made(c, &c->json);
	put_times(c, &row->times);
}

static void put_row(struct cells *c, const struct report *r, enum report_group group, size_t i)
{
	const struct report_row *row = &r->rows[group][i];

	cells_text(c, slice_string(groups[group]));
	put_text(c, row->key);
	put_text(c, row->name);
	put_text(c, group == REPORT_BATCH ? r->batches[i].status : SLICE(""));
	put_number(c, row->batches);
	if (report_has_figures(row))
		put_figures(c, r, row);
	else
		put_nothing(c, r->status_count + FIGURES);
	cells_end_row(c);
}

int report_csv(const struct report *r, bool spreadsheet, struct buf *out)
{
	struct cells c = {.spreadsheet = spreadsheet};
	bool failed;

	if (spreadsheet)
		buf_string(&c.out, "\xef\xbb\xbf"); /* or it is not read as UTF-8 */
	put_head(&c, r);
	put_trouble(&c, r);
	for (int group = 0; group < REPORT_GROUPS; group++)
		for (size_t i = 0; i < r->row_count[group]; i++)
			put_row(&c, r, (enum report_group)group, i);
	buf_slice(out, buf_view(&c.out));
	failed = cells_failed(&c) || out->failed;
	cells_free(&c);
	return failed ? -1 : 0;
}
