/*
 * names.c: names of dynamic variables.
 * Names are kept as they stand in lines, so that most are known without being unescaped.
 * It must never take more memory than NAMES_BYTES for names.
 */
#include "export/names.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/map.h"
#include "json/members.h"

struct sorted {
	struct slice plain;
	uint32_t number;
};

struct names {
	struct map *map;
	size_t bytes;
	struct buf plain;      /* all of them, unescaped */
	struct sorted *sorted; /* by column */
	uint32_t *column;      /* by number */
};

struct names *names_new(void)
{
	struct names *n = calloc(1, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->map = map_new();
	if (n->map != NULL)
		return n;
	free(n);
	return NULL;
}

void names_free(struct names *n)
{
	if (n == NULL)
		return;
	map_free(n->map);
	buf_free(&n->plain);
	free(n->sorted);
	free(n->column);
	free(n);
}

uint32_t names_find(const struct names *n, struct slice name, uint32_t guess)
{
	if (guess < map_count(n->map) && slice_equal(map_key(n->map, guess), name))
		return guess;
	return map_find(n->map, name);
}

uint32_t names_add(struct names *n, struct slice name, uint32_t guess, struct error *e)
{
	uint32_t number = names_find(n, name, guess);

	if (number != NAMES_NONE)
		return number;
	if (map_count(n->map) == NAMES_MOST || name.len > NAMES_BYTES - n->bytes) {
		error_set(e, ERROR_LIMIT,
			  "the dynamic variables have more than %d different names, or names of "
			  "more than %zu MiB: too many for columns; ndjson and sqlite take them",
			  NAMES_MOST, NAMES_BYTES >> 20);
		return NAMES_NONE;
	}
	n->bytes += name.len;
	number = map_add(n->map, name);
	if (number == MAP_NONE)
		error_memory(e);
	return number;
}

uint32_t names_count(const struct names *n)
{
	return map_count(n->map);
}

static int by_plain(const void *a, const void *b)
{
	return slice_compare(((const struct sorted *)a)->plain, ((const struct sorted *)b)->plain);
}

int names_sort(struct names *n, struct error *e)
{
	uint32_t count = map_count(n->map);

	n->sorted = calloc((size_t)count + 1, sizeof(*n->sorted));
	n->column = calloc((size_t)count + 1, sizeof(*n->column));
	/* what a name stands for is not longer than the name: the buffer does not move */
	if (n->sorted == NULL || n->column == NULL || buf_reserve(&n->plain, n->bytes + 1) != 0)
		return error_memory(e);
	for (uint32_t i = 0; i < count; i++) {
		size_t before = n->plain.len;

		if (!json_unescape(&n->plain, map_key(n->map, i)))
			return error_set(e, ERROR_BUNDLE, "a name of a dynamic variable is not in "
							  "the normal form");
		n->sorted[i].plain = slice_of(n->plain.data + before, n->plain.len - before);
		n->sorted[i].number = i;
	}
	qsort(n->sorted, count, sizeof(*n->sorted), by_plain);
	for (uint32_t i = 0; i < count; i++)
		n->column[n->sorted[i].number] = i;
	return 0;
}

uint32_t names_column(const struct names *n, uint32_t number)
{
	return n->column[number];
}

struct slice names_plain(const struct names *n, uint32_t column)
{
	return n->sorted[column].plain;
}

uint32_t names_number(const struct names *n, uint32_t column)
{
	return n->sorted[column].number;
}
