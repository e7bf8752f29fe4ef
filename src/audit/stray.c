/*
 * stray.c: walks over a line and the model's nodes side by side.
 * Only what the model describes is entered, so most values are passed in one step.
 * It must never recurse, nor make a tree.
 */
#include "audit/stray.h"

#include <stdlib.h>

#include "model/check.h"
#include "json/members.h"
#include "json/number.h"
#include "json/pointer.h"

/* An object or array that the walk is in. */
struct level {
	struct members in;
	const struct node *node;
	struct slice name; /* of the member it is at, quoted */
	uint64_t index;    /* of the element it is at */
	bool data;         /* the name is data */
	bool personal;
	bool captured; /* what stands under _captured: of the level above */
};

struct stray_walk {
	struct level *level;
	size_t depth, cap;
	stray_each *each;
	void *arg;
	struct error *e;
};

struct stray_walk *stray_new(void)
{
	return calloc(1, sizeof(struct stray_walk));
}

void stray_free(struct stray_walk *w)
{
	if (w == NULL)
		return;
	free(w->level);
	free(w);
}

/* --- where --- */

static void put_name(struct slice quoted, bool way, struct buf *out)
{
	struct buf plain = BUF_INIT;

	json_unescape(&plain, quoted);
	if (way)
		widen_path_member(out, buf_view(&plain));
	else
		json_pointer_append(out, buf_view(&plain));
	out->failed |= plain.failed;
	buf_free(&plain);
}

enum path_style { WAY, SHAPE, POINTER };

static void put(const struct stray_walk *w, const struct stray *s, enum path_style how,
		struct buf *out)
{
	for (size_t i = 0; i < w->depth; i++) {
		const struct level *l = &w->level[i];
		bool last = i + 1 == w->depth && s->name.len > 0;

		if (last || (l + 1 < w->level + w->depth && l[1].captured))
			continue; /* the name follows; the next level has it */
		if (l->in.array && how == POINTER)
			buf_printf(out, "/%llu", (unsigned long long)l->index);
		else if (l->in.array || (l->data && how != POINTER))
			buf_string(out, how == SHAPE  ? "/*"
					: l->in.array ? WIDEN_ELEMENT
						      : WIDEN_DATA);
		else if (l->name.len > 0)
			put_name(l->name, how == WAY, out);
	}
	if (s->name.len > 0)
		put_name(s->name, how == WAY, out);
}

void stray_path(const struct stray_walk *w, const struct stray *s, struct buf *out)
{
	put(w, s, WAY, out);
}

void stray_shape(const struct stray_walk *w, const struct stray *s, struct buf *out)
{
	put(w, s, SHAPE, out);
}

void stray_pointer(const struct stray_walk *w, const struct stray *s, struct buf *out)
{
	put(w, s, POINTER, out);
}

/* --- one value --- */

/* 0: it is no value. */
static uint8_t type_of(struct slice value)
{
	switch (value.data[0]) {
	case '"':
		return TYPE_STRING;
	case '{':
		return TYPE_OBJECT;
	case '[':
		return TYPE_ARRAY;
	case 't':
		return slice_equal(value, SLICE("true")) ? TYPE_BOOLEAN : 0;
	case 'f':
		return slice_equal(value, SLICE("false")) ? TYPE_BOOLEAN : 0;
	case 'n':
		return slice_equal(value, SLICE("null")) ? TYPE_NULL : 0;
	default:
		if (!number_valid(value))
			return 0;
		return number_is_integer(value) ? TYPE_INTEGER : TYPE_FRACTION;
	}
}

/* Does the schema say anything about what is in an object or array of it? */
static bool says_more(const struct node *node, uint8_t type)
{
	if (type == TYPE_ARRAY)
		return node->items != NULL;
	return type == TYPE_OBJECT &&
	       (node->n_members > 0 || !node->open || node->additional != NULL);
}

static int enter(struct stray_walk *w, const struct node *node, struct slice text, bool personal)
{
	struct level *l;

	if (array_reserve(&w->level, &w->cap, w->depth + 1, sizeof(*w->level)) != 0)
		return error_memory(w->e);
	l = &w->level[w->depth++];
	*l = (struct level){.node = node, .personal = personal};
	members_begin(&l->in, text);
	return 0;
}

/* Judges a value, and enters it if there is more to it. */
static int look_at(struct stray_walk *w, const struct node *node, struct slice value, bool personal)
{
	uint8_t type = type_of(value);
	bool scalar = type != TYPE_OBJECT && type != TYPE_ARRAY;
	bool accepted = (node->types & type) != 0;
	struct stray s = {.type = type, .value = value, .personal = personal || node->personal};

	if (type == 0)
		return error_set(w->e, ERROR_BUNDLE, "a line is not in the normal form");
	/* where values are listed, one of another type is one that is not listed */
	if (scalar && node->n_allowed > 0 && !(accepted && check_allows(node, type, value)))
		s.kind = WIDEN_VALUE;
	else if (!accepted || (!scalar && (node->allowed_types & type) != 0))
		s.kind = WIDEN_TYPE;
	else if (!scalar && value.len > 2 && says_more(node, type))
		return enter(w, node, value, s.personal);
	else
		return 0;
	return w->each(w->arg, &s, w->e);
}

/* --- one member or element --- */

static int next_unknown(struct stray_walk *w, struct level *l, const struct json_member *m)
{
	struct stray s = {.kind = WIDEN_MEMBER,
			  .type = type_of(m->value),
			  .name = m->name,
			  .value = m->value,
			  .personal = true};

	l->data = l->node->open;
	if (!l->data)
		return check_secret(m->name) ? 0 : w->each(w->arg, &s, w->e);
	return l->node->additional == NULL ? 0 : look_at(w, l->node->additional, m->value, true);
}

static int next_member(struct stray_walk *w, struct level *l, const struct json_member *m)
{
	const struct node *node = l->node;
	uint32_t known;

	l->name = m->name;
	l->data = false;
	if (w->depth == 1 && m->name.len > 2 && m->name.data[1] == '_') {
		if (!slice_equal(m->name, SLICE("\"_captured\"")) || m->value.data[0] != '{')
			return 0; /* the envelope */
		if (enter(w, node, m->value, false) != 0)
			return -1;
		w->level[w->depth - 1].captured = true;
		return 0;
	}
	known = node_find(node, m->name);
	if (known == UINT32_MAX)
		return next_unknown(w, l, m);
	return look_at(w, node->members[known].node, m->value, l->personal);
}

static int next(struct stray_walk *w)
{
	struct level *l = &w->level[w->depth - 1];
	struct json_member m;

	if (!members_next(&l->in, &m)) {
		if (l->in.bad)
			return error_set(w->e, ERROR_BUNDLE, "a line is not in the normal form");
		w->depth--;
		if (w->depth > 0 && w->level[w->depth - 1].in.array)
			w->level[w->depth - 1].index++;
		return 0;
	}
	if (l->in.array) {
		size_t depth = w->depth;
		int result = look_at(w, l->node->items, m.value, l->personal);

		/* else when the walk is back */
		if (w->depth == depth)
			w->level[depth - 1].index++;
		return result;
	}
	return next_member(w, l, &m);
}

int stray_find(struct stray_walk *w, const struct node *node, struct slice line, stray_each *each,
	       void *arg, struct error *e)
{
	int result = 0;

	w->depth = 0;
	w->each = each;
	w->arg = arg;
	w->e = e;
	if (node == NULL)
		return 0;
	if (line.len < 2 || line.data[0] != '{')
		return error_set(e, ERROR_BUNDLE, "a line is not in the normal form");
	if ((node->types & TYPE_OBJECT) == 0 || (node->allowed_types & TYPE_OBJECT) != 0)
		return look_at(w, node, line, false);
	if (enter(w, node, line, node->personal) != 0)
		return -1;
	while (w->depth > 0 && result == 0)
		result = next(w);
	return result;
}
