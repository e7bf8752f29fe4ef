/*
 * drift.c: items, and which lines and captures hold them.
 * An item is counted once for a line and once for a capture, however often it stands in them.
 * It must never keep a line, nor a value that is personal.
 */
#include "audit/drift.h"

#include <stdlib.h>

#include "audit/drift_inside.h"
#include "bundle/lines.h"
#include "bundle/lists.h"
#include "json/members.h"

/* Memory for different sets of items that lines of one bundle hold. */
#define SETS_BYTES (64 * MIB)

/* One bundle. */
struct adding {
	struct drift *d;
	const struct bundle *b;
	uint32_t number;
	struct map *sets; /* numbers of items, ascending -> the number of the set */
	size_t sets_bytes;
	uint64_t *sets_seen; /* of each: the capture that was the last to hold it */
	uint32_t *set;       /* of each recipient line: the number of its set + 1; 0: none */
	uint64_t set_lines;  /* how many have one */
	uint32_t *held;      /* items of the line being read */
	size_t held_count, held_cap;
	uint32_t *fresh;      /* items whose example is in a recipient line of this bundle */
	uint64_t *fresh_line; /* and which */
	size_t fresh_count, fresh_cap, fresh_line_cap, fresh_next;
	uint64_t line, response; /* being read */
	bool recipients;
	struct error *e;
};

struct drift *drift_new(const struct model *m, struct error *e)
{
	struct drift *d = calloc(1, sizeof(*d));

	if (d != NULL) {
		d->model = m;
		d->names = map_new();
		d->walk = stray_new();
	}
	if (d != NULL && d->names != NULL && d->walk != NULL)
		return d;
	error_memory(e);
	drift_free(d);
	return NULL;
}

void drift_free(struct drift *d)
{
	if (d == NULL)
		return;
	arena_free(&d->arena);
	map_free(d->names);
	stray_free(d->walk);
	free(d->item);
	free(d->path);
	free(d->seen_in);
	free(d->last_line);
	free(d->order);
	buf_free(&d->key);
	buf_free(&d->text);
	buf_free(&d->name);
	free(d);
}

void drift_redact(struct drift *d, struct redact *redact)
{
	d->redact = redact;
}

/* --- items --- */

static int keep(struct drift *d, const struct buf *text, struct slice *out)
{
	return !text->failed && arena_copy(&d->arena, buf_view(text), out) ? 0 : -1;
}

/* Would it be shown where it stands? */
static bool is_shown(const struct adding *a, const struct stray *s)
{
	struct buf pointer = BUF_INIT;
	bool shown = true;

	if (a->d->redact == NULL)
		return true;
	if (a->recipients)
		buf_string(&pointer, "/recipients/0");
	stray_pointer(a->d->walk, s, &pointer);
	shown = !pointer.failed && redact_shows(a->d->redact, buf_view(&pointer), s->value);
	buf_free(&pointer);
	return shown;
}

/* The value that is kept of a stray one. */
static struct slice value_of(const struct adding *a, const struct stray *s)
{
	if (s->kind != WIDEN_VALUE || s->personal || s->value.len > DRIFT_VALUE_MOST ||
	    !is_shown(a, s))
		return SLICE("");
	return s->value;
}

static int fill_item(struct adding *a, uint32_t n, const struct stray *s, struct slice path)
{
	struct drift *d = a->d;
	struct drift_item *item = &d->item[n];
	const char *head = a->recipients ? "/recipients/*" : "";
	struct buf *text = &d->text;
	int bad = 0;

	*item = (struct drift_item){
		.kind = s->kind,
		.recipients = a->recipients,
		.first = DRIFT_NO_TIME,
		.last = DRIFT_NO_TIME,
		.bundle = a->number,
		.response = a->response,
	};
	d->seen_in[n] = d->last_line[n] = 0;
	buf_clear(text);
	buf_slice(text, path);
	bad |= keep(d, text, &d->path[n]);
	buf_clear(text);
	buf_slice(text, value_of(a, s));
	bad |= keep(d, text, &item->value);
	buf_clear(text);
	buf_string(text, head);
	stray_shape(d->walk, s, text);
	bad |= keep(d, text, &item->where);
	buf_clear(text);
	stray_pointer(d->walk, s, text);
	bad |= keep(d, text, &item->pointer);
	return bad;
}

/* A recipient's place in its response is found later. */
static int note_fresh(struct adding *a, uint32_t n)
{
	if (!a->recipients)
		return 0;
	if (array_reserve(&a->fresh, &a->fresh_cap, a->fresh_count + 1, sizeof(*a->fresh)) != 0 ||
	    array_reserve(&a->fresh_line, &a->fresh_line_cap, a->fresh_count + 1,
			  sizeof(*a->fresh_line)) != 0)
		return -1;
	a->fresh[a->fresh_count] = n;
	a->fresh_line[a->fresh_count++] = a->line;
	return 0;
}

/* What is no item, but only counted. */
#define DROPPED (MAP_NONE - 1)

/* The number of the item, or DROPPED; MAP_NONE: *a->e says why. */
static uint32_t item_of(struct adding *a, const struct stray *s)
{
	struct drift *d = a->d;
	uint32_t before = map_count(d->names), n;
	struct slice path;

	buf_clear(&d->key);
	buf_byte(&d->key, "mvt"[s->kind]);
	if (a->recipients)
		buf_string(&d->key, "/mrecipients" WIDEN_ELEMENT);
	stray_path(d->walk, s, &d->key);
	path = slice_of(d->key.data + 1, d->key.len - 1);
	if (d->key.failed) {
		error_memory(a->e);
		return MAP_NONE;
	}
	if (path.len > DRIFT_NAME_MOST + 64) {
		d->dropped++;
		return DROPPED;
	}
	buf_byte(&d->key, '\0');
	buf_slice(&d->key, value_of(a, s));
	path.data = d->key.data + 1;
	n = d->key.failed ? MAP_NONE : map_find(d->names, buf_view(&d->key));
	if (n != MAP_NONE)
		return n;
	if (before == DRIFT_ITEMS) {
		d->dropped++;
		return DROPPED;
	}
	n = before;
	if (d->key.failed || array_reserve(&d->item, &d->cap, before + 1, sizeof(*d->item)) != 0 ||
	    array_reserve(&d->path, &d->path_cap, before + 1, sizeof(*d->path)) != 0 ||
	    array_reserve(&d->seen_in, &d->seen_cap, before + 1, sizeof(*d->seen_in)) != 0 ||
	    array_reserve(&d->last_line, &d->line_cap, before + 1, sizeof(*d->last_line)) != 0 ||
	    fill_item(a, n, s, path) != 0 || note_fresh(a, n) != 0 ||
	    map_add(d->names, buf_view(&d->key)) == MAP_NONE) {
		error_memory(a->e);
		return MAP_NONE;
	}
	return n;
}

static int meet(void *arg, const struct stray *s, struct error *e)
{
	struct adding *a = arg;
	uint32_t n = item_of(a, s);

	if (n == MAP_NONE || n == DROPPED)
		return n == DROPPED ? 0 : -1;
	a->d->item[n].types |= s->type;
	if (a->d->last_line[n] == a->d->lines)
		return 0; /* the line has it already */
	a->d->last_line[n] = a->d->lines;
	a->d->item[n].states++;
	if (array_reserve(&a->held, &a->held_cap, a->held_count + 1, sizeof(*a->held)) != 0)
		return error_memory(e);
	a->held[a->held_count++] = n;
	return 0;
}

/* The items of a line, in a->held. */
static int read_line(struct adding *a, const struct node *node, struct slice line)
{
	a->held_count = 0;
	a->d->lines++;
	return stray_find(a->d->walk, node, line, meet, a, a->e);
}

/* --- recipient lines --- */

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Gives the line the number of its set. */
static int note_set(struct adding *a)
{
	size_t bytes = a->held_count * sizeof(*a->held);
	struct slice key = slice_of((const char *)a->held, bytes);
	uint32_t n;

	if (a->held_count == 0)
		return 0;
	qsort(a->held, a->held_count, sizeof(*a->held), by_number);
	n = map_find(a->sets, key);
	if (n == MAP_NONE && a->sets_bytes + bytes > SETS_BYTES) {
		a->d->inexact = true;
		return 0;
	}
	if (n == MAP_NONE) {
		a->sets_bytes += bytes;
		n = map_add(a->sets, key);
	}
	if (n == MAP_NONE)
		return error_memory(a->e);
	a->set[a->line] = n + 1;
	a->set_lines++;
	return 0;
}

static int read_recipients(struct adding *a)
{
	const struct node *node = model_recipient(a->d->model);
	struct line_cursor *in;
	struct slice line;
	int result;

	if (node == NULL)
		return 0;
	in = bundle_cursor(a->b, LINES_RECIPIENTS, a->e);
	if (in == NULL)
		return -1;
	a->recipients = true;
	for (a->line = 1; (result = cursor_next(in, &line, a->e)) == 1; a->line++) {
		a->response = 0;
		json_uint(members_find(line, "_response"), &a->response);
		if (a->line > bundle_lines(a->b, LINES_RECIPIENTS) ||
		    read_line(a, node, line) != 0 || note_set(a) != 0) {
			error_set(a->e, ERROR_BUNDLE, "%s: recipient lines are not as announced",
				  bundle_path(a->b));
			result = -1;
			break;
		}
	}
	cursor_free(in);
	a->recipients = false;
	return result;
}

/* --- captures --- */

struct when {
	int64_t at;
	struct slice source;
};

/* A capture holds an item. */
static void sight(struct adding *a, uint32_t n, int64_t at)
{
	struct drift_item *item = &a->d->item[n];

	if (a->d->seen_in[n] == a->d->captures)
		return;
	a->d->seen_in[n] = a->d->captures;
	item->captures++;
	if (at == DRIFT_NO_TIME)
		return;
	if (item->first == DRIFT_NO_TIME || at < item->first)
		item->first = at;
	if (item->last == DRIFT_NO_TIME || at > item->last)
		item->last = at;
}

static void sight_set(struct adding *a, uint32_t set, int64_t at)
{
	struct slice key = map_key(a->sets, set);

	a->sets_seen[set] = a->d->captures;
	for (size_t i = 0; i < key.len; i += sizeof(uint32_t)) {
		uint32_t n;

		memcpy(&n, key.data + i, sizeof(n));
		sight(a, n, at);
	}
}

static int set_example(struct adding *a, uint32_t n, struct slice source, uint64_t index)
{
	struct drift *d = a->d;
	struct drift_item *item = &d->item[n];

	buf_clear(&d->text);
	json_unescape(&d->text, source);
	if (keep(d, &d->text, &item->source) != 0)
		return error_memory(a->e);
	if (!item->recipients)
		return 0;
	buf_clear(&d->text);
	buf_string(&d->text, "/recipients/");
	if (index == UINT64_MAX)
		buf_byte(&d->text, '*');
	else
		buf_uint(&d->text, index);
	buf_slice(&d->text, item->pointer);
	return keep(d, &d->text, &item->pointer) == 0 ? 0 : error_memory(a->e);
}

/* Where the examples that are in recipients of this response stand. Lines come in the order of
 * responses; where they do not, the element stays unknown. */
static int find_examples(struct adding *a, const struct rows *rows, struct slice source)
{
	while (a->fresh_next < a->fresh_count) {
		uint32_t n = a->fresh[a->fresh_next];
		bool missed = a->d->item[n].response < a->response;
		size_t i = 0;

		if (a->d->item[n].response > a->response)
			break;
		while (i < rows->count && rows->line[i] != a->fresh_line[a->fresh_next])
			i++;
		if (set_example(a, n, missed ? SLICE("") : source,
				missed || i == rows->count ? UINT64_MAX : i) != 0)
			return -1;
		a->fresh_next++;
	}
	return 0;
}

static struct when when_of(struct slice line)
{
	struct when w = {.at = DRIFT_NO_TIME};
	int64_t updated = DRIFT_NO_TIME;
	struct members in;
	struct json_member m;

	members_begin(&in, line);
	while (!in.array && members_next(&in, &m)) {
		if (slice_equal(m.name, SLICE("\"_seen\"")) && !json_int(m.value, &w.at))
			w.at = DRIFT_NO_TIME;
		else if (slice_equal(m.name, SLICE("\"_source\"")))
			w.source = m.value;
		else if (slice_equal(m.name, SLICE("\"last_updated_at_unix\"")) &&
			 !json_int(m.value, &updated))
			updated = DRIFT_NO_TIME;
	}
	if (w.at == DRIFT_NO_TIME)
		w.at = updated;
	return w;
}

static int read_capture(struct adding *a, struct lists *lists, struct slice line)
{
	struct when w = when_of(line);
	uint32_t before = map_count(a->d->names);
	const struct rows *rows;

	a->d->captures++;
	if (read_line(a, model_root(a->d->model), line) != 0)
		return -1;
	for (size_t i = 0; i < a->held_count; i++)
		sight(a, a->held[i], w.at);
	for (uint32_t n = before; n < map_count(a->d->names); n++)
		if (set_example(a, n, w.source, 0) != 0)
			return -1;
	if (a->set_lines == 0)
		return 0;
	rows = lists_of(lists, a->response, line, a->e);
	if (rows == NULL)
		return -1;
	for (size_t i = 0; i < rows->count; i++) {
		uint32_t set = a->set[rows->line[i]];

		if (set != 0 && a->sets_seen[set - 1] != a->d->captures)
			sight_set(a, set - 1, w.at);
	}
	return find_examples(a, rows, w.source);
}

/* A capture that cannot be read does not hide the others. */
static int read_captures(struct adding *a)
{
	struct lists *lists = lists_open(a->b);
	struct line_cursor *in;
	struct slice line;
	int result, bad = 0;

	if (lists == NULL)
		return error_memory(a->e);
	in = bundle_cursor(a->b, LINES_RESPONSES, a->e);
	if (in == NULL) {
		lists_close(lists);
		return -1;
	}
	for (a->response = 1; (result = cursor_next(in, &line, a->e)) == 1; a->response++) {
		bad |= read_capture(a, lists, line);
		if (a->e->kind != ERROR_NONE && a->e->kind != ERROR_BUNDLE)
			break;
	}
	cursor_free(in);
	lists_close(lists);
	return result < 0 || bad != 0 ? -1 : 0;
}

/* What is left of the examples: their responses were not there. */
static void end_examples(struct adding *a)
{
	for (; a->fresh_next < a->fresh_count; a->fresh_next++)
		set_example(a, a->fresh[a->fresh_next], SLICE(""), UINT64_MAX);
}

int drift_add(struct drift *d, uint32_t number, const struct bundle *b, struct error *e)
{
	struct error why = {0};
	struct adding a = {.d = d, .b = b, .number = number, .e = &why};
	uint64_t lines = bundle_lines(b, LINES_RECIPIENTS);

	a.sets = map_new();
	a.set = lines < SIZE_MAX / sizeof(*a.set) - 1 ? calloc(lines + 1, sizeof(*a.set)) : NULL;
	if (a.sets == NULL || a.set == NULL)
		error_memory(&why);
	else
		read_recipients(&a);
	if (why.kind == ERROR_NONE || why.kind == ERROR_BUNDLE) {
		a.sets_seen = calloc((size_t)map_count(a.sets) + 1, sizeof(*a.sets_seen));
		if (a.sets_seen == NULL)
			error_memory(&why);
		else
			read_captures(&a);
		end_examples(&a);
	}
	map_free(a.sets);
	free(a.sets_seen);
	free(a.set);
	free(a.held);
	free(a.fresh);
	free(a.fresh_line);
	return why.kind == ERROR_NONE ? 0 : error_set(e, why.kind, "%s", why.text);
}

/* --- the whole --- */

static int by_place(const void *x, const void *y, void *arg)
{
	const struct drift *d = arg;
	uint32_t i = *(const uint32_t *)x, k = *(const uint32_t *)y;
	const struct drift_item *a = &d->item[i], *b = &d->item[k];
	int order = slice_compare(a->where, b->where);

	if (order == 0)
		order = (int)a->kind - (int)b->kind;
	if (order == 0)
		order = slice_compare(a->value, b->value);
	return order != 0 ? order : slice_compare(d->path[i], d->path[k]);
}

int drift_finish(struct drift *d, struct error *e)
{
	uint32_t count = map_count(d->names);

	free(d->order);
	d->order = calloc((size_t)count + 1, sizeof(*d->order));
	if (d->order == NULL)
		return error_memory(e);
	for (uint32_t i = 0; i < count; i++)
		d->order[i] = i;
	if (count > 1)
		qsort_r(d->order, count, sizeof(*d->order), by_place, d);
	return 0;
}

size_t drift_count(const struct drift *d)
{
	return map_count(d->names);
}

const struct drift_item *drift_item(const struct drift *d, size_t i)
{
	return &d->item[d->order[i]];
}

uint64_t drift_dropped(const struct drift *d)
{
	return d->dropped;
}

bool drift_exact(const struct drift *d)
{
	return !d->inexact;
}

uint64_t drift_captures(const struct drift *d)
{
	return d->captures;
}
