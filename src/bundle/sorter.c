/*
 * sorter.c: collects index entries and gives them back in order.
 * Entries in memory are unsorted until they are full or the first is asked for.
 * It must never let the order of the entries decide the time: a radix sort takes the same for all.
 */
#include "bundle/sorter.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bundle/spill.h"

#define DIGIT_BITS 11
#define DIGITS (1u << DIGIT_BITS)
/* Entries that came last, by the low bits of their fingerprint. */
#define RECENT 256

struct sorter {
	char *folder; /* NULL: the usual one */
	struct sorter_entry recent[RECENT];
	struct sorter_entry *entries; /* at most `run` */
	struct sorter_entry *other;   /* as large: what sorting needs */
	size_t run, len;
	uint64_t count;        /* added */
	struct spill *spilled; /* NULL: all are in memory */
	bool sorted;           /* sorter_next was called */
	size_t given;          /* of entries in memory */
};

struct sorter *sorter_new(const char *folder, size_t run)
{
	struct sorter *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->run = run;
	s->entries = calloc(run, sizeof(*s->entries));
	s->other = calloc(run, sizeof(*s->other));
	s->folder = folder == NULL ? NULL : strdup(folder);
	if (s->entries == NULL || s->other == NULL || (folder != NULL && s->folder == NULL)) {
		sorter_free(s);
		return NULL;
	}
	/* No fingerprint with these low bits is this one. */
	for (size_t i = 0; i < RECENT; i++)
		s->recent[i].fingerprint = ~(uint64_t)i;
	return s;
}

void sorter_free(struct sorter *s)
{
	if (s == NULL)
		return;
	spill_free(s->spilled);
	free(s->folder);
	free(s->entries);
	free(s->other);
	free(s);
}

/* --- sorting in memory --- */

/* Sorts by one digit, keeping the order of those that have the same. */
static void sort_by_digit(struct sorter *s, bool by_frame, unsigned shift)
{
	uint32_t start[DIGITS] = {0};
	const struct sorter_entry *from = s->entries;
	struct sorter_entry *to = s->other;
	uint32_t sum = 0;

	for (size_t i = 0; i < s->len; i++) {
		uint64_t word = by_frame ? from[i].frame : from[i].fingerprint;
		start[(word >> shift) % DIGITS]++;
	}
	for (size_t i = 0; i < DIGITS; i++) {
		uint32_t count = start[i];
		if (count == s->len)
			return; /* it is the same for all */
		start[i] = sum;
		sum += count;
	}
	for (size_t i = 0; i < s->len; i++) {
		uint64_t word = by_frame ? from[i].frame : from[i].fingerprint;
		to[start[(word >> shift) % DIGITS]++] = from[i];
	}
	s->other = s->entries;
	s->entries = to;
}

/* Usually entries come frame by frame. */
static bool in_order_of_frames(const struct sorter *s)
{
	for (size_t i = 1; i < s->len; i++) {
		if (s->entries[i].frame < s->entries[i - 1].frame)
			return false;
	}
	return true;
}

/* Equal ones, now beside each other, become one. */
static void join(struct sorter *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->len; i++) {
		const struct sorter_entry *entry = &s->entries[i];
		if (kept == 0 || entry->fingerprint != s->entries[kept - 1].fingerprint ||
		    entry->frame != s->entries[kept - 1].frame)
			s->entries[kept++] = *entry;
	}
	s->len = kept;
}

static void sort(struct sorter *s)
{
	if (!in_order_of_frames(s)) {
		for (unsigned shift = 0; shift < 32; shift += DIGIT_BITS)
			sort_by_digit(s, true, shift);
	}
	for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS)
		sort_by_digit(s, false, shift);
	join(s);
}

/* --- adding and giving --- */

static int lay_down(struct sorter *s, struct error *e)
{
	if (s->spilled == NULL && (s->spilled = spill_new(s->folder, e)) == NULL)
		return -1;
	sort(s);
	if (spill_run(s->spilled, s->entries, s->len, e) != 0)
		return -1;
	s->len = 0;
	return 0;
}

int sorter_add(struct sorter *s, struct sorter_entry entry, struct error *e)
{
	struct sorter_entry *recent = &s->recent[entry.fingerprint % RECENT];

	if (s->sorted)
		return error_set(e, ERROR_USAGE, "an index entry comes after the last one");
	if (recent->fingerprint == entry.fingerprint && recent->frame == entry.frame)
		return 0;
	if (s->count == SORTER_MOST)
		return error_set(e, ERROR_LIMIT, "too many keys for one bundle");
	if (s->len == s->run && lay_down(s, e) != 0)
		return -1;
	*recent = entry;
	s->entries[s->len++] = entry;
	s->count++;
	return 0;
}

uint64_t sorter_count(const struct sorter *s)
{
	return s->count;
}

static int finish(struct sorter *s, struct error *e)
{
	s->sorted = true;
	if (s->spilled == NULL) {
		sort(s);
		return 0;
	}
	if (lay_down(s, e) != 0)
		return -1;
	free(s->entries);
	free(s->other);
	s->entries = s->other = NULL;
	return 0;
}

int sorter_next(struct sorter *s, struct sorter_entry *entry, struct error *e)
{
	if (!s->sorted && finish(s, e) != 0)
		return -1;
	if (s->spilled != NULL)
		return spill_next(s->spilled, entry, e);
	if (s->given == s->len)
		return 0;
	*entry = s->entries[s->given++];
	return 1;
}
