/*
 * spool.h: a run of bytes that grows at its end and is given up at its start.
 * Up to 4 MiB lie in memory, more in an unnamed temporary file.
 */
#ifndef INPUT_SPOOL_H
#define INPUT_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct spool;

/* `dir` is the folder for the file, NULL: $TMPDIR or /tmp; copied. NULL: no memory. */
struct spool *spool_new(const char *dir);
void spool_free(struct spool *s); /* NULL is fine */

/* Empties it; the next byte's place is 0 again. */
void spool_clear(struct spool *s);

/* The places kept are [spool_start, spool_end). */
uint64_t spool_start(const struct spool *s);
uint64_t spool_end(const struct spool *s);

int spool_append(struct spool *s, const void *data, size_t len, struct error *e);
/* Gives up the bytes before `offset` (no further than the end). */
void spool_drop(struct spool *s, uint64_t offset);
/* The bytes [offset, offset + len), all of which must be kept. 0 or -1. */
int spool_read(struct spool *s, uint64_t offset, void *data, size_t len, struct error *e);

#endif
