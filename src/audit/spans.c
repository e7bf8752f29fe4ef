/*
 * spans.c: the lines of responses as sorted runs.
 * A response's list is put together only if a line stands in it twice: as a set it costs what its
 * runs cost.
 */
#include "audit/spans.h"

#include <stdlib.h>

#include "bundle/cover.h"
#include "bundle/rows.h"

void spans_free(struct spans *s)
{
	free(s->list);
	*s = (struct spans){0};
}

static int put(struct spans *s, const struct span *span)
{
	if (array_reserve(&s->list, &s->cap, s->count + 1, sizeof(*s->list)) != 0)
		return -1;
	s->list[s->count++] = *span;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* A list in which lines stand more than once. */
static int add_rows(struct spans *s, struct rows *rows, uint32_t batch)
{
	qsort(rows->line, rows->count, sizeof(*rows->line), by_number);
	for (size_t i = 0, next; i < rows->count; i = next) {
		uint64_t line = rows->line[i];

		for (next = i; next < rows->count && rows->line[next] == line; next++)
			;
		struct span span = {line, line + 1, batch, (uint32_t)(next - i)};
		struct span *last = s->count == 0 ? NULL : &s->list[s->count - 1];
		if (last != NULL && last->batch == batch && last->end == line &&
		    last->times == span.times)
			last->end++;
		else if (put(s, &span) != 0)
			return -1;
	}
	return 0;
}

static int add_repeats(struct spans *s, const struct bundle *b, uint64_t response, uint32_t batch,
		       struct error *e)
{
	struct rows rows = {0};
	int result = rows_of(b, response, &rows, e);

	if (result == 0 && add_rows(s, &rows, batch) != 0)
		result = error_memory(e);
	rows_free(&rows);
	return result;
}

int spans_add(struct spans *s, const struct bundle *b, struct lines *responses, uint64_t response,
	      uint64_t recipients, uint32_t batch, struct error *e)
{
	struct cover cover = {0};
	uint64_t different = 0;
	int result = cover_of(b, responses, response, &cover, e);

	for (size_t i = 0; i < cover.count; i++)
		different += cover.run[i].end - cover.run[i].first;
	if (result == 0 && different < recipients) {
		result = add_repeats(s, b, response, batch, e);
	} else {
		for (size_t i = 0; i < cover.count && result == 0; i++) {
			struct span span = {cover.run[i].first, cover.run[i].end, batch, 1};

			if (put(s, &span) != 0)
				result = error_memory(e);
		}
	}
	cover_free(&cover);
	return result;
}

static int by_first(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->batch > y->batch) - (x->batch < y->batch);
}

void spans_settle(struct spans *s)
{
	uint64_t end = 0; /* of what is settled */
	size_t left = 0;

	if (s->count > 1)
		qsort(s->list, s->count, sizeof(*s->list), by_first);
	for (size_t i = 0; i < s->count; i++) {
		struct span span = s->list[i];

		if (span.first < end)
			span.first = end;
		if (span.first >= span.end)
			continue;
		end = span.end;
		s->list[left++] = span;
	}
	s->count = left;
}

size_t spans_find(const struct spans *s, uint64_t line)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->list[middle].end > line)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

bool spans_meet(const struct spans *s, uint64_t first, uint64_t end)
{
	size_t i = spans_find(s, first);

	return i < s->count && s->list[i].first < end && first < end;
}
