/*
 * accept.c: what a model's tables accept, read the slow and simple way over a jansson tree.
 */
#include "accept.h"

#include <check.h>

#include "json/number.h"
#include "model/literal.h"

static bool in_allowed(const struct node *node, struct slice text, uint8_t type)
{
	for (uint32_t i = 0; i < node->n_allowed; i++) {
		struct slice a = node->allowed[i];
		bool number = (type & TYPE_NUMBER) != 0 && number_valid(a);
		if (number ? number_compare(a, text) == 0 : slice_equal(a, text))
			return true;
	}
	return false;
}

static bool scalar_accepted(const struct node *node, const json_t *v, uint8_t type)
{
	struct buf b = BUF_INIT;
	struct slice text;
	bool ok;

	literal_text(v, &b);
	text = buf_view(&b);
	ok = (node->allowed_types & type) == 0 || in_allowed(node, text, type);
	if (type & TYPE_NUMBER) {
		ok = ok && (node->minimum.len == 0 || number_compare(text, node->minimum) >= 0);
		ok = ok && (node->maximum.len == 0 || number_compare(text, node->maximum) <= 0);
	}
	if (type == TYPE_STRING) {
		uint64_t length = 0;
		for (const char *p = json_string_value(v); *p != '\0'; p++)
			length += (*p & 0xc0) != 0x80;
		ok = ok && length >= node->min_length && length <= node->max_length;
	}
	buf_free(&b);
	return ok;
}

static bool array_accepted(const struct node *node, const json_t *v)
{
	size_t n = json_array_size(v);

	if ((node->allowed_types & TYPE_ARRAY) || n < node->min_items || n > node->max_items)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!accept_node(node->items, json_array_get(v, i)))
			return false;
	return true;
}

static bool object_accepted(const struct node *node, const json_t *v)
{
	struct buf quoted = BUF_INIT;
	uint32_t required = 0;
	const char *name;
	json_t *value;
	bool ok = (node->allowed_types & TYPE_OBJECT) == 0;

	json_object_foreach ((json_t *)v, name, value) {
		json_t *key = json_string(name);
		uint32_t m;
		buf_clear(&quoted);
		literal_text(key, &quoted);
		json_decref(key);
		m = node_find(node, buf_view(&quoted));
		ck_assert_uint_eq(m, model_member(node, slice_string(name)));
		if (m != UINT32_MAX) {
			required += node->members[m].required;
			ok = ok && accept_node(node->members[m].node, value);
		} else {
			ok = ok && !node->closed && accept_node(node->additional, value);
		}
	}
	buf_free(&quoted);
	return ok && required == node->n_required;
}

bool accept_node(const struct node *node, const json_t *v)
{
	uint8_t type = literal_type(v);

	if (node == NULL)
		return true;
	if ((node->types & type) == 0)
		return false;
	if (type == TYPE_OBJECT)
		return object_accepted(node, v);
	if (type == TYPE_ARRAY)
		return array_accepted(node, v);
	return scalar_accepted(node, v, type);
}

struct model *accept_compile(const char *text, const char *pointer)
{
	struct error e = {ERROR_NONE, ""};
	struct model *m = model_compile(slice_string(text), slice_string(pointer), "test.json", &e);

	ck_assert_msg(m != NULL, "%s: %s", text, e.text);
	return m;
}

bool accept_text(const struct model *m, const char *value)
{
	json_t *v = json_loads(value, JSON_DECODE_ANY, NULL);
	bool ok;

	ck_assert_msg(v != NULL, "%s", value);
	ok = accept_node(model_root(m), v);
	json_decref(v);
	return ok;
}
