/*
 * blob.c: entries whose size is known before their content.
 * Frames are written in order; a bounded number of them is in work ahead of the one to be written.
 * It must never leave a part of an entry in the file, nor read content that it cannot write.
 */
#include "bundle/blob.h"

#include <stdlib.h>

#include "base/file.h"

/* Frames in work: a ring, oldest first. */
struct blob {
	struct store *store;
	struct chain chain;
	const uint32_t *sizes; /* of the frames still to come; NULL: all are of frame_bytes */
	size_t frame_bytes;
	struct pressed **ring;
	unsigned room;
	unsigned first;
	unsigned count;
};

/* Waits for the oldest frame and writes it. */
static int write_oldest(struct blob *b, struct error *e)
{
	struct pressed *f = b->ring[b->first];
	int rc = press_finish(f, e);

	if (rc == 0)
		rc = store_frame(b->store, f, e);
	press_drop(f);
	b->first = (b->first + 1) % b->room;
	b->count--;
	return rc;
}

/* Reads `len` bytes from `offset` on and starts their frame. */
static int start_frame(struct blob *b, uint64_t offset, size_t len, writer_read *read, void *arg,
		       struct error *e)
{
	struct press *press = b->store->press;
	struct buf raw = press_take(press);

	if (buf_reserve(&raw, len) != 0) {
		buf_free(&raw);
		return error_memory(e);
	}
	if (read(arg, offset, raw.data, len, e) != 0) {
		press_give(press, &raw);
		return -1;
	}
	raw.len = len;
	struct pressed *f = press_start(press, &b->chain, &raw, e);
	if (f == NULL)
		return -1;
	f->first = offset;
	b->ring[(b->first + b->count++) % b->room] = f;
	return 0;
}

/* How long the next frame is, of `left` bytes. */
static size_t next_len(struct blob *b, uint64_t left)
{
	if (b->sizes != NULL)
		return *b->sizes++;
	return left < b->frame_bytes ? (size_t)left : b->frame_bytes;
}

static int write_content(struct blob *b, uint64_t size, writer_read *read, void *arg,
			 struct error *e)
{
	size_t len;

	for (uint64_t at = 0; at < size; at += len) {
		len = next_len(b, size - at);
		if (b->count == b->room && write_oldest(b, e) != 0)
			return -1;
		if (start_frame(b, at, len, read, arg, e) != 0)
			return -1;
	}
	while (b->count > 0) {
		if (write_oldest(b, e) != 0)
			return -1;
	}
	return 0;
}

static int write_entry(struct store *s, const char *name, uint64_t size, size_t frame_bytes,
		       const uint32_t *sizes, writer_read *read, void *arg,
		       struct sha256 *digest, struct error *e)
{
	struct blob b = {.store = s,
			 .sizes = sizes,
			 .frame_bytes = frame_bytes,
			 .room = press_depth(s->press)};
	struct store_mark before = store_mark(s);
	int rc = -1;

	b.ring = calloc(b.room, sizeof(*b.ring));
	if (b.ring == NULL)
		return error_memory(e);
	if (press_chain_open(&b.chain, e) != 0)
		goto done;
	if (store_header(s, name, size, e) != 0 ||
	    write_content(&b, size, read, arg, e) != 0)
		goto done;
	*digest = press_chain_end(&b.chain);
	store_end(s, digest);
	rc = 0;
done:
	for (; b.count > 0; b.count--, b.first++)
		press_drop(b.ring[b.first % b.room]);
	press_chain_close(&b.chain);
	free(b.ring);
	if (rc != 0)
		store_rewind(s, &before, e);
	return rc;
}

int blob_write(struct store *s, const char *name, uint64_t size, size_t frame_bytes,
	       writer_read *read, void *arg, struct sha256 *digest, struct error *e)
{
	return write_entry(s, name, size, frame_bytes, NULL, read, arg, digest, e);
}

int blob_write_frames(struct store *s, const char *name, uint64_t size, const uint32_t *sizes,
		      writer_read *read, void *arg, struct sha256 *digest, struct error *e)
{
	return write_entry(s, name, size, 0, sizes, read, arg, digest, e);
}

static int copy_frames(struct store *s, uint32_t count, writer_next *next, void *arg,
		       struct error *e)
{
	uint64_t offset = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct frame_record r = {0};
		struct slice packed;

		if (stop_requested())
			return error_set(e, ERROR_STOPPED, "stopped by a signal");
		if (next(arg, i, &r, &packed, e) != 0)
			return -1;
		const struct pressed f = {
			.raw_size = r.raw,
			.size = r.size,
			.data = (unsigned char *)(uintptr_t)packed.data, /* which is only read */
			.digest = r.digest,
			.first = offset,
		};
		if (store_frame(s, &f, e) != 0)
			return -1;
		offset += r.raw;
	}
	return 0;
}

int blob_copy(struct store *s, const char *name, uint64_t size, const struct sha256 *digest,
	      uint32_t count, writer_next *next, void *arg, struct error *e)
{
	struct store_mark before = store_mark(s);

	if (store_header(s, name, size, e) == 0 && copy_frames(s, count, next, arg, e) == 0) {
		store_end(s, digest);
		return 0;
	}
	store_rewind(s, &before, e);
	return -1;
}

static int read_bytes(void *arg, uint64_t offset, void *data, size_t len, struct error *e)
{
	const struct slice *content = arg;

	(void)e;
	memcpy(data, content->data + offset, len);
	return 0;
}

int blob_bytes(struct store *s, const char *name, struct slice content, size_t frame_bytes,
	       struct sha256 *digest, struct error *e)
{
	return blob_write(s, name, content.len, frame_bytes, read_bytes, &content, digest, e);
}
