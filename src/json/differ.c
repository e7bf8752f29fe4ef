/*
 * differ.c: compares two objects level by level.
 * A level's differing members are collected whole before the first of them is told or entered.
 * It must never recurse, nor look for a member by reading all others again.
 */
#include "json/differ.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/map.h"
#include "json/members.h"

struct item {
	struct slice name; /* with quotes */
	struct slice old, new; /* empty: not there */
};

/* An object that is being told: its items are those from `next` to the next level's first. */
struct level {
	size_t first, next, end; /* of differ.items */
	size_t path;             /* length of the path of the object itself */
};

struct differ {
	struct item *items; /* a stack: those of the outermost level first */
	size_t count, cap;
	struct level level[DIFFER_DEPTH];
	unsigned depth;
	struct buf path;
};

static int bad_text(struct error *e)
{
	return error_set(e, ERROR_BUNDLE, "an object is not in the normal form");
}

static int push(struct differ *d, struct slice name, struct slice old, struct slice new,
		struct error *e)
{
	if (slice_equal(old, new))
		return 0;
	if (array_reserve(&d->items, &d->cap, d->count + 1, sizeof(*d->items)) != 0)
		return error_memory(e);
	d->items[d->count++] = (struct item){name, old, new};
	return 0;
}

/* --- members that do not stand at the same places --- */

/* The rest of an object, by name. */
struct rest {
	struct map *names;
	struct json_member *members; /* in the order of their numbers */
	size_t cap;
	bool *taken;
};

/* `m` is the first member; the walk goes on behind it. */
static int rest_read(struct rest *r, struct members *in, struct json_member m, bool more,
		     struct error *e)
{
	r->names = map_new();
	if (r->names == NULL)
		return error_memory(e);
	for (; more; more = members_next(in, &m)) {
		uint32_t n = map_add(r->names, m.name);

		if (n == MAP_NONE || array_reserve(&r->members, &r->cap, (size_t)n + 1,
						   sizeof(*r->members)) != 0)
			return error_memory(e);
		r->members[n] = m;
	}
	if (in->bad)
		return bad_text(e);
	r->taken = calloc((size_t)map_count(r->names) + 1, sizeof(*r->taken));
	return r->taken == NULL ? error_memory(e) : 0;
}

static void rest_free(struct rest *r)
{
	map_free(r->names);
	free(r->members);
	free(r->taken);
}

/* From the first pair of members on whose names differ, or of which one is missing. */
static int collect_rest(struct differ *d, struct members *old, struct json_member m, bool more,
			struct rest *r, struct error *e)
{
	for (; more; more = members_next(old, &m)) {
		uint32_t n = map_find(r->names, m.name);

		if (n != MAP_NONE)
			r->taken[n] = true;
		if (push(d, m.name, m.value, n == MAP_NONE ? SLICE("") : r->members[n].value,
			 e) != 0)
			return -1;
	}
	if (old->bad)
		return bad_text(e);
	for (uint32_t n = 0; n < map_count(r->names); n++)
		if (!r->taken[n] &&
		    push(d, r->members[n].name, SLICE(""), r->members[n].value, e) != 0)
			return -1;
	return 0;
}

/* Collects what differs between two objects. */
static int collect(struct differ *d, struct slice old, struct slice new, struct error *e)
{
	struct members in_old, in_new;
	struct json_member a, b;
	struct rest rest = {0};
	bool more_old, more_new;
	int result;

	members_begin(&in_old, old);
	members_begin(&in_new, new);
	for (;;) {
		more_old = members_next(&in_old, &a);
		more_new = members_next(&in_new, &b);
		if (!more_old || !more_new || !slice_equal(a.name, b.name))
			break;
		if (push(d, a.name, a.value, b.value, e) != 0)
			return -1;
	}
	if (in_old.bad || in_new.bad)
		return bad_text(e);
	if (!more_old && !more_new)
		return 0;
	result = rest_read(&rest, &in_new, b, more_new, e);
	if (result == 0)
		result = collect_rest(d, &in_old, a, more_old, &rest, e);
	rest_free(&rest);
	return result;
}

/* --- telling --- */

static void put_name(struct buf *path, struct slice quoted)
{
	bool plain = quoted.len > 2 && memchr(quoted.data, '.', quoted.len) == NULL &&
		     memchr(quoted.data + 1, '"', quoted.len - 2) == NULL;

	if (path->len > 0)
		buf_byte(path, '.');
	if (!plain || !json_unescape(path, quoted))
		buf_slice(path, quoted);
}

static bool is_object(struct slice value)
{
	return value.len > 0 && value.data[0] == '{';
}

/* Enters an object, if the path to it and their number allow. 1; 0: not entered; -1. */
static int enter(struct differ *d, const struct item *item, struct error *e)
{
	struct slice old = item->old, new = item->new; /* items may move */
	size_t first = d->count;

	if (!is_object(old) || !is_object(new) || d->depth == DIFFER_DEPTH ||
	    d->path.len > DIFFER_PATH)
		return 0;
	if (collect(d, old, new, e) != 0)
		return -1;
	d->level[d->depth++] = (struct level){first, first, d->count, d->path.len};
	return 1;
}

static int walk(struct differ *d, differ_found *found, void *arg, struct error *e)
{
	int result = 0;

	while (d->depth > 0 && result == 0) {
		struct level *l = &d->level[d->depth - 1];

		d->path.len = l->path;
		if (l->next == l->end) {
			d->count = l->first;
			d->depth--;
			continue;
		}
		struct item item = d->items[l->next++];
		put_name(&d->path, item.name);
		if (d->path.failed)
			return error_memory(e);
		int entered = enter(d, &item, e);
		if (entered < 0)
			return -1;
		if (entered == 0)
			result = found(arg, buf_view(&d->path), item.old, item.new);
	}
	return result;
}

int differ_objects(struct slice old, struct slice new, differ_found *found, void *arg,
		   struct error *e)
{
	struct differ *d;
	struct item root = {.old = old, .new = new};
	int result;

	if (slice_equal(old, new))
		return 0;
	if (!is_object(old) || !is_object(new))
		return bad_text(e);
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return error_memory(e);
	result = enter(d, &root, e) < 0 ? -1 : walk(d, found, arg, e);
	free(d->items);
	buf_free(&d->path);
	free(d);
	return result;
}
