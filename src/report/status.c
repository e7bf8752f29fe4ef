/*
 * status.c: the published statuses of recipients. In the order of report.h, always.
 */
#include "report/status.h"

/* As they stand in the normal form. */
static const struct slice statuses[REPORT_PUBLISHED] = {
	[REPORT_COMPLETED] = {"\"completed\"", 11}, [REPORT_FAILED] = {"\"failed\"", 8},
	[REPORT_VOICEMAIL] = {"\"voicemail\"", 11}, [REPORT_CANCELLED] = {"\"cancelled\"", 11},
	[REPORT_PENDING] = {"\"pending\"", 9},      [REPORT_DISPATCHED] = {"\"dispatched\"", 12},
	[REPORT_INITIATED] = {"\"initiated\"", 11}, [REPORT_IN_PROGRESS] = {"\"in_progress\"", 13},
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

	return status < REPORT_PUBLISHED && slice_equal(quoted, statuses[status])
		       ? status
		       : REPORT_PUBLISHED;
}

struct slice status_text(unsigned status)
{
	struct slice quoted = statuses[status];

	return slice_of(quoted.data + 1, quoted.len - 2);
}

bool status_ends_batch(struct slice text)
{
	return slice_equal(text, status_text(REPORT_COMPLETED)) ||
	       slice_equal(text, status_text(REPORT_FAILED)) ||
	       slice_equal(text, status_text(REPORT_CANCELLED));
}
