/*
 * redact_finding.c: what findings say without what is personal. Messages are judged by their rule
 * and pointer alone, so that it does not matter when and by whom they were made: a bundle's are as
 * good as those of this run.
 *
 * A message quotes a value behind "found ", between double quotes, or not at all. It must never let
 * through a quoted text whose end is not certain.
 */
#include "model/redact.h"

#include "json/members.h"
#include "json/number.h"
#include "json/write.h"

static const char cut[] = "…";
#define UNSAID "a value that is not shown"

static bool holds(struct slice text, const char *part)
{
	return text.len > 0 && memmem(text.data, text.len, part, strlen(part)) != NULL;
}

static struct slice behind(struct slice text, size_t n)
{
	return slice_of(text.data + n, text.len - n);
}

/* Does it stand for a whole value, as it was in the normal form? Messages escape what a terminal
 * would obey, and cut what is long. */
static bool is_whole(struct slice value)
{
	struct buf plain = BUF_INIT;
	bool good;

	if (holds(value, "\\u{") || holds(value, "\\x") || holds(value, cut))
		return false;
	if (value.len == 0 || value.data[0] != '"')
		return number_valid(value) || slice_equal(value, SLICE("true")) ||
		       slice_equal(value, SLICE("false"));
	good = json_unescape(&plain, value) && !plain.failed;
	buf_free(&plain);
	return good;
}

static void put_value(struct redact *r, struct slice pointer, struct slice value, struct buf *out)
{
	if (is_whole(value))
		redact_value(r, pointer, value, out);
	else
		buf_string(out, UNSAID);
}

/* "expected string or null, found integer 7": what is before the first "found " is the model's. */
static void put_found(struct redact *r, struct slice pointer, struct slice message, struct buf *out)
{
	static const char *const words[] = {"string ", "integer ", "number ", "boolean "};
	static const char *const harmless[] = {"null", "an object", "an array"};
	const char *found = message.len > 0 ? memmem(message.data, message.len, "found ", 6) : NULL;
	struct slice value;

	if (found == NULL) {
		buf_string(out, UNSAID);
		return;
	}
	value = behind(message, (size_t)(found + 6 - message.data));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_starts(value, slice_string(words[i]))) {
			value = behind(value, strlen(words[i]));
			break;
		}
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (slice_equal(value, slice_string(harmless[i]))) {
			buf_slice(out, message);
			return;
		}
	/* one that is cut may be shown if any would be there */
	if (redact_shows(r, pointer,
			 is_whole(value)                    ? value
			 : slice_starts(value, SLICE("\"")) ? SLICE("\"?\"")
							    : SLICE("?"))) {
		buf_slice(out, message);
		return;
	}
	buf_append(out, message.data, (size_t)(value.data - message.data));
	put_value(r, pointer, value, out);
}

/* "rcp_1" is also /recipients/0/id */
static void put_twin(struct redact *r, struct slice pointer, struct slice message, struct buf *out)
{
	static const char mark[] = " is also /recipients/";
	const char *end = NULL, *at = message.data, *stop = message.data + message.len;

	/* the last one: the value may hold such words too */
	while (at < stop && (at = memmem(at, (size_t)(stop - at), mark, strlen(mark))) != NULL)
		end = at++;
	if (end == NULL) {
		buf_string(out, UNSAID);
		return;
	}
	put_value(r, pointer, slice_of(message.data, (size_t)(end - message.data)), out);
	buf_append(out, end, (size_t)(stop - end));
}

/* The end of the string that begins at `at`, behind its quote; NULL: it has none. */
static const char *string_end(const char *at, const char *stop)
{
	for (at++; at < stop; at++) {
		if (*at == '"')
			return at + 1;
		if (*at == '\\')
			at++;
	}
	return NULL;
}

/* 1 recipient is new ("rcp_7") and 2 recipients are gone (one is "rcp_8") at ... */
static void put_changed(struct redact *r, struct slice message, struct buf *out)
{
	const char *at = message.data, *stop = at + message.len, *quote, *end;

	while ((quote = memchr(at, '"', (size_t)(stop - at))) != NULL) {
		buf_append(out, at, (size_t)(quote - at));
		end = string_end(quote, stop);
		if (end == NULL || end == stop || *end != ')' ||
		    !is_whole(slice_of(quote, (size_t)(end - quote)))) {
			buf_string(out, UNSAID ")");
			return;
		}
		redact_value(r, SLICE("/recipients/0/id"), slice_of(quote, (size_t)(end - quote)),
			     out);
		at = end;
	}
	buf_append(out, at, (size_t)(stop - at));
}

/* From the first quote to the last one. */
static void put_unquoted(struct redact *r, struct slice message, struct buf *out)
{
	const char *first = message.len > 0 ? memchr(message.data, '"', message.len) : NULL;
	const char *last = first != NULL ? memrchr(message.data, '"', message.len) : NULL;

	if (first == NULL) {
		buf_slice(out, message);
		return;
	}
	buf_append(out, message.data, (size_t)(first + 1 - message.data));
	if (last == first) {
		buf_string(out, cut);
		return;
	}
	redact_text(r, slice_of(first + 1, (size_t)(last - first - 1)), out);
	buf_append(out, last, (size_t)(message.data + message.len - last));
}

/* "the member "x" stands twice": the name is the pointer's last one. */
static void put_name(struct redact *r, struct slice pointer, struct slice message, struct buf *out)
{
	struct buf shown = BUF_INIT;

	if (redact_pointer(r, pointer, &shown) && !shown.failed)
		buf_slice(out, message);
	else
		put_unquoted(r, message, out);
	out->failed |= shown.failed;
	buf_free(&shown);
}

void redact_message(struct redact *r, enum rule rule, struct slice pointer, struct slice message,
		    struct buf *out)
{
	switch (rule) {
	case RULE_type:
	case RULE_enum:
	case RULE_const:
	case RULE_minimum:
	case RULE_maximum:
	case RULE_length:
		put_found(r, pointer, message, out);
		break;
	case RULE_duplicate_member:
	case RULE_unknown_member:
	case RULE_secret:
		put_name(r, pointer, message, out);
		break;
	case RULE_duplicate_recipient:
	case RULE_duplicate_conversation:
		put_twin(r, pointer, message, out);
		break;
	case RULE_recipients_changed:
		put_changed(r, message, out);
		break;
	case RULE_not_a_response:
		put_unquoted(r, message, out);
		break;
	/* what these say is the model's words, counts, times, statuses, names of files, and a
	 * single character */
	case RULE_syntax:
	case RULE_encoding:
	case RULE_depth:
	case RULE_too_large:
	case RULE_required:
	case RULE_items:
	case RULE_placeholder:
	case RULE_count_mismatch:
	case RULE_status_conflict:
	case RULE_time_order:
	case RULE_time_unit:
	case RULE_duplicate_phone:
	case RULE_unreachable:
	case RULE_no_conversation:
	case RULE_no_caller:
	case RULE_id_mismatch:
	case RULE_went_backwards:
	case RULE_COUNT:
		buf_slice(out, message);
		break;
	}
}

/* --- stored findings --- */

/* A rule that a later callroll has says nothing here. */
static void put_message(struct redact *r, struct slice line, struct slice quoted, struct buf *out)
{
	struct buf pointer = BUF_INIT, message = BUF_INIT, shown = BUF_INIT;
	struct slice name = members_find(line, "rule");
	enum rule rule =
		name.len < 2 ? RULE_COUNT : rule_parse(slice_of(name.data + 1, name.len - 2));

	if (members_find(line, "more").len > 0) {
		buf_slice(out, quoted); /* a line that only counts */
		return;
	}
	if (rule == RULE_COUNT) {
		buf_string(out, "\"" UNSAID "\"");
		return;
	}
	json_unescape(&pointer, members_find(line, "pointer"));
	json_unescape(&message, quoted);
	redact_message(r, rule, buf_view(&pointer), buf_view(&message), &shown);
	json_write_string(out, buf_view(&shown));
	out->failed |= pointer.failed || message.failed || shown.failed;
	buf_free(&pointer);
	buf_free(&message);
	buf_free(&shown);
}

static void put_pointer(struct redact *r, struct slice quoted, struct buf *out)
{
	struct buf pointer = BUF_INIT, shown = BUF_INIT;

	json_unescape(&pointer, quoted);
	redact_pointer(r, buf_view(&pointer), &shown);
	json_write_string(out, buf_view(&shown));
	out->failed |= pointer.failed || shown.failed;
	buf_free(&pointer);
	buf_free(&shown);
}

int redact_finding_line(struct redact *r, struct slice line, struct buf *out, struct error *e)
{
	struct members in;
	struct json_member m;
	bool begun = false;

	members_begin(&in, line);
	buf_byte(out, '{');
	while (!in.array && members_next(&in, &m)) {
		if (begun)
			buf_byte(out, ',');
		begun = true;
		buf_slice(out, m.name);
		buf_byte(out, ':');
		if (slice_equal(m.name, SLICE("\"message\"")))
			put_message(r, line, m.value, out);
		else if (slice_equal(m.name, SLICE("\"pointer\"")))
			put_pointer(r, m.value, out);
		else
			buf_slice(out, m.value);
	}
	buf_byte(out, '}');
	if (in.bad || in.array)
		return error_set(e, ERROR_BUNDLE, "a line of findings is not in the normal form");
	return out->failed ? error_memory(e) : 0;
}

/* --- findings of this run --- */

static void veil_pointer(void *arg, enum rule rule, struct slice pointer, struct buf *out)
{
	/* what is no response is counted by what it is */
	if (rule == RULE_not_a_response)
		put_unquoted(arg, pointer, out);
	else
		redact_pointer(arg, pointer, out);
}

static void veil_message(void *arg, enum rule rule, struct slice pointer, struct slice message,
			 struct buf *out)
{
	redact_message(arg, rule, pointer, message, out);
}

struct findings_veil redact_veil(struct redact *r)
{
	return (struct findings_veil){veil_pointer, veil_message, r};
}
