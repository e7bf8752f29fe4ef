/*
 * shelf.h: the bundles of a command line, opened when they are needed; only some stay open.
 */
#ifndef COMMANDS_SHELF_H
#define COMMANDS_SHELF_H

#include "base/map.h"
#include "bundle/lines.h"
#include "bundle/lookup.h"
#include "commands/bundles.h"

/* An open bundle. */
struct volume {
	const char *path;
	struct bundle *bundle;
	struct lookup *lookup;
	struct lines *responses;
};

struct shelf;

/* `paths` must outlive it. NULL: no memory. */
struct shelf *shelf_new(const struct bundle_paths *paths);
void shelf_free(struct shelf *s); /* NULL is fine */
size_t shelf_count(const struct shelf *s);

/* The n-th bundle, valid until the next call; NULL: it cannot be opened, which is said on standard
 * error once. */
struct volume *shelf_get(struct shelf *s, size_t n);
/* Of a bundle something is wrong: said once for each text, and the status worsened. */
void shelf_error(struct shelf *s, const struct error *e);
/* The worst of what was wrong. An index that could not be used is told now at the latest. */
enum status shelf_status(struct shelf *s);
/* How many bundles could not be opened. */
size_t shelf_bad(const struct shelf *s);
/* In how many something was wrong, these among them. */
size_t shelf_damaged(const struct shelf *s);
/* What was said, once each. */
const struct map *shelf_told(const struct shelf *s);

#endif
