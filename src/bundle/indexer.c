/*
 * indexer.c: keys on their way into the index. A place is a kind and the number of a frame of that
 * kind; it becomes the number of a frame of the bundle only when all frames are written. It must
 * never let the index depend on what was taken back.
 */
#include "bundle/indexer.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "bundle/blob.h"
#include "bundle/sorter.h"

#define KIND_SHIFT 30 /* a place is the kind, and the ordinal in the low bits */

/* The keys from `start` on are of lines in this place. */
struct segment {
	size_t start;
	uint32_t place;
};

struct indexer {
	char *folder;
	struct sorter *sorter;
	uint64_t *added; /* fingerprints, since the last keep */
	size_t count, cap;
	struct segment *segments;
	size_t segment_count, segment_cap;
};

struct indexer *indexer_new(const char *folder)
{
	struct indexer *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return NULL;
	x->folder = folder == NULL ? NULL : strdup(folder);
	x->sorter = sorter_new(folder, SORTER_RUN);
	if ((folder != NULL && x->folder == NULL) || x->sorter == NULL) {
		indexer_free(x);
		return NULL;
	}
	return x;
}

void indexer_free(struct indexer *x)
{
	if (x == NULL)
		return;
	sorter_free(x->sorter);
	free(x->folder);
	free(x->added);
	free(x->segments);
	free(x);
}

static int add_segment(struct indexer *x, uint32_t place, struct error *e)
{
	if (array_reserve(&x->segments, &x->segment_cap, x->segment_count + 1,
			  sizeof(*x->segments)) != 0)
		return error_memory(e);
	x->segments[x->segment_count++] = (struct segment){x->count, place};
	return 0;
}

int indexer_add(struct indexer *x, enum line_kind kind, uint32_t ordinal, uint64_t fingerprint,
		struct error *e)
{
	uint32_t place = (uint32_t)kind << KIND_SHIFT | ordinal;

	if (ordinal >> KIND_SHIFT != 0)
		return error_set(e, ERROR_LIMIT, "too many frames for one bundle");
	if ((x->segment_count == 0 || x->segments[x->segment_count - 1].place != place) &&
	    add_segment(x, place, e) != 0)
		return -1;
	if (array_reserve(&x->added, &x->cap, x->count + 1, sizeof(*x->added)) != 0)
		return error_memory(e);
	x->added[x->count++] = fingerprint;
	return 0;
}

int indexer_keep(struct indexer *x, struct error *e)
{
	for (size_t s = 0; s < x->segment_count; s++) {
		size_t end = s + 1 < x->segment_count ? x->segments[s + 1].start : x->count;

		for (size_t i = x->segments[s].start; i < end; i++) {
			struct sorter_entry entry = {x->added[i], x->segments[s].place};

			if (sorter_add(x->sorter, entry, e) != 0)
				return -1;
		}
	}
	indexer_take_back(x);
	return 0;
}

void indexer_take_back(struct indexer *x)
{
	x->count = 0;
	x->segment_count = 0;
}

/* --- writing --- */

static uint32_t frame_of(const void *arg, uint32_t place)
{
	const uint32_t *const *frames = arg;

	return frames[place >> KIND_SHIFT][place & ((1u << KIND_SHIFT) - 1)];
}

/* The pages, laid into a file first: the entry's header needs their size. */
struct laid {
	int fd;
	uint32_t *sizes;
	size_t count;
	uint64_t size;
};

static int lay_pages(struct indexer *x, const uint32_t *const frames[LINES_KINDS],
		     const struct keys_shape *shape, struct laid *laid, struct error *e)
{
	struct keys_pages *pages = keys_pages_new(x->sorter, shape);
	struct buf page = BUF_INIT;
	size_t count = keys_page_count(shape);
	int status = -1;

	laid->sizes = calloc(count, sizeof(*laid->sizes));
	if (pages == NULL || laid->sizes == NULL) {
		error_memory(e);
		goto out;
	}
	keys_pages_place(pages, frame_of, frames);
	laid->fd = file_unnamed(x->folder, e);
	if (laid->fd < 0)
		goto out;
	while (laid->count < count) {
		buf_clear(&page);
		if (keys_pages_next(pages, &page, e) != 0 ||
		    file_write(laid->fd, page.data, page.len, "a temporary file", e) != 0)
			goto out;
		laid->sizes[laid->count++] = (uint32_t)page.len;
		laid->size += page.len;
	}
	status = 0;
out:
	buf_free(&page);
	keys_pages_free(pages);
	return status;
}

static int read_laid(void *arg, uint64_t offset, void *data, size_t len, struct error *e)
{
	const struct laid *laid = arg;
	ssize_t n = file_pread(laid->fd, data, len, offset, "a temporary file", e);

	if (n < 0)
		return -1;
	return (size_t)n == len ? 0 : error_set(e, ERROR_IO, "a temporary file is cut");
}

int indexer_write(struct indexer *x, struct store *s, const uint32_t *const frames[LINES_KINDS],
		  struct keys_shape *shape, struct error *e)
{
	struct laid laid = {.fd = -1};
	struct sha256 digest;
	int status = 0;

	*shape = (struct keys_shape){0};
	if (sorter_count(x->sorter) == 0)
		return 0;
	*shape = keys_shape_for(sorter_count(x->sorter), (uint32_t)s->frame_count);
	if (lay_pages(x, frames, shape, &laid, e) != 0 ||
	    blob_write_frames(s, ENTRY_KEYS, laid.size, laid.sizes, read_laid, &laid, &digest,
			      e) != 0)
		status = -1;
	if (laid.fd >= 0)
		close(laid.fd);
	free(laid.sizes);
	return status;
}
