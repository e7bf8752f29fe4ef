/*
 * classify.h: what a JSON object is, by its top-level members: a response, or one of the other
 * things that lie in the same folders (callroll-findings(7), not-a-response).
 */
#ifndef MODEL_CLASSIFY_H
#define MODEL_CLASSIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* The members seen so far. */
struct classify {
	uint32_t seen;
	uint32_t objects; /* the same, whose values are objects */
	uint32_t others;  /* members of other names */
};

/* A member was met: its name in the normal form with quotes, and the first byte of its value. */
void classify_member(struct classify *c, struct slice quoted, char value);

/* The bit of c->seen for `recipients`. */
uint32_t classify_recipients(void);

/* true if a member of a batch was seen. */
bool classify_may_be_response(const struct classify *c);

/* "" for a response, else what it is instead, as the end of a sentence: "an API error body". */
const char *classify_object(const struct classify *c);

/* What a value is that is no object, by its first byte and whether it is an empty array. */
const char *classify_other(char first, bool empty);

#endif
