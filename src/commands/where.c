/*
 * where.c: conditions on lines, compared in the normal form.
 * A name is compared as it stands in the line, with its escapes.
 */
#include "commands/where.h"

#include <stdlib.h>

#include "bundle/keys.h"
#include "json/members.h"
#include "json/number.h"
#include "json/write.h"

/* Names in a path. */
#define NAMES_MOST 32

#define HOME "conversation_initiation_client_data."

/* The content of a string in the normal form. */
static void escape(struct buf *out, struct slice text)
{
	struct buf quoted = BUF_INIT;

	json_write_string(&quoted, text);
	if (quoted.len >= 2)
		buf_append(out, quoted.data + 1, quoted.len - 2);
	out->failed |= quoted.failed;
	buf_free(&quoted);
}

/* A member stands in its line as "NAME":VALUE, and the last part of the path, behind the last dot,
 * ends its name. */
static void make_needle(struct condition *c)
{
	size_t from = c->path.len;
	struct slice t = c->typed;

	while (from > 0 && c->path.data[from - 1] != '.')
		from--;
	buf_append(&c->needle, c->path.data + from, c->path.len - from);
	buf_string(&c->needle, "\":");
	/* what is no number, true, false, null, list or object can only be a string */
	c->string = !c->number && !slice_equal(t, SLICE("true")) &&
		    !slice_equal(t, SLICE("false")) && !slice_equal(t, SLICE("null")) &&
		    !(t.len > 0 && (*t.data == '{' || *t.data == '['));
	if (c->string)
		buf_slice(&c->needle, buf_view(&c->quoted));
}

static int make(struct condition *c, const char *text, struct error *e)
{
	const char *equals = strchr(text, '=');
	struct slice batch = SLICE("batch."), path;
	size_t names = 1;

	if (equals == NULL || equals == text)
		return error_set(e, ERROR_USAGE, "-w takes KEY=VALUE, not '%s'", text);
	c->key = path = slice_of(text, (size_t)(equals - text));
	c->typed = slice_string(equals + 1);
	c->of = LINES_RECIPIENTS;
	if (slice_starts(path, batch)) {
		c->of = LINES_RESPONSES;
		path = slice_of(path.data + batch.len, path.len - batch.len);
	}
	for (size_t i = 0; i < path.len; i++)
		names += path.data[i] == '.';
	if (path.len == 0 || names > NAMES_MOST)
		return error_set(e, ERROR_USAGE, "-w takes KEY=VALUE, and a KEY of 1 to %d names",
				 NAMES_MOST);
	escape(&c->path, path);
	if (c->of == LINES_RECIPIENTS && slice_starts(path, SLICE("dynamic_variables."))) {
		buf_string(&c->long_path, HOME);
		buf_slice(&c->long_path, buf_view(&c->path));
	}
	json_write_string(&c->quoted, c->typed);
	keys_phone_digits(c->typed, &c->digits);
	c->number = number_valid(c->typed);
	make_needle(c);
	if (c->path.failed || c->long_path.failed || c->quoted.failed || c->digits.failed ||
	    c->needle.failed)
		return error_memory(e);
	return 0;
}

int where_make(struct where *w, const char *const *texts, size_t count, struct error *e)
{
	*w = (struct where){0};
	w->list = calloc(count + 1, sizeof(*w->list));
	if (w->list == NULL)
		return error_memory(e);
	for (; w->count < count; w->count++)
		if (make(&w->list[w->count], texts[w->count], e) != 0) {
			w->count++;
			return -1;
		}
	return 0;
}

void where_free(struct where *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct condition *c = &w->list[i];

		buf_free(&c->path);
		buf_free(&c->long_path);
		buf_free(&c->quoted);
		buf_free(&c->digits);
		buf_free(&c->needle);
	}
	free(w->list);
	*w = (struct where){0};
}

bool where_on(const struct where *w, enum line_kind lines)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->list[i].of == lines)
			return true;
	return false;
}

const struct condition *where_find(const struct where *w, struct slice key)
{
	for (size_t i = 0; i < w->count; i++)
		if (slice_equal(w->list[i].key, key))
			return &w->list[i];
	return NULL;
}

/* --- a line --- */

/* A name that the path begins with, and the member's value. */
struct step {
	size_t len;
	struct slice value;
};

/* Those of an object, shorter ones first; each object is walked once. */
static size_t steps(struct slice object, struct slice path, struct step out[NAMES_MOST])
{
	struct members in;
	struct json_member m;
	size_t count = 0;

	members_begin(&in, object);
	while (!in.array && members_next(&in, &m)) {
		size_t len = m.name.len - 2, at = count;

		if (len == 0 || len > path.len || (len < path.len && path.data[len] != '.') ||
		    memcmp(m.name.data + 1, path.data, len) != 0 || count == NAMES_MOST)
			continue;
		for (; at > 0 && out[at - 1].len > len; at--)
			out[at] = out[at - 1];
		out[at] = (struct step){len, m.value};
		count++;
	}
	return count;
}

/* The value at the end of the path, the longest names first; empty: none. As deep as the path has
 * names. */
static struct slice follow(struct slice object, struct slice path)
{
	struct step step[NAMES_MOST];

	for (size_t n = steps(object, path, step); n-- > 0;) {
		size_t len = step[n].len;
		struct slice value = step[n].value;

		if (len < path.len)
			value = follow(value, slice_of(path.data + len + 1, path.len - len - 1));
		if (value.len > 0)
			return value;
	}
	return (struct slice){0};
}

/* What begins with `_` is callroll's own, and what was captured of that kind stands apart. */
static struct slice value_at(struct slice line, const struct condition *c)
{
	struct slice path = buf_view(&c->path), value;

	if (path.data[0] == '_')
		return follow(members_find(line, "_captured"), path);
	value = follow(line, path);
	if (value.len == 0 && c->long_path.len > 0)
		value = follow(line, buf_view(&c->long_path));
	return value;
}

static bool is_phone(const struct condition *c, const struct keyring *keys)
{
	for (unsigned i = 0; i < keys->count; i++)
		if (slice_equal(keys->key[i].name, c->key))
			return keys->key[i].kind == KEY_PHONE && c->digits.len > 0;
	return false;
}

static bool meets(const struct condition *c, const struct keyring *keys, struct slice line,
		  struct buf *scratch)
{
	struct keyring_key phone = {.kind = KEY_PHONE};
	struct slice value = value_at(line, c);

	if (value.len == 0)
		return false;
	if (is_phone(c, keys))
		return keyring_value(&phone, value, scratch) &&
		       slice_equal(buf_view(scratch), buf_view(&c->digits));
	if (value.data[0] == '"')
		return slice_equal(value, buf_view(&c->quoted));
	if (c->number && number_valid(value))
		return number_compare(value, c->typed) == 0;
	return slice_equal(value, c->typed);
}

bool where_line(const struct where *w, const struct keyring *keys, struct slice line,
		struct buf *scratch)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->list[i].of == keys->lines && !meets(&w->list[i], keys, line, scratch))
			return false;
	return true;
}

const struct condition *where_rarest(const struct where *w, const struct keyring *keys)
{
	const struct condition *best = NULL;

	for (size_t i = 0; i < w->count; i++) {
		const struct condition *c = &w->list[i];

		if (c->of != LINES_RECIPIENTS || is_phone(c, keys))
			continue;
		if (best == NULL || c->string > best->string ||
		    (c->string == best->string && c->needle.len > best->needle.len))
			best = c;
	}
	return best;
}

const char *where_next(const struct condition *c, const char *at, const char *end)
{
	struct slice n = buf_view(&c->needle), q = buf_view(&c->quoted);

	while ((at = memmem(at, (size_t)(end - at), n.data, n.len)) != NULL && !c->string) {
		struct slice value = slice_of(at + n.len, (size_t)(end - at) - n.len);

		if (slice_starts(value, q) || slice_starts(value, c->typed) ||
		    (c->number && value.len > 0 && strchr("-0123456789", *value.data) != NULL))
			break;
		at += n.len;
	}
	return at;
}
