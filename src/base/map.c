/*
 * map.c: byte strings to numbers, by open addressing with linear probing.
 * The way from a key's first slot to its slot leads over slots of lower numbers only, so the newest
 * keys are forgotten by emptying their slots. It must never depend on the order of the hashes.
 */
#include "base/map.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/random.h>

#include <xxhash.h>

#include "base/buf.h"

#define SLOTS_FIRST 16

struct entry {
	uint64_t hash;
	size_t end; /* in keys; where the next key begins */
};

struct map {
	struct buf keys; /* all keys, one after the other */
	struct entry *entries;
	size_t entries_cap;
	uint32_t *slots; /* a number + 1, or 0: empty; at most two of three are taken */
	size_t slots_cap; /* 0 or a power of two */
	uint32_t count;
};

static pthread_once_t seed_once = PTHREAD_ONCE_INIT;
static uint64_t seed; /* written once, before it is read */

static void seed_make(void)
{
	const char *start = (const char *)getauxval(AT_RANDOM); /* 16 bytes from the kernel */

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) == (ssize_t)sizeof(seed))
		return;
	if (start != NULL)
		memcpy(&seed, start, sizeof(seed));
}

static uint64_t hash_of(struct slice key)
{
	return XXH3_64bits_withSeed(key.len == 0 ? "" : key.data, key.len, seed);
}

struct map *map_new(void)
{
	pthread_once(&seed_once, seed_make);
	return calloc(1, sizeof(struct map));
}

void map_free(struct map *m)
{
	if (m == NULL)
		return;
	buf_free(&m->keys);
	free(m->entries);
	free(m->slots);
	free(m);
}

void map_clear(struct map *m)
{
	m->count = 0;
	buf_clear(&m->keys);
	if (m->slots_cap != 0)
		memset(m->slots, 0, m->slots_cap * sizeof(*m->slots));
}

uint32_t map_count(const struct map *m)
{
	return m->count;
}

struct slice map_key(const struct map *m, uint32_t number)
{
	size_t start = number == 0 ? 0 : m->entries[number - 1].end;

	return slice_of(m->keys.data + start, m->entries[number].end - start);
}

/* The slot of the key, or the empty one where it would be put. There must be slots. */
static size_t slot_of(const struct map *m, struct slice key, uint64_t hash)
{
	size_t mask = m->slots_cap - 1;
	size_t at = (size_t)hash & mask;

	for (; m->slots[at] != 0; at = (at + 1) & mask) {
		uint32_t number = m->slots[at] - 1;
		if (m->entries[number].hash == hash && slice_equal(map_key(m, number), key))
			break;
	}
	return at;
}

/* The slot that holds `content` for this hash; 0 finds the first empty one. */
static size_t slot_with(const uint32_t *slots, size_t cap, uint64_t hash, uint32_t content)
{
	size_t at = (size_t)hash & (cap - 1);

	while (slots[at] != content)
		at = (at + 1) & (cap - 1);
	return at;
}

uint32_t map_find(const struct map *m, struct slice key)
{
	if (m->count == 0)
		return MAP_NONE;
	uint32_t content = m->slots[slot_of(m, key, hash_of(key))];
	return content == 0 ? MAP_NONE : content - 1;
}

/* Makes the slots twice as many and puts all keys in, lowest number first. */
static int slots_grow(struct map *m)
{
	size_t cap = m->slots_cap == 0 ? SLOTS_FIRST : m->slots_cap * 2;
	uint32_t *slots = calloc(cap, sizeof(*slots));

	if (slots == NULL)
		return -1;
	for (uint32_t i = 0; i < m->count; i++)
		slots[slot_with(slots, cap, m->entries[i].hash, 0)] = i + 1;
	free(m->slots);
	m->slots = slots;
	m->slots_cap = cap;
	return 0;
}

/* Makes room for one more key of `len` bytes. After a failure the map is as it was. */
static int room_for(struct map *m, size_t len)
{
	if (m->count == MAP_NONE - 1)
		return -1;
	if (buf_reserve(&m->keys, len + 1) != 0) { /* + 1: data is never NULL */
		m->keys.failed = false;
		return -1;
	}
	if (array_reserve(&m->entries, &m->entries_cap, (size_t)m->count + 1,
			  sizeof(*m->entries)) != 0)
		return -1;
	if (m->count >= m->slots_cap / 3 * 2)
		return slots_grow(m);
	return 0;
}

uint32_t map_add(struct map *m, struct slice key)
{
	uint64_t hash = hash_of(key);

	if (m->count != 0) {
		uint32_t content = m->slots[slot_of(m, key, hash)];
		if (content != 0)
			return content - 1;
	}
	if (room_for(m, key.len) != 0)
		return MAP_NONE;
	uint32_t number = m->count++;
	m->slots[slot_with(m->slots, m->slots_cap, hash, 0)] = number + 1;
	buf_slice(&m->keys, key);
	m->entries[number] = (struct entry){hash, m->keys.len};
	return number;
}

void map_truncate(struct map *m, uint32_t count)
{
	while (m->count > count) {
		uint32_t number = --m->count;
		uint64_t hash = m->entries[number].hash;
		m->slots[slot_with(m->slots, m->slots_cap, hash, number + 1)] = 0;
	}
	m->keys.len = m->count == 0 ? 0 : m->entries[m->count - 1].end;
}
