/*
 * map.h: byte strings to small numbers: the n-th new key gets the number n. Keys are copied.
 * Hashing is seeded at random per process, so that no input can be made to collide.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdint.h>

#include "base/slice.h"

struct map;

#define MAP_NONE UINT32_MAX

struct map *map_new(void); /* NULL: no memory */
void map_free(struct map *m);
void map_clear(struct map *m);

/* The key's number, or MAP_NONE. */
uint32_t map_find(const struct map *m, struct slice key);

/* The key's number, a new one (== the count before) if it was not there; MAP_NONE: no memory. */
uint32_t map_add(struct map *m, struct slice key);

uint32_t map_count(const struct map *m);

/* The key with that number; valid until the next map_add or map_clear. */
struct slice map_key(const struct map *m, uint32_t number);

/* Forgets all keys whose number is `count` or more. */
void map_truncate(struct map *m, uint32_t count);

#endif
