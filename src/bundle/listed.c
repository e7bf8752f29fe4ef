/*
 * listed.c: sizes and digests from the sources of bundles, in one sorted array.
 * An input is in it only if a bundle holds all of its content, as records or byte for byte.
 * It must never believe a line that it cannot read.
 */
#include "bundle/listed.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "json/members.h"

void listed_free(struct listed *l)
{
	free(l->input);
	*l = (struct listed){0};
}

static int damaged(const struct bundle *b, struct error *e)
{
	return error_set(e, ERROR_BUNDLE, "%s: a line of its sources is not of the form",
			 bundle_path(b));
}

/* Adds one size and digest of a line, if it has that digest. */
static int add(struct listed *l, uint32_t number, const struct bundle *b, struct slice size,
	       struct slice digest, struct error *e)
{
	struct listed_input input = {.bundle = number};

	if (digest.len == 0)
		return 0;
	if (!json_uint(size, &input.size) || digest.len != SHA256_HEX + 2 ||
	    sha256_parse(slice_of(digest.data + 1, SHA256_HEX), &input.digest) != 0)
		return damaged(b, e);
	if (array_reserve(&l->input, &l->cap, l->count + 1, sizeof(*l->input)) != 0)
		return error_memory(e);
	l->input[l->count++] = input;
	return 0;
}

static int add_line(struct listed *l, uint32_t number, const struct bundle *b, struct slice line,
		    struct error *e)
{
	bool trouble = false, whole = false;
	struct slice size = {0}, digest = {0}, file_size = {0}, file_digest = {0};
	struct members in;
	struct json_member m;

	members_begin(&in, line);
	while (members_next(&in, &m)) {
		if (slice_equal(m.name, SLICE("\"size\"")))
			size = m.value;
		else if (slice_equal(m.name, SLICE("\"sha256\"")))
			digest = m.value;
		else if (slice_equal(m.name, SLICE("\"file_size\"")))
			file_size = m.value;
		else if (slice_equal(m.name, SLICE("\"file_sha256\"")))
			file_digest = m.value;
		trouble |= slice_equal(m.name, SLICE("\"trouble\""));
		whole |= slice_equal(m.name, SLICE("\"whole_file\""));
	}
	if (in.bad)
		return damaged(b, e);
	if (!trouble && add(l, number, b, size, digest, e) != 0)
		return -1;
	return trouble && !whole ? 0 : add(l, number, b, file_size, file_digest, e);
}

int listed_add(struct listed *l, uint32_t number, const struct bundle *b, struct error *e)
{
	struct line_cursor *c = bundle_cursor(b, LINES_SOURCES, e);
	size_t before = l->count;
	struct slice line;
	int more = -1;

	while (c != NULL && (more = cursor_next(c, &line, e)) > 0) {
		if (add_line(l, number, b, line, e) != 0) {
			more = -1;
			break;
		}
	}
	cursor_free(c);
	if (more != 0)
		l->count = before;
	return more;
}

static int compare(const void *x, const void *y)
{
	const struct listed_input *a = x, *b = y;

	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	return memcmp(&a->digest, &b->digest, sizeof(a->digest));
}

void listed_sort(struct listed *l)
{
	if (l->count > 0)
		qsort(l->input, l->count, sizeof(*l->input), compare);
}

/* The first that is not less. */
static size_t find(const struct listed *l, const struct listed_input *wanted)
{
	size_t low = 0, high = l->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&l->input[middle], wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool listed_size(const struct listed *l, uint64_t size)
{
	struct listed_input wanted = {.size = size}; /* with the least digest */
	size_t at = find(l, &wanted);

	return at < l->count && l->input[at].size == size;
}

uint32_t listed_in(const struct listed *l, uint64_t size, const struct sha256 *digest, size_t n)
{
	struct listed_input wanted = {.size = size, .digest = *digest};
	size_t at = find(l, &wanted) + n;

	return at < l->count && compare(&l->input[at], &wanted) == 0 ? l->input[at].bundle
								     : UINT32_MAX;
}
