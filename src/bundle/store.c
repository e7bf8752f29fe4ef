/*
 * store.c: the file of a bundle while it is written.
 * Between two entries the file ends where `offset` says, and the lists describe all of it.
 * It must never write a byte of an entry that its lists do not account for.
 */
#include "bundle/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle/tar.h"

/* Readers of zstd's seekable format take that many frames; 128 TiB of full frames. The rest is for
 * the frames after the list. */
#define FRAMES_MOST (((size_t)1 << 27) - ((size_t)1 << 20))

int store_open(struct store *s, const char *path, bool into, bool replace, int64_t mtime,
	       struct press *press, struct error *e)
{
	*s = (struct store){.press = press, .mtime = mtime};
	s->path = strdup(path != NULL ? path : "a temporary bundle");
	if (s->path == NULL)
		return error_memory(e);
	if (path == NULL)
		s->file = newfile_create_unnamed(e);
	else
		s->file = into ? newfile_create_in(path, e) : newfile_create(path, replace, e);
	return s->file != NULL ? 0 : -1;
}

int store_name(struct store *s, const char *name, struct error *e)
{
	return newfile_name(s->file, name, e);
}

void store_close(struct store *s)
{
	newfile_abandon(s->file);
	free(s->path);
	free(s->frames);
	free(s->rows);
	*s = (struct store){0};
}

int store_commit(struct store *s, struct error *e)
{
	struct newfile *file = s->file;

	s->file = NULL;
	return newfile_commit(file, e);
}

int store_append(struct store *s, struct slice bytes, struct error *e)
{
	if (file_write(newfile_fd(s->file), bytes.data, bytes.len, s->path, e) != 0) {
		s->broken = true;
		return -1;
	}
	s->offset += bytes.len;
	return 0;
}

/* Appends a frame of the entry that the last row names. */
static int append_frame(struct store *s, const struct pressed *f, uint32_t flags, struct error *e)
{
	if (s->frame_count >= FRAMES_MOST)
		return error_set(e, ERROR_LIMIT, "%s has too many frames for one bundle", s->path);
	if (array_reserve(&s->frames, &s->frame_cap, s->frame_count + 1, sizeof(*s->frames)) != 0)
		return error_memory(e);
	s->frames[s->frame_count] = (struct frame_record){
		.offset = s->offset,
		.size = f->size,
		.raw = f->raw_size,
		.entry = (uint32_t)s->row_count | flags,
		.lines = f->lines,
		.first = f->first,
		.digest = f->digest,
	};
	if (store_append(s, slice_of((const char *)f->data, f->size), e) != 0)
		return -1;
	s->frame_count++;
	return 0;
}

int store_header(struct store *s, const char *name, uint64_t size, struct error *e)
{
	static const char zeros[TAR_BLOCK];
	struct buf raw = press_take(s->press);
	int rc = -1;

	if (array_reserve(&s->rows, &s->row_cap, s->row_count + 1, sizeof(*s->rows)) != 0) {
		press_give(s->press, &raw);
		return error_memory(e);
	}
	snprintf(s->rows[s->row_count].name, STORE_NAME, "%s", name);
	buf_append(&raw, zeros, s->padding);
	if (tar_header(name, size, s->mtime, &raw, e) != 0) {
		press_give(s->press, &raw);
		return -1;
	}
	struct pressed *f = press_start(s->press, NULL, &raw, e);
	if (f != NULL && press_finish(f, e) == 0)
		rc = append_frame(s, f, FRAME_HEADER_BIT, e);
	press_drop(f);
	s->padding = tar_padding(size);
	s->content += size;
	return rc;
}

int store_frame(struct store *s, const struct pressed *f, struct error *e)
{
	return append_frame(s, f, 0, e);
}

void store_end(struct store *s, const struct sha256 *digest)
{
	s->rows[s->row_count++].digest = *digest;
}

struct store_mark store_mark(const struct store *s)
{
	return (struct store_mark){s->offset, s->content, s->padding, s->frame_count, s->row_count};
}

int store_rewind(struct store *s, const struct store_mark *m, struct error *e)
{
	int fd = newfile_fd(s->file);

	if (s->offset != m->offset || s->broken) {
		s->broken = true;
		if (ftruncate(fd, (off_t)m->offset) != 0 ||
		    lseek(fd, (off_t)m->offset, SEEK_SET) < 0)
			return error_errno(e, "cannot take back what was written to %s", s->path);
		s->broken = false;
	}
	s->offset = m->offset;
	s->content = m->content;
	s->padding = m->padding;
	s->frame_count = m->frame_count;
	s->row_count = m->row_count;
	return 0;
}
