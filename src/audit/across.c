/*
 * across.c: compares each capture of a batch with the one before it.
 * What is told follows from the two captures alone.
 * It must never take an order that is not known, or a value that is absent, for a claim.
 */
#include "audit/across.h"

#include <stdlib.h>

#include "audit/sequence.h"
#include "base/text.h"
#include "report/status.h"
#include "json/members.h"

/* Bytes of an id that are shown. */
#define ID_MOST 60

/* A recipient that is open again. */
struct reopened {
	uint64_t line, index;
	unsigned old, new; /* statuses (status.h) */
};

/* What two captures that follow each other are compared with. */
struct across {
	struct compare *compare;
	struct sequence sequence;
	struct reopened *reopened;
	unsigned most;
	/* of the comparison under way */
	struct compare_side old_side, new_side;
	bool loose; /* a retry may lie between */
	unsigned reopened_count;
	uint64_t reopened_more;
	struct buf added, removed; /* an id of one of them, if it has any */
	/* of the call under way */
	timeline_open *open;
	void *open_arg;
	across_tell *tell;
	void *tell_arg;
	struct buf pointer, message;
};

struct across *across_new(unsigned most, struct error *e)
{
	struct across *a = calloc(1, sizeof(*a));

	if (a == NULL) {
		error_memory(e);
		return NULL;
	}
	a->most = most > 0 ? most : 1;
	a->reopened = calloc(a->most, sizeof(*a->reopened));
	a->compare = compare_new(e);
	if (a->reopened != NULL && a->compare != NULL && sequence_init(&a->sequence, e) == 0)
		return a;
	error_memory(e);
	across_free(a);
	return NULL;
}

void across_free(struct across *a)
{
	if (a == NULL)
		return;
	compare_free(a->compare);
	sequence_free(&a->sequence);
	free(a->reopened);
	buf_free(&a->added);
	buf_free(&a->removed);
	buf_free(&a->pointer);
	buf_free(&a->message);
	free(a);
}

void across_forget(struct across *a, const struct bundle *b)
{
	compare_forget(a->compare, b);
}

/* --- telling --- */

/* Tells what stands in a->pointer and a->message, of the newer capture. */
static int tell(struct across *a, enum rule rule, const struct sequence_step *step, uint64_t more,
		struct error *e)
{
	const struct across_finding f = {
		.rule = rule,
		.severity = rule_info(rule)->severity,
		.capture = step->capture,
		.pointer = buf_view(&a->pointer),
		.message = buf_view(&a->message),
		.more = more,
	};
	int result;

	if (a->pointer.failed || a->message.failed)
		return error_memory(e);
	result = a->tell(a->tell_arg, &f, e);
	buf_clear(&a->pointer);
	buf_clear(&a->message);
	return result;
}

/* " at 2026-05-04T16:22:10Z" */
static void put_when(struct buf *out, const struct sequence_step *step)
{
	buf_string(out, " at ");
	text_time(out, capture_time(step->capture));
}

static int tell_number(struct across *a, const char *member, int64_t was, int64_t is,
		       const struct sequence_step *old, const struct sequence_step *new,
		       const char *why, struct error *e)
{
	buf_printf(&a->pointer, "/%s", member);
	buf_string(&a->message, "was ");
	buf_int(&a->message, was);
	put_when(&a->message, old);
	buf_string(&a->message, ", is ");
	buf_int(&a->message, is);
	put_when(&a->message, new);
	buf_string(&a->message, why);
	return tell(a, RULE_went_backwards, new, 0, e);
}

/* --- the batch's own members --- */

static int check_update(struct across *a, const struct sequence_step *new, struct error *e)
{
	const struct sequence_step *old = &a->sequence.step[new->later];

	if (new->later == SIZE_MAX || new->repeat)
		return 0;
	return tell_number(a, "last_updated_at_unix", old->capture->updated, new->capture->updated,
			   old, new, ", though it was captured later", e);
}

static int check_counters(struct across *a, const struct sequence_step *old,
			  const struct sequence_step *new, struct error *e)
{
	for (int i = 0; i < SEQUENCE_COUNTERS; i++) {
		int64_t was = old->counter[i], is = new->counter[i];
		bool retry = i == SEQUENCE_RETRY;
		int result;

		if (was == SEQUENCE_ABSENT || is == SEQUENCE_ABSENT || is >= was ||
		    (a->loose && !retry))
			continue;
		result = tell_number(a, sequence_counter[i], was, is, old, new,
				     retry ? "" : ", and retry_count did not rise", e);
		if (result != 0)
			return result;
	}
	return 0;
}

/* --- recipients --- */

static unsigned status_of(struct slice line)
{
	return status_of_value(members_find(line, "status"));
}

/* Keeps the id of a recipient that the other capture does not have, for the message. */
static int note_example(struct across *a, const struct bundle *b, uint64_t line, struct buf *id,
			struct error *e)
{
	struct slice text;

	if (id->len > 0)
		return 0;
	if (compare_line(a->compare, b, LINES_RECIPIENTS, line, &text, e) != 0)
		return -1;
	buf_slice(id, members_find(text, "id"));
	return 0;
}

static int check_pair(struct across *a, const struct compare_pair *pair, struct error *e)
{
	struct slice line;
	unsigned old, new;

	if (compare_line(a->compare, a->old_side.b, LINES_RECIPIENTS, pair->old, &line, e) != 0)
		return -1;
	old = status_of(line);
	if (!status_is_settled(old) || (old != REPORT_COMPLETED && a->loose))
		return 0;
	if (compare_line(a->compare, a->new_side.b, LINES_RECIPIENTS, pair->new, &line, e) != 0)
		return -1;
	new = status_of(line);
	if (!status_is_open(new))
		return 0;
	if (a->reopened_count == a->most) {
		a->reopened_more++;
		return 0;
	}
	a->reopened[a->reopened_count++] =
		(struct reopened){pair->new, compare_index(a->compare, pair->new), old, new};
	return 0;
}

static int each_pair(void *arg, const struct compare_pair *pair, struct error *e)
{
	struct across *a = arg;

	if (pair->old == 0)
		return note_example(a, a->new_side.b, pair->new, &a->added, e);
	if (pair->new == 0)
		return note_example(a, a->old_side.b, pair->old, &a->removed, e);
	return pair->sure ? check_pair(a, pair, e) : 0;
}

static int by_index(const void *a, const void *b)
{
	const struct reopened *x = a, *y = b;

	return (x->index > y->index) - (x->index < y->index);
}

static int tell_reopened(struct across *a, const struct sequence_step *old,
			 const struct sequence_step *new, struct error *e)
{
	struct buf *m = &a->message;
	int result = 0;

	if (a->reopened_count > 1)
		qsort(a->reopened, a->reopened_count, sizeof(*a->reopened), by_index);
	for (unsigned i = 0; i < a->reopened_count && result == 0; i++) {
		const struct reopened *r = &a->reopened[i];
		bool last = i + 1 == a->reopened_count;
		uint64_t more = last ? a->reopened_more : 0;

		buf_string(&a->pointer, "/recipients/");
		buf_uint(&a->pointer, r->index);
		buf_string(&a->pointer, "/status");
		buf_string(m, "was ");
		buf_slice(m, status_text(r->old));
		put_when(m, old);
		buf_string(m, ", is ");
		buf_slice(m, status_text(r->new));
		put_when(m, new);
		if (r->old != REPORT_COMPLETED)
			buf_string(m, ", and retry_count did not rise");
		if (more > 0) {
			buf_string(m, "; so are ");
			text_count(m, more);
			buf_string(m, " more recipients of this capture");
		}
		result = tell(a, RULE_went_backwards, new, more, e);
	}
	return result;
}

/* `2 recipients are new (one is "rcp_7")` */
static void put_changed(struct buf *out, uint64_t n, const char *what, const struct buf *id)
{
	struct slice shown = buf_view(id);

	if (n == 0)
		return;
	text_count(out, n);
	buf_printf(out, n == 1 ? " recipient is %s" : " recipients are %s", what);
	if (shown.len == 0)
		return;
	buf_string(out, n == 1 ? " (" : " (one is ");
	if (shown.len > ID_MOST) {
		shown.len = ID_MOST;
		while (shown.len > 0 && ((unsigned char)shown.data[shown.len] & 0xc0) == 0x80)
			shown.len--;
	}
	text_safe(out, shown);
	buf_string(out, shown.len < id->len ? "…)" : ")");
}

static int tell_changed(struct across *a, const struct compare_counts *n,
			const struct sequence_step *old, const struct sequence_step *new,
			struct error *e)
{
	struct buf *m = &a->message;

	if (n->added == 0 && n->removed == 0)
		return 0;
	buf_string(&a->pointer, "/recipients");
	put_changed(m, n->added, "new", &a->added);
	if (n->added > 0 && n->removed > 0)
		buf_string(m, " and ");
	put_changed(m, n->removed, "gone", &a->removed);
	put_when(m, new);
	buf_string(m, ", compared with the capture");
	put_when(m, old);
	return tell(a, RULE_recipients_changed, new, 0, e);
}

static int check_recipients(struct across *a, const struct sequence_step *old,
			    const struct sequence_step *new, struct error *e)
{
	struct compare_counts counts;
	int result;

	a->old_side.response = old->capture->response;
	a->new_side.response = new->capture->response;
	a->old_side.b = a->open(a->open_arg, old->capture->bundle, a->compare, e);
	if (a->old_side.b == NULL)
		return -1;
	a->new_side.b = a->open(a->open_arg, new->capture->bundle, a->compare, e);
	if (a->new_side.b == NULL)
		return -1;
	a->reopened_count = 0;
	a->reopened_more = 0;
	buf_clear(&a->added);
	buf_clear(&a->removed);
	if (compare_pairs(a->compare, a->old_side, a->new_side, &counts, each_pair, a, e) != 0)
		return -1;
	if (a->added.failed || a->removed.failed)
		return error_memory(e);
	result = tell_reopened(a, old, new, e);
	return result != 0 ? result : tell_changed(a, &counts, old, new, e);
}

/* --- all captures --- */

/* Is that they were made in this order contradicted by what else is known of it? */
static bool is_doubtful(const struct sequence_step *old, const struct sequence_step *new)
{
	return old->capture->seen != INT64_MIN && new->capture->seen != INT64_MIN &&
	       old->capture->seen > new->capture->seen;
}

static int check_step(struct across *a, const struct sequence_step *old,
		      const struct sequence_step *new, struct error *e)
{
	int64_t was = old->counter[SEQUENCE_RETRY], is = new->counter[SEQUENCE_RETRY];
	int result;

	if (memcmp(&old->identity, &new->identity, sizeof(old->identity)) == 0)
		return 0;
	a->loose = was == SEQUENCE_ABSENT || is == SEQUENCE_ABSENT || is > was;
	result = check_counters(a, old, new, e);
	return result != 0 ? result : check_recipients(a, old, new, e);
}

/* What is wrong with one step, `old` being the one it is compared with; NULL: none. */
static int check_one(struct across *a, const struct sequence_step *old,
		     const struct sequence_step *new, struct error *e)
{
	int result = check_update(a, new, e);

	if (result != 0 || old == NULL || !new->read || new->repeat || is_doubtful(old, new))
		return result;
	return check_step(a, old, new, e);
}

/* *trouble: what could not be read first. */
static int check_all(struct across *a, struct error *trouble, struct error *e)
{
	const struct sequence *s = &a->sequence;
	/* the last one of the group before, and of the groups so far */
	const struct sequence_step *old = NULL, *last = NULL;

	for (size_t i = 0; i < s->count; i++) {
		const struct sequence_step *new = &s->step[i];
		struct error why = {0};
		int result;

		if (last != NULL && last->group != new->group)
			old = last;
		result = check_one(a, old, new, &why);
		if (new->read && !new->timeless)
			last = new;
		if (result == 0)
			continue;
		if (why.kind != ERROR_BUNDLE && why.kind != ERROR_IO && why.kind != ERROR_LIMIT)
			return result == -1 ? error_set(e, why.kind, "%s", why.text) : result;
		error_set(trouble, why.kind, "%s", why.text);
	}
	return 0;
}

int across_batch(struct across *a, const struct capture *captures, size_t count,
		 timeline_open *open, void *open_arg, across_tell *tell_one, void *tell_arg,
		 struct error *e)
{
	struct error trouble = {0};
	int result;

	if (count < 2)
		return 0;
	a->open = open;
	a->open_arg = open_arg;
	a->tell = tell_one;
	a->tell_arg = tell_arg;
	if (sequence_read(&a->sequence, captures, count, open, open_arg, a->compare, &trouble) !=
		    0 &&
	    trouble.kind == ERROR_MEMORY)
		return error_memory(e);
	result = check_all(a, &trouble, e);
	if (result != 0 || trouble.kind == ERROR_NONE)
		return result;
	return error_set(e, trouble.kind, "%s", trouble.text);
}
