/*
 * span.h: frames that follow one another, read and checked by one thread: the header and the frames
 * of one entry, or of a damaged bundle just some frames. The unit of work of verify.
 *
 * What is kept at any time is the content of one frame.
 */
#ifndef BUNDLE_SPAN_H
#define BUNDLE_SPAN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/error.h"
#include "bundle/bundle.h"

/* What is wrong with a frame. */
struct span_fault {
	uint32_t frame;
	struct error why; /* ERROR_BUNDLE */
};

struct span {
	const struct bundle *b;
	uint32_t from, to; /* frames [from, to) */
	bool entry;        /* they are a whole entry, the first its header */

	/* what came of it */
	struct buf header;         /* with `entry`: the content of its first frame */
	struct sha256 digest;      /* with `entry`, if there is no fault: of its content */
	struct span_fault *faults; /* the first DAMAGE_LINES of them, in order */
	size_t fault_count, fault_cap;
	uint64_t more_faults;
	struct error error; /* why it could not be read to its end */

	struct span_tools *tools;
};

/* Zeroes it and makes its tools. 0, or -1: no memory. span_free is fine after both. */
int span_init(struct span *s);
void span_free(struct span *s);

/* Reads and checks the frames; the caller has set b, from, to and entry. Ends early when a signal
 * asked for it. Calls nothing but what any thread may call. */
void span_run(void *span);

#endif
