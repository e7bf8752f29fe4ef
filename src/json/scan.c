/*
 * scan.c: what of the scanner is too long to be inline: escapes of every kind, line ends.
 * What is written is the shortest spelling: `"`, `\` and control characters escaped, all else as
 * itself in UTF-8. Never reads beyond the first zero byte of a string.
 */
#include "json/scan.h"

/* clang-format off */
const signed char scan_hex[256] = {
#define NONE_16 -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1
#define LETTERS -1, 10, 11, 12, 13, 14, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1
	NONE_16, NONE_16, NONE_16, /* up to '0' */
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -1, -1, -1, -1, -1,
	LETTERS, NONE_16, LETTERS, NONE_16,
	NONE_16, NONE_16, NONE_16, NONE_16, NONE_16, NONE_16, NONE_16, NONE_16,
#undef LETTERS
#undef NONE_16
};
/* clang-format on */

const bool scan_kept_escape[256] = {
	['"'] = true, ['\\'] = true, ['b'] = true, ['f'] = true,
	['n'] = true, ['r'] = true,   ['t'] = true,
};

#ifdef VECTOR_SSE2

/* Counted in the bytes of a vector, which are added up before one of them is full. */
static uint64_t count_lines(const char **from, const char *end)
{
	const __m128i lf = _mm_set1_epi8('\n');
	__m128i sums = _mm_setzero_si128();
	const char *p = *from;

	while (end - p >= 16) {
		const char *stop = end - p > 252 * 16 ? p + 252 * 16 : p + (end - p) / 16 * 16;
		__m128i counts = _mm_setzero_si128();

		for (; stop - p >= 64; p += 64) {
			__m128i a = _mm_add_epi8(_mm_cmpeq_epi8(vec_load(p), lf),
						 _mm_cmpeq_epi8(vec_load(p + 16), lf));
			__m128i b = _mm_add_epi8(_mm_cmpeq_epi8(vec_load(p + 32), lf),
						 _mm_cmpeq_epi8(vec_load(p + 48), lf));

			counts = _mm_sub_epi8(counts, _mm_add_epi8(a, b));
		}
		for (; p < stop; p += 16)
			counts = _mm_sub_epi8(counts, _mm_cmpeq_epi8(vec_load(p), lf));
		sums = _mm_add_epi64(sums, _mm_sad_epu8(counts, _mm_setzero_si128()));
	}
	*from = p;
	return (uint64_t)_mm_cvtsi128_si64(sums) +
	       (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(sums, sums));
}

#else

static uint64_t count_lines(const char **from, const char *end)
{
	uint64_t count = 0;
	const char *p = *from;

	for (; p < end; p++)
		count += *p == '\n';
	*from = p;
	return count;
}

#endif

uint64_t scan_lines(const char *p, const char *end, const char **line)
{
	const char *start = p;
	uint64_t count = count_lines(&p, end);

	for (; p < end; p++)
		count += *p == '\n';
	if (count != 0)
		*line = (const char *)memrchr(start, '\n', (size_t)(end - start)) + 1;
	return count;
}

/* Four hexadecimal digits; -1: not that. *stop: the first byte that is none. */
static int hex4(const char *p, const char **stop)
{
	int value = 0;

	for (int i = 0; i < 4; i++) {
		int digit = scan_hex[(unsigned char)p[i]];

		if (digit < 0) {
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
