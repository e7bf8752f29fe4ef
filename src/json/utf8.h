/*
 * utf8.h: text beyond ASCII inside strings: is it UTF-8 (RFC 3629)? A part of the scanner.
 *
 * Where a target has byte shuffles, whole vectors are judged at once, by the method of John Keiser
 * and Daniel Lemire (Validating UTF-8 In Less Than One Instruction Per Byte, 2021): three tables,
 * looked up by half bytes, tell which mistakes each pair of bytes can be; one that all three agree
 * on is one. Elsewhere it goes character by character.
 *
 * Reads and writes as scan.h says. Text is only judged up to the byte that ends a run, which is
 * ASCII, so that no character can be cut by a vector's end without being seen.
 */
#ifndef JSON_UTF8_H
#define JSON_UTF8_H

#include "json/vector.h"

/* The length of the character beyond ASCII at p, or 0: it is none. */
static inline unsigned utf8_character(const char *p)
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

/* Copies characters beyond ASCII up to the first byte that is ASCII, or is wrong: false. */
static inline bool utf8_pass_characters(const char **from, char **to)
{
	const char *p = *from;
	char *o = *to;
	unsigned n;

	do {
		n = utf8_character(p);
		memcpy(o, p, 4);
		o += n;
		p += n;
	} while (n != 0 && (signed char)*p < 0);
	*from = p;
	*to = o;
	return n != 0;
}

#ifdef VECTOR_AVX2

#define UTF8_BYTES 32

/* The mistakes that two bytes next to each other can be, a bit each. */
enum {
	UTF8_TOO_SHORT = 1 << 0,     /* a lead, then no continuation */
	UTF8_TOO_LONG = 1 << 1,      /* ASCII, then a continuation */
	UTF8_OVERLONG_3 = 1 << 2,    /* e0, then less than a0 */
	UTF8_TOO_LARGE = 1 << 3,     /* f4, then more than 8f; f5 and above */
	UTF8_SURROGATE = 1 << 4,     /* ed, then more than 9f */
	UTF8_OVERLONG_2 = 1 << 5,    /* c0 or c1 */
	UTF8_TOO_LARGE_2 = 1 << 6,   /* f5 and above, then less than 90 */
	UTF8_OVERLONG_4 = 1 << 6,    /* f0, then less than 90 */
	UTF8_TWO_CONTINUED = 1 << 7, /* two continuations: right only as a third or fourth byte */
	UTF8_ANY_LOW = UTF8_TOO_SHORT | UTF8_TOO_LONG | UTF8_TWO_CONTINUED,
};

static inline __m256i utf8_table(__m128i table, __m256i halves)
{
	return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(table), halves);
}

/* Non-zero bytes where something is wrong. `before`: the 32 bytes before v. */
static inline __m256i utf8_mistakes(__m256i v, __m256i before)
{
	enum {
		L = UTF8_ANY_LOW,
		G = L | UTF8_TOO_LARGE | UTF8_TOO_LARGE_2,
		C = UTF8_TOO_LONG | UTF8_OVERLONG_2 | UTF8_TWO_CONTINUED,
		S = UTF8_TOO_SHORT,
		T = UTF8_TOO_LONG,
		W = UTF8_TWO_CONTINUED,
	};
	const __m128i first_high =
		_mm_setr_epi8(T, T, T, T, T, T, T, T, (char)W, (char)W, (char)W, (char)W,
			      S | UTF8_OVERLONG_2, S, S | UTF8_OVERLONG_3 | UTF8_SURROGATE,
			      S | UTF8_TOO_LARGE | UTF8_TOO_LARGE_2 | UTF8_OVERLONG_4);
	const __m128i first_low = _mm_setr_epi8(
		(char)(L | UTF8_OVERLONG_3 | UTF8_OVERLONG_2 | UTF8_OVERLONG_4),
		(char)(L | UTF8_OVERLONG_2), (char)L, (char)L, (char)(L | UTF8_TOO_LARGE), (char)G,
		(char)G, (char)G, (char)G, (char)G, (char)G, (char)G, (char)G,
		(char)(G | UTF8_SURROGATE), (char)G, (char)G);
	const __m128i second_high =
		_mm_setr_epi8(S, S, S, S, S, S, S, S,
			      (char)(C | UTF8_OVERLONG_3 | UTF8_TOO_LARGE_2 | UTF8_OVERLONG_4),
			      (char)(C | UTF8_OVERLONG_3 | UTF8_TOO_LARGE),
			      (char)(C | UTF8_SURROGATE | UTF8_TOO_LARGE),
			      (char)(C | UTF8_SURROGATE | UTF8_TOO_LARGE), S, S, S, S);
	const __m256i half = _mm256_set1_epi8(15);
	__m256i middle = _mm256_permute2x128_si256(before, v, 0x21);
	__m256i back1 = _mm256_alignr_epi8(v, middle, 15);
	__m256i back2 = _mm256_alignr_epi8(v, middle, 14);
	__m256i back3 = _mm256_alignr_epi8(v, middle, 13);
	__m256i pair = _mm256_and_si256(
		utf8_table(first_high, _mm256_and_si256(_mm256_srli_epi16(back1, 4), half)),
		_mm256_and_si256(
			utf8_table(first_low, _mm256_and_si256(back1, half)),
			utf8_table(second_high, _mm256_and_si256(_mm256_srli_epi16(v, 4), half))));
	/* the third byte of e0 and above and the fourth of f0 and above must be a second
	 * continuation, and nothing else may be one */
	__m256i later =
		_mm256_or_si256(_mm256_subs_epu8(back2, _mm256_set1_epi8((char)(0xe0 - 0x80))),
				_mm256_subs_epu8(back3, _mm256_set1_epi8((char)(0xf0 - 0x80))));

	return _mm256_xor_si256(pair, _mm256_and_si256(later, _mm256_set1_epi8((char)0x80)));
}

/* A run that is wrong somewhere: copies up to there, in one go however long it is. */
static inline bool utf8_pass_to_mistake(const char **from, char **to)
{
	while (utf8_pass_characters(from, to)) {
		do {
			if (**from == '"' || **from == '\\' || (unsigned char)**from < ' ')
				return true;
			*(*to)++ = *(*from)++;
		} while ((signed char)**from >= 0);
	}
	return false;
}

/*
 * Copies a run of text that begins with a character beyond ASCII and ends before a quote, a
 * backslash or a control character. false: *from is on what is no UTF-8.
 */
static inline bool utf8_pass(const char **from, char **to)
{
	const __m256i control = _mm256_set1_epi8(' ' - 1);
	const char *p = *from;
	char *o = *to;
	__m256i before = _mm256_setzero_si256();

	for (;;) {
		__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);
		uint32_t ends = (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(
			_mm256_cmpeq_epi8(_mm256_max_epu8(v, control), control),
			_mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('"')),
					_mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\')))));
		uint32_t right = (uint32_t)_mm256_movemask_epi8(
			_mm256_cmpeq_epi8(utf8_mistakes(v, before), _mm256_setzero_si256()));

		_mm256_storeu_si256((__m256i *)(void *)o, v);
		/* the first of the ends may itself show that a character is too short */
		if ((~right & (ends ^ (ends - 1))) != 0) {
			bool passed;

			p = *from;
			o = *to;
			passed = utf8_pass_to_mistake(&p, &o);
			*from = p;
			*to = o;
			return passed;
		}
		if (ends != 0) {
			*from = p + __builtin_ctz(ends);
			*to = o + __builtin_ctz(ends);
			return true;
		}
		before = v;
		p += UTF8_BYTES;
		o += UTF8_BYTES;
	}
}

#else

/* The same, but the run may end before any ASCII. */
static inline bool utf8_pass(const char **from, char **to)
{
	return utf8_pass_characters(from, to);
}

#endif

#endif
