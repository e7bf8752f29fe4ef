/*
 * store.h: the file that a bundle is written to, and the two lists that describe it: its frames and
 * its manifest. Entries are written one after the other: header, data frames, end.
 */
#ifndef BUNDLE_STORE_H
#define BUNDLE_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "bundle/layout.h"
#include "bundle/press.h"

/* "recipients/18446744073709551615.ndjson" and a NUL */
#define STORE_NAME 40

struct store_row {
	char name[STORE_NAME];
	struct sha256 digest;
};

struct store {
	struct press *press;     /* the caller's */
	char *path;
	struct newfile *file;
	int64_t mtime;
	bool broken;             /* a write failed: the file may end in the middle of something */
	uint64_t offset;         /* the end of the file */
	uint64_t content;        /* sizes of all entries */
	unsigned padding;        /* what the next header frame begins with */
	struct frame_record *frames;
	size_t frame_count;
	size_t frame_cap;
	struct store_row *rows;  /* of ended entries; one more while an entry is open */
	size_t row_count;
	size_t row_cap;
};

/* `path` is the file (NULL: one without a name, never committed); with `into` the folder, and
 * store_name says its name. */
int store_open(struct store *s, const char *path, bool into, bool replace, int64_t mtime,
	       struct press *press, struct error *e);
int store_name(struct store *s, const char *name, struct error *e);
/* Removes the file unless store_commit was called. A zeroed *s is fine. */
void store_close(struct store *s);
int store_commit(struct store *s, struct error *e);

/* Begins an entry of `size` bytes; `name` fits STORE_NAME. */
int store_header(struct store *s, const char *name, uint64_t size, struct error *e);
/* Appends a finished frame of it. */
int store_frame(struct store *s, const struct pressed *f, struct error *e);
/* Ends it: its line of the manifest. */
void store_end(struct store *s, const struct sha256 *digest);

/* Appends bytes that no list describes. */
int store_append(struct store *s, struct slice bytes, struct error *e);

/* A place between entries to go back to; all that was written since is cut off, and with it what
 * broke the file. */
struct store_mark {
	uint64_t offset;
	uint64_t content;
	unsigned padding;
	size_t frame_count;
	size_t row_count;
};
struct store_mark store_mark(const struct store *s);
int store_rewind(struct store *s, const struct store_mark *m, struct error *e);

#endif
