/*
 * sheet.c: the recipients as CSV, with a column for each dynamic variable that any of them has.
 * Nothing is kept but the names of these and one row.
 */
#include "export/sheet.h"

#include <stdlib.h>

#include "json/cells.h"
#include "export/columns.h"
#include "export/names.h"
#include "json/members.h"

struct sheet {
	const struct roll *roll;
	const struct target *target;
	struct names *names;
	struct cells cells;
	struct cells batch;   /* the cells that all rows of a response begin with */
	struct slice *values; /* of the dynamic variables, by column */
	uint64_t rows;
};

/* --- the names --- */

static int note(void *arg, const struct person *p, const struct roll_place *at, struct error *e)
{
	struct sheet *s = arg;
	struct client client;
	struct members in;
	struct json_member m;
	uint32_t number = NAMES_NONE;

	(void)at;
	fields_client(p->client, &client);
	if (!fields_object(client.variables))
		return 0;
	members_begin(&in, client.variables);
	while (members_next(&in, &m)) {
		number = names_add(s->names, m.name, number + 1, e);
		if (number == NAMES_NONE)
			return -1;
	}
	return 0;
}

static int learn_names(struct sheet *s, struct error *e)
{
	struct roll_visit v = {
		.person = note,
		.progress = s->target->progress,
		.arg = s,
		.progress_arg = s->target->progress_arg,
	};

	if (roll_call(s->roll, &v, e) != 0 || names_sort(s->names, e) != 0)
		return -1;
	s->values = calloc((size_t)names_count(s->names) + 1, sizeof(*s->values));
	return s->values == NULL ? error_memory(e) : 0;
}

/* --- the rows --- */

static void put_heads(struct sheet *s)
{
	struct buf head = BUF_INIT;

	if (s->target->spreadsheet)
		buf_string(&s->cells.out, "\xef\xbb\xbf");
	for (size_t i = 0; i < COLUMNS; i++)
		cells_text(&s->cells, slice_string(columns_of[i].name));
	for (uint32_t i = 0; i < names_count(s->names); i++) {
		buf_clear(&head);
		buf_string(&head, COLUMNS_VARIABLE);
		buf_slice(&head, names_plain(s->names, i));
		cells_text(&s->cells, buf_view(&head));
	}
	cells_end_row(&s->cells);
	s->cells.out.failed |= head.failed;
	buf_free(&head);
}

/* The columns from `first` on. */
static void put_columns(struct cells *c, size_t first, const struct slice *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (columns_of[first + i].iso)
			cells_time(c, values[i]);
		else
			cells_value(c, values[i]);
	}
}

static int put_batch(void *arg, const struct head *h, struct error *e)
{
	struct sheet *s = arg;
	struct slice values[COLUMNS_BATCH];

	(void)e;
	buf_clear(&s->batch.out);
	s->batch.begun = false;
	columns_batch(h, values);
	put_columns(&s->batch, 0, values, COLUMNS_BATCH);
	return 0;
}

static void put_variables(struct sheet *s, struct slice variables)
{
	uint32_t count = names_count(s->names), number = NAMES_NONE;
	struct members in;
	struct json_member m;

	members_begin(&in, variables);
	while (fields_object(variables) && members_next(&in, &m)) {
		number = names_find(s->names, m.name, number + 1);
		if (number != NAMES_NONE)
			s->values[names_column(s->names, number)] = m.value;
	}
	for (uint32_t i = 0; i < count; i++) {
		cells_value(&s->cells, s->values[i]);
		s->values[i] = (struct slice){0};
	}
}

static int put_person(void *arg, const struct person *p, const struct roll_place *at,
		      struct error *e)
{
	struct sheet *s = arg;
	struct slice values[COLUMNS - COLUMNS_BATCH];
	struct client client;

	(void)at;
	fields_client(p->client, &client);
	columns_person(p, &client, values);
	cells_made(&s->cells, buf_view(&s->batch.out));
	put_columns(&s->cells, COLUMNS_BATCH, values, COLUMNS - COLUMNS_BATCH);
	put_variables(s, client.variables);
	cells_end_row(&s->cells);
	s->rows++;
	if (cells_failed(&s->cells) || cells_failed(&s->batch))
		return error_memory(e);
	return target_put(s->target, &s->cells.out, false, e);
}

static int put_all(struct sheet *s, struct error *e)
{
	struct roll_visit v = {
		.head = put_batch,
		.person = put_person,
		.progress = s->target->progress,
		.arg = s,
		.progress_arg = s->target->progress_arg,
	};

	if (learn_names(s, e) != 0)
		return -1;
	put_heads(s);
	if (roll_call(s->roll, &v, e) != 0)
		return -1;
	return target_put(s->target, &s->cells.out, true, e);
}

int sheet_export(const struct roll *r, const struct target *t, uint64_t *rows, struct error *e)
{
	struct sheet s = {
		.roll = r,
		.target = t,
		.names = names_new(),
		.cells = {.spreadsheet = t->spreadsheet, .people = t->people},
		.batch = {.spreadsheet = t->spreadsheet, .people = t->people},
	};
	int status = s.names == NULL ? error_memory(e) : put_all(&s, e);

	*rows = s.rows;
	names_free(s.names);
	cells_free(&s.cells);
	cells_free(&s.batch);
	free(s.values);
	return status;
}
