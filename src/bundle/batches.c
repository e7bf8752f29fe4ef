/*
 * batches.c: batches by id and by last use.
 * A linked batch is in its bucket and in the list from newest to oldest; `bytes` is the sum of what
 * every batch counted last.
 * It must never forget a batch because of anything but sizes and the order of use.
 */
#include "bundle/batches.h"

#include <stdlib.h>

/* What the allocator and the buckets take for a batch, about. */
#define OVERHEAD 96
#define BUCKETS_FIRST 64

static void batch_free(struct batch *b)
{
	known_free(&b->known);
	free(b->list);
	free(b);
}

void batches_free(struct batches *s)
{
	while (s->newest != NULL) {
		struct batch *b = s->newest;

		s->newest = b->older;
		batch_free(b);
	}
	free(s->buckets);
	*s = (struct batches){0};
}

static struct batch **bucket_of(const struct batches *s, const struct keyed_print *id)
{
	return &s->buckets[id->word[0] & (s->bucket_count - 1)];
}

struct batch *batches_find(const struct batches *s, const struct keyed_print *id)
{
	if (s->count == 0)
		return NULL;
	struct batch *b = *bucket_of(s, id);
	while (b != NULL && !keyed_equal(&b->id, id))
		b = b->next;
	return b;
}

void batches_count(struct batches *s, struct batch *b)
{
	s->bytes -= b->bytes;
	b->bytes = sizeof(*b) + OVERHEAD + known_bytes(&b->known) +
		   b->list_cap * sizeof(*b->list);
	s->bytes += b->bytes;
}

/* Makes sure there are buckets, and about one for each batch. -1: there are none. */
static int buckets_grow(struct batches *s)
{
	if (s->count < s->bucket_count)
		return 0;
	size_t count = s->bucket_count == 0 ? BUCKETS_FIRST : s->bucket_count * 2;
	struct batch **buckets = calloc(count, sizeof(*buckets));
	if (buckets == NULL)
		return s->bucket_count == 0 ? -1 : 0;
	free(s->buckets);
	s->buckets = buckets;
	s->bucket_count = count;
	for (struct batch *b = s->newest; b != NULL; b = b->older) {
		struct batch **bucket = bucket_of(s, &b->id);

		b->next = *bucket;
		*bucket = b;
	}
	return 0;
}

struct batch *batches_make(struct batches *s, const struct keyed_print *id)
{
	if (buckets_grow(s) != 0)
		return NULL;
	struct batch *b = calloc(1, sizeof(*b));
	if (b == NULL)
		return NULL;
	b->id = *id;
	batches_count(s, b);
	return b;
}

static void unlist(struct batches *s, struct batch *b)
{
	*(b->newer == NULL ? &s->newest : &b->newer->older) = b->older;
	*(b->older == NULL ? &s->oldest : &b->older->newer) = b->newer;
}

void batches_use(struct batches *s, struct batch *b)
{
	if (b->linked) {
		unlist(s, b);
	} else {
		struct batch **bucket = bucket_of(s, &b->id);

		b->next = *bucket;
		*bucket = b;
		b->linked = true;
		s->count++;
	}
	b->newer = NULL;
	b->older = s->newest;
	*(b->older == NULL ? &s->oldest : &b->older->newer) = b;
	s->newest = b;
}

void batches_drop(struct batches *s, struct batch *b)
{
	if (b->linked) {
		struct batch **from = bucket_of(s, &b->id);

		while (*from != b)
			from = &(*from)->next;
		*from = b->next;
		unlist(s, b);
		s->count--;
	}
	s->bytes -= b->bytes;
	batch_free(b);
}

bool batches_room(struct batches *s, size_t more, const struct batch *open)
{
	for (struct batch *b = s->oldest; b != NULL;) {
		struct batch *newer = b->newer;

		if (s->bytes <= s->limit && more <= s->limit - s->bytes)
			return true;
		if (b != open)
			batches_drop(s, b);
		b = newer;
	}
	return s->bytes <= s->limit && more <= s->limit - s->bytes;
}
