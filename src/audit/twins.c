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
#define WORDS (SHORT_TEXT / 8)
#define FEWEST 64 /* slots */

/* 128 bits */
struct wide {
	uint64_t high, low;
};

struct table {
	uint64_t *print;  /* 0: the slot is free */
	uint32_t *number; /* as long */
	uint64_t room;    /* slots that there is memory for */
	uint64_t slots;   /* that are used at present */
	uint64_t count;
	uint64_t most; /* entries: five of six slots */
};

struct twins {
	uint64_t key[WORDS]; /* of each word */
	struct wide mix[3];  /* of the length and of what came of the words */
	struct keyed *keyed;   /* for long texts; NULL until there is one */
	struct table table[TWINS_TABLES];
};

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

/*
 * The bytes, in pairs of words, through NH (J. Black and others, "UMAC: fast and secure message
 * authentication"): 128 bits, which two texts as long as each other share with a probability of
 * 2^-64. These and the length, as three words, through a multilinear form modulo 2^128 (D. Lemire
 * and O. Kaser, "Strongly universal string hashing is fast", theorem 3.1), of which bits 65 to 127
 * stay. The last pair may overlap the one before.
 */
static inline uint64_t print_short(const struct twins *t, const char *p, size_t size, uint64_t len)
{
	struct wide sum = {0, 0}, out = {0, 0};
	const uint64_t *key = t->key;
	const char *end = p + size;
	char few[16] = {0};

	for (; end - p > 16; p += 16)
		add_pair(&sum, &key, p, p + 8);
	if (size >= 16) {
		add_pair(&sum, &key, end - 16, end - 8);
	} else if (size >= 8) {
		add_pair(&sum, &key, p, end - 8);
	} else {
		memcpy(few, p, size);
		add_pair(&sum, &key, few, few + 8);
	}
	for (unsigned i = 0; i < 3; i++) {
		uint64_t word = i == 0 ? len : i == 1 ? sum.low : sum.high;

		add(&out, product(t->mix[i].low, word));
		out.high += t->mix[i].high * word;
	}
	return out.high | 1;
}

static int print_long(struct twins *t, struct slice text, uint64_t *out, struct error *e)
{
	struct keyed_print print;

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

static void use_slots(struct table *t, uint64_t slots)
{
	t->slots = slots;
	t->most = slots / 6 * 5;
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
	struct table more = {.room = slots, .count = t->count};

	if (slots > UINT32_MAX) /* first_slot */
		return error_memory(e);
	use_slots(&more, slots);
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
		use_slots(table, slots < table->room ? slots : table->room);
		table->count = 0;
	}
}

/* The slot with this print, or the free one for it, from slot i on. */
static uint64_t find_slot(const struct table *t, uint64_t print, uint64_t i)
{
	while (t->print[i] != 0 && t->print[i] != print)
		i = i + 1 < t->slots ? i + 1 : 0;
	return i;
}

int twins_add(struct twins *t, unsigned table, struct slice text, uint64_t number, uint64_t *first,
	      struct error *e)
{
	struct table *in = &t->table[table];
	uint64_t print, i;

	if (number > UINT32_MAX)
		return error_memory(e);
	if (in->count >= in->most && grow(in, slots_for(in->count), e) != 0)
		return -1;
	if (text.len <= SHORT_TEXT)
		print = print_short(t, text.data, text.len, text.len);
	else if (print_long(t, text, &print, e) != 0)
		return -1;
	i = find_slot(in, print, first_slot(print, in->slots));
	if (in->print[i] == print) {
		*first = in->number[i];
		return 1;
	}
	in->print[i] = print;
	in->number[i] = (uint32_t)number;
	in->count++;
	return 0;
}
