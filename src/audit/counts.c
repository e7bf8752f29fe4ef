/*
 * counts.c: lines of recipients are looked into by several threads and counted in order.
 * Of a line only its status and two times are looked for, which stand at its beginning.
 * Threads must share nothing that changes while they run: numbers of unknown statuses are given
 * when a frame is taken.
 */
#include "audit/counts.h"

#include <stdlib.h>

#include "bundle/tombstone.h"
#include "json/members.h"

#define DAY 86400
/* Cells of a frame that are found again at once. */
#define RECENT 256
/* Cells are joined when there are so many new ones. */
#define JOIN_AT 65536
/* The status of what the filter leaves out, until all is counted. */
#define FILTERED UINT32_MAX

/* What was found in a frame; one for each slot of the crew. */
struct look {
	const struct counts_plan *plan;
	struct count_cell *cells; /* some may be there twice; statuses are numbers of `unknown` */
	size_t count, cap;
	uint32_t recent[RECENT]; /* a cell + 1 */
	struct count_time *times;
	size_t time_count, time_cap;
	struct map *unknown; /* values of statuses, number REPORT_PUBLISHED is the first */
	struct buf scratch;
	uint64_t erased; /* tombstones */
	int64_t offset, from, to; /* of the zone, in [from, to) */
	bool failed;              /* no memory */
};

struct run {
	const struct counts_plan *plan;
	struct counts *counts;
	struct look *looks;
	/* The frames at work: they are taken in the order in which they were asked for. */
	const struct frame_record **frames;
	uint64_t asked, taken;
	unsigned slots;
};

void counts_free(struct counts *c)
{
	free(c->cells);
	free(c->times);
	*c = (struct counts){0};
}

/* --- a frame, by any thread --- */

struct recipient {
	struct slice status;
	int64_t created, updated;
};

static struct recipient recipient_of(struct slice line)
{
	struct recipient r = {{0}, REPORT_NO_TIME, REPORT_NO_TIME};
	struct members in;
	struct json_member m;
	int left = 3;

	members_begin(&in, line);
	while (left > 0 && !in.array && members_next(&in, &m)) {
		if (slice_equal(m.name, SLICE("\"status\"")))
			r.status = m.value;
		else if (slice_equal(m.name, SLICE("\"created_at_unix\"")))
			r.created = facts_time(m.value);
		else if (slice_equal(m.name, SLICE("\"updated_at_unix\"")))
			r.updated = facts_time(m.value);
		else
			continue;
		left--;
	}
	return r;
}

static int32_t day_of(struct look *l, int64_t t)
{
	if (t == REPORT_NO_TIME)
		return COUNTS_NO_DAY;
	if (t < l->from || t >= l->to)
		l->offset = zone_offset(l->plan->zone, t, &l->from, &l->to);
	return (int32_t)((t + l->offset) / DAY); /* both are after 1970 */
}

static void count(struct look *l, const struct count_cell *cell)
{
	uint32_t hash = (cell->batch * 31 + cell->status) * 31 + (uint32_t)cell->day;
	uint32_t *recent = &l->recent[hash % RECENT];

	if (*recent > 0) {
		struct count_cell *known = &l->cells[*recent - 1];

		if (known->batch == cell->batch && known->status == cell->status &&
		    known->day == cell->day) {
			known->count += cell->count;
			return;
		}
	}
	if (array_reserve(&l->cells, &l->cap, l->count + 1, sizeof(*l->cells)) != 0) {
		l->failed = true;
		return;
	}
	l->cells[l->count] = *cell;
	*recent = (uint32_t)++l->count;
}

/* How long it took, if it is over and its times say it. */
static void take_time(struct look *l, const struct recipient *r, const struct span *span,
		      uint32_t status, int32_t day)
{
	const struct fact *f = &l->plan->facts->list[span->batch];
	int64_t start = r->created;

	if (status > REPORT_VOICEMAIL || r->created == REPORT_NO_TIME ||
	    r->updated == REPORT_NO_TIME || f->scheduled_unknown)
		return;
	if (f->scheduled != REPORT_NO_TIME && f->scheduled > start)
		start = f->scheduled;
	if (r->updated < start)
		return;
	if (array_reserve(&l->times, &l->time_cap, l->time_count + 1, sizeof(*l->times)) != 0) {
		l->failed = true;
		return;
	}
	l->times[l->time_count++] = (struct count_time){.seconds = (uint64_t)(r->updated - start) &
								   ((UINT64_C(1) << 37) - 1),
							.times = span->times & ((1u << 27) - 1),
							.batch = span->batch,
							.day = day};
}

static void take_line(struct look *l, struct slice line, const struct span *span)
{
	struct recipient r;
	struct count_cell cell = {.batch = span->batch, .count = span->times};

	if (tombstone_is(line)) {
		l->erased += span->times;
		return;
	}
	r = recipient_of(line);
	if (!filter_recipient(l->plan->filter, r.status, r.updated, &l->scratch)) {
		cell.status = FILTERED;
		cell.day = COUNTS_NO_DAY;
		count(l, &cell);
		return;
	}
	cell.status = status_of_value(r.status);
	if (cell.status == REPORT_PUBLISHED) {
		uint32_t n = map_add(l->unknown, r.status);

		l->failed |= n == MAP_NONE;
		cell.status += n;
	}
	cell.day = day_of(l, r.updated);
	count(l, &cell);
	take_time(l, &r, span, cell.status, cell.day);
}

static void look(void *arg, unsigned slot, struct slice content, uint64_t number)
{
	const struct run *r = arg;
	const struct spans *spans = r->plan->spans;
	struct look *l = &r->looks[slot];
	const char *at = content.data, *end = at + content.len, *lf;
	size_t i = spans_find(spans, number);

	for (; at < end && i < spans->count && !l->failed; at = lf + 1, number++) {
		const struct span *span = &spans->list[i];

		lf = memchr(at, '\n', (size_t)(end - at));
		if (lf == NULL)
			lf = end;
		if (number >= span->first)
			take_line(l, slice_of(at, (size_t)(lf - at)), span);
		i += number + 1 == span->end;
	}
	l->failed |= l->scratch.failed;
}

static bool wants(void *arg, const struct frame_record *frame)
{
	struct run *r = arg;

	if (!spans_meet(r->plan->spans, frame->first, frame->first + frame->lines))
		return false;
	r->frames[r->asked++ % r->slots] = frame;
	return true;
}

/* --- together --- */

static int by_cell(const void *a, const void *b)
{
	const struct count_cell *x = a, *y = b;

	if (x->batch != y->batch)
		return x->batch < y->batch ? -1 : 1;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return (x->status > y->status) - (x->status < y->status);
}

/* Makes one of cells that are the same. */
static void join(struct counts *c)
{
	size_t left = 0;

	if (c->cell_count > 1)
		qsort(c->cells, c->cell_count, sizeof(*c->cells), by_cell);
	for (size_t i = 0; i < c->cell_count; i++) {
		if (left > 0 && by_cell(&c->cells[left - 1], &c->cells[i]) == 0)
			c->cells[left - 1].count += c->cells[i].count;
		else
			c->cells[left++] = c->cells[i];
	}
	c->cell_count = left;
	c->settled = left;
}

/* Numbers of unknown statuses become those of all frames. */
static int number_statuses(struct look *l, struct statuses *s)
{
	uint32_t n = map_count(l->unknown);
	uint32_t *numbers = n == 0 ? NULL : malloc(n * sizeof(*numbers));

	if (n == 0)
		return 0;
	if (numbers == NULL)
		return -1;
	for (uint32_t i = 0; i < n; i++) {
		numbers[i] = statuses_add(s, map_key(l->unknown, i));
		l->failed |= numbers[i] == UINT32_MAX;
	}
	for (size_t i = 0; i < l->count; i++)
		if (l->cells[i].status >= REPORT_PUBLISHED && l->cells[i].status != FILTERED)
			l->cells[i].status = numbers[l->cells[i].status - REPORT_PUBLISHED];
	free(numbers);
	return l->failed ? -1 : 0;
}

static int add(struct counts *c, struct look *l)
{
	if (number_statuses(l, l->plan->statuses) != 0 ||
	    array_reserve(&c->cells, &c->cell_cap, c->cell_count + l->count, sizeof(*c->cells)) !=
		    0 ||
	    array_reserve(&c->times, &c->time_cap, c->time_count + l->time_count,
			  sizeof(*c->times)) != 0)
		return -1;
	if (l->count > 0)
		memcpy(c->cells + c->cell_count, l->cells, l->count * sizeof(*c->cells));
	if (l->time_count > 0)
		memcpy(c->times + c->time_count, l->times, l->time_count * sizeof(*c->times));
	c->cell_count += l->count;
	c->time_count += l->time_count;
	c->erased += l->erased;
	if (c->cell_count - c->settled >= JOIN_AT + c->settled)
		join(c);
	return 0;
}

static void clear(struct look *l)
{
	l->count = l->time_count = 0;
	l->erased = 0;
	memset(l->recent, 0, sizeof(l->recent));
	if (map_count(l->unknown) > 0)
		map_clear(l->unknown);
}

/* A frame is lost, and with it all figures of the batches that have lines in it. */
static void lose(struct run *r, const struct frame_record *frame)
{
	const struct spans *s = r->plan->spans;

	for (size_t i = spans_find(s, frame->first);
	     i < s->count && s->list[i].first < frame->first + frame->lines; i++)
		r->plan->facts->list[s->list[i].batch].unread = true;
}

static int take(void *arg, unsigned slot, const struct error *why, struct error *e)
{
	struct run *r = arg;
	const struct frame_record *frame = r->frames[r->taken++ % r->slots];
	struct look *l = &r->looks[slot];
	int result = 0;

	if (why->kind != ERROR_NONE) {
		lose(r, frame);
		r->plan->trouble(r->plan->arg, why);
	} else if (l->failed || add(r->counts, l) != 0) {
		result = error_memory(e);
	}
	clear(l);
	return result;
}

int counts_add(struct counts *c, const struct counts_plan *plan, struct error *e)
{
	unsigned slots = crew_slots(plan->crew);
	struct run r = {.plan = plan,
			.counts = c,
			.looks = calloc(slots, sizeof(*r.looks)),
			.frames = calloc(slots, sizeof(*r.frames)),
			.slots = slots};
	struct crew_task task = {plan->bundle, LINES_RECIPIENTS, &r, wants, look, take};
	int result = r.looks == NULL || r.frames == NULL ? error_memory(e) : 0;

	for (unsigned i = 0; result == 0 && i < slots; i++) {
		r.looks[i].plan = plan;
		r.looks[i].unknown = map_new();
		if (r.looks[i].unknown == NULL)
			result = error_memory(e);
	}
	if (result == 0)
		result = crew_run(plan->crew, &task, e);
	for (unsigned i = 0; r.looks != NULL && i < slots; i++) {
		free(r.looks[i].cells);
		free(r.looks[i].times);
		map_free(r.looks[i].unknown);
		buf_free(&r.looks[i].scratch);
	}
	free(r.looks);
	free(r.frames);
	return result;
}

/* --- times in order --- */

#define DIGIT_BITS 13 /* three digits hold the 37 bits */
#define DIGITS (1u << DIGIT_BITS)

/* One pass of a radix sort; false: all have the same digit. */
static bool sort_digit(const struct count_time *from, struct count_time *to, size_t n,
		       unsigned shift, size_t *place)
{
	size_t sum = 0;

	memset(place, 0, DIGITS * sizeof(*place));
	for (size_t i = 0; i < n; i++)
		place[from[i].seconds >> shift & (DIGITS - 1)]++;
	if (place[from[0].seconds >> shift & (DIGITS - 1)] == n)
		return false;
	for (size_t i = 0; i < DIGITS; i++) {
		size_t count_here = place[i];

		place[i] = sum;
		sum += count_here;
	}
	for (size_t i = 0; i < n; i++)
		to[place[from[i].seconds >> shift & (DIGITS - 1)]++] = from[i];
	return true;
}

static int sort_times(struct counts *c)
{
	struct count_time *other = malloc((c->time_count + 1) * sizeof(*other));
	size_t *place = malloc(DIGITS * sizeof(*place));
	bool fine = other != NULL && place != NULL;

	for (unsigned shift = 0; fine && c->time_count > 1 && shift < 37; shift += DIGIT_BITS) {
		if (!sort_digit(c->times, other, c->time_count, shift, place))
			continue;
		struct count_time *sorted = other;
		other = c->times;
		c->times = sorted;
		c->time_cap = c->time_count;
	}
	free(other);
	free(place);
	return fine ? 0 : -1;
}

/* What is unread, and what the filter left out, is in no cell. */
static void leave_out(struct counts *c, const struct facts *facts)
{
	size_t left = 0;

	for (size_t i = 0; i < c->cell_count; i++) {
		if (facts->list[c->cells[i].batch].unread)
			continue;
		if (c->cells[i].status == FILTERED)
			c->filtered += c->cells[i].count;
		else
			c->cells[left++] = c->cells[i];
	}
	c->cell_count = c->settled = left;
	left = 0;
	for (size_t i = 0; i < c->time_count; i++)
		if (!facts->list[c->times[i].batch].unread)
			c->times[left++] = c->times[i];
	c->time_count = left;
}

int counts_settle(struct counts *c, const struct facts *facts, struct error *e)
{
	join(c);
	leave_out(c, facts);
	return sort_times(c) == 0 ? 0 : error_memory(e);
}
