/*
 * sequence.c: reads the response lines of a batch's captures and puts them in order.
 * Two steps of different groups, neither timeless, were made in the order of their groups.
 * It must never guess an order that the captures do not tell.
 */
#include "audit/sequence.h"

#include <stdlib.h>

#include "json/members.h"

const char *const sequence_counter[SEQUENCE_COUNTERS] = {
	"total_calls_dispatched",
	"total_calls_scheduled",
	"total_calls_finished",
	"retry_count",
};

int sequence_init(struct sequence *s, struct error *e)
{
	*s = (struct sequence){.seen = map_new()};
	return s->seen != NULL ? 0 : error_memory(e);
}

void sequence_free(struct sequence *s)
{
	map_free(s->seen);
	free(s->step);
	free(s->by_seen);
	*s = (struct sequence){0};
}

/* --- what a response line says --- */

static void read_line(struct sequence_step *step, struct slice line)
{
	struct members in;
	struct json_member m;

	for (int i = 0; i < SEQUENCE_COUNTERS; i++)
		step->counter[i] = SEQUENCE_ABSENT;
	members_begin(&in, line);
	while (!in.array && members_next(&in, &m)) {
		struct slice name = slice_of(m.name.data + 1, m.name.len - 2);

		if (slice_equal(name, SLICE("_sha256")))
			step->read = m.value.len > 2 &&
				     sha256_parse(slice_of(m.value.data + 1, m.value.len - 2),
						  &step->identity) == 0;
		for (int i = 0; i < SEQUENCE_COUNTERS; i++)
			if (slice_equal(name, slice_string(sequence_counter[i])) &&
			    !json_int(m.value, &step->counter[i]))
				step->counter[i] = SEQUENCE_ABSENT;
	}
	step->read &= !in.bad;
}

static int by_bundle(const void *a, const void *b)
{
	const struct capture *x = ((const struct sequence_step *)a)->capture;
	const struct capture *y = ((const struct sequence_step *)b)->capture;

	if (x->bundle != y->bundle)
		return x->bundle < y->bundle ? -1 : 1;
	return (x->response > y->response) - (x->response < y->response);
}

/* *e: the first failure. */
static void read_step(struct sequence_step *step, const struct bundle *b, struct compare *c,
		      struct error *e)
{
	struct slice line;

	if (compare_line(c, b, LINES_RESPONSES, step->capture->response, &line, e) != 0)
		return;
	read_line(step, line);
	if (!step->read)
		error_set(e, ERROR_BUNDLE, "%s: response %llu is not in the normal form",
			  bundle_path(b), (unsigned long long)step->capture->response);
}

static void read_steps(struct sequence *s, timeline_open *open, void *arg, struct compare *c,
		       struct error *e)
{
	const struct bundle *b = NULL;

	if (s->count > 1)
		qsort(s->step, s->count, sizeof(*s->step), by_bundle);
	for (size_t i = 0; i < s->count && e->kind != ERROR_MEMORY; i++) {
		uint32_t number = s->step[i].capture->bundle;
		struct error why = {0};

		if (i == 0 || number != s->step[i - 1].capture->bundle)
			b = open(arg, number, c, &why);
		if (b != NULL)
			read_step(&s->step[i], b, c, &why);
		if (why.kind == ERROR_MEMORY)
			*e = (struct error){0};
		if (why.kind != ERROR_NONE)
			error_set(e, why.kind, "%s", why.text);
	}
}

/* --- order --- */

static int ascending(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int by_seen(const void *a, const void *b)
{
	const struct capture *x = ((const struct sequence_step *)a)->capture;
	const struct capture *y = ((const struct sequence_step *)b)->capture;

	if (x->seen != y->seen)
		return ascending(x->seen, y->seen);
	return x->updated != y->updated ? ascending(x->updated, y->updated) : by_bundle(a, b);
}

static int by_update(const void *a, const void *b)
{
	const struct capture *x = ((const struct sequence_step *)a)->capture;
	const struct capture *y = ((const struct sequence_step *)b)->capture;

	if (x->updated != y->updated)
		return ascending(x->updated, y->updated);
	return x->seen != y->seen ? ascending(x->seen, y->seen) : by_bundle(a, b);
}

/* Was x, which is sorted behind `first`, made later for certain? */
static bool is_later(const struct capture *first, const struct capture *x, bool all_seen)
{
	int64_t a = all_seen ? first->updated : first->seen;
	int64_t b = all_seen ? x->updated : x->seen;

	if (all_seen ? first->seen != x->seen : first->updated != x->updated)
		return true;
	return a != INT64_MIN && b != INT64_MIN && a != b;
}

static int make_groups(struct sequence *s, bool all_seen, struct error *e)
{
	const struct sequence_step *first = NULL;
	uint32_t group = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct sequence_step *step = &s->step[i];
		uint32_t before;

		step->timeless = !all_seen && step->capture->updated == INT64_MIN;
		if (first == NULL || first->timeless ||
		    is_later(first->capture, step->capture, all_seen)) {
			first = step;
			group++;
			map_clear(s->seen);
		}
		step->group = group;
		if (!step->read)
			continue;
		before = map_count(s->seen);
		step->repeat = map_add(s->seen, slice_of((const char *)&step->identity,
							 sizeof(step->identity))) < before;
		if (map_count(s->seen) == before && !step->repeat)
			return error_memory(e);
	}
	return 0;
}

/* --- updates, in the order of _seen alone --- */

static int by_seen_of(const void *a, const void *b, void *arg)
{
	const struct sequence_step *step = arg;

	return by_seen(&step[*(const size_t *)a], &step[*(const size_t *)b]);
}

static int find_later(struct sequence *s, struct error *e)
{
	size_t n = 0, last = SIZE_MAX; /* the latest of those seen before */

	if (array_reserve(&s->by_seen, &s->by_seen_cap, s->count + 1, sizeof(*s->by_seen)) != 0)
		return error_memory(e);
	for (size_t i = 0; i < s->count; i++) {
		const struct capture *c = s->step[i].capture;

		s->step[i].later = SIZE_MAX;
		if (c->seen != INT64_MIN && c->updated != INT64_MIN)
			s->by_seen[n++] = i;
	}
	if (n > 1)
		qsort_r(s->by_seen, n, sizeof(*s->by_seen), by_seen_of, s->step);
	for (size_t i = 1; i < n; i++) {
		const struct capture *c = s->step[s->by_seen[i]].capture;
		const struct capture *before = s->step[s->by_seen[i - 1]].capture;

		if (c->seen != before->seen)
			last = s->by_seen[i - 1];
		if (last != SIZE_MAX && s->step[last].capture->updated > c->updated)
			s->step[s->by_seen[i]].later = last;
	}
	return 0;
}

int sequence_read(struct sequence *s, const struct capture *captures, size_t count,
		  timeline_open *open, void *arg, struct compare *c, struct error *e)
{
	struct error trouble = {0}, memory = {0};
	bool all_seen = true;

	s->count = 0;
	if (array_reserve(&s->step, &s->cap, count + 1, sizeof(*s->step)) != 0)
		return error_memory(e);
	for (size_t i = 0; i < count; i++) {
		all_seen &= captures[i].seen != INT64_MIN;
		s->step[s->count++] = (struct sequence_step){.capture = &captures[i]};
	}
	read_steps(s, open, arg, c, &trouble);
	if (count > 1)
		qsort(s->step, count, sizeof(*s->step), all_seen ? by_seen : by_update);
	if (make_groups(s, all_seen, &memory) != 0 || find_later(s, &memory) != 0)
		return error_set(e, memory.kind, "%s", memory.text);
	return trouble.kind == ERROR_NONE ? 0 : error_set(e, trouble.kind, "%s", trouble.text);
}
