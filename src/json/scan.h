/*
 * scan.h: the innermost loops over JSON text: white space, strings, numbers, line ends.
 *
 * They read in windows whose last byte is followed by WINDOW_PAD zero bytes, so they may look
 * beyond the end without asking; a zero byte stops every one of them, and the caller compares with
 * the end. They write strings in the normal form (callroll-bundle(5)) and may write up to
 * SCAN_SLACK bytes more than they say. Inline, because a call per string costs more than a short
 * string.
 */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__) && !defined(CALLROLL_PORTABLE)
#include <emmintrin.h>
#define SCAN_SSE2 1
#endif

#define SCAN_SLACK 64

/* The first byte at or after p that is not white space (RFC 8259 section 2). */
static inline const char *scan_space_long(const char *p)
{
	for (;;) {
#ifdef SCAN_SSE2
		/* indentation: runs of spaces */
		for (;;) {
			__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
			unsigned other = (unsigned)_mm_movemask_epi8(
						 _mm_cmpeq_epi8(v, _mm_set1_epi8(' '))) ^ 0xffffu;
			if (other != 0) {
				p += __builtin_ctz(other);
				break;
			}
			p += 16;
		}
#endif
		if (*p != ' ' && *p != '\n' && *p != '\r' && *p != '\t')
			return p;
		p++;
	}
}

static inline const char *scan_space(const char *p)
{
	if ((unsigned char)*p > ' ')
		return p;
	return scan_space_long(p);
}

/* How many line feeds there are in [p, end); *line is set behind the last one if there is one. */
static inline uint64_t scan_lines(const char *p, const char *end, const char **line)
{
	uint64_t count = 0;
#ifdef SCAN_SSE2
	const __m128i lf = _mm_set1_epi8('\n');
	for (; end - p >= 16; p += 16) {
		unsigned hit = (unsigned)_mm_movemask_epi8(
			_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), lf));
		if (hit != 0) {
			count += (unsigned)__builtin_popcount(hit);
			*line = p + (32 - __builtin_clz(hit));
		}
	}
#endif
	for (; p < end; p++) {
		if (*p == '\n') {
			count++;
			*line = p + 1;
		}
	}
	return count;
}

/* Copies bytes until one that needs a look: a quote, a backslash, a control character, or part of a
 * character beyond ASCII. */
static inline void scan_plain(const char **from, char **to)
{
	const char *p = *from;
	char *o = *to;
#ifdef SCAN_SSE2
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
	const __m128i space = _mm_set1_epi8(' ');
	for (;;) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
		_mm_storeu_si128((__m128i *)(void *)o, v);
		/* as signed bytes, those below ' ' are the control characters and all beyond ASCII
		 */
		__m128i hit = _mm_or_si128(_mm_cmplt_epi8(v, space),
					   _mm_or_si128(_mm_cmpeq_epi8(v, quote),
							_mm_cmpeq_epi8(v, slash)));
		unsigned mask = (unsigned)_mm_movemask_epi8(hit);
		if (mask != 0) {
			unsigned n = (unsigned)__builtin_ctz(mask);
			*from = p + n;
			*to = o + n;
			return;
		}
		p += 16;
		o += 16;
	}
#else
	for (;;) {
		uint64_t v;
		memcpy(&v, p, 8);
		memcpy(o, &v, 8);
		const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
		uint64_t q = v ^ ones * '"', s = v ^ ones * '\\';
		uint64_t hit = ((v - ones * ' ') | (q - ones) | (s - ones) | v) & highs;
		if (hit != 0)
			break;
		p += 8;
		o += 8;
	}
	while ((signed char)*p >= ' ' && *p != '"' && *p != '\\')
		*o++ = *p++;
	*from = p;
	*to = o;
#endif
}

/* The length of the character beyond ASCII at p (RFC 3629), or 0: it is none. */
static inline unsigned scan_utf8(const char *p)
{
	const unsigned char *s = (const unsigned char *)p;

	if (s[0] < 0xc2)
		return 0;
	if (s[0] < 0xe0)
		return (s[1] & 0xc0) == 0x80 ? 2 : 0;
	if (s[0] < 0xf0) {
		if ((s[1] & 0xc0) != 0x80 || (s[2] & 0xc0) != 0x80)
			return 0;
		if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f))
			return 0;
		return 3;
	}
	if (s[0] > 0xf4 || (s[1] & 0xc0) != 0x80 || (s[2] & 0xc0) != 0x80 || (s[3] & 0xc0) != 0x80)
		return 0;
	if ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return 4;
}

enum scan_status {
	SCAN_OK,
	SCAN_STOP,      /* a zero byte: the end of the window, or a control character */
	SCAN_CONTROL,   /* a raw control character */
	SCAN_UTF8,      /* not UTF-8 */
	SCAN_ESCAPE,    /* no such escape */
	SCAN_SURROGATE, /* half of a surrogate pair */
};

/*
 * Reads an escape; *from stands on the backslash. On success it is written in the normal form and
 * both move on. SCAN_STOP: a zero byte stands where the escape goes on.
 */
enum scan_status scan_escape(const char **from, char **to);

/*
 * Reads a string whose opening quote stands before *from and writes its content. On success *from
 * is behind the closing quote (which is not written); else it is on what is wrong.
 */
static inline enum scan_status scan_string(const char **from, char **to)
{
	for (;;) {
		scan_plain(from, to);
		const char *p = *from;
		if (*p == '"') {
			*from = p + 1;
			return SCAN_OK;
		}
		if (*p == '\\') {
			enum scan_status s = scan_escape(from, to);
			if (s != SCAN_OK)
				return s;
		} else if ((unsigned char)*p < ' ') {
			return *p == '\0' ? SCAN_STOP : SCAN_CONTROL;
		} else {
			char *o = *to;
			do {
				unsigned n = scan_utf8(p);
				if (n == 0) {
					*from = p;
					return SCAN_UTF8;
				}
				memcpy(o, p, 4);
				o += n;
				p += n;
			} while ((signed char)*p < 0);
			*from = p;
			*to = o;
		}
	}
}

/*
 * The byte behind the number at p (RFC 8259 section 6), or NULL: what stands at *wrong is not how a
 * number goes on. *plain: it has neither a fraction nor an exponent.
 */
static inline const char *scan_number(const char *p, bool *plain, const char **wrong)
{
#define SCAN_DIGIT(c) ((unsigned char)((c) - '0') <= 9)
	*plain = true;
	if (*p == '-')
		p++;
	if (*p == '0')
		p++;
	else if (SCAN_DIGIT(*p))
		do
			p++;
		while (SCAN_DIGIT(*p));
	else
		goto bad;
	if (*p == '.') {
		*plain = false;
		p++;
		if (!SCAN_DIGIT(*p))
			goto bad;
		do
			p++;
		while (SCAN_DIGIT(*p));
	}
	if ((*p | 0x20) == 'e') {
		*plain = false;
		p++;
		if (*p == '+' || *p == '-')
			p++;
		if (!SCAN_DIGIT(*p))
			goto bad;
		do
			p++;
		while (SCAN_DIGIT(*p));
	}
	return p;
bad:
	*wrong = p;
	return NULL;
#undef SCAN_DIGIT
}

#endif
