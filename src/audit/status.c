/*
 * status.c: the published statuses of recipients. In the order of report.h, always.
 */
#include "audit/status.h"

#define QUOTED(name)                                                                               \
	{                                                                                          \
		{"\"" name "\"", sizeof(name) + 1}, name                                           \
	}

static const struct {
	struct slice quoted;
	const char *name;
} statuses[REPORT_PUBLISHED] = {
	[REPORT_COMPLETED] = QUOTED("completed"), [REPORT_FAILED] = QUOTED("failed"),
	[REPORT_VOICEMAIL] = QUOTED("voicemail"), [REPORT_CANCELLED] = QUOTED("cancelled"),
	[REPORT_PENDING] = QUOTED("pending"),     [REPORT_DISPATCHED] = QUOTED("dispatched"),
	[REPORT_INITIATED] = QUOTED("initiated"), [REPORT_IN_PROGRESS] = QUOTED("in_progress"),
};

/* Of those with nine letters, by the sixth one. */
static unsigned likely_of_nine(char letter)
{
	switch (letter) {
	case 'e':
		return REPORT_COMPLETED;
	case 'm':
		return REPORT_VOICEMAIL;
	case 'l':
		return REPORT_CANCELLED;
	default:
		return REPORT_INITIATED;
	}
}

/* The only one that it can be. */
static unsigned likely(struct slice quoted)
{
	switch (quoted.len) {
	case sizeof("failed") + 1:
		return REPORT_FAILED;
	case sizeof("pending") + 1:
		return REPORT_PENDING;
	case sizeof("completed") + 1:
		return likely_of_nine(quoted.data[6]);
	case sizeof("dispatched") + 1:
		return REPORT_DISPATCHED;
	case sizeof("in_progress") + 1:
		return REPORT_IN_PROGRESS;
	default:
		return REPORT_PUBLISHED;
	}
}

unsigned status_of_value(struct slice quoted)
{
	unsigned status = likely(quoted);

	return status < REPORT_PUBLISHED && slice_equal(quoted, statuses[status].quoted)
		       ? status
		       : REPORT_PUBLISHED;
}

const char *status_text(unsigned status)
{
	return statuses[status].name;
}
