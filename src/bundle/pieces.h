/*
 * pieces.h: whether bytes that a bundle keeps as they were captured hold a needle: what was set
 * aside, and originals.
 *
 * They are looked at as they are, decompressed (gzip, zstd, xz, bzip2), and member by member if
 * they are a tar or zip, whose members are decompressed too.
 */
#ifndef BUNDLE_PIECES_H
#define BUNDLE_PIECES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "bundle/bundle.h"
#include "bundle/needles.h"

/* `partly`: not all of it could be looked at: it is damaged or encrypted, or an archive within an
 * archive. `found` may be NULL. 1: it holds one; 0: it does not; -1. */
int pieces_hold(const struct bundle *b, uint32_t entry, struct needles_look *look,
		needles_found *found, void *arg, bool *partly, struct error *e);

#endif
