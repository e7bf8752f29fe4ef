/*
 * pointer.c: JSON Pointers (RFC 6901).
 * A token may be any bytes; only ~ and / are changed.
 * Must never check what the pointer points to.
 */
#include "json/pointer.h"

void json_pointer_append(struct buf *out, struct slice token)
{
	size_t done = 0;

	buf_byte(out, '/');
	for (size_t i = 0; i < token.len; i++) {
		char c = token.data[i];
		if (c != '~' && c != '/')
			continue;
		buf_append(out, token.data + done, i - done);
		buf_string(out, c == '~' ? "~0" : "~1");
		done = i + 1;
	}
	if (done < token.len)
		buf_append(out, token.data + done, token.len - done);
}
