/*
 * trailer.h: trailer.json, the end of a bundle from which all else is found and proved.
 */
#ifndef BUNDLE_TRAILER_H
#define BUNDLE_TRAILER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/slice.h"
#include "bundle/keys.h"
#include "bundle/layout.h"

/* The most that mtime can be: tar headers hold no more without an extended one. */
#define TRAILER_MTIME_MOST (INT32_MAX - 1)

struct trailer {
	bool newer;       /* of a later major version: nothing else is known */
	bool same;        /* of exactly this version: its text has one legal form */
	int64_t mtime;    /* of all entries */
	uint32_t entries; /* rows of the manifest; index/frames.bin is the last one */
	uint32_t frames;  /* records of index/frames.bin */
	uint64_t lines[LINES_KINDS];
	uint64_t blobs[BLOB_KINDS];
	struct keys_shape keys;   /* of index/keys.bin; no entries: there is none */
	struct sha256 manifest;   /* of manifest-sha256.txt */
	struct sha256 frame_list; /* of index/frames.bin */
	/*
	 * The frames after those of the list and before the trailer's, in order: entry number
	 * `entries - 1` is index/frames.bin, `entries` is manifest-sha256.txt. lines is 0, first as
	 * in layout.h.
	 */
	struct frame_record *tail;
	uint32_t tail_count;
};

/*
 * The parts of the trailer's frame. Its content is the zero bytes that pad the manifest, a tar
 * header, the JSON, its padding and two zero blocks. Checks that these are there; what the header
 * says beyond name and size is left to verify. 0 or -1.
 */
struct trailer_parts {
	struct slice padding, header, json;
};
int trailer_split(struct slice content, struct trailer_parts *out, struct error *e);

/*
 * Reads the JSON strictly: every member is there once, has its type and is in its bounds; the tail
 * consists of exactly the frames that it must have, contiguous, with their sizes. The version's
 * major number is judged first. Members it does not know are passed over. 0 or -1; the caller frees
 * *t in both cases.
 */
int trailer_parse(struct slice json, struct trailer *t, struct error *e);
void trailer_free(struct trailer *t);

#endif
