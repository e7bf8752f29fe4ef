/*
 * counts.h: the recipients of latest responses, counted: how many of a batch were last updated on a
 * day and have a status, and how long they took.
 */
#ifndef AUDIT_COUNTS_H
#define AUDIT_COUNTS_H

#include "audit/facts.h"
#include "audit/filter.h"
#include "audit/spans.h"
#include "audit/statuses.h"
#include "base/zone.h"
#include "bundle/crew.h"

/* Days from 1970-01-01; this one: not known. The last in order. */
#define COUNTS_NO_DAY INT32_MAX

struct count_cell {
	uint32_t batch, status; /* numbers of facts and statuses */
	int32_t day;
	uint64_t count;
};

/* So many recipients took so long; facts_time bounds seconds, LIMIT_ROWS times. */
struct count_time {
	uint64_t seconds : 37, times : 27;
	uint32_t batch;
	int32_t day;
};

/* What was counted so far. Zeroed, nothing. */
struct counts {
	struct count_cell *cells;
	size_t cell_count, cell_cap;
	size_t settled; /* the first ones are sorted, and each is there once */
	struct count_time *times;
	size_t time_count, time_cap;
	uint64_t filtered; /* recipients that the filter left out; known when settled */
	uint64_t erased;   /* recipients that are tombstones */
};

void counts_free(struct counts *c);

struct counts_plan {
	const struct bundle *bundle;
	const struct spans *spans; /* settled */
	struct facts *facts;       /* batches with lines that cannot be read become unread */
	const struct filter *filter;
	const struct zone *zone;
	struct statuses *statuses; /* grows */
	struct crew *crew;
	void (*trouble)(void *arg, const struct error *why); /* what could not be read */
	void *arg;
};

/* Adds a bundle's. 0; -1: no memory, or a signal came. */
int counts_add(struct counts *c, const struct counts_plan *plan, struct error *e);
/* After the last: cells sorted by batch, day and status, times by how long; each cell once, and
 * none of batches that are unread. 0 or -1: no memory. */
int counts_settle(struct counts *c, const struct facts *facts, struct error *e);

#endif
