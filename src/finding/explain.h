/*
 * explain.h: `callroll explain`: the catalogue of rules, and one rule at length.
 */
#ifndef FINDING_EXPLAIN_H
#define FINDING_EXPLAIN_H

#include "base/buf.h"
#include "finding/finding.h"

/* A table of all rules: name, severity, summary. */
void explain_all(struct buf *out);
/* One rule: its row, what makes it so, an example, what to do. Lines of at most 80 columns. */
void explain_rule(struct buf *out, enum rule rule);

#endif
