/*
 * kind.h: what a name promises and what the first bytes say.
 * Names decide what is read in folders and containers; bytes alone decide how it is read.
 */
#ifndef INPUT_KIND_H
#define INPUT_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

enum kind {
	KIND_PLAIN, /* JSON, or whatever else the reader finds */
	KIND_GZIP,
	KIND_ZSTD,
	KIND_XZ,
	KIND_BZIP2,
	KIND_TAR,
	KIND_ZIP,
};

/* As many first bytes as kind_of needs to know all kinds: one tar header. */
#define KIND_HEAD 512

enum kind kind_of(const unsigned char *head, size_t len);
/* gzip, zstd, xz or bzip2 */
bool kind_is_compressed(enum kind k);
/* true if the head is a whole zip file without members, with nothing but a short comment. */
bool kind_is_empty_zip(const unsigned char *head, size_t len);
/* "gzip", ... for messages */
const char *kind_text(enum kind k);

/* In every comparison of names here upper and lower case are the same. */
enum kind_name {
	KIND_NAME_OTHER,
	KIND_NAME_JSON,      /* .json, also with .gz .zst .xz .bz2 */
	KIND_NAME_LINES,     /* .ndjson .jsonl, likewise */
	KIND_NAME_CONTAINER, /* .tar .tgz .tar.gz .tar.zst .tzst .tar.xz .txz .tar.bz2 .tbz2 .zip */
};

enum kind_name kind_of_name(struct slice name);
/* true if the name ends in .zst or .tzst: only such a file in a folder can be a bundle. */
bool kind_may_be_bundle(struct slice name);
/* true if a component of the path begins with a dot and is neither "." nor "..". */
bool kind_is_hidden(struct slice path);

/*
 * true if the regular file begins as zstd and ends with the footer of zstd's seekable format, as
 * callroll's own bundles do. Does not move the file's place; false if it cannot be read.
 */
bool kind_is_bundle(int fd);

#endif
