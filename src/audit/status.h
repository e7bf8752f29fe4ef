/*
 * status.h: the published statuses of recipients, as enum values of report.h.
 */
#ifndef AUDIT_STATUS_H
#define AUDIT_STATUS_H

#include "audit/report.h"

/* REPORT_COMPLETED ... of a value in the normal form; REPORT_PUBLISHED: none of them. */
unsigned status_of_value(struct slice quoted);
/* "completed" ...; `status` is less than REPORT_PUBLISHED. */
const char *status_text(unsigned status);
/* pending dispatched initiated in_progress */
static inline bool status_is_open(unsigned status)
{
	return status >= REPORT_PENDING && status < REPORT_PUBLISHED;
}

#endif
