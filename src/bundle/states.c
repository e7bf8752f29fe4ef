/*
 * states.c: the open response against what is known of its batch.
 * Until it is kept, a response only adds: rows behind those that the batch had, so that taking it
 * back is cutting them off. The batch's list, and the places in it, change in states_keep alone.
 * It must never fail, nor grow on, because the limit on memory is reached.
 */
#include "bundle/states.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/keyed.h"
#include "bundle/batches.h"
#include "bundle/known.h"
#include "bundle/runs.h"

/* An open response's list keeps its memory for the next one if that is at most this part of the
 * limit. */
#define KEPT_PART 64

struct states {
	struct keyed *keyed;
	struct batches batches;
	struct batch *open; /* NULL: no response is open */
	struct batch *kept; /* that of the response kept last, until the next begins, or NULL */
	uint32_t known;     /* rows that the open batch had before */
	bool stopped;       /* the rest of the open response goes to the tail */
	uint32_t *row;      /* the list of the response that is open or was kept */
	size_t row_count;
	size_t row_cap;
	struct states_run *tail; /* its lines that are not remembered, behind these rows */
	size_t tail_count;
	size_t tail_cap;
};

struct states *states_new(size_t bytes, struct error *e)
{
	struct states *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		error_memory(e);
		return NULL;
	}
	s->batches.limit = bytes;
	s->keyed = keyed_new(e);
	if (s->keyed == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

void states_free(struct states *s)
{
	if (s == NULL)
		return;
	states_take_back(s);
	batches_free(&s->batches);
	keyed_free(s->keyed);
	free(s->row);
	free(s->tail);
	free(s);
}

size_t states_bytes(const struct states *s)
{
	return s->batches.bytes;
}

/* Forgets the list of the response before, and the batch if nobody needs it any more. */
static void list_clear(struct states *s)
{
	if (s->kept != NULL && s->kept->forget)
		batches_drop(&s->batches, s->kept);
	s->kept = NULL;
	s->row_count = 0;
	s->tail_count = 0;
	if (s->row_cap * sizeof(*s->row) > s->batches.limit / KEPT_PART) {
		s->batches.bytes -= s->row_cap * sizeof(*s->row);
		free(s->row);
		s->row = NULL;
		s->row_cap = 0;
	}
}

int states_begin(struct states *s, struct slice batch, struct error *e)
{
	struct keyed_print id;

	assert(s->open == NULL);
	list_clear(s);
	if (keyed_of(s->keyed, batch, &id, e) != 0)
		return -1;
	s->open = batches_find(&s->batches, &id);
	if (s->open == NULL)
		s->open = batches_make(&s->batches, &id);
	if (s->open == NULL)
		return error_memory(e);
	s->known = s->open->known.count;
	s->stopped = !batches_room(&s->batches, 0, s->open);
	return 0;
}

void states_take_back(struct states *s)
{
	struct batch *b = s->open;

	if (b == NULL)
		return;
	s->open = NULL;
	if (b->linked)
		known_truncate(&b->known, s->known);
	else
		batches_drop(&s->batches, b);
	list_clear(s);
}

/* --- recipients --- */

/* Appends the row to the list. 1; 0: the limit is reached; -1. */
static int list_row(struct states *s, uint32_t row, struct error *e)
{
	if (s->row_count == s->row_cap) {
		size_t more = s->row_cap / 8 + 16;

		if (s->row_cap > UINT32_MAX - more || /* places in a list have 32 bits */
		    !batches_room(&s->batches, more * sizeof(*s->row), s->open))
			return 0;
		uint32_t *grown = realloc(s->row, (s->row_cap + more) * sizeof(*s->row));
		if (grown == NULL)
			return error_memory(e);
		s->row = grown;
		s->row_cap += more;
		s->batches.bytes += more * sizeof(*s->row);
	}
	s->row[s->row_count++] = row;
	return 1;
}

/* Appends a line that is not remembered. */
static int list_line(struct states *s, uint64_t line, struct error *e)
{
	struct states_run *last = s->tail_count == 0 ? NULL : &s->tail[s->tail_count - 1];

	if (last != NULL && line == last->line + last->count) {
		last->count++;
		return 0;
	}
	if (array_reserve(&s->tail, &s->tail_cap, s->tail_count + 1, sizeof(*s->tail)) != 0)
		return error_memory(e);
	s->tail[s->tail_count++] = (struct states_run){line, 1, 0};
	return 0;
}

/* Makes a row of the line. 1; 0: the limit is reached; -1. */
static int row_add(struct states *s, const struct keyed_print *print, uint64_t line,
		   struct error *e)
{
	struct batch *b = s->open;
	size_t needs = known_needs(&b->known);

	if (b->known.count == 0)
		b->first = line;
	if (line < b->first || line - b->first > UINT32_MAX)
		return 0;
	if (needs != 0 && !batches_room(&s->batches, needs, b))
		return 0;
	if (known_add(&b->known, print, (uint32_t)(line - b->first)) != 0)
		return error_memory(e);
	if (needs != 0)
		batches_count(&s->batches, b);
	return 1;
}

/* The recipient is a row, an old one or a new one, in the list. 1; 0: the limit is reached; -1. */
static int remember(struct states *s, struct slice text, uint64_t next, uint64_t *line,
		    struct error *e)
{
	struct batch *b = s->open;
	struct keyed_print print;

	if (keyed_of(s->keyed, text, &print, e) != 0)
		return -1;
	uint32_t row = known_find(&b->known, &print);
	bool old = row != KNOWN_NONE;
	if (!old) {
		int added = row_add(s, &print, next, e);

		if (added != 1)
			return added;
		row = b->known.count - 1;
	}
	int listed = list_row(s, row, e);
	if (listed == 1 && old)
		*line = b->first + b->known.rows[row].line;
	return listed;
}

int states_recipient(struct states *s, struct slice text, uint64_t next, uint64_t *line,
		     struct error *e)
{
	assert(s->open != NULL);
	*line = 0;
	if (!s->stopped) {
		int done = remember(s, text, next, line, e);

		if (done != 0)
			return done == 1 ? 0 : -1;
		s->stopped = true;
	}
	return list_line(s, next, e);
}

/* --- the whole response --- */

static struct runs_list list_of(const struct states *s, const struct batch *b)
{
	return (struct runs_list){
		.known = &b->known,
		.first = b->first,
		.row = s->row,
		.count = s->row_count,
		.tail = s->tail,
		.tail_count = s->tail_count,
	};
}

/* Is the response's list that of the batch? */
static bool list_same(const struct states *s, const struct batch *b)
{
	return s->tail_count == 0 && s->row_count == b->list_count && s->row_count != 0 &&
	       memcmp(s->row, b->list, s->row_count * sizeof(*s->row)) == 0;
}

/* Appends the list as runs. Returns the number of the response that it copies from, or 0. */
static uint64_t tell(const struct states *s, const struct batch *b, struct buf *rows)
{
	struct runs_list l = list_of(s, b);
	size_t before = rows->len;

	if (b->response != 0 && b->chain < STATES_CHAIN) {
		size_t runs = runs_based(&l, b->list, b->list_count, rows);

		if (runs != 0 && !runs_fewer(&l, runs))
			return b->response;
		rows->len = before;
	}
	runs_full(&l, rows);
	return 0;
}

/* Makes room for the response's list in the batch; if the limit forbids that, the batch is to be
 * forgotten. -1: no memory. */
static int batch_reserve(struct states *s, struct batch *b, struct error *e)
{
	size_t more = s->row_count > b->list_cap ? s->row_count - b->list_cap : 0;

	b->forget = s->stopped || !batches_room(&s->batches, more * sizeof(*b->list), b);
	if (b->forget || more == 0)
		return 0;
	uint32_t *list = realloc(b->list, s->row_count * sizeof(*list));
	if (list == NULL)
		return error_memory(e);
	b->list = list;
	b->list_cap = s->row_count;
	batches_count(&s->batches, b);
	return 0;
}

/* The response's list becomes that of the batch, a row's place the first of its places. */
static void batch_list(const struct states *s, struct batch *b)
{
	if (s->row_count != 0)
		memcpy(b->list, s->row, s->row_count * sizeof(*s->row));
	b->list_count = s->row_count;
	for (size_t at = b->list_count; at-- > 0;)
		b->known.rows[b->list[at]].at = (uint32_t)at;
}

int states_keep(struct states *s, uint64_t response, struct buf *rows, uint64_t *base,
		struct error *e)
{
	struct batch *b = s->open;
	size_t before = rows->len;

	assert(b != NULL && response != 0);
	uint64_t from = tell(s, b, rows);
	if (rows->failed || batch_reserve(s, b, e) != 0) {
		rows->len = before;
		return error_memory(e);
	}
	bool same = list_same(s, b);
	if (!b->forget && !same)
		batch_list(s, b);
	if (from == 0 || !same) {
		b->chain = from == 0 ? 0 : b->chain + 1;
		b->response = response;
	}
	*base = from;
	batches_use(&s->batches, b);
	s->open = NULL;
	s->kept = b;
	return 0;
}

bool states_next_run(const struct states *s, struct states_run *run)
{
	struct runs_list l;

	if (s->kept == NULL)
		return false;
	l = list_of(s, s->kept);
	return runs_next(&l, run);
}

void states_scattered(struct states *s)
{
	if (s->kept != NULL)
		s->kept->forget = true;
}
