/*
 * archive.h: what libarchive is used for here: decompressing zstd, xz and bzip2, and the members
 * of tar and zip. The only file of this layer that includes libarchive.
 */
#ifndef INPUT_ARCHIVE_H
#define INPUT_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "input/feed.h"
#include "input/raw.h"

struct archive_in;

struct archive_in_entry {
	const char *
		path; /* bytes as they are in the container; valid until the next archive_in_next */
	bool folder;
	bool readable; /* a regular file with its own bytes, not encrypted */
	bool encrypted;
};

/*
 * All frames or streams of a zstd, xz or bzip2 feed as one run of bytes. `from` and `name` (for
 * messages) must outlive it. NULL: no memory.
 */
struct archive_in *archive_in_decompress(enum kind kind, struct feed *from, const char *name,
					 struct error *e);

/*
 * The members of a tar or zip feed. `raw`, if not NULL, is the regular file that `from` is the
 * feed of: then a zip is read by its directory at the end, else in the order of its bytes. NULL
 * on failure.
 */
struct archive_in *archive_in_open(enum kind kind, struct feed *from, struct raw *raw,
				   const char *name, struct error *e);
void archive_in_free(struct archive_in *a); /* NULL is fine */

/* Goes to the next member: 1; 0: no more; -1: damaged or cut, not to be called again after that. */
int archive_in_next(struct archive_in *a, struct archive_in_entry *entry, struct error *e);

/*
 * Up to len bytes of the member, or of what is decompressed: the count, 0 at the end, -1 (not to
 * be called again for this member after that).
 */
ssize_t archive_in_read(struct archive_in *a, void *data, size_t len, struct error *e);

#endif
