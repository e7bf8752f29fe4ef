/*
 * tables.c: counts of batches, days and statuses become rows: all, by batch, agent, provider, day.
 * Every row is a sum of the same cells, so that each table adds up to the first one.
 */
#include "audit/tables.h"

#include <stdlib.h>

#include "base/text.h"

#define NONE UINT32_MAX
#define DAY 86400

struct making {
	struct tables *t;
	const struct facts *facts;
	const struct counts *counts;
	const struct statuses *statuses;
	const struct filter *filter;
	struct report *r;
	uint32_t *column;               /* of each status: where it stands in the report */
	uint32_t *group[REPORT_GROUPS]; /* of each fact: its row (batch, agent, provider) */
	int32_t *days;                  /* of each row of days, sorted */
};

static void *array(size_t count, size_t size)
{
	return calloc(count + 1, size);
}

/* --- statuses --- */

static int by_name(const void *a, const void *b, void *statuses)
{
	return slice_compare(statuses_get(statuses, *(const uint32_t *)a).name,
			     statuses_get(statuses, *(const uint32_t *)b).name);
}

static int make_statuses(struct making *m)
{
	size_t n = statuses_count(m->statuses);
	uint32_t *order = array(n, sizeof(*order));

	m->column = array(n, sizeof(*m->column));
	m->t->statuses = array(n, sizeof(*m->t->statuses));
	if (order == NULL || m->column == NULL || m->t->statuses == NULL) {
		free(order);
		return -1;
	}
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	qsort_r(order + REPORT_PUBLISHED, n - REPORT_PUBLISHED, sizeof(*order), by_name,
		(void *)m->statuses);
	for (uint32_t i = 0; i < n; i++) {
		m->column[order[i]] = i;
		m->t->statuses[i] = statuses_get(m->statuses, order[i]);
	}
	free(order);
	m->r->status = m->t->statuses;
	m->r->status_count = n;
	return 0;
}

/* --- rows --- */

static int make_rows(struct making *m, enum report_group group, size_t count)
{
	size_t columns = m->r->status_count;
	struct report_row *rows = array(count, sizeof(*rows));
	uint64_t *cells = array(count * columns, sizeof(*cells));

	m->t->rows[group] = rows;
	m->t->by_status[group] = cells;
	if (rows == NULL || cells == NULL)
		return -1;
	for (size_t i = 0; i < count; i++)
		rows[i].by_status = cells + i * columns;
	m->r->rows[group] = rows;
	m->r->row_count[group] = count;
	return 0;
}

static void add_cell(struct making *m, enum report_group group, uint32_t row,
		     const struct count_cell *cell)
{
	uint32_t column = m->column[cell->status];
	struct report_row *r = &m->t->rows[group][row];
	enum recipient_kind kind = m->t->statuses[column].kind;

	m->t->by_status[group][row * m->r->status_count + column] += cell->count;
	r->recipients += cell->count;
	r->open += kind == RECIPIENT_OPEN ? cell->count : 0;
	r->unknown += kind == RECIPIENT_UNKNOWN ? cell->count : 0;
}

/* A batch's row is added to one of another group. */
static void add_row(struct making *m, enum report_group group, uint32_t row, size_t batch)
{
	const struct report_row *from = &m->t->rows[REPORT_BATCH][batch];
	struct report_row *to = &m->t->rows[group][row];

	to->batches++;
	to->unread += from->unread;
	to->recipients += from->recipients;
	to->open += from->open;
	to->unknown += from->unknown;
	for (size_t i = 0; i < m->r->status_count; i++)
		m->t->by_status[group][row * m->r->status_count + i] += from->by_status[i];
}

/* --- batches --- */

static int by_appearance(const void *a, const void *b, void *facts)
{
	const struct fact *list = facts;
	const struct fact *x = &list[*(const uint32_t *)a], *y = &list[*(const uint32_t *)b];

	if (x->created != y->created) {
		if (x->created == REPORT_NO_TIME || y->created == REPORT_NO_TIME)
			return x->created == REPORT_NO_TIME ? 1 : -1; /* they come last */
		return x->created < y->created ? -1 : 1;
	}
	return slice_compare(x->id, y->id);
}

static void fill_batch(struct making *m, uint32_t row)
{
	const struct fact *f = &m->facts->list[m->t->order[row]];
	struct report_row *r = &m->t->rows[REPORT_BATCH][row];

	r->key = f->id;
	r->name = f->name;
	r->batches = 1;
	r->unread = f->unread;
	if (f->unread)
		m->r->unread_recipients += f->recipients;
	m->t->batches[row] = (struct report_batch){
		.status = f->status,
		.agent = f->agent,
		.agent_name = f->agent_name,
		.provider = f->provider,
		.created = f->created,
		.scheduled = f->scheduled,
		.updated = f->updated,
		.ended = status_ends_batch(f->status),
		.captures = f->captures,
		.gap_from = f->gap_from,
		.gap_to = f->gap_to,
		.response = f->last->response,
		.source = f->source,
	};
}

/* Which batches there are, and in which order. */
static int make_batches(struct making *m)
{
	uint32_t n = m->facts->count, count = 0;
	uint64_t *recipients = array(n, sizeof(*recipients));
	struct tables *t = m->t;

	t->order = array(n, sizeof(*t->order));
	t->row_of = array(n, sizeof(*t->row_of));
	t->batches = array(n, sizeof(*t->batches));
	m->r->filtered = m->counts->filtered;
	m->r->erased = m->counts->erased;
	for (size_t i = 0; recipients != NULL && i < m->counts->cell_count; i++)
		recipients[m->counts->cells[i].batch] += m->counts->cells[i].count;
	for (uint32_t i = 0; recipients != NULL && t->order != NULL && i < n; i++) {
		if (!m->facts->list[i].counted)
			m->r->filtered += m->facts->list[i].recipients;
		else if (recipients[i] > 0 || m->facts->list[i].unread ||
			 !filter_recipients(m->filter))
			t->order[count++] = i;
	}
	free(recipients);
	if (recipients == NULL || t->order == NULL || t->row_of == NULL || t->batches == NULL ||
	    make_rows(m, REPORT_BATCH, count) != 0)
		return -1;
	qsort_r(t->order, count, sizeof(*t->order), by_appearance, m->facts->list);
	memset(t->row_of, 0xff, n * sizeof(*t->row_of));
	for (uint32_t i = 0; i < count; i++) {
		t->row_of[t->order[i]] = i;
		fill_batch(m, i);
	}
	m->group[REPORT_BATCH] = t->row_of;
	m->r->batches = t->batches;
	return 0;
}

/* --- agents and providers --- */

struct ranked {
	struct slice key;
	uint64_t recipients;
	uint32_t number; /* in the order in which they were met */
};

static int by_recipients(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->recipients != y->recipients)
		return x->recipients > y->recipients ? -1 : 1;
	return slice_compare(x->key, y->key);
}

static struct slice key_of(const struct fact *f, enum report_group group)
{
	return group == REPORT_AGENT ? f->agent : f->provider;
}

/* Rows of a group, most recipients first, and which batch is in which. */
static int rank(struct making *m, enum report_group group, struct map *keys, struct ranked *ranked,
		uint32_t *place)
{
	size_t batches = m->r->row_count[REPORT_BATCH];
	uint32_t count;

	for (size_t i = 0; i < batches; i++) {
		const struct fact *f = &m->facts->list[m->t->order[i]];
		uint32_t n = map_add(keys, key_of(f, group));

		if (n == MAP_NONE)
			return -1;
		ranked[n].key = key_of(f, group);
		ranked[n].number = n;
		ranked[n].recipients += m->t->rows[REPORT_BATCH][i].recipients;
	}
	count = map_count(keys);
	qsort(ranked, count, sizeof(*ranked), by_recipients);
	if (make_rows(m, group, count) != 0)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		m->t->rows[group][i].key = ranked[i].key;
		place[ranked[i].number] = i;
	}
	for (size_t i = 0; i < batches; i++) {
		uint32_t fact = m->t->order[i];

		m->group[group][fact] = place[map_find(keys, key_of(&m->facts->list[fact], group))];
		add_row(m, group, m->group[group][fact], i);
	}
	return 0;
}

static int make_group(struct making *m, enum report_group group)
{
	size_t batches = m->r->row_count[REPORT_BATCH];
	struct map *keys = map_new();
	struct ranked *ranked = array(batches, sizeof(*ranked));
	uint32_t *place = array(batches, sizeof(*place));
	int result = -1;

	m->group[group] = array(m->facts->count, sizeof(*m->group[group]));
	if (keys != NULL && ranked != NULL && place != NULL && m->group[group] != NULL)
		result = rank(m, group, keys, ranked, place);
	map_free(keys);
	free(ranked);
	free(place);
	return result;
}

/* An agent is called what the batch that was updated last calls it. */
static int name_agents(struct making *m)
{
	size_t count = m->r->row_count[REPORT_AGENT];
	int64_t *newest = array(count, sizeof(*newest));

	if (newest == NULL)
		return -1;
	for (size_t i = 0; i < count; i++)
		newest[i] = INT64_MIN;
	for (size_t i = 0; i < m->r->row_count[REPORT_BATCH]; i++) {
		const struct fact *f = &m->facts->list[m->t->order[i]];
		uint32_t row = m->group[REPORT_AGENT][m->t->order[i]];

		if (f->updated < newest[row])
			continue;
		newest[row] = f->updated;
		m->t->rows[REPORT_AGENT][row].name = f->agent_name;
	}
	free(newest);
	return 0;
}

/* --- days --- */

static int by_day(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

static int name_day(struct making *m, int32_t day, struct slice *out)
{
	struct buf text = BUF_INIT;

	if (day == COUNTS_NO_DAY)
		return 0;
	text_time(&text, (int64_t)day * DAY);
	if (text.len > 10)
		text.len = 10;
	return arena_take(&m->t->memory, &text, out) ? 0 : -1;
}

static int make_days(struct making *m)
{
	const struct counts *c = m->counts;
	size_t count = 0;

	m->days = array(c->cell_count, sizeof(*m->days));
	if (m->days == NULL)
		return -1;
	for (size_t i = 0; i < c->cell_count; i++)
		m->days[i] = c->cells[i].day;
	qsort(m->days, c->cell_count, sizeof(*m->days), by_day);
	for (size_t i = 0; i < c->cell_count; i++)
		if (count == 0 || m->days[i] != m->days[count - 1])
			m->days[count++] = m->days[i];
	if (make_rows(m, REPORT_DAY, count) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (name_day(m, m->days[i], &m->t->rows[REPORT_DAY][i].key) != 0)
			return -1;
	return 0;
}

static uint32_t row_of_day(const struct making *m, int32_t day)
{
	const int32_t *found =
		bsearch(&day, m->days, m->r->row_count[REPORT_DAY], sizeof(*m->days), by_day);

	return (uint32_t)(found - m->days);
}

/* --- sums --- */

/* Batches and days; the other groups are sums of batches. */
static void add_cells(struct making *m)
{
	const struct counts *c = m->counts;

	for (size_t i = 0; i < c->cell_count; i++) {
		const struct count_cell *cell = &c->cells[i];
		uint32_t day = row_of_day(m, cell->day);

		add_cell(m, REPORT_BATCH, m->t->row_of[cell->batch], cell);
		add_cell(m, REPORT_DAY, day, cell);
		/* cells of a batch and a day stand together */
		if (i == 0 || c->cells[i - 1].batch != cell->batch ||
		    c->cells[i - 1].day != cell->day)
			m->t->rows[REPORT_DAY][day].batches++;
	}
	for (size_t i = 0; i < m->r->row_count[REPORT_BATCH]; i++)
		add_row(m, REPORT_ALL, 0, i);
}

/* The rows that a recipient is in, one of each group. */
static void rows_of_time(const struct making *m, const struct count_time *time,
			 uint32_t rows[REPORT_GROUPS])
{
	rows[REPORT_ALL] = 0;
	for (int g = REPORT_BATCH; g <= REPORT_PROVIDER; g++)
		rows[g] = m->group[g][time->batch];
	rows[REPORT_DAY] = row_of_day(m, time->day);
}

static void count_times(struct making *m)
{
	unsigned bucket = 0;

	for (size_t i = 0; i < m->counts->time_count; i++) {
		const struct count_time *time = &m->counts->times[i];
		uint32_t rows[REPORT_GROUPS];

		while ((int64_t)time->seconds >= report_bucket[bucket])
			bucket++;
		rows_of_time(m, time, rows);
		for (int g = 0; g < REPORT_GROUPS; g++) {
			struct report_times *t = &m->t->rows[g][rows[g]].times;

			t->count += time->times;
			t->bucket[bucket] += time->times;
		}
	}
}

/* The first value with which `seen` reaches p percent of `count`. */
static void percentile(int64_t *out, unsigned p, uint64_t count, uint64_t before, uint64_t after,
		       uint64_t seconds)
{
	uint64_t rank = count / 100 * p + (count % 100 * p + 99) / 100;

	if (before < rank && after >= rank)
		*out = (int64_t)seconds;
}

static int find_percentiles(struct making *m)
{
	uint64_t *seen[REPORT_GROUPS];
	bool fine = true;

	for (int g = 0; g < REPORT_GROUPS; g++) {
		seen[g] = array(m->r->row_count[g], sizeof(*seen[g]));
		fine &= seen[g] != NULL;
	}
	for (size_t i = 0; fine && i < m->counts->time_count; i++) {
		const struct count_time *time = &m->counts->times[i];
		uint32_t rows[REPORT_GROUPS];

		rows_of_time(m, time, rows);
		for (int g = 0; g < REPORT_GROUPS; g++) {
			struct report_times *t = &m->t->rows[g][rows[g]].times;
			uint64_t before = seen[g][rows[g]], after = before + time->times;

			seen[g][rows[g]] = after;
			percentile(&t->median, 50, t->count, before, after, time->seconds);
			percentile(&t->p90, 90, t->count, before, after, time->seconds);
			percentile(&t->p99, 99, t->count, before, after, time->seconds);
		}
	}
	for (int g = 0; g < REPORT_GROUPS; g++)
		free(seen[g]);
	return fine ? 0 : -1;
}

/* --- all --- */

static void find_period(struct making *m)
{
	struct report *r = m->r;

	r->first = r->last = REPORT_NO_TIME;
	for (size_t i = 0; i < r->row_count[REPORT_BATCH]; i++) {
		const struct fact *f = &m->facts->list[m->t->order[i]];

		if (f->gap_to - f->gap_from > r->gap_to - r->gap_from) {
			r->gap_from = f->gap_from;
			r->gap_to = f->gap_to;
			r->gap_batch = f->id;
		}
		if (f->first == REPORT_NO_TIME)
			continue;
		if (r->first == REPORT_NO_TIME || f->first < r->first)
			r->first = f->first;
		if (f->latest > r->last)
			r->last = f->latest;
	}
}

int tables_make(struct tables *t, const struct facts *facts, const struct counts *counts,
		const struct statuses *statuses, const struct filter *filter, struct report *r)
{
	struct making m = {.t = t,
			   .facts = facts,
			   .counts = counts,
			   .statuses = statuses,
			   .filter = filter,
			   .r = r};
	int result = -1;

	*t = (struct tables){0};
	if (make_statuses(&m) != 0 || make_rows(&m, REPORT_ALL, 1) != 0 || make_batches(&m) != 0 ||
	    make_days(&m) != 0)
		goto out;
	add_cells(&m);
	if (make_group(&m, REPORT_AGENT) != 0 || make_group(&m, REPORT_PROVIDER) != 0)
		goto out;
	count_times(&m);
	if (find_percentiles(&m) != 0 || name_agents(&m) != 0)
		goto out;
	find_period(&m);
	t->rows[REPORT_ALL][0].nothing =
		r->row_count[REPORT_BATCH] == 0 && (r->damaged > 0 || r->unreadable > 0);
	result = 0;
out:
	free(m.column);
	free(m.group[REPORT_AGENT]);
	free(m.group[REPORT_PROVIDER]);
	free(m.days);
	return result;
}

void tables_free(struct tables *t)
{
	for (int g = 0; g < REPORT_GROUPS; g++) {
		free(t->rows[g]);
		free(t->by_status[g]);
	}
	free(t->order);
	free(t->row_of);
	free(t->statuses);
	free(t->batches);
	arena_free(&t->memory);
	*t = (struct tables){0};
}
