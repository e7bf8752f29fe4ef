/*
 * within_name.c: does the file's name say another batch than the response in it? Only what looks
 * like the response's own id is taken for an id: the same prefix, and as long.
 */
#include "audit/within_inside.h"

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* How many letters and digits the text begins with. */
static size_t word_length(struct slice s)
{
	size_t n = 0;

	while (n < s.len && is_word(s.data[n]))
		n++;
	return n;
}

/* The length of "btcal_" in "btcal_6701k8rh...": 0: the id is not of that form. */
static size_t prefix_length(struct slice id)
{
	const char *last = memrchr(id.data, '_', id.len);
	size_t n;

	if (last == NULL || last == id.data || !is_word(last[-1]))
		return 0;
	n = (size_t)(last - id.data) + 1;
	return n < id.len && word_length(slice_of(id.data + n, id.len - n)) == id.len - n ? n : 0;
}

/* "batch.json.gz" -> "batch.json" */
static struct slice without_extension(struct slice file)
{
	const char *dot = memrchr(file.data, '.', file.len);

	return dot != NULL && dot > file.data ? slice_of(file.data, (size_t)(dot - file.data))
					      : file;
}

/* The next id of that form in *rest, which moves on; empty: none. */
static struct slice next_id(struct slice *rest, struct slice id, size_t prefix)
{
	size_t size = id.len;

	for (size_t at = 0; at + size <= rest->len; at++) {
		struct slice here = slice_of(rest->data + at, rest->len - at);

		if (memcmp(here.data, id.data, prefix) != 0 || (at > 0 && is_word(here.data[-1])))
			continue;
		if (word_length(slice_of(here.data + prefix, here.len - prefix)) != size - prefix)
			continue;
		*rest = slice_of(here.data + size, here.len - size);
		return slice_of(here.data, size);
	}
	return slice_of(NULL, 0);
}

void within_name(struct within *w, const struct check *c, struct slice file)
{
	struct slice id = within_top(w, c, TOP_ID), rest = without_extension(file);
	struct slice found, other = {NULL, 0};
	struct spot spot;
	size_t prefix;

	if (id.len <= 2 || id.data[0] != '"')
		return;
	id = slice_of(id.data + 1, id.len - 2);
	prefix = prefix_length(id);
	if (prefix == 0)
		return;
	while ((found = next_id(&rest, id, prefix)).len > 0) {
		if (slice_equal(found, id))
			return;
		if (other.len == 0)
			other = found;
	}
	if (other.len == 0)
		return;
	spot = within_top_spot(w, c, TOP_ID);
	if (within_count(w, RULE_id_mismatch, &spot)) {
		buf_string(&w->message, "the batch is ");
		within_put(&w->message, id);
		buf_string(&w->message, ", but the file's name says ");
		within_put(&w->message, other);
		within_tell(w);
	}
}
