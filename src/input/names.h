/*
 * names.h: the recorded name of an argument: as given, cleaned, or relative to a root.
 */
#ifndef INPUT_NAMES_H
#define INPUT_NAMES_H

#include "base/buf.h"
#include "base/error.h"

/*
 * Appends the path without "." parts, repeated and trailing slashes: "./a//b/" is "a/b", "." is
 * "", "/" stays. ".." is kept, because a link may stand before it. "./-" stays, because "-" is
 * standard input.
 */
void names_clean(struct buf *out, const char *path);

/* The folder of --root. NULL on failure. */
struct names_root;
struct names_root *names_root_new(const char *path, struct error *e);
void names_root_free(struct names_root *r); /* NULL is fine */

/*
 * 1: the path is the root or below it; *name is replaced by the way from the root ("" for the
 * root). First as they are spelled, then by what they really are. 0: it is not; -1: errno says
 * why that is not known. In both *name is as it was.
 */
int names_below(const struct names_root *r, const char *path, struct buf *name);

#endif
