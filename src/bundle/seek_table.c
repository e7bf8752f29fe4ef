/*
 * seek_table.c: reads the seek table at the end of a bundle.
 * All sums are in 64 bits; every size was compared with the file's before memory is taken for it.
 * It must never believe a count: the compressed sizes and the table must add up to the file.
 */
#include "bundle/seek_table.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "bundle/foreign.h"

#define STEP 8192 /* entries read at a time */

struct table {
	int fd;
	const char *name;
	uint64_t file_size;
	uint64_t begin; /* of the skippable frame */
	uint32_t count;
	unsigned char *step; /* STEP entries */
};

static uint32_t le32(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Reads exactly `len` bytes. */
static int read_at(const struct table *t, void *data, size_t len, uint64_t offset, struct error *e)
{
	ssize_t got = file_pread(t->fd, data, len, offset, t->name, e);

	if (got < 0)
		return -1;
	if ((size_t)got < len)
		return error_set(e, ERROR_BUNDLE, "the file became shorter while it was read");
	return 0;
}

/* The footer and the skippable frame's header: how many entries there are, and where. */
static int read_frame(struct table *t, struct error *e)
{
	unsigned char footer[SEEK_FOOTER_BYTES], head[8];

	if (t->file_size < SEEK_OVERHEAD)
		return foreign_explain(t->fd, t->name, t->file_size, e);
	if (read_at(t, footer, sizeof(footer), t->file_size - sizeof(footer), e) != 0)
		return -1;
	if (le32(footer + 5) != SEEK_FOOTER_MAGIC)
		return foreign_explain(t->fd, t->name, t->file_size, e);
	t->count = le32(footer);
	uint64_t table = SEEK_OVERHEAD + (uint64_t)t->count * SEEK_ENTRY_BYTES;
	if (footer[4] != 0 || t->count == 0 || table > t->file_size)
		return error_set(e, ERROR_BUNDLE, "the seek table is damaged (its footer)");
	t->begin = t->file_size - table;
	if (read_at(t, head, sizeof(head), t->begin, e) != 0)
		return -1;
	if (le32(head) != SEEK_SKIPPABLE_MAGIC || le32(head + 4) != table - sizeof(head))
		return error_set(e, ERROR_BUNDLE, "the seek table is damaged (its header)");
	return 0;
}

/* Goes through the entries. Without *frames it only checks and adds up; with it, it fills them. */
static int read_entries(const struct table *t, struct frame_record *frames, uint64_t *sum,
			struct error *e)
{
	*sum = 0;
	for (uint32_t i = 0; i < t->count; i++) {
		if (i % STEP == 0) {
			uint32_t n = t->count - i < STEP ? t->count - i : STEP;
			uint64_t at = t->begin + 8 + (uint64_t)i * SEEK_ENTRY_BYTES;
			if (read_at(t, t->step, n * SEEK_ENTRY_BYTES, at, e) != 0)
				return -1;
		}
		const unsigned char *entry = t->step + i % STEP * SEEK_ENTRY_BYTES;
		uint64_t size = le32(entry), raw = le32(entry + 4);
		if (size < SEEK_FRAME_LEAST || raw > LIMIT_FRAME_RAW || size > SEEK_FRAME_MOST(raw))
			return error_set(e, ERROR_BUNDLE,
					 "the seek table is damaged (the sizes of frame %lu)",
					 (unsigned long)i);
		if (frames != NULL) {
			frames[i].offset = *sum;
			frames[i].size = (uint32_t)size;
			frames[i].raw = (uint32_t)raw;
		}
		*sum += size;
	}
	return 0;
}

static int check_sum(const struct table *t, uint64_t sum, struct error *e)
{
	if (sum == t->begin)
		return 0;
	if (sum > t->begin)
		return error_set(e, ERROR_BUNDLE,
				 "the file has %llu bytes less than its seek table says: it was "
				 "cut at the front or inside, or the seek table is damaged",
				 (unsigned long long)(sum - t->begin));
	return error_set(e, ERROR_BUNDLE,
			 "%llu bytes stand in the file that do not belong to the bundle: another "
			 "file was put before it (two bundles are never one; keep them apart), or "
			 "the seek table is damaged",
			 (unsigned long long)(t->begin - sum));
}

/* Twice over the entries: the first pass shows that as many frames can be in this file. */
static int read_table(struct table *t, struct frame_record **frames, struct error *e)
{
	uint64_t sum, again;

	if (read_frame(t, e) != 0)
		return -1;
	t->step = malloc(STEP * SEEK_ENTRY_BYTES);
	if (t->step == NULL)
		return error_memory(e);
	if (read_entries(t, NULL, &sum, e) != 0 || check_sum(t, sum, e) != 0)
		return -1;
	*frames = calloc(t->count, sizeof(**frames));
	if (*frames == NULL)
		return error_memory(e);
	if (read_entries(t, *frames, &again, e) != 0)
		return -1;
	if (again != sum)
		return error_set(e, ERROR_BUNDLE, "the file changed while it was read");
	return 0;
}

int seek_table_read(int fd, const char *name, uint64_t file_size, struct frame_record **frames,
		    uint32_t *count, struct error *e)
{
	struct table t = {.fd = fd, .name = name, .file_size = file_size};

	*frames = NULL;
	*count = 0;
	int result = read_table(&t, frames, e);
	free(t.step);
	if (result != 0) {
		free(*frames);
		*frames = NULL;
		return -1;
	}
	*count = t.count;
	return 0;
}
