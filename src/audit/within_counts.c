/*
 * within_counts.c: what the response says in numbers and in its status against what its recipients
 * say. An absent counter is no claim; a recipient of unknown status may count or not.
 * Must never say two things of one counter, nor of a second one what the first one explains.
 */
#include "audit/within_inside.h"

struct counters {
	bool has_scheduled, has_dispatched, has_finished;
	int64_t scheduled, dispatched, finished;
};

static uint64_t all_recipients(const struct within *w)
{
	uint64_t n = 0;

	for (unsigned i = 0; i <= REPORT_PUBLISHED; i++)
		n += w->count[i];
	return n;
}

/* "3 calls scheduled"; the counter as it stands. */
static void put_calls(struct within *w, const struct check *c, enum within_top counter,
		      const char *what)
{
	struct slice value = within_top(w, c, counter);

	within_put(&w->message, value);
	buf_string(&w->message, slice_equal(value, SLICE("1")) ? " call " : " calls ");
	buf_string(&w->message, what);
}

static void put_status(struct buf *out, uint64_t n, struct slice status)
{
	buf_uint(out, n);
	buf_byte(out, ' ');
	buf_slice(out, status);
}

/* "5 recipients are completed and 1 failed, 2 voicemail, 1 of unknown status" */
static void put_settled(struct within *w)
{
	struct buf *out = &w->message;

	within_recipients_are(out, w->count[REPORT_COMPLETED]);
	buf_string(out, " completed and ");
	put_status(out, w->count[REPORT_FAILED], status_text(REPORT_FAILED));
	for (unsigned i = REPORT_VOICEMAIL; i <= REPORT_PUBLISHED; i++) {
		if (w->count[i] == 0 || status_is_open(i))
			continue;
		buf_string(out, ", ");
		put_status(out, w->count[i],
			   i == REPORT_PUBLISHED ? SLICE("of unknown status") : status_text(i));
	}
}

/* Can so many calls be finished, by what the recipients say? */
static bool finished_fits(const struct within *w, int64_t finished)
{
	uint64_t sum = w->count[REPORT_COMPLETED] + w->count[REPORT_FAILED];
	uint64_t n = (uint64_t)finished;

	for (unsigned i = 0; i < 4; i++) {
		uint64_t least = sum + (i & 1 ? w->count[REPORT_VOICEMAIL] : 0) +
				 (i & 2 ? w->count[REPORT_CANCELLED] : 0);

		if (n >= least && n - least <= w->count[REPORT_PUBLISHED])
			return true;
	}
	return false;
}

/* true if the counter was wrong. What is no recipient may count as one or not. */
static bool judge_scheduled(struct within *w, const struct check *c, const struct counters *n)
{
	uint64_t recipients = all_recipients(w), scheduled = (uint64_t)n->scheduled;
	struct spot spot;

	if (!n->has_scheduled || (scheduled <= recipients && recipients - scheduled <= w->strange))
		return false;
	spot = within_top_spot(w, c, TOP_SCHEDULED);
	if (within_count(w, RULE_count_mismatch, &spot)) {
		put_calls(w, c, TOP_SCHEDULED, "scheduled, but the batch has ");
		buf_uint(&w->message, recipients);
		buf_string(&w->message, recipients == 1 ? " recipient" : " recipients");
		within_tell(w);
	}
	return true;
}

static void judge_dispatched(struct within *w, const struct check *c, const struct counters *n,
			     bool scheduled_wrong)
{
	struct spot spot;

	if (!n->has_dispatched || !n->has_scheduled || n->dispatched <= n->scheduled)
		return;
	if (scheduled_wrong && (uint64_t)n->dispatched <= all_recipients(w))
		return;
	spot = within_top_spot(w, c, TOP_DISPATCHED);
	if (within_count(w, RULE_count_mismatch, &spot)) {
		put_calls(w, c, TOP_DISPATCHED, "dispatched, but only ");
		within_put(&w->message, within_top(w, c, TOP_SCHEDULED));
		buf_string(&w->message, " scheduled");
		within_tell(w);
	}
}

static void judge_finished(struct within *w, const struct check *c, const struct counters *n)
{
	/* one that was cancelled may count as finished, though it was never dispatched */
	uint64_t never = w->count[REPORT_CANCELLED] + w->count[REPORT_PUBLISHED];
	bool more = n->has_dispatched && n->finished > n->dispatched &&
		    (uint64_t)(n->finished - n->dispatched) > never;
	bool fits = finished_fits(w, n->finished);
	struct spot spot;

	if (!more && fits)
		return;
	spot = within_top_spot(w, c, TOP_FINISHED);
	if (!within_count(w, RULE_count_mismatch, &spot))
		return;
	put_calls(w, c, TOP_FINISHED, "finished, but ");
	if (more) {
		buf_string(&w->message, "only ");
		within_put(&w->message, within_top(w, c, TOP_DISPATCHED));
		buf_string(&w->message, " dispatched");
	}
	if (more && !fits)
		buf_string(&w->message, ", and ");
	if (!fits)
		put_settled(w);
	within_tell(w);
}

void within_counts(struct within *w, const struct check *c)
{
	struct counters n = {0};
	bool wrong;

	if (within_retried(w, c))
		return;
	n.has_scheduled = within_number(within_top(w, c, TOP_SCHEDULED), &n.scheduled);
	n.has_dispatched = within_number(within_top(w, c, TOP_DISPATCHED), &n.dispatched);
	n.has_finished = within_number(within_top(w, c, TOP_FINISHED), &n.finished);
	wrong = judge_scheduled(w, c, &n);
	judge_dispatched(w, c, &n, wrong);
	if (n.has_finished && w->member[VALUE_STATUS] != UINT32_MAX)
		judge_finished(w, c, &n);
}

/* --- the status --- */

/* The statuses that do not go with the batch's, as bits. */
static unsigned conflicting(const struct within *w, const struct check *c)
{
	struct slice status = within_top(w, c, TOP_STATUS);
	unsigned bits = 0;

	if (slice_equal(status, SLICE("\"pending\"")))
		return within_retried(w, c) ? 0
					    : 1u << REPORT_COMPLETED | 1u << REPORT_FAILED |
						      1u << REPORT_VOICEMAIL;
	if (status.len <= 2 || !status_ends_batch(slice_of(status.data + 1, status.len - 2)))
		return 0;
	for (unsigned i = 0; i < REPORT_PUBLISHED; i++)
		bits |= status_is_open(i) ? 1u << i : 0;
	return bits;
}

/* "the batch is completed, but 3 recipients are open: 2 pending, 1 in_progress; the first is
 * /recipients/4" */
void within_status(struct within *w, const struct check *c)
{
	unsigned bits = conflicting(w, c);
	struct slice status = within_top(w, c, TOP_STATUS);
	uint64_t n = 0, first = UINT64_MAX;
	const char *between = ": ";
	struct spot spot;

	for (unsigned i = 0; i < REPORT_PUBLISHED; i++) {
		if (!(bits >> i & 1) || w->count[i] == 0)
			continue;
		n += w->count[i];
		first = w->first[i] < first ? w->first[i] : first;
	}
	if (n == 0)
		return;
	spot = within_top_spot(w, c, TOP_STATUS);
	if (!within_count(w, RULE_status_conflict, &spot))
		return;
	buf_string(&w->message, "the batch is ");
	buf_append(&w->message, status.data + 1, status.len - 2);
	buf_string(&w->message, ", but ");
	within_recipients_are(&w->message, n);
	buf_string(&w->message, bits >> REPORT_COMPLETED & 1 ? " settled" : " open");
	for (unsigned i = 0; i < REPORT_PUBLISHED; i++) {
		if (!(bits >> i & 1) || w->count[i] == 0)
			continue;
		buf_string(&w->message, between);
		put_status(&w->message, w->count[i], status_text(i));
		between = ", ";
	}
	buf_string(&w->message, "; the first is ");
	within_pointer(&w->message, first);
	within_tell(w);
}
