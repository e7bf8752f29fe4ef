/*
 * members.c: walks over the members of one object or the elements of one array in the normal form.
 * Every step is checked against the end of the text before a byte is read.
 * It must never recurse, allocate, or read beyond the text it was given.
 */
#include "json/members.h"

#include "json/scan.h"

static bool fail(struct members *m)
{
	m->bad = true;
	return false;
}

void members_begin(struct members *m, struct slice text)
{
	*m = (struct members){NULL, NULL, false, true, true};
	if (text.len < 2)
		return;
	char open = text.data[0], shut = text.data[text.len - 1];
	if (!(open == '{' && shut == '}') && !(open == '[' && shut == ']'))
		return;
	m->at = text.data + 1;
	m->end = text.data + text.len - 1;
	m->array = open == '[';
	m->bad = false;
}

/* Nothing before it is a quote or a backslash; it may be the first one, or near `end`. */
static inline const char *skip_plain(const char *at, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');

	while (end - at >= 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		unsigned found = (unsigned)_mm_movemask_epi8(_mm_or_si128(
			_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));

		if (found != 0)
			return at + __builtin_ctz(found);
		at += 16;
	}
#else
	(void)end;
#endif
	return at;
}

/* The end of the string that begins at `at`, or NULL: it does not end. */
static const char *skip_string(const char *at, const char *end)
{
	for (at = skip_plain(at + 1, end); at < end; at = skip_plain(at + 1, end)) {
		if (*at == '"')
			return at + 1;
		if (*at == '\\' && ++at == end)
			break;
	}
	return NULL;
}

/* The end of the object or array that begins at `at`; brackets of both kinds count alike. */
static const char *skip_container(const char *at, const char *end)
{
	size_t depth = 0; /* at most the length of the text */

	while (at < end) {
		if (*at == '"') {
			at = skip_string(at, end);
			if (at == NULL)
				return NULL;
			continue;
		}
		if (*at == '{' || *at == '[')
			depth++;
		else if ((*at == '}' || *at == ']') && --depth == 0)
			return at + 1;
		at++;
	}
	return NULL;
}

/* Letters, digits and signs: true, false, null and numbers. */
static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' ||
	       c == '.' || c == 'E';
}

/* The end of the value that begins at `at`, or NULL: there is none. */
static const char *skip_value(const char *at, const char *end)
{
	const char *begin = at;

	if (at == end)
		return NULL;
	if (*at == '"')
		return skip_string(at, end);
	if (*at == '{' || *at == '[')
		return skip_container(at, end);
	while (at < end && is_plain(*at))
		at++;
	return at == begin ? NULL : at;
}

/* Reads `"name":`; m->at is then at the value. */
static bool next_name(struct members *m, struct slice *name)
{
	if (m->at == m->end || *m->at != '"')
		return false;
	const char *end = skip_string(m->at, m->end);
	if (end == NULL || end == m->end || *end != ':')
		return false;
	*name = slice_of(m->at, (size_t)(end - m->at));
	m->at = end + 1;
	return true;
}

bool members_next(struct members *m, struct json_member *out)
{
	*out = (struct json_member){0};
	if (m->bad || m->at == m->end)
		return false;
	if (!m->first && *m->at++ != ',')
		return fail(m);
	m->first = false;
	const char *begin = m->at;
	struct slice name = {0};
	if (!m->array && !next_name(m, &name))
		return fail(m);
	const char *value = m->at;
	m->at = skip_value(value, m->end);
	if (m->at == NULL)
		return fail(m);
	out->name = name;
	out->value = slice_of(value, (size_t)(m->at - value));
	out->whole = slice_of(begin, (size_t)(m->at - begin));
	return true;
}

struct slice members_find(struct slice object, const char *name)
{
	struct slice wanted = slice_string(name);
	struct json_member member;
	struct members m;

	members_begin(&m, object);
	if (m.bad || m.array)
		return (struct slice){0};
	while (members_next(&m, &member)) {
		struct slice found = {member.name.data + 1, member.name.len - 2};
		if (slice_equal(found, wanted))
			return member.value;
	}
	return (struct slice){0};
}

/* --- strings --- */

/* Four hexadecimal digits at `at`; -1: they are not. */
static int32_t hex4(const char *at, const char *end)
{
	int32_t n = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = at[i];
		int32_t digit = c >= '0' && c <= '9'   ? c - '0'
				: c >= 'a' && c <= 'f' ? c - 'a' + 10
				: c >= 'A' && c <= 'F' ? c - 'A' + 10
						       : -1;
		if (digit < 0)
			return -1;
		n = n * 16 + digit;
	}
	return n;
}

static void put_utf8(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_byte(out, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_byte(out, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_byte(out, (char)(0xe0 | c >> 12));
		} else {
			buf_byte(out, (char)(0xf0 | c >> 18));
			buf_byte(out, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		buf_byte(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	buf_byte(out, (char)(0x80 | (c & 0x3f)));
}

/* \uXXXX, or a pair of them; `at` is behind the u. Returns what follows, or NULL. */
static const char *unescape_unicode(struct buf *out, const char *at, const char *end)
{
	int32_t c = hex4(at, end);

	if (c < 0 || (c >= 0xdc00 && c < 0xe000))
		return NULL;
	at += 4;
	if (c >= 0xd800 && c < 0xdc00) {
		if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
			return NULL;
		int32_t low = hex4(at + 2, end);
		if (low < 0xdc00 || low >= 0xe000)
			return NULL;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		at += 6;
	}
	put_utf8(out, (uint32_t)c);
	return at;
}

/* The escape whose letter is at `at`. Returns what follows, or NULL. */
static const char *unescape_one(struct buf *out, const char *at, const char *end)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";

	if (at == end || *at == '\0')
		return NULL;
	if (*at == 'u')
		return unescape_unicode(out, at + 1, end);
	const char *letter = strchr(letters, *at);
	if (letter == NULL)
		return NULL;
	buf_byte(out, meant[letter - letters]);
	return at + 1;
}

bool json_unescape(struct buf *out, struct slice quoted)
{
	size_t before = out->len;

	if (quoted.len < 2 || quoted.data[0] != '"' || quoted.data[quoted.len - 1] != '"')
		return false;
	const char *at = quoted.data + 1, *end = quoted.data + quoted.len - 1;
	while (at != NULL && at < end) {
		const char *run = at;
		while (at < end && *at != '\\' && *at != '"' && (unsigned char)*at >= 0x20)
			at++;
		buf_append(out, run, (size_t)(at - run));
		if (at < end)
			at = *at == '\\' ? unescape_one(out, at + 1, end) : NULL;
	}
	if (at == NULL)
		out->len = before;
	return at != NULL;
}

bool json_uint(struct slice value, uint64_t *out)
{
	uint64_t n = 0;

	if (value.len == 0 || (value.len > 1 && value.data[0] == '0'))
		return false;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.data[i];
		if (c < '0' || c > '9')
			return false;
		uint64_t digit = (uint64_t)(c - '0');
		if (n > (UINT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = n;
	return true;
}

bool json_int(struct slice value, int64_t *out)
{
	bool negative = value.len > 0 && value.data[0] == '-';
	uint64_t n;

	if (negative)
		value = slice_of(value.data + 1, value.len - 1);
	if (!json_uint(value, &n) || n > (uint64_t)INT64_MAX + negative)
		return false;
	*out = negative ? (int64_t)(0 - n) : (int64_t)n;
	return true;
}
