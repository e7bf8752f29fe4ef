/*
 * answer.c: answers as NDJSON, piece by piece, or as tables at the end.
 * A recipient's members are those of its line; what stands before them is the response's.
 */
#include "commands/answer.h"

#include <stdlib.h>

#include "base/text.h"
#include "commands/list.h"
#include "json/members.h"
#include "json/write.h"

#define OUT_PIECE (256 * 1024) /* written at a time */

struct answer {
	bool ndjson, failed;
	struct buf out, cell;
	struct table *table; /* of recipients */
	struct list *list;   /* of batches */
	uint64_t recipients, batches;
};

static const struct column columns[] = {
	{.head = "UPDATED (UTC)"},
	{.head = "BATCH", .shrinks = true, .middle = true},
	{.head = "RECIPIENT", .shrinks = true, .middle = true},
	{.head = "PHONE", .optional = true},
	{.head = "WHATSAPP", .shrinks = true, .optional = true},
	{.head = "STATUS"},
	{.head = "CONVERSATION", .shrinks = true, .middle = true},
	{.head = "IN", .shrinks = true, .middle = true},
};

/* --- the response --- */

static void copy(struct buf *out, const char *name, struct slice value)
{
	buf_string(out, ",\"");
	buf_string(out, name);
	buf_string(out, "\":");
	buf_slice(out, value.len > 0 ? value : SLICE("null"));
}

/* What a value says to people: a string's content, nothing for null, else as it stands. */
static void plain(struct buf *out, struct slice value)
{
	if (value.len == 0 || slice_equal(value, SLICE("null")))
		return;
	if (!json_unescape(out, value))
		buf_slice(out, value);
}

/* 2026-05.tar.zst of /a/2026-05.tar.zst, without what all bundles' names end in. */
static struct slice short_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct slice name = slice_string(slash == NULL ? path : slash + 1), end = SLICE(".tar.zst");

	if (name.len > end.len && memcmp(name.data + name.len - end.len, end.data, end.len) == 0)
		name.len -= end.len;
	return name;
}

static void head_cells(struct answer_head *h, const char *path, struct slice line)
{
	int64_t updated;
	size_t before;

	buf_clear(&h->cells);
	if (json_int(members_find(line, "last_updated_at_unix"), &updated))
		text_clock(&h->cells, updated);
	h->updated = before = h->cells.len;
	plain(&h->cells, members_find(line, "name"));
	if (h->cells.len == before)
		plain(&h->cells, members_find(line, "id"));
	h->batch = h->cells.len;
	buf_slice(&h->cells, short_name(path));
	buf_byte(&h->cells, '#');
	buf_slice(&h->cells, members_find(line, "_response"));
}

void answer_head(struct answer_head *h, const char *path, struct slice response)
{
	buf_clear(&h->ndjson);
	buf_string(&h->ndjson, "{\"_bundle\":");
	json_write_string(&h->ndjson, slice_string(path));
	copy(&h->ndjson, "_batch", members_find(response, "id"));
	copy(&h->ndjson, "_batch_name", members_find(response, "name"));
	copy(&h->ndjson, "_response", members_find(response, "_response"));
	copy(&h->ndjson, "_updated", members_find(response, "last_updated_at_unix"));
	head_cells(h, path, response);
	h->ndjson.failed |= h->cells.failed;
}

void answer_head_free(struct answer_head *h)
{
	buf_free(&h->ndjson);
	buf_free(&h->cells);
}

/* --- recipients --- */

/* The line's members without callroll's own two. */
static void put_members(struct buf *out, struct slice line)
{
	struct members in;
	struct json_member m;
	const char *rest = NULL;

	members_begin(&in, line);
	while (!in.array && rest == NULL && members_next(&in, &m))
		if (!slice_equal(m.name, SLICE("\"_batch\"")) &&
		    !slice_equal(m.name, SLICE("\"_response\"")))
			rest = m.whole.data;
	if (rest != NULL) {
		buf_byte(out, ',');
		buf_append(out, rest, (size_t)(line.data + line.len - rest));
	} else {
		buf_byte(out, '}');
	}
}

static void member_cell(struct answer *a, struct slice line, const char *name)
{
	buf_clear(&a->cell);
	plain(&a->cell, members_find(line, name));
	table_cell(a->table, buf_view(&a->cell));
}

void answer_recipient(struct answer *a, const struct answer_head *h, struct slice line)
{
	const char *cells = h->cells.data;

	a->recipients++;
	a->failed |= h->ndjson.failed;
	if (a->failed)
		return;
	if (a->ndjson) {
		buf_slice(&a->out, buf_view(&h->ndjson));
		put_members(&a->out, line);
		buf_byte(&a->out, '\n');
		if (a->out.len >= OUT_PIECE && !a->out.failed) {
			terminal_out(buf_view(&a->out));
			buf_clear(&a->out);
		}
		return;
	}
	table_cell(a->table, slice_of(cells, h->updated));
	table_cell(a->table, slice_of(cells + h->updated, h->batch - h->updated));
	member_cell(a, line, "id");
	member_cell(a, line, "phone_number");
	member_cell(a, line, "whatsapp_user_id");
	member_cell(a, line, "status");
	member_cell(a, line, "conversation_id");
	table_cell(a->table, slice_of(cells + h->batch, h->cells.len - h->batch));
}

/* --- all --- */

struct answer *answer_new(bool ndjson)
{
	struct answer *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->ndjson = ndjson;
	a->table = table_new(columns, sizeof(columns) / sizeof(columns[0]));
	a->list = list_new(ndjson);
	if (a->table == NULL || a->list == NULL) {
		answer_free(a);
		return NULL;
	}
	return a;
}

void answer_free(struct answer *a)
{
	if (a == NULL)
		return;
	buf_free(&a->out);
	buf_free(&a->cell);
	table_free(a->table);
	list_free(a->list);
	free(a);
}

void answer_batch(struct answer *a, const char *path, struct slice response, uint64_t captures)
{
	a->batches++;
	list_batch(a->list, path, response, captures);
}

int answer_end(struct answer *a)
{
	struct buf tables = BUF_INIT;

	a->failed |= list_print(a->list, &tables) != 0;
	if (!a->ndjson && a->recipients > 0) {
		if (tables.len > 0)
			buf_byte(&tables, '\n');
		table_print(a->table, terminal_width(1), &tables);
	}
	a->failed |= a->out.failed || a->cell.failed || tables.failed || table_failed(a->table);
	if (!a->failed) {
		terminal_out(buf_view(&tables));
		terminal_out(buf_view(&a->out));
	}
	buf_free(&tables);
	return a->failed ? -1 : 0;
}

uint64_t answer_recipients(const struct answer *a)
{
	return a->recipients;
}

uint64_t answer_batches(const struct answer *a)
{
	return a->batches;
}
