/*
 * audit_drift.c: the formats of `callroll audit --drift`.
 * The text is for people; the JSON has everything, and the patch as it is used.
 */
#include "commands/audit_drift.h"

#include "audit/drift.h"
#include "base/table.h"
#include "base/text.h"
#include "base/text_width.h"
#include "json/write.h"

/* Bytes of a value in the table. */
#define VALUE_MOST 60

static const struct column columns[] = {
	{.head = "WHAT"},
	{.head = "WHERE", .shrinks = true, .middle = true, .least = 24},
	{.head = "VALUE", .shrinks = true, .least = 10},
	{.head = "STATES", .right = true},
	{.head = "CAPTURES", .right = true},
	{.head = "FIRST (UTC)", .optional = true, .drop = 1},
	{.head = "LAST (UTC)", .optional = true, .drop = 1},
	{.head = "PATCH", .optional = true},
	{.head = "EXAMPLE", .shrinks = true, .middle = true, .least = 40, .line = TABLE_BELOW},
};

static const char *const kinds[] = {
	[WIDEN_MEMBER] = "member", [WIDEN_VALUE] = "value", [WIDEN_TYPE] = "type"};

static const struct {
	uint8_t type;
	const char *name;
} types[] = {
	{TYPE_STRING, "string"},   {TYPE_INTEGER, "integer"}, {TYPE_FRACTION, "number"},
	{TYPE_BOOLEAN, "boolean"}, {TYPE_ARRAY, "array"},     {TYPE_OBJECT, "object"},
	{TYPE_NULL, "null"},
};
#define TYPES (sizeof(types) / sizeof(types[0]))

/* The names of what was seen, each between `quote`s. */
static void put_types(struct buf *out, uint8_t set, const char *between, const char *quote)
{
	bool first = true;

	for (size_t i = 0; i < TYPES; i++) {
		if ((set & types[i].type) == 0)
			continue;
		buf_string(out, first ? "" : between);
		buf_printf(out, "%s%s%s", quote, types[i].name, quote);
		first = false;
	}
}

/* --- text --- */

static void end_cell(struct table *t, struct buf *cell)
{
	table_cell(t, buf_view(cell));
	buf_clear(cell);
}

static void put_value(struct buf *cell, const struct drift_item *item)
{
	struct slice value = item->value;

	if (item->kind != WIDEN_VALUE) {
		put_types(cell, item->types, ", ", "");
		return;
	}
	if (value.len == 0) {
		buf_string(cell, "(not shown)");
		return;
	}
	if (value.len > VALUE_MOST) {
		value.len = VALUE_MOST;
		while (value.len > 0 && ((unsigned char)value.data[value.len] & 0xc0) == 0x80)
			value.len--;
	}
	buf_slice(cell, value);
	if (value.len < item->value.len)
		buf_string(cell, "…");
}

static void put_time(struct buf *cell, int64_t at)
{
	if (at != DRIFT_NO_TIME)
		text_clock(cell, at);
}

static void put_pointer(const struct audit_drift *a, const struct drift_item *item, struct buf *out)
{
	if (a->redact != NULL)
		redact_pointer(a->redact, item->pointer, out);
	else
		buf_slice(out, item->pointer);
}

/* a.json /recipients/3/status in 2026-05.tar.zst#17 */
static void put_example(struct buf *cell, const struct audit_drift *a,
			const struct drift_item *item)
{
	struct slice bundle = a->name(a->arg, item->bundle);

	buf_slice(cell, item->source);
	buf_byte(cell, ' ');
	put_pointer(a, item, cell);
	if (bundle.len == 0)
		return;
	buf_string(cell, " in ");
	buf_slice(cell, bundle);
	buf_byte(cell, '#');
	buf_uint(cell, item->response);
}

static void put_row(struct table *t, struct buf *cell, const struct audit_drift *a,
		    const struct drift_item *item)
{
	buf_string(cell, kinds[item->kind]);
	end_cell(t, cell);
	table_cell(t, item->where);
	put_value(cell, item);
	end_cell(t, cell);
	table_number(t, item->states);
	table_number(t, item->captures);
	put_time(cell, item->first);
	end_cell(t, cell);
	put_time(cell, item->last);
	end_cell(t, cell);
	table_cell(t, item->accepted ? SLICE("") : SLICE("no"));
	put_example(cell, a, item);
	end_cell(t, cell);
}

static int put_table(const struct audit_drift *a, const struct drift *d, struct buf *out)
{
	struct table *t = table_new(columns, sizeof(columns) / sizeof(columns[0]));
	struct buf cell = BUF_INIT;

	if (t == NULL)
		return -1;
	for (size_t i = 0; i < drift_count(d); i++)
		put_row(t, &cell, a, drift_item(d, i));
	table_print(t, a->width, out);
	if (table_failed(t) || cell.failed)
		out->failed = true;
	table_free(t);
	buf_free(&cell);
	return out->failed ? -1 : 0;
}

static void put_remarks(const struct drift *d, struct buf *out)
{
	size_t refused = 0;

	for (size_t i = 0; i < drift_count(d); i++)
		refused += !drift_item(d, i)->accepted;
	if (refused > 0) {
		buf_byte(out, '\n');
		text_count(out, refused);
		buf_string(out, refused == 1 ? " line says" : " lines say");
		buf_string(out, " \"no\" under PATCH: a patch cannot loosen a const, nor list an "
				"object, nor a value that is personal or very long; change the "
				"model by hand.\n");
	}
	if (drift_dropped(d) > 0) {
		buf_byte(out, '\n');
		text_count(out, drift_dropped(d));
		buf_string(out, drift_dropped(d) == 1 ? " sighting" : " sightings");
		buf_string(out, " of other members and values are only counted: there are too many "
				"different ones, or their names are too long.\n");
	}
	if (!drift_exact(d))
		buf_string(out, "\nThere are so many combinations that CAPTURES, FIRST and LAST "
				"are only of those that could be kept.\n");
}

/* The same, and no wider than the terminal. */
static void put_folded_remarks(const struct audit_drift *a, const struct drift *d, struct buf *out)
{
	struct buf lines = BUF_INIT;

	put_remarks(d, &lines);
	text_width_fold(out, buf_view(&lines), a->width);
	out->failed |= lines.failed;
	buf_free(&lines);
}

static int put_text(const struct audit_drift *a, const struct drift *d, struct slice patch,
		    struct buf *out)
{
	if (drift_count(d) == 0 && drift_dropped(d) == 0) {
		buf_string(out, "no drift: the model documents all of ");
		text_count(out, drift_captures(d));
		buf_string(out, drift_captures(d) == 1 ? " capture\n" : " captures\n");
		return 0;
	}
	if (put_table(a, d, out) != 0)
		return -1;
	put_folded_remarks(a, d, out);
	buf_string(out, "\nThis patch makes the model accept it:\n\n");
	text_json_safe(out, patch);
	buf_string(out, "\n\n");
	text_width_fold(out,
			SLICE("To use it: write the patch into a file (with --format json: "
			      "jq .patch), then\n"),
			a->width);
	buf_string(out, "\n    callroll model");
	if (a->model_spec != NULL) {
		buf_string(out, " --model ");
		text_safe(out, slice_string(a->model_spec));
	}
	buf_string(out, " >model.json\n"
			"    jq -s '.[0] * .[1]' model.json patch.json >wider.json\n"
			"    callroll validate --model wider.json PATH...\n");
	return 0;
}

/* --- JSON --- */

static void put_when(struct buf *out, const char *name, int64_t at)
{
	json_write_name(out, name);
	if (at == DRIFT_NO_TIME)
		buf_string(out, "null");
	else
		buf_int(out, at);
}

static void put_example_json(struct buf *out, const struct audit_drift *a,
			     const struct drift_item *item)
{
	struct slice bundle = a->name(a->arg, item->bundle);
	struct buf pointer = BUF_INIT;

	json_write_name(out, "example");
	buf_string(out, "{\"bundle\":");
	if (bundle.len > 0)
		json_write_string(out, bundle);
	else
		buf_string(out, "null");
	json_write_name(out, "response");
	if (bundle.len > 0)
		buf_uint(out, item->response);
	else
		buf_string(out, "null");
	json_write_name(out, "source");
	json_write_string(out, item->source);
	json_write_name(out, "pointer");
	put_pointer(a, item, &pointer);
	json_write_string(out, buf_view(&pointer));
	buf_byte(out, '}');
	out->failed |= pointer.failed;
	buf_free(&pointer);
}

static void put_item(struct buf *out, const struct audit_drift *a, const struct drift_item *item)
{
	buf_printf(out, "{\"kind\":\"%s\",\"where\":", kinds[item->kind]);
	json_write_string(out, item->where);
	json_write_name(out, "types");
	buf_byte(out, '[');
	put_types(out, item->types, ",", "\"");
	buf_byte(out, ']');
	if (item->kind == WIDEN_VALUE) {
		json_write_name(out, "shown");
		buf_string(out, item->value.len > 0 ? "true" : "false");
	}
	if (item->kind == WIDEN_VALUE && item->value.len > 0) {
		json_write_name(out, "value");
		buf_slice(out, item->value);
	}
	json_write_name(out, "states");
	buf_uint(out, item->states);
	json_write_name(out, "captures");
	buf_uint(out, item->captures);
	put_when(out, "first", item->first);
	put_when(out, "last", item->last);
	json_write_name(out, "patched");
	buf_string(out, item->accepted ? "true" : "false");
	put_example_json(out, a, item);
	buf_byte(out, '}');
}

static void put_json(const struct audit_drift *a, const struct drift *d, struct slice patch,
		     struct buf *out)
{
	buf_string(out, "{\"format\":\"callroll-drift\",\"version\":1,\"captures\":");
	buf_uint(out, drift_captures(d));
	json_write_name(out, "exact");
	buf_string(out, drift_exact(d) ? "true" : "false");
	json_write_name(out, "only_counted");
	buf_uint(out, drift_dropped(d));
	json_write_name(out, "drift");
	buf_byte(out, '[');
	for (size_t i = 0; i < drift_count(d); i++) {
		buf_string(out, i > 0 ? ",\n" : "\n");
		put_item(out, a, drift_item(d, i));
	}
	buf_string(out, "\n]");
	json_write_name(out, "patch");
	buf_slice(out, patch);
	buf_string(out, "}\n");
}

/* --- the whole --- */

/* A bundle that cannot be read does not hide the others. */
static void read_all(const struct audit_drift *a, struct drift *d)
{
	for (size_t i = 0; i < shelf_count(a->shelf); i++) {
		struct volume *v = shelf_get(a->shelf, i);
		struct error e = {0};

		if (v != NULL && drift_add(d, (uint32_t)i, v->bundle, &e) != 0)
			shelf_error(a->shelf, &e);
	}
}

enum status audit_drift(const struct audit_drift *a, struct buf *out)
{
	struct error e = {0};
	struct buf patch = BUF_INIT;
	struct drift *d = drift_new(a->model, &e);
	enum status status = STATUS_OK;

	if (d != NULL) {
		drift_redact(d, a->redact);
		read_all(a, d);
		status = shelf_status(a->shelf);
	}
	if (d != NULL && drift_finish(d, &e) == 0 && drift_patch(d, &patch, &e) == 0) {
		if (a->json)
			put_json(a, d, buf_view(&patch), out);
		else if (put_text(a, d, buf_view(&patch), out) != 0)
			error_memory(&e);
	}
	if (out->failed)
		error_memory(&e);
	drift_free(d);
	buf_free(&patch);
	return e.kind == ERROR_NONE ? status : status_worst(status, terminal_error(&e));
}
