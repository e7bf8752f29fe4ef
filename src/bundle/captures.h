/*
 * captures.h: all responses of some bundles, in order of time for each batch.
 */
#ifndef BUNDLE_CAPTURES_H
#define BUNDLE_CAPTURES_H

#include "base/map.h"
#include "bundle/bundle.h"
#include "bundle/lookup.h"

/* One response, of which its line was read. */
struct capture {
	uint32_t bundle;   /* the number under which it was added */
	uint32_t batch;    /* number of its batch id in captures_batches */
	uint64_t response; /* its number in that bundle */
	int64_t updated;   /* last_updated_at_unix; INT64_MIN: none */
	int64_t seen;      /* _seen; INT64_MIN: none */
};

/* When it was captured, as well as that is known: `seen`, else `updated`; INT64_MIN: it is not. */
static inline int64_t capture_time(const struct capture *c)
{
	return c->seen != INT64_MIN ? c->seen : c->updated;
}

struct captures;

struct captures *captures_new(void); /* NULL: no memory */
void captures_free(struct captures *c);

/* Adds all responses of a bundle, under a number that the caller chooses: the order of the bundles.
 * 0 or -1; if ERROR_BUNDLE (it is damaged), what could be read was added. */
int captures_add(struct captures *c, uint32_t number, const struct bundle *b, struct error *e);
/* The same for those of some batches alone, found through the index. `batch`: their ids in the
 * normal form, with quotes. */
int captures_add_batches(struct captures *c, uint32_t number, struct lookup *l,
			 const struct slice *batch, size_t count, struct error *e);
/* Sorts by batch, then by `updated`, then by bundle and response number: newest last. After the
 * last captures_add. 0 or -1: no memory. */
int captures_sort(struct captures *c);

/* The captures of a batch, oldest first. */
const struct capture *captures_of(const struct captures *c, uint32_t batch, size_t *count);
/* Their ids in the normal form, with quotes. */
const struct map *captures_batches(const struct captures *c);

/* The longest time between two captures of one batch that follow each other. What changed inside it
 * and changed back is unknown. */
struct captures_gap {
	int64_t from, to; /* equal: there is none */
};
/* 0, or -1: no memory. */
int captures_longest_gap(const struct capture *list, size_t count, struct captures_gap *out);
/* The same of times in any order, which are sorted in their place. */
struct captures_gap captures_gap_of(int64_t *when, size_t count);

#endif
