/*
 * buf.h: a growing run of bytes.
 * A failure to get memory is kept in the buffer: later appends do nothing, and whoever uses the
 * result asks buf_failed() once. A buffer never shrinks and never holds more than SIZE_MAX / 4.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct buf {
	char *data; /* NULL while empty */
	size_t len;
	size_t cap;
	bool failed;
};

#define BUF_INIT {NULL, 0, 0, false}

/* Makes room for `more` bytes after len. Returns 0, or -1 and b->failed. */
int buf_reserve(struct buf *b, size_t more);

void buf_append(struct buf *b, const void *data, size_t len);
void buf_slice(struct buf *b, struct slice s);
void buf_string(struct buf *b, const char *s);
void buf_byte(struct buf *b, char c);
void buf_uint(struct buf *b, uint64_t n); /* decimal */
void buf_int(struct buf *b, int64_t n);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Forgets the content and keeps the memory; also forgets a failure. */
void buf_clear(struct buf *b);

/* Frees the memory; *b is empty and usable afterwards. */
void buf_free(struct buf *b);

static inline struct slice buf_view(const struct buf *b)
{
	return (struct slice){b->data, b->len};
}

/*
 * Grows an array: makes room for `need` elements of `size` bytes in *array, whose capacity in
 * elements is *cap; at least doubles. Returns 0, or -1 with both unchanged.
 */
int array_reserve(void *array /* a pointer to the array's pointer */, size_t *cap, size_t need,
		  size_t size);

#endif
