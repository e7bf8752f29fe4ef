/*
 * frame_list.c: reads index/frames.bin: what every frame holds, and its digest.
 * A record must agree with the seek table, all records with the entries and the trailer.
 * It must never let a record through that two readers could understand differently.
 */
#include <stdlib.h>

#include "bundle/inside.h"
#include "bundle/tar.h"

#define HEADER_MOST (8 * TAR_BLOCK)

static int fail(struct error *e, uint32_t frame, const char *what)
{
	return error_set(e, ERROR_BUNDLE, ENTRY_FRAMES " is damaged (its record of frame %lu: %s)",
			 (unsigned long)frame, what);
}

/* --- reading --- */

static int take_record(struct bundle *b, uint32_t frame, const char *bytes, struct error *e)
{
	struct frame_record *known = &b->frames[frame];
	struct frame_record r;

	layout_get_record((const unsigned char *)bytes, &r);
	if (r.offset != known->offset || r.size != known->size || r.raw != known->raw)
		return fail(e, frame, "the seek table says another place or size");
	*known = r;
	b->listed = frame + 1;
	return 0;
}

static int read_page(struct bundle *b, uint32_t page, struct decoder *d, struct buf *content,
		     struct error *e)
{
	struct error why = {0};

	buf_clear(content);
	if (frame_fetch(b, b->trailer.frames + 1 + page, d, content, &why) != 0) {
		if (why.kind != ERROR_BUNDLE)
			return error_set(e, why.kind, "%s", why.text);
		return error_set(e, ERROR_BUNDLE, ENTRY_FRAMES " is damaged (%s)", why.text);
	}
	for (size_t at = 0; at < content->len; at += FRAME_RECORD_BYTES) {
		uint32_t frame =
			page * FRAME_RECORDS_PER_FRAME + (uint32_t)(at / FRAME_RECORD_BYTES);
		if (take_record(b, frame, content->data + at, e) != 0)
			return -1;
	}
	return 0;
}

static int read_pages(struct bundle *b, struct decoder *d, struct hasher *h, struct error *e)
{
	struct buf content = BUF_INIT;
	uint32_t pages = (b->trailer.frames - 1) / FRAME_RECORDS_PER_FRAME + 1;
	int result = 0;

	for (uint32_t page = 0; page < pages && result == 0; page++) {
		result = read_page(b, page, d, &content, e);
		if (result == 0)
			hasher_update(h, content.data, content.len);
	}
	buf_free(&content);
	return result;
}

/* That a page holds as many records as it should was seen in the trailer. */
int frame_list_read(struct bundle *b, struct error *e)
{
	struct decoder *d = decoder_new();
	struct hasher *h = hasher_new();
	int result = -1;

	if (d == NULL || h == NULL) {
		error_memory(e);
	} else if (read_pages(b, d, h, e) == 0) {
		struct sha256 digest = hasher_final(h);
		if (memcmp(&digest, &b->trailer.frame_list, sizeof(digest)) == 0)
			result = 0;
		else
			error_set(e, ERROR_BUNDLE,
				  ENTRY_FRAMES " is damaged (its digest is not the trailer's)");
	}
	hasher_free(h);
	decoder_free(d);
	return result;
}

/* --- what belongs to what --- */

struct walk {
	struct bundle *b;
	uint32_t entry; /* the one whose header came last */
	bool any;       /* there was a header */
	bool of_lines;  /* the entry holds lines */
	enum line_kind kind;
	uint64_t lines[LINES_KINDS]; /* so far */
};

static int relate_header(struct walk *w, uint32_t frame, const struct frame_record *r,
			 struct error *e)
{
	uint32_t entry = r->entry & ~FRAME_HEADER_BIT;
	uint64_t number;

	if (entry != (w->any ? w->entry + 1 : 0) || entry > w->b->trailer.entries ||
	    r->lines != 0 || r->first != 0)
		return fail(e, frame, "it is not the next entry's header");
	if (r->raw < TAR_BLOCK || r->raw > HEADER_MOST)
		return fail(e, frame, "the size of a header");
	w->any = true;
	w->entry = entry;
	w->b->heads[entry] = frame;
	w->of_lines = entry < w->b->trailer.entries &&
		      manifest_shard(w->b->entries[entry].name, &w->kind, &number);
	return 0;
}

static int relate_lines(struct walk *w, uint32_t frame, const struct frame_record *r,
			struct error *e)
{
	enum line_kind kind = w->kind;

	if (r->lines == 0 || r->lines > r->raw || r->first != w->lines[kind] + 1)
		return fail(e, frame, "its lines");
	w->lines[kind] += r->lines;
	if (w->b->line_frames[kind] != NULL)
		w->b->line_frames[kind][w->b->line_frame_count[kind]] = frame;
	w->b->line_frame_count[kind]++;
	return 0;
}

static int relate_data(struct walk *w, uint32_t frame, const struct frame_record *r,
		       struct error *e)
{
	if (!w->any || r->entry != w->entry || r->raw == 0)
		return fail(e, frame, "its entry");
	uint64_t *size = r->entry < w->b->trailer.entries ? &w->b->entries[r->entry].size : NULL;
	if (w->of_lines) {
		if (relate_lines(w, frame, r, e) != 0)
			return -1;
	} else if (r->lines != 0 || (size != NULL && r->first != *size)) {
		return fail(e, frame, "its place in the entry");
	}
	if (size != NULL)
		*size += r->raw;
	return 0;
}

static int relate_all(struct walk *w, struct error *e)
{
	struct bundle *b = w->b;

	for (uint32_t i = 0; i < b->trailer.entries; i++)
		b->entries[i].size = 0;
	for (uint32_t i = 0; i + 1 < b->frame_count; i++) {
		const struct frame_record *r = &b->frames[i];
		int result = r->entry & FRAME_HEADER_BIT ? relate_header(w, i, r, e)
							 : relate_data(w, i, r, e);
		if (result != 0)
			return -1;
		/* The list ends where index/frames.bin begins. */
		if ((i < b->trailer.frames) != (w->entry + 1 < b->trailer.entries))
			return fail(e, i, "its entry");
	}
	for (int i = 0; i < LINES_KINDS; i++) {
		if (w->lines[i] != b->trailer.lines[i])
			return error_set(
				e, ERROR_BUNDLE,
				"the trailer is damaged (it counts %llu %s, the frame list "
				"%llu)",
				(unsigned long long)b->trailer.lines[i], layout_lines[i],
				(unsigned long long)w->lines[i]);
	}
	return 0;
}

/* A first walk counts the frames of each kind, a second one notes them. */
int frame_list_relate(struct bundle *b, struct error *e)
{
	struct walk w = {.b = b};

	b->heads = calloc((size_t)b->trailer.entries + 1, sizeof(*b->heads));
	if (b->heads == NULL)
		return error_memory(e);
	if (relate_all(&w, e) != 0)
		return -1;
	for (int i = 0; i < LINES_KINDS; i++) {
		if (b->line_frame_count[i] == 0)
			continue;
		b->line_frames[i] = calloc(b->line_frame_count[i], sizeof(**b->line_frames));
		if (b->line_frames[i] == NULL)
			return error_memory(e);
		b->line_frame_count[i] = 0;
	}
	w = (struct walk){.b = b};
	return relate_all(&w, e);
}
