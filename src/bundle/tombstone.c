/*
 * tombstone.c: what erasing leaves of lines.
 * A line is walked token by token; what is not replaced is copied byte for byte.
 * It must never recurse, nor change what a reader needs to put a response together.
 */
#include "bundle/tombstone.h"

#include <string.h>

#include "json/members.h"

#define MARK "\"_erased\":"

bool tombstone_is(struct slice line)
{
	struct slice end = SLICE(MARK "true}");
	const char *at = line.data + line.len - end.len;

	/* Nothing captured can end a line so: such a member would stand under _captured. */
	return line.len > end.len && memcmp(at, end.data, end.len) == 0 &&
	       (at[-1] == ',' || at[-1] == '{');
}

static bool is_own(struct slice name)
{
	return name.len > 2 && name.data[1] == '_';
}

uint64_t tombstone_values(struct slice line)
{
	struct members in;
	struct json_member m;
	uint64_t n;

	members_begin(&in, line);
	while (!in.array && members_next(&in, &m) && is_own(m.name))
		if (slice_equal(m.name, SLICE("\"_erased\"")))
			return json_uint(m.value, &n) ? n : 0;
	return 0;
}

bool tombstone_recipient(struct slice line, struct buf *out)
{
	struct slice batch = members_find(line, "_batch");
	struct slice response = members_find(line, "_response");

	if (batch.len == 0 || response.len == 0)
		return false;
	buf_string(out, "{\"_batch\":");
	buf_slice(out, batch);
	buf_string(out, ",\"_response\":");
	buf_slice(out, response);
	buf_string(out, "," MARK "true}");
	return true;
}

void tombstone_finding(struct slice line, struct buf *out)
{
	struct slice response = members_find(line, "_response");

	buf_byte(out, '{');
	if (response.len > 0) {
		buf_string(out, "\"_response\":");
		buf_slice(out, response);
		buf_byte(out, ',');
	}
	buf_string(out, MARK "true}");
}

/* --- without some values --- */

struct rewrite {
	struct needles_look *look, *paths;
	struct buf *out;
	uint64_t erased; /* values */
};

/* The end of the string that begins at `at`; `end` if it does not end. */
static const char *string_end(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		if (*at == '"')
			return at + 1;
		if (*at == '\\')
			at++;
	}
	return end;
}

/* The end of the value that begins at `at`. */
static const char *value_end(const char *at, const char *end)
{
	size_t depth = 0;

	while (at < end) {
		char c = *at;

		if (depth == 0 && (c == ',' || c == '}' || c == ']'))
			return at;
		at = c == '"' ? string_end(at, end) : at + 1;
		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
		if (depth == 0 && (c == '"' || c == '}' || c == ']'))
			return at;
	}
	return end;
}

static bool is_number(char c)
{
	return (c >= '0' && c <= '9') || c == '-';
}

static bool number_named(const struct rewrite *r, struct slice number)
{
	struct slice digits = number;

	if (digits.len > 0 && digits.data[0] == '-')
		digits = slice_of(digits.data + 1, digits.len - 1);
	for (size_t i = 0; i < digits.len; i++)
		if (digits.data[i] < '0' || digits.data[i] > '9')
			return false;
	return needles_are(needles_of(r->look), digits);
}

/* A string that is no name, or a number. */
static void put_scalar(struct rewrite *r, struct slice value)
{
	bool string = value.data[0] == '"';

	if (string ? needles_in(r->look, value) : number_named(r, value)) {
		r->erased++;
		buf_string(r->out, "\"" TOMBSTONE_TEXT "\"");
	} else {
		buf_slice(r->out, value);
	}
}

/* A member whose name holds a needle is passed over; the end of it, and of the comma that goes with
 * it. */
static const char *leave_out(struct rewrite *r, const char *value, const char *end)
{
	const char *at = value_end(value, end);

	r->erased++;
	if (r->out->len > 0 && r->out->data[r->out->len - 1] == ',')
		r->out->len--;
	else if (at < end && *at == ',')
		at++;
	return at;
}

/* Any value, or members with commas between them. */
static void put_value(struct rewrite *r, struct slice text)
{
	const char *at = text.data, *end = at + text.len;

	while (at < end) {
		const char *next = at + 1;

		if (*at == '"') {
			next = string_end(at, end);
			if (next == end || *next != ':') {
				put_scalar(r, slice_of(at, (size_t)(next - at)));
			} else if (needles_in(r->look, slice_of(at, (size_t)(next - at)))) {
				next = leave_out(r, next + 1, end);
			} else {
				buf_append(r->out, at, (size_t)(next - at));
			}
		} else if (is_number(*at)) {
			next = value_end(at, end);
			put_scalar(r, slice_of(at, (size_t)(next - at)));
		} else {
			buf_byte(r->out, *at);
		}
		at = next;
	}
}

/* A quoted path: the parts between slashes and colons that hold a needle, or else all of it. */
static void put_path(struct rewrite *r, struct slice quoted)
{
	size_t begin = r->out->len;
	const char *at = quoted.data + 1, *end = quoted.data + quoted.len - 1;

	if (quoted.len < 2 || *quoted.data != '"' || !needles_in(r->paths, quoted)) {
		buf_slice(r->out, quoted);
		return;
	}
	r->erased++;
	buf_byte(r->out, '"');
	while (at < end) {
		const char *next = at;

		while (next < end && *next != '/' && *next != ':')
			next++;
		struct slice part = slice_of(at, (size_t)(next - at));
		if (part.len > 0 && needles_in(r->paths, part))
			buf_string(r->out, TOMBSTONE_TEXT);
		else
			buf_slice(r->out, part);
		if (next < end)
			buf_byte(r->out, *next++);
		at = next;
	}
	buf_byte(r->out, '"');
	if (!r->out->failed &&
	    needles_in(r->paths, slice_of(r->out->data + begin, r->out->len - begin))) {
		r->out->len = begin;
		buf_string(r->out, "\"" TOMBSTONE_TEXT "\"");
	}
}

static void put_comma(struct buf *out)
{
	if (out->len > 0 && out->data[out->len - 1] != '{')
		buf_byte(out, ',');
}

/* A member of the envelope. Numbers, digests and runs stay. */
static void put_own(struct rewrite *r, const struct json_member *m)
{
	bool http = slice_equal(m->name, SLICE("\"_http\""));

	put_comma(r->out);
	buf_slice(r->out, m->name);
	buf_byte(r->out, ':');
	if (slice_equal(m->name, SLICE("\"_source\"")))
		put_path(r, m->value);
	else if (http || slice_equal(m->name, SLICE("\"_outcomes\"")))
		put_value(r, m->value);
	else
		buf_slice(r->out, m->value);
}

/* The members of the envelope; the first member behind it, or NULL. */
static const char *put_envelope(struct rewrite *r, struct members *in, struct slice line)
{
	struct json_member m;

	while (members_next(in, &m)) {
		if (!is_own(m.name) || slice_equal(m.name, SLICE("\"_captured\"")))
			return m.name.data;
		if (!slice_equal(m.name, SLICE("\"_erased\"")))
			put_own(r, &m);
	}
	return in->bad ? NULL : line.data + line.len - 1;
}

/* By these a line is known: they are never values of somebody erased alone. */
static bool stays(struct slice name)
{
	return slice_equal(name, SLICE("\"id\"")) || slice_equal(name, SLICE("\"phone_number\""));
}

static void put_captured(struct rewrite *r, struct slice members)
{
	struct buf object = BUF_INIT;
	struct members in;
	struct json_member m;

	buf_byte(&object, '{');
	buf_slice(&object, members);
	members_begin(&in, buf_view(&object));
	while (!object.failed && members_next(&in, &m)) {
		if (!stays(m.name) && needles_in(r->look, m.name)) {
			r->erased++;
			continue;
		}
		put_comma(r->out);
		buf_slice(r->out, m.name);
		buf_byte(r->out, ':');
		if (stays(m.name))
			buf_slice(r->out, m.value);
		else
			put_value(r, m.value);
	}
	r->out->failed |= object.failed;
	buf_free(&object);
}

bool tombstone_part(struct slice line, struct needles_look *l, struct needles_look *paths,
		    struct buf *out)
{
	struct buf captured = BUF_INIT;
	struct rewrite own = {.look = l, .paths = paths, .out = out},
		       rest = {.look = l, .out = &captured};
	uint64_t before = tombstone_values(line);
	struct members in;
	const char *at;

	members_begin(&in, line);
	if (in.bad || in.array)
		return false;
	buf_byte(out, '{');
	at = put_envelope(&own, &in, line);
	if (at == NULL)
		return false;
	buf_byte(&captured, '{');
	put_captured(&rest, slice_of(at, (size_t)(line.data + line.len - at)));
	if (before + rest.erased > 0) {
		put_comma(out);
		buf_string(out, MARK);
		buf_uint(out, before + rest.erased);
	}
	if (captured.len > 1) {
		put_comma(out);
		buf_append(out, captured.data + 1, captured.len - 1);
	}
	buf_byte(out, '}');
	out->failed |= captured.failed;
	buf_free(&captured);
	return !out->failed;
}

bool tombstone_source(struct slice line, struct needles_look *l, bool blob, struct buf *out)
{
	struct rewrite r = {.look = l, .paths = l, .out = out, .erased = blob};
	struct members in;
	struct json_member m;

	members_begin(&in, line);
	if (in.bad || in.array)
		return false;
	buf_byte(out, '{');
	while (members_next(&in, &m)) {
		r.erased += slice_equal(m.name, SLICE("\"erased\""));
		if (slice_equal(m.name, SLICE("\"erased\"")))
			continue;
		put_comma(out);
		buf_slice(out, m.name);
		buf_byte(out, ':');
		if (slice_equal(m.name, SLICE("\"path\"")))
			put_path(&r, m.value);
		else if (slice_equal(m.name, SLICE("\"trouble\"")))
			put_value(&r, m.value);
		else
			buf_slice(out, m.value);
	}
	if (r.erased > 0) {
		put_comma(out);
		buf_string(out, "\"erased\":true");
	}
	buf_byte(out, '}');
	return !in.bad && !out->failed;
}
