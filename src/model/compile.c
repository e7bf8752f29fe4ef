/*
 * compile.c: from schemas to nodes.
 * A node stands for a set of schemas that all hold; there is one node for a set, so that a schema
 * that contains itself ends. Nodes are made first and filled in from a queue.
 * Must never recurse into members or elements.
 */
#include "model/compile.h"

#include <stdlib.h>

#include "base/map.h"
#include "model/fold.h"
#include "model/habit.h"
#include "model/merge.h"

static const struct member no_member;

const struct node node_anything = {
	.types = TYPE_ANY,
	.plain = TYPE_ANY,
	.max_length = UNBOUNDED,
	.max_items = UNBOUNDED,
	.members = &no_member,
	.none = &no_member,
	.open = true,
	.habit = 1,
};

struct set {
	struct schema *schemas;
	size_t count;
	struct node *node;
};

struct compiler {
	struct document *d;
	struct arena *keep;
	struct error *e;
	struct map *numbers; /* the places of a set's schemas -> its number */
	struct set *sets;    /* by number; the queue as well */
	size_t cap;
	struct fold fold;
	uint8_t habits; /* numbers that are taken; node_anything has 1 */
};

/* Makes the set with the next number; its key was just added. */
static struct node *new_set(struct compiler *c, const struct schema *schemas, size_t count)
{
	uint32_t number = map_count(c->numbers) - 1;
	struct set *set;

	if (number >= COMPILE_NODES) {
		document_error(c->d, &c->d->picked, NULL, c->e, "the model is too complicated");
		return NULL;
	}
	if (array_reserve(&c->sets, &c->cap, (size_t)number + 1, sizeof(*c->sets)) != 0) {
		error_memory(c->e);
		return NULL;
	}
	set = &c->sets[number];
	set->count = count;
	set->schemas = arena_alloc(&c->d->arena, count, sizeof(*schemas));
	set->node = arena_alloc(c->keep, 1, sizeof(*set->node));
	if (set->schemas == NULL || set->node == NULL) {
		error_memory(c->e);
		return NULL;
	}
	if (count != 0)
		memcpy(set->schemas, schemas, count * sizeof(*schemas));
	return set->node;
}

/* The node for a set of schemas, which is filled in when its turn comes. Leaves out from
 * `schemas` what stands there twice. */
static struct node *node_of(void *arg, struct schema *schemas, size_t count)
{
	struct compiler *c = arg;
	struct buf key = BUF_INIT;
	struct node *node = NULL;
	uint32_t before = map_count(c->numbers), number;
	size_t n = 0;

	/* Twice the same says no more than once; without this, sets of schemas that contain each
	 * other would grow for ever. */
	for (size_t i = 0; i < count; i++) {
		size_t k = 0;
		while (k < n && schemas[k].json != schemas[i].json)
			k++;
		if (k < n)
			continue;
		schemas[n++] = schemas[i];
		buf_append(&key, &schemas[i].json, sizeof(schemas[i].json));
	}
	number = key.failed ? MAP_NONE : map_add(c->numbers, buf_view(&key));
	buf_free(&key);
	if (number == MAP_NONE)
		error_memory(c->e);
	else if (number < before)
		node = c->sets[number].node;
	else
		node = new_set(c, schemas, n);
	return node;
}

static int visit(struct compiler *c, const struct part *p, const char *keyword, struct slice token,
		 const json_t *v)
{
	struct schema s;

	if (!json_is_object(v))
		return 0;
	if (document_child(c->d, &p->at, keyword, token, v, &s, c->e) != 0)
		return -1;
	return node_of(c, &s, 1) == NULL ? -1 : 0;
}

/* Every schema below is looked at, even where it can never apply, so that its mistakes are
 * found. */
static int visit_all(struct compiler *c)
{
	const struct slice none = {NULL, 0};
	const char *name;
	json_t *v;

	for (size_t i = 0; i < c->fold.n; i++) {
		const struct part *p = &c->fold.parts[i];
		json_object_foreach ((json_t *)p->properties, name, v)
			if (visit(c, p, "properties", slice_string(name), v) != 0)
				return -1;
		if (visit(c, p, "additionalProperties", none, p->additional) != 0 ||
		    visit(c, p, "items", none, p->items) != 0)
			return -1;
	}
	return 0;
}

static int fill(struct compiler *c, uint32_t number)
{
	const struct merge_context m = {node_of, c, c->d, c->keep, c->e};
	struct set set = c->sets[number]; /* the array may move */

	fold_clear(&c->fold);
	for (size_t i = 0; i < set.count; i++)
		if (fold_add(&c->fold, &set.schemas[i]) != 0)
			return -1;
	if (merge_parts(&m, c->fold.parts, c->fold.n, set.node) != 0)
		return -1;
	if (set.node->open && (set.node->types & TYPE_OBJECT) && c->habits + 1 < HABITS)
		set.node->habit = ++c->habits;
	return visit_all(c);
}

const struct node *compile_document(struct document *d, struct arena *keep, struct error *e)
{
	struct compiler c = {.d = d, .keep = keep, .e = e};
	const struct node *root = NULL;
	struct schema picked = d->picked;

	c.habits = node_anything.habit;
	c.fold.d = d;
	c.fold.e = e;
	c.numbers = map_new();
	if (c.numbers == NULL)
		error_memory(e);
	else if (!json_is_object(d->picked.json) && !json_is_boolean(d->picked.json))
		document_error(d, &d->picked, NULL, e, "is no schema (an object, true or false)");
	else
		root = node_of(&c, &picked, 1);
	for (uint32_t i = 0; root != NULL && i < map_count(c.numbers); i++)
		if (fill(&c, i) != 0)
			root = NULL;
	map_free(c.numbers);
	free(c.sets);
	fold_free(&c.fold);
	return root;
}
