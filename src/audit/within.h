/*
 * within.h: the audit rules within one response, in the pass that reads it. Each value is valid;
 * together they cannot be right. callroll-findings(7) says when each rule holds.
 *
 * The findings come to the same `struct findings` as those of the checker. What is said never
 * depends on how the input was cut into windows, nor on the order of members. Memory: 60 bytes for
 * each recipient, in the tables of twins.h.
 */
#ifndef AUDIT_WITHIN_H
#define AUDIT_WITHIN_H

#include "input/reader.h"

struct within;

/* Both must outlive it. NULL on failure. Used by one thread at a time. */
struct within *within_new(const struct model *model, struct findings *findings, struct error *e);
void within_free(struct within *w); /* NULL is fine */

/*
 * In place of reader_next, on a reader of the same model and findings that was started on `s`: the
 * findings about a recipient are there with READER_RECIPIENT, all others with READER_END. Only
 * responses are judged, and of a broken one only its recipients.
 */
enum reader_event within_next(struct within *w, struct reader *r, const struct source *s,
			      struct error *e);

#endif
