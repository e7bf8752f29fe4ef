/*
 * report.c: the constants of reports. Never reads anything.
 */
#include "report/report.h"

const int64_t report_bucket[REPORT_BUCKETS] = {
	10,   30,       60,        5 * 60, 15 * 60,   30 * 60,
	3600, 3 * 3600, 12 * 3600, 86400,  7 * 86400, INT64_MAX,
};
