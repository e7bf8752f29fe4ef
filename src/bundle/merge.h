/*
 * merge.h: many bundles into one. States are stored once across them, numbers of responses,
 * lines and blobs are new, and all else is as it was.
 *
 * What two bundles both hold is written once: a response with the same identity, source, offset,
 * time and HTTP header (with its findings), and a source line (with its blobs, compared by
 * content). What one bundle holds twice stays there twice.
 *
 * Memory: that of reading one bundle and writing another, and some 60 bytes for each response
 * and each source line.
 */
#ifndef BUNDLE_MERGE_H
#define BUNDLE_MERGE_H

#include <stdint.h>

#include "base/error.h"
#include "bundle/bundle.h"
#include "bundle/keeper.h"
#include "bundle/writer.h"
#include "model/model.h"

struct merge;

/* Compiles the model that a bundle carries. NULL on failure. */
struct model *merge_model(const struct bundle *b, struct error *e);
/* Do two bundles carry the same model? */
bool merge_same_model(const struct bundle *a, const struct bundle *b);

/* All must outlive it; `model` is that of all bundles. NULL on failure. */
struct merge *merge_new(struct writer *w, const struct model *model, struct error *e);
void merge_free(struct merge *m); /* NULL is fine */

/*
 * Adds all that a bundle holds; every response is compared with its digest. After -1 the writer
 * is to be abandoned. ERROR_USAGE: the bundle was written by a later callroll and may hold what
 * this one would lose.
 */
int merge_add(struct merge *m, const struct bundle *b, struct error *e);

const struct keeper_counts *merge_counts(const struct merge *m);
/* Responses that were left out, because an earlier bundle has them. */
uint64_t merge_doubled(const struct merge *m);

#endif
