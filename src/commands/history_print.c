/*
 * history_print.c: the formats of `callroll history`.
 * The text leaves out what people do not look for; the NDJSON has everything.
 */
#include "commands/history_print.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/table.h"
#include "json/differ.h"
#include "json/members.h"
#include "json/write.h"

/* Bytes of a value that the text shows. */
#define VALUE_MOST 60
/* Left out before the names of what is in it: long, and nothing else in a recipient has members. */
#define CLIENT_DATA "conversation_initiation_client_data."
#define OUT_PIECE ((size_t)256 * 1024) /* written at a time */

static struct slice state(const struct history_view *view, uint32_t n)
{
	if (n == UINT32_MAX)
		return SLICE("");
	if (view->redact != NULL)
		return slice_of(view->text.data + view->at[n], view->len[n]);
	return map_key(view->t->states, n);
}

/* --- with --redact --- */

static int veil_states(struct history_view *v, struct error *e)
{
	for (; v->sights < v->t->sight_count; v->sights++) {
		const struct sight *s = &v->t->sights[v->sights];
		bool whole = v->t->subjects[s->subject].whole;

		if (s->state == UINT32_MAX || v->len[s->state] > 0)
			continue;
		v->at[s->state] = v->text.len;
		if (redact_object(v->redact, whole ? REDACT_RESPONSE : REDACT_RECIPIENT,
				  map_key(v->t->states, s->state), &v->text, e) != 0)
			return -1;
		v->len[s->state] = v->text.len - v->at[s->state];
	}
	return 0;
}

int history_print_veil(struct history_view *v, const struct model *model, struct error *e)
{
	size_t before = v->len_cap, count = map_count(v->t->states);
	int status;

	if (v->redact == NULL)
		return 0;
	if (array_reserve(&v->at, &v->at_cap, count + 1, sizeof(*v->at)) != 0 ||
	    array_reserve(&v->len, &v->len_cap, count + 1, sizeof(*v->len)) != 0)
		return error_memory(e);
	/* a length of 0: it was not made yet */
	memset(v->len + before, 0, (v->len_cap - before) * sizeof(*v->len));
	redact_model(v->redact, model);
	status = veil_states(v, e);
	redact_model(v->redact, NULL); /* the model goes with its bundle */
	return status;
}

void history_print_free(struct history_view *v)
{
	redact_free(v->redact);
	buf_free(&v->text);
	free(v->at);
	free(v->len);
}

/* Appends the id of a recipient. */
static void put_id(const struct history_view *view, uint32_t subject, struct buf *out)
{
	struct slice id = timeline_id(view->t, subject);

	if (view->redact != NULL)
		redact_member(view->redact, REDACT_RECIPIENT, "id", id, out);
	else
		buf_slice(out, id);
}

/* --- text --- */

static const struct column columns[] = {
	{.head = "UPDATED (UTC)"},
	{.head = "BATCH", .optional = true},
	{.head = "RECIPIENT", .optional = true},
	{.head = "STATUS"},
	{.head = "IN"},
	{.head = "CHANGED"},
};

struct text_printer {
	const struct history_view *view;
	const struct timeline *t;
	const struct bundle_paths *paths;
	struct table *table;
	struct buf cell;
	struct buf id;
	struct buf stamps; /* changes of time stamps, shown if there are no others */
};

static void end_cell(struct text_printer *p)
{
	table_cell(p->table, buf_view(&p->cell));
	buf_clear(&p->cell);
}

/* A value as people read it, cut if it is long. */
static void put_value(struct buf *out, struct slice value)
{
	size_t before = out->len;

	if (value.len == 0)
		buf_string(out, "(none)");
	else if (!json_unescape(out, value))
		buf_slice(out, value);
	if (out->len - before <= VALUE_MOST)
		return;
	out->len = before + VALUE_MOST;
	while (out->len > before && ((unsigned char)out->data[out->len] & 0xc0) == 0x80)
		out->len--; /* not within a character */
	buf_string(out, "…");
}

static bool is_nothing(struct slice value)
{
	return value.len == 0 || slice_equal(value, SLICE("null"));
}

static int put_change(void *arg, struct slice path, struct slice old, struct slice new)
{
	struct text_printer *p = arg;
	bool stamp = slice_equal(path, SLICE("updated_at_unix")) ||
		     slice_equal(path, SLICE("last_updated_at_unix"));
	struct buf *out = stamp ? &p->stamps : &p->cell;

	if (slice_equal(path, SLICE("status")))
		return 0; /* has its own column */
	if (slice_starts(path, SLICE(CLIENT_DATA)))
		path = slice_of(path.data + strlen(CLIENT_DATA), path.len - strlen(CLIENT_DATA));
	if (out->len > 0)
		buf_string(out, ", ");
	buf_slice(out, path);
	buf_byte(out, ' ');
	if (!is_nothing(old)) {
		put_value(out, old);
		buf_string(out, " -> ");
	}
	put_value(out, new);
	return 0;
}

static void put_count(struct buf *out, uint64_t n, const char *what)
{
	if (n == 0)
		return;
	if (out->len > 0)
		buf_string(out, ", ");
	text_count(out, n);
	buf_string(out, n == 1 ? " recipient " : " recipients ");
	buf_string(out, what);
}

static int changes_cell(struct text_printer *p, const struct event *v, struct error *e)
{
	int result = 0;

	if (v->kind == EVENT_BACK)
		buf_string(&p->cell, "back");
	buf_clear(&p->stamps);
	if (v->kind == EVENT_CHANGED || v->kind == EVENT_BACK)
		result = differ_objects(state(p->view, v->old), state(p->view, v->new), put_change,
					p, e);
	put_count(&p->cell, v->recipients.changed, "changed");
	put_count(&p->cell, v->recipients.added, "added");
	put_count(&p->cell, v->recipients.removed, "removed");
	if (v->unknown)
		buf_string(&p->cell, p->cell.len > 0 ? "; recipients cannot be compared"
						     : "recipients cannot be compared");
	if (v->kind == EVENT_FIRST && p->t->subjects[v->subject].whole)
		put_count(&p->cell, p->t->moments[v->moment].recipients, "in it");
	if (p->cell.len == 0)
		buf_slice(&p->cell, buf_view(&p->stamps));
	end_cell(p);
	return result;
}

static void status_cell(struct text_printer *p, const struct event *v)
{
	struct slice old = members_find(state(p->view, v->old), "status");
	struct slice new = members_find(state(p->view, v->new), "status");

	if (v->kind != EVENT_FIRST && (v->kind == EVENT_GONE || !slice_equal(old, new))) {
		put_value(&p->cell, old);
		buf_string(&p->cell, " -> ");
	}
	if (v->kind == EVENT_GONE)
		buf_string(&p->cell, "(gone)");
	else
		put_value(&p->cell, new);
	end_cell(p);
}

/* 2026-05-04 16:22:10 */
static void put_time(struct buf *out, int64_t at)
{
	if (at != INT64_MIN)
		text_clock(out, at);
}

/* The bundle's name without folder and suffix, and the response's number: 2026-05#17 */
static void place_cell(struct text_printer *p, const struct moment *m)
{
	const char *path = p->paths->path[m->bundle], *slash = strrchr(path, '/');
	struct slice name = slice_string(slash != NULL ? slash + 1 : path);
	struct slice suffix = SLICE(".tar.zst");

	if (name.len > suffix.len &&
	    memcmp(name.data + name.len - suffix.len, suffix.data, suffix.len) == 0)
		name.len -= suffix.len;
	buf_slice(&p->cell, name);
	buf_byte(&p->cell, '#');
	buf_uint(&p->cell, m->response);
	end_cell(p);
}

static int text_event(struct text_printer *p, const struct event *v, struct error *e)
{
	const struct subject *s = &p->t->subjects[v->subject];
	const struct moment *m = &p->t->moments[v->moment];

	put_time(&p->cell, m->updated);
	end_cell(p);
	/* who it is, where there are several */
	if (p->t->subject_count > 1)
		put_value(&p->cell, map_key(p->t->batches, s->batch));
	end_cell(p);
	if (p->t->subject_count > 1 && !s->whole) {
		buf_clear(&p->id);
		put_id(p->view, v->subject, &p->id);
		put_value(&p->cell, buf_view(&p->id));
	}
	end_cell(p);
	status_cell(p, v);
	place_cell(p, m);
	return changes_cell(p, v, e);
}

int history_print_text(const struct history_view *view, struct error *e)
{
	const struct timeline *t = view->t;
	struct text_printer p = {.view = view, .t = t, .paths = view->paths};
	struct buf out = BUF_INIT;
	int result = 0;

	p.table = table_new(columns, sizeof(columns) / sizeof(columns[0]));
	if (p.table == NULL)
		return error_memory(e);
	for (size_t i = 0; i < t->event_count && result == 0; i++)
		result = text_event(&p, &t->events[i], e);
	if (result == 0 && table_rows(p.table) > 0)
		table_print(p.table, 0, &out);
	if (table_failed(p.table) || p.cell.failed || p.id.failed || p.stamps.failed || out.failed)
		result = error_memory(e);
	if (result == 0)
		terminal_out(buf_view(&out));
	table_free(p.table);
	buf_free(&p.cell);
	buf_free(&p.id);
	buf_free(&p.stamps);
	buf_free(&out);
	return result;
}

/* --- NDJSON --- */

/* What differs, in three objects: members of both, only of the new one, only of the old one. */
struct ndjson_changes {
	struct buf changed, added, removed;
};

static int note_change(void *arg, struct slice path, struct slice old, struct slice new)
{
	struct ndjson_changes *c = arg;
	struct buf *out = old.len == 0 ? &c->added : new.len == 0 ? &c->removed : &c->changed;

	if (out->len > 0)
		buf_byte(out, ',');
	json_write_string(out, path);
	buf_byte(out, ':');
	if (out == &c->changed)
		buf_byte(out, '[');
	buf_slice(out, old);
	if (out == &c->changed)
		buf_byte(out, ',');
	buf_slice(out, new);
	if (out == &c->changed)
		buf_byte(out, ']');
	return 0;
}

static void put_object(struct buf *out, const char *name, const struct buf *members, bool always)
{
	if (members->len == 0 && !always)
		return;
	buf_printf(out, ",\"%s\":{", name);
	buf_slice(out, buf_view(members));
	buf_byte(out, '}');
}

static int put_changes(const struct history_view *view, const struct event *v, struct buf *out,
		       struct error *e)
{
	struct ndjson_changes c = {0};
	int result = 0;

	if (v->kind == EVENT_CHANGED || v->kind == EVENT_BACK)
		result = differ_objects(state(view, v->old), state(view, v->new), note_change, &c,
					e);
	put_object(out, "_changed", &c.changed, true);
	put_object(out, "_added", &c.added, false);
	put_object(out, "_removed", &c.removed, false);
	out->failed |= c.changed.failed || c.added.failed || c.removed.failed;
	buf_free(&c.changed);
	buf_free(&c.added);
	buf_free(&c.removed);
	return result;
}

static void put_recipients(const struct timeline *t, const struct event *v, struct buf *out)
{
	const struct compare_counts *n = &v->recipients;

	buf_string(out, ",\"_recipients\":");
	buf_uint(out, t->moments[v->moment].recipients);
	if (v->kind == EVENT_FIRST || v->unknown)
		return;
	buf_string(out, ",\"_recipients_changed\":");
	buf_uint(out, n->changed);
	buf_string(out, ",\"_recipients_added\":");
	buf_uint(out, n->added);
	buf_string(out, ",\"_recipients_removed\":");
	buf_uint(out, n->removed);
}

/* The members of the state itself; of one that is gone only whose it was. */
static void put_members(const struct history_view *view, const struct event *v, struct buf *out)
{
	struct slice object = state(view, v->new), id = timeline_id(view->t, v->subject);

	if (v->kind == EVENT_GONE && id.len > 0) {
		buf_string(out, ",\"id\":");
		put_id(view, v->subject, out);
	} else if (v->kind != EVENT_GONE && object.len > 2) {
		buf_byte(out, ',');
		buf_append(out, object.data + 1, object.len - 2);
	}
	buf_string(out, "}\n");
}

static int ndjson_event(const struct history_view *view, const struct event *v, struct buf *out,
			struct error *e)
{
	const struct timeline *t = view->t;
	static const char *const kinds[] = {"first", "changed", "gone", "back"};
	const struct subject *s = &t->subjects[v->subject];
	const struct moment *m = &t->moments[v->moment];

	buf_string(out, "{\"_bundle\":");
	json_write_string(out, slice_string(view->paths->path[m->bundle]));
	buf_string(out, ",\"_batch\":");
	buf_slice(out, map_key(t->batches, s->batch));
	buf_string(out, ",\"_response\":");
	buf_uint(out, m->response);
	buf_string(out, ",\"_updated\":");
	if (m->updated == INT64_MIN)
		buf_string(out, "null");
	else
		buf_int(out, m->updated);
	buf_printf(out, ",\"_event\":\"%s\"", kinds[v->kind]);
	if (put_changes(view, v, out, e) != 0)
		return -1;
	if (s->whole)
		put_recipients(t, v, out);
	put_members(view, v, out);
	return 0;
}

int history_print_ndjson(const struct history_view *view, struct error *e)
{
	const struct timeline *t = view->t;
	struct buf out = BUF_INIT;
	int result = 0;

	for (size_t i = 0; i < t->event_count && result == 0 && !terminal_gone(); i++) {
		result = ndjson_event(view, &t->events[i], &out, e);
		if (out.failed)
			result = error_memory(e);
		if (result == 0 && (out.len >= OUT_PIECE || i + 1 == t->event_count)) {
			terminal_out(buf_view(&out));
			buf_clear(&out);
		}
	}
	buf_free(&out);
	return result;
}

/* --- the summary --- */

/* "2026-05-04 09:02-15:13", with the second day if it is another */
static void put_gap(struct buf *out, const struct timeline_gap *gap)
{
	struct buf from = BUF_INIT, to = BUF_INIT;

	put_time(&from, gap->from);
	put_time(&to, gap->to);
	if (!from.failed && !to.failed && from.len == 19 && to.len == 19) {
		bool same_day = memcmp(from.data, to.data, 10) == 0;
		bool seconds = memcmp(from.data, to.data, 16) == 0;
		size_t cut = seconds ? 0 : 3;

		buf_append(out, from.data, 19 - cut);
		buf_string(out, same_day ? "-" : " - ");
		buf_append(out, to.data + (same_day ? 11 : 0), (same_day ? 8 : 19) - cut);
	} else {
		buf_printf(out, "%lld - %lld", (long long)gap->from, (long long)gap->to);
	}
	buf_free(&from);
	buf_free(&to);
}

static void put_counted(struct buf *out, uint64_t n, const char *one, const char *more)
{
	text_count(out, n);
	buf_byte(out, ' ');
	buf_string(out, n == 1 ? one : more);
}

void history_print_summary(const struct options *o, const struct timeline *t)
{
	struct timeline_gap gap = timeline_longest_gap(t);
	struct buf line = BUF_INIT;
	uint64_t states = 0;

	for (size_t i = 0; i < t->event_count; i++)
		states += t->events[i].kind != EVENT_GONE;
	put_counted(&line, states, "state", "states");
	if (t->subject_count > 1) {
		uint64_t recipients = 0;

		for (size_t i = 0; i < t->subject_count; i++)
			recipients += !t->subjects[i].whole;
		buf_string(&line, " of ");
		if (recipients > 0)
			put_counted(&line, recipients, "recipient", "recipients");
		if (recipients > 0 && recipients < t->subject_count)
			buf_string(&line, " and ");
		if (recipients < t->subject_count)
			put_counted(&line, t->subject_count - recipients, "batch", "batches");
	}
	buf_string(&line, " in ");
	put_counted(&line, t->moment_count, "capture", "captures");
	if (gap.from != gap.to) {
		buf_string(&line, "; longest gap between captures ");
		if (map_count(t->batches) > 1) {
			struct buf id = BUF_INIT;

			put_value(&id, map_key(t->batches, gap.batch));
			buf_string(&line, "of ");
			text_safe(&line, buf_view(&id));
			buf_byte(&line, ' ');
			buf_free(&id);
		}
		text_span(&line, (uint64_t)gap.to - (uint64_t)gap.from);
		buf_string(&line, " (");
		put_gap(&line, &gap);
		buf_string(&line, "): changes there are unknown");
	}
	buf_byte(&line, '\n');
	if (!line.failed)
		terminal_say_bytes(o, buf_view(&line));
	buf_free(&line);
}
