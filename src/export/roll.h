/*
 * roll.h: the roll of some bundles: the latest response of each batch, and their recipients in
 * order. Latest is what captures.h says: by last_updated_at_unix, then by the order of bundles and
 * responses.
 *
 * Batches are in the order in which their latest responses stand in the bundles. What is kept is
 * some bytes for each response, and those of one response's recipients while they are called.
 * Anything that cannot be read is an error: an export is whole or it is none.
 */
#ifndef EXPORT_ROLL_H
#define EXPORT_ROLL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "bundle/bundle.h"
#include "export/choice.h"
#include "export/fields.h"
#include "model/redact.h"

struct roll;

/* `choice` must outlive it. NULL: no memory. */
struct roll *roll_new(const struct choice *choice);
void roll_free(struct roll *r); /* NULL is fine */
/* From now on whoever is called gets lines without what is personal. It must outlive *r. */
void roll_redact(struct roll *r, struct redact *redact);
/* NULL: they are as they stand. */
struct redact *roll_redacts(const struct roll *r);
/* Reads all response lines of a bundle. `path` must outlive it. 0 or -1. */
int roll_add(struct roll *r, const char *path, struct error *e);
/* After the last one. ERROR_EMPTY: a batch that was chosen is in none of them. 0 or -1. */
int roll_ready(struct roll *r, struct error *e);

/* Responses and recipient lines (states) are counted through, from 1, over all bundles. */
struct roll_bundle {
	const char *path;
	struct sha256 seal;
	uint64_t responses, states; /* how many stand in the bundles before */
};
size_t roll_bundles(const struct roll *r);
const struct roll_bundle *roll_bundle(const struct roll *r, size_t n);
/* The same bundle once more; the caller closes it. ERROR_CHANGED: it is another one now. */
struct bundle *roll_open(const struct roll *r, size_t n, struct error *e);
/* Is it the latest of its batch? `number`: in that bundle. */
bool roll_latest(const struct roll *r, size_t bundle, uint64_t number);
/* Of how many batches. */
size_t roll_batches(const struct roll *r);
const struct choice *roll_choice(const struct roll *r);

/* Where a recipient stands. */
struct roll_place {
	uint64_t response; /* counted through */
	uint64_t position; /* in it, from 1 */
	uint64_t state;    /* counted through */
};

struct roll_visit {
	/* NULL, or called before the recipients of each response. */
	int (*head)(void *arg, const struct head *h, struct error *e);
	/* NULL, or called for each recipient that is chosen. */
	int (*person)(void *arg, const struct person *p, const struct roll_place *at,
		      struct error *e);
	/* `person` needs only where they stand: no line is read for it, unless to choose. */
	bool places;
	/* NULL, or told how many bytes of lines were read. */
	void (*progress)(void *arg, uint64_t bytes);
	void *arg, *progress_arg;
};

/* Goes through the roll until a callback returns something else than 0, which is returned then.
 * 0 or -1. */
int roll_call(const struct roll *r, const struct roll_visit *v, struct error *e);

/* "PATH: a WHAT line is not in the normal form ..." as ERROR_BUNDLE; -1. */
int roll_bad_line(const struct bundle *b, const char *what, struct error *e);

#endif
