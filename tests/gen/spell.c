/*
 * spell.c: values written as JSON, in one of many ways.
 * Whatever the style, what is written is equal in value.
 */
#include "gen/spell.h"

#include <string.h>

#define MEMBERS_MOST 64 /* of one object that is shuffled */

enum style spell_style(const char *name)
{
	static const char *const names[STYLE_COUNT] = {"compact", "pretty", "ascii", "escaped",
						       "shuffled"};

	for (int i = 0; i < STYLE_COUNT; i++)
		if (strcmp(name, names[i]) == 0)
			return (enum style)i;
	return STYLE_COUNT;
}

static void put(struct spell *s, const char *text, size_t len)
{
	fwrite_unlocked(text, 1, len, s->out);
}

static void put_byte(struct spell *s, char c)
{
	putc_unlocked(c, s->out);
}

/* White space that may stand between two tokens; `line`: a new line would be nice. */
static void put_space(struct spell *s, bool line)
{
	if (s->style == STYLE_PRETTY && line) {
		put_byte(s, '\n');
		for (unsigned i = 0; i < s->depth * 2; i++)
			put_byte(s, ' ');
	} else if (s->style == STYLE_PRETTY) {
		put_byte(s, ' ');
	} else if (s->style == STYLE_SHUFFLED) {
		/* No line begins with a brace: that is where a reader begins anew. */
		static const char *const spaces[] = {"", "", "", " ", "\t", "  ", "\r\n ", "\n\t"};

		fputs(spaces[random_below(&s->random, 8)], s->out);
	}
}

/* --- strings --- */

/* One character of UTF-8: its bytes, and the number it stands for. */
static size_t decode(const char *p, uint32_t *c)
{
	const unsigned char *b = (const unsigned char *)p;

	if (b[0] < 0x80) {
		*c = b[0];
		return 1;
	}
	if (b[0] < 0xe0) {
		*c = (b[0] & 0x1fu) << 6 | (b[1] & 0x3fu);
		return 2;
	}
	if (b[0] < 0xf0) {
		*c = (b[0] & 0x0fu) << 12 | (b[1] & 0x3fu) << 6 | (b[2] & 0x3fu);
		return 3;
	}
	*c = (b[0] & 0x07u) << 18 | (b[1] & 0x3fu) << 12 | (b[2] & 0x3fu) << 6 | (b[3] & 0x3fu);
	return 4;
}

static void put_unit(struct spell *s, uint32_t unit)
{
	bool small = s->style == STYLE_ASCII || random_once_in(&s->random, 2);

	fprintf(s->out, small ? "\\u%04x" : "\\u%04X", unit);
}

static void put_escaped(struct spell *s, uint32_t c)
{
	if (c >= 0x10000) {
		put_unit(s, 0xd800 + ((c - 0x10000) >> 10));
		put_unit(s, 0xdc00 + ((c - 0x10000) & 0x3ff));
	} else {
		put_unit(s, c);
	}
}

/* The escape that JSON has for this character, or 0. */
static char short_escape(uint32_t c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *at = c == 0 || c > 0x7f ? NULL : strchr(from, (int)c);

	return at == NULL ? 0 : to[at - from];
}

static void put_character(struct spell *s, const char *p, size_t len, uint32_t c)
{
	bool odd = s->style == STYLE_ESCAPED || s->style == STYLE_SHUFFLED;
	char letter = short_escape(c);

	if (odd && c == '/' && random_once_in(&s->random, 2)) {
		put(s, "\\/", 2);
	} else if ((odd && random_once_in(&s->random, 8)) ||
		   (c >= 0x80 && (s->style == STYLE_ASCII || s->style == STYLE_ESCAPED))) {
		put_escaped(s, c);
	} else if (letter != 0) {
		put_byte(s, '\\');
		put_byte(s, letter);
	} else if (c < 0x20) {
		fprintf(s->out, "\\u%04x", c);
	} else {
		put(s, p, len);
	}
}

/* How many bytes need no escape. */
static size_t plain(const struct spell *s, const char *text, size_t len)
{
	unsigned char most = s->style == STYLE_ASCII ? 0x7f : 0xff;
	size_t n = 0;

	while (n < len && (unsigned char)text[n] >= 0x20 && (unsigned char)text[n] <= most &&
	       text[n] != '"' && text[n] != '\\')
		n++;
	return n;
}

static void put_string(struct spell *s, const char *text, size_t len)
{
	put_byte(s, '"');
	for (size_t i = 0; i < len;) {
		size_t n = s->style < STYLE_ESCAPED ? plain(s, text + i, len - i) : 0;
		uint32_t c;

		if (n > 0) {
			put(s, text + i, n);
		} else {
			n = decode(text + i, &c);
			put_character(s, text + i, n, c);
		}
		i += n;
	}
	put_byte(s, '"');
}

/* --- numbers --- */

static void put_integer(struct spell *s, const char *digits, size_t len)
{
	const char *sign = digits[0] == '-' ? "-" : "";
	const char *d = digits + strlen(sign);
	int n = (int)(len - strlen(sign));

	switch (s->style < STYLE_ESCAPED ? 0 : random_below(&s->random, 8)) {
	case 1:
		fprintf(s->out, "%s%s.0", sign, d);
		break;
	case 2:
		fprintf(s->out, "%s%se0", sign, d);
		break;
	case 3:
		fprintf(s->out, d[0] == '0' ? "%s%sE-2" : "%s%s00E-2", sign, d);
		break;
	case 4: /* 1773074412 as 1.773074412e9 */
		fprintf(s->out, "%s%c.%s0e+%d", sign, d[0], d + 1, n - 1);
		break;
	case 5:
		fprintf(s->out, "%s0.%se%02d", sign, d, n);
		break;
	case 6:
		if (d[0] == '0') {
			fputs("-0", s->out);
			break;
		}
		__attribute__((fallthrough));
	default:
		put(s, digits, len);
	}
}

/* --- arrays and objects --- */

static void put_comma(struct spell *s, bool *first)
{
	if (!*first)
		put_byte(s, ',');
	*first = false;
	put_space(s, true);
}

static void put_end(struct spell *s, bool empty, char bracket)
{
	s->depth--;
	if (!empty || s->style == STYLE_SHUFFLED)
		put_space(s, true);
	put_byte(s, bracket);
}

static void put_array(struct spell *s, const struct value *v)
{
	bool first = true;

	put_byte(s, '[');
	s->depth++;
	if (v->kind == VALUE_LIST) {
		for (uint64_t i = 0; i < v->count; i++) {
			put_comma(s, &first);
			spell_value(s, v->item(v->arg, i));
		}
	} else {
		for (const struct value *item = v->first; item != NULL; item = item->next) {
			put_comma(s, &first);
			spell_value(s, item);
		}
	}
	put_end(s, first, ']');
}

/* The members in the order in which they are to be written. */
static size_t arrange(struct spell *s, const struct value *v, const struct value **members)
{
	size_t count = 0;

	for (const struct value *m = v->first; m != NULL && count < MEMBERS_MOST; m = m->next)
		members[count++] = m;
	for (size_t i = count; s->style == STYLE_SHUFFLED && i > 1; i--) {
		size_t j = random_below(&s->random, i);
		const struct value *m = members[j];

		members[j] = members[i - 1];
		members[i - 1] = m;
	}
	return count;
}

static void put_object(struct spell *s, const struct value *v)
{
	const struct value *members[MEMBERS_MOST];
	size_t count = arrange(s, v, members);
	bool first = true;

	put_byte(s, '{');
	s->depth++;
	for (size_t i = 0; i < count; i++) {
		put_comma(s, &first);
		put_string(s, members[i]->name, strlen(members[i]->name));
		if (s->style == STYLE_SHUFFLED)
			put_space(s, false);
		put_byte(s, ':');
		put_space(s, false);
		spell_value(s, members[i]);
	}
	put_end(s, first, '}');
}

void spell_value(struct spell *s, const struct value *v)
{
	switch (v->kind) {
	case VALUE_NULL:
		put(s, "null", 4);
		break;
	case VALUE_FALSE:
		put(s, "false", 5);
		break;
	case VALUE_TRUE:
		put(s, "true", 4);
		break;
	case VALUE_STRING:
		put_string(s, v->text, v->len);
		break;
	case VALUE_NUMBER:
		put(s, v->text, v->len);
		break;
	case VALUE_INTEGER:
		put_integer(s, v->text, v->len);
		break;
	case VALUE_ARRAY:
	case VALUE_LIST:
		put_array(s, v);
		break;
	case VALUE_OBJECT:
		put_object(s, v);
		break;
	}
}
