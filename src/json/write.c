/*
 * write.c: text as a JSON string.
 * Runs of bytes that need no change are copied at once.
 * Must never write what a JSON reader refuses, whatever the bytes are.
 */
#include "json/write.h"

#include "base/text.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* The length of the bytes at the beginning that stand in a string as they are. */
static size_t plain_run(struct slice s)
{
	size_t n = 0;

	while (n < s.len) {
		unsigned char c = (unsigned char)s.data[n];
		if (c < 0x20 || c == '"' || c == '\\')
			break;
		size_t step = c < 0x80 ? 1 : utf8_length(s.data + n, s.len - n);
		if (step == 0)
			break;
		n += step;
	}
	return n;
}

static void write_escaped(struct buf *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[0x20] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't',
	};

	if (c >= 0x80) {
		buf_string(out, REPLACEMENT);
		return;
	}
	buf_byte(out, '\\');
	if (c >= 0x20) {
		buf_byte(out, (char)c);
	} else if (letters[c] != 0) {
		buf_byte(out, letters[c]);
	} else {
		buf_string(out, "u00");
		buf_byte(out, hex[c >> 4]);
		buf_byte(out, hex[c & 15]);
	}
}

void json_write_string(struct buf *out, struct slice utf8)
{
	buf_byte(out, '"');
	while (utf8.len > 0) {
		size_t n = plain_run(utf8);
		buf_append(out, utf8.data, n);
		if (n < utf8.len)
			write_escaped(out, (unsigned char)utf8.data[n++]);
		utf8 = slice_of(utf8.data + n, utf8.len - n);
	}
	buf_byte(out, '"');
}

void json_write_name(struct buf *out, const char *name)
{
	buf_string(out, ",\"");
	buf_string(out, name);
	buf_string(out, "\":");
}
