/*
 * tally.c: findings counted over many responses.
 * A group is what group.h calls one; its texts (path and message of the first finding) stand in one
 * arena. Must never depend on the order of anything but the calls.
 */
#include "finding/tally.h"

#include <stdlib.h>

#include "base/text.h"
#include "finding/color.h"
#include "finding/group.h"

/* In so many responses a value is frequent, and so many of them are named in a hint. */
#define FREQUENT 3
#define HINT_VALUES 5

struct text {
	size_t at, len; /* in the arena */
};

struct tally_group {
	uint64_t inputs;
	uint64_t input; /* the number of the input counted last */
	bool has_first; /* path, message and first are final */
	struct text path;
	struct text message; /* empty: it was not told */
	struct place first;
};

/* One message of rule enum in one group, that is: one unknown value. */
struct tally_value {
	uint32_t group;
	uint64_t responses;
	uint64_t response; /* the number of the response counted last */
};

struct tally {
	bool failed;
	struct map *keys; /* see group.h; the number indexes groups */
	struct tally_group *groups;
	size_t groups_cap;
	uint32_t group_count;

	struct map *messages; /* the group's number, 4 bytes, and the message; indexes values */
	struct tally_value *values;
	size_t values_cap;
	uint32_t value_count;

	struct buf arena;
	struct buf path;   /* of the response added last */
	uint64_t input;    /* from 1; 0: none yet */
	uint64_t response; /* the same */

	uint32_t *numbers; /* scratch: groups of what is added -> groups here */
	size_t numbers_cap;
};

struct tally *tally_new(void)
{
	struct tally *t = calloc(1, sizeof(*t));
	if (t == NULL)
		return NULL;
	t->keys = map_new();
	t->messages = map_new();
	if (t->keys == NULL || t->messages == NULL) {
		tally_free(t);
		return NULL;
	}
	return t;
}

void tally_free(struct tally *t)
{
	if (t == NULL)
		return;
	map_free(t->keys);
	map_free(t->messages);
	free(t->groups);
	free(t->values);
	free(t->numbers);
	buf_free(&t->arena);
	buf_free(&t->path);
	free(t);
}

void tally_clear(struct tally *t)
{
	if (t->group_count > 0) {
		map_clear(t->keys);
		map_clear(t->messages);
	}
	t->group_count = 0;
	t->value_count = 0;
	buf_clear(&t->arena);
	buf_clear(&t->path);
	t->input = 0;
	t->response = 0;
	t->failed = false;
}

bool tally_failed(const struct tally *t)
{
	return t->failed || t->arena.failed || t->path.failed;
}

/* --- adding --- */

static struct text keep(struct tally *t, struct slice s)
{
	struct text text = {t->arena.len, s.len};

	buf_slice(&t->arena, s);
	return text;
}

static struct slice text_of(const struct tally *t, struct text text)
{
	/* A text that found no memory lies beyond the end. */
	if (text.len == 0 || text.len > t->arena.len || text.at > t->arena.len - text.len)
		return SLICE("");
	return slice_of(t->arena.data + text.at, text.len);
}

/* The group, a new one with no inputs if need be; NULL: no memory, and the tally has failed. */
static struct tally_group *find_group(struct tally *t, enum rule rule, enum severity severity,
				      struct slice shape, uint32_t *number)
{
	*number = MAP_NONE;
	if (array_reserve(&t->groups, &t->groups_cap, (size_t)t->group_count + 1,
			  sizeof(*t->groups)) == 0)
		*number = group_number(t->keys, rule, severity, shape);
	if (*number == MAP_NONE) {
		t->failed = true;
		return NULL;
	}
	if (*number == t->group_count)
		t->groups[t->group_count++] = (struct tally_group){0};
	return &t->groups[*number];
}

/* Several groups of an input can be one here ("..."): the input counts once. */
static void add_inputs(struct tally *t, struct tally_group *g, uint64_t inputs)
{
	if (g->input == t->input)
		return;
	g->input = t->input;
	g->inputs += inputs;
}

static void add_value(struct tally *t, uint32_t group, struct slice message, uint64_t responses)
{
	char key[sizeof(group) + LIMIT_POINTER + 8];

	if (message.len > sizeof(key) - sizeof(group))
		return;
	memcpy(key, &group, sizeof(group));
	memcpy(key + sizeof(group), message.data, message.len);
	struct slice whole = slice_of(key, sizeof(group) + message.len);

	uint32_t number = map_find(t->messages, whole);
	if (number == MAP_NONE) {
		if (t->value_count == LIMIT_GROUPS)
			return;
		if (array_reserve(&t->values, &t->values_cap, (size_t)t->value_count + 1,
				  sizeof(*t->values)) == 0)
			number = map_add(t->messages, whole);
		if (number == MAP_NONE) {
			t->failed = true;
			return;
		}
		t->values[t->value_count++] = (struct tally_value){.group = group};
	}
	struct tally_value *v = &t->values[number];
	if (v->response != t->response) {
		v->response = t->response;
		v->responses += responses;
	}
}

/* A response has begun: which input is it of? */
static void begin_response(struct tally *t, struct slice path)
{
	t->response++;
	if (t->input > 0 && slice_equal(path, buf_view(&t->path)))
		return;
	t->input++;
	t->path.len = 0;
	buf_slice(&t->path, path);
}

static void add_group(struct tally *t, const struct finding_group *from, struct slice path,
		      uint32_t *number)
{
	struct tally_group *g = find_group(t, from->rule, from->severity, from->shape, number);
	if (g == NULL)
		return;
	if (g->inputs == 0) {
		g->path = keep(t, path);
		g->first = from->first_untold;
		g->has_first = from->told == 0;
	}
	add_inputs(t, g, 1);
}

static void add_finding(struct tally *t, const struct finding *from, uint32_t number)
{
	struct tally_group *g = &t->groups[number];

	if (!g->has_first) {
		g->has_first = true;
		g->first = from->place;
		g->message = keep(t, from->message);
	}
	if (from->rule == RULE_enum)
		add_value(t, number, from->message, 1);
}

/* Room for the numbers that `count` groups get here. */
static int reserve_numbers(struct tally *t, size_t count)
{
	if (array_reserve(&t->numbers, &t->numbers_cap, count, sizeof(*t->numbers)) == 0)
		return 0;
	t->failed = true;
	return -1;
}

void tally_response(struct tally *t, const struct findings *f, struct slice path)
{
	size_t group_count, count;
	const struct finding_group *groups = findings_groups(f, &group_count);

	if (findings_failed(f))
		t->failed = true;
	if (group_count == 0 || t->failed || reserve_numbers(t, group_count) < 0)
		return;
	begin_response(t, path);
	for (size_t i = 0; i < group_count && !t->failed; i++)
		add_group(t, &groups[i], path, &t->numbers[i]);
	const struct finding *list = findings_list(f, &count);
	for (size_t i = 0; i < count && !t->failed; i++)
		add_finding(t, &list[i], t->numbers[list[i].group]);
}

static void merge_group(struct tally *t, const struct tally *other, uint32_t i)
{
	const struct tally_group *from = &other->groups[i];
	struct tally_group *g =
		find_group(t, group_rule(other->keys, i), group_severity(other->keys, i),
			   group_shape(other->keys, i), &t->numbers[i]);
	if (g == NULL)
		return;
	if (g->inputs == 0) {
		g->path = keep(t, text_of(other, from->path));
		g->message = keep(t, text_of(other, from->message));
		g->first = from->first;
		g->has_first = true;
	}
	add_inputs(t, g, from->inputs);
}

void tally_add(struct tally *t, const struct tally *other)
{
	if (tally_failed(other))
		t->failed = true;
	if (other->group_count == 0 || t->failed || reserve_numbers(t, other->group_count) < 0)
		return;
	t->input++;
	for (uint32_t i = 0; i < other->group_count && !t->failed; i++)
		merge_group(t, other, i);
	for (uint32_t i = 0; i < other->value_count && !t->failed; i++) {
		const struct tally_value *v = &other->values[i];
		struct slice key = map_key(other->messages, i);
		t->response++;
		add_value(t, t->numbers[v->group],
			  slice_of(key.data + sizeof(uint32_t), key.len - sizeof(uint32_t)),
			  v->responses);
	}
	/* The next response added to *t is of yet another input, whatever its path. */
	t->path.len = 0;
}

/* --- printing --- */

/* Does group a come before group b? A total order: worse, then more inputs, then first met. */
static bool before(const struct tally *t, uint32_t a, uint32_t b)
{
	enum severity s = group_severity(t->keys, a), r = group_severity(t->keys, b);

	if (s != r)
		return s > r;
	if (t->groups[a].inputs != t->groups[b].inputs)
		return t->groups[a].inputs > t->groups[b].inputs;
	return a < b;
}

/*
 * The group that comes next after `last` (MAP_NONE: the first of all), or MAP_NONE. Looking for it
 * among all is slower than sorting and needs no memory; there are few groups.
 */
static uint32_t next_group(const struct tally *t, uint32_t last)
{
	uint32_t best = MAP_NONE;

	for (uint32_t i = 0; i < t->group_count; i++) {
		if (last != MAP_NONE && !before(t, last, i))
			continue;
		if (best == MAP_NONE || before(t, i, best))
			best = i;
	}
	return best;
}

static void print_spaces(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_byte(out, ' ');
}

/* The number of bytes that text_count writes. */
static size_t count_width(uint64_t n)
{
	size_t digits = 1;

	while (n >= 10) {
		n /= 10;
		digits++;
	}
	return digits + (digits - 1) / 3;
}

static void print_group(const struct tally *t, uint32_t number, size_t width, bool color,
			struct buf *out)
{
	const struct tally_group *g = &t->groups[number];
	enum severity severity = group_severity(t->keys, number);
	struct slice shape = group_shape(t->keys, number);

	color_severity(out, severity, color);
	print_spaces(out, strlen("warning") - strlen(severity_name(severity)) + 2);
	print_spaces(out, width - count_width(g->inputs));
	text_count(out, g->inputs);
	buf_string(out, g->inputs == 1 ? " input   " : " inputs  ");
	buf_string(out, rule_info(group_rule(t->keys, number))->name);
	buf_string(out, "  ");
	if (shape.len > 0) {
		text_safe(out, group_is_others(shape) ? SLICE("other places") : shape);
		buf_string(out, "  ");
	}
	/* of what is no response the shape says it already */
	if (g->message.len > 0 && group_rule(t->keys, number) != RULE_not_a_response) {
		text_safe(out, text_of(t, g->message));
		buf_string(out, "  ");
	}
	buf_string(out, "first ");
	text_safe(out, text_of(t, g->path));
	buf_printf(out, ":%llu:%llu\n", (unsigned long long)g->first.line,
		   (unsigned long long)g->first.column);
}

/* What was found, of a message "expected ...; found ..."; else the whole message. */
static struct slice found_part(struct slice message)
{
	static const char mark[] = "; found ";
	const char *at = memmem(message.data, message.len, mark, sizeof(mark) - 1);

	if (at == NULL)
		return message;
	at += sizeof(mark) - 1;
	return slice_of(at, (size_t)(message.data + message.len - at));
}

/* A line that names the frequent unknown values of the group, if there are any. */
static void print_hint(const struct tally *t, uint32_t number, struct buf *out)
{
	size_t named = 0, others = 0;

	for (uint32_t i = 0; i < t->value_count; i++) {
		const struct tally_value *v = &t->values[i];
		if (v->group != number || v->responses < FREQUENT)
			continue;
		if (named == HINT_VALUES) {
			others++;
			continue;
		}
		struct slice key = map_key(t->messages, i);
		buf_string(out, named++ == 0 ? "  hint: " : ", ");
		text_safe(out, found_part(slice_of(key.data + sizeof(number),
						   key.len - sizeof(number))));
		buf_string(out, " in ");
		text_count(out, v->responses);
		buf_string(out, " responses");
	}
	if (named == 0)
		return;
	if (others > 0)
		buf_printf(out, " and %zu other values", others);
	buf_string(out, "; to accept: -W enum=info, or add the value to a copy of the model"
			" (callroll model) and use --model\n");
}

void tally_print(const struct tally *t, size_t most, bool color, struct buf *out)
{
	uint32_t number = next_group(t, MAP_NONE);
	size_t width = 1, printed = 0;

	for (uint32_t i = 0; i < t->group_count; i++) {
		size_t w = count_width(t->groups[i].inputs);
		width = w > width ? w : width;
	}
	for (; number != MAP_NONE && printed < most; number = next_group(t, number)) {
		print_group(t, number, width, color, out);
		if (group_rule(t->keys, number) == RULE_enum &&
		    group_severity(t->keys, number) > SEVERITY_INFO)
			print_hint(t, number, out);
		printed++;
	}
	if (printed < t->group_count) {
		buf_string(out, "\xe2\x80\xa6 and ");
		text_count(out, t->group_count - printed);
		buf_string(out, t->group_count - printed == 1 ? " more kind of finding\n"
							      : " more kinds of findings\n");
	}
}
