/*
 * judge.h: the part of verify that takes the frames in order: are the entries what the manifest
 * says, and their headers what they must be?
 */
#ifndef BUNDLE_JUDGE_H
#define BUNDLE_JUDGE_H

#include "bundle/damage.h"

struct judge;

/* For a bundle that was opened whole. NULL: no memory. */
struct judge *judge_new(const struct bundle *b, struct damage *damage);
void judge_free(struct judge *j);

/* The next frame. `fault`: what is wrong with it, or NULL and `raw` is its content. 0, or -1:
 * ERROR_MEMORY. */
int judge_frame(struct judge *j, uint32_t frame, const char *fault, struct slice raw,
		struct error *e);
/* After all frames: the last entry and the trailer's frame. 0, or -1: ERROR_IO or ERROR_MEMORY. */
int judge_end(struct judge *j, struct error *e);

#endif
