/*
 * tar.h: tar headers as libarchive makes them.
 */
#ifndef BUNDLE_TAR_H
#define BUNDLE_TAR_H

#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

#define TAR_BLOCK 512

/* Appends the header of a regular file (pax restricted: a ustar block unless the size needs more):
 * mode 0644, uid and gid 0, no user names, the given mtime. */
int tar_header(const char *name, uint64_t size, int64_t mtime, struct buf *out, struct error *e);

/* Zero bytes that follow `size` bytes of data. */
static inline unsigned tar_padding(uint64_t size)
{
	return (unsigned)(-size & (TAR_BLOCK - 1));
}

#endif
