/*
 * drift.h: what all captures of some bundles hold and the model does not document: members, values
 * that an enum does not list, types. With how often and when it was seen, and a patch that makes
 * the model accept it.
 *
 * Each stored line is walked over once; then the rows of the captures say which captures hold it.
 * Of data that is personal, or stands under names that are data, no value is kept.
 */
#ifndef AUDIT_DRIFT_H
#define AUDIT_DRIFT_H

#include "bundle/bundle.h"
#include "model/model.h"
#include "model/redact.h"
#include "model/widen.h"

/* Different items that are kept; sightings of others are counted. */
#define DRIFT_ITEMS 4096
/* A value that is longer is not kept; a name that is longer is no item. */
#define DRIFT_VALUE_MOST 256
#define DRIFT_NAME_MOST 1024

#define DRIFT_NO_TIME INT64_MIN

struct drift_item {
	enum widen_kind kind;
	struct slice where;  /* pointer; elements and names that are data are `*`. Of a member: its
			     * own */
	struct slice value;  /* of WIDEN_VALUE, in the normal form; empty: it is personal data, or
			     * longer than DRIFT_VALUE_MOST, and all such values are one item */
	uint8_t types;       /* of the values seen there, TYPE_ bits */
	bool recipients;     /* it is in recipients, not in the batch's own members */
	uint64_t states;     /* recipient states that hold it, or responses, as they are stored */
	uint64_t captures;   /* captures that hold it */
	int64_t first, last; /* of these captures: _seen, else last_updated_at_unix; DRIFT_NO_TIME
			      */
	bool accepted;       /* by the patch; set by drift_patch */
	/* an example */
	uint32_t bundle;      /* the number under which it was added */
	uint64_t response;    /* its number there */
	struct slice source;  /* path of the capture, as recorded; empty: not known */
	struct slice pointer; /* in the response */
};

struct drift;

/* `m` must outlive it. */
struct drift *drift_new(const struct model *m, struct error *e);
void drift_free(struct drift *d); /* NULL is fine */

/* From now on no value is kept that this would not show. It must outlive *d. */
void drift_redact(struct drift *d, struct redact *redact);

/* Adds what a bundle holds. 0 or -1: then what could be read is in it. Memory: 4 bytes for each of
 * the bundle's recipient lines while it runs, and what lists.h keeps. */
int drift_add(struct drift *d, uint32_t number, const struct bundle *b, struct error *e);

/* Puts the items in order: by place, then as kinds stand, then by value. After the last
 * drift_add. */
int drift_finish(struct drift *d, struct error *e);

size_t drift_count(const struct drift *d);
const struct drift_item *drift_item(const struct drift *d, size_t i);
/* Sightings of what is no item, because there are too many or its name is too long. */
uint64_t drift_dropped(const struct drift *d);
/* false: lines hold so many different sets of items that captures and times are at least those. */
bool drift_exact(const struct drift *d);
/* Captures that were read. */
uint64_t drift_captures(const struct drift *d);

/* Appends a merge patch for model_text of the model (widen.h) and says of each item whether the
 * model with it accepts it. After drift_finish. 0 or -1. */
int drift_patch(struct drift *d, struct buf *out, struct error *e);

#endif
