/*
 * feed.h: bytes that come once, from first to last, and whose beginning can be looked at. The
 * input file, a decompressor and an archive's member are feeds; each reads from the one before
 * it.
 */
#ifndef INPUT_FEED_H
#define INPUT_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "input/kind.h"

struct feed {
	/* Up to len bytes: the count, 0 at the end, -1. */
	ssize_t (*read)(void *arg, void *data, size_t len, struct error *e);
	void *arg;
	unsigned char head[KIND_HEAD];
	size_t head_len, head_used;
	bool ended;
	struct error failed; /* what ended it, told again by every later feed_read */
};

void feed_init(struct feed *f, ssize_t (*read)(void *, void *, size_t, struct error *), void *arg);

/*
 * Before the first feed_read: the first bytes in *head, KIND_HEAD unless the feed is shorter or
 * broken; a failure is told by the feed_read that comes to its place. Returns the count.
 */
size_t feed_peek(struct feed *f, const unsigned char **head);

/*
 * Up to len (> 0) bytes, perhaps fewer: the count, 0 at the end (and ever after), -1 (and ever
 * after).
 */
ssize_t feed_read(struct feed *f, void *data, size_t len, struct error *e);

#endif
