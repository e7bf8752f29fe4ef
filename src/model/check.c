/*
 * check.c: a response, unit by unit. Between two units the state is `enum state` and what struct
 * check keeps of the response; everything else belongs to the unit being read and is dropped when
 * the window cuts it. Never looks at a byte before the window's position again.
 */
#include "model/check.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/map.h"
#include "json/scan.h"
#include "model/checker.h"
#include "model/target.h"

/* --- making and freeing --- */

struct check *check_new(const struct model *model, const struct check_limits *limits,
			struct findings *findings)
{
	struct check *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->target = target_choose();
	c->root = model_root(model);
	c->recipients_member = model_recipients(model);
	c->id_member = model_member(c->root, SLICE("id"));
	c->limits = *limits;
	for (unsigned i = 0; i < HABITS; i++)
		habit_clear(&c->habits[i]);
	c->findings = findings;
	c->top_words = (c->root->n_members + 63) / 64;
	/* + 1, because nothing has no size to allocate */
	c->stack = calloc((size_t)limits->max_depth + 1, sizeof(*c->stack));
	c->top_seen = calloc(c->top_words + 1, sizeof(*c->top_seen));
	c->top_places = calloc((size_t)c->root->n_members + 1, sizeof(*c->top_places));
	c->top_names = map_new();
	if (c->top_places == NULL || c->stack == NULL || c->top_seen == NULL ||
	    c->top_names == NULL ||
	    array_reserve(&c->seen, &c->seen_cap, c->top_words + 64, sizeof(*c->seen)) != 0) {
		check_free(c);
		return NULL;
	}
	return c;
}

void check_free(struct check *c)
{
	if (c == NULL)
		return;
	free(c->stack);
	free(c->top_seen);
	free(c->top_places);
	map_free(c->top_names);
	free(c->top_entries);
	free(c->entries);
	free(c->seen);
	free(c->out);
	buf_free(&c->top);
	buf_free(&c->scratch);
	buf_free(&c->pointer);
	buf_free(&c->shape);
	buf_free(&c->message);
	free(c);
}

static void begin(struct check *c, enum state state)
{
	c->state = state;
	/* what is full may have been learned of names that do not come again */
	for (unsigned i = 0; i < HABITS; i++)
		if (c->habits[i].count == HABIT_NAMES)
			habit_clear(&c->habits[i]);
	c->counted = NULL;
	c->unfit = false;
	c->recipients = 0;
	c->classify = (struct classify){0};
	c->other = "";
	c->n_top = 0;
	memset(c->top_places, 0, c->root->n_members * sizeof(*c->top_places));
	buf_clear(&c->top);
	map_clear(c->top_names);
	c->depth = 0;
	c->n_entries = 0;
	c->n_seen = 0;
	c->record = (struct record){{NULL, 0}, {NULL, 0}};
	c->response = c->record;
}

void check_begin(struct check *c)
{
	begin(c, STATE_OPEN);
}

void check_begin_other(struct check *c)
{
	begin(c, STATE_OTHER);
}

/* --- units --- */

/* What the response's own container is, and what of it was seen, is kept outside the unit. */
static void keep_top(struct check *c)
{
	c->top_kept = c->stack[0];
	memcpy(c->top_seen, c->seen, c->top_words * sizeof(*c->seen));
}

static int begin_unit(struct check *c, const char *p, uint32_t depth)
{
	findings_begin_unit(c->findings);
	c->o = c->out;
	c->n_entries = 0;
	c->base = c->depth = depth;
	c->value = 0;
	c->n_seen = 0;
	if (depth > 0)
		c->n_seen = c->top_words;
	if (depth == 1) {
		c->stack[0] = c->top_kept;
		memcpy(c->seen, c->top_seen, c->top_words * sizeof(*c->seen));
	}
	return check_room(c, p);
}

static const char too_large[] = "larger than --max-record allows";

/* Drops the unit's findings for the one that it is too large; the pointer is the unit's. */
static void oversized(struct check *c)
{
	size_t value = c->value <= c->limits.max_record ? c->value : 0;

	findings_begin_unit(c->findings);
	c->depth = c->base;
	if (c->n_entries > 1)
		c->n_entries = 1;
	check_limit(c, c->w->data + c->w->at + value, RULE_too_large, too_large);
}

/* The unit from w->at to p was read whole. 0, or -1: it is too large. */
static int end_unit(struct check *c, const char *p)
{
	if ((size_t)(p - (c->w->data + c->w->at)) > c->limits.max_record) {
		oversized(c);
		return -1;
	}
	findings_commit_unit(c->findings);
	c->w->at = (size_t)(p - c->w->data);
	return 0;
}

/* The unit could not be read whole: the window cuts it, or it cannot be read at all. */
static enum check_status cut_unit(struct check *c)
{
	const char *start = c->w->data + c->w->at;

	switch (c->stop) {
	case STOP_MEMORY:
		return CHECK_FAILED;
	case STOP_MORE:
		if (c->w->len - c->w->at <= c->limits.max_record)
			return CHECK_MORE;
		oversized(c);
		break;
	default:
		/* whether a window shows the end of an oversized unit must not matter */
		if (c->counted >= start && (size_t)(c->counted - start) > c->limits.max_record)
			oversized(c);
	}
	findings_commit_unit(c->findings);
	return CHECK_BROKEN;
}

/* --- top-level members --- */

static int add_top_entry(struct check *c, const struct entry *e, uint32_t order)
{
	size_t len = (size_t)(c->o - c->out) - e->out;
	struct slice name = slice_of(c->out + e->out, e->name_len);
	struct top_entry *t;

	if (order == ENTRY_UNKNOWN) {
		uint32_t before = map_count(c->top_names);
		uint32_t number = map_add(c->top_names, name);

		if (number == MAP_NONE)
			goto memory;
		if (number < before)
			check_duplicate(c, 0, name, e->at);
	}
	if (array_reserve(&c->top_entries, &c->top_cap, c->n_top + 1, sizeof(*t)) != 0)
		goto memory;
	t = &c->top_entries[c->n_top++];
	t->order = order;
	t->name_len = e->name_len;
	t->out = c->top.len;
	t->len = len;
	buf_append(&c->top, c->out + e->out, len);
	if (c->top.failed)
		goto memory;
	return 0;
memory:
	c->stop = STOP_MEMORY;
	return -1;
}

/* The recipients begin: their list stays open on the stack from unit to unit. */
static int begin_recipients(struct check *c, const char *p, const struct node *node)
{
	if (!(node->types & TYPE_ARRAY)) {
		check_wrong_type(c, node, p, slice_of(p, 1));
		node = &node_anything;
	} else if (node->allowed_types & TYPE_ARRAY) {
		check_not_allowed(c, node, p, slice_of(p, 1));
	}
	check_place(c, p, &c->recipients_place);
	return check_push(c, p, node, true);
}

/* One member, or `"recipients": [`. */
static enum check_status read_member(struct check *c, const char *p)
{
	const struct node *node;
	const char *value, *start = p;
	struct entry e;
	uint32_t order;

	if (begin_unit(c, p, 1) != 0)
		return cut_unit(c);
	value = c->target->name_at(c, p);
	if (value == NULL)
		return cut_unit(c);
	e = c->entries[0];
	node = e.member != NULL ? e.member->node : node_additional(c->root);
	order = e.member != NULL ? (uint32_t)(e.member - c->root->members) : ENTRY_UNKNOWN;
	value = scan_space(value);
	if (value >= c->end && !c->w->last) {
		c->stop = STOP_MORE;
		return cut_unit(c);
	}
	c->value = (size_t)(value - p);

	struct classify classify = c->classify;
	classify_member(&classify, slice_of(c->out + e.out, e.name_len), *value);
	if (order == c->recipients_member && order != ENTRY_UNKNOWN) {
		if (*value == '[') {
			if (begin_recipients(c, value, node) != 0 ||
			    end_unit(c, value + 1) != 0)
				return cut_unit(c);
			keep_top(c);
			c->classify = classify;
			c->state = STATE_FIRST_ITEM;
			return CHECK_MORE;
		}
		c->unfit = true;
	}
	p = c->target->value(c, value, node);
	if (p == NULL || add_top_entry(c, &e, order) != 0)
		return cut_unit(c);
	if (c->top.len > c->limits.max_record) {
		oversized(c);
		return cut_unit(c);
	}
	if (end_unit(c, p) != 0)
		return cut_unit(c);
	if (order != ENTRY_UNKNOWN && c->top_places[order].line == 0)
		check_place(c, start + c->value, &c->top_places[order]);
	c->depth = 1;
	keep_top(c);
	c->classify = classify;
	c->state = STATE_AFTER_MEMBER;
	return CHECK_MORE;
}

/* --- recipients --- */

static enum check_status read_recipient(struct check *c, const char *p)
{
	struct container *list = &c->stack[1];
	const struct node *node = node_items(list->node);
	struct slice text;
	size_t i = 0, first;

	if (begin_unit(c, p, 2) != 0)
		return cut_unit(c);
	if (*p != '{')
		c->unfit = true;
	p = c->target->value(c, p, node);
	if (p == NULL || end_unit(c, p) != 0)
		return cut_unit(c);
	text = slice_of(c->out, (size_t)(c->o - c->out));
	c->record.text = text;
	c->record.reserved = slice_of(NULL, 0);
	if (*text.data == '{' && c->n_entries > 0 &&
	    c->entries[c->n_entries - 1].member == NULL) {
		/* names that begin with `_` are unknown ones, which stand last, and together */
		while (i < c->n_entries && c->entries[i].member != NULL)
			i++;
#define RESERVED(i) check_is_reserved(slice_of(c->out + c->entries[i].out, c->entries[i].name_len))
		while (i < c->n_entries && !RESERVED(i))
			i++;
		first = i;
		while (i < c->n_entries && RESERVED(i))
			i++;
#undef RESERVED
		if (i > first) {
			const char *start = c->out + c->entries[first].out;
			const char *end = i < c->n_entries ? c->out + c->entries[i].out : c->o;
			c->record.reserved = slice_of(start, (size_t)(end - 1 - start));
		}
	}
	c->recipients++;
	c->state = STATE_AFTER_ITEM;
	return CHECK_RECIPIENT;
}

/* The list of recipients ends with `]` at p. */
static void end_recipients(struct check *c)
{
	const struct node *node = c->stack[1].node;
	uint64_t n = c->recipients;
	bool few;

	if (n < node->min_items || n > node->max_items) {
		struct place *place = &c->recipients_place;

		few = n < node->min_items;
		c->depth = 1;
		if (check_count(c, RULE_items, (enum severity)node->severity[KEYWORD_ITEMS],
				node->basis_of[KEYWORD_ITEMS], 1, SLICE(""), place)) {
			buf_clear(&c->message);
			buf_printf(&c->message,
				   "expected a list of at %s %llu element%s, found %llu",
				   few ? "least" : "most",
				   (unsigned long long)(few ? node->min_items : node->max_items),
				   (few ? node->min_items : node->max_items) == 1 ? "" : "s",
				   (unsigned long long)n);
			check_tell(c);
		}
	}
	c->depth = 1;
}

/* --- the end of the response --- */

static int compare_top(const void *a, const void *b, void *arg)
{
	const struct top_entry *x = a, *y = b;
	const struct check *c = arg;
	int order = 0;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	if (x->order == ENTRY_UNKNOWN)
		order = check_compare_names(slice_of(c->top.data + x->out, x->name_len),
					    slice_of(c->top.data + y->out, y->name_len));
	return order != 0 ? order : (x->out > y->out) - (x->out < y->out);
}

/* Makes c->top the normal form of the response without its recipients. */
static int finish_top(struct check *c)
{
	struct buf *out = &c->scratch;
	size_t reserved = SIZE_MAX, reserved_end = 0;
	struct buf swap;

	buf_clear(out);
	if (c->n_top > 0)
		qsort_r(c->top_entries, c->n_top, sizeof(*c->top_entries), compare_top, c);
	buf_byte(out, '{');
	for (size_t i = 0; i < c->n_top; i++) {
		struct top_entry *t = &c->top_entries[i];
		struct slice name = slice_of(c->top.data + t->out, t->name_len);

		if (i > 0)
			buf_byte(out, ',');
		if (t->order == ENTRY_UNKNOWN && check_is_reserved(name)) {
			if (reserved == SIZE_MAX)
				reserved = out->len;
			reserved_end = out->len + t->len;
		}
		buf_append(out, c->top.data + t->out, t->len);
		t->out = out->len - t->len;
	}
	buf_byte(out, '}');
	if (out->failed)
		return -1;
	swap = c->top;
	c->top = c->scratch;
	c->scratch = swap;
	c->response.text = buf_view(&c->top);
	c->response.reserved = reserved == SIZE_MAX ? slice_of(NULL, 0)
						    : slice_of(c->top.data + reserved,
							       reserved_end - reserved);
	return 0;
}

static enum check_status end_response(struct check *c)
{
	struct slice id;

	c->state = STATE_END;
	c->other = classify_object(&c->classify);
	c->depth = 1;
	c->n_entries = 0;
	findings_begin_unit(c->findings);
	check_required(c, &c->stack[0], &c->response_place);
	findings_commit_unit(c->findings);
	if (finish_top(c) != 0)
		return CHECK_FAILED;
	id = check_value(c, c->id_member);
	if (id.len <= 2 || id.data[0] != '"' ||
	    !(c->classify.seen & classify_recipients()))
		c->unfit = true;
	return CHECK_END;
}

/* --- between units --- */

/* The response's `{`. */
static enum check_status open_response(struct check *c, const char *p)
{
	/* its members are read in units of their own, so what was seen must be kept apart */
	if (begin_unit(c, p, 0) != 0 || check_push(c, p, c->root, false) != 0 ||
	    check_scatter(c, &c->stack[0], 0) != 0)
		return cut_unit(c);
	check_place(c, p, &c->response_place);
	c->depth = 0; /* the finding is about the response, not about a member */
	if (c->root->allowed_types & TYPE_OBJECT)
		check_not_allowed(c, c->root, p, slice_of(p, 1));
	c->depth = 1;
	findings_commit_unit(c->findings);
	keep_top(c);
	c->w->at++;
	c->state = STATE_FIRST_MEMBER;
	return CHECK_MORE;
}

/* A comma, or the bracket that ends what is open. `next` follows a comma. */
static enum check_status delimiter(struct check *c, const char *p, char close, enum state next)
{
	if (*p != ',' && *p != close) {
		/* the pointer of the finding is the list's or the response's */
		begin_unit(c, p, close == ']' ? 2 : 1);
		c->depth = close == ']' ? 1 : 0;
		check_expected(c, p, close == ']' ? "',' or ']'" : "',' or '}'");
		return cut_unit(c);
	}
	c->w->at++;
	if (*p == ',') {
		c->state = next;
		if (close == ']')
			c->stack[1].index++;
		return CHECK_MORE;
	}
	if (close == '}')
		return end_response(c);
	findings_begin_unit(c->findings);
	end_recipients(c);
	findings_commit_unit(c->findings);
	c->state = STATE_AFTER_MEMBER;
	return CHECK_MORE;
}

static enum check_status read_other(struct check *c, const char *p)
{
	char first = *p;
	bool empty;

	if (begin_unit(c, p, 0) != 0)
		return cut_unit(c);
	p = c->target->value(c, p, &node_anything);
	if (p == NULL)
		return cut_unit(c);
	empty = c->o - c->out == 2;
	if (end_unit(c, p) != 0)
		return cut_unit(c);
	c->unfit = true;
	c->other = classify_other(first, empty);
	c->state = STATE_END;
	return CHECK_END;
}

/* One step at p, which is no white space. CHECK_MORE: go on. */
static enum check_status step(struct check *c, const char *p)
{
	switch (c->state) {
	case STATE_OPEN:
		return open_response(c, p);
	case STATE_FIRST_MEMBER:
		if (*p == '}')
			return delimiter(c, p, '}', STATE_MEMBER);
		return read_member(c, p);
	case STATE_MEMBER:
		return read_member(c, p);
	case STATE_AFTER_MEMBER:
		return delimiter(c, p, '}', STATE_MEMBER);
	case STATE_FIRST_ITEM:
		if (*p == ']')
			return delimiter(c, p, ']', STATE_ITEM);
		return read_recipient(c, p);
	case STATE_ITEM:
		return read_recipient(c, p);
	case STATE_AFTER_ITEM:
		return delimiter(c, p, ']', STATE_ITEM);
	case STATE_OTHER:
		return read_other(c, p);
	case STATE_END:
		break;
	}
	return CHECK_END;
}

enum check_status check_run(struct check *c, struct window *w)
{
	c->w = w;
	c->end = w->data + w->len;
	/* in the same window line feeds are not counted again */
	if (c->counted == NULL || c->counted_data != w->data || c->counted_offset != w->offset) {
		c->counted = c->counted_data = w->data;
		c->counted_offset = w->offset;
		c->counted_line = w->line;
		c->counted_start = w->line_start;
	}
	c->stop = STOP_NONE;
	for (;;) {
		const char *p = scan_space(w->data + w->at);
		enum state before = c->state;
		size_t at;
		enum check_status status;

		w->at = (size_t)(p - w->data);
		if (p >= c->end && !w->last)
			return CHECK_MORE;
		at = w->at;
		status = step(c, p);
		if (status != CHECK_MORE || (c->state == before && w->at == at))
			return status;
	}
}

/* --- what was read --- */

const struct record *check_record(const struct check *c)
{
	return &c->record;
}

struct slice check_recipient_value(const struct check *c, uint32_t member)
{
	const struct node *node;

	if (c->record.text.len == 0 || c->record.text.data[0] != '{' || member == UINT32_MAX)
		return slice_of(NULL, 0);
	node = node_items(c->stack[1].node);
	for (size_t i = 0; i < c->n_entries; i++) {
		const struct entry *e = &c->entries[i];
		const char *start, *end;

		if (e->member == NULL || e->member != &node->members[member])
			continue;
		start = c->out + e->out + e->name_len + 1;
		end = i + 1 < c->n_entries ? c->out + e[1].out - 1 : c->o - 1;
		return slice_of(start, (size_t)(end - start));
	}
	return slice_of(NULL, 0);
}

const struct record *check_response(const struct check *c)
{
	return &c->response;
}

struct slice check_value(const struct check *c, uint32_t member)
{
	if (member == UINT32_MAX)
		return slice_of(NULL, 0);
	for (size_t i = 0; i < c->n_top; i++) {
		const struct top_entry *t = &c->top_entries[i];

		if (t->order == member)
			return slice_of(c->top.data + t->out + t->name_len + 1,
					t->len - t->name_len - 1);
	}
	return slice_of(NULL, 0);
}

uint64_t check_recipients(const struct check *c)
{
	return c->recipients;
}

bool check_may_be_response(const struct check *c)
{
	return classify_may_be_response(&c->classify);
}

bool check_unfit(const struct check *c)
{
	return c->unfit;
}

const char *check_is_not(const struct check *c)
{
	return c->other;
}
