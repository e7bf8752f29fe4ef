/*
 * foreign.c: says what a file is that does not end like a bundle.
 * It looks at the first frame only, which in a bundle holds the tar header of callroll.json.
 * It must never say that a file is a bundle.
 */
#include "bundle/foreign.h"

#include "base/file.h"
#include "bundle/frame.h"
#include "bundle/layout.h"
#include "bundle/tar.h"

#define HEAD_BYTES 4096 /* the first frame of a bundle is a tenth of that */

static const char zstd_magic[4] = {'\x28', '\xb5', '\x2f', '\xfd'};

/*
 * The length of the zstd frame that `head` begins with, by its block headers (RFC 8878 section
 * 3.1.1); 0: it is none or does not end in `head`.
 */
static size_t frame_length(struct slice head)
{
	static const unsigned char id_bytes[] = {0, 1, 2, 4}, size_bytes[] = {0, 2, 4, 8};
	const unsigned char *p = (const unsigned char *)head.data;

	if (head.len < 5 || memcmp(head.data, zstd_magic, 4) != 0)
		return 0;
	unsigned single = p[4] >> 5 & 1, checksum = p[4] >> 2 & 1;
	size_t at = 5 + (1 - single) + id_bytes[p[4] & 3] + size_bytes[p[4] >> 6];
	if (p[4] >> 6 == 0)
		at += single;
	for (bool last = false; !last;) {
		if (head.len < at + 3)
			return 0;
		unsigned block = p[at] | (unsigned)p[at + 1] << 8 | (unsigned)p[at + 2] << 16;
		last = block & 1;
		at += 3 + ((block >> 1 & 3) == 1 ? 1 : block >> 3);
	}
	at += checksum * 4;
	return at <= head.len ? at : 0;
}

/* Whether the file begins with the first frame of a bundle. */
static bool begins_like_a_bundle(struct slice head)
{
	struct error ignored = {0};
	struct buf raw = BUF_INIT;
	bool result = false;
	struct decoder *d = decoder_new();

	head.len = frame_length(head);
	if (d != NULL && head.len > 0 && decoder_frame(d, head, TAR_BLOCK, &raw, &ignored) == 0)
		result = slice_starts(buf_view(&raw), slice_of(ENTRY_ABOUT, sizeof(ENTRY_ABOUT)));
	buf_free(&raw);
	decoder_free(d);
	return result;
}

int foreign_explain(int fd, const char *name, uint64_t file_size, struct error *e)
{
	char head[HEAD_BYTES];
	ssize_t got = file_pread(fd, head, sizeof(head), 0, name, e);

	if (got < 0)
		return -1;
	if (file_size == 0)
		return error_set(e, ERROR_BUNDLE, "it is no bundle but an empty file");
	if (got < 4 || memcmp(head, zstd_magic, 4) != 0)
		return error_set(e, ERROR_BUNDLE, "it is no bundle: it is not compressed by zstd");
	if (begins_like_a_bundle(slice_of(head, (size_t)got)))
		return error_set(e, ERROR_BUNDLE,
				 "the end of the bundle is not at the end of the file: the file "
				 "was cut short, its end was overwritten, or something was "
				 "written after it");
	return error_set(e, ERROR_BUNDLE,
			 "it is no bundle: it is compressed by zstd, but does "
			 "not begin or end as a bundle does");
}

bool foreign_was_bundle(int fd)
{
	char head[HEAD_BYTES];
	struct error ignored = {0};
	ssize_t got = file_pread(fd, head, sizeof(head), 0, "", &ignored);

	return got > 0 && begins_like_a_bundle(slice_of(head, (size_t)got));
}
