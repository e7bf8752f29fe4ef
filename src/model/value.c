/*
 * value.c: one value of any depth: read, checked against its schema and written in the normal form,
 * in one pass. The stack of open containers is explicit and bounded; nothing is kept of a value but
 * its text in the output. Never allocates for a value that has no findings and stands in order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/limits.h"
#include "json/number.h"
#include "json/scan.h"
#include "model/checker.h"

int check_room(struct check *c, const char *p)
{
	size_t used = (size_t)(c->o - c->out);
	size_t need = used + (size_t)(c->end - p) + 4 * SCAN_SLACK;
	char *bigger;

	if (need <= c->out_cap)
		return 0;
	need += need / 2;
	bigger = realloc(c->out, need);
	if (bigger == NULL) {
		c->stop = STOP_MEMORY;
		return -1;
	}
	c->out = bigger;
	c->out_cap = need;
	c->o = bigger + used;
	return 0;
}

/* --- scalars --- */

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

static void check_string(struct check *c, const struct node *node, const char *p,
			 struct slice text)
{
	if (!(node->types & TYPE_STRING)) {
		check_wrong_type(c, node, p, text);
		return;
	}
	if (!check_allows(node, TYPE_STRING, text)) {
		check_not_allowed(c, node, p, text);
		return;
	}
	check_length(c, node, p, text);
	if (text.data[1] == '<' && slice_equal(text, SLICE("\"<string>\""))) {
		struct place place;

		check_place(c, p, &place);
		buf_clear(&c->message);
		buf_string(&c->message, "the documentation's own sample value \"<string>\"");
		check_report(c, RULE_placeholder, SEVERITY_WARNING, BASIS_EXAMPLE, c->depth,
			     SLICE(""), &place);
	}
}

static const char *read_string(struct check *c, const char *p, const struct node *node)
{
	const char *start = p++;
	char *text = c->o;
	char *o = text;
	enum scan_status status;

	*o++ = '"';
	status = scan_string(&p, &o);
	if (status != SCAN_OK)
		return check_bad_string(c, p, status);
	*o++ = '"';
	c->o = o;
	if (node != NULL)
		check_string(c, node, start, slice_of(text, (size_t)(o - text)));
	return p;
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

/* Nearly all numbers; so many bytes are copied faster than one asks how many there are. */
#define SHORT_NUMBER 16

static const char *read_number(struct check *c, const char *p, const struct node *node)
{
	const char *start = p, *wrong = p;
	char *text = c->o;
	bool plain, integer;

	p = scan_number(p, &plain, &wrong);
	if (p == NULL)
		return check_expected(c, wrong, "a digit");
	if (p == c->end && !c->w->last)
		return check_expected(c, p, "");
	if (p - start <= SHORT_NUMBER)
		memcpy(text, start, SHORT_NUMBER); /* a window may be read beyond its end */
	else
		memcpy(text, start, (size_t)(p - start));
	c->o = text + (p - start);
	if (node == NULL)
		return p;
	integer = plain || number_is_integer(slice_of(text, (size_t)(p - start)));
	if (integer && (node->types & TYPE_NUMBER) == TYPE_INTEGER &&
	    (!plain || (text[0] == '-' && text[1] == '0'))) {
		size_t at = (size_t)(text - c->out);
		if (respell_integer(c, p, text) != 0)
			return NULL;
		text = c->out + at;
	}
	check_number(c, node, start, slice_of(text, (size_t)(c->o - text)), integer);
	return p;
}

static const char *read_literal(struct check *c, const char *p, const struct node *node)
{
	const char *word = *p == 't' ? "true" : *p == 'f' ? "false" : "null";
	uint8_t type = *p == 'n' ? TYPE_NULL : TYPE_BOOLEAN;
	size_t len = *p == 'f' ? 5 : 4;

	if (memcmp(p + len - 4, word + len - 4, 4) != 0) {
		size_t i = 1;

		while (p[i] == word[i])
			i++;
		return check_expected(c, p + i, word);
	}
	memcpy(c->o, word, 4);
	c->o[4] = 'e'; /* the end of false; behind the others it does not count */
	if (node != NULL) {
		if (!(node->types & type))
			check_wrong_type(c, node, p, slice_of(word, len));
		else if (!check_allows(node, type, slice_of(word, len)))
			check_not_allowed(c, node, p, slice_of(word, len));
	}
	c->o += len;
	return p + len;
}

/* --- containers --- */

int check_push(struct check *c, const char *p, const struct node *node, bool array)
{
	struct container *k;
	size_t words = node != NULL && !array ? (node->n_members + 63) / 64 : 0;

	if (c->depth == c->limits.max_depth) {
		check_limit(c, p, RULE_depth, "nested deeper than --max-depth allows");
		return -1;
	}
	if (array_reserve(&c->seen, &c->seen_cap, c->n_seen + words, sizeof(*c->seen)) != 0) {
		c->stop = STOP_MEMORY;
		return -1;
	}
	for (size_t i = 0; i < words; i++)
		c->seen[c->n_seen + i] = 0;
	k = &c->stack[c->depth++];
	k->node = node;
	k->member = NULL;
	k->first = c->n_entries;
	k->words = c->n_seen;
	k->out = (size_t)(c->o - c->out);
	k->at = (size_t)(p - c->w->data);
	k->index = 0;
	k->expect = 0;
	k->required = 0;
	k->array = array;
	k->ordered = true;
	c->n_seen += words;
	return 0;
}

static const char *open_container(struct check *c, const char *p, const struct node *node)
{
	bool array = *p == '[';

	if (node != NULL) {
		uint8_t type = array ? TYPE_ARRAY : TYPE_OBJECT;

		if (!(node->types & type)) {
			check_wrong_type(c, node, p, slice_of(p, 1));
			node = NULL;
		} else if (node->allowed_types & type) {
			check_not_allowed(c, node, p, slice_of(p, 1));
		}
	}
	if (check_push(c, p, node, array) != 0)
		return NULL;
	*c->o++ = *p;
	return p + 1;
}

void check_required(struct check *c, const struct container *k, const struct place *at)
{
	const struct node *node = k->node;

	if (node == NULL || k->required == node->n_required)
		return;
	for (uint32_t i = 0; i < node->n_members; i++) {
		const struct member *m = &node->members[i];

		if (!m->required || (c->seen[k->words + i / 64] >> (i % 64) & 1))
			continue;
		if (check_count(c, RULE_required, (enum severity)node->severity[KEYWORD_REQUIRED],
				node->basis_of[KEYWORD_REQUIRED], c->depth - 1, m->quoted, at)) {
			buf_clear(&c->message);
			buf_string(&c->message, "required member ");
			buf_slice(&c->message, m->quoted);
			buf_string(&c->message, " is missing");
			check_tell(c);
		}
	}
}

static void close_object(struct check *c, const struct container *k)
{
	struct place place;

	if (!k->ordered)
		check_order(c, k);
	if (k->node != NULL && k->required != k->node->n_required) {
		check_place(c, c->w->data + k->at, &place);
		check_required(c, k, &place);
	}
	/* the outermost object of a unit keeps its entries: check_recipient_value */
	if (k->first > 0)
		c->n_entries = k->first;
	c->n_seen = k->words;
}

static void close_array(struct check *c, const struct container *k, uint64_t count)
{
	const struct node *node = k->node;
	const char *p = c->w->data + k->at;
	char bound[24], found[24];
	bool few;

	if (node == NULL || (count >= node->min_items && count <= node->max_items))
		return;
	few = count < node->min_items;
	c->depth--; /* the finding is about the array, not about an element */
	int n = snprintf(bound, sizeof(bound), "%llu",
			 (unsigned long long)(few ? node->min_items : node->max_items));
	int f = snprintf(found, sizeof(found), "%llu", (unsigned long long)count);
	check_bound(c, node, KEYWORD_ITEMS, p, few ? "a list of at least" : "a list of at most",
		    slice_of(bound, (size_t)n), slice_of(found, (size_t)f));
	c->depth++;
}

/* --- member names --- */

static const char secrets[][24] = {
	"\"x-api-key\"", "\"xi-api-key\"", "\"api_key\"", "\"api-key\"", "\"authorization\"",
	"\"xi_api_key\"", "\"x_api_key\"",
};

bool check_secret(struct slice quoted)
{
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		if (quoted.len == strlen(secrets[i]) &&
		    strncasecmp(quoted.data, secrets[i], quoted.len) == 0)
			return true;
	return false;
}

/* A member that the model does not list, in an object whose other names are not data. */
static void report_unknown(struct check *c, const struct node *node, struct slice quoted,
			   const char *p)
{
	struct place place;

	check_place(c, p, &place);
	if (check_secret(quoted)) {
		buf_clear(&c->message);
		buf_string(&c->message, "a key or token was saved with the capture, as member ");
		buf_slice(&c->message, quoted);
		check_report(c, RULE_secret, SEVERITY_WARNING, BASIS_NONE, c->depth - 1, quoted,
			     &place);
		return;
	}
	if (check_count(c, RULE_unknown_member, (enum severity)node->severity[KEYWORD_ADDITIONAL],
			node->basis_of[KEYWORD_ADDITIONAL], c->depth - 1, quoted, &place)) {
		buf_clear(&c->message);
		buf_string(&c->message, "the model does not know the member ");
		check_found(c, quoted);
		check_tell(c);
	}
}

/* Notes that a member the model knows was met. */
static const struct node *meet_known(struct check *c, struct container *k, uint32_t index,
				     const char *p)
{
	const struct member *m = &k->node->members[index];
	uint64_t *word = &c->seen[k->words + index / 64];
	uint64_t bit = (uint64_t)1 << (index % 64);

	if (*word & bit)
		check_duplicate(c, c->depth - 1, m->quoted, p);
	else
		k->required += m->required;
	*word |= bit;
	k->member = m;
	k->expect = index + 1;
	return m->node;
}

/* A new entry, or NULL and c->stop. */
static inline struct entry *new_entry(struct check *c, struct container *k, const char *p)
{
	if (++k->index > LIMIT_MEMBERS) {
		check_limit(c, p, RULE_too_large, "an object with more than 1,048,576 members");
		return NULL;
	}
	if (c->n_entries == c->entries_cap &&
	    array_reserve(&c->entries, &c->entries_cap, c->n_entries + 1, sizeof(*c->entries)) !=
		    0) {
		c->stop = STOP_MEMORY;
		return NULL;
	}
	return &c->entries[c->n_entries++];
}

/* Notes the entry and whether it still stands in the order of the normal form. */
static int add_entry(struct check *c, struct container *k, uint32_t order, const char *p,
		     size_t out, size_t name_len)
{
	struct entry *e = new_entry(c, k, p);

	if (e == NULL)
		return -1;
	e->order = order;
	e->name_len = (uint32_t)name_len;
	e->out = out;
	e->at = (size_t)(p - c->w->data);
	if (k->ordered && c->n_entries - 1 > k->first) {
		const struct entry *before = e - 1;

		if (order == ENTRY_UNKNOWN && before->order == ENTRY_UNKNOWN)
			k->ordered = check_compare_names(
				slice_of(c->out + before->out, before->name_len),
				slice_of(c->out + e->out, e->name_len)) < 0;
		else
			k->ordered = before->order < order;
	}
	return 0;
}

/* Does this member's name stand at p, spelled plainly? The bytes behind a window's end are zero,
 * and no name has one. */
static inline bool name_stands(const struct check *c, const char *p, const struct member *m)
{
	size_t len = m->quoted.len;

#ifdef SCAN_SSE2
	if (len <= sizeof(m->start)) {
		const __m128i *at = (const __m128i *)(const void *)p;
		const __m128i *name = (const __m128i *)(const void *)m->start;
		unsigned low = (unsigned)_mm_movemask_epi8(
			_mm_cmpeq_epi8(_mm_loadu_si128(at), _mm_loadu_si128(name)));
		unsigned high = (unsigned)_mm_movemask_epi8(
			_mm_cmpeq_epi8(_mm_loadu_si128(at + 1), _mm_loadu_si128(name + 1)));
		uint64_t different = ~((uint64_t)high << 16 | low);

		return (different & (((uint64_t)1 << len) - 1)) == 0;
	}
#endif
	return (size_t)(c->end - p) > len && memcmp(p, m->quoted.data, len) == 0;
}

/* The member that the model has next stands at p: the usual case. The same as the general one,
 * which it leaves alone as soon as the member was seen before. Returns the byte behind the name, or
 * NULL and c->stop. */
static inline const char *expected_name(struct check *c, struct container *k,
					const struct member *m, const char *p)
{
	uint64_t *word = &c->seen[k->words + k->expect / 64];
	uint64_t bit = (uint64_t)1 << (k->expect % 64);
	size_t out = (size_t)(c->o - c->out);
	struct entry *e = new_entry(c, k, p);

	if (e == NULL)
		return NULL;
	e->order = k->expect;
	e->name_len = (uint32_t)m->quoted.len;
	e->out = out;
	e->at = (size_t)(p - c->w->data);
	if (c->n_entries - 1 > k->first)
		k->ordered &= e[-1].order < k->expect;
	*word |= bit;
	k->required += m->required;
	k->member = m;
	k->expect++;
	if (m->quoted.len <= sizeof(m->start))
		memcpy(c->o, m->start, sizeof(m->start));
	else
		memcpy(c->o, m->quoted.data, m->quoted.len);
	c->o += m->quoted.len;
	return p + m->quoted.len;
}

static inline const char *after_name(struct check *c, const char *p)
{
	if (*p != ':') {
		p = scan_space(p);
		if (*p != ':')
			return check_expected(c, p, "':'");
	}
	*c->o++ = ':';
	return p + 1;
}

/* What stands here is no name: the finding is about the object, not about a member. */
static const char *no_name(struct check *c, const char *p, int status)
{
	c->depth--;
	if (status == SCAN_OK)
		return check_expected(c, p, "a member's name in double quotes");
	return check_bad_string(c, p, status);
}

const char *check_name_at(struct check *c, const char *p, const struct node **node)
{
	struct container *k = &c->stack[c->depth - 1];
	const struct node *in = k->node;
	size_t out = (size_t)(c->o - c->out);
	const char *start = p;
	enum scan_status status;
	struct slice quoted;
	uint32_t index = ENTRY_UNKNOWN;
	char *o;

	/* most often the model's next member stands here */
	if (in != NULL && k->expect < in->n_members) {
		const struct member *m = &in->members[k->expect];
		uint64_t seen = c->seen[k->words + k->expect / 64] >> (k->expect % 64);

		if (!(seen & 1) && name_stands(c, p, m)) {
			*node = m->node;
			p = expected_name(c, k, m, p);
			return p != NULL ? after_name(c, p) : NULL;
		}
	}
	if (*p != '"')
		return no_name(c, p, SCAN_OK);
	p++;
	o = c->o;
	*o++ = '"';
	status = scan_string(&p, &o);
	if (status != SCAN_OK)
		return no_name(c, p, (int)status);
	*o++ = '"';
	c->o = o;
	quoted = slice_of(c->out + out, (size_t)(o - c->out) - out);
	if (in != NULL)
		index = node_find(in, quoted);
	if (add_entry(c, k, index, start, out, quoted.len) != 0)
		return NULL;
	if (index != ENTRY_UNKNOWN) {
		*node = meet_known(c, k, index, start);
	} else {
		k->member = NULL;
		*node = in != NULL ? in->additional : NULL;
		if (in != NULL && !in->open)
			report_unknown(c, in, quoted, start);
	}
	return after_name(c, p);
}

/* --- any value --- */

static const char *read_scalar(struct check *c, const char *p, const struct node *node)
{
	switch (*p) {
	case '"':
		return read_string(c, p, node);
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		return read_number(c, p, node);
	case 't':
	case 'f':
	case 'n':
		return read_literal(c, p, node);
	default:
		return check_expected(c, p, "a value");
	}
}

/* Behind a value inside a container: a comma, or the container's end. Returns the byte behind it.
 */
static const char *read_delimiter(struct check *c, const char *p, bool *closed)
{
	struct container *k = &c->stack[c->depth - 1];

	p = scan_space(p);
	*closed = *p != ',';
	if (*p == ',') {
		*c->o++ = ',';
		k->index += k->array;
		return p + 1;
	}
	if (*p != (k->array ? ']' : '}'))
		return check_expected(c, p, k->array ? "',' or ']'" : "',' or '}'");
	*c->o++ = *p;
	if (k->array)
		close_array(c, k, k->index + 1);
	else
		close_object(c, k);
	c->depth--;
	return c->stop == STOP_NONE ? p + 1 : NULL;
}

/* An empty container just opened is closed at once. */
static const char *close_empty(struct check *c, const char *p)
{
	struct container *k = &c->stack[c->depth - 1];

	*c->o++ = *p;
	if (k->array)
		close_array(c, k, 0);
	else
		close_object(c, k);
	c->depth--;
	return p + 1;
}

const char *check_value_at(struct check *c, const char *p, const struct node *node)
{
	const uint32_t base = c->depth;

	for (;;) {
		/* a value begins */
		bool closed = false;

		p = scan_space(p);
		if (*p == '{' || *p == '[') {
			char end = *p == '{' ? '}' : ']';

			p = open_container(c, p, node);
			if (p == NULL)
				return NULL;
			p = scan_space(p);
			if (*p == end) {
				p = close_empty(c, p);
			} else if (end == ']') {
				const struct container *k = &c->stack[c->depth - 1];
				node = k->node != NULL ? k->node->items : NULL;
				continue;
			} else {
				p = check_name_at(c, p, &node);
				if (p == NULL)
					return NULL;
				continue;
			}
		} else {
			p = read_scalar(c, p, node);
			if (p == NULL)
				return NULL;
		}
		/* a value ended */
		for (;;) {
			if (c->depth == base)
				return p;
			p = read_delimiter(c, p, &closed);
			if (p == NULL)
				return NULL;
			if (!closed)
				break;
		}
		const struct container *k = &c->stack[c->depth - 1];
		if (k->array) {
			node = k->node != NULL ? k->node->items : NULL;
		} else {
			p = check_name_at(c, scan_space(p), &node);
			if (p == NULL)
				return NULL;
		}
	}
}
