/*
 * text.h: bytes as people see and type them: safe for terminals, sizes, counts and times.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* The length (1 to 4) of the UTF-8 character (RFC 3629) that s begins with, or 0: not one. */
unsigned utf8_length(const char *s, size_t len);
/* The character that the n bytes at s stand for; utf8_length said n. */
uint32_t utf8_decode(const char *s, unsigned n);

/*
 * Appends s so that a terminal shows it and does nothing else: control characters (C0, DEL, C1),
 * line and paragraph separators, the byte order mark, and characters that change the direction of
 * writing are escaped as \n, \t, \r or \u{202e}, bytes that are not UTF-8 as \xff, and a backslash
 * is left alone.
 */
void text_safe(struct buf *out, struct slice s);

/*
 * The same for JSON: what a terminal would obey stands as \u202e, so that it is still JSON of the
 * same value (all such characters are of the first plane). Line feeds stay.
 */
void text_json_safe(struct buf *out, struct slice json);

/* A path as recorded: bytes that are not part of UTF-8, control characters, and % itself, as %XX.
 */
void text_path(struct buf *out, struct slice path);

/* 1,234,567 */
void text_count(struct buf *out, uint64_t n);
/* 39.8 GB: three digits, powers of 1000, as in B KB MB GB TB */
void text_bytes(struct buf *out, uint64_t n);

/* A length of time, in its two largest units: 35 s, 6 h 11 m, 2 d. */
void text_span(struct buf *out, uint64_t seconds);

/* "16M" -> 16 * 1024 * 1024: digits, then nothing or K, M, G (powers of 1024). 0 or -1. */
int text_parse_size(const char *s, uint64_t *out);

/* 2026-05-04T16:22:10Z of Unix seconds; the number itself outside of the years 0000 to 9999. */
void text_time(struct buf *out, int64_t unix_seconds);
/* The same for tables: 2026-05-04 16:22:10. */
void text_clock(struct buf *out, int64_t unix_seconds);

/* An HTTP-date in its preferred form (RFC 9110 section 5.6.7) to Unix seconds. 0, or -1: another
 * form, a day no month has, or a weekday that is not that day's. */
int text_parse_http_date(struct slice s, int64_t *out);

/*
 * A point in time as a person types it: Unix seconds (digits, which may follow a minus), or as
 * ISO 8601 has it: 2026-05-04, 2026-05-04T16:22, 2026-05-04T16:22:10, the last perhaps with a
 * fraction, which is dropped; behind a time of day Z or an offset, +02:00, +0200 or +02. Without
 * one it is UTC. A space may stand for the T. *first and *last are the seconds with which what was
 * typed begins and ends: a day, a minute, or twice the same. 0, or -1 and both are unchanged.
 */
int text_parse_time(const char *s, int64_t *first, int64_t *last);
/* The same, and whether it is a day or a time of day that says no offset: *first and *last are then
 * what a clock shows, as if it were one in UTC. */
int text_parse_wall(const char *s, int64_t *first, int64_t *last, bool *wall);

#endif
