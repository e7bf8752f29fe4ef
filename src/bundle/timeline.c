/*
 * timeline.c: subjects, and what each bundle has of them.
 * A moment is there with everything that its response has of the subjects, or not at all: what is
 * missing in it is gone.
 * It must never keep a line's place in a bundle beyond timeline_read.
 */
#include "bundle/timeline.h"

#include <stdlib.h>

#include "bundle/captures.h"
#include "bundle/lines.h"
#include "bundle/lists.h"
#include "json/members.h"

int timeline_init(struct timeline *t, struct error *e)
{
	*t = (struct timeline){0};
	t->batches = map_new();
	t->states = map_new();
	t->names = map_new();
	if (t->batches != NULL && t->states != NULL && t->names != NULL)
		return 0;
	timeline_free(t);
	return error_memory(e);
}

void timeline_free(struct timeline *t)
{
	map_free(t->batches);
	map_free(t->states);
	map_free(t->names);
	free(t->subjects);
	free(t->moments);
	free(t->sights);
	free(t->events);
	*t = (struct timeline){0};
}

/* --- subjects --- */

/* Before a recipient's id in a name: its batch, and a byte. */
#define NAME_HEAD (sizeof(uint32_t) + 1)

static void put_name(struct buf *name, uint32_t batch, bool whole, struct slice id)
{
	buf_clear(name);
	buf_append(name, &batch, sizeof(batch));
	buf_byte(name, whole ? 'b' : 'r');
	buf_slice(name, id);
}

struct slice timeline_id(const struct timeline *t, uint32_t subject)
{
	struct slice name = map_key(t->names, subject);

	return slice_of(name.data + NAME_HEAD, name.len - NAME_HEAD);
}

int timeline_name(struct timeline *t, enum line_kind lines, struct slice line, struct error *e)
{
	bool whole = lines == LINES_RESPONSES;
	struct slice id = whole ? SLICE("") : members_find(line, "id");
	uint32_t batch = map_add(t->batches, members_find(line, whole ? "id" : "_batch"));
	struct buf name = BUF_INIT;
	uint32_t n = MAP_NONE;

	if (batch == MAP_NONE)
		return error_memory(e);
	put_name(&name, batch, whole, id);
	if (!name.failed)
		n = map_add(t->names, buf_view(&name));
	buf_free(&name);
	if (n == MAP_NONE || array_reserve(&t->subjects, &t->subject_cap, (size_t)n + 1,
					   sizeof(*t->subjects)) != 0)
		return error_memory(e);
	t->subjects[n] = (struct subject){batch, whole};
	t->subject_count = map_count(t->names);
	return 0;
}

/* --- one bundle --- */

/* A recipient line of a subject. */
struct line_of {
	uint64_t number;
	uint32_t subject, state;
};

struct reading {
	struct timeline *t;
	const struct bundle *b;
	uint32_t bundle;
	struct lookup *lookup;
	size_t first; /* moment of this bundle */
	bool *has;    /* of each batch: are there any? */
	struct line_of *lines; /* ascending, when all are known */
	size_t count, cap;
	struct lists *lists;
	struct lines *responses;
	struct buf name, text;
	struct error *e;
};

static int add_sight(struct timeline *t, uint32_t subject, uint32_t state, struct error *e)
{
	if (array_reserve(&t->sights, &t->sight_cap, t->sight_count + 1, sizeof(*t->sights)) != 0)
		return error_memory(e);
	t->sights[t->sight_count++] = (struct sight){subject, state};
	return 0;
}

/* The number of the state that the line is; MAP_NONE: *r->e says why. */
static uint32_t state_of(struct reading *r, struct slice line)
{
	struct slice members = compare_members(line);
	uint32_t state;

	if (members.len == 0) {
		error_set(r->e, ERROR_BUNDLE, "%s: a line is not in the normal form",
			  bundle_path(r->b));
		return MAP_NONE;
	}
	buf_clear(&r->text);
	buf_byte(&r->text, '{');
	buf_slice(&r->text, members);
	state = r->text.failed ? MAP_NONE : map_add(r->t->states, buf_view(&r->text));
	if (state == MAP_NONE)
		error_memory(r->e);
	return state;
}

/* The subject whose line it is; MAP_NONE: of none. */
static uint32_t subject_of(struct reading *r, struct slice line)
{
	uint32_t batch = map_find(r->t->batches, members_find(line, "_batch"));

	if (batch == MAP_NONE)
		return MAP_NONE;
	put_name(&r->name, batch, false, members_find(line, "id"));
	return r->name.failed ? MAP_NONE : map_find(r->t->names, buf_view(&r->name));
}

static int found_line(void *arg, size_t which, enum line_kind lines, uint64_t number,
		      struct slice line)
{
	struct reading *r = arg;
	uint32_t subject, state;

	(void)which;
	if (lines != LINES_RECIPIENTS)
		return 0;
	subject = subject_of(r, line);
	if (subject == MAP_NONE)
		return r->name.failed ? error_memory(r->e) : 0;
	state = state_of(r, line);
	if (state == MAP_NONE)
		return -1;
	if (array_reserve(&r->lines, &r->cap, r->count + 1, sizeof(*r->lines)) != 0)
		return error_memory(r->e);
	r->lines[r->count++] = (struct line_of){number, subject, state};
	return 0;
}

/* --- its captures --- */

static int by_response(const void *a, const void *b)
{
	uint64_t x = ((const struct capture *)a)->response,
		 y = ((const struct capture *)b)->response;

	return (x > y) - (x < y);
}

static int add_moments(struct reading *r, uint32_t batch, const struct capture *of, size_t count)
{
	struct timeline *t = r->t;
	struct capture *sorted = malloc((count + 1) * sizeof(*sorted));

	if (sorted == NULL || array_reserve(&t->moments, &t->moment_cap, t->moment_count + count,
					    sizeof(*t->moments)) != 0) {
		free(sorted);
		return error_memory(r->e);
	}
	if (count > 0)
		memcpy(sorted, of, count * sizeof(*sorted));
	r->has[batch] = count > 0;
	qsort(sorted, count, sizeof(*sorted), by_response);
	for (size_t i = 0; i < count; i++)
		t->moments[t->moment_count++] = (struct moment){
			.batch = batch, .bundle = r->bundle, .response = sorted[i].response,
			.updated = sorted[i].updated, .seen = sorted[i].seen};
	free(sorted);
	return 0;
}

/* The bundle's captures of the batches, for each batch in the order of their numbers. */
static int take_captures(struct reading *r, const struct captures *c)
{
	const struct map *ids = captures_batches(c);

	for (uint32_t i = 0; i < map_count(ids); i++) {
		uint32_t batch = map_find(r->t->batches, map_key(ids, i));
		const struct capture *of;
		size_t count = 0;

		of = captures_of(c, i, &count);
		if (batch != MAP_NONE && add_moments(r, batch, of, count) != 0)
			return -1;
	}
	return 0;
}

static int find_moments(struct reading *r)
{
	uint32_t count = map_count(r->t->batches);
	struct slice *ids = calloc((size_t)count + 1, sizeof(*ids));
	struct captures *c = captures_new();
	int result = -1;

	for (uint32_t i = 0; ids != NULL && i < count; i++)
		ids[i] = map_key(r->t->batches, i);
	if (ids == NULL || c == NULL)
		error_memory(r->e);
	else if (captures_add_batches(c, r->bundle, r->lookup, ids, count, r->e) == 0)
		result = captures_sort(c) == 0 ? take_captures(r, c) : error_memory(r->e);
	captures_free(c);
	free(ids);
	return result;
}

/* --- its recipient lines --- */

/* The ids to look for: those that are strings, of subjects whose batch the bundle has. */
struct wanted {
	struct buf text;
	struct slice *ids; /* at first places in text */
	size_t count, cap;
	bool any; /* subjects, whatever their ids */
};

static int want(struct reading *r, struct wanted *w)
{
	const struct timeline *t = r->t;
	size_t end = 0;

	for (uint32_t i = 0; i < t->subject_count; i++) {
		size_t before = w->text.len;

		if (t->subjects[i].whole || !r->has[t->subjects[i].batch])
			continue;
		w->any = true;
		if (!json_unescape(&w->text, timeline_id(t, i)) || w->text.len == before)
			continue;
		if (array_reserve(&w->ids, &w->cap, w->count + 1, sizeof(*w->ids)) != 0)
			return error_memory(r->e);
		w->ids[w->count++].len = w->text.len - before;
	}
	if (w->text.failed)
		return error_memory(r->e);
	for (size_t i = 0; i < w->count; i++) {
		w->ids[i].data = w->text.data + end;
		end += w->ids[i].len;
	}
	return 0;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = ((const struct line_of *)a)->number, y = ((const struct line_of *)b)->number;

	return (x > y) - (x < y);
}

/* Every line once, ascending. */
static void sort_lines(struct reading *r)
{
	size_t n = 0;

	if (r->count > 1)
		qsort(r->lines, r->count, sizeof(*r->lines), by_number);
	for (size_t i = 0; i < r->count; i++)
		if (n == 0 || r->lines[i].number != r->lines[n - 1].number)
			r->lines[n++] = r->lines[i];
	r->count = n;
}

/* `typed`: lines without an id, or with one that is no string, are found by that alone. */
static int find_lines(struct reading *r, struct slice typed)
{
	struct wanted w = {0};
	int result = want(r, &w);

	if (result == 0 && w.any)
		result = lookup_value(r->lookup, SLICE(""), typed, found_line, r, r->e);
	if (result == 0 && w.count > 0)
		result = lookup_values(r->lookup, SLICE("id"), w.ids, w.count, found_line, r, r->e);
	if (result == 0)
		sort_lines(r);
	buf_free(&w.text);
	free(w.ids);
	return result;
}

/* --- what its responses have of them --- */

static int look_at_rows(struct reading *r, const struct moment *m)
{
	const struct rows *rows;
	struct slice line;

	if (r->count == 0)
		return 0;
	if (lines_get(r->responses, m->response, &line, r->e) != 0)
		return -1;
	rows = lists_of(r->lists, m->response, line, r->e);
	if (rows == NULL)
		return -1;
	for (size_t i = 0; i < rows->count; i++) {
		struct line_of key = {.number = rows->line[i]}, *of;

		if (key.number < r->lines[0].number || key.number > r->lines[r->count - 1].number)
			continue;
		of = bsearch(&key, r->lines, r->count, sizeof(*r->lines), by_number);
		if (of != NULL && r->t->subjects[of->subject].batch == m->batch &&
		    add_sight(r->t, of->subject, of->state, r->e) != 0)
			return -1;
	}
	return 0;
}

static int look_at_response(struct reading *r, struct moment *m, uint32_t subject)
{
	struct slice line, digest;
	uint32_t state;

	if (lines_get(r->responses, m->response, &line, r->e) != 0)
		return -1;
	digest = members_find(line, "_sha256");
	if (digest.len != SHA256_HEX + 2 ||
	    sha256_parse(slice_of(digest.data + 1, SHA256_HEX), &m->identity) != 0 ||
	    !json_uint(members_find(line, "_recipients"), &m->recipients))
		return error_set(r->e, ERROR_BUNDLE, "%s: response %llu has no digest, or does not "
				 "say how many _recipients it has", bundle_path(r->b),
				 (unsigned long long)m->response);
	state = state_of(r, line);
	return state == MAP_NONE ? -1 : add_sight(r->t, subject, state, r->e);
}

static int look(struct reading *r)
{
	struct timeline *t = r->t;

	for (size_t i = r->first; i < t->moment_count; i++) {
		struct moment *m = &t->moments[i];
		uint32_t whole;

		m->first = t->sight_count;
		put_name(&r->name, m->batch, true, SLICE(""));
		if (r->name.failed)
			return error_memory(r->e);
		whole = map_find(t->names, buf_view(&r->name));
		if (whole != MAP_NONE && look_at_response(r, m, whole) != 0)
			return -1;
		if (look_at_rows(r, m) != 0)
			return -1;
		m->count = t->sight_count - m->first;
	}
	return 0;
}

static int read_bundle(struct reading *r, struct slice typed)
{
	r->has = calloc((size_t)map_count(r->t->batches) + 1, sizeof(*r->has));
	if (r->has == NULL)
		return error_memory(r->e);
	if (find_moments(r) != 0)
		return -1;
	if (r->t->moment_count == r->first)
		return 0;
	r->lists = lists_open(r->b);
	if (r->lists == NULL)
		return error_memory(r->e);
	r->responses = lines_open(r->b, LINES_RESPONSES, r->e);
	if (r->responses == NULL || find_lines(r, typed) != 0)
		return -1;
	return look(r);
}

int timeline_read(struct timeline *t, const struct bundle *b, uint32_t bundle, struct lookup *l,
		  struct slice typed, struct error *e)
{
	struct reading r = {.t = t, .b = b, .bundle = bundle, .lookup = l,
			    .first = t->moment_count, .e = e};
	size_t sights = t->sight_count;
	int result = read_bundle(&r, typed);

	if (result != 0) {
		t->moment_count = r.first;
		t->sight_count = sights;
	}
	lists_close(r.lists);
	lines_close(r.responses);
	free(r.lines);
	free(r.has);
	buf_free(&r.name);
	buf_free(&r.text);
	return result;
}
