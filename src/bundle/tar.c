/*
 * tar.c: tar headers, made by libarchive.
 * A header depends on its arguments alone: no clock, no user, no locale, no process.
 * It must never write an entry's data or its padding: those are the caller's.
 */
#include "bundle/tar.h"

#include <stdbool.h>

#include <archive.h>
#include <archive_entry.h>

#define MODE 0644
/* An extended header, its content, the header proper; callroll's names need no more. */
#define HEADER_ROOM ((size_t)4 * TAR_BLOCK)

struct sink {
	struct buf *out;
	bool whole; /* the header is there; what still comes is refused */
};

static la_ssize_t collect(struct archive *a, void *arg, const void *data, size_t len)
{
	struct sink *sink = arg;

	(void)a;
	if (sink->whole)
		return -1;
	buf_append(sink->out, data, len);
	return sink->out->failed ? -1 : (la_ssize_t)len;
}

/* A writer without blocks of its own: what it makes is in the sink at once. */
static struct archive *open_writer(struct sink *sink)
{
	struct archive *a = archive_write_new();

	if (a == NULL)
		return NULL;
	if (archive_write_set_format_pax_restricted(a) != ARCHIVE_OK ||
	    archive_write_set_bytes_per_block(a, 0) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(a, 1) != ARCHIVE_OK ||
	    archive_write_open(a, sink, NULL, collect, NULL) != ARCHIVE_OK) {
		archive_write_free(a);
		return NULL;
	}
	return a;
}

static struct archive_entry *make_entry(const char *name, uint64_t size, int64_t mtime)
{
	struct archive_entry *entry = archive_entry_new();

	if (entry == NULL)
		return NULL;
	archive_entry_set_pathname(entry, name);
	archive_entry_set_size(entry, (la_int64_t)size);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, MODE);
	archive_entry_set_mtime(entry, mtime, 0);
	return entry;
}

int tar_header(const char *name, uint64_t size, int64_t mtime, struct buf *out, struct error *e)
{
	struct sink sink = {out, false};
	struct archive_entry *entry = NULL;
	struct archive *a = NULL;
	int rc = -1;

	if (size > INT64_MAX)
		return error_set(e, ERROR_LIMIT, "%s is too large for a tar", name);
	/* Now, because libarchive loses memory when its callback fails in a header. */
	if (buf_reserve(out, HEADER_ROOM) != 0)
		return error_memory(e);
	entry = make_entry(name, size, mtime);
	a = open_writer(&sink);
	if (entry == NULL || a == NULL) {
		error_memory(e);
		goto done;
	}
	if (archive_write_header(a, entry) != ARCHIVE_OK) {
		error_set(e, out->failed ? ERROR_MEMORY : ERROR_LIMIT,
			  "cannot make a tar header for %s: %s", name, archive_error_string(a));
		goto done;
	}
	rc = 0;
done:
	archive_entry_free(entry);
	sink.whole = true; /* libarchive would put zeros for the data that it was not given */
	archive_write_free(a);
	return rc;
}
