/*
 * manifest.c: reads manifest-sha256.txt: a digest and a name for every entry before it.
 * Names are short relative paths, each once; shards are numbered from 1 without a gap.
 * It must never accept a row that sha256sum would read otherwise.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "bundle/inside.h"

#define NAME_MOST 100 /* what a ustar header holds */
/* Digest, two spaces, name, LF. */
#define ROW_MOST (SHA256_HEX + 2 + NAME_MOST + 1)

static int fail(struct error *e, const char *what)
{
	return error_set(e, ERROR_BUNDLE, ENTRY_MANIFEST " is damaged (%s)", what);
}

/* Relative, of letters, digits and `-_./`, no part empty or of dots only. */
static bool name_is_safe(struct slice name)
{
	bool only_dots = true;

	if (name.len == 0 || name.len > NAME_MOST)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];
		if (c == '/') {
			if (only_dots)
				return false;
			only_dots = true;
			continue;
		}
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '_';
		if (!plain && c != '.')
			return false;
		only_dots = only_dots && !plain;
	}
	return !only_dots;
}

/* PREFIX/NUMBER SUFFIX, with at least eight digits. */
static bool is_numbered(struct slice name, const char *prefix, const char *suffix, uint64_t *number)
{
	char again[NAME_MOST + 1], text[NAME_MOST + 1];
	size_t len = strlen(prefix);

	if (name.len > NAME_MOST || name.len <= len + 1 ||
	    !slice_starts(name, slice_string(prefix)))
		return false;
	memcpy(text, name.data, name.len);
	text[name.len] = '\0';
	*number = strtoull(text + len + 1, NULL, 10);
	snprintf(again, sizeof(again), "%s/%08" PRIu64 "%s", prefix, *number, suffix);
	return strcmp(again, text) == 0;
}

bool manifest_shard(struct slice name, enum line_kind *kind, uint64_t *number)
{
	for (int i = 0; i < LINES_KINDS; i++) {
		if (is_numbered(name, layout_lines[i], ".ndjson", number)) {
			*kind = (enum line_kind)i;
			return true;
		}
	}
	return false;
}

bool manifest_blob(struct slice name, enum blob_kind *kind, uint64_t *number)
{
	for (int i = 0; i < BLOB_KINDS; i++) {
		if (is_numbered(name, layout_blobs[i], "", number)) {
			*kind = (enum blob_kind)i;
			return true;
		}
	}
	return false;
}

/* The content of the manifest's frames, against the trailer's digest. */
static int read_text(struct bundle *b, struct decoder *d, struct error *e)
{
	uint32_t last = b->frame_count - 2; /* the frame before the trailer's is the manifest's */
	const struct frame_record *r = &b->frames[last];
	struct sha256 digest;

	if (r->first + r->raw > (uint64_t)b->trailer.entries * ROW_MOST)
		return fail(e, "it is too large");
	uint32_t frame = last;
	while (!(b->frames[frame - 1].entry & FRAME_HEADER_BIT))
		frame--;
	for (; frame <= last; frame++) {
		struct error why = {0};
		if (frame_fetch(b, frame, d, &b->manifest, &why) != 0) {
			if (why.kind != ERROR_BUNDLE)
				return error_set(e, why.kind, "%s", why.text);
			return error_set(e, ERROR_BUNDLE, ENTRY_MANIFEST " is damaged (%s)",
					 why.text);
		}
	}
	if (sha256_of(b->manifest.data, b->manifest.len, &digest) != 0)
		return error_memory(e);
	if (memcmp(&digest, &b->trailer.manifest, sizeof(digest)) != 0)
		return fail(e, "its digest is not the trailer's");
	return 0;
}

static int parse_row(struct bundle *b, uint32_t row, struct slice line, struct error *e)
{
	struct bundle_entry *entry = &b->entries[row];
	char again[SHA256_HEX + 1];

	if (line.len < SHA256_HEX + 3 ||
	    sha256_parse(slice_of(line.data, SHA256_HEX), &entry->digest) != 0)
		return fail(e, "a row");
	sha256_hex(&entry->digest, again); /* lower case only */
	if (memcmp(line.data, again, SHA256_HEX) != 0 || line.data[SHA256_HEX] != ' ' ||
	    line.data[SHA256_HEX + 1] != ' ')
		return fail(e, "a row");
	entry->name = slice_of(line.data + SHA256_HEX + 2, line.len - SHA256_HEX - 2);
	if (!name_is_safe(entry->name))
		return fail(e, "a name");
	uint32_t number = map_add(b->names, entry->name);
	if (number == MAP_NONE)
		return error_memory(e);
	return number == row ? 0 : fail(e, "a name occurs twice");
}

static int parse_rows(struct bundle *b, struct error *e)
{
	struct slice left = buf_view(&b->manifest);

	for (uint32_t row = 0; row < b->trailer.entries; row++) {
		const char *lf = left.len == 0 ? NULL : memchr(left.data, '\n', left.len);
		if (lf == NULL)
			return fail(e, "it has too few rows");
		size_t len = (size_t)(lf - left.data);
		if (parse_row(b, row, slice_of(left.data, len), e) != 0)
			return -1;
		left = slice_of(lf + 1, left.len - len - 1);
	}
	return left.len == 0 ? 0 : fail(e, "it has too many rows");
}

/* The first and the last entry, and numbers without a gap, as many blobs as the trailer counts. */
static int check_names(const struct bundle *b, struct error *e)
{
	uint64_t shards[LINES_KINDS] = {0}, blobs[BLOB_KINDS] = {0}, number;
	uint32_t count = b->trailer.entries;

	if (!slice_equal(b->entries[0].name, SLICE(ENTRY_ABOUT)) ||
	    !slice_equal(b->entries[count - 1].name, SLICE(ENTRY_FRAMES)))
		return fail(e, "its first or last row");
	for (uint32_t i = 0; i < count; i++) {
		enum line_kind lines;
		enum blob_kind bytes;
		if (manifest_shard(b->entries[i].name, &lines, &number)) {
			if (number != ++shards[lines])
				return fail(e, "the numbers of the entries");
		} else if (manifest_blob(b->entries[i].name, &bytes, &number)) {
			if (number != ++blobs[bytes])
				return fail(e, "the numbers of the entries");
		}
	}
	for (int i = 0; i < BLOB_KINDS; i++) {
		if (blobs[i] != b->trailer.blobs[i])
			return fail(e, "the trailer counts other entries");
	}
	return 0;
}

int manifest_read(struct bundle *b, struct error *e)
{
	struct decoder *d = decoder_new();

	if (d == NULL)
		return error_memory(e);
	int result = read_text(b, d, e);
	decoder_free(d);
	if (result != 0)
		return -1;
	b->entries = calloc(b->trailer.entries, sizeof(*b->entries));
	b->names = map_new();
	if (b->entries == NULL || b->names == NULL)
		return error_memory(e);
	return parse_rows(b, e) == 0 ? check_names(b, e) : -1;
}
