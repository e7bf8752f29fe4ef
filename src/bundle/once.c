/*
 * once.c: texts that were there before.
 * Numbers of the map below `before` are those of earlier rounds.
 * It must never let a fingerprint decide anything but whether two texts are the same.
 */
#include "bundle/once.h"

#include <stdlib.h>

#include "base/keyed.h"
#include "base/map.h"

struct once {
	struct keyed *keyed;
	struct map *prints;
	uint32_t before;
};

struct once *once_new(struct error *e)
{
	struct once *o = calloc(1, sizeof(*o));

	if (o == NULL) {
		error_memory(e);
		return NULL;
	}
	o->keyed = keyed_new(e);
	o->prints = map_new();
	if (o->keyed == NULL || o->prints == NULL) {
		error_memory(e);
		once_free(o);
		return NULL;
	}
	return o;
}

void once_free(struct once *o)
{
	if (o == NULL)
		return;
	keyed_free(o->keyed);
	map_free(o->prints);
	free(o);
}

void once_round(struct once *o)
{
	o->before = map_count(o->prints);
}

int once_add(struct once *o, struct slice text, struct error *e)
{
	struct keyed_print print;
	uint32_t number;

	if (keyed_of(o->keyed, text, &print, e) != 0)
		return -1;
	number = map_add(o->prints, slice_of((const char *)print.word, sizeof(print.word)));
	if (number == MAP_NONE)
		return error_memory(e);
	return number < o->before;
}
