/*
 * again.h: bundles that are opened again to compare responses, two at a time (timeline_open).
 */
#ifndef COMMANDS_AGAIN_H
#define COMMANDS_AGAIN_H

#include "bundle/timeline.h"
#include "commands/bundles.h"

/* Zeroed but for `paths`, nothing is open. */
struct again {
	const struct bundle_paths *paths;
	struct bundle *open[2];
	uint32_t number[2];
	unsigned next; /* to be closed */
};

/* A timeline_open whose argument is a struct again. */
const struct bundle *again_open(void *again, uint32_t bundle, struct compare *c, struct error *e);
/* Closes them; who compared them must have ended. */
void again_close(struct again *a);

#endif
