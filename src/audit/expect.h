/*
 * expect.h: the batches that should be there, and those that are.
 */
#ifndef AUDIT_EXPECT_H
#define AUDIT_EXPECT_H

#include "base/buf.h"
#include "base/error.h"
#include "bundle/captures.h"
#include "report/report.h"

struct expect {
	struct slice *missing, *unexpected; /* what the report points to */
	struct buf ids;
};

/*
 * Compares `wanted`, the lines of a file (white space around them, empty ones and those that begin
 * with # are nothing), with the ids of all batches in the captures, and fills *r. 0 or -1: no
 * memory; expect_free in both cases. `wanted` must outlive the report.
 */
int expect_compare(struct expect *x, const struct slice *wanted, size_t count,
		   const struct captures *captures, struct report *r, struct error *e);
void expect_free(struct expect *x);

#endif
