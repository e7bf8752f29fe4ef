/*
 * seek_table.h: the last bytes of a bundle, in zstd's seekable format 0.1.0: the compressed and
 * uncompressed size of every frame before it.
 */
#ifndef BUNDLE_SEEK_TABLE_H
#define BUNDLE_SEEK_TABLE_H

#include <stdint.h>

#include "base/error.h"
#include "bundle/layout.h"

/* The least bytes a frame can have: magic number, descriptor, size, an empty block, checksum. */
#define SEEK_FRAME_LEAST 13
/* No encoder makes more of `raw` bytes: stored blocks, their headers and the frame's. */
#define SEEK_FRAME_MOST(raw) ((raw) + ((raw) >> 8) + 256)

/*
 * Reads it from a file of `file_size` bytes. Afterwards the frames cover the file without a gap:
 * *frames is an array (to be freed) of *count >= 1 records with offset, size and raw, all else
 * zero. Nothing of the size of the table is taken before the table is known to fit the file. 0 or
 * -1: ERROR_BUNDLE says what the file is instead.
 */
int seek_table_read(int fd, const char *name, uint64_t file_size, struct frame_record **frames,
		    uint32_t *count, struct error *e);

#endif
