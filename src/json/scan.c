/*
 * scan.c: escapes in strings, the part of the scanner that is too long to be inline.
 * What is written is the shortest spelling: `"`, `\` and control characters escaped, all else as
 * itself in UTF-8. Never reads beyond the first zero byte.
 */
#include "json/scan.h"

/* Four hexadecimal digits; -1: not that. *stop: the first byte that is none. */
static int hex4(const char *p, const char **stop)
{
	int value = 0;

	for (int i = 0; i < 4; i++) {
		char c = p[i];
		int digit;

		if (c >= '0' && c <= '9')
			digit = c - '0';
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (c | 0x20) - 'a' + 10;
		else {
			*stop = p + i;
			return -1;
		}
		value = value << 4 | digit;
	}
	return value;
}

/* The letter of the two-character escape of a character that needs one, 'u' where there is none, 0
 * where the character stands for itself. */
static char short_escape(unsigned c)
{
	static const char table[32] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r',
	};

	if (c == '"' || c == '\\')
		return (char)c;
	if (c >= 32)
		return 0;
	return table[c] != 0 ? table[c] : 'u';
}

static char *put_character(char *o, unsigned c)
{
	char letter = short_escape(c);

	if (letter != 0) {
		*o++ = '\\';
		*o++ = letter;
		if (letter == 'u') {
			*o++ = '0';
			*o++ = '0';
			*o++ = (char)('0' + (c >> 4));
			*o++ = "0123456789abcdef"[c & 15];
		}
	} else if (c < 0x80) {
		*o++ = (char)c;
	} else if (c < 0x800) {
		*o++ = (char)(0xc0 | c >> 6);
		*o++ = (char)(0x80 | (c & 63));
	} else if (c < 0x10000) {
		*o++ = (char)(0xe0 | c >> 12);
		*o++ = (char)(0x80 | (c >> 6 & 63));
		*o++ = (char)(0x80 | (c & 63));
	} else {
		*o++ = (char)(0xf0 | c >> 18);
		*o++ = (char)(0x80 | (c >> 12 & 63));
		*o++ = (char)(0x80 | (c >> 6 & 63));
		*o++ = (char)(0x80 | (c & 63));
	}
	return o;
}

/* \uXXXX, or two of them for a character beyond the first plane (RFC 8259 section 7). */
static enum scan_status unicode_escape(const char **from, char **to)
{
	const char *p = *from, *stop = p;
	int c = hex4(p + 2, &stop);

	if (c < 0)
		goto bad;
	if (c >= 0xdc00 && c <= 0xdfff)
		return SCAN_SURROGATE;
	p += 6;
	if (c >= 0xd800 && c <= 0xdbff) {
		if (*p == '\0' || (*p == '\\' && p[1] == '\0')) {
			*from = *p == '\0' ? p : p + 1;
			return SCAN_STOP;
		}
		if (*p != '\\' || p[1] != 'u')
			return SCAN_SURROGATE;
		int low = hex4(p + 2, &stop);
		if (low < 0)
			goto bad;
		if (low < 0xdc00 || low > 0xdfff)
			return SCAN_SURROGATE;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		p += 6;
	}
	*to = put_character(*to, (unsigned)c);
	*from = p;
	return SCAN_OK;
bad:
	*from = stop;
	return *stop == '\0' ? SCAN_STOP : SCAN_ESCAPE;
}

enum scan_status scan_escape(const char **from, char **to)
{
	unsigned c;

	switch ((*from)[1]) {
	case '"':
	case '\\':
	case '/':
		c = (unsigned char)(*from)[1];
		break;
	case 'b':
		c = '\b';
		break;
	case 'f':
		c = '\f';
		break;
	case 'n':
		c = '\n';
		break;
	case 'r':
		c = '\r';
		break;
	case 't':
		c = '\t';
		break;
	case 'u':
		return unicode_escape(from, to);
	case '\0':
		*from += 1;
		return SCAN_STOP;
	default:
		*from += 1;
		return SCAN_ESCAPE;
	}
	*to = put_character(*to, c);
	*from += 2;
	return SCAN_OK;
}
