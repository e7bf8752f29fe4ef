/*
 * list.c: the batches in bundles, one line each, or their captures. A batch shows what its newest
 * capture says; newest is the latest last_updated_at_unix, then the later in order.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/table.h"
#include "base/text.h"
#include "bundle/changes.h"
#include "commands/bundles.h"
#include "commands/list.h"
#include "report/status.h"
#include "json/members.h"
#include "json/write.h"

struct batch {
	size_t line; /* in `lines`: its newest response line */
	size_t line_len;
	int64_t updated;
	uint64_t captures;
	size_t bundle;
};

struct list {
	const struct options *o;
	bool ndjson;
	const struct bundle_paths *paths;
	struct map *ids;
	struct batch *batches;
	size_t cap;
	struct buf lines;
	struct buf out, cell, changed;
	struct table *table;
	struct bundle *bundle;   /* whose changes are counted */
	struct changes *changes; /* NULL: they cannot be */
	size_t number;           /* of that bundle, from 1; 0: none yet */
	enum status status;      /* of counting */
	bool failed;
};

static const struct column columns[] = {
	{.head = "BATCH", .shrinks = true, .middle = true, .least = 34, .line = TABLE_ABOVE},
	{.head = "NAME", .shrinks = true, .least = 12, .line = TABLE_ABOVE},
	{.head = "STATUS"},
	{.head = "RECIP", .right = true},
	{.head = "DONE", .right = true},
	{.head = "FAIL", .right = true},
	{.head = "VM", .right = true, .optional = true},
	{.head = "CANC", .right = true, .optional = true},
	{.head = "OPEN", .right = true},
	{.head = "OTHER", .right = true, .optional = true},
	{.head = "CAPT", .right = true},
	{.head = "UPDATED (UTC)"},
	{.head = "!", .right = true, .optional = true},
};
static const struct column response_columns[] = {
	{.head = "BATCH", .shrinks = true, .middle = true, .line = TABLE_ABOVE},
	{.head = "N", .right = true},
	{.head = "STATUS"},
	{.head = "CHG", .right = true},
	{.head = "RECIP", .right = true},
	{.head = "DONE", .right = true},
	{.head = "FAIL", .right = true},
	{.head = "VM", .right = true, .optional = true},
	{.head = "CANC", .right = true, .optional = true},
	{.head = "OPEN", .right = true},
	{.head = "OTHER", .right = true, .optional = true},
	{.head = "UPDATED (UTC)"},
	{.head = "!", .right = true, .optional = true},
	{.head = "SOURCE", .shrinks = true, .middle = true, .line = TABLE_BELOW},
	{.head = "IN", .shrinks = true, .middle = true, .optional = true},
};

static int64_t updated(struct slice line)
{
	struct slice value = members_find(line, "last_updated_at_unix");
	int64_t n;

	return json_int(value, &n) ? n : INT64_MIN;
}

/* --- outcomes --- */

enum outcome { DONE, FAIL, VOICEMAIL, CANCELLED, OPEN, OTHER, OUTCOMES };

static enum outcome outcome_of(struct slice quoted)
{
	static const enum outcome settled[] = {
		[REPORT_COMPLETED] = DONE,
		[REPORT_FAILED] = FAIL,
		[REPORT_VOICEMAIL] = VOICEMAIL,
		[REPORT_CANCELLED] = CANCELLED,
	};
	unsigned status = status_of_value(quoted);

	if (status_is_settled(status))
		return settled[status];
	return status_is_open(status) ? OPEN : OTHER;
}

static void count_outcomes(struct slice line, uint64_t counts[OUTCOMES])
{
	struct members in;
	struct json_member m;
	uint64_t n;

	for (int i = 0; i < OUTCOMES; i++)
		counts[i] = 0;
	members_begin(&in, members_find(line, "_outcomes"));
	while (members_next(&in, &m))
		if (json_uint(m.value, &n))
			counts[outcome_of(m.name)] += n;
}

static uint64_t count_findings(struct slice line)
{
	struct members in;
	struct json_member m;
	uint64_t n, total = 0;

	members_begin(&in, members_find(line, "_findings"));
	while (members_next(&in, &m))
		if (json_uint(m.value, &n))
			total += n;
	return total;
}

/* --- cells --- */

static void text_cell(struct list *l, struct slice value)
{
	buf_clear(&l->cell);
	if (value.len > 0 && !json_unescape(&l->cell, value))
		buf_slice(&l->cell, value);
	table_cell(l->table, buf_view(&l->cell));
}

static void number_cell(struct list *l, struct slice value)
{
	uint64_t n;

	if (json_uint(value, &n))
		table_number(l->table, n);
	else
		table_cell(l->table, value);
}

/* Nothing rather than 0. */
static void count_cell(struct list *l, uint64_t n)
{
	if (n > 0)
		table_number(l->table, n);
	else
		table_cell(l->table, SLICE(""));
}

static void outcome_cells(struct list *l, struct slice line)
{
	uint64_t counts[OUTCOMES];

	number_cell(l, members_find(line, "_recipients"));
	count_outcomes(line, counts);
	for (int i = 0; i < OUTCOMES; i++)
		table_number(l->table, counts[i]);
}

static void time_cell(struct list *l, struct slice line)
{
	int64_t at = updated(line);

	buf_clear(&l->cell);
	if (at != INT64_MIN) {
		text_clock(&l->cell, at);
		if (l->cell.len == sizeof("2026-05-04 16:22:10") - 1)
			l->cell.len -= sizeof(":10") - 1;
	}
	table_cell(l->table, buf_view(&l->cell));
}

/* --- NDJSON --- */

static void copy(struct list *l, struct slice line, const char *name, const char *from)
{
	struct slice value = members_find(line, from);

	buf_string(&l->out, l->out.data[l->out.len - 1] == '{' ? "\"" : ",\"");
	buf_string(&l->out, name);
	buf_string(&l->out, "\":");
	buf_slice(&l->out, value.len > 0 ? value : SLICE("null"));
}

static void line_begin(struct list *l, struct slice line)
{
	buf_byte(&l->out, '{');
	copy(l, line, "id", "id");
	copy(l, line, "name", "name");
	copy(l, line, "agent_id", "agent_id");
	copy(l, line, "status", "status");
	copy(l, line, "recipients", "_recipients");
	copy(l, line, "outcomes", "_outcomes");
	copy(l, line, "last_updated_at_unix", "last_updated_at_unix");
	copy(l, line, "findings", "_findings");
	copy(l, line, "response", "_response");
}

static void line_end(struct list *l, const char *path)
{
	buf_string(&l->out, ",\"bundle\":");
	json_write_string(&l->out, slice_string(path));
	buf_string(&l->out, "}\n");
}

/* --- captures --- */

/* Stops counting in this bundle. */
static void changes_fail(struct list *l, const struct error *e)
{
	l->status = status_worst(l->status, terminal_error(e));
	changes_free(l->changes);
	l->changes = NULL;
}

static void changes_begin(struct list *l, size_t bundle, const char *path)
{
	struct error e = {0};

	l->number = bundle + 1;
	changes_free(l->changes);
	bundle_close(l->bundle);
	l->changes = NULL;
	l->bundle = bundle_open(path, &e);
	if (l->bundle != NULL)
		l->changes = changes_new(l->bundle, &e);
	if (l->changes == NULL)
		changes_fail(l, &e);
}

/* How many recipients changed, as text; empty if that is not known. */
static struct slice count_changes(struct list *l, size_t bundle, const char *path,
				  struct slice line)
{
	struct error e = {0};
	uint64_t count;

	if (l->number != bundle + 1)
		changes_begin(l, bundle, path);
	buf_clear(&l->changed);
	if (l->changes == NULL)
		return SLICE("");
	if (changes_next(l->changes, line, &count, &e) != 0) {
		changes_fail(l, &e);
		return SLICE("");
	}
	buf_uint(&l->changed, count);
	return buf_view(&l->changed);
}

static bool show_response(void *arg, size_t bundle, const char *path, struct slice line)
{
	struct list *l = arg;
	struct slice changed = count_changes(l, bundle, path, line);

	if (l->ndjson) {
		line_begin(l, line);
		copy(l, line, "source", "_source");
		copy(l, line, "offset", "_offset");
		copy(l, line, "seen", "_seen");
		copy(l, line, "sha256", "_sha256");
		buf_string(&l->out, ",\"changed\":");
		buf_slice(&l->out, changed.len > 0 ? changed : SLICE("null"));
		line_end(l, path);
		terminal_json(buf_view(&l->out));
		buf_clear(&l->out);
		return !terminal_gone();
	}
	text_cell(l, members_find(line, "id"));
	number_cell(l, members_find(line, "_response"));
	text_cell(l, members_find(line, "status"));
	number_cell(l, changed);
	outcome_cells(l, line);
	time_cell(l, line);
	count_cell(l, count_findings(line));
	text_cell(l, members_find(line, "_source"));
	table_cell(l->table, l->paths->count > 1 ? slice_string(path) : SLICE(""));
	return true;
}

/* --- batches --- */

static bool collect(void *arg, size_t bundle, const char *path, struct slice line)
{
	struct list *l = arg;
	struct slice id = members_find(line, "id");
	uint32_t before = map_count(l->ids), n = map_add(l->ids, id);
	struct batch *b;
	int64_t at = updated(line);

	(void)path;
	if (n == MAP_NONE ||
	    array_reserve(&l->batches, &l->cap, (size_t)n + 1, sizeof(*l->batches)) != 0) {
		l->failed = true;
		return false;
	}
	b = &l->batches[n];
	if (n == before)
		*b = (struct batch){.updated = INT64_MIN};
	b->captures++;
	if (at < b->updated)
		return true;
	b->updated = at;
	b->bundle = bundle;
	if (b->line_len < line.len) { /* else the new one fits where the old one stands */
		b->line = l->lines.len;
		buf_slice(&l->lines, line);
	} else {
		memcpy(l->lines.data + b->line, line.data, line.len);
	}
	b->line_len = line.len;
	l->failed |= l->lines.failed;
	return !l->failed;
}

void list_batch(struct list *l, const char *path, struct slice line, uint64_t captures)
{
	if (l->ndjson) {
		line_begin(l, line);
		buf_string(&l->out, ",\"captures\":");
		buf_uint(&l->out, captures);
		line_end(l, path);
		return;
	}
	text_cell(l, members_find(line, "id"));
	text_cell(l, members_find(line, "name"));
	text_cell(l, members_find(line, "status"));
	outcome_cells(l, line);
	table_number(l->table, captures);
	time_cell(l, line);
	count_cell(l, count_findings(line));
}

static void show_batch(struct list *l, const struct batch *b)
{
	list_batch(l, l->paths->path[b->bundle], slice_of(l->lines.data + b->line, b->line_len),
		   b->captures);
}

/* --- for other commands --- */

struct list *list_new(bool ndjson)
{
	struct list *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->ndjson = ndjson;
	l->table = table_new(columns, sizeof(columns) / sizeof(columns[0]));
	if (l->table == NULL) {
		free(l);
		return NULL;
	}
	return l;
}

void list_free(struct list *l)
{
	if (l == NULL)
		return;
	buf_free(&l->out);
	buf_free(&l->cell);
	table_free(l->table);
	free(l);
}

int list_print(struct list *l, struct buf *out)
{
	if (table_rows(l->table) > 0)
		table_print(l->table, terminal_width(1), out);
	buf_slice(out, buf_view(&l->out));
	return l->out.failed || l->cell.failed || table_failed(l->table) || out->failed ? -1 : 0;
}

/* --- the command --- */

static enum status run(struct list *l)
{
	bool responses = l->o->responses;
	enum status status;

	l->table = responses ? table_new(response_columns,
					 sizeof(response_columns) / sizeof(response_columns[0]))
			     : table_new(columns, sizeof(columns) / sizeof(columns[0]));
	l->ids = map_new();
	if (l->table == NULL || l->ids == NULL) {
		l->failed = true;
		return STATUS_TROUBLE;
	}
	status = bundles_responses(l->paths, responses ? show_response : collect, l);
	status = status_worst(status, l->status);
	for (uint32_t i = 0; !l->failed && i < map_count(l->ids); i++)
		show_batch(l, &l->batches[i]);
	if (!l->ndjson && table_rows(l->table) > 0)
		table_print(l->table, terminal_width(1), &l->out);
	l->failed |= table_failed(l->table) || l->out.failed;
	if (!l->failed)
		terminal_out(buf_view(&l->out));
	return status;
}

enum status command_list(const struct options *o, char **args, int count)
{
	struct error e = {0};
	struct bundle_paths paths;
	struct list l = {.o = o, .paths = &paths};
	enum status status;

	if (o->format != NULL && strcmp(o->format, "text") != 0 &&
	    strcmp(o->format, "ndjson") != 0) {
		error_set(&e, ERROR_USAGE, "--format takes text or ndjson, not '%s'", o->format);
		return terminal_error(&e);
	}
	l.ndjson = o->format != NULL && strcmp(o->format, "ndjson") == 0;
	status = bundles_find(args, count, &paths);
	if (paths.count > 0)
		status = status_worst(status, run(&l));
	if (l.failed) {
		error_memory(&e);
		status = status_worst(status, terminal_error(&e));
	}
	bundles_free(&paths);
	map_free(l.ids);
	free(l.batches);
	buf_free(&l.lines);
	buf_free(&l.out);
	buf_free(&l.cell);
	buf_free(&l.changed);
	table_free(l.table);
	changes_free(l.changes);
	bundle_close(l.bundle);
	return status;
}
