/*
 * persons.h: all that a bundle has of some persons: which recipient lines are theirs, and by what
 * texts they are known.
 *
 * A recipient is a batch's id and an id within it; one whose id is no string is its line. A person
 * is every recipient that has one of the values as a key, in any state; and every other one with
 * the same phone number (by its digits) or WhatsApp id as one of these, until there are no more.
 * A WhatsApp id that is a phone number is the same as that number.
 *
 * Memory: a bit for each recipient line of the bundle, and what the persons' own lines say.
 */
#ifndef BUNDLE_PERSONS_H
#define BUNDLE_PERSONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "bundle/lookup.h"
#include "bundle/needles.h"

struct persons;

/* `l` must outlive it. NULL: no memory. */
struct persons *persons_new(struct lookup *l, struct error *e);
void persons_free(struct persons *p); /* NULL is fine */

/* Finds those with these values; once. 0 or -1; ERROR_BUNDLE: not all could be read. */
int persons_find(struct persons *p, const struct slice *values, size_t count, struct error *e);

/* Is the recipient line one of theirs? Any thread may ask. */
bool persons_have(const struct persons *p, uint64_t line);
/* Is there one from `first` to `end` - 1? */
bool persons_meet(const struct persons *p, uint64_t first, uint64_t end);
uint64_t persons_lines(const struct persons *p);
uint32_t persons_recipients(const struct persons *p);
/* Is value number n a key of one of them, or the id of a batch? */
bool persons_met(const struct persons *p, size_t n);
bool persons_batch(const struct persons *p, size_t n);

/*
 * Adds what they are known by, to both: all keys, and user ids. What other recipients have as well
 * (as the value of the same member) is not theirs alone: it is counted in *shared and not added.
 * What is too short to be looked for is counted in *brief. Reads all recipient lines if there are
 * user ids; in `threads`.
 */
int persons_needles(struct persons *p, struct needles *const out[2], unsigned threads,
		    uint64_t *shared, uint64_t *brief, struct error *e);

#endif
