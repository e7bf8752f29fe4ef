/*
 * filter.h: which batches and recipients an audit counts.
 */
#ifndef AUDIT_FILTER_H
#define AUDIT_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* Values as a person types them; none: all. */
struct filter_list {
	const struct slice *value;
	size_t count;
};

struct filter {
	bool timed;           /* only recipients last updated in [since, until], both included */
	int64_t since, until; /* INT64_MIN, INT64_MAX: open */
	struct filter_list batches, agents, statuses;
};

/* By the batch's id and its agent's, unescaped. */
bool filter_batch(const struct filter *f, struct slice id, struct slice agent);
/* Does it look at each recipient? */
bool filter_recipients(const struct filter *f);
/* By the value of the recipient's status in the normal form (empty: it has none) and its time
 * (REPORT_NO_TIME: not known). *scratch may say failed. */
bool filter_recipient(const struct filter *f, struct slice status, int64_t updated,
		      struct buf *scratch);

#endif
