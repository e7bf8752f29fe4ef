/*
 * report.c: the checker's findings: where they stand and what they say. Only called when something
 * is wrong, so it may take its time, but not much: input full of mistakes must not be much slower.
 * Messages hold values from the input only in a short, safe form.
 */
#include <stdio.h>

#include "base/text.h"
#include "json/members.h"
#include "json/number.h"
#include "json/pointer.h"
#include "json/scan.h"
#include "model/checker.h"

#define FOUND_BYTES 60 /* of a value that a message quotes */

void check_place(struct check *c, const char *p, struct place *out)
{
	const char *start = NULL;
	const char *data = c->w->data;

	if (p >= c->counted) {
		c->counted_line += scan_lines(c->counted, p, &start);
		if (start != NULL)
			c->counted_start = c->w->offset + (uint64_t)(start - data);
	} else {
		uint64_t back = scan_lines(p, c->counted, &start);
		if (back > 0) {
			c->counted_line -= back;
			start = memrchr(data, '\n', (size_t)(p - data));
			c->counted_start = start != NULL
						   ? c->w->offset + (uint64_t)(start + 1 - data)
						   : c->w->line_start;
		}
	}
	c->counted = p;
	out->offset = c->w->offset + (uint64_t)(p - data);
	out->line = c->counted_line;
	out->column = out->offset - c->counted_start + 1;
}

/* --- pointers --- */

/* The entry of the member that object number i is reading; NULL: it is the list of recipients, read
 * in an earlier unit. */
static const struct entry *current_entry(const struct check *c, uint32_t i)
{
	size_t end = i + 1 < c->depth ? c->stack[i + 1].first : c->n_entries;

	return end > 0 && !(i == 0 && c->base == 2) ? &c->entries[end - 1] : NULL;
}

static void add_name(struct check *c, struct buf *out, struct slice quoted)
{
	size_t len = c->scratch.len;

	json_unescape(&c->scratch, quoted);
	json_pointer_append(out, slice_of(c->scratch.data + len, c->scratch.len - len));
	c->scratch.len = len;
}

/* Appends the way from container number i to what is being read in it. `shape`: "*" for indices and
 * for names that are data. */
static void add_step(struct check *c, struct buf *out, uint32_t i, bool shape)
{
	const struct container *k = &c->stack[i];
	const struct entry *e;

	if (k->array) {
		if (shape)
			buf_string(out, "/*");
		else
			buf_printf(out, "/%llu", (unsigned long long)k->index);
		return;
	}
	e = current_entry(c, i);
	if (e == NULL)
		add_name(c, out, c->root->members[c->recipients_member].quoted);
	else if (shape && e->member == NULL && k->node->open)
		buf_string(out, "/*");
	else
		add_name(c, out, slice_of(c->out + e->out, e->name_len));
}

static void make_pointer(struct check *c, struct buf *out, uint32_t levels, struct slice name,
			 bool shape)
{
	buf_clear(out);
	for (uint32_t i = 0; i < levels; i++)
		add_step(c, out, i, shape);
	if (name.len > 0) {
		const struct node *in = c->stack[levels].node;

		if (shape && in->open && node_find(in, name) == UINT32_MAX)
			buf_string(out, "/*");
		else
			add_name(c, out, name);
	}
}

/* --- counting and telling --- */

bool check_count(struct check *c, enum rule rule, enum severity own, enum basis basis,
		 uint32_t levels, struct slice name, const struct place *place)
{
	c->unfit |= rule_info(rule)->unfit;
	if (own == SEVERITY_OFF)
		return false;
	make_pointer(c, &c->shape, levels, name, true);
	if (!findings_count(c->findings, rule, own, basis, buf_view(&c->shape), place))
		return false;
	make_pointer(c, &c->pointer, levels, name, false);
	return true;
}

void check_tell(struct check *c)
{
	findings_tell(c->findings, buf_view(&c->pointer), buf_view(&c->message));
}

void check_report(struct check *c, enum rule rule, enum severity own, enum basis basis,
		  uint32_t levels, struct slice name, const struct place *place)
{
	if (check_count(c, rule, own, basis, levels, name, place))
		check_tell(c);
}

/* --- messages --- */

static void found_string(struct check *c, struct slice quoted)
{
	size_t keep = quoted.len;

	if (keep > FOUND_BYTES) {
		keep = FOUND_BYTES;
		while (keep > 1 && ((unsigned char)quoted.data[keep] & 0xc0) == 0x80)
			keep--;
		/* not in the middle of an escape */
		for (size_t i = keep > 6 ? keep - 6 : 1; i < keep; i++)
			if (quoted.data[i] == '\\') {
				keep = i;
				break;
			}
	}
	text_safe(&c->message, slice_of(quoted.data, keep));
	if (keep < quoted.len)
		buf_string(&c->message, "…\"");
}

void check_found(struct check *c, struct slice value)
{
	struct slice shown = value;

	switch (value.len > 0 ? value.data[0] : '\0') {
	case '"':
		found_string(c, value);
		return;
	case '{':
		buf_string(&c->message, "an object");
		return;
	case '[':
		buf_string(&c->message, "an array");
		return;
	case 't':
	case 'f':
		buf_string(&c->message, "boolean ");
		break;
	case 'n':
		break;
	default:
		buf_string(&c->message, number_is_integer(value) ? "integer " : "number ");
	}
	if (shown.len > FOUND_BYTES)
		shown.len = FOUND_BYTES;
	buf_slice(&c->message, shown);
	if (shown.len < value.len)
		buf_string(&c->message, "…");
}

static void expected_types(struct buf *out, uint8_t types)
{
	static const struct {
		uint8_t bits;
		const char *name;
	} all[] = {
		{TYPE_STRING, "string"}, {TYPE_NUMBER, "number"}, {TYPE_INTEGER, "integer"},
		{TYPE_FRACTION, "fraction"}, {TYPE_BOOLEAN, "boolean"}, {TYPE_ARRAY, "array"},
		{TYPE_OBJECT, "object"}, {TYPE_NULL, "null"},
	};
	bool first = true;

	if (types == 0)
		buf_string(out, "nothing here");
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if ((types & all[i].bits) != all[i].bits)
			continue;
		types &= (uint8_t)~all[i].bits;
		if (!first)
			buf_string(out, types != 0 ? ", " : " or ");
		buf_string(out, all[i].name);
		first = false;
	}
}

void check_wrong_type(struct check *c, const struct node *node, const char *p, struct slice value)
{
	struct place place;

	check_place(c, p, &place);
	if (!check_count(c, RULE_type, (enum severity)node->severity[KEYWORD_TYPE],
			 node->basis_of[KEYWORD_TYPE], c->depth, SLICE(""), &place))
		return;
	buf_clear(&c->message);
	buf_string(&c->message, "expected ");
	expected_types(&c->message, node->types);
	buf_string(&c->message, ", found ");
	if (value.data[0] == '"')
		buf_string(&c->message, "string ");
	check_found(c, value);
	check_tell(c);
}

void check_not_allowed(struct check *c, const struct node *node, const char *p,
		       struct slice value)
{
	struct place place;

	check_place(c, p, &place);
	if (!check_count(c, node->is_const ? RULE_const : RULE_enum,
			 (enum severity)node->severity[KEYWORD_ENUM],
			 node->basis_of[KEYWORD_ENUM], c->depth, SLICE(""), &place))
		return;
	buf_clear(&c->message);
	buf_string(&c->message, node->n_allowed > 1 ? "expected one of " : "expected ");
	for (uint32_t i = 0; i < node->n_allowed && i < 12; i++) {
		struct slice a = node->allowed[i];

		if (i > 0)
			buf_string(&c->message, ", ");
		if (a.data[0] == '"')
			a = slice_of(a.data + 1, a.len - 2);
		text_safe(&c->message, a);
	}
	if (node->n_allowed > 12)
		buf_string(&c->message, ", …");
	buf_string(&c->message, "; found ");
	check_found(c, value);
	check_tell(c);
}

void check_bound(struct check *c, const struct node *node, enum keyword keyword, const char *p,
		 const char *expected, struct slice bound, struct slice value)
{
	static const struct {
		enum rule rule;
		const char *unit, *units;
	} bounds[KEYWORD_COUNT] = {
		[KEYWORD_MINIMUM] = {RULE_minimum, "", ""},
		[KEYWORD_MAXIMUM] = {RULE_maximum, "", ""},
		[KEYWORD_LENGTH] = {RULE_length, " character", " characters"},
		[KEYWORD_ITEMS] = {RULE_items, " element", " elements"},
	};
	struct place place;

	check_place(c, p, &place);
	if (!check_count(c, bounds[keyword].rule, (enum severity)node->severity[keyword],
			 node->basis_of[keyword], c->depth, SLICE(""), &place))
		return;
	buf_clear(&c->message);
	buf_printf(&c->message, "expected %s ", expected);
	buf_slice(&c->message, bound);
	buf_string(&c->message, slice_equal(bound, SLICE("1")) ? bounds[keyword].unit
							       : bounds[keyword].units);
	buf_string(&c->message, ", found ");
	if (keyword == KEYWORD_ITEMS)
		buf_slice(&c->message, value);
	else
		check_found(c, value);
	check_tell(c);
}

void check_duplicate(struct check *c, uint32_t levels, struct slice name, const char *p)
{
	struct place place;

	check_place(c, p, &place);
	buf_clear(&c->message);
	buf_string(&c->message, "the member ");
	check_found(c, name);
	buf_string(&c->message, " stands twice in this object");
	check_report(c, RULE_duplicate_member, SEVERITY_ERROR, BASIS_NONE, levels, name, &place);
}

/* --- where the reader cannot go on --- */

static const char *broken(struct check *c, const char *p, enum rule rule)
{
	struct place place;

	check_place(c, p, &place);
	check_report(c, rule, SEVERITY_ERROR, BASIS_NONE, c->depth, SLICE(""), &place);
	c->stop = STOP_BROKEN;
	return NULL;
}

const char *check_limit(struct check *c, const char *p, enum rule rule, const char *message)
{
	buf_clear(&c->message);
	buf_string(&c->message, message);
	return broken(c, p, rule);
}

/* The window ends at p: more may come, or the input is truncated. */
static const char *ended(struct check *c, const char *p, const char *inside)
{
	if (!c->w->last) {
		c->stop = STOP_MORE;
		return NULL;
	}
	buf_clear(&c->message);
	buf_printf(&c->message, "the input ends %s: it is truncated", inside);
	return broken(c, p, RULE_syntax);
}

/* Is what stands at p the beginning of a character that the window cuts? */
static bool cut_character(const struct check *c, const char *p)
{
	unsigned char lead = (unsigned char)*p;
	ptrdiff_t need = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

	if (lead < 0xc2 || lead > 0xf4 || c->end - p >= need)
		return false;
	for (const char *q = p + 1; q < c->end; q++)
		if (((unsigned char)*q & 0xc0) != 0x80)
			return false;
	return true;
}

const char *check_expected(struct check *c, const char *p, const char *expected)
{
	char found[8];
	unsigned char byte = (unsigned char)*p;

	if (p >= c->end || (!c->w->last && cut_character(c, p))) {
		char inside[96];

		snprintf(inside, sizeof(inside), "where %s was expected", expected);
		return ended(c, c->end, inside);
	}
	buf_clear(&c->message);
	buf_printf(&c->message, "expected %s, found ", expected);
	if (byte > ' ' && byte < 0x7f) {
		buf_printf(&c->message, "'%c'", byte);
	} else if (byte >= 0x80 && utf8_length(p, (size_t)(c->end - p)) != 0) {
		buf_byte(&c->message, '\'');
		text_safe(&c->message, slice_of(p, utf8_length(p, (size_t)(c->end - p))));
		buf_byte(&c->message, '\'');
	} else {
		snprintf(found, sizeof(found), "0x%02x", byte);
		buf_printf(&c->message, "the byte %s", found);
	}
	return broken(c, p, RULE_syntax);
}

const char *check_bad_string(struct check *c, const char *p, int status)
{
	unsigned char byte = (unsigned char)*p;

	if (p >= c->end || (status == SCAN_UTF8 && cut_character(c, p)))
		return ended(c, c->end, "inside a string");
	buf_clear(&c->message);
	switch ((enum scan_status)status) {
	case SCAN_UTF8:
		buf_printf(&c->message, "the byte 0x%02x is not UTF-8 here", byte);
		return broken(c, p, RULE_encoding);
	case SCAN_SURROGATE:
		buf_string(&c->message,
			   "half of a surrogate pair: the escape stands for no character");
		return broken(c, p, RULE_encoding);
	case SCAN_ESCAPE:
		buf_string(&c->message, "no escape goes on like this in a string");
		return broken(c, p, RULE_syntax);
	default:
		buf_printf(&c->message,
			   "the control character 0x%02x must be escaped in a string", byte);
		if (byte == '\n' || byte == '\r')
			buf_string(&c->message, " (a line end: is the closing quote missing?)");
		return broken(c, p, RULE_syntax);
	}
}
