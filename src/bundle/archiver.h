/*
 * archiver.h: responses into a bundle's lines: the one place that knows what is written for a
 * response that is kept, for one that is set aside, and for an input.
 */
#ifndef BUNDLE_ARCHIVER_H
#define BUNDLE_ARCHIVER_H

#include <stdint.h>

#include "base/error.h"
#include "bundle/writer.h"
#include "finding/print.h"
#include "input/reader.h"
#include "model/model.h"

struct archiver;

/* What was kept so far. */
struct archiver_counts {
	uint64_t kept;        /* responses */
	uint64_t with_errors; /* of them */
	uint64_t recipients;  /* lines: different states */
	uint64_t set_aside;   /* pieces */
	uint64_t set_aside_bytes;
	uint64_t batches;     /* different ids among the kept */
};

/* All must outlive it. NULL: no memory. */
struct archiver *archiver_new(struct writer *w, const struct model *model,
			      struct findings *findings);
void archiver_free(struct archiver *a); /* NULL is fine */
struct archiver_counts archiver_counts(const struct archiver *a);

/* A response begins (READER_BEGIN). */
int archiver_begin(struct archiver *a, struct error *e);
/* One of its recipients was read (READER_RECIPIENT). */
int archiver_recipient(struct archiver *a, const struct check *c, struct error *e);
/*
 * It was read to its end and shall be kept. 1: it is. 0: its id stood behind its recipients: read
 * it again (reader_again), it will be written then. -1.
 */
int archiver_keep(struct archiver *a, const struct check *c, const struct reader_result *r,
		  const struct finding_source *at, struct error *e);
/* It cannot be read on: nothing of it stays (the caller takes the writer back). */
void archiver_give_up(struct archiver *a);
/* It shall not: nothing of it stays but its findings and, byte for byte, `size` bytes that `read`
 * gives. */
int archiver_set_aside(struct archiver *a, const struct reader_result *r,
		       const struct finding_source *at, writer_read *read, void *arg,
		       struct error *e);

/* An input, or a member of a container, as `sources` lists it. */
struct archiver_source {
	struct slice path;
	uint64_t size;               /* of its bytes, decompressed */
	const struct sha256 *digest; /* of the same; NULL: it is a container, only the file
				      * counts */
	bool has_file;               /* compressed, or a container: */
	uint64_t file_size;          /* the file as it lies there */
	struct sha256 file_digest;
	uint64_t members;            /* of a container: how many were read; each has a line of
				      * its own */
	uint64_t responses, kept, set_aside; /* of a container: of all its members */
	const char *trouble;         /* NULL, or why it could not be read to its end */
	uint64_t original;           /* originals/N, 0: none */
	uint64_t whole;              /* set-aside/N: the whole file (of file_size bytes), because it
				      * could not be read; 0: none */
};
int archiver_source(struct archiver *a, const struct archiver_source *s, struct error *e);

#endif
