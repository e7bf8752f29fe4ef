/*
 * found.h: what find found: states that meet the conditions, in order, and the closing line.
 */
#ifndef COMMANDS_FOUND_H
#define COMMANDS_FOUND_H

#include "commands/answer.h"
#include "commands/latest.h"
#include "commands/where.h"
#include "model/redact.h"

/* A state that is told later. */
struct kept;

struct found {
	const struct where *where;
	struct answer *answer;
	struct redact *redact;         /* NULL: no --redact */
	struct error why;              /* what it could not do; found_print says it */
	struct answer_head head;       /* of `response`, */
	const struct capture *capture; /* which is this one's */
	bool meets;                    /* and whether it meets the conditions on responses */
	struct buf scratch;
	struct kept *kept;
	size_t count, cap;
	struct buf text;               /* of kept lines and responses */
	size_t response, response_len; /* of `capture`, in text */
	struct buf shown;              /* a line as it is printed */
};

/* `redact`: NULL, or what makes lines fit to be printed. 0 or -1: no memory. */
int found_begin(struct found *f, bool ndjson, const struct where *where, struct redact *redact);
void found_free(struct found *f);

/* A latest_found (`arg` is the struct found) that prints at once. */
int found_now(void *arg, const struct volume *v, const struct state *s);
/* The same for found_print, which prints what was kept in order of bundles and lines. */
int found_later(void *arg, const struct volume *v, const struct state *s);
int found_print(struct found *f, struct error *e);
/* The newest response of a batch with so many captures. 0 or -1: no memory. */
int found_batch(struct found *f, const struct volume *v, struct slice response, size_t captures);

/* Prints the rest. 0 or -1: `why`, or no memory. */
int found_end(struct found *f);
bool found_nothing(const struct found *f);
/* "2 recipients in 84 bundles, 2019-05-02 to 2026-05-31; 7 set-aside inputs are not searched" */
void found_summary(const struct found *f, struct shelf *shelf, const struct options *o);

#endif
