/*
 * pieces.c: looks for needles in the bytes of an entry.
 * The entry is read anew for each layer: as it is, decompressed, and by its members.
 * It must never take what it cannot decompress for something that was searched.
 */
#include "bundle/pieces.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "bundle/frame.h"
#include "bundle/inside.h"
#include "input/decode.h"

#define PIECE (64 * KIB)

struct search {
	const struct bundle *b;
	uint32_t entry;
	struct needles_look *look;
	needles_found *found;
	void *arg;
	bool holds;
	bool *partly;

	/* the entry's bytes */
	struct decoder *decoder;
	uint32_t next;      /* frame */
	struct buf content; /* of the one before, */
	size_t at;          /* and what of it was taken */
	struct error fault; /* why the bundle cannot be read on */
	struct feed bytes;

	char *piece;
	struct decode outer, inner; /* of the file; of a member */
};

static ssize_t read_entry(void *arg, void *data, size_t len, struct error *e)
{
	struct search *s = arg;
	size_t n;

	while (s->at == s->content.len) {
		if (s->next == s->b->heads[s->entry + 1])
			return 0;
		if (stop_requested())
			error_set(&s->fault, ERROR_STOPPED, "stopped by a signal");
		else if (bundle_read_frame(s->b, s->next++, s->decoder, &s->content, &s->fault) ==
			 0) {
			s->at = 0;
			continue;
		}
		return error_set(e, s->fault.kind, "%s", s->fault.text);
	}
	n = s->content.len - s->at < len ? s->content.len - s->at : len;
	memcpy(data, s->content.data + s->at, n);
	s->at += n;
	return (ssize_t)n;
}

/* The entry from its beginning, decompressed if it is compressed: *kind is what it is then. */
static struct feed *open_bytes(struct search *s, bool decompress, enum kind *kind, struct error *e)
{
	const unsigned char *head;
	size_t len;

	decode_close(&s->outer);
	s->next = s->b->heads[s->entry] + 1;
	buf_clear(&s->content);
	s->at = 0;
	feed_init(&s->bytes, read_entry, s);
	len = feed_peek(&s->bytes, &head);
	*kind = kind_of(head, len);
	if (!decompress || !kind_is_compressed(*kind))
		return &s->bytes;
	if (decode_open(&s->outer, *kind, &s->bytes, "a piece", e) != 0)
		return NULL;
	len = feed_peek(&s->outer.out, &head);
	*kind = kind_of(head, len);
	return &s->outer.out;
}

/* What stopped a feed: the bundle, or memory, stops the search; all else is the input's. */
static int trouble(struct search *s, const struct error *why, struct error *e)
{
	if (s->fault.kind != ERROR_NONE)
		return error_set(e, s->fault.kind, "%s", s->fault.text);
	if (why->kind == ERROR_MEMORY || why->kind == ERROR_STOPPED)
		return error_set(e, why->kind, "%s", why->text);
	*s->partly = true;
	return 0;
}

static int look_through(struct search *s, struct feed *f, struct error *e)
{
	struct error why = {0};
	ssize_t n;
	int result = 0;

	needles_look_begin(s->look);
	while ((n = feed_read(f, s->piece, PIECE, &why)) > 0)
		if (!needles_look_at(s->look, slice_of(s->piece, (size_t)n), s->found, s->arg))
			return error_memory(e);
	needles_look_end(s->look, s->found, s->arg);
	if (n < 0)
		result = trouble(s, &why, e);
	s->holds |= needles_look_met(s->look);
	return result;
}

/* --- members --- */

static ssize_t read_member(void *arg, void *data, size_t len, struct error *e)
{
	return archive_in_read(arg, data, len, e);
}

/* `plain`: the container has it as it is, so that it was looked at already. */
static int look_at_member(struct search *s, struct archive_in *a, bool plain, struct error *e)
{
	const unsigned char *head;
	struct feed member;
	enum kind kind;
	size_t len;
	int result;

	feed_init(&member, read_member, a);
	len = feed_peek(&member, &head);
	kind = kind_of(head, len);
	*s->partly |= kind == KIND_TAR || kind == KIND_ZIP;
	if (!kind_is_compressed(kind))
		return plain ? 0 : look_through(s, &member, e);
	if (decode_open(&s->inner, kind, &member, "a piece", e) != 0)
		return -1;
	len = feed_peek(&s->inner.out, &head);
	kind = kind_of(head, len);
	*s->partly |= kind == KIND_TAR || kind == KIND_ZIP || kind_is_compressed(kind);
	result = look_through(s, &s->inner.out, e);
	decode_close(&s->inner);
	return result;
}

static int look_at_members(struct search *s, enum kind kind, struct feed *f, struct error *e)
{
	struct archive_in_entry entry;
	struct error why = {0};
	struct archive_in *a = archive_in_open(kind, f, NULL, "a piece", &why);
	int result = 0, more = -1;

	if (a == NULL)
		return trouble(s, &why, e);
	while (result == 0 && (more = archive_in_next(a, &entry, &why)) > 0) {
		*s->partly |= entry.encrypted;
		if (entry.readable)
			result = look_at_member(s, a, kind == KIND_TAR, e);
	}
	archive_in_free(a);
	return result == 0 && more < 0 ? trouble(s, &why, e) : result;
}

/* --- all layers --- */

static int look_at_all(struct search *s, struct error *e)
{
	enum kind outer, kind;
	struct feed *f = open_bytes(s, false, &outer, e);

	if (look_through(s, f, e) != 0)
		return -1;
	kind = outer;
	if (kind_is_compressed(outer)) {
		f = open_bytes(s, true, &kind, e);
		if (f == NULL || look_through(s, f, e) != 0)
			return -1;
		*s->partly |= kind_is_compressed(kind);
	}
	if (kind != KIND_TAR && kind != KIND_ZIP)
		return 0;
	f = open_bytes(s, true, &kind, e);
	return f == NULL ? -1 : look_at_members(s, kind, f, e);
}

int pieces_hold(const struct bundle *b, uint32_t entry, struct needles_look *look,
		needles_found *found, void *arg, bool *partly, struct error *e)
{
	struct search s = {
		.b = b, .entry = entry, .look = look, .found = found, .arg = arg, .partly = partly};
	int result = -1;

	*partly = false;
	s.piece = malloc(PIECE);
	s.decoder = decoder_new();
	if (s.piece == NULL || s.decoder == NULL)
		error_memory(e);
	else
		result = look_at_all(&s, e);
	decode_close(&s.inner);
	decode_close(&s.outer);
	decoder_free(s.decoder);
	buf_free(&s.content);
	free(s.piece);
	return result != 0 ? -1 : s.holds;
}
