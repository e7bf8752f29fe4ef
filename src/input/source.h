/*
 * source.h: the bytes of one input, decompressed, from the first to the last, and again from any
 * place that is still kept.
 *
 * A plain regular file is read directly. What begins with the magic of gzip, zstd, xz, bzip2,
 * tar or zip is decoded (by zlib, else libarchive): a compressed file is one member, a container
 * has many.
 * What cannot be read again from its place (standard input, pipes, members) is kept from
 * source_keep's place on, first in memory (4 MiB), then in an unnamed temporary file.
 */
#ifndef INPUT_SOURCE_H
#define INPUT_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/pool.h"
#include "input/walk.h"

struct source;

#define SOURCE_LOADED ((size_t)64 * 1024)

/* `spool` is the folder for temporary files, NULL: $TMPDIR or /tmp; it must outlive the source.
 * `digest`: compute the SHA-256s. A plain file of at most SOURCE_LOADED bytes is read whole here,
 * by one call of the system, and hashed: many files are small. NULL on failure (no such file, not
 * readable, a folder, ...). */
struct source *source_open(const struct walk_item *item, bool digest, const char *spool,
			   struct error *e);
void source_close(struct source *s); /* NULL is fine */
/* Before the first source_next, by the owner of the pool: its threads make the members' digests. */
void source_use(struct source *s, struct pool *pool);

/*
 * Goes to the next member (the first call: the first). 1: there is one; 0: there are no more; -1:
 * the container is damaged or cannot be read from here on. A plain or compressed file has exactly
 * one. In a container only the members whose names walk.h would read are visited; the others and
 * nested containers are counted in source_skipped() (folders are not); encrypted ones make the end
 * of the container -1. A compressed member is decompressed. After -1 there are no more. A bundle of
 * callroll that is read as a container is -1.
 */
int source_next(struct source *s, struct error *e);

/* The member's recorded name: the item's, or "archive.tar:member.json". Valid until source_next. */
const char *source_name(const struct source *s);
/* The end of it: the name of the file, or of the container's member, without its folders. */
struct slice source_file_name(const struct source *s);
/* true if the name (without compression suffix) ends in .ndjson or .jsonl. */
bool source_is_lines(const struct source *s);
uint64_t source_skipped(const struct source *s);

/* Reads on from the place reached: the count, perhaps fewer than len, 0 at the end, -1. The bytes
 * stay as they are until source_settle, for they may be hashed meanwhile. */
ssize_t source_read(struct source *s, void *data, size_t len, struct error *e);
/* This memory, or some of it, is about to be changed, freed or used again. (After the end of the
 * member, and after source_next and source_close, nothing needs to be settled.) */
void source_settle(struct source *s, const void *data, size_t len);
/* Goes back to an earlier place, at or after the last source_keep. 0 or -1. */
int source_seek(struct source *s, uint64_t offset, struct error *e);
/* Bytes before this place will not be asked for again. */
void source_keep(struct source *s, uint64_t offset);
/*
 * Reads bytes already read once, without moving the place. ERROR_CHANGED: the file does not have
 * them any more; with `digest` others in their place are noticed too. 0 or -1.
 */
int source_again(struct source *s, uint64_t offset, void *data, size_t len, struct error *e);

/*
 * After source_read returned 0: size and SHA-256 of the member's bytes. (Bytes read twice count
 * once.)
 */
uint64_t source_size(const struct source *s);
const struct sha256 *source_sha256(const struct source *s);

/*
 * After source_next returned 0 or -1: true if the input was a compressed file or a container;
 * then *size and *digest are those of the file itself (without `digest`: the bytes read of it,
 * and zeros). A stream is read to its end for it; if that fails: false, and *e says why.
 */
bool source_container(struct source *s, uint64_t *size, struct sha256 *digest, struct error *e);

/* How far into the input file was read, for progress. */
uint64_t source_progress(const struct source *s);

#endif
