/*
 * feed.c: bytes that come once, from first to last, and whose beginning can be looked at.
 * What was peeked is read first; the end and a failure are final.
 * It must never call read again after either.
 */
#include "input/feed.h"

#include <string.h>

void feed_init(struct feed *f, ssize_t (*read)(void *, void *, size_t, struct error *), void *arg)
{
	f->read = read;
	f->arg = arg;
	f->head_len = f->head_used = 0;
	f->ended = false;
	f->failed.kind = ERROR_NONE;
}

/* Reads past the head. */
static ssize_t pull(struct feed *f, void *data, size_t len)
{
	ssize_t n;

	if (f->failed.kind != ERROR_NONE)
		return -1;
	if (f->ended)
		return 0;
	n = f->read(f->arg, data, len, &f->failed);
	if (n == 0)
		f->ended = true;
	return n;
}

size_t feed_peek(struct feed *f, const unsigned char **head)
{
	while (f->head_len < sizeof(f->head)) {
		ssize_t n = pull(f, f->head + f->head_len, sizeof(f->head) - f->head_len);
		if (n <= 0)
			break;
		f->head_len += (size_t)n;
	}
	*head = f->head;
	return f->head_len;
}

ssize_t feed_read(struct feed *f, void *data, size_t len, struct error *e)
{
	size_t left = f->head_len - f->head_used;
	ssize_t n;

	if (left > 0) {
		if (len > left)
			len = left;
		memcpy(data, f->head + f->head_used, len);
		f->head_used += len;
		return (ssize_t)len;
	}
	n = pull(f, data, len);
	if (n < 0)
		return error_set(e, f->failed.kind, "%s", f->failed.text);
	return n;
}
