/*
 * inputs.h: what the tests of input/ share: folders, files, compressed files and containers that
 * are made here, and sources read to their end.
 */
#ifndef TESTS_INPUTS_H
#define TESTS_INPUTS_H

#include <archive.h>
#include <check.h>

#include "base/buf.h"
#include "base/error.h"
#include "input/kind.h"
#include "input/source.h"

/* A test case whose every test has a new folder as its working folder. */
TCase *inputs_new_case(const char *name);
void inputs_make_file(const char *path, struct slice data);

/* `len` bytes of text, the same every time; they compress, but not to nothing. */
void inputs_make_text(struct buf *out, size_t len);
/* Append the data, compressed: one gzip member, one frame, one stream. */
void inputs_make_gzip(struct buf *out, struct slice data);
void inputs_compress_to(struct buf *out, enum kind kind, struct slice data);

struct member {
	const char *name;
	struct slice data;
	const char *option; /* NULL, "folder", "link", or of the first "encrypted": all are */
};

/* Appends an archive of the members; `format` 0: the first member's bytes alone. */
void inputs_pack(struct buf *out, int format, int filter, const struct member *members, size_t n);
/* One more member. */
void inputs_write_member(struct archive *a, const struct member *m);
/* libarchive's callback: `arg` is the buffer. */
la_ssize_t inputs_append(struct archive *a, void *arg, const void *data, size_t len);

/* A source with digests; the test fails if there is none. */
struct source *inputs_open_file(const char *path);
/* Replaces standard input by a pipe that another process fills. */
void inputs_pipe_in(struct slice data);
/* Appends the rest of the member; 0 or -1. */
int inputs_read_all(struct source *s, size_t step, struct buf *out, struct error *e);

/* The next member is this one, to its end. */
void inputs_expect_member(struct source *s, const char *name, struct slice want);
/* There are no more members. */
void inputs_expect_end(struct source *s, uint64_t skipped);
void inputs_expect_digest(const struct sha256 *got, struct slice data);
/* The file itself is these bytes. */
void inputs_expect_container(struct source *s, struct slice file);

#endif
