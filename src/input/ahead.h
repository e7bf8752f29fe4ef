/*
 * ahead.h: the inputs of a walk, opened before their turn by the threads of a pool. A small plain
 * file is then read and hashed, too (source_open). Only what was found in a folder is opened
 * ahead: opening what was named may wait for somebody.
 *
 * Every function is called by the owner of the pool. What is held ahead is bounded: AHEAD_FILES,
 * and of each no more than SOURCE_LOADED.
 */
#ifndef INPUT_AHEAD_H
#define INPUT_AHEAD_H

#include "base/pool.h"
#include "input/source.h"
#include "input/walk.h"

#define AHEAD_FILES 64

struct ahead;

/* All must outlive it. `spool` is for source_open. With one thread nothing is done ahead. NULL: no
 * memory. */
struct ahead *ahead_new(struct walk *w, struct pool *pool, const char *spool);
void ahead_free(struct ahead *a); /* NULL is fine */

/* As walk_next. */
int ahead_next(struct ahead *a, struct walk_item *item, struct error *e);
/* As source_open with a digest, for the item of the last ahead_next, once: the source that was
 * opened ahead, or a new one. */
struct source *ahead_open(struct ahead *a, const struct walk_item *item, struct error *e);

#endif
