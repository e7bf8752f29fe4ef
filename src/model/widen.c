/*
 * widen.c: changes a document's tree in place, then tells what differs from what it was.
 * A schema is changed only if the way to it is the only one, as far as $refs to whole definitions
 * make several: others are copied first.
 * It must never take anything away from a schema, but in a copy of its own.
 */
#include "model/widen.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "model/document.h"
#include "model/literal.h"
#include "model/node.h"
#include "model/types.h"
#include "json/pointer.h"

/* Schemas that one value must satisfy; a model with more is left as it is. */
#define PARTS_MOST 256
/* How far $ref, allOf, anyOf and oneOf are followed to see what a branch accepts. */
#define FOLLOW_MOST 32

struct parts {
	json_t *list[PARTS_MOST];
	size_t count;
};

struct widen {
	struct document d;
	json_t *before;   /* as it was */
	struct map *uses; /* definitions, by address -> number of $refs, in use_count */
	uint64_t *use_count;
	size_t use_cap;
	bool stale; /* these have to be counted again */
	struct parts at, next;
	struct error *e;
};

/* --- ways --- */

void widen_path_member(struct buf *path, struct slice name)
{
	size_t at = path->len;

	json_pointer_append(path, name);
	/* the letter goes behind the slash */
	buf_byte(path, ' ');
	if (path->failed)
		return;
	memmove(path->data + at + 2, path->data + at + 1, path->len - at - 2);
	path->data[at + 1] = 'm';
}

char widen_path_next(struct slice *path, struct buf *name)
{
	const char *p = path->data, *end = path->data + path->len;
	char step;

	if (path->len < 2)
		return 0;
	step = p[1];
	for (p += 2; p < end && *p != '/'; p++) {
		if (*p == '~' && p + 1 < end)
			buf_byte(name, *++p == '1' ? '/' : '~');
		else
			buf_byte(name, *p);
	}
	*path = slice_of(p, (size_t)(end - p));
	return step;
}

/* --- the tree --- */

/* Calls `each` with every object of a tree. */
typedef int each_object(struct widen *w, json_t *object);

static int push(struct widen *w, json_t ***todo, size_t *count, size_t *cap, json_t *v)
{
	if (!json_is_object(v) && !json_is_array(v))
		return 0;
	if (array_reserve(todo, cap, *count + 1, sizeof(**todo)) != 0)
		return error_memory(w->e);
	(*todo)[(*count)++] = v;
	return 0;
}

static int walk(struct widen *w, json_t *root, each_object *each)
{
	json_t **todo = NULL, *v;
	size_t count = 0, cap = 0, i;
	const char *name;
	int result = push(w, &todo, &count, &cap, root);

	while (result == 0 && count > 0) {
		json_t *one = todo[--count];

		if (json_is_object(one)) {
			result = each(w, one);
			json_object_foreach (one, name, v)
				if (result == 0)
					result = push(w, &todo, &count, &cap, v);
		} else {
			for (i = 0; (v = json_array_get(one, i)) != NULL; i++)
				if (result == 0)
					result = push(w, &todo, &count, &cap, v);
		}
	}
	free(todo);
	return result;
}

/* 0 or -1, for what jansson returns. */
static int done(struct widen *w, int failed)
{
	return failed == 0 ? 0 : error_memory(w->e);
}

/* --- who uses a definition --- */

/* What the $ref of a schema leads to, NULL: it has none. */
static json_t *target_of(struct widen *w, const json_t *schema, struct slice *pointer)
{
	const char *ref = json_string_value(json_object_get(schema, "$ref"));
	struct error none = {0};
	struct schema out;

	/* an annotation may hold what only looks like one */
	if (ref == NULL || document_resolve(&w->d, &w->d.picked, ref, &out, &none) != 0)
		return NULL;
	if (pointer != NULL)
		*pointer = out.pointer;
	return (json_t *)out.json;
}

static int count_use(struct widen *w, json_t *object)
{
	const json_t *target = target_of(w, object, NULL);
	uint32_t before = map_count(w->uses), n;

	if (target == NULL)
		return 0;
	n = map_add(w->uses, slice_of((const char *)&target, sizeof(target)));
	if (n == MAP_NONE ||
	    array_reserve(&w->use_count, &w->use_cap, (size_t)n + 1, sizeof(*w->use_count)) != 0)
		return error_memory(w->e);
	w->use_count[n] = n < before ? w->use_count[n] + 1 : 1;
	return 0;
}

/* Does a definition of this pointer stand where nothing but a $ref uses it? */
static bool is_definition(struct slice pointer)
{
	size_t end = pointer.len, start;

	while (end > 0 && pointer.data[end - 1] != '/')
		end--;
	start = end > 0 ? end - 1 : 0;
	while (start > 0 && pointer.data[start - 1] != '/')
		start--;
	if (end == 0)
		return false;
	pointer = slice_of(pointer.data + start, end - 1 - start);
	return slice_equal(pointer, SLICE("$defs")) || slice_equal(pointer, SLICE("definitions"));
}

/* 1: it is used by one $ref alone; 0: not; -1. */
static int is_own(struct widen *w, const json_t *target, struct slice pointer)
{
	uint32_t n;

	if (w->stale) {
		map_clear(w->uses);
		if (walk(w, w->d.root, count_use) != 0)
			return -1;
		w->stale = false;
	}
	n = map_find(w->uses, slice_of((const char *)&target, sizeof(target)));
	return n != MAP_NONE && w->use_count[n] == 1 && is_definition(pointer);
}

/* --- a copy of a definition --- */

/* A merge patch has no null: a default of null is left out, a const of null is an enum. */
static int without_null(struct widen *w, json_t *object)
{
	const char *name;
	json_t *v;
	void *next;

	json_object_foreach_safe (object, next, name, v) {
		if (!json_is_null(v))
			continue;
		if (strcmp(name, "const") == 0 && json_object_get(object, "enum") == NULL &&
		    done(w, json_object_set_new(object, "enum", json_pack("[n]"))) != 0)
			return -1;
		json_object_del(object, name);
	}
	return 0;
}

/* A name under $defs that is not taken: that of the definition and a number. */
static void new_name(const json_t *defs, struct slice pointer, char name[80])
{
	char base[56];
	size_t len = 0, start = pointer.len;
	unsigned n = 1;

	while (start > 0 && pointer.data[start - 1] != '/')
		start--;
	for (size_t i = start; i < pointer.len && len < sizeof(base) - 1; i++) {
		char c = pointer.data[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
		base[len++] = plain ? c : '_';
	}
	base[len] = '\0';
	do
		snprintf(name, 80, "%s_%u", len == 0 ? "root" : base, ++n);
	while (json_object_get(defs, name) != NULL);
}

/* Gives the schema a definition of its own for that of its $ref. NULL: no memory. */
static json_t *copy_definition(struct widen *w, json_t *schema, const json_t *target,
			       struct slice pointer)
{
	static const char *const only_root[] = {"$defs", "definitions", "$id", "$schema"};
	json_t *defs = json_object_get(w->d.root, "$defs"), *copy = json_deep_copy(target);
	char name[80];
	int bad = copy == NULL;

	if (defs == NULL) {
		bad |= json_object_set_new(w->d.root, "$defs", json_object());
		defs = json_object_get(w->d.root, "$defs");
	}
	new_name(defs, pointer, name);
	for (size_t i = 0; i < sizeof(only_root) / sizeof(only_root[0]); i++)
		json_object_del(copy, only_root[i]);
	if (bad == 0 && walk(w, copy, without_null) == 0) {
		bad |= json_object_set(defs, name, copy);
		bad |= json_object_set_new(schema, "$ref", json_sprintf("#/$defs/%s", name));
		w->stale = true;
	}
	json_decref(copy);
	if (bad == 0 && w->e->kind == ERROR_NONE)
		return json_object_get(defs, name);
	error_memory(w->e);
	return NULL;
}

/* --- what a schema accepts --- */

static uint8_t own_types(const json_t *schema)
{
	const json_t *type = json_object_get(schema, "type");
	const json_t *list = json_object_get(schema, "enum"), *v;
	uint8_t types = type == NULL ? TYPE_ANY : 0;
	size_t i;

	if (json_is_string(type))
		types |= types_parse(json_string_value(type));
	for (i = 0; (v = json_array_get(type, i)) != NULL; i++)
		types |= types_parse(json_string_value(v));
	if (json_is_true(json_object_get(schema, "nullable")))
		types |= TYPE_NULL;
	if (type == NULL && list != NULL) {
		types = 0;
		for (i = 0; (v = json_array_get(list, i)) != NULL; i++)
			types |= literal_type(v);
	}
	v = json_object_get(schema, "const");
	return v != NULL && type == NULL ? literal_type(v) : types;
}

/* The types that a schema accepts, with what it refers to. The limit bounds the recursion. */
static uint8_t all_types(struct widen *w, const json_t *schema, unsigned depth)
{
	static const char *const unions[] = {"anyOf", "oneOf"};
	uint8_t types = json_is_false(schema) ? 0 : TYPE_ANY;
	const json_t *v, *list;
	size_t i;

	if (!json_is_object(schema) || depth == FOLLOW_MOST)
		return types;
	types = own_types(schema);
	v = target_of(w, schema, NULL);
	if (v != NULL)
		types &= all_types(w, v, depth + 1);
	for (i = 0; (v = json_array_get(json_object_get(schema, "allOf"), i)) != NULL; i++)
		types &= all_types(w, v, depth + 1);
	for (size_t u = 0; u < 2; u++) {
		uint8_t any = 0;

		list = json_object_get(schema, unions[u]);
		for (i = 0; (v = json_array_get(list, i)) != NULL; i++)
			any |= all_types(w, v, depth + 1);
		if (list != NULL)
			types &= any;
	}
	return types;
}

/* --- all that one value must satisfy --- */

static void add_part(struct parts *p, json_t *schema)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->list[i] == schema)
			return;
	if (json_is_object(schema) && p->count < PARTS_MOST)
		p->list[p->count++] = schema;
}

static const char *type_name(uint8_t type)
{
	return type == TYPE_NULL      ? "null"
	       : type == TYPE_BOOLEAN ? "boolean"
	       : type == TYPE_INTEGER ? "integer"
	       : (type & TYPE_NUMBER) ? "number"
	       : type == TYPE_STRING  ? "string"
	       : type == TYPE_ARRAY   ? "array"
				      : "object";
}

/* What was seen and is not documented is no reason for an error later. */
static json_t *observed(json_t *type)
{
	json_t *schema = json_object();
	int bad = schema == NULL;

	if (type != NULL)
		bad |= json_object_set_new(schema, "type", type);
	bad |= json_object_set_new(schema, "x-callroll-severity", json_string("warning"));
	bad |= json_object_set_new(schema, "x-callroll-basis", json_string("observed"));
	if (bad == 0)
		return schema;
	json_decref(schema);
	return NULL;
}

/* The branches that values of this type go to; where there is none, a new one if `grow`. */
static int add_branches(struct widen *w, struct parts *p, json_t *list, uint8_t type, bool grow)
{
	bool any = false;
	json_t *v;
	size_t i;

	for (i = 0; (v = json_array_get(list, i)) != NULL; i++) {
		if ((all_types(w, v, 0) & type) == 0)
			continue;
		add_part(p, v);
		any = true;
	}
	if (any || !grow || list == NULL)
		return 0;
	return done(w, json_array_append_new(list, observed(json_string(type_name(type)))));
}

/* Follows $ref, allOf, anyOf and oneOf from the schemas that are in p. */
static int follow(struct widen *w, struct parts *p, uint8_t type, bool grow)
{
	for (size_t i = 0; i < p->count; i++) {
		json_t *schema = p->list[i], *v;
		struct slice pointer = {0};
		json_t *target = target_of(w, schema, &pointer);
		size_t k;

		if (json_is_object(target)) {
			int own = is_own(w, target, pointer);

			if (own == 0)
				target = copy_definition(w, schema, target, pointer);
			if (own < 0 || target == NULL)
				return -1;
			add_part(p, target);
		}
		for (k = 0; (v = json_array_get(json_object_get(schema, "allOf"), k)) != NULL; k++)
			add_part(p, v);
		if (add_branches(w, p, json_object_get(schema, "anyOf"), type, grow) != 0 ||
		    add_branches(w, p, json_object_get(schema, "oneOf"), type, grow) != 0)
			return -1;
	}
	return 0;
}

/* --- one step of a way --- */

static json_t *property_of(const json_t *schema, struct slice name)
{
	return json_object_getn(json_object_get(schema, "properties"), name.data, name.len);
}

static int step_member(struct widen *w, json_t *schema, struct slice name)
{
	json_t *properties = json_object_get(schema, "properties");
	json_t *v = property_of(schema, name);
	json_t *rest = json_object_get(schema, "additionalProperties");

	/* what holds for all other names gets a place of its own for this one */
	if (v == NULL && json_is_object(rest)) {
		if (properties == NULL &&
		    done(w, json_object_set_new(schema, "properties", json_object())) != 0)
			return -1;
		properties = json_object_get(schema, "properties");
		v = json_deep_copy(rest);
		if (v == NULL || walk(w, v, without_null) != 0 ||
		    json_object_setn_new(properties, name.data, name.len, v) != 0)
			return error_memory(w->e);
		w->stale = true;
	} else if (json_is_false(v)) {
		v = json_object();
		if (json_object_setn_new(properties, name.data, name.len, v) != 0)
			return error_memory(w->e);
	}
	add_part(&w->next, v);
	return 0;
}

static int step(struct widen *w, char kind, struct slice name)
{
	struct parts swap;

	w->next.count = 0;
	if (follow(w, &w->at, kind == 'e' ? TYPE_ARRAY : TYPE_OBJECT, false) != 0)
		return -1;
	for (size_t i = 0; i < w->at.count; i++) {
		json_t *schema = w->at.list[i];

		if (kind == 'm' && step_member(w, schema, name) != 0)
			return -1;
		if (kind == 'd')
			add_part(&w->next, json_object_get(schema, "additionalProperties"));
		if (kind == 'e')
			add_part(&w->next, json_object_get(schema, "items"));
	}
	swap = w->at;
	w->at = w->next;
	w->next = swap;
	return 0;
}

/* --- what is wanted --- */

/* Adds a type to those that a schema names. */
static int add_type(struct widen *w, json_t *schema, uint8_t type)
{
	json_t *old = json_object_get(schema, "type"), *list;

	if (old == NULL || (own_types(schema) & type) == type)
		return 0;
	list = json_is_array(old) ? json_copy(old) : json_pack("[O]", old);
	if (list == NULL || json_array_append_new(list, json_string(type_name(type))) != 0) {
		json_decref(list);
		return error_memory(w->e);
	}
	return done(w, json_object_set_new(schema, "type", list));
}

static int add_value(struct widen *w, json_t *schema, json_t *value)
{
	json_t *list = json_object_get(schema, "enum"), *v;
	size_t i;

	if (list == NULL)
		return 0;
	for (i = 0; (v = json_array_get(list, i)) != NULL; i++)
		if (json_equal(v, value))
			return 0;
	return done(w, json_array_append(list, value));
}

static int want_value(struct widen *w, const struct widen_want *want)
{
	json_t *value = json_loadb(want->value.data, want->value.len, JSON_DECODE_ANY, NULL);
	int result = 0;

	if (value == NULL || json_is_object(value) || json_is_array(value)) {
		json_decref(value);
		return 0; /* a number too large for jansson, U+0000 */
	}
	result = follow(w, &w->at, want->types, true);
	for (size_t i = 0; i < w->at.count && result == 0; i++) {
		result = add_value(w, w->at.list[i], value);
		if (result == 0)
			result = add_type(w, w->at.list[i], want->types);
	}
	json_decref(value);
	return result;
}

static int want_type(struct widen *w, uint8_t type)
{
	if (follow(w, &w->at, type, true) != 0)
		return -1;
	for (size_t i = 0; i < w->at.count; i++)
		if (add_type(w, w->at.list[i], type) != 0)
			return -1;
	return 0;
}

static const uint8_t each_type[] = {
	TYPE_STRING, TYPE_INTEGER, TYPE_FRACTION, TYPE_BOOLEAN, TYPE_ARRAY, TYPE_OBJECT, TYPE_NULL,
};
#define TYPES (sizeof(each_type) / sizeof(each_type[0]))

/* The schema of a member of which these types were seen; only null says nothing about others. */
static json_t *schema_of(uint8_t types)
{
	json_t *list = json_array(), *one;

	if ((types & TYPE_NUMBER) == TYPE_NUMBER)
		types &= (uint8_t)~TYPE_INTEGER; /* number is both */
	for (size_t i = 0; i < TYPES && types != TYPE_NULL; i++)
		if (types & each_type[i])
			json_array_append_new(list, json_string(type_name(each_type[i])));
	one = json_array_get(list, 0);
	if (json_array_size(list) == 1) {
		json_incref(one);
		json_decref(list);
		return observed(one);
	}
	if (one == NULL) {
		json_decref(list);
		return observed(NULL);
	}
	return observed(list);
}

static int set_member(struct widen *w, json_t *schema, struct slice name, json_t *value)
{
	if (json_object_get(schema, "properties") == NULL &&
	    done(w, json_object_set_new(schema, "properties", json_object())) != 0) {
		json_decref(value);
		return -1;
	}
	return done(w, json_object_setn_new(json_object_get(schema, "properties"), name.data,
					    name.len, value));
}

/* The member goes to the first schema that lists some; those that forbid what they do not list get
 * to know it. */
static int want_member(struct widen *w, struct slice name, uint8_t types)
{
	json_t *place = NULL;

	if (follow(w, &w->at, TYPE_OBJECT, false) != 0)
		return -1;
	for (size_t i = 0; i < w->at.count; i++) {
		json_t *schema = w->at.list[i];

		if (json_object_get(schema, "$ref") != NULL)
			continue; /* in some dialects nothing may stand beside it */
		if (place == NULL || (json_object_get(place, "properties") == NULL &&
				      json_object_get(schema, "properties") != NULL))
			place = schema;
	}
	for (size_t i = 0; i < w->at.count; i++) {
		json_t *schema = w->at.list[i];
		bool closed = json_is_false(json_object_get(schema, "additionalProperties"));

		if (property_of(schema, name) != NULL)
			continue;
		if (schema == place && set_member(w, schema, name, schema_of(types)) != 0)
			return -1;
		if (schema != place && closed && set_member(w, schema, name, json_object()) != 0)
			return -1;
	}
	return 0;
}

/* Goes along the way; *name is the last name on it. The last step of a member is not gone. */
static int go(struct widen *w, const struct widen_want *want, struct buf *name)
{
	struct slice path = want->path;

	w->at.count = 0;
	add_part(&w->at, w->d.root);
	buf_reserve(name, 1); /* jansson takes no NULL for an empty name */
	for (;;) {
		char kind;

		buf_clear(name);
		kind = widen_path_next(&path, name);
		if (name->failed)
			return error_memory(w->e);
		if (kind == 0 || (path.len == 0 && want->kind == WIDEN_MEMBER))
			return 0;
		if (step(w, kind, buf_view(name)) != 0)
			return -1;
	}
}

/* Nothing that jansson or a model can hold. */
static bool is_impossible(const struct widen_want *want)
{
	return memchr(want->path.data, '\0', want->path.len) != NULL;
}

static int apply(struct widen *w, const struct widen_want *want, struct buf *name)
{
	if (want->path.len > 0 && is_impossible(want))
		return 0;
	if (want->kind != WIDEN_TYPE) {
		if (go(w, want, name) != 0)
			return -1;
		return want->kind == WIDEN_VALUE ? want_value(w, want)
						 : want_member(w, buf_view(name), want->types);
	}
	for (size_t i = 0; i < TYPES; i++)
		if ((want->types & each_type[i]) != 0 &&
		    (go(w, want, name) != 0 || want_type(w, each_type[i]) != 0))
			return -1;
	return 0;
}

/* --- what is new --- */

struct pair {
	const json_t *old, *new;
	json_t *out;
};

/* Members of `new` that `old` has not, or has otherwise. Objects that both have are compared
 * later. */
static int differ(struct widen *w, struct pair p, struct pair **todo, size_t *count, size_t *cap)
{
	const char *name;
	json_t *v;

	json_object_foreach ((json_t *)p.new, name, v) {
		const json_t *old = json_object_get(p.old, name);
		json_t *out = NULL;

		if (old != NULL && json_equal(old, v))
			continue;
		if (!json_is_object(old) || !json_is_object(v)) {
			if (done(w, json_object_set(p.out, name, v)) != 0)
				return -1;
			continue;
		}
		out = json_object();
		if (json_object_set_new(p.out, name, out) != 0 ||
		    array_reserve(todo, cap, *count + 1, sizeof(**todo)) != 0)
			return error_memory(w->e);
		(*todo)[(*count)++] = (struct pair){old, v, out};
	}
	return 0;
}

static json_t *difference(struct widen *w)
{
	struct pair *todo = NULL;
	size_t count = 0, cap = 0;
	json_t *out = json_object();
	int result = out == NULL ? error_memory(w->e) : 0;

	if (result == 0 && json_is_object(w->before))
		result = differ(w, (struct pair){w->before, w->d.root, out}, &todo, &count, &cap);
	while (result == 0 && count > 0) {
		struct pair p = todo[--count];

		result = differ(w, p, &todo, &count, &cap);
	}
	free(todo);
	if (result == 0)
		return out;
	json_decref(out);
	return NULL;
}

static int append(const char *data, size_t len, void *out)
{
	buf_append(out, data, len);
	return ((struct buf *)out)->failed ? -1 : 0;
}

static int put(struct widen *w, const json_t *v, struct buf *out)
{
	return done(w, json_dump_callback(v, append, out, JSON_INDENT(2) | JSON_ENCODE_ANY));
}

int widen_document(struct slice text, const struct widen_want *wants, size_t count,
		   struct buf *patch, struct buf *whole, struct error *e)
{
	struct error own = {0};
	struct widen w = {.stale = true, .e = &own};
	struct buf name = BUF_INIT;
	json_t *new = NULL;
	int result = document_open(&w.d, text, SLICE(""), "the model", &own);

	if (result == 0) {
		w.before = json_deep_copy(w.d.root);
		w.uses = map_new();
		if (w.before == NULL || w.uses == NULL)
			result = error_memory(&own);
	}
	for (size_t i = 0; i < count && result == 0; i++)
		result = apply(&w, &wants[i], &name);
	if (result == 0) {
		new = difference(&w);
		result = new == NULL || put(&w, new, patch) != 0 || put(&w, w.d.root, whole) != 0
				 ? -1
				 : 0;
	}
	json_decref(new);
	json_decref(w.before);
	map_free(w.uses);
	free(w.use_count);
	buf_free(&name);
	document_close(&w.d);
	return result == 0 ? 0 : error_set(e, own.kind, "%s", own.text);
}
