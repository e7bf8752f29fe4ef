/*
 * keeper.h: responses into recipient lines and response lines: states stored once, lists of
 * rows, keys for the index. What archiver and merge have in common.
 */
#ifndef BUNDLE_KEEPER_H
#define BUNDLE_KEEPER_H

#include <stdint.h>

#include "base/error.h"
#include "bundle/record.h"
#include "bundle/writer.h"
#include "model/model.h"

struct keeper;

/* What was kept so far. */
struct keeper_counts {
	uint64_t responses;
	uint64_t recipients; /* lines: different states */
	uint64_t batches;    /* different ids */
};

/* Both must outlive it. NULL: no memory. */
struct keeper *keeper_new(struct writer *w, const struct model *model);
void keeper_free(struct keeper *k); /* NULL is fine */
const struct keeper_counts *keeper_counts(const struct keeper *k);

/* The value of a member (its index in the model) of what is given, in the normal form; empty:
 * absent. */
typedef struct slice keeper_value(const void *arg, uint32_t member);

/* A response begins. One that was neither kept nor given up must not be open. */
void keeper_begin(struct keeper *k);

/* Its batch id, in the normal form, with quotes: known before its first recipient. It is copied.
 * 0 or -1. */
int keeper_batch(struct keeper *k, struct slice id, struct error *e);

/* Its next recipient; a line is written only if its state is not stored yet. */
int keeper_recipient(struct keeper *k, const struct record *recipient, keeper_value *value,
		     const void *arg, struct error *e);

/*
 * The same for one of whom something was erased: `mark` is the value of its line's _erased; of a
 * tombstone ("true") the record is {}. The response's identity is then what keeper_known says.
 */
int keeper_erased(struct keeper *k, struct slice mark, const struct record *recipient,
		  keeper_value *value, const void *arg, struct error *e);
/* The identity of the response, which cannot be made again from what is left. */
void keeper_known(struct keeper *k, const struct sha256 *identity);

/*
 * It is whole: writes its line. The caller fills of *envelope source, offset, seen, http,
 * outcomes and findings; the rest is filled here: afterwards it says the identity, and how many
 * recipients there were.
 */
int keeper_response(struct keeper *k, struct envelope *envelope, const struct record *response,
		    keeper_value *value, const void *arg, struct error *e);

/* Nothing of it stays (the caller takes the writer back). Nothing happens if none is open. */
void keeper_give_up(struct keeper *k);

#endif
