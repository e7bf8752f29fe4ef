/*
 * bundle.c: an open bundle: what it holds, its frames and its small entries.
 * What is handed out was checked against its digest; the struct does not change after opening.
 * It must never decompress a frame whose digest is not the one in the list.
 */
#include "bundle/bundle.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "bundle/inside.h"

struct bundle *bundle_open(const char *path, struct error *e)
{
	struct error why = {0};
	struct bundle *b;

	if (open_load(path, &b, &why) == 0)
		return b;
	bundle_close(b);
	if (why.kind == ERROR_BUNDLE)
		error_set(e, why.kind, "%s: %s", path, why.text);
	else
		error_set(e, why.kind, "%s", why.text);
	return NULL;
}

void bundle_close(struct bundle *b)
{
	if (b == NULL)
		return;
	if (b->fd >= 0)
		close(b->fd);
	for (int i = 0; i < LINES_KINDS; i++)
		free(b->line_frames[i]);
	map_free(b->names);
	free(b->heads);
	free(b->entries);
	buf_free(&b->manifest);
	trailer_free(&b->trailer);
	buf_free(&b->trailer_content);
	free(b->frames);
	free(b->path);
	free(b);
}

const char *bundle_path(const struct bundle *b)
{
	return b->path;
}

const struct sha256 *bundle_seal(const struct bundle *b)
{
	return &b->seal;
}

uint64_t bundle_file_size(const struct bundle *b)
{
	return b->size;
}

int64_t bundle_mtime(const struct bundle *b)
{
	return b->trailer.mtime;
}

uint64_t bundle_lines(const struct bundle *b, enum line_kind kind)
{
	return b->trailer.lines[kind];
}

uint64_t bundle_blobs(const struct bundle *b, enum blob_kind kind)
{
	return b->trailer.blobs[kind];
}

uint32_t bundle_entry_count(const struct bundle *b)
{
	return b->trailer.entries;
}

const struct bundle_entry *bundle_entry(const struct bundle *b, uint32_t entry)
{
	return &b->entries[entry];
}

uint32_t bundle_find_entry(const struct bundle *b, struct slice name)
{
	uint32_t entry = map_find(b->names, name);

	return entry == MAP_NONE ? UINT32_MAX : entry;
}

uint32_t bundle_frame_count(const struct bundle *b)
{
	return b->frame_count - 1;
}

const struct frame_record *bundle_frame(const struct bundle *b, uint32_t frame)
{
	return &b->frames[frame];
}

/* --- content --- */

static int check_digest(const struct bundle *b, uint32_t frame, struct slice bytes, struct error *e)
{
	struct sha256 digest;

	if (!bundle_has_digest(b, frame))
		return 0;
	if (sha256_of(bytes.data, bytes.len, &digest) != 0)
		return error_memory(e);
	if (memcmp(&digest, &b->frames[frame].digest, sizeof(digest)) != 0)
		return error_set(e, ERROR_BUNDLE, "its bytes are not those that were written");
	return 0;
}

int frame_fetch(const struct bundle *b, uint32_t frame, struct decoder *d, struct buf *out,
		struct error *e)
{
	const struct frame_record *r = &b->frames[frame];
	char *bytes = malloc(r->size);
	int result = -1;

	if (bytes == NULL)
		return error_memory(e);
	ssize_t got = file_pread(b->fd, bytes, r->size, r->offset, b->path, e);
	if (got >= 0 && (size_t)got < r->size)
		error_set(e, ERROR_BUNDLE, "the file became shorter while it was read");
	else if (got >= 0 && check_digest(b, frame, slice_of(bytes, r->size), e) == 0)
		result = d == NULL ? 0
				   : decoder_frame(d, slice_of(bytes, r->size), r->raw, out, e);
	free(bytes);
	return result;
}

/* Puts the file, the frame and what it holds before the words. */
static int damaged(const struct bundle *b, uint32_t frame, const char *words, struct error *e)
{
	struct buf what = BUF_INIT;

	describe_frame(b, frame, &what);
	error_set(e, ERROR_BUNDLE, "%s: frame %lu, %.*s: %s", b->path, (unsigned long)frame,
		  (int)what.len, what.len == 0 ? "" : what.data, words);
	buf_free(&what);
	return -1;
}

int bundle_read_frame(const struct bundle *b, uint32_t frame, struct decoder *d, struct buf *out,
		      struct error *e)
{
	struct error why = {0};

	buf_clear(out);
	if (frame_fetch(b, frame, d, out, &why) == 0)
		return 0;
	if (why.kind != ERROR_BUNDLE)
		return error_set(e, why.kind, "%s", why.text);
	return damaged(b, frame, why.text, e);
}

int bundle_read_packed(const struct bundle *b, uint32_t frame, struct buf *out, struct error *e)
{
	const struct frame_record *r = &b->frames[frame];
	struct error why = {0};
	ssize_t got;

	buf_clear(out);
	if (buf_reserve(out, r->size) != 0)
		return error_memory(e);
	got = file_pread(b->fd, out->data, r->size, r->offset, b->path, e);
	if (got < 0)
		return -1;
	out->len = (size_t)got;
	if (out->len < r->size)
		error_set(&why, ERROR_BUNDLE, "the file became shorter while it was read");
	else if (check_digest(b, frame, buf_view(out), &why) == 0)
		return 0;
	if (why.kind != ERROR_BUNDLE)
		return error_set(e, why.kind, "%s", why.text);
	return damaged(b, frame, why.text, e);
}

int bundle_check_frames(const struct bundle *b, struct error *e)
{
	for (uint32_t i = 0; i + 1 < b->frame_count; i++) {
		struct error why = {0};

		if (frame_fetch(b, i, NULL, NULL, &why) == 0)
			continue;
		if (why.kind != ERROR_BUNDLE)
			return error_set(e, why.kind, "%s", why.text);
		return damaged(b, i, why.text, e);
	}
	return 0;
}

static int read_entry(const struct bundle *b, uint32_t entry, struct decoder *d, struct buf *out,
		      struct error *e)
{
	const struct bundle_entry *known = &b->entries[entry];
	struct sha256 digest;

	for (uint32_t i = b->heads[entry] + 1; i < b->heads[entry + 1]; i++) {
		struct error why = {0};
		if (frame_fetch(b, i, d, out, &why) == 0)
			continue;
		if (why.kind != ERROR_BUNDLE)
			return error_set(e, why.kind, "%s", why.text);
		return damaged(b, i, why.text, e);
	}
	if (sha256_of(out->data, out->len, &digest) != 0)
		return error_memory(e);
	if (memcmp(&digest, &known->digest, sizeof(digest)) != 0)
		return error_set(e, ERROR_BUNDLE, "%s: %.*s is not what the manifest says", b->path,
				 (int)known->name.len, known->name.data);
	return 0;
}

int bundle_read_entry(const struct bundle *b, uint32_t entry, size_t most, struct buf *out,
		      struct error *e)
{
	const struct bundle_entry *known = &b->entries[entry];

	buf_clear(out);
	if (known->size > most)
		return error_set(e, ERROR_LIMIT, "%s: %.*s has %llu bytes, %zu is the most",
				 b->path, (int)known->name.len, known->name.data,
				 (unsigned long long)known->size, most);
	struct decoder *d = decoder_new();
	if (d == NULL)
		return error_memory(e);
	int result = read_entry(b, entry, d, out, e);
	decoder_free(d);
	return result;
}

/* --- the index of keys --- */

const struct keys_shape *bundle_keys(const struct bundle *b)
{
	return b->trailer.keys.entries > 0 ? &b->trailer.keys : NULL;
}

int bundle_read_keys(const struct bundle *b, uint32_t page, struct decoder *d, struct buf *out,
		     struct error *e)
{
	uint32_t entry = bundle_find_entry(b, SLICE(ENTRY_KEYS));

	if (entry == UINT32_MAX ||
	    b->heads[entry + 1] - b->heads[entry] - 1 != keys_page_count(&b->trailer.keys))
		return error_set(e, ERROR_BUNDLE, "%s: " ENTRY_KEYS " has not the pages it should",
				 b->path);
	return bundle_read_frame(b, b->heads[entry] + 1 + page, d, out, e);
}

uint32_t bundle_line_frames(const struct bundle *b, enum line_kind kind)
{
	return b->line_frame_count[kind];
}

uint32_t bundle_line_frame(const struct bundle *b, enum line_kind kind, uint32_t n)
{
	return b->line_frames[kind][n];
}
