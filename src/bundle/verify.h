/*
 * verify.h: is a bundle whole and unaltered? Every byte of the file is covered: every frame by its
 * digest in the frame list, every entry by the manifest, the last frames by the trailer, the
 * trailer by the seal, and what stands outside the digests (the trailer's frame, the seek table) by
 * having exactly one legal encoding.
 */
#ifndef BUNDLE_VERIFY_H
#define BUNDLE_VERIFY_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/error.h"
#include "bundle/erased.h"

struct verify_result {
	bool whole;           /* nothing is wrong */
	struct sha256 seal;   /* if the trailer could be read */
	bool has_seal;
	uint64_t size;
	uint64_t lines[4];    /* by enum line_kind */
	struct erased erased; /* what it says was erased from it, if it is whole */
	uint64_t problems;    /* how many */
	struct buf report;    /* if there are any: a line with LF for each of the first 50 (what is
			       * damaged, what it held), how many more, and what to do */
};

/*
 * Reads the whole file. `threads` decompress. `seal`: the expected one, or NULL. Returns 0 when the
 * judgement in *r is complete (also when it says damaged); -1 with ERROR_IO or ERROR_MEMORY. The
 * caller frees r->report.
 */
int bundle_verify(const char *path, const struct sha256 *seal, unsigned threads,
		  struct verify_result *r, struct error *e);

#endif
