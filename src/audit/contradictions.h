/*
 * contradictions.h: findings of audit rules: gathered from bundles, limited, and put in order.
 */
#ifndef AUDIT_CONTRADICTIONS_H
#define AUDIT_CONTRADICTIONS_H

#include "audit/facts.h"
#include "audit/tables.h"
#include "model/redact.h"
#include "report/report.h"

struct contradictions {
	const struct severities *severities; /* -W and --strict */
	uint64_t most;                       /* told of one rule and batch */
	facts_rule *audited;
	uint32_t batches; /* of facts */
	struct contradiction_entry *list;
	size_t count, cap;
	enum rule rules[RULE_COUNT]; /* the audited ones; they have places here */
	size_t rule_count, place[RULE_COUNT];
	uint32_t *told;     /* by batch and rule */
	uint64_t *by_rule;  /* by batch and rule: all, also those not told */
	uint64_t *by_batch; /* their sums */
	uint64_t *archived; /* by batch: those not told because the bundle has no more */
	uint64_t *here;     /* by batch: those not told because of `most` */
	uint64_t total[RULE_COUNT];
	uint64_t *seen; /* by batch: in its latest response, whatever their severity */
	bool *errors;   /* by batch: one of them is of severity error */
	bool *partial;  /* by batch: not all could be read; set from outside */
	struct arena memory;
	struct report_contradiction *sorted;
	struct redact *redact; /* NULL: findings say what was captured */
	struct buf pointer, message;
};

/* The result of contradictions_sort points into it. 0 or -1: no memory; contradictions_free in both
 * cases. */
int contradictions_init(struct contradictions *c, uint32_t batches,
			const struct severities *severities, uint64_t most, facts_rule *audited);
void contradictions_free(struct contradictions *c);

/*
 * Counts `times` findings of a batch (a number of facts) and keeps a copy of them if `tell` and the
 * limit lets it; their severity is that of the rule before -W. `across`: one across responses,
 * which stand before the others. 0 or -1: no memory.
 */
int contradictions_add(struct contradictions *c, uint32_t batch, bool across, uint64_t times,
		       bool tell, const struct report_contradiction *finding);

/* The response of a bundle that is the latest of a batch. */
struct latest_response {
	uint64_t response;
	uint32_t batch;
};
/*
 * Reads a bundle's findings of these responses, sorted by number. `bundle`: its path for people.
 * 0; -1 with *e: ERROR_BUNDLE: it is damaged, and what could be read was added.
 */
int contradictions_read(struct contradictions *c, const struct bundle *b, struct slice bundle,
			const struct latest_response *latest, size_t count, struct error *e);

/* Puts those of the batches that are in the tables into the report. 0 or -1: no memory. */
int contradictions_sort(struct contradictions *c, const struct tables *t, struct report *r);
/* After that: is one of them, told or not, of severity error? */
bool contradictions_errors(const struct contradictions *c, const struct tables *t);

#endif
