/*
 * bundle_maker.h: makes bundles for tests, by callroll-bundle(5) and without the writer, whole or
 * with one thing wrong whose digests are right.
 */
#ifndef TESTS_BUNDLE_MAKER_H
#define TESTS_BUNDLE_MAKER_H

#include "base/buf.h"
#include "bundle/layout.h"
#include "bundle/tail.h"

#define MAKER_ENTRIES 64
#define MAKER_FRAMES 4096

struct maker {
	struct buf file;
	struct frame_record frames[MAKER_FRAMES];
	uint32_t frame_count;
	struct {
		char name[128];
		struct sha256 digest;
		uint64_t size;
		uint32_t first_frame; /* of `pending` */
	} entries[MAKER_ENTRIES];
	uint32_t entry_count;
	struct {
		struct buf raw;
		uint32_t lines;
	} pending[MAKER_FRAMES]; /* data frames of all entries, in order */
	uint32_t pending_count;
	uint64_t lines[LINES_KINDS], blobs[BLOB_KINDS];
	int64_t mtime;

	/* Change what goes into the file before digests are made; NULL: nothing. `arg` is for them.
	 */
	void (*change_header)(struct maker *m, uint32_t entry, struct buf *content);
	void (*change_record)(struct maker *m, uint32_t frame, struct frame_record *r);
	void (*change_manifest)(struct maker *m, struct buf *text);
	void (*change_facts)(struct maker *m, struct tail_facts *f);
	void (*change_json)(struct maker *m, struct buf *text);
	void (*change_trailer)(struct maker *m, struct buf *frame);
	uint64_t arg;
};

struct maker *maker_new(void);
void maker_free(struct maker *m);

/* A new entry; it is counted as lines or a blob by its name. */
void maker_entry(struct maker *m, const char *name);
/* A data frame of the last entry. */
void maker_frame(struct maker *m, const char *text);
/* Puts the file together. */
void maker_finish(struct maker *m);

/* A bundle with every kind of entry: see the .c. */
struct maker *maker_sample(void);

/* A file in memory with these bytes: a descriptor, and its path in *path (at least 64 bytes). */
int maker_file(struct slice bytes, char *path);

#endif
