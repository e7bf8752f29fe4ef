/*
 * drift_patch.c: a patch of the model that accepts what was seen.
 * What it says of the items was tried: the patched document is compiled and asked.
 */
#include <stdlib.h>

#include "audit/drift_inside.h"
#include "model/check.h"
#include "json/write.h"

/* What the nodes say of a member on the way. */
static const struct node *member_of(const struct node *node, struct slice name, bool *known)
{
	struct buf quoted = BUF_INIT;
	uint32_t i = UINT32_MAX;

	json_write_string(&quoted, name);
	if (!quoted.failed)
		i = node_find(node, buf_view(&quoted));
	buf_free(&quoted);
	*known = i != UINT32_MAX || node->open;
	return i != UINT32_MAX ? node->members[i].node : node->open ? node->additional : NULL;
}

/*
 * Does the model accept the item? Where a schema accepts anything, or the way ends at something
 * that is free, it does.
 */
static bool accepts(struct drift *d, const struct node *node, uint32_t n)
{
	const struct drift_item *item = &d->item[n];
	struct slice path = d->path[n];

	for (;;) {
		bool known = true;
		char kind;

		buf_clear(&d->name);
		kind = widen_path_next(&path, &d->name);
		if (node == NULL || kind == 0 || d->name.failed)
			break;
		if (kind == 'e')
			node = node->items;
		else if (kind == 'd')
			node = node->open ? node->additional : node;
		else
			node = member_of(node, buf_view(&d->name), &known);
		if (!known)
			return false;
	}
	if (node == NULL)
		return true;
	if ((item->types & ~node->types) != 0)
		return false;
	if (item->kind == WIDEN_VALUE)
		return item->value.len > 0 && check_allows(node, item->types, item->value);
	return item->kind == WIDEN_MEMBER ||
	       (item->types & node->allowed_types & (TYPE_OBJECT | TYPE_ARRAY)) == 0;
}

/* The wants of all items that can be wanted: a value that is not kept cannot. */
static struct widen_want *make_wants(const struct drift *d, size_t *count)
{
	struct widen_want *wants = calloc(drift_count(d) + 1, sizeof(*wants));

	*count = 0;
	for (size_t i = 0; i < drift_count(d) && wants != NULL; i++) {
		uint32_t n = d->order[i];
		const struct drift_item *item = &d->item[n];

		if (item->kind == WIDEN_VALUE && item->value.len == 0)
			continue;
		wants[(*count)++] = (struct widen_want){
			.kind = item->kind,
			.path = d->path[n],
			.value = item->value,
			.types = item->types,
		};
	}
	return wants;
}

int drift_patch(struct drift *d, struct buf *out, struct error *e)
{
	struct buf whole = BUF_INIT;
	struct widen_want *wants;
	struct model *patched = NULL;
	size_t count;
	int result = -1;

	wants = make_wants(d, &count);
	if (wants == NULL)
		error_memory(e);
	else if (widen_document(model_text(d->model), wants, count, out, &whole, e) == 0)
		patched = model_compile(buf_view(&whole), SLICE(""), "the patched model", e);
	if (patched != NULL) {
		for (uint32_t i = 0; i < drift_count(d); i++)
			d->item[i].accepted = accepts(d, model_root(patched), i);
		result = d->name.failed || out->failed ? error_memory(e) : 0;
	}
	model_free(patched);
	free(wants);
	buf_free(&whole);
	return result;
}
