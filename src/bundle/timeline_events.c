/*
 * timeline_events.c: from moments to events: what differs from one capture of a batch to the next.
 * States are compared by value: the same in another order of members, as another model has it, is
 * the same.
 * It must never take what could not be read for a change.
 */
#include "bundle/timeline.h"

#include <stdlib.h>

#include "bundle/captures.h"
#include "json/differ.h"

#define NONE UINT32_MAX

/* The states of one subject at two moments that follow each other. */
struct pair {
	uint32_t *old, *new;
	size_t old_count, new_count;
	size_t old_cap, new_cap;
};

struct making {
	struct timeline *t;
	timeline_open *open;
	void *arg;
	struct compare *compare;
	struct pair pair;
	struct error *e;
};

/* --- order --- */

static int by_time(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->batch != y->batch)
		return x->batch < y->batch ? -1 : 1;
	if (x->updated != y->updated)
		return x->updated < y->updated ? -1 : 1;
	if (x->bundle != y->bundle)
		return x->bundle < y->bundle ? -1 : 1;
	return (x->response > y->response) - (x->response < y->response);
}

static int by_event(const void *a, const void *b, void *arg)
{
	const struct event *x = a, *y = b;
	const struct moment *moments = arg;
	int64_t s = moments[x->moment].updated, t = moments[y->moment].updated;

	if (s != t)
		return s < t ? -1 : 1;
	if (x->moment != y->moment)
		return x->moment < y->moment ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* --- states --- */

static int differs(void *arg, struct slice path, struct slice old, struct slice new)
{
	(void)arg;
	(void)path;
	(void)old;
	(void)new;
	return 1;
}

/* 1: they differ; 0: they do not; -1. */
static int different(const struct timeline *t, uint32_t a, uint32_t b, struct error *e)
{
	if (a == b)
		return 0;
	return differ_objects(map_key(t->states, a), map_key(t->states, b), differs, NULL, e);
}

static int add_event(struct making *m, struct event event)
{
	struct timeline *t = m->t;

	if (array_reserve(&t->events, &t->event_cap, t->event_count + 1, sizeof(*t->events)) != 0)
		return error_memory(m->e);
	event.order = t->event_count;
	t->events[t->event_count++] = event;
	return 0;
}

/* --- a recipient --- */

/* The states of a subject at a moment. */
static int states_at(struct making *m, size_t moment, uint32_t subject, uint32_t **states,
		     size_t *count, size_t *cap)
{
	const struct moment *at = &m->t->moments[moment];
	const struct sight *sight = m->t->sights + at->first;

	*count = 0;
	for (size_t i = 0; i < at->count; i++) {
		if (sight[i].subject != subject)
			continue;
		if (array_reserve(states, cap, *count + 1, sizeof(**states)) != 0)
			return error_memory(m->e);
		(*states)[(*count)++] = sight[i].state;
	}
	return 0;
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Takes away what stands at the same place of both, then what else both have. */
static int cancel(struct making *m, struct pair *p)
{
	size_t n = 0, k = 0, i, j, both = p->old_count < p->new_count ? p->old_count : p->new_count;

	for (i = 0; i < both; i++) {
		int d = different(m->t, p->old[i], p->new[i], m->e);

		if (d < 0)
			return -1;
		if (d == 0)
			continue;
		p->old[n] = p->old[i];
		p->new[n++] = p->new[i];
	}
	for (i = both, k = n; i < p->old_count; i++)
		p->old[k++] = p->old[i];
	p->old_count = k;
	for (i = both, k = n; i < p->new_count; i++)
		p->new[k++] = p->new[i];
	p->new_count = k;
	if (p->old_count > 1)
		qsort(p->old, p->old_count, sizeof(*p->old), ascending);
	if (p->new_count > 1)
		qsort(p->new, p->new_count, sizeof(*p->new), ascending);
	for (i = j = n = k = 0; i < p->old_count && j < p->new_count;) {
		if (p->old[i] == p->new[j])
			i++, j++;
		else if (p->old[i] < p->new[j])
			p->old[n++] = p->old[i++];
		else
			p->new[k++] = p->new[j++];
	}
	while (i < p->old_count)
		p->old[n++] = p->old[i++];
	while (j < p->new_count)
		p->new[k++] = p->new[j++];
	p->old_count = n;
	p->new_count = k;
	return 0;
}

/* *gone: the state in which it was when it was gone last, NONE: it was not. */
static int tell_pair(struct making *m, size_t moment, uint32_t subject, uint32_t *gone)
{
	const struct pair *p = &m->pair;

	for (size_t i = 0; i < p->old_count || i < p->new_count; i++) {
		struct event event = {.kind = EVENT_CHANGED, .subject = subject, .moment = moment,
				      .old = NONE, .new = NONE};

		if (i < p->old_count)
			event.old = p->old[i];
		if (i < p->new_count)
			event.new = p->new[i];
		if (event.new == NONE) {
			event.kind = EVENT_GONE;
			*gone = event.old;
		} else if (event.old == NONE) {
			event.kind = *gone == NONE ? EVENT_FIRST : EVENT_BACK;
			event.old = *gone;
			*gone = NONE;
		}
		if (add_event(m, event) != 0)
			return -1;
	}
	return 0;
}

static int follow_recipient(struct making *m, size_t first, size_t end, uint32_t subject)
{
	struct pair *p = &m->pair;
	uint32_t gone = NONE;

	for (size_t i = first; i < end; i++) {
		p->old_count = 0;
		if (i > first &&
		    states_at(m, i - 1, subject, &p->old, &p->old_count, &p->old_cap) != 0)
			return -1;
		if (states_at(m, i, subject, &p->new, &p->new_count, &p->new_cap) != 0 ||
		    cancel(m, p) != 0 || tell_pair(m, i, subject, &gone) != 0)
			return -1;
	}
	return 0;
}

/* --- a batch --- */

static int compare_moments(struct making *m, const struct moment *old, const struct moment *new,
			   struct compare_counts *counts)
{
	struct compare_side a = {.response = old->response}, b = {.response = new->response};

	a.b = m->open(m->arg, old->bundle, m->compare, m->e);
	b.b = a.b == NULL ? NULL : m->open(m->arg, new->bundle, m->compare, m->e);
	if (b.b == NULL)
		return -1;
	return compare_responses(m->compare, a, b, counts, m->e);
}

/* What became of it from moment i - 1 to i. *bad: something could not be read. */
static int follow_step(struct making *m, size_t i, uint32_t subject, bool *bad)
{
	const struct moment *old = &m->t->moments[i - 1], *new = &m->t->moments[i];
	struct event event = {.kind = EVENT_CHANGED, .subject = subject, .moment = i};
	struct compare_counts *n = &event.recipients;
	int own;

	if (memcmp(&old->identity, &new->identity, sizeof(old->identity)) == 0)
		return 0;
	event.old = m->pair.old[0];
	event.new = m->pair.new[0];
	own = different(m->t, event.old, event.new, m->e);
	if (own < 0)
		return -1;
	if (compare_moments(m, old, new, n) != 0) {
		*bad = true;
		event.unknown = true;
		*n = (struct compare_counts){0};
	}
	if (!event.unknown && own == 0 && n->changed == 0 && n->added == 0 && n->removed == 0)
		return 0;
	return add_event(m, event);
}

static int follow_batch(struct making *m, size_t first, size_t end, uint32_t subject)
{
	struct pair *p = &m->pair;
	bool bad = false;

	for (size_t i = first; i < end; i++) {
		if (states_at(m, i, subject, &p->new, &p->new_count, &p->new_cap) != 0)
			return -1;
		if (i == first) {
			if (add_event(m, (struct event){.kind = EVENT_FIRST, .subject = subject,
							.moment = i, .old = NONE,
							.new = p->new[0]}) != 0)
				return -1;
			continue;
		}
		if (states_at(m, i - 1, subject, &p->old, &p->old_count, &p->old_cap) != 0 ||
		    follow_step(m, i, subject, &bad) != 0)
			return -1;
	}
	return bad ? -1 : 0;
}

/* --- all of them --- */

/* A failure with one subject does not hide the others. */
static int follow(struct making *m)
{
	struct timeline *t = m->t;
	int result = 0;

	for (size_t first = 0, end; first < t->moment_count; first = end) {
		uint32_t batch = t->moments[first].batch;

		for (end = first; end < t->moment_count && t->moments[end].batch == batch; end++)
			;
		for (uint32_t i = 0; i < t->subject_count; i++) {
			if (t->subjects[i].batch != batch)
				continue;
			if ((t->subjects[i].whole ? follow_batch : follow_recipient)(
				    m, first, end, i) != 0)
				result = -1;
		}
	}
	return result;
}

int timeline_finish(struct timeline *t, timeline_open *open, void *arg, struct error *e)
{
	struct making m = {.t = t, .open = open, .arg = arg, .e = e};
	int result = -1;

	m.compare = compare_new(e);
	if (m.compare == NULL)
		return -1;
	if (t->moment_count > 1)
		qsort(t->moments, t->moment_count, sizeof(*t->moments), by_time);
	result = follow(&m);
	if (t->event_count > 1)
		qsort_r(t->events, t->event_count, sizeof(*t->events), by_event, t->moments);
	compare_free(m.compare);
	free(m.pair.old);
	free(m.pair.new);
	return result;
}

/* --- the longest gap --- */

static int64_t time_of(const struct moment *m)
{
	return m->seen != INT64_MIN ? m->seen : m->updated;
}

struct timeline_gap timeline_longest_gap(const struct timeline *t)
{
	struct timeline_gap gap = {0};
	int64_t *when = malloc((t->moment_count + 1) * sizeof(*when));

	for (size_t first = 0, end; when != NULL && first < t->moment_count; first = end) {
		uint32_t batch = t->moments[first].batch;
		struct captures_gap one;
		size_t n = 0;

		for (end = first; end < t->moment_count && t->moments[end].batch == batch; end++)
			if (time_of(&t->moments[end]) != INT64_MIN)
				when[n++] = time_of(&t->moments[end]);
		one = captures_gap_of(when, n);
		if ((uint64_t)one.to - (uint64_t)one.from > (uint64_t)gap.to - (uint64_t)gap.from)
			gap = (struct timeline_gap){one.from, one.to, batch};
	}
	free(when);
	return gap;
}
