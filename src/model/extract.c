/*
 * extract.c: a schema and what it refers to, copied out of a larger document.
 * Only what stands where a schema stands is rewritten; values and annotations stay as they are.
 * Must never change what the schema means.
 */
#include "model/extract.h"

#include <stdio.h>
#include <stdlib.h>

#define DIALECT_URI "https://json-schema.org/draft/2020-12/schema"

/* A schema that was referred to. */
struct def {
	const json_t *from; /* in the document */
	char *name;         /* under $defs */
};

struct extract {
	struct document *d;
	struct error *e;
	json_t *defs; /* what is made */
	struct def *list;
	size_t n, cap;
	json_t **todo; /* schemas of the copy, owned by it; looked at in this order */
	size_t n_todo, todo_cap;
};

static int push(struct extract *x, json_t *schema)
{
	if (!json_is_object(schema))
		return 0;
	if (array_reserve(&x->todo, &x->todo_cap, x->n_todo + 1, sizeof(*x->todo)) != 0)
		return error_memory(x->e);
	x->todo[x->n_todo++] = schema;
	return 0;
}

/* --- definitions --- */

/* A name under $defs for what stands at the pointer: its last token, made plain and unique. */
static char *name_for(const struct extract *x, struct slice pointer)
{
	char base[80], *name;
	size_t len = 0, start = pointer.len;
	unsigned n = 1;

	while (start > 0 && pointer.data[start - 1] != '/')
		start--;
	for (size_t i = start; i < pointer.len && len < 64; i++) {
		char c = pointer.data[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
		base[len++] = plain ? c : '_';
	}
	base[len] = '\0';
	if (len == 0)
		strcpy(base, "root");
	if (asprintf(&name, "%s", base) < 0)
		return NULL;
	while (json_object_get(x->defs, name) != NULL) {
		free(name);
		if (asprintf(&name, "%s_%u", base, ++n) < 0)
			return NULL;
	}
	return name;
}

/* Copies what is referred to under $defs. */
static int add_def(struct extract *x, const struct schema *target)
{
	json_t *copy = json_deep_copy(target->json);
	struct def *def;

	if (copy == NULL || array_reserve(&x->list, &x->cap, x->n + 1, sizeof(*x->list)) != 0) {
		json_decref(copy);
		return error_memory(x->e);
	}
	def = &x->list[x->n];
	def->from = target->json;
	def->name = name_for(x, target->pointer);
	if (def->name == NULL) {
		json_decref(copy);
		return error_memory(x->e);
	}
	x->n++;
	if (json_object_set_new(x->defs, def->name, copy) != 0)
		return error_memory(x->e);
	return push(x, copy);
}

static int set_ref(struct extract *x, json_t *schema, const char *name)
{
	json_t *ref = name == NULL ? json_string("#") : json_sprintf("#/$defs/%s", name);

	return json_object_set_new(schema, "$ref", ref) == 0 ? 0 : error_memory(x->e);
}

static int rewrite_ref(struct extract *x, json_t *schema)
{
	const char *ref = json_string_value(json_object_get(schema, "$ref"));
	struct schema target;

	if (ref == NULL)
		return 0;
	if (document_resolve(x->d, &x->d->picked, ref, &target, x->e) != 0)
		return -1;
	if (target.json == x->d->picked.json)
		return set_ref(x, schema, NULL);
	/* true and false have no place of their own; each such $ref gets a copy */
	for (size_t i = 0; i < x->n && json_is_object(target.json); i++)
		if (x->list[i].from == target.json)
			return set_ref(x, schema, x->list[i].name);
	if (add_def(x, &target) != 0)
		return -1;
	return set_ref(x, schema, x->list[x->n - 1].name);
}

/* --- schemas --- */

static int look_at(struct extract *x, json_t *schema)
{
	static const char *const lists[] = {"anyOf", "oneOf", "allOf"};
	const char *name;
	json_t *v;

	json_object_del(schema, "$defs");
	json_object_del(schema, "definitions");
	if (rewrite_ref(x, schema) != 0)
		return -1;
	json_object_foreach (json_object_get(schema, "properties"), name, v)
		if (push(x, v) != 0)
			return -1;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		json_t *list = json_object_get(schema, lists[i]);
		for (size_t k = 0; k < json_array_size(list); k++)
			if (push(x, json_array_get(list, k)) != 0)
				return -1;
	}
	if (push(x, json_object_get(schema, "additionalProperties")) != 0)
		return -1;
	return push(x, json_object_get(schema, "items"));
}

/* The copy with what a document of its own needs. Takes `picked` over. */
static json_t *assemble(struct extract *x, json_t *picked)
{
	json_t *whole = json_object();
	bool plain = x->d->dialect == DIALECT_2020 || x->d->dialect == DIALECT_OPENAPI_31;
	int bad = 0;

	if (plain && json_object_get(picked, "$schema") == NULL)
		bad |= json_object_set_new(whole, "$schema", json_string(DIALECT_URI));
	bad |= json_object_update(whole, picked);
	if (json_object_size(x->defs) != 0)
		bad |= json_object_set(whole, "$defs", x->defs);
	json_decref(picked);
	if (bad == 0)
		return whole;
	error_memory(x->e);
	json_decref(whole);
	return NULL;
}

static int append_line(const char *data, size_t len, void *out)
{
	buf_append(out, data, len);
	return ((struct buf *)out)->failed ? -1 : 0;
}

static int dump(struct extract *x, const json_t *whole, struct buf *out)
{
	if (json_dump_callback(whole, append_line, out, JSON_INDENT(2) | JSON_ENCODE_ANY) != 0)
		return error_memory(x->e);
	buf_byte(out, '\n');
	return out->failed ? error_memory(x->e) : 0;
}

int extract_text(struct document *d, struct buf *out, struct error *e)
{
	struct extract x = {.d = d, .e = e};
	json_t *whole = json_deep_copy(d->picked.json);
	int result = 0;

	x.defs = json_object();
	if (whole == NULL || x.defs == NULL)
		result = error_memory(e);
	else if (json_is_object(whole)) {
		result = push(&x, whole);
		for (size_t i = 0; result == 0 && i < x.n_todo; i++)
			result = look_at(&x, x.todo[i]);
		if (result == 0) {
			whole = assemble(&x, whole);
			result = whole == NULL ? -1 : 0;
		}
	}
	if (result == 0)
		result = dump(&x, whole, out);
	json_decref(whole);
	json_decref(x.defs);
	for (size_t i = 0; i < x.n; i++)
		free(x.list[i].name);
	free(x.list);
	free(x.todo);
	return result;
}
