/*
 * scalar.c: strings, numbers and literals that are not usual: all that a schema can say of them.
 * What is usual never comes here (value.c), so it may take its time.
 */
#include <stdio.h>

#include "json/number.h"
#include "json/scan.h"
#include "model/checker.h"

static uint64_t characters(struct slice text)
{
	uint64_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\\')
			i += text.data[i + 1] == 'u' ? 5 : 1;
		else if (((unsigned char)text.data[i] & 0xc0) == 0x80)
			continue;
		n++;
	}
	return n;
}

static void check_length(struct check *c, const struct node *node, const char *p,
			 struct slice text)
{
	char bound[24];
	uint64_t n;
	int len;

	/* every string of one byte or more has a character */
	if (node->min_length <= (text.len > 2) && node->max_length == UNBOUNDED)
		return;
	n = characters(slice_of(text.data + 1, text.len - 2));
	if (n < node->min_length) {
		len = snprintf(bound, sizeof(bound), "%llu", (unsigned long long)node->min_length);
		check_bound(c, node, KEYWORD_LENGTH, p, "a string of at least",
			    slice_of(bound, (size_t)len), text);
	} else if (n > node->max_length) {
		len = snprintf(bound, sizeof(bound), "%llu", (unsigned long long)node->max_length);
		check_bound(c, node, KEYWORD_LENGTH, p, "a string of at most",
			    slice_of(bound, (size_t)len), text);
	}
}

/* Is the scalar, which is of this type, among the values of enum or const? */
bool check_allows(const struct node *node, uint8_t type, struct slice text)
{
	bool number = (type & TYPE_NUMBER) != 0;

	if (!(node->allowed_types & type))
		return true;
	for (uint32_t i = 0; i < node->n_allowed; i++) {
		struct slice a = node->allowed[i];

		if (slice_equal(a, text))
			return true;
		if (number && (a.data[0] == '-' || (a.data[0] >= '0' && a.data[0] <= '9')) &&
		    number_compare(a, text) == 0)
			return true;
	}
	return false;
}

void check_string(struct check *c, const struct node *node, const char *p, struct slice text)
{
	if (node == &node_anything)
		return;
	if (!(node->types & TYPE_STRING)) {
		check_wrong_type(c, node, p, text);
		return;
	}
	if (!check_allows(node, TYPE_STRING, text)) {
		check_not_allowed(c, node, p, text);
		return;
	}
	check_length(c, node, p, text);
	if (text.data[1] == '<' && slice_equal(text, NODE_PLACEHOLDER)) {
		struct place place;

		check_place(c, p, &place);
		buf_clear(&c->message);
		buf_string(&c->message, "the documentation's own sample value \"<string>\"");
		check_report(c, RULE_placeholder, SEVERITY_WARNING, BASIS_EXAMPLE, c->depth,
			     SLICE(""), &place);
	}
}

static void check_number(struct check *c, const struct node *node, const char *p,
			 struct slice text, bool integer)
{
	uint8_t type = integer ? TYPE_INTEGER : TYPE_FRACTION;

	if (!(node->types & type)) {
		check_wrong_type(c, node, p, text);
		return;
	}
	if (!check_allows(node, type, text)) {
		check_not_allowed(c, node, p, text);
		return;
	}
	if (node->minimum.len > 0 &&
	    (text.data[0] == '-' || !slice_equal(node->minimum, SLICE("0"))) &&
	    number_compare(text, node->minimum) < 0)
		check_bound(c, node, KEYWORD_MINIMUM, p, "at least", node->minimum, text);
	else if (node->maximum.len > 0 && number_compare(text, node->maximum) > 0)
		check_bound(c, node, KEYWORD_MAXIMUM, p, "at most", node->maximum, text);
}

/* An integer member whose text is not a plain decimal integer gets one. */
static int respell_integer(struct check *c, const char *rest, char *text)
{
	buf_clear(&c->scratch);
	if (!number_integer(slice_of(text, (size_t)(c->o - text)), &c->scratch))
		return c->scratch.failed ? (c->stop = STOP_MEMORY, -1) : 0;
	size_t at = (size_t)(text - c->out);
	c->o = text;
	if (check_room(c, rest) != 0)
		return -1;
	memcpy(c->out + at, c->scratch.data, c->scratch.len);
	c->o = c->out + at + c->scratch.len;
	return check_room(c, rest);
}

const char *check_number_at(struct check *c, const char *p, const struct node *node)
{
	const char *start = p, *wrong = p;
	char *text = c->o;
	bool digits, integer;

	p = scan_number(p, &digits, &wrong);
	if (p == NULL)
		return check_expected(c, wrong, "a digit");
	if (p == c->end && !c->w->last)
		return check_expected(c, p, "");
	memcpy(text, start, (size_t)(p - start));
	c->o = text + (p - start);
	integer = digits || number_is_integer(slice_of(text, (size_t)(p - start)));
	if (integer && (node->types & TYPE_NUMBER) == TYPE_INTEGER &&
	    (!digits || (text[0] == '-' && text[1] == '0'))) {
		size_t at = (size_t)(text - c->out);

		if (respell_integer(c, p, text) != 0)
			return NULL;
		text = c->out + at;
	}
	check_number(c, node, start, slice_of(text, (size_t)(c->o - text)), integer);
	return p;
}

const char *check_literal_at(struct check *c, const char *p, const struct node *node)
{
	const char *word = *p == 't' ? "true" : *p == 'f' ? "false" : "null";
	uint8_t type = *p == 'n' ? TYPE_NULL : TYPE_BOOLEAN;
	size_t len = *p == 'f' ? 5 : 4;

	if (memcmp(p, word, len) != 0) {
		size_t i = 0;

		while (p[i] == word[i])
			i++;
		return i == 0 ? check_expected(c, p, "a value") : check_expected(c, p + i, word);
	}
	memcpy(c->o, word, len);
	c->o += len;
	if (!(node->types & type))
		check_wrong_type(c, node, p, slice_of(word, len));
	else if (!check_allows(node, type, slice_of(word, len)))
		check_not_allowed(c, node, p, slice_of(word, len));
	return p + len;
}
