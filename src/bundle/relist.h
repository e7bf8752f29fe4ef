/*
 * relist.h: the sources of a bundle and the blobs they name, written to another bundle: blobs
 * get new numbers there, and the lines name those.
 */
#ifndef BUNDLE_RELIST_H
#define BUNDLE_RELIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "bundle/bundle.h"
#include "bundle/once.h"
#include "bundle/writer.h"

/*
 * Copies all of it. A line that an earlier round of `once` had, with blobs of the same content,
 * is left out with its blobs: then doubled[its number - 1] is set (there are as many
 * as lines, all false before). Every blob must be named by exactly one line. After -1 the writer is
 * to be abandoned.
 */
int relist_sources(const struct bundle *b, struct writer *w, struct once *once, bool *doubled,
		   struct error *e);

#endif
