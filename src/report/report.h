/*
 * report.h: what an audit says, as plain data: made by outcomes.h and across.h, printed by
 * report_json.c, report_csv.c, report_html.c and the command. Texts are unescaped, as captured:
 * whoever prints them makes them safe for where they go. Everything belongs to the report's maker
 * and is constant for who prints.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "finding/finding.h"
#include "report/status.h"

/* What a status of a recipient says. */
enum recipient_kind {
	RECIPIENT_SETTLED, /* completed failed voicemail cancelled */
	RECIPIENT_OPEN,    /* pending dispatched initiated in_progress */
	RECIPIENT_UNKNOWN  /* none of the published ones, or none at all (name: "") */
};

struct report_status {
	struct slice name;
	enum recipient_kind kind;
};

/* How long recipients took: updated - the later of created and scheduled, in seconds, of those that
 * are completed, failed or voicemail and whose times say it (none missing, in another unit, or
 * earlier than its start). Percentiles are nearest-rank: values that occur. */
#define REPORT_BUCKETS 12
struct report_times {
	uint64_t count; /* 0: the others mean nothing */
	int64_t median, p90, p99;
	uint64_t bucket[REPORT_BUCKETS]; /* how many took less than report_bucket[i], and not
					  * less than the one before */
};
/* Upper bounds in seconds: 10 s, 30 s, 1 min, 5, 15, 30 min, 1 h, 3, 12 h, 1 d, 7 d; the last one
 * has none (INT64_MAX). */
extern const int64_t report_bucket[REPORT_BUCKETS];

enum report_group {
	REPORT_ALL,
	REPORT_BATCH,
	REPORT_AGENT,
	REPORT_PROVIDER,
	REPORT_DAY,
	REPORT_GROUPS
};

/* Recipients by outcome, of one batch, agent ... */
struct report_row {
	struct slice key;  /* the batch's id, the agent's id, the provider, the day 2026-05-04 in
			    * --tz on which the recipient was last updated; empty: there is none */
	struct slice name; /* of the batch, or of the agent as its newest batch says it */
	uint64_t batches;
	uint64_t unread; /* batches whose recipients cannot be read: they are in no figure */
	bool nothing;    /* all: there is no batch, because something cannot be read */
	uint64_t recipients;
	const uint64_t *by_status; /* report.status_count */
	uint64_t open, unknown;    /* sums of by_status */
	struct report_times times;
};

/* false: nothing of it could be read. Its zeros are then no figures, and must not be shown. */
static inline bool report_has_figures(const struct report_row *row)
{
	return !row->nothing && (row->unread == 0 || row->unread < row->batches);
}

#define REPORT_NO_TIME INT64_MIN

/* What else is known of a batch; in the order of rows[REPORT_BATCH]. */
struct report_batch {
	struct slice status, agent, agent_name, provider;
	int64_t created, scheduled, updated; /* Unix seconds; REPORT_NO_TIME */
	bool ended;                          /* completed, failed or cancelled */
	uint64_t captures;
	int64_t gap_from, gap_to; /* longest time between two captures that follow each other;
				   * equal: none */
	struct slice bundle;      /* where the latest response stands; empty: captures were given */
	uint64_t response;        /* its number there */
	struct slice source;      /* the path of the capture, as recorded */
	uint64_t contradictions;
	const uint64_t *by_rule; /* these, by report.rules */
	bool partial;            /* there may be more: not all of them could be read */
};

/* A finding of an audit rule. */
struct report_contradiction {
	enum rule rule;
	enum severity severity;
	struct slice batch;    /* id */
	struct slice source;   /* path of the capture it stands in, as recorded */
	uint64_t line, column; /* in it; 0: not known */
	struct slice bundle;   /* empty: captures were given */
	uint64_t response;     /* number in the bundle */
	struct slice pointer, message;
};

struct report {
	const struct report_status
		*status; /* the published ones first (status.h), all of them always;
					     * unknown ones follow in byte order */
	size_t status_count;
	const struct report_row *rows[REPORT_GROUPS]; /* all: exactly one; batches by key's first
						       * appearance in time (created, then id);
						       * agents and providers by recipients, most
						       * first; days in order, the empty key last */
	size_t row_count[REPORT_GROUPS];
	const struct report_batch *batches;                /* row_count[REPORT_BATCH] */
	const struct report_contradiction *contradictions; /* by batch as above, then across
							    * responses in time, then as they
							    * stand */
	size_t contradiction_count;
	uint64_t contradiction_total; /* also those that are only counted: */
	uint64_t counted_archived;    /* because their bundle keeps no more of them */
	uint64_t counted_here;        /* because of --max-findings; the rest: because captures are
				       * told in a few words when they are compared */
	const enum rule *rules;       /* all audit rules */
	size_t rule_count;
	const uint64_t *by_rule; /* all contradictions by rule, whether told or not */

	uint64_t bundles, captures; /* read; captures: responses */
	uint64_t set_aside;         /* pieces that could not be read as responses: not in the
				       * figures */
	/* What could not be read is said in front of all figures. */
	uint64_t damaged;    /* bundles that cannot be opened, or only be read in part */
	uint64_t unreadable; /* files and folders that cannot be read, or not to their end */
	const struct slice *troubles; /* what was said of them, one sentence each; the first ones */
	size_t trouble_count;
	uint64_t trouble_total;
	uint64_t unread_recipients; /* of the batches not readable, as their responses say */
	bool partial;               /* contradictions of some batch */
	uint64_t erased;            /* recipients whose lines are tombstones: counted nowhere */
	uint64_t filtered;          /* recipients left out by --since --until --status ... */
	int64_t first, last;        /* earliest and latest last_updated_at_unix; REPORT_NO_TIME */
	int64_t gap_from, gap_to;   /* the longest gap of any batch */
	struct slice gap_batch;
	const struct slice *missing, *unexpected; /* --expect; batch ids in byte order */
	size_t missing_count, unexpected_count;
	bool expected;        /* --expect was given */
	struct slice zone;    /* name of the time zone of days: UTC */
	struct slice filters; /* the filters as the command line said them, for people;
				       * empty: none */
};

/* Was something not read? Then every format says so before its figures. */
static inline bool report_has_trouble(const struct report *r)
{
	return r->damaged > 0 || r->unreadable > 0 || r->trouble_total > 0 || r->partial ||
	       r->rows[REPORT_ALL][0].unread > 0;
}

#endif
