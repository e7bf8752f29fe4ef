/*
 * trailer.c: reads trailer.json.
 * Every number was compared with its bounds before it is used; the frames it lists have no gap.
 * It must never accept a member twice, of another type, or missing.
 */
#include "bundle/trailer.h"

#include <stdlib.h>

#include <jansson.h>

#include "base/limits.h"
#include "bundle/seek_table.h"
#include "bundle/sorter.h"
#include "bundle/tar.h"

/* A tar header may have an extended one before it. */
#define HEADER_MOST (8 * TAR_BLOCK)

static int fail(struct error *e, const char *what)
{
	return error_set(e, ERROR_BUNDLE, "the trailer is damaged (%s)", what);
}

/* --- the frame's content --- */

static bool all_zero(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] != 0)
			return false;
	}
	return true;
}

/* The size of a ustar header: eleven octal digits at 124. UINT64_MAX: it is none. */
static uint64_t header_size(const char *header)
{
	uint64_t n = 0;

	for (int i = 124; i < 135; i++) {
		if (header[i] < '0' || header[i] > '7')
			return UINT64_MAX;
		n = n * 8 + (uint64_t)(header[i] - '0');
	}
	return n;
}

int trailer_split(struct slice content, struct trailer_parts *out, struct error *e)
{
	size_t at = 0;

	while (at < TAR_BLOCK && at < content.len && content.data[at] == 0)
		at++;
	struct slice rest = slice_of(content.data + at, content.len - at);
	if (at >= TAR_BLOCK || rest.len < TAR_BLOCK ||
	    memcmp(rest.data, ENTRY_TRAILER, sizeof(ENTRY_TRAILER)) != 0)
		return error_set(e, ERROR_BUNDLE, "the last frame is not a bundle's trailer");
	uint64_t size = header_size(rest.data);
	if (size == 0 || size > LIMIT_TRAILER)
		return fail(e, "its size");
	size_t end = TAR_BLOCK + (size_t)size;
	if (rest.len != end + tar_padding(size) + 2 * TAR_BLOCK ||
	    !all_zero(slice_of(rest.data + end, rest.len - end)))
		return fail(e, "the end of the archive");
	out->padding = slice_of(content.data, at);
	out->header = slice_of(rest.data, TAR_BLOCK);
	out->json = slice_of(rest.data + TAR_BLOCK, (size_t)size);
	return 0;
}

/* --- members --- */

static int get_uint(const json_t *o, const char *name, uint64_t most, uint64_t *out,
		    struct error *e)
{
	const json_t *v = json_object_get(o, name);
	json_int_t n = json_is_integer(v) ? json_integer_value(v) : -1;

	if (n < 0 || (uint64_t)n > most)
		return fail(e, name);
	*out = (uint64_t)n;
	return 0;
}

static int get_u32(const json_t *o, const char *name, uint32_t most, uint32_t *out, struct error *e)
{
	uint64_t n;

	if (get_uint(o, name, most, &n, e) != 0)
		return -1;
	*out = (uint32_t)n;
	return 0;
}

static int get_digest(const json_t *o, const char *name, struct sha256 *out, struct error *e)
{
	const char *s = json_string_value(json_object_get(o, name));
	char again[SHA256_HEX + 1];

	if (s == NULL || sha256_parse(slice_string(s), out) != 0)
		return fail(e, name);
	sha256_hex(out, again);
	return strcmp(s, again) == 0 ? 0 : fail(e, name); /* lower case only */
}

/* "1.0": two plain numbers. */
static bool parse_version(const char *s, unsigned long *major)
{
	size_t first = strspn(s, "0123456789");
	size_t second = s[first] == '.' ? strspn(s + first + 1, "0123456789") : 0;

	if (first == 0 || second == 0 || s[first + 1 + second] != '\0' || first > 9)
		return false;
	*major = strtoul(s, NULL, 10);
	return true;
}

static int check_version(const json_t *o, struct trailer *t, struct error *e)
{
	const char *format = json_string_value(json_object_get(o, "format"));
	const char *version = json_string_value(json_object_get(o, "version"));
	unsigned long major;

	if (format == NULL || strcmp(format, BUNDLE_FORMAT) != 0)
		return fail(e, "format");
	if (version == NULL || !parse_version(version, &major) || major == 0)
		return fail(e, "version");
	t->same = strcmp(version, BUNDLE_VERSION) == 0;
	t->newer = major > BUNDLE_MAJOR;
	if (t->newer)
		return error_set(e, ERROR_BUNDLE,
				 "it has version %.20s of the format, and this callroll reads "
				 "versions %d.x: a newer callroll is needed",
				 version, BUNDLE_MAJOR);
	return 0;
}

/* --- the tail --- */

/* One row of `tail`: its frame, and whether it is a header. */
static int parse_row(const json_t *row, const struct trailer *t, struct frame_record *r,
		     struct error *e)
{
	const char *entry = json_string_value(json_object_get(row, "entry"));
	const json_t *header = json_object_get(row, "header");

	if (entry != NULL && strcmp(entry, ENTRY_FRAMES) == 0)
		r->entry = t->entries - 1;
	else if (entry != NULL && strcmp(entry, ENTRY_MANIFEST) == 0)
		r->entry = t->entries;
	else
		return fail(e, "tail: entry");
	if (!json_is_boolean(header))
		return fail(e, "tail: header");
	if (json_is_true(header))
		r->entry |= FRAME_HEADER_BIT;
	if (get_uint(row, "offset", INT64_MAX, &r->offset, e) != 0 ||
	    get_u32(row, "size", UINT32_MAX, &r->size, e) != 0 ||
	    get_u32(row, "raw", LIMIT_FRAME_RAW, &r->raw, e) != 0 ||
	    get_digest(row, "sha256", &r->digest, e) != 0)
		return -1;
	if (r->size < SEEK_FRAME_LEAST || r->size > SEEK_FRAME_MOST((uint64_t)r->raw))
		return fail(e, "tail: size");
	return 0;
}

/* The rows stand one after the other in the file, and r->first counts the bytes of each entry. */
static int chain_row(struct frame_record *r, const struct frame_record *before, struct error *e)
{
	if (before != NULL && r->offset != before->offset + before->size)
		return fail(e, "tail: offset");
	if (r->entry & FRAME_HEADER_BIT)
		return r->raw >= TAR_BLOCK && r->raw <= HEADER_MOST ? 0 : fail(e, "tail: raw");
	if (before == NULL || r->raw == 0 || (before->entry & ~FRAME_HEADER_BIT) != r->entry)
		return fail(e, "tail: order");
	if (!(before->entry & FRAME_HEADER_BIT))
		r->first = before->first + before->raw;
	return 0;
}

/*
 * First the header of index/frames.bin and as many frames as its records need, then the header of
 * the manifest and its frames.
 */
static int check_order(const struct trailer *t, struct error *e)
{
	uint32_t pages = (t->frames - 1) / FRAME_RECORDS_PER_FRAME + 1;
	uint32_t left = t->frames;

	if (t->tail_count < (uint64_t)pages + 3 ||
	    t->tail[0].entry != ((t->entries - 1) | FRAME_HEADER_BIT) ||
	    t->tail[pages + 1].entry != (t->entries | FRAME_HEADER_BIT))
		return fail(e, "tail: order");
	for (uint32_t i = 1; i <= pages; i++) {
		uint32_t n = left < FRAME_RECORDS_PER_FRAME ? left : FRAME_RECORDS_PER_FRAME;
		if (t->tail[i].entry != t->entries - 1 || t->tail[i].raw != n * FRAME_RECORD_BYTES)
			return fail(e, "tail: raw");
		left -= n;
	}
	for (uint32_t i = pages + 2; i < t->tail_count; i++) {
		if (t->tail[i].entry != t->entries)
			return fail(e, "tail: order");
	}
	return 0;
}

static int parse_tail(const json_t *rows, struct trailer *t, struct error *e)
{
	size_t count = json_array_size(rows); /* 0: no array */

	if (count == 0 || count > LIMIT_TRAILER / 64)
		return fail(e, "tail");
	t->tail = calloc(count, sizeof(*t->tail));
	if (t->tail == NULL)
		return error_memory(e);
	for (size_t i = 0; i < count; i++) {
		struct frame_record *r = &t->tail[i];
		if (parse_row(json_array_get(rows, i), t, r, e) != 0 ||
		    chain_row(r, i == 0 ? NULL : r - 1, e) != 0)
			return -1;
	}
	t->tail_count = (uint32_t)count;
	return check_order(t, e);
}

/* --- the whole --- */

static int parse_keys(const json_t *o, struct trailer *t, struct error *e)
{
	uint64_t entries;
	uint32_t frames;

	if (get_uint(o, "entries", SORTER_MOST, &entries, e) != 0 ||
	    get_u32(o, "frames", t->frames, &frames, e) != 0)
		return -1;
	if ((entries == 0) != (frames == 0))
		return fail(e, "keys");
	t->keys = keys_shape_for(entries, frames);
	return 0;
}

static int parse_object(const json_t *o, struct trailer *t, struct error *e)
{
	uint64_t mtime;

	if (check_version(o, t, e) != 0 ||
	    get_uint(o, "mtime", TRAILER_MTIME_MOST, &mtime, e) != 0 ||
	    get_u32(o, "entries", FRAME_HEADER_BIT - 2, &t->entries, e) != 0 ||
	    get_u32(o, "frames", FRAME_HEADER_BIT - 1, &t->frames, e) != 0)
		return -1;
	t->mtime = (int64_t)mtime;
	/* At least callroll.json and index/frames.bin; all but the last have a header frame. */
	if (t->entries < 2 || t->frames < t->entries - 1)
		return fail(e, "entries");
	for (int i = 0; i < LINES_KINDS; i++) {
		if (get_uint(o, layout_lines[i], INT64_MAX, &t->lines[i], e) != 0)
			return -1;
	}
	if (get_uint(o, "set_aside", UINT32_MAX, &t->blobs[BLOB_SET_ASIDE], e) != 0 ||
	    get_uint(o, "originals", UINT32_MAX, &t->blobs[BLOB_ORIGINALS], e) != 0 ||
	    parse_keys(json_object_get(o, "keys"), t, e) != 0 ||
	    get_digest(o, "manifest_sha256", &t->manifest, e) != 0 ||
	    get_digest(o, "frames_sha256", &t->frame_list, e) != 0)
		return -1;
	return parse_tail(json_object_get(o, "tail"), t, e);
}

int trailer_parse(struct slice json, struct trailer *t, struct error *e)
{
	json_error_t why;
	int result;

	*t = (struct trailer){0};
	json_t *o = json_loadb(json.data, json.len, JSON_REJECT_DUPLICATES, &why);
	if (o == NULL)
		return fail(e, "it is not JSON");
	if (json_is_object(o) && json.data[json.len - 1] == '\n')
		result = parse_object(o, t, e);
	else
		result = fail(e, "it is not one line");
	json_decref(o);
	return result;
}

void trailer_free(struct trailer *t)
{
	free(t->tail);
	*t = (struct trailer){0};
}
