/*
 * document.c: reading a document with schemas, by jansson.
 * Every object of it has one place, and the pointer to it is known to whoever holds it.
 * Must never judge a schema: that is part.c's.
 */
#include "model/document.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "json/pointer.h"

/* Of a pointer in a message. The text of an error takes 512 bytes. */
#define SHOWN_MOST 240

/* Appends a safe text, cut at its front, where a pointer says least, to what a message can bear. */
static void show(struct buf *out, struct slice s)
{
	struct buf safe = BUF_INIT;
	size_t cut = 0;

	text_safe(&safe, s);
	if (safe.len > SHOWN_MOST) {
		cut = safe.len - SHOWN_MOST;
		while (cut < safe.len && (safe.data[cut] & 0xc0) == 0x80)
			cut++;
		buf_string(out, "...");
	}
	if (safe.failed)
		out->failed = true;
	else if (safe.len != 0)
		buf_append(out, safe.data + cut, safe.len - cut);
	buf_free(&safe);
}

int document_error(const struct document *d, const struct schema *at, const char *keyword,
		   struct error *e, const char *format, ...)
{
	struct buf place = BUF_INIT, what = BUF_INIT, safe = BUF_INIT;
	char message[256];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	buf_slice(&place, at->pointer);
	if (keyword != NULL)
		json_pointer_append(&place, slice_string(keyword));
	show(&what, buf_view(&place));
	text_safe(&safe, slice_string(message));
	buf_byte(&what, '\0');
	buf_byte(&safe, '\0');
	if (place.failed || what.failed || safe.failed)
		error_memory(e);
	else
		error_set(e, ERROR_MODEL, "%.150s%s%s: %s", d->name, what.len > 1 ? "#" : "",
			  what.data, safe.data);
	buf_free(&place);
	buf_free(&what);
	buf_free(&safe);
	return -1;
}

/* --- pointers --- */

/* Takes the next token of a pointer into *token, unescaped. false: it is none. */
static bool next_token(struct slice *pointer, struct buf *token)
{
	size_t i;

	buf_clear(token);
	if (pointer->len == 0 || pointer->data[0] != '/')
		return false;
	for (i = 1; i < pointer->len && pointer->data[i] != '/'; i++) {
		char c = pointer->data[i];
		if (c == '~') {
			if (++i == pointer->len ||
			    (pointer->data[i] != '0' && pointer->data[i] != '1'))
				return false;
			c = pointer->data[i] == '0' ? '~' : '/';
		}
		buf_byte(token, c);
	}
	*pointer = slice_of(pointer->data + i, pointer->len - i);
	return !token->failed;
}

static const json_t *element(const json_t *array, struct slice token)
{
	size_t index = 0;

	if (token.len == 0 || token.len > 9 || (token.len > 1 && token.data[0] == '0'))
		return NULL;
	for (size_t i = 0; i < token.len; i++) {
		if (token.data[i] < '0' || token.data[i] > '9')
			return NULL;
		index = index * 10 + (size_t)(token.data[i] - '0');
	}
	return json_array_get(array, index);
}

/* What the pointer points to in *out, NULL: nothing. 0, or -1: no memory. */
static int find(const json_t *from, struct slice pointer, const json_t **out, struct error *e)
{
	struct buf token = BUF_INIT;
	bool failed;

	while (from != NULL && pointer.len != 0) {
		if (!next_token(&pointer, &token))
			from = NULL;
		else if (json_is_object(from))
			from = json_object_getn(from, token.len == 0 ? "" : token.data, token.len);
		else
			from = element(from, buf_view(&token)); /* NULL if it is no array */
	}
	failed = token.failed;
	buf_free(&token);
	*out = from;
	return failed ? error_memory(e) : 0;
}

int document_child(struct document *d, const struct schema *from, const char *keyword,
		   struct slice token, const json_t *json, struct schema *out, struct error *e)
{
	struct buf b = BUF_INIT;

	buf_slice(&b, from->pointer);
	json_pointer_append(&b, slice_string(keyword));
	if (token.data != NULL)
		json_pointer_append(&b, token);
	out->json = json;
	return arena_take(&d->arena, &b, &out->pointer) ? 0 : error_memory(e);
}

int document_element(struct document *d, const struct schema *from, const char *keyword,
		     size_t index, const json_t *json, struct schema *out, struct error *e)
{
	char token[24];
	int len = snprintf(token, sizeof(token), "%zu", index);

	return document_child(d, from, keyword, slice_of(token, (size_t)len), json, out, e);
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes the percent-encoding of a URI's fragment. */
static void decode(const char *s, struct buf *out)
{
	for (; *s != '\0'; s++) {
		if (*s == '%' && hex(s[1]) >= 0 && hex(s[2]) >= 0) {
			buf_byte(out, (char)(hex(s[1]) * 16 + hex(s[2])));
			s += 2;
		} else {
			buf_byte(out, *s);
		}
	}
}

int document_resolve(struct document *d, const struct schema *from, const char *ref,
		     struct schema *out, struct error *e)
{
	struct buf pointer = BUF_INIT;
	struct slice decoded;

	if (ref[0] != '#' || (ref[1] != '\0' && ref[1] != '/'))
		return document_error(d, from, "$ref", e,
				      "refers to \"%.100s\"; only a place in the same document "
				      "(#/...) can be referred to",
				      ref);
	decode(ref + 1, &pointer);
	if (!arena_take(&d->arena, &pointer, &decoded))
		return error_memory(e);
	if (find(d->base.json, decoded, &out->json, e) != 0)
		return -1;
	if (out->json == NULL)
		return document_error(d, from, "$ref", e,
				      "refers to \"%.100s\", but there is nothing", ref);
	if (!json_is_object(out->json) && !json_is_boolean(out->json))
		return document_error(d, from, "$ref", e,
				      "refers to \"%.100s\", which is no schema", ref);
	buf_slice(&pointer, d->base.pointer);
	buf_slice(&pointer, decoded);
	return arena_take(&d->arena, &pointer, &out->pointer) ? 0 : error_memory(e);
}

/* --- the whole --- */

static bool starts(const char *s, const char *prefix)
{
	return s != NULL && strncmp(s, prefix, strlen(prefix)) == 0;
}

static enum dialect dialect_of(const json_t *root)
{
	static const char *const old[] = {"draft-03/", "draft-04/", "draft-06/", "draft-07/"};
	const char *openapi = json_string_value(json_object_get(root, "openapi"));
	const char *uri = json_string_value(json_object_get(root, "$schema"));

	if (starts(openapi, "3.0") || json_object_get(root, "swagger") != NULL)
		return DIALECT_OPENAPI_30;
	if (openapi != NULL)
		return DIALECT_OPENAPI_31;
	for (size_t i = 0; uri != NULL && i < sizeof(old) / sizeof(old[0]); i++)
		if (strstr(uri, old[i]) != NULL)
			return DIALECT_OLD;
	return DIALECT_2020;
}

static int parse(struct document *d, struct slice text, struct error *e)
{
	json_error_t why;
	struct buf safe = BUF_INIT;
	size_t i = 0;

	if (slice_starts(text, SLICE("\xef\xbb\xbf")))
		text = slice_of(text.data + 3, text.len - 3);
	while (i < text.len && strchr(" \t\r\n", text.data[i]) != NULL && text.data[i] != '\0')
		i++;
	if (i == text.len)
		return error_set(e, ERROR_MODEL, "%.150s: is empty, not a model", d->name);
	if (strchr("{[\"tf", text.data[i]) == NULL || text.data[i] == '\0')
		return error_set(e, ERROR_MODEL,
				 "%.150s: is not JSON (a model in YAML must be "
				 "converted to JSON first)",
				 d->name);
	d->root = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (d->root != NULL)
		return 0;
	/* jansson gives no place for a failure that is not the text's: there was no memory. */
	if (json_error_code(&why) == json_error_out_of_memory || why.line < 0)
		return error_memory(e);
	text_safe(&safe, slice_string(why.text));
	buf_byte(&safe, '\0');
	if (safe.failed)
		error_memory(e);
	else
		error_set(e, ERROR_MODEL, "%.150s:%d:%d: is not JSON: %.200s", d->name, why.line,
			  why.column, safe.data);
	buf_free(&safe);
	return -1;
}

/* An OpenAPI document was given without a pointer: names one that may be meant. */
static int whole_openapi(const struct document *d, struct error *e)
{
	const json_t *schemas = json_object_get(json_object_get(d->root, "components"), "schemas");
	struct schema at = {d->root, SLICE("")};
	const char *name, *found = "NAME";
	json_t *schema;

	json_object_foreach ((json_t *)schemas, name, schema) {
		if (json_object_get(json_object_get(schema, "properties"), "recipients") == NULL)
			continue;
		found = name;
		if (json_object_get(json_object_get(schema, "properties"), "id") != NULL)
			break;
	}
	return document_error(d, &at, NULL, e,
			      "is an OpenAPI document; say which schema in it is "
			      "the model: FILE#/components/schemas/%.80s",
			      found);
}

int document_open(struct document *d, struct slice text, struct slice pointer, const char *name,
		  struct error *e)
{
	*d = (struct document){.name = name};
	if (parse(d, text, e) != 0)
		return -1;
	d->dialect = dialect_of(d->root);
	d->base = (struct schema){d->root, SLICE("")};
	if (find(d->root, pointer, &d->picked.json, e) != 0)
		return -1;
	if (!arena_copy(&d->arena, pointer, &d->picked.pointer))
		return error_memory(e);
	if (d->picked.json == NULL)
		return document_error(d, &d->picked, NULL, e, "there is nothing in the document%s",
				      pointer.data[0] == '/' ? ""
							     : " (a JSON pointer begins with /)");
	if (d->picked.json == d->root && d->dialect != DIALECT_2020 && d->dialect != DIALECT_OLD)
		return whole_openapi(d, e);
	if (json_is_string(json_object_get(d->picked.json, "$id")))
		d->base = d->picked;
	return 0;
}

void document_close(struct document *d)
{
	json_decref(d->root);
	d->root = NULL;
	arena_free(&d->arena);
}
