/*
 * expect.c: two sets of batch ids compared, each sorted. Filters play no part in it.
 */
#include "audit/expect.h"

#include <stdlib.h>

#include "json/members.h"

void expect_free(struct expect *x)
{
	free(x->missing);
	free(x->unexpected);
	buf_free(&x->ids);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct slice trimmed(struct slice s)
{
	while (s.len > 0 && is_space(s.data[0]))
		s = slice_of(s.data + 1, s.len - 1);
	while (s.len > 0 && is_space(s.data[s.len - 1]))
		s.len--;
	return s.len > 0 && s.data[0] == '#' ? SLICE("") : s;
}

static int by_bytes(const void *a, const void *b)
{
	return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* Sorted, each once. */
static size_t settle(struct slice *list, size_t count)
{
	size_t left = 0;

	if (count > 1)
		qsort(list, count, sizeof(*list), by_bytes);
	for (size_t i = 0; i < count; i++)
		if (left == 0 || !slice_equal(list[i], list[left - 1]))
			list[left++] = list[i];
	return left;
}

/* The ids of all batches, unescaped. */
static size_t list_ids(struct expect *x, const struct map *ids, struct slice *list)
{
	uint32_t count = map_count(ids);
	size_t at = 0;

	for (uint32_t i = 0; i < count; i++) {
		size_t before = x->ids.len;

		json_unescape(&x->ids, map_key(ids, i));
		list[i].len = x->ids.len - before;
	}
	for (uint32_t i = 0; i < count; at += list[i++].len)
		list[i].data = x->ids.data + at;
	return settle(list, count);
}

/* What is in one only stays in it. */
static void leave_differences(struct slice *a, size_t *a_count, struct slice *b, size_t *b_count)
{
	size_t i = 0, k = 0, a_left = 0, b_left = 0;

	while (i < *a_count || k < *b_count) {
		int c = i == *a_count ? 1 : k == *b_count ? -1 : slice_compare(a[i], b[k]);

		if (c < 0)
			a[a_left++] = a[i++];
		else if (c > 0)
			b[b_left++] = b[k++];
		else
			i++, k++;
	}
	*a_count = a_left;
	*b_count = b_left;
}

int expect_compare(struct expect *x, const struct slice *wanted, size_t count,
		   const struct captures *captures, struct report *r, struct error *e)
{
	const struct map *ids = captures_batches(captures);
	size_t missing = 0, unexpected;

	*x = (struct expect){.ids = BUF_INIT};
	x->missing = calloc(count + 1, sizeof(*x->missing));
	x->unexpected = calloc((size_t)map_count(ids) + 1, sizeof(*x->unexpected));
	if (x->missing == NULL || x->unexpected == NULL)
		return error_memory(e);
	for (size_t i = 0; i < count; i++)
		if (trimmed(wanted[i]).len > 0)
			x->missing[missing++] = trimmed(wanted[i]);
	missing = settle(x->missing, missing);
	unexpected = list_ids(x, ids, x->unexpected);
	if (x->ids.failed)
		return error_memory(e);
	leave_differences(x->missing, &missing, x->unexpected, &unexpected);
	r->expected = true;
	r->missing = x->missing;
	r->missing_count = missing;
	r->unexpected = x->unexpected;
	r->unexpected_count = unexpected;
	return 0;
}
