/*
 * batch.h: made-up responses of GET /v1/voiceai/batch-calling/{batch_id}. No person, company or
 * batch in them exists; the telephone numbers are of ranges reserved for fiction, and, where
 * these do not suffice, of a country code that no country has.
 *
 * Apart from odd and wrong values they are consistent: counters are what the recipients say, times
 * are in order, ids, numbers and conversations are unique, and from capture to capture nothing goes
 * back.
 */
#ifndef GEN_BATCH_H
#define GEN_BATCH_H

#include "gen/value.h"

struct batch_plan {
	uint64_t seed;
	uint64_t recipients;
	uint64_t captures; /* so many responses after each other are of one batch */
	uint64_t changes;  /* one recipient in so many differs from the capture before: retries;
			      0: each is called once during the captures */
	uint64_t odd;      /* one recipient or response in so many has strange, valid values; 0:
			    * none */
	uint64_t errors;   /* one recipient in so many has exactly one mistake; 0: none */
	bool usual;        /* all have client data as usual.h makes it; else each batch has one of
			    * three other kinds */
};

struct batch {
	const struct batch_plan *plan;
	struct arena own;  /* the response but for its recipients */
	struct arena item; /* the recipient made last */
	uint64_t number;   /* of the batch */
	uint64_t capture;  /* of the batch, from 0 */
	int64_t created;
	int client; /* what recipients have as client data */
};

struct batch batch_make(const struct batch_plan *plan);

/*
 * Response i, from 0; valid until the next call. Its members stand in the model's order, members
 * that the model does not know and those of free objects in byte order: spelled compactly, it is in
 * callroll's normal form.
 */
struct value *batch_response(struct batch *b, uint64_t i);

#endif
