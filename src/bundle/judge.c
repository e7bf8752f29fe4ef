/*
 * judge.c: takes the entries of a bundle in order and compares what only the whole can show.
 * An entry with a damaged frame is not judged again; every other one has its digest compared.
 * It must never report the same damage twice.
 */
#include "bundle/judge.h"

#include <stdlib.h>

#include "base/file.h"
#include "bundle/inside.h"
#include "bundle/tail.h"
#include "bundle/tar.h"

struct judge {
	const struct bundle *b;
	struct damage *damage;
	struct buf made; /* what a frame must be */
};

struct judge *judge_new(const struct bundle *b, struct damage *damage)
{
	struct judge *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return NULL;
	j->b = b;
	j->damage = damage;
	return j;
}

void judge_free(struct judge *j)
{
	if (j == NULL)
		return;
	buf_free(&j->made);
	free(j);
}

/* The padding of an entry of `before` bytes and the next one's header, into j->made. */
static int make_header(struct judge *j, uint64_t before, struct slice name, uint64_t size,
		       struct error *e)
{
	static const char zeros[TAR_BLOCK];
	char text[128];

	memcpy(text, name.data, name.len); /* at most 100: manifest.c */
	text[name.len] = '\0';
	buf_clear(&j->made);
	buf_append(&j->made, zeros, tar_padding(before));
	return tar_header(text, size, j->b->trailer.mtime, &j->made, e);
}

static int judge_header(struct judge *j, uint32_t frame, struct slice raw, struct error *e)
{
	const struct bundle *b = j->b;
	uint32_t entry = b->frames[frame].entry & ~FRAME_HEADER_BIT, count = b->trailer.entries;
	struct slice name = entry < count ? b->entries[entry].name : SLICE(ENTRY_MANIFEST);
	uint64_t size = entry < count ? b->entries[entry].size : b->manifest.len;
	uint64_t before = entry == 0 ? 0 : b->entries[entry - 1].size;
	struct error why = {0};

	if (make_header(j, before, name, size, &why) != 0 || j->made.failed) {
		if (why.kind == ERROR_MEMORY || j->made.failed)
			return error_memory(e);
		damage_frame(j->damage, b, frame, why.text);
		return 0;
	}
	if (!slice_equal(raw, buf_view(&j->made)))
		damage_frame(j->damage, b, frame, "it is not the header that this entry must have");
	return 0;
}

/* Compares the digest of an entry whose frames are sound. */
static void judge_content(struct judge *j, uint32_t entry, const struct sha256 *digest)
{
	if (entry >= j->b->trailer.entries)
		return; /* the manifest itself was compared when the bundle was opened */
	const struct bundle_entry *known = &j->b->entries[entry];
	if (memcmp(digest, &known->digest, sizeof(*digest)) != 0)
		damage_entry(j->damage, known->name, "its content is not what the manifest says");
}

int judge_entry(struct judge *j, const struct span *s, struct error *e)
{
	bool header_fault = s->fault_count > 0 && s->faults[0].frame == s->from;

	if (!header_fault && judge_header(j, s->from, buf_view(&s->header), e) != 0)
		return -1;
	damage_span(j->damage, s);
	if (s->fault_count == header_fault)
		judge_content(j, j->b->frames[s->from].entry & ~FRAME_HEADER_BIT, &s->digest);
	return 0;
}

/* --- what stands outside the digests --- */

/* The text of trailer.json for what it says; other versions of the format may say more. */
static int judge_text(struct judge *j, struct error *e)
{
	const struct bundle *b = j->b;
	const struct trailer *t = &b->trailer;
	struct tail_facts f = {
		.mtime = t->mtime,
		.entries = t->entries,
		.frames = t->frames,
		.manifest = t->manifest,
		.keys = t->keys,
		.frame_list = t->frame_list,
		.tail = t->tail,
		.tail_count = t->tail_count,
	};

	memcpy(f.lines, t->lines, sizeof(f.lines));
	memcpy(f.blobs, t->blobs, sizeof(f.blobs));
	buf_clear(&j->made);
	if (tail_trailer_json(&f, &j->made, e) != 0)
		return -1;
	if (t->same && !slice_equal(buf_view(&j->made), b->parts.json))
		damage_frame(j->damage, b, b->frame_count - 1,
			     "its text is not in the one form "
			     "that it may have");
	return 0;
}

/* Appends what the file must hold from the trailer's frame on. */
static int make_end(const struct bundle *b, struct buf *out, struct error *e)
{
	const struct frame_record *last = &b->frames[b->frame_count - 1];
	uint32_t raw;

	if (tail_trailer_frame(tar_padding(b->manifest.len), b->trailer.mtime, b->parts.json, out,
			       &raw, e) != 0)
		return -1;
	return tail_seek_table(b->frames, b->frame_count - 1, last->size, last->raw, out, e);
}

static int read_end(const struct bundle *b, struct buf *out, struct error *e)
{
	uint64_t offset = b->frames[b->frame_count - 1].offset;
	size_t len = (size_t)(b->size - offset); /* about the size of what was made */

	if (buf_reserve(out, len) != 0)
		return error_memory(e);
	ssize_t got = file_pread(b->fd, out->data, len, offset, b->path, e);
	if (got < 0)
		return -1;
	out->len = (size_t)got;
	return 0;
}

static int judge_last_bytes(struct judge *j, struct error *e)
{
	struct buf made = BUF_INIT, found = BUF_INIT;
	int result = -1;

	if (make_end(j->b, &made, e) == 0 && read_end(j->b, &found, e) == 0) {
		result = 0;
		if (!slice_equal(buf_view(&made), buf_view(&found)))
			damage_frame(j->damage, j->b, j->b->frame_count - 1,
				     "it is not encoded in the one way that it may be");
	}
	buf_free(&made);
	buf_free(&found);
	return result;
}

int judge_end(struct judge *j, struct error *e)
{
	struct error why = {0};

	if (judge_text(j, &why) == 0 && judge_last_bytes(j, &why) == 0)
		return 0;
	if (why.kind != ERROR_LIMIT)
		return error_set(e, why.kind, "%s", why.text);
	damage_frame(j->damage, j->b, j->b->frame_count - 1, why.text);
	return 0;
}
