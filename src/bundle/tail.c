/*
 * tail.c: the end of a bundle.
 * What is made here depends on its arguments alone.
 * It must never be changed in a way that gives other bytes without a new version of the format.
 */
#include "bundle/tail.h"

#include <inttypes.h>

#include "base/limits.h"
#include "bundle/frame.h"
#include "bundle/tar.h"

void tail_manifest_line(struct slice name, const struct sha256 *digest, struct buf *out)
{
	char hex[SHA256_HEX + 1];

	sha256_hex(digest, hex);
	buf_append(out, hex, SHA256_HEX);
	buf_string(out, "  ");
	buf_slice(out, name);
	buf_byte(out, '\n');
}

/* --- trailer.json --- */

static void put_count(struct buf *out, const char *name, uint64_t n)
{
	buf_printf(out, ",\"%s\":%" PRIu64, name, n);
}

static void put_digest(struct buf *out, const char *name, const struct sha256 *digest)
{
	char hex[SHA256_HEX + 1];

	sha256_hex(digest, hex);
	buf_printf(out, ",\"%s\":\"%s\"", name, hex);
}

/* The frames after the list are the list's own and the manifest's, which is no line of itself. */
static void put_frame(struct buf *out, const struct frame_record *r, uint32_t entries)
{
	bool list = (r->entry & ~FRAME_HEADER_BIT) + 1 == entries;

	buf_printf(out, "{\"entry\":\"%s\",\"header\":%s", list ? ENTRY_FRAMES : ENTRY_MANIFEST,
		   (r->entry & FRAME_HEADER_BIT) != 0 ? "true" : "false");
	put_count(out, "offset", r->offset);
	put_count(out, "size", r->size);
	put_count(out, "raw", r->raw);
	put_digest(out, "sha256", &r->digest);
	buf_byte(out, '}');
}

int tail_trailer_json(const struct tail_facts *f, struct buf *out, struct error *e)
{
	size_t before = out->len;

	buf_string(out, "{\"format\":\"" BUNDLE_FORMAT "\",\"version\":\"" BUNDLE_VERSION "\"");
	buf_printf(out, ",\"mtime\":%" PRId64, f->mtime);
	put_count(out, "entries", f->entries);
	put_count(out, "frames", f->frames);
	for (int i = 0; i < LINES_KINDS; i++)
		put_count(out, layout_lines[i], f->lines[i]);
	put_count(out, "set_aside", f->blobs[BLOB_SET_ASIDE]);
	put_count(out, "originals", f->blobs[BLOB_ORIGINALS]);
	buf_printf(out, ",\"keys\":{\"entries\":%" PRIu64 ",\"frames\":%" PRIu32 "}",
		   f->keys.entries, f->keys.frames);
	put_digest(out, "manifest_sha256", &f->manifest);
	put_digest(out, "frames_sha256", &f->frame_list);
	buf_string(out, ",\"tail\":[");
	for (uint32_t i = 0; i < f->tail_count; i++) {
		if (i > 0)
			buf_byte(out, ',');
		put_frame(out, &f->tail[i], f->entries);
	}
	buf_string(out, "]}\n");
	if (out->failed)
		return error_memory(e);
	if (out->len - before > LIMIT_TRAILER)
		return error_set(e, ERROR_LIMIT, "too many frames for one bundle");
	return 0;
}

/* --- what stands outside the digests --- */

static void put_zeros(struct buf *out, unsigned count)
{
	static const char zeros[2 * TAR_BLOCK];

	buf_append(out, zeros, count);
}

int tail_trailer_frame(unsigned padding, int64_t mtime, struct slice json, struct buf *out,
		       uint32_t *raw, struct error *e)
{
	struct buf content = BUF_INIT;
	int rc;

	put_zeros(&content, padding);
	rc = tar_header(ENTRY_TRAILER, json.len, mtime, &content, e);
	buf_slice(&content, json);
	put_zeros(&content, tar_padding(json.len));
	put_zeros(&content, 2 * TAR_BLOCK);
	if (rc == 0 && content.failed)
		rc = error_memory(e);
	if (rc == 0)
		rc = frame_stored(buf_view(&content), out, e);
	*raw = (uint32_t)content.len; /* frame_stored took no more than fits */
	buf_free(&content);
	return rc;
}

static void put32(struct buf *out, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		buf_byte(out, (char)(n >> (8 * i)));
}

int tail_seek_table(const struct frame_record *frames, uint32_t count, uint32_t trailer_size,
		    uint32_t trailer_raw, struct buf *out, struct error *e)
{
	uint64_t size = ((uint64_t)count + 1) * SEEK_ENTRY_BYTES + SEEK_FOOTER_BYTES;

	if (size > UINT32_MAX)
		return error_set(e, ERROR_LIMIT, "too many frames for one bundle");
	put32(out, SEEK_SKIPPABLE_MAGIC);
	put32(out, (uint32_t)size);
	for (uint32_t i = 0; i < count; i++) {
		put32(out, frames[i].size);
		put32(out, frames[i].raw);
	}
	put32(out, trailer_size);
	put32(out, trailer_raw);
	put32(out, count + 1);
	buf_byte(out, 0); /* no checksums here: every frame has its own */
	put32(out, SEEK_FOOTER_MAGIC);
	return out->failed ? error_memory(e) : 0;
}
