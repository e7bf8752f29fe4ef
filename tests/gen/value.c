/*
 * value.c: values in an arena, and pseudo-random numbers.
 * The same seed gives the same values on every machine.
 */
#include "gen/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena arena_make(size_t cap)
{
	struct arena a = {.data = malloc(cap), .cap = cap};

	if (a.data == NULL) {
		fputs("generate: no memory\n", stderr);
		exit(2);
	}
	return a;
}

void *arena_take(struct arena *a, size_t size)
{
	size_t at = (a->used + 15) / 16 * 16;

	if (at + size > a->cap) {
		fputs("generate: a value is larger than the arena\n", stderr);
		exit(2);
	}
	a->used = at + size;
	return a->data + at;
}

struct value *value_add(struct arena *a, struct value *to, const char *name, enum value_kind kind)
{
	struct value *v = arena_take(a, sizeof(*v));

	memset(v, 0, sizeof(*v));
	v->kind = kind;
	v->name = name;
	if (to != NULL && to->first == NULL)
		to->first = v;
	else if (to != NULL)
		to->last->next = v;
	if (to != NULL)
		to->last = v;
	return v;
}

void value_bytes(struct arena *a, struct value *to, const char *name, const char *text, size_t len)
{
	struct value *v = value_add(a, to, name, VALUE_STRING);

	v->text = text;
	v->len = len;
}

void value_text(struct arena *a, struct value *to, const char *name, const char *text)
{
	value_bytes(a, to, name, text, strlen(text));
}

void value_digits(struct arena *a, struct value *to, const char *name, enum value_kind kind,
		  const char *digits)
{
	struct value *v = value_add(a, to, name, kind);

	v->text = digits;
	v->len = strlen(digits);
}

void value_integer(struct arena *a, struct value *to, const char *name, int64_t n)
{
	char *digits = arena_take(a, 24);

	snprintf(digits, 24, "%" PRId64, n);
	value_digits(a, to, name, VALUE_INTEGER, digits);
}

uint64_t random_next(struct random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

struct random random_make(uint64_t seed, uint64_t a, uint64_t b)
{
	struct random r = {seed};

	r.state = random_next(&r) ^ a;
	r.state = random_next(&r) ^ b;
	return r;
}

uint64_t random_below(struct random *r, uint64_t n)
{
	return random_next(r) % n;
}

bool random_once_in(struct random *r, uint64_t n)
{
	return n > 0 && random_below(r, n) == 0;
}
