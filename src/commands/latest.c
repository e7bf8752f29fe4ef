/*
 * latest.c: from lines that were found to the latest state of the recipients they belong to.
 * A batch's responses are taken newest first; each looks only for those not met in a newer one, and
 * only in lines that no newer one of that bundle has.
 * It must never tell a state of a response that another batch has.
 */
#include "commands/latest.h"

#include <stdlib.h>

#include "base/file.h"
#include "json/members.h"

#define NONE UINT32_MAX

/* A line that was found. */
struct hit {
	uint32_t bundle;
	uint32_t next; /* of the same recipient; NONE: no more */
	uint64_t number;
	size_t text, len; /* in `text` */
};

struct person {
	uint32_t batch;
	uint32_t hit; /* the first of them */
	bool has_id;
	bool done; /* its state was told */
};

struct latest {
	struct map *people; /* the batch's id, a zero byte, and the id or the whole line */
	struct map *batches;
	struct person *person;
	size_t person_cap;
	struct hit *hits;
	size_t hit_count, hit_cap;
	struct buf text, key;
};

struct latest *latest_new(void)
{
	struct latest *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->people = map_new();
	l->batches = map_new();
	if (l->people == NULL || l->batches == NULL) {
		latest_free(l);
		return NULL;
	}
	return l;
}

void latest_free(struct latest *l)
{
	if (l == NULL)
		return;
	map_free(l->people);
	map_free(l->batches);
	free(l->person);
	free(l->hits);
	buf_free(&l->text);
	buf_free(&l->key);
	free(l);
}

const struct map *latest_batches(const struct latest *l)
{
	return l->batches;
}

/* --- who --- */

/* Where the captured members begin. */
static struct slice captured(struct slice line)
{
	struct members in;
	struct json_member m;

	members_begin(&in, line);
	while (!in.array && members_next(&in, &m))
		if (!slice_equal(m.name, SLICE("\"_batch\"")) &&
		    !slice_equal(m.name, SLICE("\"_response\"")))
			return slice_of(m.whole.data,
					(size_t)(line.data + line.len - m.whole.data));
	return SLICE("");
}

/* Strings that are not empty are in the index. */
static bool is_id(struct slice value)
{
	return value.len > 2 && value.data[0] == '"';
}

/* The recipient's number in `people`. */
static uint32_t person_of(struct latest *l, struct slice batch, struct slice line)
{
	struct slice id = members_find(line, "id");

	buf_clear(&l->key);
	buf_slice(&l->key, batch);
	buf_byte(&l->key, '\0');
	buf_slice(&l->key, is_id(id) ? id : captured(line));
	return l->key.failed ? MAP_NONE : map_add(l->people, buf_view(&l->key));
}

/* The id within the key of a recipient that has one. */
static struct slice id_of(const struct latest *l, uint32_t person)
{
	struct slice key = map_key(l->people, person);
	size_t skip = map_key(l->batches, l->person[person].batch).len + 1;

	return slice_of(key.data + skip, key.len - skip);
}

/* A line that has several of the values comes several times, one after the other. */
static bool again(const struct latest *l, uint32_t person, uint32_t bundle, uint64_t number)
{
	uint32_t h = l->person[person].hit;

	return h != NONE && l->hits[h].bundle == bundle && l->hits[h].number == number;
}

int latest_hit(struct latest *l, uint32_t bundle, uint64_t number, struct slice line)
{
	struct slice batch = members_find(line, "_batch");
	uint32_t before = map_count(l->people), n = person_of(l, batch, line);
	uint32_t b = map_add(l->batches, batch);
	struct hit hit = {.bundle = bundle, .next = NONE, .number = number};

	if (n == MAP_NONE || b == MAP_NONE || l->hit_count >= NONE ||
	    array_reserve(&l->person, &l->person_cap, (size_t)n + 1, sizeof(*l->person)) != 0 ||
	    array_reserve(&l->hits, &l->hit_cap, l->hit_count + 1, sizeof(*l->hits)) != 0)
		return -1;
	if (n == before)
		l->person[n] = (struct person){
			.batch = b, .hit = NONE, .has_id = is_id(members_find(line, "id"))};
	if (again(l, n, bundle, number))
		return 0;
	hit.next = l->person[n].hit;
	hit.text = l->text.len;
	hit.len = line.len;
	buf_slice(&l->text, line);
	l->person[n].hit = (uint32_t)l->hit_count;
	l->hits[l->hit_count++] = hit;
	return l->text.failed ? -1 : 0;
}

/* --- what became of them --- */

struct resolve {
	struct latest *l;
	struct shelf *shelf;
	latest_found *found;
	void *arg;
	struct slice batch;     /* the batch at hand, */
	const uint32_t *people; /* its recipients, */
	size_t count;
	struct volume *v; /* and one of its captures */
	struct state state;
	struct cover cover; /* its lines */
	struct cover fresh; /* those of them not in `tried` */
	struct buf response;
	uint32_t *asked; /* whose ids are looked up */
	size_t asked_cap;
	bool broken; /* no memory */
	struct error *e;
};

/* The lines of a bundle in which the recipients still looked for are not. */
struct tried {
	uint32_t bundle;
	struct cover lines;
};

static int tell(struct resolve *r, uint64_t number, struct slice line)
{
	r->state.number = number;
	r->state.line = line;
	return r->found(r->arg, r->v, &r->state);
}

/* Lines that were found, and stand in this response. */
static int tell_hits(struct resolve *r, uint32_t bundle)
{
	struct latest *l = r->l;
	int result = 0;

	for (size_t i = 0; i < r->count && result == 0; i++) {
		struct person *p = &l->person[r->people[i]];

		if (p->done)
			continue;
		for (uint32_t h = p->hit; h != NONE && result == 0; h = l->hits[h].next) {
			const struct hit *hit = &l->hits[h];

			if (hit->bundle != bundle || !cover_has(&r->cover, hit->number))
				continue;
			p->done = true;
			result = tell(r, hit->number, slice_of(l->text.data + hit->text, hit->len));
		}
	}
	return result;
}

static int found_id(void *arg, size_t which, enum line_kind lines, uint64_t number,
		    struct slice line)
{
	struct resolve *r = arg;
	uint32_t person = r->asked[which];

	if (lines != LINES_RECIPIENTS || !slice_equal(members_find(line, "_batch"), r->batch) ||
	    !slice_equal(members_find(line, "id"), id_of(r->l, person)))
		return 0;
	r->l->person[person].done = true;
	return tell(r, number, line);
}

/* The ids of those still looked for, unescaped into *text and as slices of it. */
static struct slice *gather(struct resolve *r, struct buf *text, size_t *count)
{
	struct slice *ids;
	size_t *ends, n = 0;

	*count = 0;
	ids = calloc(r->count + 1, sizeof(*ids));
	ends = calloc(r->count + 1, sizeof(*ends));
	r->broken |= ids == NULL || ends == NULL ||
		     array_reserve(&r->asked, &r->asked_cap, r->count, sizeof(*r->asked)) != 0;
	for (size_t i = 0; i < r->count && !r->broken; i++) {
		const struct person *p = &r->l->person[r->people[i]];

		if (p->done || !p->has_id)
			continue;
		json_unescape(text, id_of(r->l, r->people[i]));
		r->asked[n] = r->people[i];
		ends[n++] = text->len;
	}
	r->broken |= text->failed;
	for (size_t i = 0, at = 0; i < n && !r->broken; at = ends[i++])
		ids[i] = slice_of(text->data + at, ends[i] - at);
	free(ends);
	*count = n;
	return ids;
}

/* Other lines of the same recipients. */
static int tell_ids(struct resolve *r, struct cover *tried)
{
	struct buf text = BUF_INIT;
	struct error why = {0};
	struct slice *ids;
	size_t count;
	int result = 0;

	if (cover_minus(&r->cover, tried, &r->fresh) != 0 || cover_add(tried, &r->cover) != 0) {
		r->broken = true;
		return -1;
	}
	if (r->fresh.count == 0)
		return 0;
	ids = gather(r, &text, &count);
	if (!r->broken && count > 0)
		result = lookup_among(r->v->lookup, SLICE("id"), ids, count, &r->fresh, found_id, r,
				      &why);
	if (why.kind != ERROR_NONE) {
		shelf_error(r->shelf, &why);
		result = 0;
	}
	free(ids);
	buf_free(&text);
	return r->broken ? -1 : result;
}

static bool all_done(const struct resolve *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (!r->l->person[r->people[i]].done)
			return false;
	return true;
}

/* The tried lines of a bundle. */
static struct cover *tried_of(struct tried **list, size_t *count, size_t *cap, uint32_t bundle)
{
	for (size_t i = 0; i < *count; i++)
		if ((*list)[i].bundle == bundle)
			return &(*list)[i].lines;
	if (array_reserve(list, cap, *count + 1, sizeof(**list)) != 0)
		return NULL;
	(*list)[*count] = (struct tried){.bundle = bundle};
	return &(*list)[(*count)++].lines;
}

static int take_capture(struct resolve *r, const struct capture *c, struct cover *tried)
{
	struct error why = {0};
	struct slice line;
	int result;

	r->v = shelf_get(r->shelf, c->bundle);
	if (r->v == NULL)
		return 0;
	if (cover_of(r->v->bundle, r->v->responses, c->response, &r->cover, &why) != 0 ||
	    lines_get(r->v->responses, c->response, &line, &why) != 0) {
		shelf_error(r->shelf, &why);
		return 0;
	}
	buf_clear(&r->response);
	buf_slice(&r->response, line);
	r->broken |= r->response.failed;
	if (r->broken)
		return -1;
	r->state.capture = c;
	r->state.response = buf_view(&r->response);
	result = tell_hits(r, c->bundle);
	if (result == 0 && !all_done(r))
		result = tell_ids(r, tried);
	return result;
}

static int take_batch(struct resolve *r, const struct captures *captures)
{
	uint32_t n = map_find(captures_batches(captures), r->batch);
	const struct capture *list;
	struct tried *tried = NULL;
	size_t tried_count = 0, tried_cap = 0, count;
	int result = 0;

	if (n == MAP_NONE)
		return 0; /* its response lines cannot be read, which was said */
	list = captures_of(captures, n, &count);
	for (size_t i = count; i-- > 0 && result == 0 && !all_done(r);) {
		struct cover *lines = tried_of(&tried, &tried_count, &tried_cap, list[i].bundle);

		if (stop_requested()) {
			result = error_set(r->e, ERROR_STOPPED, "stopped");
		} else if (lines == NULL) {
			r->broken = true;
			result = -1;
		} else {
			result = take_capture(r, &list[i], lines);
		}
	}
	for (size_t i = 0; i < tried_count; i++)
		cover_free(&tried[i].lines);
	free(tried);
	return result;
}

/* The recipients, batch by batch, and where each batch begins (and one more). */
static int group(const struct latest *l, uint32_t **people, size_t **begin)
{
	uint32_t count = map_count(l->people), batches = map_count(l->batches);
	size_t *at;

	*people = calloc((size_t)count + 1, sizeof(**people));
	*begin = at = calloc((size_t)batches + 2, sizeof(**begin));
	if (*people == NULL || at == NULL)
		return -1;
	for (uint32_t i = 0; i < count; i++)
		at[l->person[i].batch + 2]++;
	for (uint32_t b = 2; b < batches + 2; b++)
		at[b] += at[b - 1];
	for (uint32_t i = 0; i < count; i++)
		(*people)[at[l->person[i].batch + 1]++] = i;
	return 0;
}

int latest_resolve(struct latest *l, struct shelf *shelf, const struct captures *captures,
		   latest_found *found, void *arg, struct error *e)
{
	struct resolve r = {.l = l, .shelf = shelf, .found = found, .arg = arg, .e = e};
	uint32_t *people = NULL;
	size_t *begin = NULL;
	int result = 0;

	if (group(l, &people, &begin) != 0)
		r.broken = true;
	for (uint32_t b = 0; b < map_count(l->batches) && result == 0 && !r.broken; b++) {
		r.batch = map_key(l->batches, b);
		r.people = people + begin[b];
		r.count = begin[b + 1] - begin[b];
		result = take_batch(&r, captures);
	}
	if (r.broken)
		result = error_memory(e);
	free(people);
	free(begin);
	free(r.asked);
	cover_free(&r.cover);
	cover_free(&r.fresh);
	buf_free(&r.response);
	return result;
}
