/*
 * vector.h: a few bytes of text at a time: 32, 16 or 8, as the target has them.
 *
 * The target is what a file is compiled for: VECTOR_AVX2, VECTOR_SSE2, VECTOR_NEON or
 * VECTOR_PORTABLE, given on the compiler's command line together with the flags that allow its
 * instructions. A file without one gets what every processor of its kind has. (64 bytes at a time,
 * with AVX-512, were slower than 32: strings are short.)
 *
 * A target defines VECTOR_BYTES, vec, and a marks type with one or more bits for each byte of a
 * vec, the first byte lowest. Loads and stores need no alignment.
 */
#ifndef JSON_VECTOR_H
#define JSON_VECTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if !defined(VECTOR_AVX2) && !defined(VECTOR_SSE2) && !defined(VECTOR_NEON) &&                     \
	!defined(VECTOR_PORTABLE)
#if defined(__SSE2__) && defined(__x86_64__)
#define VECTOR_SSE2 1
#elif defined(__aarch64__) && defined(__ARM_NEON)
#define VECTOR_NEON 1
#else
#define VECTOR_PORTABLE 1
#endif
#endif

#if defined(VECTOR_AVX2) || defined(VECTOR_SSE2)
#include <immintrin.h>
#elif defined(VECTOR_NEON)
#include <arm_neon.h>
#else
#include <endian.h>
#endif

#define SPELLING_BYTES 64

/* Text that is expected somewhere, and compared whole. */
struct spelling {
	char bytes[SPELLING_BYTES]; /* zero bytes behind its end */
	uint64_t behind;            /* a bit for each of those */
	uint32_t len;               /* 0: it is longer than bytes, and never expected */
};

static inline void spelling_make(struct spelling *s, const char *text, size_t len)
{
	memset(s, 0, sizeof(*s));
	if (len == 0 || len > SPELLING_BYTES)
		return;
	memcpy(s->bytes, text, len);
	s->behind = len == 64 ? 0 : UINT64_MAX << len;
	s->len = (uint32_t)len;
}

/*
 * vec_stops     marks what ends a run of plain text in a string: a quote, a backslash, a control
 *               character, or a byte of a character beyond ASCII
 * vec_ends      the same without the last
 * vec_solid     marks what is no white space
 * vec_first     the number of the first byte that is marked (there must be one)
 * vec_digits    how many digits p begins with; counts no further than 16
 * vec_stands    does this text stand at p, where no zero byte is? One without a length (all of it
 *               zero) stands nowhere. Reads SPELLING_BYTES bytes.
 */

#if defined(VECTOR_AVX2)

#define VECTOR_BYTES 32
typedef __m256i vec;
typedef uint32_t vec_marks;

static inline vec vec_load(const char *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

static inline void vec_store(char *p, vec v)
{
	_mm256_storeu_si256((__m256i *)(void *)p, v);
}

static inline vec_marks vec_ends(vec v)
{
	const __m256i control = _mm256_set1_epi8(' ' - 1);

	return (vec_marks)_mm256_movemask_epi8(
		_mm256_or_si256(_mm256_cmpeq_epi8(_mm256_max_epu8(v, control), control),
				_mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('"')),
						_mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\')))));
}

/* As signed bytes, those below ' ' are the control characters and all beyond ASCII. */
static inline vec_marks vec_stops(vec v)
{
	return (vec_marks)_mm256_movemask_epi8(
		_mm256_or_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(' '), v),
				_mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('"')),
						_mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\')))));
}

/* The low half of a byte picks the only white space that ends in it, or a zero, which cannot be the
 * byte: a zero picks the space. Beyond ASCII it picks a zero, too. */
static inline vec_marks vec_solid(vec v)
{
	const __m256i spaces = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0));

	return ~(vec_marks)_mm256_movemask_epi8(
		_mm256_cmpeq_epi8(_mm256_shuffle_epi8(spaces, v), v));
}

static inline unsigned vec_first(vec_marks marks)
{
	return (unsigned)__builtin_ctz(marks);
}

static inline bool vec_stands(const char *p, const struct spelling *s)
{
	uint32_t same =
		(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(vec_load(p), vec_load(s->bytes)));

	if ((same | (uint32_t)s->behind) != UINT32_MAX)
		return false;
	if (s->len <= 32)
		return true;
	same = (uint32_t)_mm256_movemask_epi8(
		_mm256_cmpeq_epi8(vec_load(p + 32), vec_load(s->bytes + 32)));
	return (same | (uint32_t)(s->behind >> 32)) == UINT32_MAX;
}

#elif defined(VECTOR_SSE2)

#define VECTOR_BYTES 16
typedef __m128i vec;
typedef uint32_t vec_marks;

static inline vec vec_load(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline void vec_store(char *p, vec v)
{
	_mm_storeu_si128((__m128i *)(void *)p, v);
}

static inline vec_marks vec_ends(vec v)
{
	const __m128i control = _mm_set1_epi8(' ' - 1);

	return (vec_marks)_mm_movemask_epi8(
		_mm_or_si128(_mm_cmpeq_epi8(_mm_max_epu8(v, control), control),
			     _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
					  _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')))));
}

/* As signed bytes, those below ' ' are the control characters and all beyond ASCII. */
static inline vec_marks vec_stops(vec v)
{
	return (vec_marks)_mm_movemask_epi8(
		_mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(' ')),
			     _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
					  _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')))));
}

static inline vec_marks vec_solid(vec v)
{
	__m128i lines = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\n')),
				     _mm_cmpeq_epi8(v, _mm_set1_epi8('\r')));
	__m128i blanks = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')),
				      _mm_cmpeq_epi8(v, _mm_set1_epi8('\t')));

	return (vec_marks)_mm_movemask_epi8(_mm_or_si128(lines, blanks)) ^ 0xffff;
}

static inline unsigned vec_first(vec_marks marks)
{
	return (unsigned)__builtin_ctz(marks);
}

static inline bool vec_stands(const char *p, const struct spelling *s)
{
	uint64_t behind = s->behind;

	for (unsigned i = 0;; i += 16, behind >>= 16) {
		uint32_t same = (uint32_t)_mm_movemask_epi8(
			_mm_cmpeq_epi8(vec_load(p + i), vec_load(s->bytes + i)));

		if (((same | behind) & 0xffff) != 0xffff)
			return false;
		if (s->len <= i + 16)
			return true;
	}
}

#elif defined(VECTOR_NEON)

#define VECTOR_BYTES 16
typedef uint8x16_t vec;
typedef uint64_t vec_marks; /* four bits for each byte */

static inline vec vec_load(const char *p)
{
	return vld1q_u8((const uint8_t *)p);
}

static inline void vec_store(char *p, vec v)
{
	vst1q_u8((uint8_t *)p, v);
}

static inline vec_marks vec_marks_of(uint8x16_t hits)
{
	uint8x8_t halves = vshrn_n_u16(vreinterpretq_u16_u8(hits), 4);

	return vget_lane_u64(vreinterpret_u64_u8(halves), 0);
}

static inline vec_marks vec_ends(vec v)
{
	return vec_marks_of(
		vorrq_u8(vcltq_u8(v, vdupq_n_u8(' ')),
			 vorrq_u8(vceqq_u8(v, vdupq_n_u8('"')), vceqq_u8(v, vdupq_n_u8('\\')))));
}

static inline vec_marks vec_stops(vec v)
{
	return vec_marks_of(
		vorrq_u8(vcltq_s8(vreinterpretq_s8_u8(v), vdupq_n_s8(' ')),
			 vorrq_u8(vceqq_u8(v, vdupq_n_u8('"')), vceqq_u8(v, vdupq_n_u8('\\')))));
}

static inline vec_marks vec_solid(vec v)
{
	uint8x16_t lines = vorrq_u8(vceqq_u8(v, vdupq_n_u8('\n')), vceqq_u8(v, vdupq_n_u8('\r')));
	uint8x16_t blanks = vorrq_u8(vceqq_u8(v, vdupq_n_u8(' ')), vceqq_u8(v, vdupq_n_u8('\t')));

	return vec_marks_of(vmvnq_u8(vorrq_u8(lines, blanks)));
}

static inline unsigned vec_first(vec_marks marks)
{
	return (unsigned)__builtin_ctzll(marks) >> 2;
}

static inline bool vec_stands(const char *p, const struct spelling *s)
{
	return *p == s->bytes[0] && memcmp(p, s->bytes, s->len) == 0;
}

#else /* portable: eight bytes in a word, the first one lowest */

#define VECTOR_BYTES 8
typedef uint64_t vec;
typedef uint64_t vec_marks; /* the high bit of each byte */

#define VECTOR_ONES 0x0101010101010101u
#define VECTOR_HIGHS 0x8080808080808080u

static inline vec vec_load(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

static inline void vec_store(char *p, vec v)
{
	v = htole64(v);
	memcpy(p, &v, sizeof(v));
}

/* Marks zero bytes: all that are none below the first mark are right, and no byte beyond ASCII is
 * marked; that is enough, as only the first mark counts. */
static inline vec_marks vec_zeros(vec v)
{
	return (v - VECTOR_ONES) & ~v & VECTOR_HIGHS;
}

static inline vec_marks vec_ends(vec v)
{
	return vec_zeros(v ^ VECTOR_ONES * '"') | vec_zeros(v ^ VECTOR_ONES * '\\') |
	       ((v - VECTOR_ONES * ' ') & ~v & VECTOR_HIGHS);
}

static inline vec_marks vec_stops(vec v)
{
	return vec_ends(v) | (v & VECTOR_HIGHS);
}

/* Exact in every byte: what is no white space is what is left. */
static inline vec_marks vec_others(vec v, unsigned char c)
{
	uint64_t x = v ^ VECTOR_ONES * c;

	return ((x & ~VECTOR_HIGHS) + ~VECTOR_HIGHS) | x;
}

static inline vec_marks vec_solid(vec v)
{
	return vec_others(v, ' ') & vec_others(v, '\n') & vec_others(v, '\r') &
	       vec_others(v, '\t') & VECTOR_HIGHS;
}

static inline unsigned vec_first(vec_marks marks)
{
	return (unsigned)__builtin_ctzll(marks) >> 3;
}

static inline bool vec_stands(const char *p, const struct spelling *s)
{
	return *p == s->bytes[0] && memcmp(p, s->bytes, s->len) == 0;
}

#endif

/* Writes a text; may write SPELLING_BYTES. */
static inline char *vec_put(char *o, const struct spelling *s)
{
	const unsigned half = SPELLING_BYTES / 2;

	for (unsigned i = 0; i < half; i += VECTOR_BYTES)
		vec_store(o + i, vec_load(s->bytes + i));
	if (s->len > half)
		for (unsigned i = half; i < SPELLING_BYTES; i += VECTOR_BYTES)
			vec_store(o + i, vec_load(s->bytes + i));
	return o + s->len;
}

#if defined(VECTOR_AVX2) || defined(VECTOR_SSE2)

static inline unsigned vec_digits(const char *p)
{
	__m128i v =
		_mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), _mm_set1_epi8('0'));
	__m128i digit = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(9)), v);

	return (unsigned)__builtin_ctz(~(uint32_t)_mm_movemask_epi8(digit));
}

#else

static inline unsigned vec_digits(const char *p)
{
	unsigned n = 0;

	while (n < 16 && (unsigned char)(p[n] - '0') <= 9)
		n++;
	return n;
}

#endif

#endif
