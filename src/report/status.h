/*
 * status.h: the published statuses of recipients, and those of batches that have ended
 * (callroll-model(5)). The one place that lists them.
 */
#ifndef REPORT_STATUS_H
#define REPORT_STATUS_H

#include <stdbool.h>

#include "base/slice.h"

/* In the order in which reports have them. */
enum {
	REPORT_COMPLETED,
	REPORT_FAILED,
	REPORT_VOICEMAIL,
	REPORT_CANCELLED,
	REPORT_PENDING,
	REPORT_DISPATCHED,
	REPORT_INITIATED,
	REPORT_IN_PROGRESS,
	REPORT_PUBLISHED /* how many; any other status */
};

/* REPORT_COMPLETED ... of a value in the normal form; REPORT_PUBLISHED: none of them. */
unsigned status_of_value(struct slice quoted);
/* completed; `status` is less than REPORT_PUBLISHED. */
struct slice status_text(unsigned status);
/* completed failed voicemail cancelled */
static inline bool status_is_settled(unsigned status)
{
	return status <= REPORT_CANCELLED;
}
/* pending dispatched initiated in_progress */
static inline bool status_is_open(unsigned status)
{
	return status >= REPORT_PENDING && status < REPORT_PUBLISHED;
}

/* Has a batch with this status (unescaped, without quotes) ended? completed failed cancelled */
bool status_ends_batch(struct slice text);

#endif
