/*
 * objects.c: the recipients as NDJSON: the columns of the CSV as members, values in their types.
 * Values are copied as they stand; what is absent is null.
 */
#include "export/objects.h"

#include "export/columns.h"
#include "json/iso.h"

struct objects {
	const struct target *target;
	struct buf batch; /* what all objects of a response begin with */
	struct buf out;
	struct iso iso;
	uint64_t rows;
};

static void put_time(struct objects *o, struct buf *out, struct slice value)
{
	size_t before = out->len;

	buf_byte(out, '"');
	if (iso_put(&o->iso, value, out)) {
		buf_byte(out, '"');
		return;
	}
	out->len = before;
	buf_string(out, "null");
}

static void put_value(struct buf *out, struct slice value)
{
	buf_slice(out, value.len > 0 ? value : SLICE("null"));
}

/* The columns from `first` on. */
static void put_columns(struct objects *o, struct buf *out, size_t first,
			const struct slice *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_string(out, first + i == 0 ? "{\"" : ",\"");
		buf_string(out, columns_of[first + i].name);
		buf_string(out, "\":");
		if (columns_of[first + i].iso)
			put_time(o, out, values[i]);
		else
			put_value(out, values[i]);
	}
}

static int put_batch(void *arg, const struct head *h, struct error *e)
{
	struct objects *o = arg;
	struct slice values[COLUMNS_BATCH];

	buf_clear(&o->batch);
	columns_batch(h, values);
	put_columns(o, &o->batch, 0, values, COLUMNS_BATCH);
	return o->batch.failed ? error_memory(e) : 0;
}

static int put_person(void *arg, const struct person *p, const struct roll_place *at,
		      struct error *e)
{
	struct objects *o = arg;
	struct slice values[COLUMNS - COLUMNS_BATCH];
	struct client client;

	(void)at;
	fields_client(p->client, &client);
	columns_person(p, &client, values);
	buf_slice(&o->out, buf_view(&o->batch));
	put_columns(o, &o->out, COLUMNS_BATCH, values, COLUMNS - COLUMNS_BATCH);
	buf_string(&o->out, ",\"dynamic_variables\":");
	put_value(&o->out, client.variables);
	buf_string(&o->out, "}\n");
	o->rows++;
	return target_put(o->target, &o->out, false, e);
}

int objects_export(const struct roll *r, const struct target *t, uint64_t *rows, struct error *e)
{
	struct objects o = {.target = t};
	struct roll_visit v = {
		.head = put_batch,
		.person = put_person,
		.progress = t->progress,
		.arg = &o,
		.progress_arg = t->progress_arg,
	};
	int status = roll_call(r, &v, e);

	if (status == 0)
		status = target_put(t, &o.out, true, e);
	*rows = o.rows;
	buf_free(&o.batch);
	buf_free(&o.out);
	return status;
}
