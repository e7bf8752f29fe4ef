/*
 * status.c: the published statuses of recipients. In the order of report.h, always.
 */
#include "audit/status.h"

#define QUOTED(name) {{"\"" name "\"", sizeof(name) + 1}, name}

static const struct {
	struct slice quoted;
	const char *name;
} statuses[REPORT_PUBLISHED] = {
	[REPORT_COMPLETED] = QUOTED("completed"),
	[REPORT_FAILED] = QUOTED("failed"),
	[REPORT_VOICEMAIL] = QUOTED("voicemail"),
	[REPORT_CANCELLED] = QUOTED("cancelled"),
	[REPORT_PENDING] = QUOTED("pending"),
	[REPORT_DISPATCHED] = QUOTED("dispatched"),
	[REPORT_INITIATED] = QUOTED("initiated"),
	[REPORT_IN_PROGRESS] = QUOTED("in_progress"),
};

unsigned status_of_value(struct slice quoted)
{
	unsigned i = 0;

	while (i < REPORT_PUBLISHED && !slice_equal(quoted, statuses[i].quoted))
		i++;
	return i;
}

const char *status_text(unsigned status)
{
	return statuses[status].name;
}
