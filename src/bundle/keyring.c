/*
 * keyring.c: the keys of an object and what their values are compared by.
 * The same value always gives the same bytes, whoever asks: the writer, or who looks it up.
 */
#include "bundle/keyring.h"

#include "bundle/keys.h"
#include "json/members.h"

int keyring_make(struct keyring *r, enum line_kind lines, const struct node *object)
{
	size_t at[KEYRING_MOST];

	*r = (struct keyring){.lines = lines};
	for (uint32_t i = 0; object != NULL && i < object->n_members; i++) {
		const struct member *m = &object->members[i];

		if (m->node == NULL || m->node->key == KEY_NONE || r->count == KEYRING_MOST)
			continue;
		at[r->count] = r->names.len;
		if (lines == LINES_RESPONSES)
			buf_string(&r->names, "batch.");
		buf_slice(&r->names, m->name);
		r->key[r->count++] = (struct keyring_key){
			.member = i, .member_name = m->name, .kind = m->node->key};
	}
	for (unsigned i = 0; i < r->count; i++) {
		size_t end = i + 1 < r->count ? at[i + 1] : r->names.len;

		r->key[i].name = slice_of(r->names.data + at[i], end - at[i]);
	}
	return r->names.failed ? -1 : 0;
}

void keyring_free(struct keyring *r)
{
	buf_free(&r->names);
}

bool keyring_typed(const struct keyring_key *k, struct slice typed, struct buf *out)
{
	buf_clear(out);
	if (k->kind == KEY_PHONE)
		keys_phone_digits(typed, out);
	else
		buf_slice(out, typed);
	return out->len > 0;
}

/* Of a text with escapes: none stands for a digit in the normal form, but \u0012 has some. */
static void escaped_digits(struct slice quoted, struct buf *out)
{
	struct buf text = BUF_INIT;

	if (json_unescape(&text, quoted))
		keys_phone_digits(buf_view(&text), out);
	out->failed |= text.failed;
	buf_free(&text);
}

bool keyring_value(const struct keyring_key *k, struct slice quoted, struct buf *out)
{
	struct slice plain;

	buf_clear(out);
	if (quoted.len <= 2 || quoted.data[0] != '"')
		return false;
	plain = slice_of(quoted.data + 1, quoted.len - 2);
	if (memchr(plain.data, '\\', plain.len) != NULL) {
		if (k->kind == KEY_PHONE)
			escaped_digits(quoted, out);
		else
			json_unescape(out, quoted);
	} else if (k->kind == KEY_PHONE) {
		keys_phone_digits(plain, out);
	} else {
		buf_slice(out, plain);
	}
	return out->len > 0;
}
