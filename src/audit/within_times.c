/*
 * within_times.c: are times Unix seconds, and in an order in which things can happen? A time of
 * another unit is told as such and takes no part in the order.
 * Of the times that contradict one of the batch only the worst is told, whatever the member order.
 */
#include "audit/within_inside.h"

#include "base/text.h"

#define MILLISECONDS 100000000000 /* from here on; as seconds it is the year 5138 */
#define OLDEST 1577836800         /* 2020-01-01: there were no batch calls before */

/* A time that can be one. */
static inline bool is_time(struct slice value, int64_t *out)
{
	return within_number(value, out) && *out >= OLDEST && *out < MILLISECONDS;
}

/* 2026-05-04 15:41:30 UTC */
static void put_time(struct within *w, int64_t time)
{
	text_clock(&w->message, time);
	buf_string(&w->message, " UTC");
}

/* --- time-unit --- */

/* What the number would be in the unit that fits it. */
static void put_unit(struct within *w, int64_t time)
{
	static const struct {
		int64_t from, second;
		const char *name;
	} units[] = {
		{100000000000000000, 1000000000, "nanoseconds"},
		{100000000000000, 1000000, "microseconds"},
		{MILLISECONDS, 1000, "milliseconds"},
	};

	if (time == INT64_MAX) {
		buf_string(&w->message, " is no time in any unit");
		return;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (time < units[i].from)
			continue;
		buf_printf(&w->message, " looks like %s: ", units[i].name);
		put_time(w, time / units[i].second);
		return;
	}
	buf_string(&w->message, " is ");
	put_time(w, time);
	buf_string(&w->message, time == 0 ? ": no time was set" : ": too early for a batch call");
}

static void tell_unit(struct within *w, struct slice value, int64_t time, const struct spot *spot)
{
	if (!within_count(w, RULE_time_unit, spot))
		return;
	within_put(&w->message, value);
	put_unit(w, time);
	within_tell(w);
}

/* As is_time; but another integer is told. */
static bool judge_odd_time(struct within *w, struct check *c, const struct within_recipient *r,
			   enum within_value member, int64_t *out)
{
	struct slice value = r->value[member];
	struct spot spot;

	if (!within_number(value, out))
		return false;
	if (*out >= OLDEST && *out < MILLISECONDS)
		return true;
	spot = within_spot(w, c, r->index, member);
	tell_unit(w, value, *out, &spot);
	return false;
}

static inline bool judge_time(struct within *w, struct check *c, const struct within_recipient *r,
			      enum within_value member, int64_t *out)
{
	if (within_ten_digits(r->value[member], out) && *out >= OLDEST)
		return true;
	return judge_odd_time(w, c, r, member, out);
}

static void judge_top_time(struct within *w, const struct check *c, enum within_top member)
{
	struct slice value = within_top(w, c, member);
	struct spot spot;
	int64_t time;

	if (!within_number(value, &time) || (time >= OLDEST && time < MILLISECONDS))
		return;
	spot = within_top_spot(w, c, member);
	tell_unit(w, value, time, &spot);
}

/* --- time-order --- */

void within_times_begin(struct within *w)
{
	w->latest.known = w->earliest.known = false;
}

/* The batch's own times, if they were read before the recipients, say which recipients are not
 * worth looking at. */
static void know_bounds(struct within *w, const struct check *c)
{
	if (!is_time(within_top(w, c, TOP_UPDATED), &w->after))
		w->after = INT64_MIN;
	if (!is_time(within_top(w, c, TOP_SCHEDULED_TIME), &w->before))
		w->before = INT64_MAX;
	w->begun = true;
}

static void take(struct within *w, struct check *c, struct extreme *x, int64_t time, uint64_t index)
{
	*x = (struct extreme){true, time, within_spot(w, c, index, VALUE_UPDATED)};
}

void within_times_recipient(struct within *w, struct check *c, const struct within_recipient *r)
{
	int64_t created, updated;
	bool has_created = judge_time(w, c, r, VALUE_CREATED, &created);
	struct spot spot;

	if (!w->begun)
		know_bounds(w, c);
	if (!judge_time(w, c, r, VALUE_UPDATED, &updated))
		return;
	if (updated > w->after && (!w->latest.known || updated > w->latest.time))
		take(w, c, &w->latest, updated, r->index);
	if (r->status <= REPORT_VOICEMAIL && updated < w->before &&
	    (!w->earliest.known || updated < w->earliest.time))
		take(w, c, &w->earliest, updated, r->index);
	if (!has_created || updated >= created)
		return;
	spot = within_spot(w, c, r->index, VALUE_UPDATED);
	if (within_count(w, RULE_time_order, &spot)) {
		buf_string(&w->message, "updated ");
		put_time(w, updated);
		buf_string(&w->message, ", before it was created: ");
		put_time(w, created);
		within_tell(w);
	}
}

static void tell_order(struct within *w, const struct extreme *x, const char *than, int64_t time)
{
	if (!within_count(w, RULE_time_order, &x->spot))
		return;
	buf_string(&w->message, "updated ");
	put_time(w, x->time);
	buf_string(&w->message, than);
	put_time(w, time);
	within_tell(w);
}

void within_times_end(struct within *w, const struct check *c)
{
	int64_t updated, scheduled;

	judge_top_time(w, c, TOP_CREATED);
	judge_top_time(w, c, TOP_SCHEDULED_TIME);
	judge_top_time(w, c, TOP_UPDATED);
	if (w->latest.known && is_time(within_top(w, c, TOP_UPDATED), &updated) &&
	    w->latest.time > updated)
		tell_order(w, &w->latest, ", after the batch's own last update: ", updated);
	if (w->earliest.known && is_time(within_top(w, c, TOP_SCHEDULED_TIME), &scheduled) &&
	    w->earliest.time < scheduled && !within_retried(w, c))
		tell_order(w, &w->earliest,
			   " and settled, before the batch was to start: ", scheduled);
}
