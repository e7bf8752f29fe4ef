/*
 * members.h: walks over the members of an object, or the elements of an array, in the normal form
 * (no white space), without a tree. What it is given was written by callroll, but may come from a
 * file that was not: it never reads beyond the text, and says when the text is not of that form. It
 * does not check what is inside the values it passes.
 */
#ifndef JSON_MEMBERS_H
#define JSON_MEMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

struct members {
	const char *at, *end;
	bool array, first, bad;
};

struct json_member {
	struct slice name;  /* with quotes; empty in an array */
	struct slice value;
	struct slice whole; /* name, colon and value */
};

/* `text` is one whole object or array. */
void members_begin(struct members *m, struct slice text);
/* true: *out is the next member or element. false: no more, or m->bad. */
bool members_next(struct members *m, struct json_member *out);

/* The value of a member by its plain name; empty: none. */
struct slice members_find(struct slice object, const char *name);

/* Appends the bytes that a string in the normal form (with quotes) stands for. false: it is no
 * string. */
bool json_unescape(struct buf *out, struct slice quoted);

/* A value as an unsigned number: plain decimal digits. false: it is none, or too large. */
bool json_uint(struct slice value, uint64_t *out);
/* The same with a sign. */
bool json_int(struct slice value, int64_t *out);

#endif
