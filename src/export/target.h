/*
 * target.h: where an export goes, and how it is written.
 */
#ifndef EXPORT_TARGET_H
#define EXPORT_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* Written at a time. */
#define TARGET_PIECE ((size_t)256 * 1024)

struct target {
	/* Takes bytes that end with a row. 0, or -1: nothing more is wanted; *e says why, or
	 * nothing if that is no failure. */
	int (*write)(void *arg, struct slice bytes, struct error *e);
	void *arg;
	bool spreadsheet; /* csv only */
	bool people;      /* it is a terminal */
	/* NULL, or told how many bytes of lines were read. */
	void (*progress)(void *arg, uint64_t bytes);
	void *progress_arg;
};

/* Writes what is in *out and empties it, if that is much or `all`. 0 or -1. */
static inline int target_put(const struct target *t, struct buf *out, bool all, struct error *e)
{
	int status;

	if (out->failed)
		return error_memory(e);
	if (out->len == 0 || (!all && out->len < TARGET_PIECE))
		return 0;
	status = t->write(t->arg, buf_view(out), e);
	buf_clear(out);
	return status;
}

#endif
