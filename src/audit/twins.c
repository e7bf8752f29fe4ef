/*
 * twins.c: tables of fingerprints with linear probing. A fingerprint begins its search at a place
 * that is in proportion to it, so a table that grows is read and written from front to back.
 * No entry is ever 0, and everything beyond a table's slots is.
 * It must never let a fingerprint, or anything that depends on its value, reach an output.
 */
#include "audit/twins.h"

#include <stdlib.h>
#include <sys/random.h>

#include "base/keyed.h"

#define SHORT_TEXT 256 /* bytes; of longer ones a fingerprint of 128 bits is hashed */
#define WORDS (SHORT_TEXT / 8 + 1)
#define FEWEST 64 /* slots */

struct key {
	uint64_t high, low;
};

struct table {
	uint64_t *print;  /* 0: the slot is free */
	uint32_t *number; /* as long */
	uint64_t room;    /* slots that there is memory for */
	uint64_t slots;   /* that are used at present */
	uint64_t count;
};

struct twins {
	struct key key[WORDS]; /* of the length, then of each word */
	struct keyed *keyed;   /* for long texts; NULL until there is one */
	struct table table[TWINS_TABLES];
};

struct twins *twins_new(struct error *e)
{
	struct twins *t = calloc(1, sizeof(*t));
	size_t done = 0;

	if (t == NULL) {
		error_memory(e);
		return NULL;
	}
	while (done < sizeof(t->key)) {
		ssize_t n = getrandom((char *)t->key + done, sizeof(t->key) - done, 0);

		if (n < 0) {
			error_errno(e, "cannot get random bytes");
			twins_free(t);
			return NULL;
		}
		done += (size_t)n;
	}
	return t;
}

void twins_free(struct twins *t)
{
	if (t == NULL)
		return;
	for (unsigned i = 0; i < TWINS_TABLES; i++) {
		free(t->table[i].print);
		free(t->table[i].number);
	}
	keyed_free(t->keyed);
	free(t);
}

/* --- fingerprints --- */

/* sum += key * word, modulo 2^128 */
static inline void add_product(struct key *sum, const struct key *key, uint64_t word)
{
#if defined(__SIZEOF_INT128__) && !defined(CALLROLL_PORTABLE)
	__extension__ unsigned __int128 product = (unsigned __int128)key->low * word;
	uint64_t low = (uint64_t)product, high = (uint64_t)(product >> 64);
#else
	uint64_t a = key->low >> 32, b = key->low & UINT32_MAX;
	uint64_t c = word >> 32, d = word & UINT32_MAX;
	uint64_t middle = a * d + (b * d >> 32), other = b * c + (middle & UINT32_MAX);
	uint64_t low = key->low * word, high = a * c + (middle >> 32) + (other >> 32);
#endif
	sum->low += low;
	sum->high += high + key->high * word + (sum->low < low);
}

static inline uint64_t word_at(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/*
 * Bits 65 to 127 of the sum of all words and the length, each times a key of its own, modulo 2^128
 * (D. Lemire and O. Kaser, "Strongly universal string hashing is fast", Theorem 3.1: any of the
 * bits from 63 on). The last word may overlap the one before.
 */
static uint64_t print_short(const struct twins *t, const char *p, size_t size, uint64_t len)
{
	struct key sum = {0, 0};
	const struct key *key = t->key;
	const char *end = p + size;

	add_product(&sum, key++, len);
	for (; end - p >= 8; p += 8)
		add_product(&sum, key++, word_at(p));
	if (p < end && size >= 8) {
		add_product(&sum, key, word_at(end - 8));
	} else if (p < end) {
		char last[8] = {0};

		memcpy(last, p, (size_t)(end - p));
		add_product(&sum, key, word_at(last));
	}
	return sum.high | 1;
}

static int make_print(struct twins *t, struct slice text, uint64_t *out, struct error *e)
{
	struct keyed_print print;

	if (text.len <= SHORT_TEXT) {
		*out = print_short(t, text.data, text.len, text.len);
		return 0;
	}
	if (t->keyed == NULL)
		t->keyed = keyed_new(e);
	if (t->keyed == NULL || keyed_of(t->keyed, text, &print, e) != 0)
		return -1;
	*out = print_short(t, (const char *)&print, sizeof(print), text.len);
	return 0;
}

/* --- tables --- */

static inline uint64_t first_slot(uint64_t print, uint64_t slots)
{
	return (print >> 32) * slots >> 32;
}

static void put(struct table *t, uint64_t print, uint32_t number)
{
	uint64_t i = first_slot(print, t->slots);

	while (t->print[i] != 0)
		i = i + 1 < t->slots ? i + 1 : 0;
	t->print[i] = print;
	t->number[i] = number;
}

/* A table with so many slots instead of *t, with the same entries. */
static int grow(struct table *t, uint64_t slots, struct error *e)
{
	struct table more = {.room = slots, .slots = slots, .count = t->count};

	if (slots > UINT32_MAX) /* first_slot */
		return error_memory(e);
	more.print = calloc((size_t)slots, sizeof(*more.print));
	more.number = calloc((size_t)slots, sizeof(*more.number));
	if (more.print == NULL || more.number == NULL) {
		free(more.print);
		free(more.number);
		return error_memory(e);
	}
	for (uint64_t i = 0; i < t->slots; i++)
		if (t->print[i] != 0)
			put(&more, t->print[i], t->number[i]);
	free(t->print);
	free(t->number);
	*t = more;
	return 0;
}

/* The slots for so many entries, so that some more fit. */
static uint64_t slots_for(uint64_t count)
{
	return count + count * 2 / 3 + FEWEST;
}

void twins_clear(struct twins *t)
{
	for (unsigned i = 0; i < TWINS_TABLES; i++) {
		struct table *table = &t->table[i];
		uint64_t slots = slots_for(table->count);

		if (table->count > 0)
			memset(table->print, 0, (size_t)table->slots * sizeof(*table->print));
		table->slots = slots < table->room ? slots : table->room;
		table->count = 0;
	}
}

int twins_add(struct twins *t, unsigned table, struct slice text, uint64_t number, uint64_t *first,
	      struct error *e)
{
	struct table *in = &t->table[table];
	uint64_t print, i;

	if (number > UINT32_MAX)
		return error_memory(e);
	/* five of six slots may be used */
	if ((in->count + 1) * 6 > in->slots * 5 && grow(in, slots_for(in->count), e) != 0)
		return -1;
	if (make_print(t, text, &print, e) != 0)
		return -1;
	for (i = first_slot(print, in->slots); in->print[i] != 0;
	     i = i + 1 < in->slots ? i + 1 : 0) {
		if (in->print[i] == print) {
			*first = in->number[i];
			return 1;
		}
	}
	in->print[i] = print;
	in->number[i] = (uint32_t)number;
	in->count++;
	return 0;
}
