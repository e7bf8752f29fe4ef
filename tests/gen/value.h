/*
 * value.h: a made-up JSON value before it is spelled: a tree in an arena that is emptied at once.
 * Depth is fixed by who makes it (about ten), so that walking it may recurse.
 */
#ifndef GEN_VALUE_H
#define GEN_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_kind {
	VALUE_NULL,
	VALUE_FALSE,
	VALUE_TRUE,
	VALUE_STRING,
	VALUE_NUMBER,  /* spelled exactly like text */
	VALUE_INTEGER, /* text is its plain digits; it may be spelled in other ways */
	VALUE_ARRAY,
	VALUE_OBJECT,
	VALUE_LIST /* an array whose items are made one after the other */
};

struct value {
	enum value_kind kind;
	const char *name; /* in an object; UTF-8 */
	const char *text;
	size_t len;
	struct value *first, *last, *next;
	/* VALUE_LIST: item i, valid until the next one is made */
	struct value *(*item)(void *arg, uint64_t i);
	void *arg;
	uint64_t count;
};

struct arena {
	char *data;
	size_t used, cap;
};

/* Both end the program when there is no more memory. */
struct arena arena_make(size_t cap);
void *arena_take(struct arena *a, size_t size);

/* Appends to an object (or, with NULL as name, to an array); returns the new value. */
struct value *value_add(struct arena *a, struct value *to, const char *name, enum value_kind kind);
void value_text(struct arena *a, struct value *to, const char *name, const char *text);
void value_bytes(struct arena *a, struct value *to, const char *name, const char *text, size_t len);
void value_integer(struct arena *a, struct value *to, const char *name, int64_t n);
void value_digits(struct arena *a, struct value *to, const char *name, enum value_kind kind,
		  const char *digits);

/* A generator of pseudo-random numbers (splitmix64): the same everywhere. */
struct random {
	uint64_t state;
};
struct random random_make(uint64_t seed, uint64_t a, uint64_t b);
uint64_t random_next(struct random *r);
/* 0 .. n - 1 */
uint64_t random_below(struct random *r, uint64_t n);
/* once in n times; never if n is 0 */
bool random_once_in(struct random *r, uint64_t n);

#endif
