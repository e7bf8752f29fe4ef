/*
 * indexer.h: the writer's side of the index of keys: collects the keys of the lines that are
 * written and makes index/keys.bin of them.
 *
 * What came after the writer's mark is held in memory, 8 bytes a key, until it is kept; then it is
 * sorted in bounded memory (sorter.h).
 */
#ifndef BUNDLE_INDEXER_H
#define BUNDLE_INDEXER_H

#include "bundle/keys.h"
#include "bundle/layout.h"
#include "bundle/store.h"

struct indexer;

/* `folder`: for temporary files. NULL: no memory. */
struct indexer *indexer_new(const char *folder);
void indexer_free(struct indexer *x); /* NULL is fine */

/* A line in frame number `ordinal` (from 0) of its kind has a key with that fingerprint. 0 or -1.
 */
int indexer_add(struct indexer *x, enum line_kind kind, uint32_t ordinal, uint64_t fingerprint,
		struct error *e);
/* What was added is kept, or forgotten. */
int indexer_keep(struct indexer *x, struct error *e);
void indexer_take_back(struct indexer *x);

/* Writes the entry, if there is any key. frames[kind][ordinal] is that frame's number in the
 * bundle. */
int indexer_write(struct indexer *x, struct store *s, const uint32_t *const frames[LINES_KINDS],
		  struct keys_shape *shape, struct error *e);

#endif
