/*
 * writer.c: writes a bundle: the order of its entries, marks, and the end.
 * After a failure that left a part of something, every call fails with it.
 * It must never let the bytes depend on anything but the lines, the blobs, the level and the mtime.
 */
#include "bundle/writer.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/limits.h"
#include "bundle/blob.h"
#include "bundle/format_text.h"
#include "bundle/indexer.h"
#include "bundle/press.h"
#include "bundle/shard.h"
#include "bundle/store.h"
#include "bundle/tail.h"

struct writer {
	struct press *press;
	struct store store;
	struct shard shards[LINES_KINDS];
	struct indexer *indexer;
	uint64_t blobs[BLOB_KINDS];
	size_t frame_bytes;
	bool marked;
	bool sealed;                 /* the end is written, */
	struct writer_totals totals; /* and this is what came of it */
	struct store_mark mark;      /* with `marked` */
	struct error fault;          /* the first failure */
};

/* What a call returns: keeps its failure. */
static int outcome(struct writer *w, int rc, const struct error *e)
{
	if (rc != 0 && w->fault.kind == ERROR_NONE)
		w->fault = *e;
	return rc;
}

static int check_fault(const struct writer *w, struct error *e)
{
	if (w->fault.kind == ERROR_NONE)
		return 0;
	return error_set(e, w->fault.kind, "%s", w->fault.text);
}

/* --- opening --- */

static int open_shards(struct writer *w, const struct writer_options *o, struct error *e)
{
	size_t shard_bytes = o->shard_bytes != 0 ? o->shard_bytes : SHARD_BYTES;

	for (int i = 0; i < LINES_KINDS; i++) {
		if (shard_init(&w->shards[i], layout_lines[i], w->frame_bytes, shard_bytes,
			       &w->store, e) != 0)
			return -1;
	}
	return 0;
}

/* Temporary files lie beside the bundle. */
static int open_indexer(struct writer *w, const char *path, bool into, struct error *e)
{
	char *folder = path == NULL ? NULL : into ? strdup(path) : file_folder(path);

	if (folder != NULL || path == NULL)
		w->indexer = indexer_new(folder);
	free(folder);
	return w->indexer == NULL ? error_memory(e) : 0;
}

static int write_first(struct writer *w, const struct writer_options *o, struct error *e)
{
	const struct {
		const char *name;
		struct slice content;
	} first[] = {
		{ENTRY_ABOUT, o->about},
		{ENTRY_FORMAT, {format_text, format_text_size}},
		{ENTRY_MODEL, o->model},
	};

	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		struct sha256 digest;

		if (blob_bytes(&w->store, first[i].name, first[i].content, w->frame_bytes, &digest,
			       e) != 0)
			return -1;
	}
	return 0;
}

struct writer *writer_open(const char *path, const struct writer_options *o, struct error *e)
{
	struct writer *w = NULL;

	if (o->mtime < 0 || o->mtime >= INT32_MAX) /* more needs other tar headers */
		error_set(e, ERROR_USAGE, "%" PRId64 " is no time for a bundle's entries",
			  o->mtime);
	else if ((w = calloc(1, sizeof(*w))) == NULL)
		error_memory(e);
	if (w == NULL)
		return NULL;
	w->frame_bytes = o->frame_bytes != 0 ? o->frame_bytes : FRAME_BYTES;
	w->press = press_new(o->threads, o->level, e);
	if (w->press == NULL ||
	    store_open(&w->store, path, o->into, o->replace, o->mtime, w->press, e) != 0 ||
	    open_shards(w, o, e) != 0 || open_indexer(w, path, o->into, e) != 0 ||
	    write_first(w, o, e) != 0) {
		writer_abandon(w);
		return NULL;
	}
	return w;
}

struct pool *writer_pool(struct writer *w)
{
	return press_pool(w->press);
}

int writer_stat(const struct writer *w, dev_t *dev, ino_t *ino, struct error *e)
{
	struct stat st;

	if (fstat(newfile_fd(w->store.file), &st) != 0)
		return error_errno(e, "cannot look at %s", w->store.path);
	*dev = st.st_dev;
	*ino = st.st_ino;
	return 0;
}

/* --- lines and marks --- */

struct buf *writer_line(struct writer *w, enum line_kind kind)
{
	return &w->shards[kind].open;
}

int writer_line_end(struct writer *w, enum line_kind kind, struct error *e)
{
	if (check_fault(w, e) != 0)
		return -1;
	return outcome(w, shard_line_end(&w->shards[kind], e), e);
}

uint64_t writer_lines(const struct writer *w, enum line_kind kind)
{
	return w->shards[kind].lines;
}

int writer_key(struct writer *w, enum line_kind kind, uint64_t fingerprint, struct error *e)
{
	if (check_fault(w, e) != 0)
		return -1;
	if (indexer_add(w->indexer, kind, w->shards[kind].last, fingerprint, e) != 0)
		return outcome(w, -1, e);
	return w->marked ? 0 : outcome(w, indexer_keep(w->indexer, e), e);
}

uint32_t writer_frame_of(const struct writer *w, enum line_kind kind, uint64_t line)
{
	return shard_frame_of(&w->shards[kind], line);
}

uint32_t writer_frames(const struct writer *w, enum line_kind kind)
{
	return w->shards[kind].cuts + (w->shards[kind].open_lines > 0);
}

int writer_mark(struct writer *w, struct error *e)
{
	if (check_fault(w, e) != 0)
		return -1;
	for (int i = 0; i < LINES_KINDS; i++)
		shard_set_mark(&w->shards[i]);
	w->mark = store_mark(&w->store);
	w->marked = true;
	return 0;
}

int writer_keep(struct writer *w, struct error *e)
{
	for (int i = 0; i < LINES_KINDS; i++)
		shard_keep(&w->shards[i]);
	w->marked = false;
	return outcome(w, indexer_keep(w->indexer, e), e);
}

int writer_take_back(struct writer *w, struct error *e)
{
	if (check_fault(w, e) != 0)
		return -1;
	if (!w->marked)
		return error_set(e, ERROR_USAGE, "there is no mark to go back to");
	w->marked = false;
	indexer_take_back(w->indexer);
	for (int i = 0; i < LINES_KINDS; i++) {
		if (shard_take_back(&w->shards[i], e) != 0)
			return outcome(w, -1, e);
	}
	return outcome(w, store_rewind(&w->store, &w->mark, e), e);
}

/* --- blobs --- */

int writer_blob(struct writer *w, enum blob_kind kind, uint64_t size, writer_read *read, void *arg,
		uint64_t *number, struct error *e)
{
	char name[STORE_NAME];
	struct sha256 digest;
	int rc;

	if (check_fault(w, e) != 0)
		return -1;
	if (w->marked)
		return error_set(e, ERROR_USAGE, "no blob can be written after a mark");
	snprintf(name, sizeof(name), "%s/%08" PRIu64, layout_blobs[kind], w->blobs[kind] + 1);
	rc = blob_write(&w->store, name, size, w->frame_bytes, read, arg, &digest, e);
	if (rc == 0)
		*number = ++w->blobs[kind];
	return w->store.broken ? outcome(w, rc, e) : rc; /* else it was taken back */
}

/* --- frames of another bundle --- */

int writer_frame(struct writer *w, enum line_kind kind, struct buf *content, uint32_t lines,
		 struct slice packed, const struct sha256 *digest, struct error *e)
{
	if (check_fault(w, e) != 0)
		return -1;
	if (w->marked)
		return error_set(e, ERROR_USAGE, "no frame can be taken after a mark");
	return outcome(w, shard_take(&w->shards[kind], content, lines, packed, digest, e), e);
}

int writer_shard_end(struct writer *w, enum line_kind kind, struct error *e)
{
	if (check_fault(w, e) != 0)
		return -1;
	return outcome(w, shard_close(&w->shards[kind], e), e);
}

int writer_blob_frames(struct writer *w, enum blob_kind kind, uint64_t size,
		       const struct sha256 *digest, uint32_t count, writer_next *next, void *arg,
		       uint64_t *number, struct error *e)
{
	char name[STORE_NAME];
	int rc;

	if (check_fault(w, e) != 0)
		return -1;
	if (w->marked)
		return error_set(e, ERROR_USAGE, "no blob can be written after a mark");
	snprintf(name, sizeof(name), "%s/%08" PRIu64, layout_blobs[kind], w->blobs[kind] + 1);
	rc = blob_copy(&w->store, name, size, digest, count, next, arg, e);
	if (rc == 0)
		*number = ++w->blobs[kind];
	return outcome(w, rc, e);
}

/* --- the end --- */

/* The records of index/frames.bin, made as they are written: its own frames come after them. */
static int read_records(void *arg, uint64_t offset, void *data, size_t len, struct error *e)
{
	const struct store *s = arg;
	unsigned char *out = data;

	(void)e;
	for (size_t i = 0; i < len / FRAME_RECORD_BYTES; i++)
		layout_put_record(&s->frames[offset / FRAME_RECORD_BYTES + i],
				  out + i * FRAME_RECORD_BYTES);
	return 0;
}

/* index/frames.bin and the manifest. */
static int write_lists(struct writer *w, struct tail_facts *f, struct error *e)
{
	struct store *s = &w->store;
	struct buf manifest = BUF_INIT;
	int rc;

	f->frames = (uint32_t)s->frame_count;
	if (blob_write(s, ENTRY_FRAMES, (uint64_t)f->frames * FRAME_RECORD_BYTES,
		       FRAME_RECORDS_PER_FRAME * FRAME_RECORD_BYTES, read_records, s,
		       &f->frame_list, e) != 0)
		return -1;
	f->entries = (uint32_t)s->row_count;
	for (size_t i = 0; i < s->row_count; i++)
		tail_manifest_line(slice_string(s->rows[i].name), &s->rows[i].digest, &manifest);
	if (manifest.failed)
		rc = error_memory(e);
	else
		rc = blob_bytes(s, ENTRY_MANIFEST, buf_view(&manifest), w->frame_bytes,
				&f->manifest, e);
	buf_free(&manifest);
	f->tail = s->frames + f->frames;
	f->tail_count = (uint32_t)(s->frame_count - f->frames);
	return rc;
}

/* The trailer's frame and the seek table. */
static int write_trailer(struct writer *w, const struct tail_facts *f, struct writer_totals *totals,
			 struct error *e)
{
	struct store *s = &w->store;
	struct buf json = BUF_INIT;
	struct buf end = BUF_INIT;
	uint32_t raw;
	int rc = -1;

	if (tail_trailer_json(f, &json, e) != 0 ||
	    tail_trailer_frame(s->padding, s->mtime, buf_view(&json), &end, &raw, e) != 0 ||
	    tail_seek_table(s->frames, (uint32_t)s->frame_count, (uint32_t)end.len, raw, &end, e) !=
		    0)
		goto done;
	if (sha256_of(json.data, json.len, &totals->seal) != 0) {
		error_memory(e);
		goto done;
	}
	rc = store_append(s, buf_view(&end), e);
	totals->raw = s->content + json.len;
	totals->size = s->offset;
done:
	buf_free(&json);
	buf_free(&end);
	return rc;
}

/* index/keys.bin */
static int write_index(struct writer *w, struct tail_facts *f, struct error *e)
{
	const uint32_t *frames[LINES_KINDS];

	for (int i = 0; i < LINES_KINDS; i++)
		frames[i] = w->shards[i].written;
	return indexer_write(w->indexer, &w->store, frames, &f->keys, e);
}

static int write_end(struct writer *w, struct writer_totals *totals, struct error *e)
{
	struct tail_facts f = {.mtime = w->store.mtime};

	if (writer_keep(w, e) != 0)
		return -1;
	for (int i = 0; i < LINES_KINDS; i++) {
		if (shard_close(&w->shards[i], e) != 0)
			return -1;
		f.lines[i] = w->shards[i].lines;
	}
	for (int i = 0; i < BLOB_KINDS; i++)
		f.blobs[i] = w->blobs[i];
	if (write_index(w, &f, e) != 0 || write_lists(w, &f, e) != 0)
		return -1;
	return write_trailer(w, &f, totals, e);
}

int writer_seal(struct writer *w, struct writer_totals *totals, struct error *e)
{
	if (check_fault(w, e) != 0)
		return -1;
	if (!w->sealed && outcome(w, write_end(w, &w->totals, e), e) != 0)
		return -1;
	w->sealed = true;
	*totals = w->totals;
	return 0;
}

int writer_name(struct writer *w, const char *name, struct error *e)
{
	return store_name(&w->store, name, e);
}

int writer_close(struct writer *w, struct writer_totals *totals, struct error *e)
{
	int rc = writer_seal(w, totals, e);

	if (rc == 0)
		rc = store_commit(&w->store, e);
	writer_abandon(w);
	return rc;
}

int writer_unnamed(struct writer *w, struct error *e)
{
	struct writer_totals totals;
	int fd = -1;

	if (writer_seal(w, &totals, e) == 0) {
		fd = fcntl(newfile_fd(w->store.file), F_DUPFD_CLOEXEC, 0);
		if (fd < 0)
			error_errno(e, "cannot read a temporary bundle");
	}
	writer_abandon(w);
	return fd;
}

void writer_abandon(struct writer *w)
{
	if (w == NULL)
		return;
	for (int i = 0; i < LINES_KINDS; i++)
		shard_free(&w->shards[i]);
	indexer_free(w->indexer);
	store_close(&w->store);
	press_free(w->press);
	free(w);
}
