/*
 * object.c: the members of a node.
 * Members stand in the order in which the parts list them, those only required at the end.
 * Must never let additionalProperties of one part look at the properties of another.
 */
#include "model/object.h"

#include <stdlib.h>

#include "base/map.h"
#include "json/write.h"

struct object {
	const struct merge_context *m;
	const struct part *parts;
	size_t count;
	struct map *names;
	bool *required;     /* by number in names */
	struct schema *all; /* room for one schema of each part, and one more */
	struct node *out;
};

static bool speaks(const struct part *p)
{
	return (p->mask & TYPE_OBJECT) != 0;
}

/* --- names --- */

static int add_names(struct object *o)
{
	const char *name;
	json_t *v;

	for (size_t i = 0; i < o->count; i++)
		json_object_foreach ((json_t *)o->parts[i].properties, name, v)
			if (speaks(&o->parts[i]) &&
			    map_add(o->names, slice_string(name)) == MAP_NONE)
				return error_memory(o->m->e);
	for (size_t i = 0; i < o->count; i++) {
		const json_t *list = o->parts[i].required;
		for (size_t k = 0; k < json_array_size(list) && speaks(&o->parts[i]); k++) {
			name = json_string_value(json_array_get(list, k));
			if (map_add(o->names, slice_string(name)) == MAP_NONE)
				return error_memory(o->m->e);
		}
	}
	return 0;
}

static int mark_required(struct object *o)
{
	o->required = calloc((size_t)map_count(o->names) + 1, sizeof(*o->required));
	if (o->required == NULL)
		return error_memory(o->m->e);
	for (size_t i = 0; i < o->count; i++) {
		const json_t *list = o->parts[i].required;
		for (size_t k = 0; k < json_array_size(list) && speaks(&o->parts[i]); k++) {
			const char *name = json_string_value(json_array_get(list, k));
			o->required[map_find(o->names, slice_string(name))] = true;
		}
	}
	return 0;
}

/* --- schemas --- */

/* Takes up what one part says of a member: 1: its schema is in *out, 0: nothing; -1: failed. */
static int part_says(const struct object *o, const struct part *p, struct slice name,
		     struct schema *out)
{
	const json_t *v = json_object_getn(p->properties, name.data, name.len);
	const struct slice none = {NULL, 0};

	if (v != NULL && !json_is_true(v))
		return document_child(o->m->d, &p->at, "properties", name, v, out, o->m->e) != 0
			       ? -1
			       : 1;
	if (v != NULL || p->additional == NULL || json_is_true(p->additional))
		return 0;
	return document_child(o->m->d, &p->at, "additionalProperties", none, p->additional, out,
			      o->m->e) != 0
		       ? -1
		       : 1;
}

/* What stands in a response where the member does: its name and a colon. */
static int make_head(struct object *o, struct member *member)
{
	struct buf text = BUF_INIT;

	buf_slice(&text, member->quoted);
	buf_byte(&text, ':');
	if (text.failed) {
		buf_free(&text);
		return error_memory(o->m->e);
	}
	spelling_make(&member->head, text.data, text.len);
	buf_free(&text);
	return 0;
}

static int fill_member(struct object *o, struct slice name, struct member *member,
		       struct node *node)
{
	struct buf quoted = BUF_INIT;

	json_write_string(&quoted, name);
	if (node == NULL) {
		buf_free(&quoted);
		return -1;
	}
	member->node = node;
	if (!arena_take(o->m->keep, &quoted, &member->quoted) ||
	    !arena_copy(o->m->keep, name, &member->name))
		return error_memory(o->m->e);
	return make_head(o, member);
}

/* Adds the member with this number, unless it is one that is only forbidden. */
static int add_member(struct object *o, uint32_t number, struct member *members)
{
	struct slice name = map_key(o->names, number);
	struct member *member = &members[o->out->n_members];
	size_t n = 0;

	for (size_t i = 0; i < o->count; i++) {
		const struct part *p = &o->parts[i];
		int said = speaks(p) ? part_says(o, p, name, &o->all[n]) : 0;
		if (said < 0)
			return -1;
		/* The way of a name that additionalProperties forbids: it is not known. */
		if (said == 1 && o->all[n].json == p->additional && json_is_false(p->additional) &&
		    json_object_getn(p->properties, name.data, name.len) == NULL &&
		    !o->required[number])
			return 0;
		n += (size_t)said;
	}
	if (fill_member(o, name, member, o->m->node_of(o->m->arg, o->all, n)) != 0)
		return -1;
	member->required = o->required[number];
	member->required_before = o->out->n_required;
	o->out->n_required += member->required;
	o->out->n_members++;
	return 0;
}

static int add_members(struct object *o)
{
	uint32_t count = map_count(o->names);
	struct member *members = arena_alloc(o->m->keep, (size_t)count + 1, sizeof(*members));

	if (members == NULL)
		return error_memory(o->m->e);
	o->out->members = members;
	for (uint32_t i = 0; i < count; i++)
		if (add_member(o, i, members) != 0)
			return -1;
	o->out->none = &members[o->out->n_members];
	members[o->out->n_members].required_before = o->out->n_required;
	return 0;
}

/* What holds for members that are not listed. */
static int add_rest(struct object *o)
{
	const struct slice none = {NULL, 0};
	bool said = false;
	size_t n = 0;

	for (size_t i = 0; i < o->count; i++) {
		const struct part *p = &o->parts[i];
		if (!speaks(p))
			continue;
		said |= p->notes.unknown != UNSAID;
		if (p->additional == NULL)
			continue;
		if (json_is_false(p->additional)) {
			o->out->closed = true;
			continue;
		}
		o->out->open = true;
		if (json_is_true(p->additional))
			continue;
		if (document_child(o->m->d, &p->at, "additionalProperties", none, p->additional,
				   &o->all[n++], o->m->e) != 0)
			return -1;
	}
	/* A schema that names no members leaves them free. */
	if (o->out->n_members == 0 && !said)
		o->out->open = true;
	if (o->out->closed) {
		o->out->open = false;
	} else if (n != 0) {
		o->out->additional = o->m->node_of(o->m->arg, o->all, n);
		return o->out->additional == NULL ? -1 : 0;
	}
	return 0;
}

/* At most half of the slots are taken. */
static int make_lookup(struct object *o)
{
	struct node *out = o->out;
	uint32_t slots = 2;
	uint32_t *lookup;

	if (out->n_members == 0)
		return 0;
	while (slots / 2 < out->n_members)
		slots *= 2;
	lookup = arena_alloc(o->m->keep, slots, sizeof(*lookup));
	if (lookup == NULL)
		return error_memory(o->m->e);
	for (uint32_t m = 0; m < out->n_members; m++) {
		uint32_t i = node_hash(out->members[m].quoted);
		while (lookup[i & (slots - 1)] != 0)
			i++;
		lookup[i & (slots - 1)] = m + 1;
	}
	out->lookup = lookup;
	out->lookup_mask = slots - 1;
	return 0;
}

int object_merge(const struct merge_context *m, const struct part *parts, size_t count,
		 struct node *out)
{
	struct object o = {.m = m, .parts = parts, .count = count, .out = out};
	int result = -1;

	o.names = map_new();
	o.all = calloc(count + 1, sizeof(*o.all));
	if (o.names == NULL || o.all == NULL)
		error_memory(m->e);
	else if (add_names(&o) == 0 && mark_required(&o) == 0 && add_members(&o) == 0 &&
		 add_rest(&o) == 0 && make_lookup(&o) == 0)
		result = 0;
	map_free(o.names);
	free(o.required);
	free(o.all);
	return result;
}
