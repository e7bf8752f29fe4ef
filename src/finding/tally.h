/*
 * tally.h: the closing summary: every rule and pointer shape over a whole run.
 * A tally is filled per input and added to the run's tally in the order of the inputs, so that the
 * first place is the same for every number of threads. Bounded like a set.
 */
#ifndef FINDING_TALLY_H
#define FINDING_TALLY_H

#include "base/buf.h"
#include "finding/set.h"

struct tally;

struct tally *tally_new(void); /* NULL: no memory */
void tally_free(struct tally *t);
void tally_clear(struct tally *t);

/* Adds the findings of one response of the input `path`. */
void tally_response(struct tally *t, const struct findings *f, struct slice path);
/* Adds another tally, whose inputs come after those already in *t. */
void tally_add(struct tally *t, const struct tally *other);

/*
 * Appends one line for each group, worst severity first and then most inputs first:
 *   error    8 inputs  enum  /phone_provider  expected ..., found "exotel"  first 0501/a.json:1:912
 * at most `most` lines, then how many groups more there are. Where an unknown enum value is
 * frequent (in 3 responses or more) a hint line says how to accept it (-W enum=..., or --model).
 */
void tally_print(const struct tally *t, size_t most, bool color, struct buf *out);

bool tally_failed(const struct tally *t);

#endif
