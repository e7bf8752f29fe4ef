/*
 * raw.c: the input file as it is: a regular file, read at any place, or a stream.
 * The bytes hashed are always the first `hashed` of the file, each once, as they were first read.
 * It must never trust a size from fstat, nor close standard input.
 */
#include "input/raw.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"

static ssize_t read_feed(void *arg, void *data, size_t len, struct error *e);

static int open_path(struct raw *r, const char *path, bool wait, struct error *e)
{
	struct stat st;

	if (strcmp(path, "-") == 0) {
		r->fd = STDIN_FILENO;
		return 0;
	}
	r->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (wait ? 0 : O_NONBLOCK));
	if (r->fd < 0)
		return error_errno(e, "cannot open %s", r->name);
	if (fstat(r->fd, &st) != 0)
		return error_errno(e, "cannot read %s", r->name);
	if (S_ISDIR(st.st_mode))
		return error_set(e, ERROR_IO, "cannot read %s: it is a folder", r->name);
	r->regular = S_ISREG(st.st_mode);
	r->opened_size = r->regular ? (uint64_t)st.st_size : 0;
	if (!r->regular && !wait)
		return error_set(e, ERROR_CHANGED, "%s is no longer a regular file", r->name);
	return 0;
}

int raw_open(struct raw *r, const char *path, const char *name, bool wait, struct error *e)
{
	*r = (struct raw){.fd = -1, .name = name};
	feed_init(&r->feed, read_feed, r);
	return open_path(r, path, wait, e);
}

void raw_close(struct raw *r)
{
	if (r->fd >= 0 && r->fd != STDIN_FILENO)
		close(r->fd);
	r->fd = -1;
	hasher_free(r->hasher);
	r->hasher = NULL;
}

/* Bytes that stand at `offset` were read: hashes those that come next. */
static void hash_on(struct raw *r, uint64_t offset, const char *data, size_t len)
{
	if (r->hasher == NULL || offset > r->hashed || offset + len <= r->hashed)
		return;
	hasher_update(r->hasher, data + (r->hashed - offset), offset + len - r->hashed);
	r->hashed = offset + len;
}

int raw_want_digest(struct raw *r, struct error *e)
{
	r->hasher = hasher_new();
	if (r->hasher == NULL)
		return error_memory(e);
	hash_on(r, 0, (const char *)r->feed.head, r->feed.head_len);
	return 0;
}

ssize_t raw_read_at(struct raw *r, uint64_t offset, void *data, size_t len, bool hash,
		    struct error *e)
{
	ssize_t n = file_pread(r->fd, data, len, offset, r->name, e);

	if (n > 0 && hash) {
		hash_on(r, offset, data, (size_t)n);
		if (r->progress < offset + (uint64_t)n)
			r->progress = offset + (uint64_t)n;
	}
	return n;
}

static ssize_t read_feed(void *arg, void *data, size_t len, struct error *e)
{
	struct raw *r = arg;
	ssize_t n;

	if (r->regular) {
		n = raw_read_at(r, r->pos, data, len, true, e);
	} else {
		n = file_read(r->fd, data, len, r->name, e);
		if (n > 0) {
			hash_on(r, r->pos, data, (size_t)n);
			r->progress += (uint64_t)n;
		}
	}
	if (n > 0)
		r->pos += (uint64_t)n;
	return n;
}

void raw_seek(struct raw *r, uint64_t offset)
{
	r->pos = offset;
	r->feed.head_len = r->feed.head_used = 0;
	r->feed.ended = false;
}

int64_t raw_end(struct raw *r, struct error *e)
{
	struct stat st;

	if (fstat(r->fd, &st) != 0)
		return error_errno(e, "cannot read %s", r->name);
	return st.st_size;
}

int raw_drain(struct raw *r, struct error *e)
{
	char *data;
	ssize_t n = 0;

	if (r->feed.failed.kind != ERROR_NONE)
		return error_set(e, r->feed.failed.kind, "%s", r->feed.failed.text);
	data = malloc(WINDOW_READ);
	if (data == NULL)
		return error_memory(e);
	if (r->regular)
		raw_seek(r, r->hashed);
	while (!r->feed.ended && (n = read_feed(r, data, WINDOW_READ, e)) > 0)
		;
	free(data);
	r->feed.ended = true;
	return n < 0 ? -1 : 0;
}

struct sha256 raw_digest(struct raw *r)
{
	return hasher_final(r->hasher);
}
