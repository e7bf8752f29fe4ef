/*
 * set.h: the findings of one response, in bounded memory.
 *
 * All findings are counted, exactly; of one rule at one pointer shape (a pointer whose array
 * indices, and names that are data, are `*`) only the first `most` are told. Findings belong to a
 * unit until it is committed, because a unit that the window cut is read again.
 *
 * At most LIMIT_GROUPS pairs of rule and shape are kept apart; those beyond are counted in one
 * group per rule whose shape is "...".
 */
#ifndef FINDING_SET_H
#define FINDING_SET_H

#include "base/buf.h"
#include "finding/finding.h"

struct findings;

/* One rule at one pointer shape. */
struct finding_group {
	enum rule rule;
	enum severity severity;
	struct slice shape;
	uint64_t count; /* all of them */
	uint32_t told;  /* how many stand in the list */
	struct place first_untold; /* where the first one stands that is not in the list */
};

struct findings *findings_new(uint64_t most, const struct severities *s); /* NULL: no memory */
void findings_free(struct findings *f);

/* What pointers (and shapes) and messages become before they are kept: appended to *out. */
struct findings_veil {
	void (*pointer)(void *arg, enum rule rule, struct slice pointer, struct buf *out);
	void (*message)(void *arg, enum rule rule, struct slice pointer, struct slice message,
			struct buf *out);
	void *arg;
};
/* Before the first finding. What `veil` points to must outlive *f. */
void findings_cover(struct findings *f, const struct findings_veil *veil);

/* Forgets everything: a new response. */
void findings_clear(struct findings *f);

/* The unit's findings count from here; what an uncommitted unit left is dropped. */
void findings_begin_unit(struct findings *f);
/* The unit was read whole: its findings are sorted by offset (stable) and kept. */
void findings_commit_unit(struct findings *f);

/*
 * Counts one finding. `own` is its severity before -W. Returns true if it is to be told: then a
 * call of findings_tell must follow. (Off: not counted, false.)
 * Copies `shape`.
 */
bool findings_count(struct findings *f, enum rule rule, enum severity own, enum basis basis,
		    struct slice shape, const struct place *place);
/* Tells the finding just counted; copies pointer and message. */
void findings_tell(struct findings *f, struct slice pointer, struct slice message);

/* How many of each severity (committed), and the same by rule. */
uint64_t findings_total(const struct findings *f, enum severity s);
uint64_t findings_of_rule(const struct findings *f, enum rule rule);

/* The told ones (committed), sorted by offset within each unit; valid until the next change. */
const struct finding *findings_list(const struct findings *f, size_t *count);
/* The groups, in the order in which they were first met. */
const struct finding_group *findings_groups(const struct findings *f, size_t *count);

/* true if memory ran out on the way: the set is not to be trusted. */
bool findings_failed(const struct findings *f);

#endif
