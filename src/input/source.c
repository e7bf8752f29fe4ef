/*
 * source.c: the bytes of one input, decompressed, and again from any place still kept.
 * Bytes [0, size) of the member were read once and hashed; pos <= size. What is not `direct`
 * lies in the spool from the last source_keep on.
 * It must never read a byte of a stream that is not then in the digest.
 */
#include "input/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hashing.h"
#include "base/limits.h"
#include "base/text.h"
#include "input/archive.h"
#include "input/decode.h"
#include "input/proof.h"
#include "input/raw.h"
#include "input/spool.h"

struct source {
	char *input_name;
	struct buf name; /* of the member, with a NUL */
	struct raw raw;
	enum kind kind; /* of the file; known when begun */
	bool begun, done;

	/*
	 * The way of the bytes: raw, outer (if compressed), container and entry, inner (likewise).
	 */
	struct decode outer;
	struct archive_in *container;
	struct feed entry;
	struct decode inner;
	struct feed *member; /* the last of them */
	bool empty;          /* it is a container without members */
	bool direct;         /* the member is the regular file itself: it can be read again */
	struct buf loaded;   /* all its bytes */
	bool is_loaded;
	uint64_t entries, skipped;
	uint64_t encrypted; /* entries that only a password opens */

	bool digests;       /* are wanted */
	const char *folder; /* for the spool */
	struct pool *pool;  /* NULL: none */
	/* These are made when the source is begun, and not for a file that was loaded: */
	struct spool *spool;
	struct proof *proof;     /* NULL: no digest is wanted */
	struct hashing *hashing; /* of the member's bytes; NULL: likewise */
	char *block;             /* the block read again last */
	uint64_t block_number;
	size_t block_len; /* 0: none */
	uint64_t pos, size;
	bool ended;
	struct error broken; /* what was read could not be kept */
	struct sha256 digest, file_digest;
	bool file_known; /* file_digest is there */
};

/* --- open and close --- */

static int set_name(struct source *s, const char *path, struct error *e)
{
	buf_clear(&s->name);
	buf_string(&s->name, s->input_name);
	if (path != NULL) {
		buf_byte(&s->name, ':');
		text_path(&s->name, slice_string(path));
	}
	buf_byte(&s->name, '\0');
	return s->name.failed ? error_memory(e) : 0;
}

/* Reads a small plain file whole. What is another file, or cannot be read, is left for its turn. */
static void load(struct source *s)
{
	struct error ignored = {.kind = ERROR_NONE};
	size_t size = (size_t)s->raw.opened_size;
	ssize_t n;

	/* the byte more tells whether the file has grown since */
	if (s->raw.opened_size > SOURCE_LOADED || buf_reserve(&s->loaded, size + 1) != 0)
		return;
	n = raw_read_at(&s->raw, 0, s->loaded.data, size + 1, true, &ignored);
	if (n < 0 || (size_t)n != size ||
	    kind_of((unsigned char *)s->loaded.data, size) != KIND_PLAIN) {
		buf_free(&s->loaded);
		return;
	}
	s->loaded.len = size;
	s->is_loaded = !s->digests || sha256_of(s->loaded.data, s->loaded.len, &s->digest) == 0;
}

struct source *source_open(const struct walk_item *item, bool digest, const char *spool,
			   struct error *e)
{
	struct source *s;

	if (item->error.kind != ERROR_NONE) {
		error_set(e, item->error.kind, "%s", item->error.text);
		return NULL;
	}
	s = calloc(1, sizeof(*s));
	if (s == NULL) {
		error_memory(e);
		return NULL;
	}
	s->raw.fd = -1;
	s->input_name = strdup(item->name);
	s->digests = digest;
	s->folder = spool;
	if (s->input_name == NULL || set_name(s, NULL, e) != 0) {
		error_memory(e);
	} else if (raw_open(&s->raw, item->path, s->input_name, item->named, e) == 0) {
		if (s->raw.regular)
			load(s);
		if (!s->raw.regular || s->is_loaded || !kind_is_bundle(s->raw.fd))
			return s;
		if (item->named && strcmp(s->input_name, "-") == 0)
			error_set(e, ERROR_USAGE,
				  "- (standard input) is a bundle: give its name instead");
		else
			error_set(e, ERROR_USAGE, "%s is a bundle: `callroll list` reads it",
				  s->input_name);
	}
	source_close(s);
	return NULL;
}

static void close_member(struct source *s)
{
	decode_close(&s->inner);
	s->member = NULL;
	if (s->spool != NULL)
		spool_clear(s->spool);
	if (s->proof != NULL)
		proof_clear(s->proof);
	s->block_len = 0;
	s->pos = s->size = 0;
	s->ended = false;
	s->broken.kind = ERROR_NONE;
	if (s->hashing != NULL)
		(void)hashing_final(s->hashing);
}

void source_close(struct source *s)
{
	if (s == NULL)
		return;
	decode_close(&s->inner);
	archive_in_free(s->container);
	decode_close(&s->outer);
	raw_close(&s->raw);
	if (s->spool != NULL)
		spool_free(s->spool);
	proof_free(s->proof);
	free(s->block);
	hashing_free(s->hashing);
	buf_free(&s->loaded);
	buf_free(&s->name);
	free(s->input_name);
	free(s);
}

void source_use(struct source *s, struct pool *pool)
{
	s->pool = pool;
}

/* --- members --- */

static enum kind peek_kind(struct feed *f)
{
	const unsigned char *head;
	size_t len = feed_peek(f, &head);

	return kind_of(head, len);
}

/* What most sources need. 0, or -1: no memory. */
static int make_tools(struct source *s, struct error *e)
{
	s->spool = spool_new(s->folder);
	if (s->spool == NULL)
		return error_memory(e);
	if (!s->digests)
		return 0;
	s->hashing = hashing_new();
	s->proof = proof_new();
	if (s->hashing == NULL || s->proof == NULL)
		return error_memory(e);
	if (s->pool != NULL)
		hashing_use(s->hashing, s->pool);
	return 0;
}

/* Finds out what the file is and opens what reads it. 0 or -1. */
static int begin(struct source *s, struct error *e)
{
	struct feed *content = &s->raw.feed;
	enum kind kind = s->is_loaded ? KIND_PLAIN : peek_kind(content);

	s->begun = true;
	s->kind = kind;
	if (kind == KIND_PLAIN && s->raw.regular && s->raw.feed.failed.kind == ERROR_NONE)
		s->direct = true;
	if (!s->is_loaded && make_tools(s, e) != 0)
		return -1;
	if (kind != KIND_PLAIN && s->digests && raw_want_digest(&s->raw, e) != 0)
		return -1;
	if (kind_is_compressed(kind)) {
		if (decode_open(&s->outer, kind, content, s->input_name, e) != 0)
			return -1;
		content = &s->outer.out;
		kind = peek_kind(content) == KIND_TAR ? KIND_TAR : KIND_PLAIN;
	}
	s->member = content;
	if (kind == KIND_PLAIN)
		return 0;
	if (kind == KIND_ZIP && kind_is_empty_zip(content->head, content->head_len)) {
		s->empty = true; /* libarchive does not know these */
		return 0;
	}
	s->container =
		archive_in_open(kind, content, kind == KIND_ZIP && s->raw.regular ? &s->raw : NULL,
				s->input_name, e);
	return s->container != NULL ? 0 : -1;
}

static ssize_t read_entry(void *arg, void *data, size_t len, struct error *e)
{
	return archive_in_read(arg, data, len, e);
}

/* "./a//b" is "a//b": leading parts that mean nothing, as `tar -c .` writes them. */
static const char *skip_dot(const char *path)
{
	while (path[0] == '.' && path[1] == '/')
		for (path += 2; *path == '/'; path++)
			;
	return path;
}

static bool is_wanted(const struct archive_in_entry *entry)
{
	struct slice path;
	enum kind_name kind;

	if (!entry->readable || entry->path == NULL)
		return false;
	path = slice_string(entry->path);
	kind = kind_of_name(path);
	return (kind == KIND_NAME_JSON || kind == KIND_NAME_LINES) && !kind_is_hidden(path);
}

/* 1: the entry is the member now; 0: it is passed over; -1. */
static int take_entry(struct source *s, const struct archive_in_entry *entry, struct error *e)
{
	enum kind kind;

	if (entry->folder)
		return 0;
	if (entry->encrypted) {
		s->encrypted++;
		return 0;
	}
	s->skipped++;
	if (!is_wanted(entry))
		return 0;
	feed_init(&s->entry, read_entry, s->container);
	s->member = &s->entry;
	kind = peek_kind(s->member);
	if (kind_is_compressed(kind)) {
		if (decode_open(&s->inner, kind, &s->entry, s->input_name, e) != 0)
			return -1;
		s->member = &s->inner.out;
		kind = peek_kind(s->member);
	}
	if (kind == KIND_TAR || kind == KIND_ZIP) {
		decode_close(&s->inner);
		return 0;
	}
	s->skipped--;
	return set_name(s, skip_dot(entry->path), e) == 0 ? 1 : -1;
}

/* A bundle without its end, or from a stream, was not recognised before. */
static bool begins_bundle(const struct source *s, const struct archive_in_entry *entry)
{
	return s->kind == KIND_ZSTD && s->entries == 1 && entry->path != NULL &&
	       strcmp(entry->path, "callroll.json") == 0;
}

static int next_entry(struct source *s, struct error *e)
{
	struct archive_in_entry entry;
	int r;

	do {
		r = archive_in_next(s->container, &entry, e);
		if (r == 0 && s->encrypted > 0)
			return error_set(e, ERROR_IO,
					 "%s: %llu of its members are encrypted and were not read",
					 s->input_name, (unsigned long long)s->encrypted);
		if (r <= 0)
			return r;
		s->entries++;
		if (begins_bundle(s, &entry))
			return error_set(e, ERROR_USAGE,
					 strcmp(s->input_name, "-") == 0
						 ? "%s (standard input) is a bundle, perhaps a "
						   "damaged one: give its name instead"
						 : "%s is a bundle, perhaps a damaged one: "
						   "`callroll verify` tells",
					 s->input_name);
		r = take_entry(s, &entry, e);
	} while (r == 0);
	return r;
}

int source_next(struct source *s, struct error *e)
{
	int r = 1;

	if (s->done)
		return 0;
	if (s->begun)
		close_member(s);
	if (!s->begun)
		r = begin(s, e) == 0 ? 1 : -1;
	else if (s->container == NULL)
		r = 0;
	if (r == 1 && s->container != NULL)
		r = next_entry(s, e);
	else if (s->empty)
		r = 0;
	s->done = r != 1;
	return r;
}

const char *source_name(const struct source *s)
{
	return s->name.data;
}

struct slice source_file_name(const struct source *s)
{
	size_t len = strlen(s->input_name);
	const char *name = s->name.data, *slash;

	if (name[len] == ':')
		name += len + 1;
	slash = strrchr(name, '/');
	return slice_string(slash != NULL ? slash + 1 : name);
}

bool source_is_lines(const struct source *s)
{
	return kind_of_name(slice_string(s->name.data)) == KIND_NAME_LINES;
}

uint64_t source_skipped(const struct source *s)
{
	return s->skipped;
}

/* --- bytes --- */

/* The member is the file itself. Else the file has a digest of its own, which raw.h makes. */
static bool is_file(const struct source *s)
{
	return s->kind == KIND_PLAIN;
}

static void end_member(struct source *s)
{
	s->ended = true;
	if (s->hashing != NULL)
		s->digest = hashing_final(s->hashing);
}

static ssize_t read_loaded(struct source *s, void *data, size_t len)
{
	size_t left = s->loaded.len - (size_t)s->pos;

	if (len > left)
		len = left;
	memcpy(data, s->loaded.data + s->pos, len);
	s->size += len;
	return (ssize_t)len;
}

/* Bytes never read before. */
static ssize_t read_new(struct source *s, void *data, size_t len, struct error *e)
{
	ssize_t n;

	if (s->broken.kind != ERROR_NONE)
		return error_set(e, s->broken.kind, "%s", s->broken.text);
	if (s->is_loaded)
		return read_loaded(s, data, len);
	if (s->direct)
		n = raw_read_at(&s->raw, s->pos, data, len, true, e);
	else
		n = feed_read(s->member, data, len, e);
	if (n <= 0)
		return n;
	if (!s->direct && spool_append(s->spool, data, (size_t)n, &s->broken) != 0)
		return error_set(e, s->broken.kind, "%s", s->broken.text);
	if (s->direct && s->proof != NULL && proof_add(s->proof, data, (size_t)n, &s->broken) != 0)
		return error_set(e, s->broken.kind, "%s", s->broken.text);
	if (s->hashing != NULL)
		hashing_lend(s->hashing, data, (size_t)n);
	s->size += (uint64_t)n;
	return n;
}

ssize_t source_read(struct source *s, void *data, size_t len, struct error *e)
{
	ssize_t n = 0;

	if (len == 0)
		return 0;
	if (s->pos < s->size) {
		if (len > s->size - s->pos)
			len = (size_t)(s->size - s->pos);
		n = source_again(s, s->pos, data, len, e) == 0 ? (ssize_t)len : -1;
	} else if (!s->ended) {
		n = read_new(s, data, len, e);
		if (n == 0)
			end_member(s);
	}
	if (n > 0)
		s->pos += (uint64_t)n;
	return n;
}

void source_settle(struct source *s, const void *data, size_t len)
{
	if (s->hashing != NULL)
		hashing_settle(s->hashing, data, len);
}

int source_seek(struct source *s, uint64_t offset, struct error *e)
{
	if (offset > s->size || (!s->direct && offset < spool_start(s->spool)))
		return error_set(e, ERROR_USAGE, "%s: a place is wanted that was not kept",
				 s->name.data);
	s->pos = offset;
	return 0;
}

void source_keep(struct source *s, uint64_t offset)
{
	if (!s->direct)
		spool_drop(s->spool, offset < s->pos ? offset : s->pos);
}

/* Reads bytes of the regular file again. */
static int read_again(struct source *s, uint64_t offset, void *data, size_t len, struct error *e)
{
	ssize_t n = raw_read_at(&s->raw, offset, data, len, false, e);

	if (n < 0)
		return -1;
	if ((size_t)n < len)
		return error_set(e, ERROR_CHANGED, "%s became shorter while it was read",
				 s->name.data);
	return 0;
}

/* Makes s->block the block that holds `offset`, as it was when it was first read. */
static int fetch_block(struct source *s, uint64_t offset, struct error *e)
{
	uint64_t number = offset / PROOF_BLOCK;
	size_t len = proof_length(s->proof, number);

	if (s->block_len == len && s->block_number == number)
		return 0;
	if (s->block == NULL && (s->block = malloc(PROOF_BLOCK)) == NULL)
		return error_memory(e);
	s->block_len = 0;
	if (read_again(s, number * PROOF_BLOCK, s->block, len, e) != 0)
		return -1;
	if (!proof_same(s->proof, number, s->block))
		return error_set(e, ERROR_CHANGED, "%s was changed while it was read",
				 s->name.data);
	s->block_number = number;
	s->block_len = len;
	return 0;
}

int source_again(struct source *s, uint64_t offset, void *data, size_t len, struct error *e)
{
	char *to = data;

	if (!s->direct)
		return spool_read(s->spool, offset, data, len, e);
	if (offset > s->size || len > s->size - offset)
		return error_set(e, ERROR_USAGE, "%s: bytes are wanted that were not read yet",
				 s->name.data);
	if (s->is_loaded) {
		memcpy(data, s->loaded.data + offset, len);
		return 0;
	}
	if (s->proof == NULL)
		return read_again(s, offset, data, len, e);
	while (len > 0) {
		size_t at = (size_t)(offset % PROOF_BLOCK), n;

		if (fetch_block(s, offset, e) != 0)
			return -1;
		n = s->block_len - at < len ? s->block_len - at : len;
		memcpy(to, s->block + at, n);
		to += n;
		offset += n;
		len -= n;
	}
	return 0;
}

uint64_t source_size(const struct source *s)
{
	return s->size;
}

const struct sha256 *source_sha256(const struct source *s)
{
	return &s->digest;
}

/* --- the file --- */

bool source_container(struct source *s, uint64_t *size, struct sha256 *digest, struct error *e)
{
	if (is_file(s))
		return false;
	if (s->digests && !s->file_known) {
		if (raw_drain(&s->raw, e) != 0)
			return false;
		s->file_digest = raw_digest(&s->raw);
		s->file_known = true;
	}
	*size = s->digests ? s->raw.hashed : s->raw.progress;
	*digest = s->file_digest;
	return true;
}

uint64_t source_progress(const struct source *s)
{
	return s->raw.progress;
}
