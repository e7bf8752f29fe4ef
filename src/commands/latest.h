/*
 * latest.h: the latest state of recipients that were found in some state: the line of theirs that
 * stands in the newest response of the batch in which they stand at all.
 *
 * A recipient is its batch's id and its own; one without an id is its batch's id and all that its
 * line says. If several lines of a response have its id, those that were found count, or else all.
 */
#ifndef COMMANDS_LATEST_H
#define COMMANDS_LATEST_H

#include "bundle/captures.h"
#include "commands/shelf.h"

struct latest;

struct latest *latest_new(void); /* NULL: no memory */
void latest_free(struct latest *l); /* NULL is fine */

/* A recipient line of that bundle was found. 0 or -1: no memory. */
int latest_hit(struct latest *l, uint32_t bundle, uint64_t number, struct slice line);
/* The ids of their batches, in the normal form with quotes, without repeats. */
const struct map *latest_batches(const struct latest *l);

/*
 * Calls `found` for each line that is a latest state, batch by batch; `response` is the line of
 * capture `c`, in which it stands. What cannot be read is told to the shelf. 0; -1: no memory, or a
 * signal came; or what `found` returns.
 */
struct state {
	const struct capture *capture;
	struct slice response;
	uint64_t number;
	struct slice line;
};
typedef int latest_found(void *arg, const struct volume *v, const struct state *s);
int latest_resolve(struct latest *l, struct shelf *shelf, const struct captures *captures,
		   latest_found *found, void *arg, struct error *e);

#endif
