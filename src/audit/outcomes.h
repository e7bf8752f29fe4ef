/*
 * outcomes.h: what became of the recipients of batches, from bundles, as a report: always by the
 * latest response of each batch. Bundles are given one after the other, in any order.
 */
#ifndef AUDIT_OUTCOMES_H
#define AUDIT_OUTCOMES_H

#include "audit/facts.h"
#include "audit/filter.h"
#include "base/zone.h"
#include "bundle/captures.h"
#include "bundle/lines.h"
#include "model/redact.h"
#include "report/report.h"

struct outcomes_plan {
	const struct captures *captures; /* sorted; of all bundles */
	const struct filter *filter;
	const struct zone *zone;
	const struct severities *severities; /* -W and --strict */
	uint64_t max_findings;               /* contradictions told of one rule and batch */
	facts_rule *audited;                 /* which rules make contradictions */
	struct redact *redact;               /* NULL: the report says what was captured */
	unsigned threads;
	/* Of what could not be read: the rest is counted. */
	void (*trouble)(void *arg, const struct error *why);
	void *arg;
};

struct outcomes;

/* The plan is copied; what it points to must outlive it. NULL on failure. */
struct outcomes *outcomes_new(const struct outcomes_plan *plan, struct error *e);
void outcomes_free(struct outcomes *o); /* NULL is fine */

/* Reads what the bundle has of latest responses. `number`: as in captures; `responses`: its
 * response lines; `name`: its path for people, empty if it holds captures that were given. The
 * caller has told plan.redact the bundle's model. 0; -1: no memory, or a signal came. */
int outcomes_read(struct outcomes *o, uint32_t number, const struct bundle *b,
		  struct lines *responses, struct slice name, struct error *e);

/* Is the batch (its number in captures_batches) in the report, as far as is known? After all
 * bundles were read. */
bool outcomes_counts(const struct outcomes *o, uint32_t batch);

/* Adds a contradiction across responses of a batch (its number in captures_batches), which stands
 * for `times` of its kind, with the rule's severity before -W; texts are copied. In order of time.
 * 0 or -1: no memory. */
int outcomes_contradict(struct outcomes *o, uint32_t batch, uint64_t times,
			const struct report_contradiction *finding);

/* Contradictions of a batch cannot all be read. */
void outcomes_partial(struct outcomes *o, uint32_t batch);

/*
 * After the last bundle: fills *r, but for what the reader of bundles alone knows: bundles,
 * set_aside, missing, unexpected, expected, zone, filters; and what could not be read, which it
 * must have filled before. It is valid as long as *o. Once. 0 or -1: no memory.
 */
int outcomes_report(struct outcomes *o, struct report *r, struct error *e);
/* After that: is a contradiction, told or not, of severity error? */
bool outcomes_errors(const struct outcomes *o);

#endif
