/*
 * text_tables.c: the tables of a report for people. Each shows what there is room for: which
 * columns go first stands beside the columns, and what went is said below. Numbers are never cut.
 */
#include "report/text_tables.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "base/text_width.h"

#define FILE_WIDTH 100 /* where no terminal says it */
#define BAR_LEAST 8    /* a shorter bar says nothing */
#define BAR_MOST 30
#define ROWS_MOST 30 /* of a table */
#define NAME_MOST 40 /* columns of a name or key in a table */
#define KEY_MOST 64
#define ID_LEAST 34 /* as long as ids are: whole, as long as there is room */
#define NAME_LEAST 12
#define STATUS_LEAST 11
#define UNKNOWN_MOST 10 /* statuses that are none of the published ones */

/* --- cells --- */

static void end_cell(struct text *t, struct table *table)
{
	table_cell(table, buf_view(&t->cell));
	buf_clear(&t->cell);
}

/* The beginning of a text; `none` if there is nothing. */
static void text_cell(struct text *t, struct table *table, struct slice s, size_t most,
		      const char *none)
{
	size_t n = text_width_cut(s, most);

	buf_slice(&t->cell, s.len == 0 ? slice_string(none) : slice_of(s.data, n));
	if (n < s.len)
		buf_string(&t->cell, "…");
	end_cell(t, table);
}

/* A number where most have none. */
static void rare_cell(struct text *t, struct table *table, uint64_t n)
{
	if (n > 0)
		text_count(&t->cell, n);
	end_cell(t, table);
}

static void span_cell(struct text *t, struct table *table, const struct report_times *times,
		      int64_t seconds)
{
	if (times->count > 0)
		text_span(&t->cell, (uint64_t)seconds);
	end_cell(t, table);
}

/* --- bars --- */

static void put_times(struct buf *out, size_t n, const char *what)
{
	while (n-- > 0)
		buf_string(out, what);
}

/* part / all of a bar, to the nearest cell (blocks: to the nearest eighth). */
static void put_bar(struct text *t, size_t width, uint64_t part, uint64_t all)
{
	static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
	double cells = all == 0 ? 0 : (double)width * (double)part / (double)all;

	if (!t->blocks) {
		put_times(&t->cell, (size_t)(cells + 0.5), "#");
		return;
	}
	size_t n = (size_t)(cells * 8 + 0.5);
	if (n == 0 && part > 0)
		n = 1;
	put_times(&t->cell, n / 8, "█");
	buf_string(&t->cell, eighths[n % 8]);
}

/* Completed, otherwise settled, and the rest, as parts of one bar. */
static void outcome_cell(struct text *t, struct table *table, const struct report_row *row,
			 size_t width)
{
	uint64_t completed = row->by_status[REPORT_COMPLETED];
	uint64_t settled = row->recipients - row->open - row->unknown;
	double unit = row->recipients == 0 ? 0 : (double)width / (double)row->recipients;
	size_t first = (size_t)((double)completed * unit + 0.5);
	size_t second = (size_t)((double)settled * unit + 0.5);
	size_t last = row->recipients == 0 ? 0 : width;

	put_times(&t->cell, first, t->blocks ? "█" : "#");
	put_times(&t->cell, second - first, t->blocks ? "▒" : "-");
	put_times(&t->cell, last - second, t->blocks ? "░" : ".");
	end_cell(t, table);
}

/* How long the bar may be in a table that has one of BAR_LEAST, which is the column `c`; 0: there
 * is no room for one. */
static size_t bar_width(const struct text *t, const struct table *table, size_t c)
{
	struct table_fit fit = table_fit(table, t->width);
	size_t width = t->width > 0 ? t->width : FILE_WIDTH;
	size_t most = BAR_LEAST + (width > fit.wide ? width - fit.wide : 0);

	if ((fit.left_out >> c & 1) != 0)
		return 0;
	return most < BAR_MOST ? most : BAR_MOST;
}

/* --- all recipients --- */

static const struct column status_columns[] = {
	{.head = "STATUS", .shrinks = true, .least = STATUS_LEAST},
	{.head = "RECIP", .right = true},
	{.head = "SHARE", .right = true},
	{.head = "", .drop = 1},
};

static void status_row(struct text *t, struct table *table, size_t bar, uint64_t n)
{
	uint64_t all = t->r->rows[REPORT_ALL][0].recipients;

	table_number(table, n);
	put_share(&t->cell, n, all);
	end_cell(t, table);
	put_bar(t, bar, n, all);
	end_cell(t, table);
}

static int by_count(const void *a, const void *b, void *by_status)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	uint64_t m = ((const uint64_t *)by_status)[x], n = ((const uint64_t *)by_status)[y];

	if (m != n)
		return m > n ? -1 : 1;
	return (x > y) - (x < y);
}

/* Those that most recipients have, and the sum of the others. */
static int fill_unknown(struct text *t, struct table *table, size_t bar)
{
	const struct report *r = t->r;
	const uint64_t *by_status = r->rows[REPORT_ALL][0].by_status;
	size_t *order = calloc(r->status_count + 1, sizeof(*order)), count = 0, shown;
	uint64_t rest = 0;

	if (order == NULL)
		return -1;
	for (size_t i = 0; i < r->status_count; i++)
		if (r->status[i].kind == RECIPIENT_UNKNOWN && by_status[i] > 0)
			order[count++] = i;
	qsort_r(order, count, sizeof(*order), by_count, (void *)by_status);
	shown = count > UNKNOWN_MOST + 1 ? UNKNOWN_MOST : count; /* one more is no longer */
	for (size_t i = 0; i < shown; i++) {
		if (r->status[order[i]].name.len > 0)
			buf_string(&t->cell, "unknown: ");
		text_cell(t, table, r->status[order[i]].name, NAME_MOST, "(none)");
		status_row(t, table, bar, by_status[order[i]]);
	}
	for (size_t i = shown; i < count; i++)
		rest += by_status[order[i]];
	if (rest > 0) {
		buf_printf(&t->cell, "and %zu more unknown statuses", count - shown);
		end_cell(t, table);
		status_row(t, table, bar, rest);
	}
	free(order);
	return 0;
}

static int fill_statuses(struct text *t, struct table *table, size_t bar, const void *arg)
{
	const struct report *r = t->r;
	const struct report_row *all = &r->rows[REPORT_ALL][0];

	(void)arg;
	for (size_t i = 0; i < REPORT_PUBLISHED; i++) {
		if (all->by_status[i] == 0 && i != REPORT_COMPLETED && i != REPORT_FAILED)
			continue;
		text_cell(t, table, r->status[i].name, NAME_MOST, "(none)");
		status_row(t, table, bar, all->by_status[i]);
	}
	if (fill_unknown(t, table, bar) != 0)
		return -1;
	return table_failed(table) ? -1 : 0;
}

static void put_finish(struct text *t, const struct report_times *times)
{
	if (times->count == 0)
		return;
	buf_string(t->out, "time to finish, of ");
	put_count(t->out, times->count, "recipient", "recipients");
	buf_string(t->out, ": median ");
	text_span(t->out, (uint64_t)times->median);
	buf_string(t->out, ", 90% within ");
	text_span(t->out, (uint64_t)times->p90);
	buf_string(t->out, ", 99% within ");
	text_span(t->out, (uint64_t)times->p99);
	buf_byte(t->out, '\n');
}

/* --- tables of groups --- */

/* A table with a bar, made twice: once to see how much room there is for it. */
typedef int fill_table(struct text *t, struct table *table, size_t bar, const void *arg);

/* Remembers which heads had no room, each once. */
static void note_left_out(struct text *t, const struct table *table, const struct column *columns,
			  size_t count)
{
	uint64_t left_out = table_fit(table, t->width).left_out;

	for (size_t c = 0; c < count; c++) {
		const char *head = columns[c].head;
		size_t len = strlen(head);
		bool noted = t->left_out.len > 0 &&
			     memmem(t->left_out.data, t->left_out.len, head, len) != NULL;

		if ((left_out >> c & 1) == 0 || len == 0 || noted)
			continue;
		buf_string(&t->left_out, t->left_out.len > 0 ? ", " : "");
		buf_string(&t->left_out, head);
	}
}

static int put_table(struct text *t, const struct column *columns, size_t count, fill_table *fill,
		     const void *arg)
{
	struct table *table = table_new(columns, count);
	int result = table == NULL ? -1 : fill(t, table, BAR_LEAST, arg);
	size_t c = 0;

	while (c + 1 < count && *columns[c].head != '\0')
		c++;
	t->bar = table == NULL ? 0 : bar_width(t, table, c);
	table_free(table);
	table = table_new(columns, count);
	if (result == 0)
		result = table == NULL ? -1 : fill(t, table, t->bar, arg);
	if (result == 0) {
		table_print(table, t->width, t->out);
		note_left_out(t, table, columns, count);
	}
	table_free(table);
	return result;
}

int text_tables_all(struct text *t)
{
	const struct report_row *all = &t->r->rows[REPORT_ALL][0];

	buf_byte(t->out, '\n');
	if (!report_has_figures(all)) {
		buf_string(t->out, "recipients: not readable\n");
		return 0;
	}
	put_count(t->out, all->recipients, "recipient", "recipients");
	buf_string(t->out, ", by the latest capture of each batch");
	buf_string(t->out, all->unread > 0 ? " that is readable\n" : "\n");
	if (all->recipients == 0)
		return 0;
	if (put_table(t, status_columns, sizeof(status_columns) / sizeof(status_columns[0]),
		      fill_statuses, NULL) != 0)
		return -1;
	buf_string(t->out, "completed of recipients: ");
	put_share(t->out, all->by_status[REPORT_COMPLETED], all->recipients);
	buf_byte(t->out, '\n');
	put_finish(t, &all->times);
	return 0;
}

/* What groups have in common; the key's head is put in front. When there is little room, times go
 * before the bar, and counts that others imply last. */
#define NUMBER(...)                                                                                \
	{                                                                                          \
		.right = true, __VA_ARGS__                                                         \
	}
#define OUTCOME_COLUMNS                                                                            \
	NUMBER(.head = "RECIP"), NUMBER(.head = "DONE"), NUMBER(.head = "FAIL"),                   \
		NUMBER(.head = "VM", .optional = true, .drop = 6),                                 \
		NUMBER(.head = "CANC", .optional = true, .drop = 5),                               \
		NUMBER(.head = "OPEN", .optional = true),                                          \
		NUMBER(.head = "OTHER", .optional = true),                                         \
		{.head = "", .optional = true, .drop = 4},                                         \
		NUMBER(.head = "MEDIAN", .optional = true, .drop = 2),                             \
		NUMBER(.head = "P90", .optional = true, .drop = 1)
#define ID_COLUMN(name)                                                                            \
	{                                                                                          \
		.head = (name), .shrinks = true, .middle = true, .least = ID_LEAST,                \
		.line = TABLE_ABOVE                                                                \
	}
#define NAME_COLUMN                                                                                \
	{                                                                                          \
		.head = "NAME", .shrinks = true, .middle = true, .optional = true,                 \
		.least = NAME_LEAST, .line = TABLE_ABOVE                                           \
	}
#define STATUS_COLUMN                                                                              \
	{                                                                                          \
		.head = "STATUS", .shrinks = true, .least = STATUS_LEAST                           \
	}
#define BATCHES_COLUMN                                                                             \
	{                                                                                          \
		.head = "BATCHES", .right = true, .drop = 3                                        \
	}

#define FIGURES 10 /* of these columns */

static const struct column batch_columns[] = {
	ID_COLUMN("BATCH"),
	NAME_COLUMN,
	STATUS_COLUMN,
	OUTCOME_COLUMNS,
	NUMBER(.head = "!", .optional = true),
};
static const struct column agent_columns[] = {
	ID_COLUMN("AGENT"),
	NAME_COLUMN,
	BATCHES_COLUMN,
	OUTCOME_COLUMNS,
};
static const struct column provider_columns[] = {
	{.head = "PROVIDER", .shrinks = true, .least = STATUS_LEAST},
	BATCHES_COLUMN,
	OUTCOME_COLUMNS,
};
static const struct column day_columns[] = {
	{.head = "DAY"},
	BATCHES_COLUMN,
	OUTCOME_COLUMNS,
};
#define COUNT(columns) (sizeof(columns) / sizeof((columns)[0]))

static const struct {
	const char *title;
	const char *none; /* an empty key */
	const struct column *columns;
	size_t count;
} groups[REPORT_GROUPS] = {
	[REPORT_BATCH] = {"By batch", "(none)", batch_columns, COUNT(batch_columns)},
	[REPORT_AGENT] = {"By agent", "(none)", agent_columns, COUNT(agent_columns)},
	[REPORT_PROVIDER] = {"By provider", "(none)", provider_columns, COUNT(provider_columns)},
	[REPORT_DAY] = {"By day of the last update", "(unknown)", day_columns, COUNT(day_columns)},
};

/* Rows from .. of a group. */
struct part {
	enum report_group group;
	size_t from, to;
};

static void figure_cells(struct text *t, struct table *table, const struct report_row *row,
			 size_t bar)
{
	table_number(table, row->recipients);
	table_number(table, row->by_status[REPORT_COMPLETED]);
	table_number(table, row->by_status[REPORT_FAILED]);
	table_number(table, row->by_status[REPORT_VOICEMAIL]);
	table_number(table, row->by_status[REPORT_CANCELLED]);
	table_number(table, row->open);
	table_number(table, row->unknown);
	outcome_cell(t, table, row, bar);
	span_cell(t, table, &row->times, row->times.median);
	span_cell(t, table, &row->times, row->times.p90);
}

/* The same cells of what cannot be read. */
static void no_figure_cells(struct table *table)
{
	table_cell(table, SLICE("not readable"));
	for (int i = 1; i < FIGURES; i++)
		table_cell(table, SLICE(""));
}

static void fill_row(struct text *t, struct table *table, size_t bar, enum report_group group,
		     size_t i)
{
	const struct report_row *row = &t->r->rows[group][i];

	text_cell(t, table, row->key, KEY_MOST, groups[group].none);
	if (group == REPORT_BATCH || group == REPORT_AGENT)
		text_cell(t, table, row->name, NAME_MOST, "");
	if (group == REPORT_BATCH)
		text_cell(t, table, t->r->batches[i].status, NAME_MOST, "");
	else
		table_number(table, row->batches);
	if (report_has_figures(row))
		figure_cells(t, table, row, bar);
	else
		no_figure_cells(table);
	if (group == REPORT_BATCH)
		rare_cell(t, table, t->r->batches[i].contradictions);
}

static int fill_group(struct text *t, struct table *table, size_t bar, const void *arg)
{
	const struct part *part = arg;

	for (size_t i = part->from; i < part->to; i++)
		fill_row(t, table, bar, part->group, i);
	return table_failed(table) ? -1 : 0;
}

/* What the parts of the bars mean. */
static void put_legend(struct text *t)
{
	buf_string(t->out, t->blocks ? "bars: █" : "bars: #");
	buf_string(t->out, " completed, ");
	buf_string(t->out, t->blocks ? "▒" : "-");
	buf_string(t->out, " failed, voicemail or cancelled, ");
	buf_string(t->out, t->blocks ? "░" : ".");
	buf_string(t->out, " open or other\n");
}

/* Of batches and days the newest ones help most, of the others those with most recipients, which
 * stand first. */
static int put_group(struct text *t, enum report_group group)
{
	size_t count = t->r->row_count[group];
	bool newest = group == REPORT_BATCH || group == REPORT_DAY;
	struct part part = {group, 0, count};

	if (count == 0 || (count == 1 && group != REPORT_BATCH))
		return 0;
	if (count > ROWS_MOST) {
		part.from = newest ? count - ROWS_MOST : 0;
		part.to = part.from + ROWS_MOST;
	}
	put_title(t, groups[group].title);
	if (newest && count > ROWS_MOST) {
		buf_string(t->out, "… ");
		text_count(t->out, count - ROWS_MOST);
		buf_string(t->out, " before these (--format csv)\n");
	}
	if (put_table(t, groups[group].columns, groups[group].count, fill_group, &part) != 0)
		return -1;
	if (group == REPORT_BATCH && t->bar > 0)
		put_legend(t);
	if (!newest)
		put_more(t, count, ROWS_MOST, "csv");
	return 0;
}

/* --- batches with open recipients --- */

static const struct column open_columns[] = {
	ID_COLUMN("BATCH"),     NAME_COLUMN,          STATUS_COLUMN,
	NUMBER(.head = "OPEN"), NUMBER(.head = "OF"), {.head = "", .shrinks = true, .least = 16},
};

static int by_open(const void *a, const void *b, void *rows)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	uint64_t m = ((const struct report_row *)rows)[x].open;
	uint64_t n = ((const struct report_row *)rows)[y].open;

	if (m != n)
		return m > n ? -1 : 1;
	return (x > y) - (x < y);
}

static void open_cells(struct text *t, struct table *table, size_t i)
{
	const struct report_row *row = &t->r->rows[REPORT_BATCH][i];
	const char *separator = "";

	text_cell(t, table, row->key, KEY_MOST, "(none)");
	text_cell(t, table, row->name, NAME_MOST, "");
	text_cell(t, table, t->r->batches[i].status, NAME_MOST, "");
	table_number(table, row->open);
	table_number(table, row->recipients);
	for (size_t k = REPORT_PENDING; k < REPORT_PUBLISHED; k++) {
		if (row->by_status[k] == 0)
			continue;
		buf_string(&t->cell, separator);
		text_count(&t->cell, row->by_status[k]);
		buf_byte(&t->cell, ' ');
		buf_slice(&t->cell, t->r->status[k].name);
		separator = ", ";
	}
	end_cell(t, table);
}

/* Those that ended, or those that go on; most open ones first. */
static int put_open(struct text *t, bool ended, const char *title)
{
	const struct report *r = t->r;
	size_t *order = calloc(r->row_count[REPORT_BATCH] + 1, sizeof(*order)), count = 0;
	struct table *table = table_new(open_columns, COUNT(open_columns));
	int result = order == NULL || table == NULL ? -1 : 0;

	for (size_t i = 0; result == 0 && i < r->row_count[REPORT_BATCH]; i++)
		if (r->batches[i].ended == ended && r->rows[REPORT_BATCH][i].open > 0)
			order[count++] = i;
	if (result == 0 && count > 0) {
		qsort_r(order, count, sizeof(*order), by_open, (void *)r->rows[REPORT_BATCH]);
		for (size_t i = 0; i < count && i < LIST_MOST; i++)
			open_cells(t, table, order[i]);
		put_title(t, title);
		table_print(table, t->width, t->out);
		put_more(t, count, LIST_MOST, "csv");
		result = table_failed(table) ? -1 : 0;
	}
	table_free(table);
	free(order);
	return result;
}

/* --- contradictions by rule --- */

static const struct column rule_columns[] = {
	{.head = "RULE"},
	NUMBER(.head = "COUNT"),
	NUMBER(.head = "BATCHES"),
};

int text_tables_rules(struct text *t)
{
	const struct report *r = t->r;
	struct table *table = table_new(rule_columns, COUNT(rule_columns));
	int result = table == NULL ? -1 : 0;

	for (size_t i = 0; result == 0 && i < r->rule_count; i++) {
		uint64_t batches = 0;

		if (r->by_rule[i] == 0)
			continue;
		for (size_t k = 0; k < r->row_count[REPORT_BATCH]; k++)
			batches += r->batches[k].by_rule[i] > 0;
		table_cell(table, slice_string(rule_info(r->rules[i])->name));
		table_number(table, r->by_rule[i]);
		table_number(table, batches);
	}
	if (result == 0) {
		put_title(t, "Contradictions by rule");
		table_print(table, t->width, t->out);
		result = table_failed(table) ? -1 : 0;
	}
	table_free(table);
	return result;
}

static void put_left_out(struct text *t)
{
	if (t->left_out.len == 0)
		return;
	buf_string(t->out, "\nno room for ");
	buf_slice(t->out, buf_view(&t->left_out));
	buf_string(t->out, ": see a wider terminal, or --format csv\n");
}

int text_tables_groups(struct text *t)
{
	int result = 0;

	for (int group = REPORT_BATCH; group < REPORT_GROUPS && result == 0; group++)
		result = put_group(t, (enum report_group)group);
	put_left_out(t);
	if (result == 0)
		result = put_open(t, true, "Ended, with open recipients");
	if (result == 0)
		result = put_open(t, false, "Still going on, with open recipients");
	return result;
}
