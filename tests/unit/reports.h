/*
 * reports.h: made-up reports whose sums are right, for what prints reports.
 */
#ifndef TESTS_REPORTS_H
#define TESTS_REPORTS_H

#include "report/report.h"

struct reports_plan {
	size_t batches, agents, providers, days, unknown, contradictions, expected;
	uint64_t recipients;       /* of a batch */
	const struct slice *names; /* taken in turn for everything that has a name; NULL: plain */
	size_t name_count;
};

/* By name: ordinary, empty, one, hundred (as many of everything as a page must hold), hostile (names
 * meant to do harm), worst (many hostile names of many bytes). NULL: there is no such. */
const struct reports_plan *reports_plan(const char *name);
/* Ends the program if memory lacks. */
struct report *reports_make(const struct reports_plan *plan);
void reports_free(struct report *r);

#endif
