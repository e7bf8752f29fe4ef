/*
 * model.c: the model as the rest of callroll sees it.
 * A model is complete when model_compile returns it and never changes afterwards.
 * Must never keep the document's tree: only its text and the nodes.
 */
#include "model/model.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "model/builtin.h"
#include "model/compile.h"
#include "model/extract.h"

/* Of a model document; the largest OpenAPI files of today have some MB. */
#define DOCUMENT_MOST (64 * MIB)

struct model {
	struct arena arena; /* holds everything below */
	const struct node *root;
	const struct node *recipient;
	uint32_t recipients;
	struct slice text;
	struct slice id;
	struct sha256 digest;
};

struct slice model_builtin_text(void)
{
	return slice_of(model_builtin, model_builtin_size);
}

static int keep_text(struct model *m, struct document *d, struct slice text, struct error *e)
{
	struct buf b = BUF_INIT;

	if (d->picked.json == d->root) {
		buf_slice(&b, text);
	} else if (extract_text(d, &b, e) != 0) {
		buf_free(&b);
		return -1;
	}
	if (!arena_take(&m->arena, &b, &m->text) ||
	    sha256_of(m->text.data, m->text.len, &m->digest) != 0)
		return error_memory(e);
	return 0;
}

static int keep_id(struct model *m, const struct document *d, struct error *e)
{
	const char *id = json_string_value(json_object_get(d->picked.json, "$id"));

	if (!arena_copy(&m->arena, slice_string(id == NULL ? "" : id), &m->id))
		return error_memory(e);
	return 0;
}

static int build(struct model *m, struct document *d, struct slice text, struct error *e)
{
	m->root = compile_document(d, &m->arena, e);
	if (m->root == NULL || keep_text(m, d, text, e) != 0 || keep_id(m, d, e) != 0)
		return -1;
	m->recipients = model_member(m->root, SLICE("recipients"));
	if (m->recipients != UINT32_MAX) {
		const struct node *list = m->root->members[m->recipients].node;
		m->recipient = (list->types & TYPE_ARRAY) != 0 ? list->items : NULL;
	}
	return 0;
}

struct model *model_compile(struct slice text, struct slice pointer, const char *name,
			    struct error *e)
{
	struct model *m = calloc(1, sizeof(*m));
	struct document d;

	if (m == NULL) {
		error_memory(e);
		return NULL;
	}
	if (document_open(&d, text, pointer, name, e) != 0 || build(m, &d, text, e) != 0) {
		model_free(m);
		m = NULL;
	}
	document_close(&d);
	return m;
}

/* FILE#/pointer: where the file's name ends. A file that has that name as it is, is meant. */
static size_t name_length(const char *spec)
{
	if (access(spec, F_OK) == 0)
		return strlen(spec);
	for (size_t i = 0; spec[i] != '\0'; i++)
		if (spec[i] == '#' && (spec[i + 1] == '/' || spec[i + 1] == '\0'))
			return i;
	return strlen(spec);
}

static struct model *load(const char *path, struct slice pointer, struct error *e)
{
	struct buf text = BUF_INIT;
	struct model *m = NULL;

	if (file_slurp(path, DOCUMENT_MOST, &text, e) == 0)
		m = model_compile(buf_view(&text), pointer, path, e);
	buf_free(&text);
	if (m != NULL && (m->root->types & TYPE_OBJECT) == 0) {
		error_set(e, ERROR_MODEL,
			  "%.150s%s%.150s: accepts no object, and a response is one", path,
			  pointer.len == 0 ? "" : "#", pointer.data);
		model_free(m);
		m = NULL;
	}
	return m;
}

struct model *model_load(const char *spec, struct error *e)
{
	struct model *m;
	size_t len;
	char *path;

	if (spec == NULL)
		return model_compile(model_builtin_text(), SLICE(""), "the built-in model", e);
	len = name_length(spec);
	path = strndup(spec, len);
	if (path == NULL) {
		error_memory(e);
		return NULL;
	}
	m = load(path, slice_string(spec[len] == '#' ? spec + len + 1 : ""), e);
	free(path);
	return m;
}

void model_free(struct model *m)
{
	if (m == NULL)
		return;
	arena_free(&m->arena);
	free(m);
}

const struct node *model_root(const struct model *m)
{
	return m->root;
}

struct slice model_text(const struct model *m)
{
	return m->text;
}

struct slice model_id(const struct model *m)
{
	return m->id;
}

const struct sha256 *model_digest(const struct model *m)
{
	return &m->digest;
}

uint32_t model_recipients(const struct model *m)
{
	return m->recipients;
}

uint32_t model_member(const struct node *object, struct slice name)
{
	for (uint32_t i = 0; object != NULL && i < object->n_members; i++)
		if (slice_equal(object->members[i].name, name))
			return i;
	return UINT32_MAX;
}

const struct node *model_recipient(const struct model *m)
{
	return m->recipient;
}
