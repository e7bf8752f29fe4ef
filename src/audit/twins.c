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
#define PAIRS (SHORT_TEXT / 16)
#define FEWEST 64 /* slots */

/* 128 bits */
struct wide {
	uint64_t high, low;
};

/* 12 bytes, so that looking at one costs one line of cache and not two. */
struct slot {
	uint32_t print[2]; /* both 0: the slot is free */
	uint32_t number;
};

struct table {
	struct slot *slot;
	uint64_t room;  /* slots that there is memory for */
	uint64_t slots; /* that are used at present */
	uint64_t count;
	uint64_t most; /* entries: five of six slots */
};

struct twins {
	uint64_t key[2 * PAIRS + 2]; /* of each word, and of the length */
	struct wide rest[PAIRS + 1]; /* what the pairs from one on add if they are zero */
	struct wide mix[2];          /* of what came of all of them */
	struct keyed *keyed;         /* for long texts; NULL until there is one */
	struct table table[TWINS_TABLES];
};

/* a * b */
static inline struct wide product(uint64_t a, uint64_t b)
{
#if defined(__SIZEOF_INT128__) && !defined(CALLROLL_PORTABLE)
	__extension__ unsigned __int128 all = (unsigned __int128)a * b;

	return (struct wide){(uint64_t)(all >> 64), (uint64_t)all};
#else
	uint64_t c = a >> 32, d = a & UINT32_MAX, f = b >> 32, g = b & UINT32_MAX;
	uint64_t middle = c * g + (d * g >> 32), other = d * f + (middle & UINT32_MAX);

	return (struct wide){c * f + (middle >> 32) + (other >> 32), a * b};
#endif
}

static inline void add(struct wide *sum, struct wide more)
{
	sum->low += more.low;
	sum->high += more.high + (sum->low < more.low);
}

/* --- making and freeing --- */

static int draw(void *key, size_t len, struct error *e)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = getrandom((char *)key + done, len - done, 0);

		if (n < 0)
			return error_errno(e, "cannot get random bytes");
		done += (size_t)n;
	}
	return 0;
}

struct twins *twins_new(struct error *e)
{
	struct twins *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		error_memory(e);
		return NULL;
	}
	if (draw(t->key, sizeof(t->key), e) != 0 || draw(t->mix, sizeof(t->mix), e) != 0) {
		twins_free(t);
		return NULL;
	}
	for (unsigned i = PAIRS; i-- > 0;) {
		t->rest[i] = t->rest[i + 1];
		add(&t->rest[i], product(t->key[2 * i], t->key[2 * i + 1]));
	}
	return t;
}

void twins_free(struct twins *t)
{
	if (t == NULL)
		return;
	for (unsigned i = 0; i < TWINS_TABLES; i++)
		free(t->table[i].slot);
	keyed_free(t->keyed);
	free(t);
}

/* --- fingerprints --- */

static inline uint64_t word_at(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* The words at p and q, each plus its key modulo 2^64, multiplied. */
static inline void add_pair(struct wide *sum, const uint64_t **key, const char *p, const char *q)
{
	add(sum, product(word_at(p) + (*key)[0], word_at(q) + (*key)[1]));
	*key += 2;
}

/* Adds the product of 128 and 64 bits, modulo 2^128. */
static inline void add_mixed(struct wide *sum, struct wide key, uint64_t word)
{
	add(sum, product(key.low, word));
	sum->high += key.high * word;
}

/*
 * The bytes in pairs of words, with zero bytes behind them up to PAIRS pairs, and then the length,
 * through NH (J. Black and others, "UMAC: fast and secure message authentication"): 128 bits, which
 * two texts share with a probability of 2^-64. These through a multilinear form modulo 2^128 (D.
 * Lemire and O. Kaser, "Strongly universal string hashing is fast", theorem 3.1), of which bits 65
 * to 127 stay. The last pair may overlap the one before: with the length it still says the text.
 */
static inline uint64_t print_short(const struct twins *t, const char *p, size_t size, uint64_t len)
{
	struct wide sum = product(len + t->key[2 * PAIRS], t->key[2 * PAIRS + 1]);
	struct wide out = {0, 0};
	const uint64_t *key = t->key;
	const char *end = p + size;

	for (; end - p > 16; p += 16)
		add_pair(&sum, &key, p, p + 8);
	if (size >= 16) {
		add_pair(&sum, &key, end - 16, end - 8);
	} else if (size >= 8) {
		add_pair(&sum, &key, p, end - 8);
	} else if (size > 0) {
		char few[16] = {0};

		memcpy(few, p, size);
		add_pair(&sum, &key, few, few + 8);
	}
	add(&sum, t->rest[(key - t->key) / 2]);
	add_mixed(&out, t->mix[0], sum.low);
	add_mixed(&out, t->mix[1], sum.high);
	return out.high | 1;
}

static int print_long(struct twins *t, struct slice text, uint64_t *out)
{
	struct keyed_print print;
	struct error e = {0};

	if (t->keyed == NULL)
		t->keyed = keyed_new(&e);
	if (t->keyed == NULL || keyed_of(t->keyed, text, &print, &e) != 0)
		return -1;
	*out = print_short(t, (const char *)&print, sizeof(print), text.len);
	return 0;
}

/* --- tables --- */

static void use_slots(struct table *t, uint64_t slots)
{
	t->slots = slots;
	t->most = slots / 6 * 5;
}

static inline uint64_t print_in(const struct slot *slot)
{
	uint64_t print;

	memcpy(&print, slot->print, sizeof(print));
	return print;
}

static inline void fill(struct slot *slot, uint64_t print, uint32_t number)
{
	memcpy(slot->print, &print, sizeof(print));
	slot->number = number;
}

/* Where the search for a print begins. */
static inline uint64_t first_slot(const struct table *t, uint64_t print)
{
	return (print >> 32) * t->slots >> 32;
}

/* The slot with this print, or the free one for it. */
static inline struct slot *find_slot(const struct table *t, uint64_t print)
{
	uint64_t i = first_slot(t, print), here;

	while ((here = print_in(&t->slot[i])) != 0 && here != print)
		i = i + 1 < t->slots ? i + 1 : 0;
	return &t->slot[i];
}

/* A table with so many slots instead of *t, with the same entries. */
static int grow(struct table *t, uint64_t slots)
{
	struct table more = {.room = slots, .count = t->count};

	if (slots > UINT32_MAX) /* find_slot */
		return -1;
	use_slots(&more, slots);
	more.slot = calloc((size_t)slots, sizeof(*more.slot));
	if (more.slot == NULL)
		return -1;
	for (uint64_t i = 0; i < t->slots; i++) {
		uint64_t print = print_in(&t->slot[i]);

		if (print != 0)
			fill(find_slot(&more, print), print, t->slot[i].number);
	}
	free(t->slot);
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
			memset(table->slot, 0, (size_t)table->slots * sizeof(*table->slot));
		use_slots(table, slots < table->room ? slots : table->room);
		table->count = 0;
	}
}

uint64_t twins_print(struct twins *t, unsigned table, struct slice text)
{
	const struct table *in = &t->table[table];
	uint64_t print;

	if (text.len <= SHORT_TEXT)
		print = print_short(t, text.data, text.len, text.len);
	else if (print_long(t, text, &print) != 0)
		return TWINS_FAILED;
	if (in->slots > 0)
		__builtin_prefetch(&in->slot[first_slot(in, print)], 1);
	return print;
}

uint64_t twins_add(struct twins *t, unsigned table, uint64_t print, uint64_t number)
{
	struct table *in = &t->table[table];
	struct slot *slot;

	if (number > UINT32_MAX || (in->count >= in->most && grow(in, slots_for(in->count)) != 0))
		return TWINS_FAILED;
	slot = find_slot(in, print);
	if (print_in(slot) == print)
		return slot->number;
	fill(slot, print, (uint32_t)number);
	in->count++;
	return TWINS_NEW;
}
