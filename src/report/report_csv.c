/*
 * report_csv.c: the rows of a report as one table, RFC 4180: a line for each row of each group.
 * Contradictions are not in it. What could not be read stands before all rows.
 */
#include "report/formats.h"

/* Columns of figures besides those of statuses. */
#define FIGURES 6

static const char *const groups[REPORT_GROUPS] = {"all", "batch", "agent", "provider", "day"};

/* A field that is a text; quoted where it must be. */
static void put_text(struct buf *out, struct slice text)
{
	bool quote = false;

	for (size_t i = 0; i < text.len; i++)
		quote |= strchr(",\"\r\n", text.data[i]) != NULL; /* NUL too */
	if (!quote) {
		buf_slice(out, text);
		return;
	}
	buf_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"')
			buf_byte(out, '"');
		buf_byte(out, text.data[i]);
	}
	buf_byte(out, '"');
}

static void put_number(struct buf *out, uint64_t n)
{
	buf_byte(out, ',');
	buf_uint(out, n);
}

static void put_head(struct buf *out, const struct report *r)
{
	buf_string(out, "group,key,name,status,batches,recipients");
	for (size_t i = 0; i < r->status_count; i++) {
		buf_byte(out, ',');
		if (r->status[i].name.len > 0)
			put_text(out, r->status[i].name);
		else
			buf_string(out, "(none)");
	}
	buf_string(out, ",completed_share,timed,median_s,p90_s,p99_s\r\n");
}

static void put_seconds(struct buf *out, const struct report_times *t, int64_t seconds)
{
	buf_byte(out, ',');
	if (t->count > 0)
		buf_int(out, seconds);
}

/* Cells in which nothing stands. */
static void put_nothing(struct buf *out, size_t cells)
{
	while (cells-- > 0)
		buf_byte(out, ',');
}

/* What could not be read: a line each, in which no figure stands. */
static void put_trouble(struct buf *out, const struct report *r)
{
	for (size_t i = 0; i < r->trouble_count; i++) {
		buf_string(out, "not readable,");
		put_text(out, r->troubles[i]);
		put_nothing(out, 3 + r->status_count + FIGURES);
		buf_string(out, "\r\n");
	}
}

static void put_row(struct buf *out, const struct report *r, enum report_group group, size_t i)
{
	const struct report_row *row = &r->rows[group][i];
	const struct report_times *t = &row->times;

	buf_string(out, groups[group]);
	buf_byte(out, ',');
	put_text(out, row->key);
	buf_byte(out, ',');
	put_text(out, row->name);
	buf_byte(out, ',');
	if (group == REPORT_BATCH)
		put_text(out, r->batches[i].status);
	put_number(out, row->batches);
	if (!report_has_figures(row)) {
		put_nothing(out, r->status_count + FIGURES);
		buf_string(out, "\r\n");
		return;
	}
	put_number(out, row->recipients);
	for (size_t k = 0; k < r->status_count; k++)
		put_number(out, row->by_status[k]);
	buf_byte(out, ',');
	if (row->recipients > 0)
		buf_printf(out, "%.6f",
			   (double)row->by_status[REPORT_COMPLETED] / (double)row->recipients);
	put_number(out, t->count);
	put_seconds(out, t, t->median);
	put_seconds(out, t, t->p90);
	put_seconds(out, t, t->p99);
	buf_string(out, "\r\n");
}

int report_csv(const struct report *r, struct buf *out)
{
	put_head(out, r);
	put_trouble(out, r);
	for (int group = 0; group < REPORT_GROUPS; group++)
		for (size_t i = 0; i < r->row_count[group]; i++)
			put_row(out, r, (enum report_group)group, i);
	return out->failed ? -1 : 0;
}
