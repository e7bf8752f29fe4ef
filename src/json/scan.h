/*
 * scan.h: the innermost loops over JSON text: white space, strings, numbers, line ends.
 *
 * They read in windows whose last byte is followed by WINDOW_PAD zero bytes, so they may look
 * beyond the end without asking; a zero byte stops every one of them, and the caller compares with
 * the end. They write strings in the normal form (callroll-bundle(5)) and may write up to
 * SCAN_SLACK bytes more than they say. Inline, because a call per string costs more than a short
 * string, and because each target (vector.h) has its own.
 */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "json/utf8.h"
#include "json/vector.h"

#define SCAN_SLACK 64

/* The first byte at or after p that is not white space (RFC 8259 section 2). */
static inline const char *scan_space(const char *p)
{
	if ((unsigned char)*p > ' ')
		return p;
	if (*p == ' ' && (unsigned char)p[1] > ' ')
		return p + 1;
	for (;;) {
		vec_marks solid = vec_solid(vec_load(p));

		if (solid != 0)
			return p + vec_first(solid);
		p += VECTOR_BYTES;
	}
}

/* How many line feeds there are in [p, end); *line is set behind the last one if there is one. */
uint64_t scan_lines(const char *p, const char *end, const char **line);

enum scan_status {
	SCAN_OK,
	SCAN_STOP,      /* a zero byte: the end of the window, or a control character */
	SCAN_CONTROL,   /* a raw control character */
	SCAN_UTF8,      /* not UTF-8 */
	SCAN_ESCAPE,    /* no such escape */
	SCAN_SURROGATE, /* half of a surrogate pair */
};

/*
 * Reads an escape of any kind; *from stands on the backslash. On success it is written in the
 * normal form and both move on. SCAN_STOP: a zero byte stands where the escape goes on.
 */
enum scan_status scan_escape(const char **from, char **to);

/* Of each byte the value as a hexadecimal digit, -1: it is none. */
extern const signed char scan_hex[256];
/* Of the byte behind a backslash: true if the two bytes are in the normal form already. */
extern const bool scan_kept_escape[256];

/* Reads \uXXXX if it stands for one character that is written as itself, as nearly all do. */
static inline bool scan_unicode(const char **from, char **to)
{
	const unsigned char *p = (const unsigned char *)*from + 2;
	char *o = *to;
	int a = scan_hex[p[0]], b = scan_hex[p[1]], c = scan_hex[p[2]], d = scan_hex[p[3]];
	unsigned value = (unsigned)(a * 4096 + b * 256 + c * 16 + d);

	if ((a | b | c | d) < 0)
		return false;
	if (value < 0x80) {
		if (value < ' ' || value == '"' || value == '\\')
			return false;
		*o++ = (char)value;
	} else if (value < 0x800) {
		*o++ = (char)(0xc0 | value >> 6);
		*o++ = (char)(0x80 | (value & 63));
	} else {
		if (value >= 0xd800 && value <= 0xdfff)
			return false;
		*o++ = (char)(0xe0 | value >> 12);
		*o++ = (char)(0x80 | (value >> 6 & 63));
		*o++ = (char)(0x80 | (value & 63));
	}
	*from += 6;
	*to = o;
	return true;
}

/* Passes the escape at *from. */
static inline enum scan_status scan_any_escape(const char **from, char **to)
{
	const char *p = *from;
	char *o = *to;
	enum scan_status status;

	if (scan_kept_escape[(unsigned char)p[1]]) {
		memcpy(o, p, 2);
		*from += 2;
		*to += 2;
		return SCAN_OK;
	}
	if (p[1] == 'u' && scan_unicode(from, to))
		return SCAN_OK;
	/* through copies, so that the caller's can stay in registers */
	status = scan_escape(&p, &o);
	*from = p;
	*to = o;
	return status;
}

/* Plain text ends n bytes behind p, which was written to o. true: with the string. */
static inline bool scan_stopped(const char **from, char **to, const char *p, char *o, size_t n)
{
	*from = p + n;
	*to = o + n;
	if (p[n] != '"')
		return false;
	*from += 1;
	*to += 1;
	return true;
}

/* Writes whole vectors of plain text. Marks what stops it in the next one, which is written, too.
 */
static inline vec_marks scan_vectors(const char **from, char **to)
{
	for (;; *from += VECTOR_BYTES, *to += VECTOR_BYTES) {
		vec v = vec_load(*from);
		vec_marks stops = vec_stops(v);

		vec_store(*to, v);
		if (stops != 0)
			return stops;
	}
}

/*
 * Reads plain text inside a string. true: the string ends there, and both are behind its closing
 * quote, which was written; else they are on what is not plain.
 */
static inline bool scan_plain(const char **from, char **to)
{
	const char *p = *from;
	char *o = *to;
	vec_marks stops = scan_vectors(&p, &o);

	return scan_stopped(from, to, p, o, vec_first(stops));
}

/*
 * The same for a string that is probably as long as the one before in its place, of which *last is
 * the number of bytes in the last vector. Where it goes on then depends on no byte that is read, so
 * the processor need not wait for them.
 */
static inline bool scan_alike(const char **from, char **to, uint8_t *last)
{
	const char *p = *from;
	char *o = *to;
	size_t likely = *last, n = vec_first(scan_vectors(&p, &o));

	if (n == likely) {
		/* the compiler must not take n instead, and must not choose without a branch */
		__asm__ volatile("" : "+r"(likely));
		return scan_stopped(from, to, p, o, likely);
	}
	*last = (uint8_t)n;
	return scan_stopped(from, to, p, o, n);
}

/*
 * Reads the rest of a string, any text, and writes it and the closing quote. On success both are
 * behind that quote; else *from is on what is wrong.
 */
static inline enum scan_status scan_string(const char **from, char **to)
{
	enum scan_status status = SCAN_OK;
	const char *p = *from;
	char *o = *to;

	for (;;) {
		if ((signed char)*p < 0) {
			status = utf8_pass(&p, &o) ? SCAN_OK : SCAN_UTF8;
		} else if (*p == '\\') {
			status = scan_any_escape(&p, &o);
		} else if ((unsigned char)*p < ' ') {
			status = *p == '\0' ? SCAN_STOP : SCAN_CONTROL;
		} else if (scan_plain(&p, &o)) {
			*from = p;
			*to = o;
			return SCAN_OK;
		}
		if (status != SCAN_OK) {
			*from = p;
			return status;
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
