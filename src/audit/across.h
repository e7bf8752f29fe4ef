/*
 * across.h: contradictions across the captures of one batch, of one bundle or of many: the rules
 * went-backwards and recipients-changed (callroll-findings(7)).
 *
 * Only captures whose order is known are compared (sequence.h). An absent counter is no claim, and
 * where retry_count rose, or is not known, counters and settled recipients may start again.
 */
#ifndef AUDIT_ACROSS_H
#define AUDIT_ACROSS_H

#include "bundle/captures.h"
#include "bundle/timeline.h"
#include "finding/finding.h"

struct across_finding {
	enum rule rule;
	enum severity severity;        /* the rule's own, before -W */
	const struct capture *capture; /* the newer one: the finding stands in it */
	struct slice pointer, message; /* UTF-8; values from the input are safe and short */
	uint64_t more; /* that many others of this kind in the capture are only counted: the
			* message says it */
};

/* 0; not 0 ends it, and is then the result: -1 with *e filled, or another number. */
typedef int across_tell(void *arg, const struct across_finding *f, struct error *e);

struct across;

/* `most`: recipients that are told in one capture, at least 1. */
struct across *across_new(unsigned most, struct error *e);
void across_free(struct across *a); /* NULL is fine */

/*
 * Compares the captures of one batch (captures_of) and tells what it finds, in order of time.
 * `open` (timeline.h; called with open_arg) gives their bundles. Captures that are equal cost
 * nothing but their response lines. 0, or -1: *e says what could not be read first; all else was
 * compared, unless it is ERROR_MEMORY.
 */
int across_batch(struct across *a, const struct capture *captures, size_t count,
		 timeline_open *open, void *open_arg, across_tell *tell, void *tell_arg,
		 struct error *e);

/* The bundle will be closed, and not by `open`, which is given what to tell that to. */
void across_forget(struct across *a, const struct bundle *b);

#endif
