/*
 * persons.c: who is meant, and by what they are known.
 * Values that are new are looked up until no line brings another one.
 * It must never take a value for somebody's own that others have too.
 */
#include "bundle/persons.h"

#include <stdlib.h>

#include "base/map.h"
#include "bundle/crew.h"
#include "bundle/keys.h"
#include "json/members.h"

#define WHATSAPP "whatsapp_user_id"

/* Values of one key that the persons have; those before `asked` were looked up. */
struct own {
	const struct keyring_key *key;
	struct map *values; /* as the key compares them */
	uint32_t asked;
	bool *shared; /* of each value: others have it too */
};

struct persons {
	struct lookup *lookup;
	const struct keyring *keys;
	uint64_t lines; /* in the bundle */
	uint64_t *bits; /* of each of them, from 1: is it theirs? */
	uint64_t count;
	struct map *recipients; /* batch, zero byte, id */
	uint32_t without_id;
	struct own own[KEYRING_MOST];
	struct map *users; /* user ids */
	bool *shared_user;
	bool *met, *batch; /* of each value asked for */
	struct buf text, other;
	struct error *e;
};

struct persons *persons_new(struct lookup *l, struct error *e)
{
	struct persons *p = calloc(1, sizeof(*p));
	bool good = p != NULL;

	if (p == NULL) {
		error_memory(e);
		return NULL;
	}
	p->lookup = l;
	p->keys = lookup_keys(l, LINES_RECIPIENTS);
	p->lines = bundle_lines(lookup_bundle(l), LINES_RECIPIENTS);
	p->bits = calloc((size_t)(p->lines / 64) + 1, sizeof(*p->bits));
	p->recipients = map_new();
	p->users = map_new();
	good = p->bits != NULL && p->recipients != NULL && p->users != NULL;
	for (unsigned i = 0; i < p->keys->count; i++) {
		p->own[i].key = &p->keys->key[i];
		p->own[i].values = map_new();
		good &= p->own[i].values != NULL;
	}
	if (good)
		return p;
	error_memory(e);
	persons_free(p);
	return NULL;
}

void persons_free(struct persons *p)
{
	if (p == NULL)
		return;
	for (unsigned i = 0; i < KEYRING_MOST; i++) {
		map_free(p->own[i].values);
		free(p->own[i].shared);
	}
	map_free(p->recipients);
	map_free(p->users);
	free(p->shared_user);
	free(p->bits);
	free(p->met);
	free(p->batch);
	buf_free(&p->text);
	buf_free(&p->other);
	free(p);
}

bool persons_have(const struct persons *p, uint64_t line)
{
	return (p->bits[line / 64] >> line % 64 & 1) != 0;
}

bool persons_meet(const struct persons *p, uint64_t first, uint64_t end)
{
	while (first < end) {
		if (first % 64 == 0 && end - first >= 64 && p->bits[first / 64] == 0)
			first += 64;
		else if (persons_have(p, first))
			return true;
		else
			first++;
	}
	return false;
}

uint64_t persons_lines(const struct persons *p)
{
	return p->count;
}

uint32_t persons_recipients(const struct persons *p)
{
	return map_count(p->recipients) + p->without_id;
}

bool persons_met(const struct persons *p, size_t n)
{
	return p->met[n];
}

bool persons_batch(const struct persons *p, size_t n)
{
	return p->batch[n];
}

/* --- a line of theirs --- */

static struct own *own_named(struct persons *p, const char *name)
{
	for (unsigned i = 0; i < p->keys->count; i++)
		if (slice_equal(p->own[i].key->member_name, slice_string(name)))
			return &p->own[i];
	return NULL;
}

static struct own *own_phone(struct persons *p)
{
	for (unsigned i = 0; i < p->keys->count; i++)
		if (p->own[i].key->kind == KEY_PHONE)
			return &p->own[i];
	return NULL;
}

/* A number as people write it, long enough to be one. */
static bool is_number(struct slice text, struct buf *digits)
{
	buf_clear(digits);
	for (size_t i = 0; i < text.len; i++)
		if ((text.data[i] | 0x20) >= 'a' && (text.data[i] | 0x20) <= 'z')
			return false;
	keys_phone_digits(text, digits);
	return digits->len >= NEEDLES_DIGITS_LEAST;
}

/* The other way of being reached that this value stands for. */
static int add_other(struct persons *p, const struct own *of, struct slice value)
{
	struct own *phone = own_phone(p), *whatsapp = own_named(p, WHATSAPP);

	if (phone == NULL || whatsapp == NULL || !is_number(value, &p->other))
		return p->other.failed ? -1 : 0;
	if (of == whatsapp)
		return map_add(phone->values, buf_view(&p->other)) == MAP_NONE ? -1 : 0;
	if (of != phone)
		return 0;
	if (map_add(whatsapp->values, buf_view(&p->other)) == MAP_NONE)
		return -1;
	buf_clear(&p->other);
	buf_byte(&p->other, '+');
	buf_slice(&p->other, value);
	return p->other.failed || map_add(whatsapp->values, buf_view(&p->other)) == MAP_NONE ? -1
											     : 0;
}

/* What the line says of one key. */
static int add_key(struct persons *p, struct own *own, struct slice quoted)
{
	struct buf value = BUF_INIT;
	int result = 0;

	if (keyring_value(own->key, quoted, &value) && !value.failed &&
	    (map_add(own->values, buf_view(&value)) == MAP_NONE ||
	     add_other(p, own, buf_view(&value)) != 0))
		result = -1;
	result = value.failed ? -1 : result;
	buf_free(&value);
	return result;
}

static struct slice user_of(struct slice line)
{
	struct slice data = members_find(line, "conversation_initiation_client_data");

	return data.len > 2 && data.data[0] == '{' ? members_find(data, "user_id") : SLICE("");
}

static int add_user(struct persons *p, struct slice line)
{
	struct slice user = user_of(line);

	buf_clear(&p->text);
	if (user.len <= 2 || !json_unescape(&p->text, user))
		return p->text.failed ? -1 : 0;
	return map_add(p->users, buf_view(&p->text)) == MAP_NONE ? -1 : 0;
}

static bool is_string(struct slice value)
{
	return value.len > 2 && value.data[0] == '"';
}

static void put_name(struct persons *p, struct slice line, struct slice id)
{
	buf_clear(&p->text);
	buf_slice(&p->text, members_find(line, "_batch"));
	buf_byte(&p->text, '\0');
	buf_slice(&p->text, id);
}

static int add_recipient(struct persons *p, struct slice line)
{
	struct slice id = members_find(line, "id");

	if (!is_string(id)) {
		p->without_id++;
		return 0;
	}
	put_name(p, line, id);
	return p->text.failed || map_add(p->recipients, buf_view(&p->text)) == MAP_NONE ? -1 : 0;
}

static int add_line(struct persons *p, uint64_t number, struct slice line)
{
	if (persons_have(p, number))
		return 0;
	p->bits[number / 64] |= UINT64_C(1) << number % 64;
	p->count++;
	for (unsigned i = 0; i < p->keys->count; i++) {
		struct buf name = BUF_INIT;
		struct slice value;

		buf_slice(&name, p->own[i].key->member_name);
		buf_byte(&name, '\0');
		value = name.failed ? SLICE("") : members_find(line, name.data);
		buf_free(&name);
		if (name.failed || add_key(p, &p->own[i], value) != 0)
			return error_memory(p->e);
	}
	if (add_recipient(p, line) != 0 || add_user(p, line) != 0)
		return error_memory(p->e);
	return 0;
}

/* --- looking for more --- */

static int found_value(void *arg, size_t which, enum line_kind lines, uint64_t number,
		       struct slice line)
{
	struct persons *p = arg;

	if (lines != LINES_RECIPIENTS) {
		p->batch[which] = true;
		return 0;
	}
	p->met[which] = true;
	return add_line(p, number, line);
}

/* By an id: only in batches in which it is one of theirs. */
static int found_id(void *arg, size_t which, enum line_kind lines, uint64_t number,
		    struct slice line)
{
	struct persons *p = arg;

	(void)which;
	(void)lines;
	put_name(p, line, members_find(line, "id"));
	if (p->text.failed)
		return error_memory(p->e);
	return map_find(p->recipients, buf_view(&p->text)) == MAP_NONE ? 0
								       : add_line(p, number, line);
}

static int found_same(void *arg, size_t which, enum line_kind lines, uint64_t number,
		      struct slice line)
{
	(void)which;
	(void)lines;
	return add_line(arg, number, line);
}

/* Copies of the values from a number on: maps must not grow while they are looked at. */
static struct slice *copy_values(const struct map *m, uint32_t from, struct buf *text)
{
	uint32_t count = map_count(m) - from;
	struct slice *list = calloc((size_t)count + 1, sizeof(*list));
	size_t at = 0;

	for (uint32_t i = 0; i < count; i++)
		buf_slice(text, map_key(m, from + i));
	if (list == NULL || text->failed) {
		free(list);
		return NULL;
	}
	for (uint32_t i = 0; i < count; i++) {
		list[i] = slice_of(text->data + at, map_key(m, from + i).len);
		at += list[i].len;
	}
	return list;
}

/* Looks the values of a key up that were not yet. */
static int ask(struct persons *p, struct own *own, lookup_found *found, struct error *e)
{
	struct buf text = BUF_INIT;
	uint32_t from = own->asked, count = map_count(own->values) - from;
	struct slice *list = copy_values(own->values, from, &text);
	int result = list == NULL ? error_memory(e) : 0;

	own->asked += count;
	if (result == 0 && count > 0)
		result = lookup_values(p->lookup, own->key->name, list, count, found, p, e);
	free(list);
	buf_free(&text);
	return result;
}

/* 1: there may be more. */
static int ask_round(struct persons *p, struct error *e)
{
	uint64_t before = p->count;

	for (unsigned i = 0; i < p->keys->count; i++) {
		struct own *own = &p->own[i];
		lookup_found *found = NULL;

		if (slice_equal(own->key->member_name, SLICE("id")))
			found = found_id;
		else if (own->key->kind == KEY_PHONE || own == own_named(p, WHATSAPP))
			found = found_same;
		if (found != NULL && ask(p, own, found, e) != 0)
			return -1;
	}
	return p->count > before;
}

int persons_find(struct persons *p, const struct slice *values, size_t count, struct error *e)
{
	int more = 1;

	p->e = e;
	p->met = calloc(count + 1, sizeof(*p->met));
	p->batch = calloc(count + 1, sizeof(*p->batch));
	if (p->met == NULL || p->batch == NULL)
		return error_memory(e);
	if (lookup_values(p->lookup, SLICE(""), values, count, found_value, p, e) != 0)
		return -1;
	while (more > 0)
		more = ask_round(p, e);
	return more;
}

/* --- what they are known by --- */

struct sharing {
	struct persons *p;
	struct own *own;
};

static int found_shared(void *arg, size_t which, enum line_kind lines, uint64_t number,
			struct slice line)
{
	const struct sharing *s = arg;

	(void)lines;
	(void)line;
	if (!persons_have(s->p, number))
		s->own->shared[which] = true;
	return 0;
}

static int find_shared(struct persons *p, struct own *own, struct error *e)
{
	struct sharing s = {p, own};
	struct buf text = BUF_INIT;
	uint32_t count = map_count(own->values);
	struct slice *list = copy_values(own->values, 0, &text);
	int result = list == NULL ? error_memory(e) : 0;

	own->shared = calloc((size_t)count + 1, sizeof(*own->shared));
	if (result == 0 && own->shared == NULL)
		result = error_memory(e);
	if (result == 0 && count > 0)
		result = lookup_values(p->lookup, own->key->name, list, count, found_shared, &s, e);
	free(list);
	buf_free(&text);
	return result;
}

/* The user ids of other recipients, in every line. */
struct users {
	struct persons *p;
	struct needles *needles;
	struct user_look {
		struct needles_look *look;
		struct map *met; /* numbers of user ids */
		struct buf text;
		bool failed;
	} * looks;
};

static bool every_frame(void *arg, const struct frame_record *frame)
{
	(void)arg;
	(void)frame;
	return true;
}

static void look_at_user(const struct users *u, struct user_look *l, struct slice line)
{
	struct slice user = user_of(line);
	uint32_t n;

	buf_clear(&l->text);
	if (!is_string(user) || !json_unescape(&l->text, user))
		return;
	n = l->text.failed ? MAP_NONE : map_find(u->p->users, buf_view(&l->text));
	if (n != MAP_NONE && map_add(l->met, slice_of((const char *)&n, sizeof(n))) == MAP_NONE)
		l->failed = true;
}

static void look_at_users(void *arg, unsigned slot, struct slice content, uint64_t number)
{
	const struct users *u = arg;
	struct user_look *l = &u->looks[slot];
	const char *at = content.data, *end = at + content.len, *lf;

	map_clear(l->met);
	if (!needles_in(l->look, content))
		return;
	for (; at < end; at = lf + 1, number++) {
		lf = memchr(at, '\n', (size_t)(end - at));
		if (lf == NULL)
			lf = end;
		if (!persons_have(u->p, number))
			look_at_user(u, l, slice_of(at, (size_t)(lf - at)));
	}
	l->failed |= l->text.failed;
}

static int take_users(void *arg, unsigned slot, const struct error *why, struct error *e)
{
	const struct users *u = arg;
	struct user_look *l = &u->looks[slot];

	if (why->kind != ERROR_NONE)
		return error_set(e, why->kind, "%s", why->text);
	for (uint32_t i = 0; i < map_count(l->met); i++) {
		uint32_t n;

		memcpy(&n, map_key(l->met, i).data, sizeof(n));
		u->p->shared_user[n] = true;
	}
	return l->failed ? error_memory(e) : 0;
}

static int run_users(struct users *u, struct crew *crew, struct error *e)
{
	const struct crew_task task = {lookup_bundle(u->p->lookup),
				       LINES_RECIPIENTS,
				       u,
				       every_frame,
				       look_at_users,
				       take_users};
	unsigned slots = crew_slots(crew);
	bool good = true;
	int result = -1;

	u->looks = calloc(slots, sizeof(*u->looks));
	for (unsigned i = 0; u->looks != NULL && i < slots; i++) {
		u->looks[i].look = needles_look_new(u->needles);
		u->looks[i].met = map_new();
		good &= u->looks[i].look != NULL && u->looks[i].met != NULL;
	}
	if (u->looks == NULL || !good)
		error_memory(e);
	else
		result = crew_run(crew, &task, e);
	for (unsigned i = 0; u->looks != NULL && i < slots; i++) {
		needles_look_free(u->looks[i].look);
		map_free(u->looks[i].met);
		buf_free(&u->looks[i].text);
	}
	free(u->looks);
	return result;
}

static int find_shared_users(struct persons *p, unsigned threads, struct error *e)
{
	struct users u = {.p = p, .needles = needles_new()};
	struct crew *crew = NULL;
	int result = -1;

	p->shared_user = calloc((size_t)map_count(p->users) + 1, sizeof(*p->shared_user));
	if (u.needles == NULL || p->shared_user == NULL)
		goto out;
	for (uint32_t i = 0; i < map_count(p->users); i++)
		if (needles_text(u.needles, map_key(p->users, i), i) < 0)
			goto out;
	result = 0;
	if (needles_none(u.needles))
		goto done;
	result = needles_ready(u.needles);
	crew = result == 0 ? crew_new(threads, e) : NULL;
	if (crew != NULL)
		result = run_users(&u, crew, e);
	else if (result == 0)
		result = -1;
out:
	if (result != 0 && e->kind == ERROR_NONE)
		error_memory(e);
done:
	crew_free(crew);
	needles_free(u.needles);
	return result;
}

/* 0 or -1. */
static int add_needle(struct needles *const out[2], struct slice value, bool phone, uint64_t *brief)
{
	int added = 1;

	for (int i = 0; i < 2 && added > 0; i++)
		added = phone ? needles_digits(out[i], value, UINT32_MAX)
			      : needles_text(out[i], value, UINT32_MAX);
	*brief += added == 0;
	return added < 0 ? -1 : 0;
}

int persons_needles(struct persons *p, struct needles *const out[2], unsigned threads,
		    uint64_t *shared, uint64_t *brief, struct error *e)
{
	for (unsigned i = 0; i < p->keys->count; i++)
		if (find_shared(p, &p->own[i], e) != 0)
			return -1;
	if (map_count(p->users) > 0 && find_shared_users(p, threads, e) != 0)
		return -1;
	for (unsigned i = 0; i < p->keys->count; i++) {
		const struct own *own = &p->own[i];

		for (uint32_t v = 0; v < map_count(own->values); v++) {
			*shared += own->shared[v];
			if (!own->shared[v] && add_needle(out, map_key(own->values, v),
							  own->key->kind == KEY_PHONE, brief) != 0)
				return error_memory(e);
		}
	}
	for (uint32_t i = 0; i < map_count(p->users); i++) {
		*shared += p->shared_user[i];
		if (!p->shared_user[i] && add_needle(out, map_key(p->users, i), false, brief) != 0)
			return error_memory(e);
	}
	return 0;
}
