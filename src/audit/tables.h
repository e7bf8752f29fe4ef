/*
 * tables.h: the rows of a report, from what was counted.
 */
#ifndef AUDIT_TABLES_H
#define AUDIT_TABLES_H

#include "audit/counts.h"
#include "report/report.h"

struct tables {
	uint32_t *order;  /* the batches that are in the report: numbers of facts */
	uint32_t *row_of; /* of each fact: its row; UINT32_MAX: it is in none */
	struct report_status *statuses;
	struct report_row *rows[REPORT_GROUPS];
	uint64_t *by_status[REPORT_GROUPS]; /* what rows point to */
	struct report_batch *batches;
	struct arena memory; /* names of days */
};

/*
 * Fills the rows and batches of *r, and its status, filtered, period and gap, from settled counts.
 * What it points to belongs to *t, *facts and *statuses. 0 or -1: no memory; tables_free in both
 * cases.
 */
int tables_make(struct tables *t, const struct facts *facts, const struct counts *counts,
		const struct statuses *statuses, const struct filter *filter, struct report *r);
void tables_free(struct tables *t);

#endif
