/*
 * outcomes.c: from bundles to a report: which responses are the latest ones, which lines are
 * theirs, and what these say.
 * A batch is counted by its latest response alone, or not at all.
 */
#include "audit/outcomes.h"

#include <stdlib.h>

#include "audit/contradictions.h"
#include "audit/counts.h"
#include "audit/tables.h"

struct outcomes {
	struct outcomes_plan plan;
	struct facts facts;
	struct slice *bundles; /* of each fact: the name of the bundle it was read from */
	struct statuses statuses;
	struct counts counts;
	struct contradictions contradictions;
	struct tables tables;
	struct crew *crew;
	struct buf redacted; /* a response line */
};

struct outcomes *outcomes_new(const struct outcomes_plan *plan, struct error *e)
{
	struct outcomes *o = calloc(1, sizeof(*o));

	if (o == NULL) {
		error_memory(e);
		return NULL;
	}
	o->plan = *plan;
	if (facts_init(&o->facts, plan->captures, e) != 0)
		goto failed;
	o->crew = crew_new(plan->threads, e);
	if (o->crew == NULL)
		goto failed;
	o->bundles = calloc((size_t)o->facts.count + 1, sizeof(*o->bundles));
	if (o->bundles != NULL && statuses_init(&o->statuses) == 0 &&
	    contradictions_init(&o->contradictions, o->facts.count, plan->severities,
				plan->max_findings, plan->audited) == 0) {
		o->statuses.redact = plan->redact;
		o->contradictions.redact = plan->redact;
		return o;
	}
	error_memory(e);
failed:
	outcomes_free(o);
	return NULL;
}

void outcomes_free(struct outcomes *o)
{
	if (o == NULL)
		return;
	tables_free(&o->tables);
	contradictions_free(&o->contradictions);
	counts_free(&o->counts);
	statuses_free(&o->statuses);
	facts_free(&o->facts);
	crew_free(o->crew);
	buf_free(&o->redacted);
	free(o->bundles);
	free(o);
}

/* --- one bundle --- */

/* What was found out about a bundle before its recipients are read. */
struct latest {
	struct latest_response *list; /* of batches whose findings are to be read */
	size_t count;
	struct spans spans;
};

/* The line that facts are taken from. */
static int known_line(struct outcomes *o, struct slice *line, struct error *why)
{
	if (o->plan.redact == NULL)
		return 0;
	buf_clear(&o->redacted);
	if (redact_object(o->plan.redact, REDACT_RESPONSE_LINE, *line, &o->redacted, why) != 0)
		return -1;
	*line = buf_view(&o->redacted);
	return 0;
}

/* The latest response of a batch is in this bundle. */
static int take_latest(struct outcomes *o, uint32_t batch, const struct bundle *b,
		       struct lines *responses, struct latest *in, struct error *e)
{
	struct fact *f = &o->facts.list[batch];
	struct error why = {0};
	struct slice line;

	if (lines_get(responses, f->last->response, &line, &why) != 0 ||
	    known_line(o, &line, &why) != 0) {
		f->counted = filter_batch(o->plan.filter, f->id, SLICE(""));
		f->unread = true;
		o->contradictions.partial[batch] = true;
	} else {
		if (facts_read(&o->facts, batch, line, o->plan.filter, o->plan.audited) != 0)
			return error_memory(e);
		if (f->counted && f->contradictions > 0)
			in->list[in->count++] = (struct latest_response){f->last->response, batch};
		if (f->counted && spans_add(&in->spans, b, responses, f->last->response,
					    f->recipients, batch, &why) != 0)
			f->unread = true;
	}
	if (why.kind == ERROR_MEMORY || why.kind == ERROR_STOPPED)
		return error_set(e, why.kind, "%s", why.text);
	if (why.kind != ERROR_NONE)
		o->plan.trouble(o->plan.arg, &why);
	return 0;
}

static int by_response(const void *a, const void *b)
{
	const struct latest_response *x = a, *y = b;

	return (x->response > y->response) - (x->response < y->response);
}

static int read_findings(struct outcomes *o, const struct bundle *b, struct slice name,
			 struct latest *in, struct error *e)
{
	struct error why = {0};

	if (in->count == 0)
		return 0;
	qsort(in->list, in->count, sizeof(*in->list), by_response);
	if (contradictions_read(&o->contradictions, b, name, in->list, in->count, &why) == 0)
		return 0;
	for (size_t i = 0; i < in->count; i++) {
		uint32_t batch = in->list[i].batch;

		if (o->contradictions.seen[batch] < o->facts.list[batch].contradictions)
			o->contradictions.partial[batch] = true;
	}
	if (why.kind == ERROR_MEMORY || why.kind == ERROR_STOPPED)
		return error_set(e, why.kind, "%s", why.text);
	o->plan.trouble(o->plan.arg, &why);
	return 0;
}

int outcomes_read(struct outcomes *o, uint32_t number, const struct bundle *b,
		  struct lines *responses, struct slice name, struct error *e)
{
	struct latest in = {calloc((size_t)o->facts.count + 1, sizeof(*in.list)), 0, {0}};
	struct counts_plan plan = {
		.bundle = b,
		.spans = &in.spans,
		.facts = &o->facts,
		.filter = o->plan.filter,
		.zone = o->plan.zone,
		.statuses = &o->statuses,
		.crew = o->crew,
		.trouble = o->plan.trouble,
		.arg = o->plan.arg,
	};
	int result = in.list == NULL ? error_memory(e) : 0;

	for (uint32_t i = 0; result == 0 && i < o->facts.count; i++) {
		if (o->facts.list[i].last->bundle != number)
			continue;
		o->bundles[i] = name;
		o->facts.list[i].visited = true;
		result = take_latest(o, i, b, responses, &in, e);
	}
	spans_settle(&in.spans);
	if (result == 0)
		result = counts_add(&o->counts, &plan, e);
	if (result == 0)
		result = read_findings(o, b, name, &in, e);
	spans_free(&in.spans);
	free(in.list);
	return result;
}

/* --- the report --- */

bool outcomes_counts(const struct outcomes *o, uint32_t batch)
{
	return o->facts.list[batch].counted;
}

int outcomes_contradict(struct outcomes *o, uint32_t batch, uint64_t times,
			const struct report_contradiction *finding)
{
	return contradictions_add(&o->contradictions, batch, true, times, true, finding);
}

void outcomes_partial(struct outcomes *o, uint32_t batch)
{
	o->contradictions.partial[batch] = true;
}

/* Batches whose latest response is in a bundle that was never given: it cannot be opened. */
static void find_lost(struct outcomes *o)
{
	for (uint32_t i = 0; i < o->facts.count; i++) {
		struct fact *f = &o->facts.list[i];

		if (f->visited)
			continue;
		f->counted = filter_batch(o->plan.filter, f->id, SLICE(""));
		f->unread = true;
		o->contradictions.partial[i] = true;
	}
}

int outcomes_report(struct outcomes *o, struct report *r, struct error *e)
{
	struct tables *t = &o->tables;

	find_lost(o);
	if (counts_settle(&o->counts, &o->facts, e) != 0)
		return -1;
	if (tables_make(t, &o->facts, &o->counts, &o->statuses, o->plan.filter, r) != 0 ||
	    contradictions_sort(&o->contradictions, t, r) != 0)
		return error_memory(e);
	for (size_t i = 0; i < r->row_count[REPORT_BATCH]; i++)
		t->batches[i].bundle = o->bundles[t->order[i]];
	for (uint32_t i = 0; i < o->facts.count; i++)
		r->captures += o->facts.list[i].captures;
	return 0;
}

bool outcomes_errors(const struct outcomes *o)
{
	return contradictions_errors(&o->contradictions, &o->tables);
}
