/*
 * open.c: opens a bundle from its end: seek table, trailer, frame list, manifest.
 * Only the tail of the file is read; memory grows with the frames that can be in the file.
 * It must never go on from a step that failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "bundle/inside.h"
#include "bundle/seek_table.h"

/* Padding before, header, padding behind, end of the archive. */
#define TRAILER_AROUND 4096

/* O_NONBLOCK: opening a pipe must not wait for its other end. */
static int open_file(struct bundle *b, struct error *e)
{
	struct stat st;

	b->fd = open(b->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (b->fd < 0 || fstat(b->fd, &st) != 0)
		return error_errno(e, "cannot open %s", b->path);
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return error_errno(e, "cannot read %s", b->path);
	}
	if (!S_ISREG(st.st_mode))
		return error_set(e, ERROR_IO, "cannot read %s: a bundle must be a regular file",
				 b->path);
	b->size = (uint64_t)st.st_size;
	return 0;
}

static int read_trailer_frame(struct bundle *b, struct error *e)
{
	uint32_t last = b->frame_count - 1;
	struct error why = {0};
	struct decoder *d;

	if (b->frames[last].raw > LIMIT_TRAILER + TRAILER_AROUND)
		return error_set(e, ERROR_BUNDLE, "the last frame is not a bundle's trailer");
	d = decoder_new();
	if (d == NULL)
		return error_memory(e);
	int result = frame_fetch(b, last, d, &b->trailer_content, &why);
	decoder_free(d);
	if (result == 0)
		return 0;
	if (why.kind != ERROR_BUNDLE)
		return error_set(e, why.kind, "%s", why.text);
	return error_set(e, ERROR_BUNDLE, "the trailer is damaged (%s)", why.text);
}

/* What the trailer says of the tail's frames must be what the seek table says. */
static int join_tail(struct bundle *b, struct error *e)
{
	const struct trailer *t = &b->trailer;

	if ((uint64_t)t->frames + t->tail_count + 1 != b->frame_count)
		return error_set(e, ERROR_BUNDLE,
				 "the trailer is damaged (it counts %llu frames, "
				 "the seek table %lu)",
				 (unsigned long long)t->frames + t->tail_count + 1,
				 (unsigned long)b->frame_count);
	for (uint32_t i = 0; i < t->tail_count; i++) {
		struct frame_record *known = &b->frames[t->frames + i];
		const struct frame_record *r = &t->tail[i];
		if (r->offset != known->offset || r->size != known->size || r->raw != known->raw)
			return error_set(
				e, ERROR_BUNDLE,
				"the trailer is damaged (the seek table says another place "
				"or size of frame %lu)",
				(unsigned long)(t->frames + i));
		*known = *r;
	}
	return 0;
}

static int read_trailer(struct bundle *b, struct error *e)
{
	if (read_trailer_frame(b, e) != 0 ||
	    trailer_split(buf_view(&b->trailer_content), &b->parts, e) != 0 ||
	    trailer_parse(b->parts.json, &b->trailer, e) != 0 || join_tail(b, e) != 0)
		return -1;
	if (sha256_of(b->parts.json.data, b->parts.json.len, &b->seal) != 0)
		return error_memory(e);
	return 0;
}

static int load(struct bundle *b, struct error *e)
{
	if (seek_table_read(b->fd, b->path, b->size, &b->frames, &b->frame_count, e) != 0)
		return -1;
	b->known = KNOWN_FRAMES;
	if (read_trailer(b, e) != 0)
		return -1;
	b->known = KNOWN_TRAILER;
	if (frame_list_read(b, e) != 0)
		return -1;
	b->known = KNOWN_DIGESTS;
	if (manifest_read(b, e) != 0 || frame_list_relate(b, e) != 0)
		return -1;
	b->known = KNOWN_ENTRIES;
	return 0;
}

int open_load(const char *path, struct bundle **out, struct error *e)
{
	struct bundle *b = calloc(1, sizeof(*b));

	*out = NULL;
	if (b == NULL)
		return error_memory(e);
	b->fd = -1;
	b->path = strdup(path);
	if (b->path == NULL)
		error_memory(e);
	if (b->path == NULL || open_file(b, e) != 0) {
		bundle_close(b);
		return -1;
	}
	*out = b;
	return load(b, e);
}
