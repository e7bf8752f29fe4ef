/*
 * walk.h: the inputs that a command line names, one after the other (section Input of
 * callroll(1)).
 *
 * A folder is walked in byte order of the names within each folder. Passed over and counted:
 * names that begin with a dot, symbolic links to folders, special files (except when named),
 * callroll's own bundles and the files given to walk_exclude. A file that was named is read
 * whatever its name.
 */
#ifndef INPUT_WALK_H
#define INPUT_WALK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/slice.h"

struct walk;

/* One input, or one path that cannot be one. */
struct walk_item {
	char *path;         /* for open(2); "-": standard input */
	char *name;         /* as recorded: below --root, bytes that are not UTF-8 as %XX */
	bool named;         /* it was an argument */
	struct error error; /* kind != ERROR_NONE: it cannot be read, for this reason */
};

/* What was passed over. */
struct walk_counts {
	uint64_t other_names; /* the name is none of ours */
	uint64_t hidden;
	uint64_t links;
	uint64_t special;
	uint64_t bundles;
	uint64_t excluded;
};

/* `root` may be NULL. The arrays must outlive the walk. NULL: no memory, or root is no folder. */
struct walk *walk_open(char *const *paths, size_t count, const char *root, struct error *e);
/* Leaves out the file with this device and inode (the output). */
void walk_exclude(struct walk *w, dev_t dev, ino_t ino);
/* 1: *item was filled, to be given to walk_item_free; 0: no more; -1: no memory, or stopped. */
int walk_next(struct walk *w, struct walk_item *item, struct error *e);
void walk_item_free(struct walk_item *item);
const struct walk_counts *walk_counts(const struct walk *w);
void walk_close(struct walk *w); /* NULL is fine */

#endif
