/*
 * layout.h: what is where in a bundle; the C side of callroll-bundle(5).
 *
 * A bundle is a POSIX tar in zstd frames:
 *
 *   for each entry, in this order: a header frame (zero bytes that pad the entry before to 512,
 *   then this entry's tar header), then its data frames (none if it is empty);
 *   the last entry is trailer.json, alone in one frame with its header, its padding and the two
 *   zero blocks that end a tar; this frame has raw blocks only, so that its encoding is fixed;
 *   a seek table (zstd's seekable format 0.1.0, without checksums), which is a skippable frame.
 *
 *   callroll.json  FORMAT.txt  model.schema.json
 *   recipients/NNNNNNNN.ndjson responses/... findings/... sources/...
 *   set-aside/NNNNNNNN originals/...
 *   index/keys.bin  index/frames.bin  manifest-sha256.txt  trailer.json
 */
#ifndef BUNDLE_LAYOUT_H
#define BUNDLE_LAYOUT_H

#include <stdint.h>

#include "base/digest.h"

#define BUNDLE_FORMAT "callroll-bundle"
#define BUNDLE_MAJOR 1
#define BUNDLE_VERSION "1.0"

#define ENTRY_ABOUT "callroll.json"
#define ENTRY_FORMAT "FORMAT.txt"
#define ENTRY_MODEL "model.schema.json"
#define ENTRY_KEYS "index/keys.bin"
#define ENTRY_FRAMES "index/frames.bin"
#define ENTRY_MANIFEST "manifest-sha256.txt"
#define ENTRY_TRAILER "trailer.json"

/* Entries that come as lines, in shards; their numbers begin at 1: recipients/00000001.ndjson */
/* How a line of findings begins that belongs to a response: its number follows, then a comma. */
#define FINDING_OWNER "{\"_response\":"

enum line_kind { LINES_RECIPIENTS, LINES_RESPONSES, LINES_FINDINGS, LINES_SOURCES, LINES_KINDS };
/* Entries that are bytes: set-aside/00000001 */
enum blob_kind { BLOB_SET_ASIDE, BLOB_ORIGINALS, BLOB_KINDS };

/* "recipients" ... and "set-aside" ... */
extern const char *const layout_lines[LINES_KINDS];
extern const char *const layout_blobs[BLOB_KINDS];

/*
 * One record of index/frames.bin, 64 bytes, little endian: one for each frame before that entry's
 * own header frame, in the order of the file.
 */
struct frame_record {
	uint64_t offset;      /*  0: of the frame in the bundle */
	uint32_t size;        /*  8: compressed, in bytes */
	uint32_t raw;         /* 12: uncompressed, in bytes */
	uint32_t entry;       /* 16: line of the manifest (from 0) that names its entry; bit 31:
			       * a header frame */
	uint32_t lines;       /* 20: data of an .ndjson entry: its lines; else 0 */
	uint64_t first;       /* 24: data of an .ndjson entry: the number of its first line among
			       * all lines of its kind, from 1; data of other entries: its offset
			       * in the entry; header frames: 0 */
	struct sha256 digest; /* 32: of the compressed bytes */
};
#define FRAME_RECORD_BYTES 64
#define FRAME_HEADER_BIT 0x80000000u
/* index/frames.bin is cut into frames of that many records. */
#define FRAME_RECORDS_PER_FRAME 1024

void layout_put_record(const struct frame_record *r, unsigned char out[FRAME_RECORD_BYTES]);
void layout_get_record(const unsigned char in[FRAME_RECORD_BYTES], struct frame_record *r);

/* Seek table. */
#define SEEK_SKIPPABLE_MAGIC 0x184D2A5Eu
#define SEEK_FOOTER_MAGIC 0x8F92EAB1u
#define SEEK_FOOTER_BYTES 9
#define SEEK_ENTRY_BYTES 8
#define SEEK_OVERHEAD 17 /* skippable header 8, footer 9 */

#endif
