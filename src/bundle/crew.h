/*
 * crew.h: the frames of one kind of a bundle, read and looked into by several threads, each frame
 * once, and told in their order.
 */
#ifndef BUNDLE_CREW_H
#define BUNDLE_CREW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "bundle/bundle.h"

struct crew;

/* What is done with the frames. A slot is a number below crew_slots: whoever needs memory for what
 * a frame held has one for each. */
struct crew_task {
	const struct bundle *bundle;
	enum line_kind kind;
	void *arg;
	/* Is it needed at all? */
	bool (*wants)(void *arg, const struct frame_record *frame);
	/* Looks into its content, in any thread; it is valid until `take` returns. `first` is the
	 * number of its first line. */
	void (*look)(void *arg, unsigned slot, struct slice content, uint64_t first);
	/* Takes what was found, in the caller's thread, frame by frame. `why` is not ERROR_NONE: it
	 * could not be read, and `look` was not called. Not 0: nothing more is read. */
	int (*take)(void *arg, unsigned slot, const struct error *why, struct error *e);
};

/* `threads` counts the caller's. NULL on failure. */
struct crew *crew_new(unsigned threads, struct error *e);
void crew_free(struct crew *c); /* NULL is fine */
unsigned crew_slots(const struct crew *c);

/* 0; what `take` returns; -1 with *e, also if a signal came. */
int crew_run(struct crew *c, const struct crew_task *task, struct error *e);
/* The same with `count` of the kind's frames, from the n-th on (from 0). */
int crew_run_some(struct crew *c, const struct crew_task *task, uint32_t n, uint32_t count,
		  struct error *e);

#endif
