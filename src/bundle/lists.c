/*
 * lists.c: lists of responses, with those used last kept in memory.
 * A list that is kept was made by rows_apply or rows_of, so it lies within the bundle's lines.
 * It must never keep more than the limits allow, but for the list asked for and the one it is
 * based on.
 */
#include "bundle/lists.h"

#include <stdlib.h>

struct held {
	uint64_t response; /* 0: nothing is held */
	struct rows rows;
	uint64_t used;     /* when it was used last */
};

struct lists {
	const struct bundle *b;
	size_t bytes; /* that all held lists take */
	uint64_t clock;
	struct held held[LISTS_KEPT];
};

struct lists *lists_open(const struct bundle *b)
{
	struct lists *l = calloc(1, sizeof(*l));

	if (l != NULL)
		l->b = b;
	return l;
}

void lists_close(struct lists *l)
{
	if (l == NULL)
		return;
	for (struct held *h = l->held; h < l->held + LISTS_KEPT; h++)
		rows_free(&h->rows);
	free(l);
}

static struct held *find(struct lists *l, uint64_t response)
{
	for (struct held *h = l->held; h < l->held + LISTS_KEPT; h++) {
		if (h->response == response) {
			h->used = ++l->clock;
			return h;
		}
	}
	return NULL;
}

static void forget(struct lists *l, struct held *h)
{
	l->bytes -= h->rows.cap * sizeof(*h->rows.line);
	rows_free(&h->rows);
	*h = (struct held){0};
}

/* An empty place: forgets what was used longest ago while there is none or too much is kept. */
static struct held *make_room(struct lists *l)
{
	for (;;) {
		struct held *empty = NULL, *oldest = NULL;

		for (struct held *h = l->held; h < l->held + LISTS_KEPT; h++) {
			if (h->response == 0)
				empty = h;
			else if (oldest == NULL || h->used < oldest->used)
				oldest = h;
		}
		if (oldest == NULL || (empty != NULL && l->bytes <= LISTS_BYTES))
			return empty;
		forget(l, oldest);
	}
}

/* Keeps a list; *rows is the holder's then. */
static struct held *hold(struct lists *l, uint64_t response, struct rows *rows)
{
	struct held *h = make_room(l);

	*h = (struct held){response, *rows, ++l->clock};
	l->bytes += rows->cap * sizeof(*rows->line);
	*rows = (struct rows){0};
	return h;
}

/* The list that the line's is based on; NULL with *e empty: it is based on none. */
static const struct held *base_of(struct lists *l, struct slice line, struct error *e)
{
	struct rows rows = {0};
	const struct held *h;
	uint64_t base;

	if (rows_base(line, &base, e) != 0 || base == 0)
		return NULL;
	h = find(l, base);
	if (h != NULL)
		return h;
	if (rows_of(l->b, base, &rows, e) == 0)
		return hold(l, base, &rows);
	rows_free(&rows);
	return NULL;
}

const struct rows *lists_of(struct lists *l, uint64_t response, struct slice line, struct error *e)
{
	struct error why = {0};
	struct rows rows = {0};
	const struct held *base = base_of(l, line, &why);

	if (why.kind == ERROR_NONE &&
	    rows_apply(line, bundle_lines(l->b, LINES_RECIPIENTS),
		       base != NULL ? &base->rows : NULL, &rows, &why) == 0)
		return &hold(l, response, &rows)->rows;
	rows_free(&rows);
	error_set(e, why.kind, "%s: response %llu: %s", bundle_path(l->b),
		  (unsigned long long)response, why.text);
	return NULL;
}
