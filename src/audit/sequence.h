/*
 * sequence.h: the captures of one batch with what they say of the batch itself, in the order in
 * which they were made, as far as that is known.
 *
 * Where every capture tells when it was made (_seen), that is the order; else it is
 * last_updated_at_unix, and _seen tells those of the same update apart if each of them has it.
 * Captures whose order stays unknown form a group.
 */
#ifndef AUDIT_SEQUENCE_H
#define AUDIT_SEQUENCE_H

#include "bundle/captures.h"
#include "bundle/timeline.h"

enum sequence_counter {
	SEQUENCE_DISPATCHED,
	SEQUENCE_SCHEDULED,
	SEQUENCE_FINISHED,
	SEQUENCE_RETRY,
	SEQUENCE_COUNTERS
};
/* The members' names. */
extern const char *const sequence_counter[SEQUENCE_COUNTERS];

#define SEQUENCE_ABSENT INT64_MIN

struct sequence_step {
	const struct capture *capture;
	int64_t counter[SEQUENCE_COUNTERS]; /* SEQUENCE_ABSENT: the capture makes no claim */
	struct sha256 identity;
	uint32_t group; /* ascending */
	bool read;      /* false: its line could not be read, and of the above there is nothing */
	bool timeless;  /* nothing is known of its order */
	bool repeat;    /* another step of its group is the same capture, or one equal to it */
	size_t later;   /* a step that was made earlier and says a later update, in the order of
			 * _seen alone; SIZE_MAX: none */
};

struct sequence {
	struct sequence_step *step; /* in order */
	size_t count, cap;
	struct map *seen;
	size_t *by_seen;
	size_t by_seen_cap;
};

int sequence_init(struct sequence *s, struct error *e);
void sequence_free(struct sequence *s);

/*
 * Replaces what is in it. Every bundle that has one of the captures is opened once. 0; -1: *e says
 * what could not be read; if it is not ERROR_MEMORY, the rest is there.
 */
int sequence_read(struct sequence *s, const struct capture *captures, size_t count,
		  timeline_open *open, void *arg, struct compare *c, struct error *e);

#endif
