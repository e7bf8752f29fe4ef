/*
 * set.c: counting and keeping the findings of one response.
 * What an open unit counted stands in `pending`, apart from what is committed, and only its groups
 * are looked at when the unit ends. Must never do work for groups that a unit did not touch.
 */
#include "finding/set.h"

#include <stdlib.h>

#include "base/buf.h"
#include "finding/group.h"

/* What the open unit adds to a group. */
struct pending {
	uint64_t count;
	uint32_t told;
	struct place first_untold; /* holds if count > told */
};

/* A told finding. Its texts stand in the arena, which moves: see findings_list. */
struct stored {
	struct finding finding; /* pointer and message: only their lengths hold */
	size_t at;              /* the pointer in the arena, the message right behind it */
};

struct findings {
	uint64_t most;
	struct severities severities;
	bool failed;

	/* GROUP_MOST of each: few, and nothing can fail once a group has its number. */
	struct map *keys;             /* see group.h; a group's number indexes the next two */
	struct finding_group *groups; /* committed counts; shape is set in findings_groups */
	struct pending *pending;      /* all zero between units */
	uint32_t *touched;            /* the groups with a pending count */
	uint32_t group_count;
	uint32_t committed_groups;
	uint32_t touched_count;

	struct stored *stored;
	struct finding *list; /* made of `stored` in findings_list; as long */
	size_t stored_cap, list_cap;
	size_t stored_count;
	size_t committed_stored;
	struct buf arena;
	size_t committed_arena;

	uint64_t by_severity[SEVERITY_ERROR + 1]; /* committed */
	uint64_t by_rule[RULE_COUNT];             /* committed */

	struct finding current; /* counted and waiting for findings_tell */

	struct findings_veil veil; /* of NULLs: there is none */
	struct buf shape, pointer, message;
};

struct findings *findings_new(uint64_t most, const struct severities *s)
{
	struct findings *f = calloc(1, sizeof(*f));
	if (f == NULL)
		return NULL;
	f->keys = map_new();
	f->groups = calloc(GROUP_MOST, sizeof(*f->groups));
	f->pending = calloc(GROUP_MOST, sizeof(*f->pending));
	f->touched = calloc(GROUP_MOST, sizeof(*f->touched));
	if (f->keys == NULL || f->groups == NULL || f->pending == NULL || f->touched == NULL) {
		findings_free(f);
		return NULL;
	}
	f->most = most < LIMIT_FINDINGS_MOST ? most : LIMIT_FINDINGS_MOST;
	if (s != NULL)
		f->severities = *s;
	return f;
}

void findings_free(struct findings *f)
{
	if (f == NULL)
		return;
	map_free(f->keys);
	free(f->groups);
	free(f->pending);
	free(f->touched);
	free(f->stored);
	free(f->list);
	buf_free(&f->arena);
	buf_free(&f->shape);
	buf_free(&f->pointer);
	buf_free(&f->message);
	free(f);
}

void findings_cover(struct findings *f, const struct findings_veil *veil)
{
	f->veil = *veil;
}

static void drop_unit(struct findings *f)
{
	for (uint32_t i = 0; i < f->touched_count; i++)
		f->pending[f->touched[i]] = (struct pending){0};
	f->touched_count = 0;
	if (f->group_count > f->committed_groups) {
		f->group_count = f->committed_groups;
		map_truncate(f->keys, f->committed_groups);
	}
	f->stored_count = f->committed_stored;
	f->arena.len = f->committed_arena;
}

void findings_clear(struct findings *f)
{
	if (f->group_count == 0 && !f->failed)
		return;
	f->committed_groups = 0;
	f->committed_stored = 0;
	f->committed_arena = 0;
	drop_unit(f);
	buf_clear(&f->arena);
	memset(f->by_severity, 0, sizeof(f->by_severity));
	memset(f->by_rule, 0, sizeof(f->by_rule));
	f->failed = false;
}

void findings_begin_unit(struct findings *f)
{
	if (f->touched_count > 0)
		drop_unit(f);
}

/* Adds what the unit counted in a group to what is committed. */
static void commit_group(struct findings *f, uint32_t number)
{
	struct finding_group *g = &f->groups[number];
	struct pending *p = &f->pending[number];

	if (p->count > p->told &&
	    (g->count == g->told || p->first_untold.offset < g->first_untold.offset))
		g->first_untold = p->first_untold;
	g->count += p->count;
	g->told += p->told;
	f->by_severity[g->severity] += p->count;
	f->by_rule[g->rule] += p->count;
	*p = (struct pending){0};
}

static int compare_stored(const void *a, const void *b)
{
	const struct stored *x = a, *y = b;
	uint64_t p = x->finding.place.offset, q = y->finding.place.offset;

	if (p != q)
		return p < q ? -1 : 1;
	/* Told first, first in the arena: the order is stable. */
	return (x->at > y->at) - (x->at < y->at);
}

/* Sorts the findings from `first` on; nearly always they are sorted already. */
static void sort_stored(struct findings *f, size_t first)
{
	for (size_t i = first + 1; i < f->stored_count; i++) {
		if (compare_stored(&f->stored[i - 1], &f->stored[i]) > 0) {
			qsort(f->stored + first, f->stored_count - first, sizeof(*f->stored),
			      compare_stored);
			return;
		}
	}
}

void findings_commit_unit(struct findings *f)
{
	if (f->touched_count == 0)
		return;
	for (uint32_t i = 0; i < f->touched_count; i++)
		commit_group(f, f->touched[i]);
	f->touched_count = 0;
	sort_stored(f, f->committed_stored);
	f->committed_groups = f->group_count;
	f->committed_stored = f->stored_count;
	f->committed_arena = f->arena.len;
}

/* The group of a finding, a new one if need be; MAP_NONE: no memory. */
static uint32_t find_group(struct findings *f, enum rule rule, enum severity severity,
			   struct slice shape)
{
	uint32_t number = group_number(f->keys, rule, severity, shape);
	if (number != MAP_NONE && number == f->group_count) {
		f->groups[number] = (struct finding_group){.rule = rule, .severity = severity};
		f->group_count++;
	}
	return number;
}

bool findings_count(struct findings *f, enum rule rule, enum severity own, enum basis basis,
		    struct slice shape, const struct place *place)
{
	enum severity severity = severity_of(&f->severities, rule, own);
	if (severity == SEVERITY_OFF || f->failed)
		return false;

	if (f->veil.pointer != NULL) {
		buf_clear(&f->shape);
		f->veil.pointer(f->veil.arg, rule, shape, &f->shape);
		f->failed |= f->shape.failed;
		shape = buf_view(&f->shape);
	}
	uint32_t number = find_group(f, rule, severity, shape);
	if (number == MAP_NONE) {
		f->failed = true;
		return false;
	}
	struct pending *p = &f->pending[number];
	if (p->count++ == 0)
		f->touched[f->touched_count++] = number;
	if ((uint64_t)f->groups[number].told + p->told < f->most) {
		p->told++;
		f->current = (struct finding){
			.rule = rule,
			.severity = severity,
			.basis = basis,
			.place = *place,
			.group = number,
		};
		return true;
	}
	if (p->count - p->told == 1 || place->offset < p->first_untold.offset)
		p->first_untold = *place;
	return false;
}

/* Appends s to the arena, cut after LIMIT_POINTER bytes; returns what it added. */
static size_t keep_text(struct buf *arena, struct slice s)
{
	size_t before = arena->len;

	if (s.len <= LIMIT_POINTER) {
		buf_slice(arena, s);
		return arena->len - before;
	}
	/* Not in the middle of a character, nor of a ~0 or ~1. */
	size_t n = LIMIT_POINTER;
	while (n > LIMIT_POINTER - 3 && ((unsigned char)s.data[n] & 0xc0) == 0x80)
		n--;
	if (s.data[n - 1] == '~')
		n--;
	buf_append(arena, s.data, n);
	buf_string(arena, "...");
	return arena->len - before;
}

void findings_tell(struct findings *f, struct slice pointer, struct slice message)
{
	size_t need = f->stored_count + 1;

	if (f->veil.pointer != NULL) {
		enum rule rule = f->current.rule;

		buf_clear(&f->pointer);
		buf_clear(&f->message);
		f->veil.message(f->veil.arg, rule, pointer, message, &f->message);
		f->veil.pointer(f->veil.arg, rule, pointer, &f->pointer);
		f->failed |= f->pointer.failed || f->message.failed;
		pointer = buf_view(&f->pointer);
		message = buf_view(&f->message);
	}
	if (f->failed)
		return;
	if (array_reserve(&f->stored, &f->stored_cap, need, sizeof(*f->stored)) < 0 ||
	    array_reserve(&f->list, &f->list_cap, need, sizeof(*f->list)) < 0) {
		f->failed = true;
		return;
	}
	struct stored *s = &f->stored[f->stored_count];
	s->finding = f->current;
	s->at = f->arena.len;
	s->finding.pointer = slice_of(NULL, keep_text(&f->arena, pointer));
	s->finding.message = slice_of(NULL, keep_text(&f->arena, message));
	if (f->arena.failed)
		f->failed = true;
	else
		f->stored_count++;
}

uint64_t findings_total(const struct findings *f, enum severity s)
{
	return f->by_severity[s];
}

uint64_t findings_of_rule(const struct findings *f, enum rule rule)
{
	return f->by_rule[rule];
}

const struct finding *findings_list(const struct findings *f, size_t *count)
{
	const char *texts = f->arena.data != NULL ? f->arena.data : "";

	for (size_t i = 0; i < f->committed_stored; i++) {
		const struct stored *s = &f->stored[i];
		struct finding *to = &f->list[i];

		*to = s->finding;
		to->pointer.data = texts + s->at;
		to->message.data = texts + s->at + to->pointer.len;
	}
	*count = f->committed_stored;
	return f->list;
}

const struct finding_group *findings_groups(const struct findings *f, size_t *count)
{
	for (uint32_t i = 0; i < f->committed_groups; i++)
		f->groups[i].shape = group_shape(f->keys, i);
	*count = f->committed_groups;
	return f->groups;
}

bool findings_failed(const struct findings *f)
{
	return f->failed;
}
