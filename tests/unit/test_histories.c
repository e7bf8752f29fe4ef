/*
 * test_histories.c: random histories of batches through bundle/states.c.
 */
#include <check.h>
#include <stdlib.h>

#include "made_up.h"

Suite *histories_suite(void);

#define BATCHES 3
#define TEXTS_MOST 60000
#define LIST_MOST 400

/* The last batch appears only in responses that are taken back. */
struct history {
	uint64_t random;
	uint32_t next_text;
	uint32_t list[BATCHES + 1][LIST_MOST];
	size_t count[BATCHES + 1];
	uint32_t old[BATCHES + 1][LIST_MOST]; /* some list from before */
	size_t old_count[BATCHES + 1];
};

static uint32_t below(struct history *h, size_t n)
{
	h->random = h->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((h->random >> 33) % (n == 0 ? 1 : n));
}

static void remove_at(struct history *h, unsigned b, size_t at)
{
	memmove(&h->list[b][at], &h->list[b][at + 1],
		(--h->count[b] - at) * sizeof(h->list[b][0]));
}

static void insert_at(struct history *h, unsigned b, size_t at, uint32_t text)
{
	if (h->count[b] == LIST_MOST)
		return;
	memmove(&h->list[b][at + 1], &h->list[b][at], (h->count[b]++ - at) * sizeof(uint32_t));
	h->list[b][at] = text;
}

static uint32_t some_text(struct history *h)
{
	return below(h, 4) == 0 ? below(h, h->next_text) : h->next_text++;
}

static void mutate(struct history *h, unsigned b)
{
	size_t at = below(h, h->count[b]);
	bool any = h->count[b] != 0;
	unsigned what = below(h, 6);

	if (what == 0 && any) {
		h->list[b][at] = some_text(h);
	} else if (what == 1 && any) {
		uint32_t text = h->list[b][at];
		remove_at(h, b, at);
		insert_at(h, b, below(h, h->count[b] + 1), text);
	} else if (what == 2 && any) {
		remove_at(h, b, at);
	} else if (what == 3 && any) {
		insert_at(h, b, below(h, h->count[b] + 1), h->list[b][at]);
	} else {
		insert_at(h, b, at, some_text(h));
	}
}

/* The next response's list, which may be anything. */
static void next_list(struct history *h, unsigned b)
{
	static uint32_t other[LIST_MOST];
	size_t count = h->count[b];

	if (below(h, 12) == 0) { /* back to an old one */
		memcpy(other, h->old[b], sizeof(other));
		memcpy(h->old[b], h->list[b], sizeof(other));
		memcpy(h->list[b], other, sizeof(other));
		h->count[b] = h->old_count[b];
		h->old_count[b] = count;
	}
	switch (below(h, 40)) {
	case 0:
		h->count[b] = 0;
		break;
	case 1: /* two halves change places */
		memcpy(other, h->list[b], sizeof(other));
		for (size_t i = 0; i < h->count[b]; i++)
			h->list[b][i] = other[(i + h->count[b] / 2) % h->count[b]];
		break;
	case 2:
		for (unsigned i = below(h, LIST_MOST); i > 0; i--)
			insert_at(h, b, h->count[b], some_text(h));
		break;
	default:
		for (unsigned i = below(h, 8); i > 0; i--)
			mutate(h, b);
	}
}

/* A response that is taken back: a part of the list, and texts that come later, too. */
static void disturb(struct history *h, struct made_up *m, unsigned b)
{
	uint64_t lines = m->lines;

	made_up_begin(m, b);
	for (unsigned i = below(h, 100); i > 0; i--)
		made_up_recipient(m, b, h->count[b] != 0 && below(h, 2) == 0
					? h->list[b][below(h, h->count[b])]
					: h->next_text + below(h, 50));
	states_take_back(m->states);
	m->lines = lines;
}

/*
 * The same history twice, with other keys, the second with responses that are taken back between.
 * With enough memory both must tell the same, and store nothing twice (`seen`, until scattered).
 */
static void play(uint64_t seed, size_t limit, bool disturbed)
{
	struct history *h = calloc(1, sizeof(*h));
	struct history *other = calloc(1, sizeof(*h));
	struct made_up *m[2] = {made_up_new(limit), made_up_new(limit)};
	static bool seen[BATCHES][TEXTS_MOST];

	memset(seen, 0, sizeof(seen));
	h->random = seed;
	for (unsigned round = 0; round < 200; round++) {
		unsigned b = below(h, BATCHES);
		next_list(h, b);
		if (disturbed && below(h, 2) == 0) {
			*other = *h;
			disturb(other, m[1], below(other, 4) == 0 ? BATCHES : b);
		}
		for (unsigned i = 0; i < 2; i++) {
			made_up_begin(m[i], b);
			for (size_t n = 0; n < h->count[b]; n++) {
				made_up_recipient(m[i], b, h->list[b][n]);
				if (limit == ENOUGH && i == 1)
					HOLDS(m[i]->stored != seen[b][h->list[b][n]]);
				seen[b][h->list[b][n]] |= i == 1;
				HOLDS(states_bytes(m[i]->states) <= limit + 400);
			}
			made_up_keep(m[i], b, h->list[b], h->count[b]);
		}
		if (below(h, 50) == 0) {
			states_scattered(m[0]->states);
			states_scattered(m[1]->states);
			memset(seen[b], 0, sizeof(seen[b]));
		}
		HOLDS(h->next_text < TEXTS_MOST);
		if (limit != ENOUGH && disturbed)
			continue;
		struct told *r = &m[0]->response[m[0]->responses];
		made_up_expect(m[1], r->rows, r->base);
	}
	made_up_free(m[0]);
	made_up_free(m[1]);
	free(h);
	free(other);
}

START_TEST(random_histories)
{
	play((uint64_t)_i + 1, ENOUGH, true);
}
END_TEST

START_TEST(random_histories_in_little_memory)
{
	static const size_t limits[] = {100, 1000, 3000, 10000, 20000, 40000};
	size_t limit = limits[(size_t)_i % (sizeof(limits) / sizeof(limits[0]))];

	play((uint64_t)_i + 1000, limit, _i % 2 == 0);
}
END_TEST

Suite *histories_suite(void)
{
	Suite *s = suite_create("histories");
	TCase *t = tcase_create("histories");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, random_histories, 0, 40);
	tcase_add_loop_test(t, random_histories_in_little_memory, 0, 60);
	suite_add_tcase(s, t);
	return s;
}
