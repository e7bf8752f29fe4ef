/*
 * raw.h: the input file as it is: a regular file, read at any place, or a stream.
 * If a digest of it is wanted: whatever way its bytes are read, each is hashed once, in order.
 */
#ifndef INPUT_RAW_H
#define INPUT_RAW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/digest.h"
#include "base/error.h"
#include "input/feed.h"

struct raw {
	int fd;                /* -1: none */
	bool regular;          /* can be read at any place */
	uint64_t opened_size;  /* of a regular file, as it was opened: only a hint */
	const char *name;      /* for messages; the owner's */
	uint64_t pos;          /* the next byte of `feed` */
	uint64_t hashed;       /* bytes [0, hashed) went into `hasher` */
	uint64_t progress;     /* the furthest place that was read */
	struct hasher *hasher; /* NULL: no digest is wanted */
	struct feed feed;      /* the whole file from its start */
};

/*
 * `path` "-" is standard input, which is a stream even if it is a file. `wait`: a FIFO may be
 * opened, which waits for its writer. `name` must outlive *r. 0 or -1; raw_close is fine after
 * both.
 */
int raw_open(struct raw *r, const char *path, const char *name, bool wait, struct error *e);
void raw_close(struct raw *r);

/* A digest of the file is wanted. Nothing was read yet but what the feed has peeked. 0 or -1. */
int raw_want_digest(struct raw *r, struct error *e);

/*
 * Regular files only. Reads at any place, fewer than len only at the end; the bytes are hashed
 * if `hash` and they are the next ones to be.
 */
ssize_t raw_read_at(struct raw *r, uint64_t offset, void *data, size_t len, bool hash,
		    struct error *e);

/* Puts a regular file's feed back to `offset`; what it had peeked is dropped. */
void raw_seek(struct raw *r, uint64_t offset);

/* The end of a regular file as the system has it now, or -1. */
int64_t raw_end(struct raw *r, struct error *e);

/*
 * Reads on to the end of the file, so that all its bytes are hashed. Nothing can be read from
 * the feed afterwards. 0 or -1.
 */
int raw_drain(struct raw *r, struct error *e);

/* The digest of the first r->hashed bytes; only once, and only if one was wanted. */
struct sha256 raw_digest(struct raw *r);

#endif
