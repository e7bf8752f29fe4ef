/*
 * inside.h: what an open bundle is made of. Only for the files that read it: open.c, bundle.c,
 * lines.c, describe.c, verify.c and its parts, and merge.c and relist.c, which copy it.
 */
#ifndef BUNDLE_INSIDE_H
#define BUNDLE_INSIDE_H

#include "base/map.h"
#include "bundle/bundle.h"
#include "bundle/frame.h"
#include "bundle/trailer.h"

/* How far opening came. Each step needs those before it. */
enum known {
	KNOWN_NOTHING,
	KNOWN_FRAMES,  /* the seek table: where frames are; frame_count includes the trailer's */
	KNOWN_TRAILER, /* what it says, and the digests of the tail's frames */
	KNOWN_DIGESTS, /* the frame list */
	KNOWN_ENTRIES, /* the manifest; each record of the frame list is what it must be */
};

struct bundle {
	char *path;
	int fd;
	uint64_t size;
	enum known known;

	struct frame_record *frames;
	uint32_t frame_count; /* with the trailer's, which is the last */
	uint32_t listed;      /* frames whose record was read, from the first on */

	struct buf trailer_content;
	struct trailer_parts parts; /* of trailer_content */
	struct trailer trailer;
	struct sha256 seal;

	struct buf manifest;
	struct bundle_entry *entries; /* their names are in manifest */
	uint32_t *heads;              /* of each entry: its header frame; one more than entries */
	struct map *names;
	/* Frames with the lines of a kind, in order. */
	uint32_t *line_frames[LINES_KINDS];
	uint32_t line_frame_count[LINES_KINDS];
};

/*
 * Opens the file and reads as much as it can; b->known says how far. The error's text does not name
 * the file unless it is ERROR_IO. 0 or -1; *out is set in both cases, or NULL if the file is none
 * that can be read or memory is short.
 */
int open_load(const char *path, struct bundle **out, struct error *e);

/* Whether the frame's digest is known. */
static inline bool bundle_has_digest(const struct bundle *b, uint32_t frame)
{
	return frame < b->listed || (b->known >= KNOWN_TRAILER && frame >= b->trailer.frames &&
				     frame + 1 < b->frame_count);
}

/*
 * Appends the content of a frame: its digest is checked (if it is known), then it is decompressed;
 * with neither `d` nor `out` it is only checked.
 * The error's text says only what is wrong with the frame.
 */
int frame_fetch(const struct bundle *b, uint32_t frame, struct decoder *d, struct buf *out,
		struct error *e);

/* Appends what a frame holds, for people: "recipients/00000031.ndjson lines 21,180-22,591". Lines
 * are counted in that entry. */
void describe_frame(const struct bundle *b, uint32_t frame, struct buf *out);

/* Fills listed and the records' entry, lines, first and digest; what the seek table says must
 * agree. */
int frame_list_read(struct bundle *b, struct error *e);
/* Checks every record against its entry and fills heads, line_frames and the entries' sizes. */
int frame_list_relate(struct bundle *b, struct error *e);

/* Fills entries and names. */
int manifest_read(struct bundle *b, struct error *e);
/* The kind and the number of a shard of lines ("recipients/00000031.ndjson"), or false. */
bool manifest_shard(struct slice name, enum line_kind *kind, uint64_t *number);
/* The same for blobs ("originals/00000003"). */
bool manifest_blob(struct slice name, enum blob_kind *kind, uint64_t *number);

#endif
