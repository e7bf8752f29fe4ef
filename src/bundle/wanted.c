/*
 * wanted.c: looks for values in the lines of a frame.
 * A hit is a line whose member itself was compared; how the line was come upon does not matter.
 * It must never read beyond the frame, whatever stands in it.
 */
#include "bundle/wanted.h"

#include <stdlib.h>

#include "bundle/keys.h"
#include "json/members.h"
#include "json/write.h"

/* So many values are looked for one after another in the bytes of a frame; for more each line is
 * taken apart. */
#define FEW 8

void wanted_free(struct wanted *w)
{
	free(w->want);
	free(w->first);
	free(w->hit);
	map_free(w->map);
	buf_free(&w->text);
	buf_free(&w->scratch);
	*w = (struct wanted){0};
}

struct slice wanted_value(const struct wanted *w, const struct want *want)
{
	return slice_of(w->text.data + want->value, want->len);
}

static struct slice needle(const struct wanted *w, const struct want *want)
{
	return slice_of(w->text.data + want->needle, want->needle_len);
}

int wanted_add(struct wanted *w, const struct keyring_key *key, enum line_kind lines, size_t which,
	       struct slice typed)
{
	struct want new = {.key = key, .lines = lines, .which = which, .next = UINT32_MAX};

	if (!keyring_typed(key, typed, &w->scratch))
		return w->scratch.failed ? -1 : 0;
	if (w->count >= UINT32_MAX - 1 ||
	    array_reserve(&w->want, &w->cap, w->count + 1, sizeof(*w->want)) != 0)
		return -1;
	new.value = w->text.len;
	new.len = w->scratch.len;
	buf_slice(&w->text, buf_view(&w->scratch));
	new.needle = w->text.len;
	json_write_string(&w->text, key->member_name);
	if (key->kind == KEY_PHONE) {
		buf_string(&w->text, ":\"");
	} else {
		buf_byte(&w->text, ':');
		json_write_string(&w->text, typed);
	}
	new.needle_len = w->text.len - new.needle;
	w->want[w->count++] = new;
	return w->text.failed || w->scratch.failed ? -1 : 0;
}

static int hit(struct wanted *w, struct slice content, struct slice line, size_t which)
{
	if (array_reserve(&w->hit, &w->hits_cap, w->hits + 1, sizeof(*w->hit)) != 0)
		return -1;
	w->hit[w->hits++] =
		(struct wanted_hit){(size_t)(line.data - content.data), line.len, which};
	return 0;
}

/* The line that the byte at `at` stands in. */
static struct slice line_around(struct slice content, const char *at)
{
	const char *end = content.data + content.len;
	const char *before = memrchr(content.data, '\n', (size_t)(at - content.data));
	const char *behind = memchr(at, '\n', (size_t)(end - at));
	const char *first = before == NULL ? content.data : before + 1;

	return slice_of(first, (size_t)((behind == NULL ? end : behind) - first));
}

static struct slice value_of(struct slice line, const struct keyring_key *key)
{
	struct slice wanted = key->member_name;
	struct members in;
	struct json_member m;

	members_begin(&in, line);
	while (!in.array && members_next(&in, &m)) {
		struct slice name = slice_of(m.name.data + 1, m.name.len - 2);
		if (slice_equal(name, wanted))
			return m.value;
	}
	return (struct slice){0};
}

/* --- few values --- */

/* Could the digits of the string that begins at `at` be these? Escapes are left to the real
 * comparison. */
static bool digits_fit(const char *at, const char *end, struct slice digits)
{
	size_t seen = 0;

	for (; at < end && *at != '"'; at++) {
		if (*at == '\\')
			return true;
		if (*at < '0' || *at > '9')
			continue;
		if (seen == digits.len || digits.data[seen] != *at)
			return false;
		seen++;
	}
	return seen == digits.len;
}

static int search_bytes(struct wanted *w, const struct want *want, struct slice content)
{
	struct slice n = needle(w, want), value = wanted_value(w, want);
	const char *at = content.data, *end = content.data + content.len;

	while ((at = memmem(at, (size_t)(end - at), n.data, n.len)) != NULL) {
		struct slice line;

		at += n.len;
		if (want->key->kind == KEY_PHONE && !digits_fit(at, end, value))
			continue;
		line = line_around(content, at - 1);
		at = line.data + line.len; /* each line is looked into once */
		if (keyring_value(want->key, value_of(line, want->key), &w->scratch) &&
		    slice_equal(buf_view(&w->scratch), value) &&
		    hit(w, content, line, want->which) != 0)
			return -1;
		if (w->scratch.failed)
			return -1;
	}
	return 0;
}

/* --- many values --- */

/* What stands for a value of a key in the map: the key's name and the value. */
static void compose(struct buf *out, const struct keyring_key *key, struct slice value)
{
	buf_clear(out);
	buf_slice(out, key->name);
	buf_byte(out, '\0');
	buf_slice(out, value);
}

static int make_map(struct wanted *w)
{
	w->map = map_new();
	if (w->map == NULL)
		return -1;
	for (size_t i = 0; i < w->count; i++) {
		uint32_t before = map_count(w->map), n;

		compose(&w->scratch, w->want[i].key, wanted_value(w, &w->want[i]));
		n = w->scratch.failed ? MAP_NONE : map_add(w->map, buf_view(&w->scratch));
		if (n == MAP_NONE ||
		    array_reserve(&w->first, &w->first_cap, (size_t)n + 1, sizeof(*w->first)) != 0)
			return -1;
		w->want[i].next = n == before ? UINT32_MAX : w->first[n];
		w->first[n] = (uint32_t)i;
	}
	return 0;
}

/* The keys of the wants at hand, each once. */
static size_t keys_at_hand(const struct wanted *w, const uint32_t *wants, size_t count,
			   const struct keyring_key *keys[KEYRING_MOST])
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const struct keyring_key *key = w->want[wants[i]].key;
		size_t k = 0;

		while (k < found && keys[k] != key)
			k++;
		if (k == found && found < KEYRING_MOST)
			keys[found++] = key;
	}
	return found;
}

static int take_value(struct wanted *w, const struct keyring_key *key, struct slice content,
		      struct slice line, struct slice quoted, struct buf *plain)
{
	uint32_t n;

	if (!keyring_value(key, quoted, plain))
		return plain->failed ? -1 : 0;
	compose(&w->scratch, key, buf_view(plain));
	if (w->scratch.failed)
		return -1;
	n = map_find(w->map, buf_view(&w->scratch));
	if (n == MAP_NONE)
		return 0;
	for (uint32_t i = w->first[n]; i != UINT32_MAX; i = w->want[i].next)
		if (w->want[i].now && hit(w, content, line, w->want[i].which) != 0)
			return -1;
	return 0;
}

static int search_line(struct wanted *w, const struct keyring_key *const *keys, size_t count,
		       struct slice content, struct slice line, struct buf *plain)
{
	struct members in;
	struct json_member m;

	members_begin(&in, line);
	while (!in.array && members_next(&in, &m)) {
		struct slice name = slice_of(m.name.data + 1, m.name.len - 2);

		for (size_t k = 0; k < count; k++)
			if (slice_equal(name, keys[k]->member_name) &&
			    take_value(w, keys[k], content, line, m.value, plain) != 0)
				return -1;
	}
	return 0;
}

static int search_lines(struct wanted *w, const uint32_t *wants, size_t count, struct slice content)
{
	const struct keyring_key *keys[KEYRING_MOST];
	size_t key_count = keys_at_hand(w, wants, count, keys);
	struct buf plain = BUF_INIT;
	int result = 0;

	if (w->map == NULL && make_map(w) != 0)
		return -1;
	for (size_t at = 0; at < content.len && result == 0;) {
		struct slice line = line_around(content, content.data + at);

		result = search_line(w, keys, key_count, content, line, &plain);
		at += line.len + 1;
	}
	buf_free(&plain);
	return result;
}

/* --- both --- */

static int by_place(const void *a, const void *b)
{
	const struct wanted_hit *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->which > y->which) - (x->which < y->which);
}

/* Sorts, and a line that has a value in two keys becomes one hit. */
static void order(struct wanted *w)
{
	size_t left = 0;

	if (w->hits > 1)
		qsort(w->hit, w->hits, sizeof(*w->hit), by_place);
	for (size_t i = 0; i < w->hits; i++)
		if (left == 0 || by_place(&w->hit[left - 1], &w->hit[i]) != 0)
			w->hit[left++] = w->hit[i];
	w->hits = left;
}

int wanted_search(struct wanted *w, const uint32_t *wants, size_t count, struct slice content)
{
	int result = 0;

	w->hits = 0;
	if (count > FEW)
		result = search_lines(w, wants, count, content);
	for (size_t i = 0; i < count && count <= FEW && result == 0; i++)
		result = search_bytes(w, &w->want[wants[i]], content);
	order(w);
	return result;
}
