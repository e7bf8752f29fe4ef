/*
 * target.h: the checker's hot loop, once for each kind of processor.
 *
 * value.c is compiled several times, for what different processors can do (json/vector.h); all make
 * the same findings and the same output. The best one that this processor can run is chosen when a
 * checker is made; the environment variable CALLROLL_TARGET forces another, by name.
 */
#ifndef MODEL_TARGET_H
#define MODEL_TARGET_H

#include "model/node.h"

struct check;

struct target {
	const char *name; /* avx2, sse2, neon, portable */

	/* Reads the value at p (white space before it allowed), checks it against `node` and writes
	 * it. Returns the byte behind it, or NULL and c->stop. */
	const char *(*value)(struct check *c, const char *p, const struct node *node);
	/* Reads a member's name and its colon for the innermost container and writes both; the
	 * newest entry is of that member. The same. */
	const char *(*name_at)(struct check *c, const char *p);
};

/* Those that were built: see target_list. */
extern const struct target target_avx2, target_sse2, target_neon, target_portable;

#define TARGET_MOST 3

/* Puts the targets that this processor can run into `out`, the best one first; the last one is
 * `portable`. How many there are. */
size_t target_list(const struct target *out[TARGET_MOST]);
/* The best one, unless CALLROLL_TARGET names another one of them. */
const struct target *target_choose(void);

#endif
