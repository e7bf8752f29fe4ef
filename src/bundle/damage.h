/*
 * damage.h: the lines of verify's report.
 */
#ifndef BUNDLE_DAMAGE_H
#define BUNDLE_DAMAGE_H

#include <stdint.h>

#include "base/buf.h"
#include "bundle/bundle.h"
#include "bundle/span.h"

/* More lines are only counted. */
#define DAMAGE_LINES 50

struct damage {
	struct buf *out;
	uint64_t problems;
	uint64_t frames; /* of the problems: with a frame or an entry of their own */
};

/* One problem of the bundle as a whole. */
void damage_add(struct damage *d, const char *words);
/* One problem of a frame; says what the frame held. */
void damage_frame(struct damage *d, const struct bundle *b, uint32_t frame, const char *words);
/* All faults of the frames. */
void damage_span(struct damage *d, const struct span *s);
/* One problem of an entry whose frames are sound. */
void damage_entry(struct damage *d, struct slice name, const char *words);
/* How many lines were left out, and what to do. */
void damage_end(struct damage *d, const char *advice);

#endif
