/*
 * archive.c: what libarchive is used for here.
 * What libarchive says with a warning about data counts as damage; what it passes over in
 * silence (bytes after the end, a tar without an end mark) is looked for.
 * It must never let a damaged or cut file look whole, nor depend on the locale.
 */
#include "input/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

#define ARCHIVE_INPUT (64 * KIB)
#define TAR_BLOCK 512

struct archive_in {
	struct archive *archive;
	enum kind kind;
	struct feed *from;
	struct raw *raw; /* the zip is read at any place of it; else NULL */
	const char *name;
	bool opened;        /* the decompressor's only entry was begun */
	struct error cause; /* why a callback or a member failed for good */
	locale_t utf8;      /* in which libarchive converts names */
	const char *block;  /* what libarchive last gave, not yet read */
	size_t block_len;
	uint64_t place; /* of the block's first byte in the member */
	uint64_t size;  /* of the member */
	bool has_size;
	uint64_t fed;                  /* bytes given to libarchive */
	unsigned char tail[TAR_BLOCK]; /* the last bytes fed, zeros before the first */
	unsigned char input[ARCHIVE_INPUT];
};

/* --- feeding libarchive --- */

static void note_tail(struct archive_in *a, size_t n)
{
	if (n >= sizeof(a->tail)) {
		memcpy(a->tail, a->input + n - sizeof(a->tail), sizeof(a->tail));
		return;
	}
	memmove(a->tail, a->tail + n, sizeof(a->tail) - n);
	memcpy(a->tail + sizeof(a->tail) - n, a->input, n);
}

static la_ssize_t feed_archive(struct archive *archive, void *arg, const void **data)
{
	struct archive_in *a = arg;
	ssize_t n = feed_read(a->from, a->input, sizeof(a->input), &a->cause);

	*data = a->input;
	if (n < 0)
		archive_set_error(archive, EIO, "%s", a->cause.text);
	if (n > 0) {
		note_tail(a, (size_t)n);
		a->fed += (uint64_t)n;
	}
	return n;
}

static la_int64_t seek_archive(struct archive *archive, void *arg, la_int64_t offset, int whence)
{
	struct archive_in *a = arg;
	int64_t base = whence == SEEK_CUR ? (int64_t)a->raw->pos : 0;

	if (whence == SEEK_END && (base = raw_end(a->raw, &a->cause)) < 0) {
		archive_set_error(archive, EIO, "%s", a->cause.text);
		return ARCHIVE_FATAL;
	}
	if (__builtin_add_overflow(base, offset, &base) || base < 0) {
		archive_set_error(archive, EINVAL, "a place before the start");
		return ARCHIVE_FATAL;
	}
	raw_seek(a->raw, (uint64_t)base);
	return base;
}

/* --- making and freeing --- */

static struct archive_in *new_archive(enum kind kind, struct feed *from, const char *name,
				      struct error *e)
{
	struct archive_in *a = calloc(1, sizeof(*a));

	if (a == NULL) {
		error_memory(e);
		return NULL;
	}
	a->kind = kind;
	a->from = from;
	a->name = name;
	a->archive = archive_read_new();
	if (a->archive == NULL) {
		free(a);
		error_memory(e);
		return NULL;
	}
	return a;
}

void archive_in_free(struct archive_in *a)
{
	if (a == NULL)
		return;
	archive_read_free(a->archive);
	if (a->utf8 != (locale_t)0)
		freelocale(a->utf8);
	free(a);
}

/* Fills *e with why libarchive failed. Returns -1. */
static int failed(struct archive_in *a, struct error *e)
{
	const char *why = archive_error_string(a->archive);

	if (a->cause.kind != ERROR_NONE)
		return error_set(e, a->cause.kind, "%s", a->cause.text);
	if (archive_errno(a->archive) == ENOMEM)
		return error_memory(e);
	return error_set(e, ERROR_IO, "%s: damaged or cut off %s data (%s)", a->name,
			 kind_text(a->kind), why != NULL ? why : "no reason given");
}

/*
 * libarchive converts names of pax and of zip to the locale's character set and loses them if that
 * cannot be done. So they are read in a UTF-8 locale, in this thread alone and only for the call.
 * Where there is none, names stay what they can be.
 */
static locale_t enter_utf8(struct archive_in *a)
{
	if (a->utf8 == (locale_t)0)
		a->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	return uselocale(a->utf8);
}

static int open_archive(struct archive_in *a, struct error *e)
{
	locale_t before;
	int r;

	archive_read_set_read_callback(a->archive, feed_archive);
	archive_read_set_callback_data(a->archive, a);
	if (a->raw != NULL)
		archive_read_set_seek_callback(a->archive, seek_archive);
	before = enter_utf8(a);
	r = archive_read_open1(a->archive);
	uselocale(before);
	return r == ARCHIVE_OK && a->cause.kind == ERROR_NONE ? 0 : failed(a, e);
}

struct archive_in *archive_in_open(enum kind kind, struct feed *from, struct raw *raw,
				   const char *name, struct error *e)
{
	struct archive_in *a = new_archive(kind, from, name, e);
	int r;

	if (a == NULL)
		return NULL;
	if (kind == KIND_TAR) {
		r = archive_read_support_format_tar(a->archive);
		/* else `cat a.tar b.tar` would be a.tar alone */
		if (r == ARCHIVE_OK)
			r = archive_read_set_options(a->archive,
						     "tar:read_concatenated_archives=1");
	} else if (raw != NULL) {
		a->raw = raw;
		raw_seek(raw, 0);
		r = archive_read_support_format_zip_seekable(a->archive);
	} else {
		r = archive_read_support_format_zip_streamable(a->archive);
	}
	if (r < ARCHIVE_WARN)
		failed(a, e);
	else if (open_archive(a, e) == 0)
		return a;
	archive_in_free(a);
	return NULL;
}

struct archive_in *archive_in_decompress(enum kind kind, struct feed *from, const char *name,
					 struct error *e)
{
	struct archive_in *a = new_archive(kind, from, name, e);
	int filter = kind == KIND_ZSTD ? ARCHIVE_FILTER_ZSTD
		     : kind == KIND_XZ ? ARCHIVE_FILTER_XZ
				       : ARCHIVE_FILTER_BZIP2;

	if (a == NULL)
		return NULL;
	/* Exactly this filter: what is compressed twice is not decompressed twice. */
	if (archive_read_support_format_raw(a->archive) == ARCHIVE_OK &&
	    archive_read_support_format_empty(a->archive) == ARCHIVE_OK &&
	    archive_read_append_filter(a->archive, filter) == ARCHIVE_OK)
		return a;
	failed(a, e);
	archive_in_free(a);
	return NULL;
}

/* --- members --- */

/* A tar ends in blocks of zeros; one that does not was cut where a member ended. */
static int check_end(struct archive_in *a, struct error *e)
{
	if (a->kind != KIND_TAR)
		return 0;
	for (size_t i = 0; i < sizeof(a->tail); i++)
		if (a->tail[i] != 0)
			return error_set(e, ERROR_IO,
					 "%s: the tar archive has no end mark; "
					 "perhaps it is cut off",
					 a->name);
	return 0;
}

static void describe(struct archive_in *a, struct archive_entry *entry,
		     struct archive_in_entry *out)
{
	out->path = archive_entry_pathname(entry);
	if (out->path == NULL)
		out->path = archive_entry_pathname_utf8(entry);
	out->folder = archive_entry_filetype(entry) == AE_IFDIR;
	out->encrypted = archive_entry_is_encrypted(entry) != 0;
	out->readable = archive_entry_filetype(entry) == AE_IFREG &&
			archive_entry_hardlink(entry) == NULL && !out->encrypted;
	a->has_size = archive_entry_size_is_set(entry);
	a->size = (uint64_t)archive_entry_size(entry);
	a->place = 0;
	a->block_len = 0;
}

int archive_in_next(struct archive_in *a, struct archive_in_entry *entry, struct error *e)
{
	struct archive_entry *header;
	locale_t before = enter_utf8(a);
	int r = archive_read_next_header(a->archive, &header);

	/* A warning is about a name or a time. */
	if (r == ARCHIVE_OK || r == ARCHIVE_WARN)
		describe(a, header, entry);
	uselocale(before);
	if (a->cause.kind != ERROR_NONE)
		return failed(a, e);
	if (r == ARCHIVE_EOF)
		return check_end(a, e);
	return r == ARCHIVE_OK || r == ARCHIVE_WARN ? 1 : failed(a, e);
}

/* --- bytes --- */

/* libarchive takes what fails at its start for an empty file: 1: data follow, 0: none, -1. */
static int begin_data(struct archive_in *a, struct error *e)
{
	struct archive_entry *header;
	int r;

	a->opened = true;
	if (open_archive(a, e) != 0)
		return -1;
	if (archive_error_string(a->archive) != NULL)
		return failed(a, e);
	r = archive_read_next_header(a->archive, &header); /* forgets the words */
	if (a->cause.kind != ERROR_NONE)
		return failed(a, e);
	if (r == ARCHIVE_EOF)
		return 0;
	return r == ARCHIVE_OK ? 1 : failed(a, e);
}

/* What is decompressed must end where the file ends. */
static int end_data(struct archive_in *a, struct error *e)
{
	char more;
	ssize_t n;

	if (a->cause.kind != ERROR_NONE || archive_error_string(a->archive) != NULL)
		return failed(a, e);
	n = feed_read(a->from, &more, 1, e);
	if (n < 0)
		return -1;
	if (n > 0 || (uint64_t)archive_filter_bytes(a->archive, -1) != a->fed)
		return error_set(e, ERROR_IO,
				 "%s: there is more after the end of the %s data, or "
				 "it is cut off",
				 a->name, kind_text(a->kind));
	return 0;
}

/* After the last block: 0, or -1 if the header promised more. */
static int end_member(struct archive_in *a, struct error *e)
{
	if (a->has_size && a->place < a->size)
		return error_set(e, ERROR_IO,
				 "%s: a member is shorter than its header says, or "
				 "has holes",
				 a->name);
	return 0;
}

/* Gets the next block: 1, 0 at the end, -1. */
static int next_block(struct archive_in *a, struct error *e)
{
	bool member = !kind_is_compressed(a->kind);
	const void *data;
	la_int64_t offset;
	size_t len;
	int r;

	r = archive_read_data_block(a->archive, &data, &len, &offset);
	if (r == ARCHIVE_EOF)
		return member ? end_member(a, e) : end_data(a, e);
	if (r != ARCHIVE_OK) {
		struct error why = {.kind = ERROR_NONE};
		failed(a, &why);
		if (r == ARCHIVE_FATAL)
			a->cause = why; /* also of archive_in_next, which will fail */
		return error_set(e, why.kind, "%s", why.text);
	}
	/* Zeros that nobody stored would make a small file endless. */
	if (offset < 0 || (uint64_t)offset != a->place)
		return error_set(e, ERROR_IO, "%s: a member has holes", a->name);
	a->block = data;
	a->block_len = len;
	return 1;
}

ssize_t archive_in_read(struct archive_in *a, void *data, size_t len, struct error *e)
{
	int r = 1;

	if (kind_is_compressed(a->kind) && !a->opened && (r = begin_data(a, e)) == 0)
		return end_data(a, e);
	while (r == 1 && a->block_len == 0)
		r = next_block(a, e);
	if (r <= 0)
		return r;
	if (len > a->block_len)
		len = a->block_len;
	memcpy(data, a->block, len);
	a->block += len;
	a->block_len -= len;
	a->place += len;
	return (ssize_t)len;
}
