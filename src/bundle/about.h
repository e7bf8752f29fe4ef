/*
 * about.h: callroll.json of a bundle, as one object without white space.
 */
#ifndef BUNDLE_ABOUT_H
#define BUNDLE_ABOUT_H

#include "base/buf.h"
#include "base/error.h"
#include "bundle/bundle.h"

/* Replaces *out. 0, or -1: there is none, or it cannot be read. */
int about_read(const struct bundle *b, struct buf *out, struct error *e);

/* The level of zstd among its options; `otherwise` if it names none. */
int about_level(struct slice about, int otherwise);

#endif
