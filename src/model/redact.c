/*
 * redact.c: a walk over a text of the normal form and the model's nodes side by side.
 * What the model does not describe is never entered, and never shown. It must never recurse, nor
 * make a tree, nor copy a value before it was judged.
 */
#include "model/redact.h"

#include <stdlib.h>

#include "base/pseudonym.h"
#include "json/members.h"
#include "json/number.h"
#include "json/pointer.h"
#include "json/write.h"

/* Where the walk is: what the models say of what stands there. */
struct place_at {
	const struct node *node; /* of the built-in model; NULL: it knows nothing of it */
	const struct node *own;  /* of the other one; NULL: it says nothing */
	bool personal;           /* or below what is */
	bool id;                 /* a recipient's id */
};

struct level {
	struct members in;
	struct place_at at;
	bool begun;
};

struct redact {
	struct pseudonym *names;
	struct model *builtin;
	const struct model *own;
	struct level *level;
	size_t depth, cap;
	struct buf scratch;
};

struct redact *redact_new(struct slice key, struct error *e)
{
	struct redact *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		error_memory(e);
		return NULL;
	}
	r->names = pseudonym_new(key, e);
	if (r->names != NULL)
		r->builtin = model_load(NULL, e);
	if (r->builtin != NULL)
		return r;
	redact_free(r);
	return NULL;
}

void redact_free(struct redact *r)
{
	if (r == NULL)
		return;
	pseudonym_free(r->names);
	model_free(r->builtin);
	free(r->level);
	buf_free(&r->scratch);
	free(r);
}

void redact_model(struct redact *r, const struct model *model)
{
	r->own = model;
}

/* --- steps --- */

static struct place_at at_node(const struct place_at *from, const struct node *node,
			       const struct node *own)
{
	return (struct place_at){
		.node = node,
		.own = own,
		.personal = from->personal || (node != NULL && node->personal) ||
			    (own != NULL && own->personal),
	};
}

static struct place_at begin(const struct redact *r, enum redact_what what)
{
	static const struct place_at nowhere = {0};
	bool one = what == REDACT_RECIPIENT || what == REDACT_RECIPIENT_LINE;

	return at_node(&nowhere, one ? model_recipient(r->builtin) : model_root(r->builtin),
		       r->own == NULL ? NULL
		       : one          ? model_recipient(r->own)
				      : model_root(r->own));
}

static const struct node *member_of(const struct node *node, struct slice quoted)
{
	uint32_t n = node != NULL ? node_find(node, quoted) : UINT32_MAX;

	if (n != UINT32_MAX)
		return node->members[n].node;
	return node != NULL && node->open ? node->additional : NULL;
}

static struct place_at at_member(const struct redact *r, const struct place_at *from,
				 struct slice quoted)
{
	struct place_at at =
		at_node(from, member_of(from->node, quoted), member_of(from->own, quoted));

	at.id = from->node == model_recipient(r->builtin) && slice_equal(quoted, SLICE("\"id\""));
	return at;
}

static struct place_at at_element(const struct place_at *from)
{
	return at_node(from, from->node->items, from->own != NULL ? from->own->items : NULL);
}

/* Does the built-in model say what is in an object or array that stands there? */
static bool describes(const struct node *node, uint8_t type)
{
	if (node == NULL || !(node->types & type))
		return false;
	return type == TYPE_ARRAY ? node->items != NULL
				  : node->n_members > 0 || node->additional != NULL;
}

/* --- values --- */

enum verdict { SHOW, ENTER, HIDE, HIDE_PHONE };

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
	case 'f':
		return TYPE_BOOLEAN;
	default:
		if (!number_valid(value))
			return 0;
		return number_is_integer(value) ? TYPE_INTEGER : TYPE_FRACTION;
	}
}

/* btcal_6701k8rhhgr7fcnbj9fdsdtxnmnc, in quotes: nobody chooses such an id by hand. */
static bool is_servers(struct slice quoted)
{
	size_t i = 1, n = quoted.len - 1;

	while (i < n && quoted.data[i] >= 'a' && quoted.data[i] <= 'z')
		i++;
	if (i == 1 || i > 16 || n - i != 1 + 28 || quoted.data[i] != '_')
		return false;
	while (++i < n) {
		char c = quoted.data[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
			return false;
	}
	return true;
}

static bool is_phone(const struct node *node)
{
	return node != NULL && node->key == KEY_PHONE;
}

static enum verdict judge(const struct place_at *at, struct slice value)
{
	uint8_t type;

	if (slice_equal(value, SLICE("null")))
		return SHOW;
	if (value.len == 2 && strchr("\"{[", value.data[0]) != NULL)
		return SHOW; /* it is empty */
	type = type_of(value);
	if (at->node == NULL || !(at->node->types & type))
		return HIDE;
	if (type == TYPE_OBJECT || type == TYPE_ARRAY)
		return describes(at->node, type) ? ENTER : HIDE;
	if (at->personal)
		return type == TYPE_STRING && (is_phone(at->node) || is_phone(at->own)) ? HIDE_PHONE
											: HIDE;
	return at->id && !is_servers(value) ? HIDE : SHOW;
}

/* A string is hidden by what it stands for, anything else by its text. */
static void hide(struct redact *r, enum verdict how, struct slice value, struct buf *out)
{
	struct slice text = value;

	buf_clear(&r->scratch);
	if (json_unescape(&r->scratch, value))
		text = buf_view(&r->scratch);
	out->failed |= r->scratch.failed;
	buf_byte(out, '"');
	if (how == HIDE_PHONE)
		pseudonym_phone(r->names, text, out);
	else
		pseudonym_text(r->names, text, out);
	buf_byte(out, '"');
}

/* --- objects --- */

static int enter(struct redact *r, const struct place_at *at, struct slice text, struct buf *out,
		 struct error *e)
{
	struct level *l;

	if (array_reserve(&r->level, &r->cap, r->depth + 1, sizeof(*r->level)) != 0)
		return error_memory(e);
	l = &r->level[r->depth++];
	*l = (struct level){.at = *at};
	members_begin(&l->in, text);
	buf_byte(out, text.data[0]);
	return 0;
}

static int put(struct redact *r, const struct place_at *at, struct slice value, struct buf *out,
	       struct error *e)
{
	enum verdict verdict = judge(at, value);

	if (verdict == ENTER)
		return enter(r, at, value, out, e);
	if (verdict == SHOW)
		buf_slice(out, value);
	else
		hide(r, verdict, value, out);
	return 0;
}

/* A member of a line whose name begins with _: callroll's own, but for what was captured. */
static int put_envelope(struct redact *r, const struct place_at *line, const struct json_member *m,
			struct buf *out, struct error *e)
{
	if (slice_equal(m->name, SLICE("\"_captured\"")) && m->value.data[0] == '{')
		return enter(r, line, m->value, out, e); /* the model knows none of them */
	if (slice_equal(m->name, SLICE("\"_http\"")))
		hide(r, HIDE, m->value, out);
	else
		buf_slice(out, m->value);
	return 0;
}

static int next(struct redact *r, bool line, struct buf *out, struct error *e)
{
	struct level *l = &r->level[r->depth - 1];
	struct json_member m;
	struct place_at at;

	if (!members_next(&l->in, &m)) {
		if (l->in.bad)
			return error_set(e, ERROR_BUNDLE, "a line is not in the normal form");
		buf_byte(out, l->in.array ? ']' : '}');
		r->depth--;
		return 0;
	}
	if (l->begun)
		buf_byte(out, ',');
	l->begun = true;
	if (l->in.array) {
		at = at_element(&l->at);
		return put(r, &at, m.value, out, e);
	}
	buf_slice(out, m.name);
	buf_byte(out, ':');
	at = l->at;
	if (line && r->depth == 1 && m.name.len > 2 && m.name.data[1] == '_')
		return put_envelope(r, &at, &m, out, e);
	at = at_member(r, &at, m.name);
	return put(r, &at, m.value, out, e);
}

int redact_object(struct redact *r, enum redact_what what, struct slice text, struct buf *out,
		  struct error *e)
{
	struct place_at at = begin(r, what);
	bool line = what == REDACT_RESPONSE_LINE || what == REDACT_RECIPIENT_LINE;
	int status;

	r->depth = 0;
	if (text.len < 2 || text.data[0] != '{')
		return error_set(e, ERROR_BUNDLE, "a line is not in the normal form");
	status = enter(r, &at, text, out, e);
	while (status == 0 && r->depth > 0)
		status = next(r, line, out, e);
	return status == 0 && out->failed ? error_memory(e) : status;
}

void redact_member(struct redact *r, enum redact_what what, const char *name, struct slice value,
		   struct buf *out)
{
	struct place_at from = begin(r, what), at;
	struct buf quoted = BUF_INIT;
	enum verdict verdict;

	if (value.len == 0)
		return;
	json_write_string(&quoted, slice_string(name));
	out->failed |= quoted.failed;
	if (!out->failed) {
		at = at_member(r, &from, buf_view(&quoted));
		verdict = judge(&at, value);
		if (verdict == SHOW)
			buf_slice(out, value);
		else
			hide(r, verdict, value, out);
	}
	buf_free(&quoted);
}

void redact_text(struct redact *r, struct slice text, struct buf *out)
{
	pseudonym_text(r->names, text, out);
}

/* --- pointers --- */

/* Replaces *out with what the next token stands for. */
static bool next_token(struct slice *pointer, struct buf *out)
{
	size_t i = 1;

	buf_clear(out);
	if (pointer->len == 0 || pointer->data[0] != '/')
		return false;
	for (; i < pointer->len && pointer->data[i] != '/'; i++) {
		char c = pointer->data[i];

		if (c == '~' && i + 1 < pointer->len)
			c = pointer->data[++i] == '0' ? '~' : '/';
		buf_byte(out, c);
	}
	*pointer = slice_of(pointer->data + i, pointer->len - i);
	return true;
}

static bool is_index(struct slice token)
{
	for (size_t i = 0; i < token.len; i++)
		if (token.data[i] < '0' || token.data[i] > '9')
			return slice_equal(token, SLICE("*"));
	return token.len > 0;
}

/* Goes to where the token leads. false: the token is data, as is what is there. */
static bool step(struct redact *r, struct place_at *at, struct slice token)
{
	struct buf quoted = BUF_INIT;

	if (describes(at->node, TYPE_ARRAY) && is_index(token)) {
		*at = at_element(at);
		return true;
	}
	if (!describes(at->node, TYPE_OBJECT)) {
		*at = (struct place_at){0};
		return slice_equal(token, SLICE("*"));
	}
	json_write_string(&quoted, token);
	if (quoted.failed)
		*at = (struct place_at){0};
	else
		*at = at_member(r, at, buf_view(&quoted));
	buf_free(&quoted);
	return true;
}

static struct place_at at_pointer(struct redact *r, struct slice pointer)
{
	struct place_at at = begin(r, REDACT_RESPONSE);
	struct buf token = BUF_INIT;

	while (next_token(&pointer, &token))
		step(r, &at, buf_view(&token));
	if (token.failed)
		at = (struct place_at){0};
	buf_free(&token);
	return at;
}

bool redact_shows(struct redact *r, struct slice pointer, struct slice value)
{
	struct place_at at = at_pointer(r, pointer);

	return value.len > 0 && judge(&at, value) == SHOW;
}

void redact_value(struct redact *r, struct slice pointer, struct slice value, struct buf *out)
{
	struct place_at at = at_pointer(r, pointer);
	enum verdict verdict = judge(&at, value);

	if (verdict == SHOW)
		buf_slice(out, value);
	else
		hide(r, verdict, value, out);
}

bool redact_pointer(struct redact *r, struct slice pointer, struct buf *out)
{
	struct place_at at = begin(r, REDACT_RESPONSE);
	struct buf token = BUF_INIT, hidden = BUF_INIT;
	bool whole = true;

	if (slice_equal(pointer, SLICE("...")))
		buf_slice(out, pointer); /* a shape for many others (group.h) */
	while (next_token(&pointer, &token)) {
		if (step(r, &at, buf_view(&token))) {
			json_pointer_append(out, buf_view(&token));
			continue;
		}
		whole = false;
		buf_clear(&hidden);
		redact_text(r, buf_view(&token), &hidden);
		json_pointer_append(out, buf_view(&hidden));
	}
	out->failed |= token.failed || hidden.failed;
	buf_free(&token);
	buf_free(&hidden);
	return whole;
}
