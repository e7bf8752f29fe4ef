/*
 * timeline.h: what became of some recipients and batches, in order of time, over any number of
 * bundles.
 *
 * First the subjects are named, then each bundle is read once, then the events are made. Bundles
 * are given one at a time and not kept open. Memory: each different state of the subjects once, and
 * some 100 bytes for each capture of their batches.
 */
#ifndef BUNDLE_TIMELINE_H
#define BUNDLE_TIMELINE_H

#include "base/map.h"
#include "bundle/bundle.h"
#include "bundle/compare.h"
#include "bundle/lookup.h"

/* Whom something happens to: a recipient, by the ids of batch and recipient; or a batch. */
struct subject {
	uint32_t batch; /* its number in timeline.batches */
	bool whole;     /* the batch itself */
};

/* A capture of a batch. */
struct moment {
	uint32_t batch, bundle;
	uint64_t response;
	int64_t updated;   /* last_updated_at_unix; INT64_MIN: none */
	int64_t seen;      /* when it was captured, where that is known; INT64_MIN */
	uint64_t recipients; /* how many; like `identity` only for a batch that is a subject */
	struct sha256 identity;
	size_t first, count; /* of timeline.sights */
};

/* A subject is in a state, at a moment. Those of a moment are in the order of the response. */
struct sight {
	uint32_t subject, state;
};

enum event_kind {
	EVENT_FIRST,   /* it is seen for the first time; only `new` */
	EVENT_CHANGED,
	EVENT_GONE,    /* the capture does not have it; only `old` */
	EVENT_BACK     /* it is there again; `old` is what it was before it was gone */
};

struct event {
	enum event_kind kind;
	uint32_t subject;
	size_t moment;     /* of timeline.moments */
	uint32_t old, new; /* of timeline.states */
	struct compare_counts recipients; /* of a batch, unless: */
	bool unknown;                     /* they could not be compared */
	size_t order;
};

struct timeline {
	struct map *batches; /* ids, as in the normal form */
	struct map *states;  /* objects in the normal form: members, without an envelope */
	struct map *names;   /* of subjects */
	struct subject *subjects;
	struct moment *moments; /* by batch, then oldest first, once timeline_finish is called */
	struct sight *sights;
	struct event *events; /* oldest first */
	size_t subject_count, moment_count, sight_count, event_count;
	size_t subject_cap, moment_cap, sight_cap, event_cap;
};

int timeline_init(struct timeline *t, struct error *e);
void timeline_free(struct timeline *t);

/* --- 1. subjects --- */

/* A line that was looked up (LINES_RESPONSES, LINES_RECIPIENTS) names a subject. */
int timeline_name(struct timeline *t, enum line_kind lines, struct slice line, struct error *e);

/* The id of a recipient as it stands in its lines, empty if it has none; of a batch, empty. Valid
 * until the next timeline_name. */
struct slice timeline_id(const struct timeline *t, uint32_t subject);

/* --- 2. bundles --- */

/* Reads what bundle number `bundle` has of the subjects. `typed`: the value that they were found
 * by. On failure nothing of the bundle is in it. */
int timeline_read(struct timeline *t, const struct bundle *b, uint32_t bundle, struct lookup *l,
		  struct slice typed, struct error *e);

/* --- 3. events --- */

/* Gives a bundle by its number, open until the call after the next one. NULL on failure. */
typedef const struct bundle *timeline_open(void *arg, uint32_t bundle, struct compare *c,
					   struct error *e);
/* Only for subjects that are batches are bundles opened again. After a failure there are events,
 * but those that take what could not be read may be missing or without numbers of recipients. */
int timeline_finish(struct timeline *t, timeline_open *open, void *arg, struct error *e);

/* The longest time between two captures of one batch that follow each other. */
struct timeline_gap {
	int64_t from, to; /* equal: there is none */
	uint32_t batch;
};
struct timeline_gap timeline_longest_gap(const struct timeline *t);

#endif
