/*
 * facts.h: what is known of each batch: from all of its captures, and from the line of its latest
 * response.
 */
#ifndef AUDIT_FACTS_H
#define AUDIT_FACTS_H

#include "audit/filter.h"
#include "base/error.h"
#include "bundle/captures.h"
#include "model/arena.h"
#include "report/report.h"

/* Of one batch; by its number in captures_batches. */
struct fact {
	struct slice id;
	bool counted;               /* the filter lets it in */
	const struct capture *last; /* its latest capture */
	uint64_t captures;
	int64_t gap_from, gap_to; /* as in report.h */
	int64_t first, latest;    /* last_updated_at_unix; REPORT_NO_TIME */
	/* from the latest response: */
	bool visited; /* its bundle was read */
	bool read;
	bool unread;            /* its recipients cannot be read, or not all of them */
	bool scheduled_unknown; /* it says when it was scheduled, but not in seconds */
	struct slice name, status, agent, agent_name, provider, source;
	int64_t created, scheduled, updated;
	uint64_t recipients;     /* as many as it has */
	uint64_t contradictions; /* of audit rules, as counted when it was archived */
};

struct facts {
	struct fact *list;
	uint32_t count;
	struct arena memory;
};

/* Which rules make a finding a contradiction. */
typedef bool facts_rule(enum rule rule);

/* A time that is in seconds, and not before there were such calls (rule time-unit); else
 * REPORT_NO_TIME. `value` as it stands in a line. */
int64_t facts_time(struct slice value);

/* What the captures (sorted) say. 0 or -1: no memory. */
int facts_init(struct facts *f, const struct captures *captures, struct error *e);
void facts_free(struct facts *f);
/* What the line of its latest response says. 0 or -1: no memory. */
int facts_read(struct facts *f, uint32_t batch, struct slice line, const struct filter *filter,
	       facts_rule *audited);

#endif
