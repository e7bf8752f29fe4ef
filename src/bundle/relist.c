/*
 * relist.c: source lines and blobs of a bundle, copied to another one.
 * Only the names of blobs change in a line; a blob's bytes were checked frame by frame.
 * It must never leave out a blob but with its line, nor copy one twice.
 */
#include "bundle/relist.h"

#include <stdlib.h>

#include "base/file.h"
#include "bundle/inside.h"
#include "json/members.h"

/* A blob that is being read; frames are read in order. */
struct content {
	const struct bundle *b;
	struct decoder *decoder;
	uint32_t next;    /* the frame to be read next */
	struct buf frame; /* the one read last */
	size_t at;        /* what of it was taken */
};

struct relist {
	const struct bundle *b;
	struct writer *w;
	struct content content;
	bool *named[BLOB_KINDS]; /* by a line, each of the bundle's blobs */
	uint64_t named_count;
	struct buf key;          /* the line with digests of blobs in place of their names */
};

/* --- blobs --- */

static int read_content(void *arg, uint64_t offset, void *data, size_t len, struct error *e)
{
	struct content *c = arg;
	char *out = data;

	(void)offset; /* it is read once, from its beginning to its end, as its size says */
	while (len > 0) {
		size_t n = c->frame.len - c->at;

		if (n == 0) {
			if (stop_requested())
				return error_set(e, ERROR_STOPPED, "stopped by a signal");
			if (bundle_read_frame(c->b, c->next++, c->decoder, &c->frame, e) != 0)
				return -1;
			c->at = 0;
			continue;
		}
		if (n > len)
			n = len;
		memcpy(out, c->frame.data + c->at, n);
		c->at += n;
		out += n;
		len -= n;
	}
	return 0;
}

static int copy_blob(struct relist *r, uint32_t entry, enum blob_kind kind, uint64_t *number,
		     struct error *e)
{
	r->content.next = r->b->heads[entry] + 1;
	buf_clear(&r->content.frame);
	r->content.at = 0;
	return writer_blob(r->w, kind, r->b->entries[entry].size, read_content, &r->content,
			   number, e);
}

/* --- lines --- */

static int damaged(const struct relist *r, uint64_t line, const char *what, struct error *e)
{
	return error_set(e, ERROR_BUNDLE, "%s: line %llu of its sources %s", bundle_path(r->b),
			 (unsigned long long)line, what);
}

/* Does the member name a blob? null names none. */
static bool names_blob(const struct json_member *m)
{
	return m->value.len > 2 && m->value.data[0] == '"' &&
	       (slice_equal(m->name, SLICE("\"set_aside\"")) ||
		slice_equal(m->name, SLICE("\"original\"")) ||
		slice_equal(m->name, SLICE("\"whole_file\"")));
}

/* The entry that a member names; UINT32_MAX: there is none. */
static uint32_t entry_named(const struct relist *r, const struct json_member *m,
			    enum blob_kind *kind, uint64_t *number)
{
	struct slice name = slice_of(m->value.data + 1, m->value.len - 2);

	if (!manifest_blob(name, kind, number))
		return UINT32_MAX;
	return bundle_find_entry(r->b, name);
}

/* Makes the key, and notes which blobs were named. */
static int make_key(struct relist *r, uint64_t number, struct slice line, struct error *e)
{
	struct members in;
	struct json_member m;
	enum blob_kind kind;
	uint64_t blob;

	buf_clear(&r->key);
	members_begin(&in, line);
	while (members_next(&in, &m)) {
		uint32_t entry;

		buf_byte(&r->key, ',');
		if (!names_blob(&m)) {
			buf_slice(&r->key, m.whole);
			continue;
		}
		entry = entry_named(r, &m, &kind, &blob);
		if (entry == UINT32_MAX)
			return damaged(r, number, "names what is not there", e);
		if (r->named[kind][blob - 1])
			return damaged(r, number, "names what another one names", e);
		r->named[kind][blob - 1] = true;
		r->named_count++;
		buf_slice(&r->key, m.name);
		buf_append(&r->key, r->b->entries[entry].digest.bytes, SHA256_BYTES);
	}
	if (in.bad || in.array)
		return damaged(r, number, "is not of the form", e);
	return r->key.failed ? error_memory(e) : 0;
}

/* The line is of the form, and what it names is there. */
static int copy_line(struct relist *r, struct slice line, struct error *e)
{
	struct buf *out = writer_line(r->w, LINES_SOURCES);
	struct members in;
	struct json_member m;
	bool first = true;

	members_begin(&in, line);
	while (members_next(&in, &m)) {
		enum blob_kind kind;
		uint64_t number;
		uint32_t entry;

		buf_byte(out, first ? '{' : ',');
		first = false;
		if (!names_blob(&m)) {
			buf_slice(out, m.whole);
			continue;
		}
		entry = entry_named(r, &m, &kind, &number);
		if (copy_blob(r, entry, kind, &number, e) != 0)
			return -1;
		buf_slice(out, m.name);
		buf_printf(out, ":\"%s/%08llu\"", layout_blobs[kind], (unsigned long long)number);
	}
	buf_string(out, first ? "{}" : "}");
	return writer_line_end(r->w, LINES_SOURCES, e);
}

static int copy_lines(struct relist *r, struct line_cursor *c, struct once *once, bool *doubled,
		      struct error *e)
{
	struct slice line;
	int more;

	for (uint64_t number = 1; (more = cursor_next(c, &line, e)) > 0; number++) {
		int had;

		if (stop_requested())
			return error_set(e, ERROR_STOPPED, "stopped by a signal");
		if (make_key(r, number, line, e) != 0)
			return -1;
		had = once_add(once, buf_view(&r->key), e);
		if (had < 0 || (had == 0 && copy_line(r, line, e) != 0))
			return -1;
		doubled[number - 1] = had > 0;
	}
	if (more == 0 && r->named_count != bundle_blobs(r->b, BLOB_SET_ASIDE) +
						   bundle_blobs(r->b, BLOB_ORIGINALS))
		return error_set(e, ERROR_BUNDLE, "%s: its sources do not name all that it holds",
				 bundle_path(r->b));
	return more;
}

int relist_sources(const struct bundle *b, struct writer *w, struct once *once, bool *doubled,
		   struct error *e)
{
	struct relist r = {.b = b, .w = w, .content = {.b = b}};
	struct line_cursor *c = NULL;
	bool room = true;
	int result = -1;

	for (int i = 0; i < BLOB_KINDS; i++) {
		r.named[i] = calloc((size_t)bundle_blobs(b, (enum blob_kind)i) + 1, 1);
		room &= r.named[i] != NULL;
	}
	r.content.decoder = decoder_new();
	if (!room || r.content.decoder == NULL)
		error_memory(e);
	else if ((c = bundle_cursor(b, LINES_SOURCES, e)) != NULL)
		result = copy_lines(&r, c, once, doubled, e);
	cursor_free(c);
	decoder_free(r.content.decoder);
	for (int i = 0; i < BLOB_KINDS; i++)
		free(r.named[i]);
	buf_free(&r.content.frame);
	buf_free(&r.key);
	return result;
}
