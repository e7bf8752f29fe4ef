/*
 * record.c: the lines of a bundle, composed from normal forms and an envelope, and taken apart
 * again. What was captured is never changed: the envelope's names begin with `_`, and captured
 * members whose names do so stand under `_captured`.
 */
#include "bundle/record.h"

#include "json/members.h"
#include "json/write.h"

/* The captured members behind an envelope that is open, and the closing brace. */
static void captured(struct buf *out, const struct record *record)
{
	const char *text = record->text.data + 1;
	const char *end = record->text.data + record->text.len - 1;

	if (record->reserved.len == 0) {
		if (end > text) {
			buf_byte(out, ',');
			buf_append(out, text, (size_t)(end - text));
		}
		buf_byte(out, '}');
		return;
	}
	const char *reserved = record->reserved.data;
	const char *after = reserved + record->reserved.len;

	json_write_name(out, "_captured");
	buf_byte(out, '{');
	buf_slice(out, record->reserved);
	buf_byte(out, '}');
	if (reserved > text) { /* its last comma is before the reserved ones */
		buf_byte(out, ',');
		buf_append(out, text, (size_t)(reserved - 1 - text));
	}
	buf_append(out, after, (size_t)(end - after)); /* begins with a comma, or is empty */
	buf_byte(out, '}');
}

static void begin_recipient(struct buf *out, struct slice batch, uint64_t response,
			    const struct record *recipient)
{
	buf_reserve(out, recipient->text.len + batch.len + 80);
	buf_string(out, "{\"_batch\":");
	buf_slice(out, batch);
	json_write_name(out, "_response");
	buf_uint(out, response);
}

void record_recipient(struct buf *out, struct slice batch, uint64_t response,
		      const struct record *recipient)
{
	begin_recipient(out, batch, response, recipient);
	captured(out, recipient);
}

void record_erased(struct buf *out, struct slice batch, uint64_t response, struct slice mark,
		   const struct record *recipient)
{
	begin_recipient(out, batch, response, recipient);
	json_write_name(out, "_erased");
	buf_slice(out, mark);
	captured(out, recipient);
}

void record_response(struct buf *out, const struct envelope *e, const struct record *response)
{
	char hex[SHA256_HEX + 1];

	buf_string(out, "{\"_response\":");
	buf_uint(out, e->response);
	json_write_name(out, "_source");
	json_write_string(out, e->source);
	json_write_name(out, "_offset");
	buf_uint(out, e->offset);
	sha256_hex(&e->identity, hex);
	json_write_name(out, "_sha256");
	json_write_string(out, slice_string(hex));
	if (e->has_seen) {
		json_write_name(out, "_seen");
		buf_int(out, e->seen);
	}
	if (e->http.len > 0) {
		json_write_name(out, "_http");
		buf_string(out, "{\"status\":");
		buf_uint(out, e->http_status);
		json_write_name(out, "lines");
		buf_slice(out, e->http);
		buf_byte(out, '}');
	}
	json_write_name(out, "_recipients");
	buf_uint(out, e->recipients);
	json_write_name(out, "_rows");
	buf_slice(out, e->rows);
	if (e->base != 0) {
		json_write_name(out, "_base");
		buf_uint(out, e->base);
	}
	json_write_name(out, "_outcomes");
	buf_slice(out, e->outcomes);
	json_write_name(out, "_findings");
	buf_slice(out, e->findings);
	if (e->erased > 0) {
		json_write_name(out, "_erased");
		buf_uint(out, e->erased);
	}
	captured(out, response);
}

/* --- the way back --- */

static bool is_envelope(const struct json_member *m)
{
	return m->name.len > 2 && m->name.data[1] == '_';
}

static void separate(struct buf *out, bool *first)
{
	if (!*first)
		buf_byte(out, ',');
	*first = false;
}

static void all_members(struct buf *out, struct slice object, bool *first)
{
	struct members in;
	struct json_member m;

	members_begin(&in, object);
	while (members_next(&in, &m)) {
		separate(out, first);
		buf_slice(out, m.whole);
	}
}

/* Where the captured members that begin with `_` go: before the first unknown name that is greater
 * than `_`. */
static bool after_reserved(const struct node *node, struct slice name)
{
	if (node != NULL && node_find(node, name) != UINT32_MAX)
		return false;
	return name.len > 2 && (unsigned char)name.data[1] > '_' && name.data[1] != '\\';
}

int record_restore(struct slice line, const struct node *node, struct buf *out, size_t *split,
		   uint32_t split_at, struct error *e)
{
	struct slice reserved = members_find(line, "_captured");
	struct members in;
	struct json_member m;
	bool first = true, put = reserved.len == 0;
	size_t where = SIZE_MAX;

	buf_byte(out, '{');
	members_begin(&in, line);
	while (members_next(&in, &m)) {
		uint32_t order;

		if (is_envelope(&m))
			continue;
		order = node != NULL ? node_find(node, m.name) : UINT32_MAX;
		if (where == SIZE_MAX && order > split_at)
			where = out->len;
		if (!put && after_reserved(node, m.name)) {
			all_members(out, reserved, &first);
			put = true;
		}
		separate(out, &first);
		buf_slice(out, m.whole);
	}
	if (in.bad)
		return error_set(e, ERROR_BUNDLE, "a line is not in the normal form");
	if (where == SIZE_MAX)
		where = out->len;
	if (!put)
		all_members(out, reserved, &first);
	buf_byte(out, '}');
	if (split != NULL)
		*split = where;
	return out->failed ? error_memory(e) : 0;
}

struct slice record_reserved(struct slice text, const struct node *node)
{
	struct slice run = {0};
	struct members in;
	struct json_member m;

	if (memmem(text.data, text.len, "\"_", 2) == NULL)
		return run;
	members_begin(&in, text);
	while (members_next(&in, &m)) {
		if (!is_envelope(&m) || (node != NULL && node_find(node, m.name) != UINT32_MAX))
			continue;
		if (run.data == NULL)
			run.data = m.whole.data;
		run.len = (size_t)(m.whole.data + m.whole.len - run.data);
	}
	return run;
}
