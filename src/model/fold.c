/*
 * fold.c: $ref, allOf, anyOf and oneOf, folded into a list of parts.
 * Branches of anyOf and oneOf have different types, so each becomes parts that speak of its types
 * only, and all parts hold at the same time.
 * Must never accept branches that cannot be told apart by a value's type.
 */
#include "model/fold.h"

#include <stdlib.h>

#include "model/annotation.h"
#include "model/literal.h"
#include "model/types.h"

/* One branch of a union. */
struct branch {
	size_t first, end; /* its parts */
	uint8_t types;     /* what it accepts */
	uint8_t free;      /* types of which it accepts every value */
	uint8_t mask;      /* types for which it decides */
};

/* Integers and fractions are one class: a node has one set of bounds for both. */
static const uint8_t classes[] = {
	TYPE_NULL, TYPE_BOOLEAN, TYPE_NUMBER, TYPE_STRING, TYPE_ARRAY, TYPE_OBJECT,
};
#define N_CLASSES (sizeof(classes) / sizeof(classes[0]))

static int follow(struct fold *f, const struct schema *s, const struct notes *outer);

static int append(struct fold *f, const struct part *p)
{
	if (f->n == FOLD_PARTS || f->work == FOLD_WORK)
		return document_error(f->d, &p->at, NULL, f->e, "the model is too complicated");
	if (array_reserve(&f->parts, &f->cap, f->n + 1, sizeof(*f->parts)) != 0)
		return error_memory(f->e);
	f->work++;
	f->parts[f->n++] = *p;
	return 0;
}

/* --- unions --- */

/* The types of the values that enum and const allow. */
static uint8_t allowed_types(const struct part *p)
{
	uint8_t types = TYPE_ANY, listed = 0;

	if (p->constant != NULL)
		types = literal_type(p->constant);
	if (p->enums == NULL)
		return types;
	for (size_t i = 0; i < json_array_size(p->enums); i++)
		listed |= literal_type(json_array_get(p->enums, i));
	return types & listed;
}

/* The types about whose values the part says more than their type. */
static uint8_t bound_types(const struct part *p)
{
	uint8_t types = 0;

	if (p->enums != NULL || p->constant != NULL)
		types = TYPE_ANY;
	if (p->minimum != NULL || p->maximum != NULL)
		types |= TYPE_NUMBER;
	if (p->asserts[KEYWORD_LENGTH])
		types |= TYPE_STRING;
	if (p->asserts[KEYWORD_ITEMS] || p->items != NULL)
		types |= TYPE_ARRAY;
	if (p->properties != NULL || p->additional != NULL || p->required != NULL)
		types |= TYPE_OBJECT;
	return types;
}

/* Fills in what the branch accepts. */
static void look_at(const struct fold *f, struct branch *b)
{
	b->types = TYPE_ANY;
	b->free = TYPE_ANY;
	for (size_t i = b->first; i < b->end; i++) {
		const struct part *p = &f->parts[i];
		b->types &= (uint8_t)((p->types & allowed_types(p)) | ~p->mask);
		b->free &= (uint8_t) ~(bound_types(p) & p->mask);
	}
	b->free &= b->types;
	b->mask = b->types;
}

/*
 * Sees to it that one branch decides for each class of types. Of an anyOf a branch that accepts
 * every value of the class that any of them accepts makes the others idle there: anyOf of integer
 * and number is number.
 */
static int tell_apart(struct fold *f, const struct part *p, const char *keyword, bool any,
		      struct branch *branches, size_t count, uint8_t class)
{
	size_t first = count, second = count, free = count;
	uint8_t all = 0;
	char names[TYPES_TEXT];

	for (size_t i = 0; i < count; i++)
		all |= branches[i].types & class;
	for (size_t i = 0; i < count; i++) {
		if ((branches[i].types & class) == 0)
			continue;
		if (any && free == count && (branches[i].free & class) == all)
			free = i;
		if (first == count)
			first = i;
		else if (second == count)
			second = i;
	}
	if (second == count)
		return 0;
	if (free == count) {
		types_text(branches[first].types & class, names);
		return document_error(f->d, &p->at, keyword, f->e,
				      "branches %zu and %zu both accept %s; only branches of "
				      "different types are supported",
				      first, second, names);
	}
	for (size_t i = 0; i < count; i++)
		if (i != free)
			branches[i].mask &= (uint8_t) ~class;
	return 0;
}

/*
 * What the union says itself: the types. How severe that is, the branches say: the most severe of
 * those that are not only null.
 */
static void union_part(const struct fold *f, const struct part *outer,
		       const struct branch *branches, size_t count, struct part *u)
{
	int8_t worst = UNSAID;

	part_init(u, &outer->at);
	u->types = 0;
	u->notes.basis[KEYWORD_TYPE] = outer->notes.basis[KEYWORD_TYPE];
	u->asserts[KEYWORD_TYPE] = true;
	for (size_t i = 0; i < count; i++) {
		u->types |= branches[i].types;
		if (branches[i].types == TYPE_NULL && count > 1)
			continue;
		for (size_t k = branches[i].first; k < branches[i].end; k++) {
			const struct part *p = &f->parts[k];
			int8_t severity = p->notes.severity[KEYWORD_TYPE];
			if (!p->asserts[KEYWORD_TYPE])
				continue;
			if (severity == UNSAID)
				severity = SEVERITY_ERROR;
			if (severity <= worst)
				continue;
			worst = severity;
			u->notes.basis[KEYWORD_TYPE] = p->notes.basis[KEYWORD_TYPE];
		}
	}
	u->notes.severity[KEYWORD_TYPE] =
		worst == UNSAID ? outer->notes.severity[KEYWORD_TYPE] : worst;
}

static int follow_branches(struct fold *f, const struct part *p, const char *keyword,
			   const json_t *list, struct branch *branches)
{
	struct schema s;
	struct part u;
	size_t count = json_array_size(list);

	for (size_t i = 0; i < count; i++) {
		branches[i].first = f->n;
		if (document_element(f->d, &p->at, keyword, i, json_array_get(list, i), &s, f->e) !=
			    0 ||
		    follow(f, &s, &p->notes) != 0)
			return -1;
		branches[i].end = f->n;
		look_at(f, &branches[i]);
	}
	for (size_t i = 0; i < N_CLASSES; i++)
		if (tell_apart(f, p, keyword, strcmp(keyword, "anyOf") == 0, branches, count,
			       classes[i]) != 0)
			return -1;

	union_part(f, p, branches, count, &u);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = branches[i].first; k < branches[i].end; k++) {
			f->parts[k].mask &= branches[i].mask;
			f->parts[k].asserts[KEYWORD_TYPE] = false;
		}
	}
	return append(f, &u);
}

static int follow_union(struct fold *f, const struct part *p, const char *keyword,
			const json_t *list)
{
	struct branch *branches;
	int result;

	if (list == NULL)
		return 0;
	branches = calloc(json_array_size(list), sizeof(*branches));
	if (branches == NULL)
		return error_memory(f->e);
	result = follow_branches(f, p, keyword, list, branches);
	free(branches);
	return result;
}

/* --- one schema --- */

static int follow_ref(struct fold *f, const struct part *p)
{
	const char *ref = json_string_value(p->ref);
	struct schema s;

	if (document_resolve(f->d, &p->at, ref, &s, f->e) != 0)
		return -1;
	for (unsigned i = 0; i < f->depth; i++)
		if (f->active[i] == s.json)
			return document_error(f->d, &p->at, "$ref", f->e,
					      "leads back to \"%.100s\", so it says nothing", ref);
	return follow(f, &s, &p->notes);
}

static int follow_parts(struct fold *f, const struct part *p)
{
	struct schema s;

	if (p->ref != NULL && follow_ref(f, p) != 0)
		return -1;
	if (p->all_of != NULL) {
		if (document_element(f->d, &p->at, "allOf", 0, json_array_get(p->all_of, 0), &s,
				     f->e) != 0 ||
		    follow(f, &s, &p->notes) != 0)
			return -1;
	}
	if (follow_union(f, p, "anyOf", p->any_of) != 0)
		return -1;
	return follow_union(f, p, "oneOf", p->one_of);
}

static int follow(struct fold *f, const struct schema *s, const struct notes *outer)
{
	struct part p;
	int result;

	if (f->depth == FOLD_DEPTH)
		return document_error(f->d, s, NULL, f->e,
				      "more than %d schemas lead into each other", FOLD_DEPTH);
	if (part_read(f->d, s, &p, f->e) != 0)
		return -1;
	if (outer != NULL)
		annotation_inherit(&p.notes, outer);
	if (append(f, &p) != 0)
		return -1;
	f->active[f->depth++] = json_is_object(s->json) ? s->json : NULL;
	result = follow_parts(f, &p);
	f->depth--;
	return result;
}

int fold_add(struct fold *f, const struct schema *s)
{
	return follow(f, s, NULL);
}

void fold_clear(struct fold *f)
{
	f->n = 0;
}

void fold_free(struct fold *f)
{
	free(f->parts);
	f->parts = NULL;
	f->n = f->cap = 0;
}
