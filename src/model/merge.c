/*
 * merge.c: the severities, values and bounds of a node, from its parts.
 * A part counts only for the types in its mask; of several bounds the narrowest one holds.
 * Must never make a node that accepts what one of the parts rejects.
 */
#include "model/merge.h"

#include <stdlib.h>

#include "model/literal.h"
#include "model/object.h"
#include "json/number.h"

/* The types of values to which a keyword can apply. */
static const uint8_t relevant[KEYWORD_COUNT] = {
	[KEYWORD_TYPE] = TYPE_ANY,        [KEYWORD_ENUM] = TYPE_ANY,
	[KEYWORD_REQUIRED] = TYPE_OBJECT, [KEYWORD_MINIMUM] = TYPE_NUMBER,
	[KEYWORD_MAXIMUM] = TYPE_NUMBER,  [KEYWORD_LENGTH] = TYPE_STRING,
	[KEYWORD_ITEMS] = TYPE_ARRAY,     [KEYWORD_ADDITIONAL] = TYPE_OBJECT,
};

/* --- annotations --- */

static int8_t first_said(int8_t have, int8_t said)
{
	return have == UNSAID ? said : have;
}

/* The severity and basis of one keyword: those of the most severe part that has it. */
static void merge_keyword(const struct part *parts, size_t count, enum keyword k, struct node *out)
{
	int8_t worst = UNSAID, basis = UNSAID, unknown = UNSAID;

	for (size_t i = 0; i < count; i++) {
		const struct part *p = &parts[i];
		int8_t severity = p->notes.severity[k];
		if ((p->mask & relevant[k]) == 0)
			continue;
		unknown = first_said(unknown, p->notes.unknown);
		if (!p->asserts[k])
			continue;
		severity = first_said(severity, SEVERITY_ERROR);
		if (severity <= worst)
			continue;
		worst = severity;
		basis = p->notes.basis[k];
	}
	if (worst == UNSAID && k == KEYWORD_ADDITIONAL)
		worst = first_said(unknown, SEVERITY_INFO);
	out->severity[k] = (uint8_t)first_said(worst, SEVERITY_ERROR);
	out->basis_of[k] = (uint8_t)first_said(basis, (int8_t)out->basis);
}

static void merge_notes(const struct part *parts, size_t count, struct node *out)
{
	int8_t basis = UNSAID, key = UNSAID, personal = UNSAID;

	for (size_t i = 0; i < count; i++) {
		if (parts[i].mask == 0)
			continue;
		basis = first_said(basis, parts[i].notes.any_basis);
		key = first_said(key, parts[i].notes.key);
		personal = first_said(personal, parts[i].notes.personal);
	}
	out->basis = (enum basis)first_said(basis, BASIS_NONE);
	out->key = (enum key_kind)first_said(key, KEY_NONE);
	out->personal = personal == 1;
	for (size_t k = 0; k < KEYWORD_COUNT; k++)
		merge_keyword(parts, count, (enum keyword)k, out);
}

/* --- allowed values --- */

/* 1: the value written as `text` is equal to v; 0: it is not; -1: no memory. */
static int same_value(struct slice text, uint8_t type, const json_t *v)
{
	struct buf other = BUF_INIT;
	bool numbers = (type & TYPE_NUMBER) != 0 && (literal_type(v) & TYPE_NUMBER) != 0;
	int same;

	if (!numbers && type != literal_type(v))
		return 0;
	literal_text(v, &other);
	if (other.failed)
		same = -1;
	else if (numbers)
		same = number_compare(text, buf_view(&other)) == 0;
	else
		same = slice_equal(text, buf_view(&other));
	buf_free(&other);
	return same;
}

/* 1: the part lets this value be; 0: it does not; -1: no memory. */
static int part_allows(const struct part *p, struct slice text, uint8_t type)
{
	int found = 0;

	if ((p->mask & type) == 0)
		return 1;
	if (p->constant != NULL) {
		found = same_value(text, type, p->constant);
		if (found != 1)
			return found;
	}
	if (p->enums == NULL)
		return 1;
	found = 0;
	for (size_t i = 0; i < json_array_size(p->enums) && found == 0; i++)
		found = same_value(text, type, json_array_get(p->enums, i));
	return found;
}

struct values {
	struct slice *list; /* room for all */
	uint32_t count;
	bool is_const;
};

/* Adds a value of the part unless another part forbids it or it is there already. */
static int add_value(const struct merge_context *m, const struct part *parts, size_t count,
		     const struct part *from, const json_t *v, uint8_t types, struct values *out)
{
	struct buf b = BUF_INIT;
	uint8_t type = literal_type(v);
	struct slice text;

	if ((type & types & from->mask) == 0)
		return 0;
	literal_text(v, &b);
	if (!arena_take(m->keep, &b, &text))
		return error_memory(m->e);
	for (size_t i = 0; i < count; i++) {
		int allowed = part_allows(&parts[i], text, type);
		if (allowed != 1)
			return allowed == 0 ? 0 : error_memory(m->e);
	}
	for (uint32_t i = 0; i < out->count; i++)
		if (slice_equal(out->list[i], text))
			return 0;
	out->list[out->count++] = text;
	return 0;
}

static int merge_allowed(const struct merge_context *m, const struct part *parts, size_t count,
			 struct node *out)
{
	struct values values = {NULL, 0, false};
	size_t most = 3; /* null, true, false */

	for (size_t i = 0; i < count; i++) {
		const struct part *p = &parts[i];
		if (p->enums == NULL && p->constant == NULL)
			continue;
		most += json_array_size(p->enums) + 1;
		out->allowed_types |= p->mask & out->types;
		values.is_const |= p->constant != NULL && p->mask != 0;
	}
	if (out->allowed_types == 0)
		return 0;
	values.list = arena_alloc(m->keep, most, sizeof(*values.list));
	if (values.list == NULL)
		return error_memory(m->e);
	for (size_t i = 0; i < count; i++) {
		const struct part *p = &parts[i];
		for (size_t k = 0; k < json_array_size(p->enums); k++)
			if (add_value(m, parts, count, p, json_array_get(p->enums, k), out->types,
				      &values) != 0)
				return -1;
		if (p->constant != NULL &&
		    add_value(m, parts, count, p, p->constant, out->types, &values) != 0)
			return -1;
	}
	/* So few are the values of the other types that they can be listed as well. */
	if (out->types & ~out->allowed_types & TYPE_NULL)
		values.list[values.count++] = SLICE("null");
	if (out->types & ~out->allowed_types & TYPE_BOOLEAN) {
		values.list[values.count++] = SLICE("true");
		values.list[values.count++] = SLICE("false");
	}
	out->allowed_types |= out->types & (TYPE_NULL | TYPE_BOOLEAN);
	out->allowed = values.list;
	out->n_allowed = values.count;
	out->is_const = values.is_const && values.count == 1;
	if (values.count == 0) {
		/* No value at all is allowed: said by the types, because 0 means any. */
		out->types &= (uint8_t)~out->allowed_types;
		out->allowed_types = 0;
	}
	return 0;
}

/* --- bounds --- */

/* Puts the value into *bound if it is narrower; `side` 1: a minimum, -1: a maximum. */
static int narrow(const struct merge_context *m, const json_t *v, int side, struct slice *bound)
{
	struct buf b = BUF_INIT;
	struct slice text;

	if (v == NULL)
		return 0;
	literal_text(v, &b);
	if (!arena_take(m->keep, &b, &text))
		return error_memory(m->e);
	if (bound->len == 0 || number_compare(text, *bound) == side)
		*bound = text;
	return 0;
}

static int merge_bounds(const struct merge_context *m, const struct part *parts, size_t count,
			struct node *out)
{
	out->max_length = UNBOUNDED;
	out->max_items = UNBOUNDED;
	for (size_t i = 0; i < count; i++) {
		const struct part *p = &parts[i];
		if ((p->mask & TYPE_NUMBER) != 0 && (narrow(m, p->minimum, 1, &out->minimum) != 0 ||
						     narrow(m, p->maximum, -1, &out->maximum) != 0))
			return -1;
		if ((p->mask & TYPE_STRING) != 0) {
			if (p->min_length > out->min_length)
				out->min_length = p->min_length;
			if (p->max_length < out->max_length)
				out->max_length = p->max_length;
		}
		if ((p->mask & TYPE_ARRAY) != 0) {
			if (p->min_items > out->min_items)
				out->min_items = p->min_items;
			if (p->max_items < out->max_items)
				out->max_items = p->max_items;
		}
	}
	return 0;
}

/* --- elements --- */

static int merge_items(const struct merge_context *m, const struct part *parts, size_t count,
		       struct node *out)
{
	struct schema *all = calloc(count + 1, sizeof(*all));
	size_t n = 0;
	int result = 0;

	if (all == NULL)
		return error_memory(m->e);
	for (size_t i = 0; i < count && result == 0; i++) {
		const struct part *p = &parts[i];
		if ((p->mask & TYPE_ARRAY) == 0 || p->items == NULL || json_is_true(p->items))
			continue;
		result = document_child(m->d, &p->at, "items", (struct slice){NULL, 0}, p->items,
					&all[n++], m->e);
	}
	if (result == 0 && n != 0) {
		out->items = m->node_of(m->arg, all, n);
		result = out->items == NULL ? -1 : 0;
	}
	free(all);
	return result;
}

/* --- what the checker looks at first --- */

static bool has_length(const struct node *n)
{
	return n->min_length > 1 || n->max_length != UNBOUNDED;
}

/* The allowed strings that are compared whole, because nothing more is to be said of them. */
static int make_words(const struct merge_context *m, struct node *out)
{
	struct spelling *words;
	uint8_t *likely;

	if (!(out->allowed_types & TYPE_STRING) || has_length(out))
		return 0;
	words = arena_alloc(m->keep, out->n_allowed, sizeof(*words));
	likely = arena_alloc(m->keep, NODE_WORDS, sizeof(*likely));
	if (words == NULL || likely == NULL)
		return error_memory(m->e);
	for (uint32_t i = 0; i < out->n_allowed; i++) {
		struct slice text = out->allowed[i];

		if (text.data[0] != '"' || text.len <= 2 || text.len > SPELLING_BYTES ||
		    slice_equal(text, NODE_PLACEHOLDER))
			continue;
		spelling_make(&words[out->n_words], text.data, text.len);
		if (out->n_words <= UINT8_MAX)
			likely[node_word_hash(words[out->n_words].bytes)] = (uint8_t)out->n_words;
		out->n_words++;
	}
	out->words = words;
	out->likely_word = likely;
	return 0;
}

static uint8_t plain_types(const struct node *n)
{
	uint8_t plain = n->types & (uint8_t)~n->allowed_types;

	for (uint32_t i = 0; i < n->n_allowed; i++)
		if (slice_equal(n->allowed[i], SLICE("null")))
			plain |= n->types & TYPE_NULL;
	if (has_length(n))
		plain &= (uint8_t)~TYPE_STRING;
	if ((n->minimum.len > 0 && !slice_equal(n->minimum, SLICE("0"))) || n->maximum.len > 0)
		plain &= (uint8_t)~TYPE_NUMBER;
	return plain;
}

int merge_parts(const struct merge_context *m, const struct part *parts, size_t count,
		struct node *out)
{
	out->types = TYPE_ANY;
	for (size_t i = 0; i < count; i++)
		out->types &= (uint8_t)(parts[i].types | ~parts[i].mask);
	if (merge_allowed(m, parts, count, out) != 0 || merge_bounds(m, parts, count, out) != 0 ||
	    merge_items(m, parts, count, out) != 0 || object_merge(m, parts, count, out) != 0)
		return -1;
	merge_notes(parts, count, out);
	out->plain = plain_types(out);
	return make_words(m, out);
}
