/*
 * buf.c: a growing run of bytes, and growing arrays.
 * len <= cap holds always, and cap never exceeds SIZE_MAX / 4.
 * It must never write after a failure, nor lose what was appended before it.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUF_FIRST 64
#define BUF_MOST (SIZE_MAX / 4)
#define ARRAY_FIRST 8

int buf_reserve(struct buf *b, size_t more)
{
	if (b->failed)
		return -1;
	if (more <= b->cap - b->len)
		return 0;
	if (more > BUF_MOST - b->len) {
		b->failed = true;
		return -1;
	}
	size_t cap = b->cap < BUF_FIRST ? BUF_FIRST : b->cap * 2;
	if (cap < b->len + more)
		cap = b->len + more;
	if (cap > BUF_MOST)
		cap = BUF_MOST;
	char *data = realloc(b->data, cap);
	if (data == NULL) {
		b->failed = true;
		return -1;
	}
	b->data = data;
	b->cap = cap;
	return 0;
}

void buf_append(struct buf *b, const void *data, size_t len)
{
	if (len == 0 || buf_reserve(b, len) != 0)
		return;
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

void buf_slice(struct buf *b, struct slice s)
{
	buf_append(b, s.data, s.len);
}

void buf_string(struct buf *b, const char *s)
{
	buf_append(b, s, strlen(s));
}

void buf_byte(struct buf *b, char c)
{
	if (buf_reserve(b, 1) == 0)
		b->data[b->len++] = c;
}

void buf_uint(struct buf *b, uint64_t n)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n != 0);
	buf_append(b, digits + at, sizeof(digits) - at);
}

void buf_int(struct buf *b, int64_t n)
{
	uint64_t size = (uint64_t)n;

	if (n < 0) {
		if (buf_reserve(b, 20) != 0) /* the sign never stands without its number */
			return;
		buf_byte(b, '-');
		size = 0 - size;
	}
	buf_uint(b, size);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0) {
		b->failed = true;
		return;
	}
	if (buf_reserve(b, (size_t)len + 1) != 0) /* vsnprintf writes a NUL after the end */
		return;
	va_start(args, format);
	vsnprintf(b->data + b->len, (size_t)len + 1, format, args);
	va_end(args);
	b->len += (size_t)len;
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
}

void buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf)BUF_INIT;
}

int array_reserve(void *array, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return 0;
	size_t most = BUF_MOST / size;
	if (need > most)
		return -1;
	size_t grown = *cap < ARRAY_FIRST ? ARRAY_FIRST : *cap * 2;
	if (grown < need)
		grown = need;
	if (grown > most)
		grown = most;

	/* The caller's pointer may be of any type; memcpy reads and writes it as it is. */
	void *old;
	memcpy(&old, array, sizeof(old));
	void *new = realloc(old, grown * size);
	if (new == NULL)
		return -1;
	memcpy(array, &new, sizeof(new));
	*cap = grown;
	return 0;
}
