/*
 * statuses.h: the statuses of recipients as numbers: the published ones first (report.h), unknown
 * ones as they are met.
 */
#ifndef AUDIT_STATUSES_H
#define AUDIT_STATUSES_H

#include "base/error.h"
#include "base/map.h"
#include "model/redact.h"
#include "report/report.h"

/* More unknown ones than this are counted together, under the name "...": a status that is
 * different for every recipient must not make a table of columns. */
#define STATUSES_UNKNOWN_MOST 32
/* Bytes of an unknown one's name that are kept; one that was cut ends in "...". */
#define STATUSES_NAME_MOST 128

struct statuses {
	struct map *unknown; /* their names */
	struct redact *redact; /* NULL: names are as captured */
};

int statuses_init(struct statuses *s); /* 0 or -1: no memory */
void statuses_free(struct statuses *s);

/* The number of any value; empty: the member is not there. UINT32_MAX: no memory. */
uint32_t statuses_add(struct statuses *s, struct slice value);

size_t statuses_count(const struct statuses *s);
/* The name and kind of a number; valid until the next statuses_add. */
struct report_status statuses_get(const struct statuses *s, uint32_t number);

#endif
