/*
 * choice.h: which batches and recipients are exported.
 */
#ifndef EXPORT_CHOICE_H
#define EXPORT_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "export/fields.h"

/* Values are JSON strings in the normal form. None: all. */
struct choice_list {
	const struct slice *value;
	size_t count;
};

struct choice {
	struct choice_list batches, statuses;
	bool timed;           /* only recipients last updated in [since, until], both included */
	int64_t since, until; /* INT64_MIN, INT64_MAX: open */
};

bool choice_batch(const struct choice *c, struct slice id);
/* Does it look at each recipient? */
bool choice_looks(const struct choice *c);
/* A recipient without a status counts as one with "". */
bool choice_person(const struct choice *c, const struct person *p);

#endif
