/*
 * spool.c: a run of bytes that grows at its end and is given up at its start.
 * Bytes lie in memory or in the file, never in both: memory while there are few, the file from
 * the append that made them many until they are few again. The file's place is always where the
 * next byte goes.
 * It must never let the file keep room for bytes that were given up long ago.
 */
#include "input/spool.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"

#define SPOOL_MEMORY (4 * MIB)
/* Given up in the file before its room is handed back to the system. */
#define SPOOL_PUNCH (64 * MIB)
#define SPOOL_NAME "a temporary file"

struct spool {
	char *dir;
	uint64_t start, end;
	uint64_t base;    /* the place of the first byte in memory or in the file; <= start */
	uint64_t punched; /* the file holds nothing before this place */
	struct buf memory;
	bool in_file;
	int fd; /* -1: none yet */
};

struct spool *spool_new(const char *dir)
{
	struct spool *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->fd = -1;
	if (dir != NULL && (s->dir = strdup(dir)) == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

void spool_free(struct spool *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		close(s->fd);
	buf_free(&s->memory);
	free(s->dir);
	free(s);
}

/* Empties the file; if that fails (it does not), a new one is made when it is needed. */
static void leave_file(struct spool *s)
{
	if (ftruncate(s->fd, 0) != 0 || lseek(s->fd, 0, SEEK_SET) != 0) {
		close(s->fd);
		s->fd = -1;
	}
	s->in_file = false;
}

void spool_clear(struct spool *s)
{
	if (s->in_file)
		leave_file(s);
	buf_clear(&s->memory);
	s->start = s->end = s->base = 0;
}

uint64_t spool_start(const struct spool *s)
{
	return s->start;
}

uint64_t spool_end(const struct spool *s)
{
	return s->end;
}

/* Moves the kept bytes to the front of the memory. */
static void close_up(struct spool *s)
{
	size_t gone = (size_t)(s->start - s->base);

	if (gone == 0)
		return;
	s->memory.len -= gone;
	if (s->memory.len > 0)
		memmove(s->memory.data, s->memory.data + gone, s->memory.len);
	s->base = s->start;
}

static int enter_file(struct spool *s, struct error *e)
{
	if (s->fd < 0 && (s->fd = file_unnamed(s->dir, e)) < 0)
		return -1;
	close_up(s);
	if (s->memory.len > 0 &&
	    file_write(s->fd, s->memory.data, s->memory.len, SPOOL_NAME, e) != 0)
		return -1;
	s->punched = s->base;
	s->in_file = true;
	buf_clear(&s->memory);
	return 0;
}

int spool_append(struct spool *s, const void *data, size_t len, struct error *e)
{
	if (len == 0)
		return 0;
	if (!s->in_file && s->end - s->start + len > SPOOL_MEMORY && enter_file(s, e) != 0)
		return -1;
	if (s->in_file) {
		if (file_write(s->fd, data, len, SPOOL_NAME, e) != 0)
			return -1;
	} else {
		if (s->memory.len + len > SPOOL_MEMORY)
			close_up(s);
		buf_append(&s->memory, data, len);
		if (s->memory.failed)
			return error_memory(e);
	}
	s->end += len;
	return 0;
}

/* Few bytes are left: back to memory. If that fails they stay where they are. */
static void return_to_memory(struct spool *s)
{
	struct error ignored = {.kind = ERROR_NONE};
	size_t len = (size_t)(s->end - s->start);

	buf_clear(&s->memory);
	if (buf_reserve(&s->memory, len) != 0 ||
	    spool_read(s, s->start, s->memory.data, len, &ignored) != 0) {
		buf_clear(&s->memory);
		return;
	}
	s->memory.len = len;
	s->base = s->start;
	leave_file(s);
}

void spool_drop(struct spool *s, uint64_t offset)
{
	if (offset > s->end)
		offset = s->end;
	if (offset <= s->start)
		return;
	s->start = offset;
	if (!s->in_file) {
		if (s->start - s->base >= s->end - s->start)
			close_up(s); /* moves less than was given up */
	} else if (s->end - s->start <= SPOOL_MEMORY / 2) {
		return_to_memory(s);
	} else if (s->start - s->punched >= SPOOL_PUNCH) {
		/* A file system that cannot do this only keeps the room longer. */
		(void)fallocate(s->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				(off_t)(s->punched - s->base), (off_t)(s->start - s->punched));
		s->punched = s->start;
	}
}

int spool_read(struct spool *s, uint64_t offset, void *data, size_t len, struct error *e)
{
	ssize_t n;

	if (offset < s->start || offset > s->end || len > s->end - offset)
		return error_set(e, ERROR_USAGE, "bytes are wanted that were not kept");
	if (len == 0)
		return 0;
	if (!s->in_file) {
		memcpy(data, s->memory.data + (offset - s->base), len);
		return 0;
	}
	n = file_pread(s->fd, data, len, offset - s->base, SPOOL_NAME, e);
	if (n < 0)
		return -1;
	if ((size_t)n < len)
		return error_set(e, ERROR_CHANGED, "%s became shorter", SPOOL_NAME);
	return 0;
}
