/*
 * text.c: bytes as people see and type them.
 * What it appends is well-formed UTF-8 without control characters, whatever it is given.
 * It must never depend on the locale or the time zone.
 */
#include "base/text.h"

#define DAY 86400
#define YEAR_0 INT64_C(-62167219200)   /* 0000-01-01T00:00:00Z */
#define YEAR_10000 INT64_C(253402300800)

/* --- characters --- */

static bool continues(unsigned char c)
{
	return (c & 0xC0) == 0x80;
}

unsigned utf8_length(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;

	if (len == 0)
		return 0;
	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xC2 || s[0] > 0xF4 || len < 2 || !continues(s[1]))
		return 0;
	if (s[0] < 0xE0)
		return 2;
	if (len < 3 || !continues(s[2]))
		return 0;
	if (s[0] < 0xF0) {
		if ((s[0] == 0xE0 && s[1] < 0xA0) || /* longer than need be */
		    (s[0] == 0xED && s[1] > 0x9F))   /* a surrogate */
			return 0;
		return 3;
	}
	if (len < 4 || !continues(s[3]))
		return 0;
	if ((s[0] == 0xF0 && s[1] < 0x90) || /* longer than need be */
	    (s[0] == 0xF4 && s[1] > 0x8F))   /* above U+10FFFF */
		return 0;
	return 4;
}

uint32_t utf8_decode(const char *text, unsigned n)
{
	static const unsigned char first[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
	const unsigned char *s = (const unsigned char *)text;
	uint32_t c = s[0] & first[n];

	for (unsigned i = 1; i < n; i++)
		c = c << 6 | (s[i] & 0x3F);
	return c;
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

/* Would do something else than be shown: controls, line ends, direction marks, the BOM. */
static bool is_unsafe(uint32_t c)
{
	return is_control(c) || c == 0x61C || c == 0x200E || c == 0x200F ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

static void escape(struct buf *out, uint32_t c)
{
	if (c == '\n')
		buf_string(out, "\\n");
	else if (c == '\t')
		buf_string(out, "\\t");
	else if (c == '\r')
		buf_string(out, "\\r");
	else
		buf_printf(out, "\\u{%x}", (unsigned)c);
}

void text_safe(struct buf *out, struct slice s)
{
	size_t shown = 0; /* everything before it is in out */
	size_t at = 0;

	while (at < s.len) {
		unsigned n = utf8_length(s.data + at, s.len - at);
		uint32_t c = n == 0 ? 0 : utf8_decode(s.data + at, n);
		if (n != 0 && !is_unsafe(c)) {
			at += n;
			continue;
		}
		buf_append(out, s.data + shown, at - shown);
		if (n == 0)
			buf_printf(out, "\\x%02x", (unsigned char)s.data[at]);
		else
			escape(out, c);
		at += n == 0 ? 1 : n;
		shown = at;
	}
	if (shown < s.len)
		buf_append(out, s.data + shown, s.len - shown);
}

void text_json_safe(struct buf *out, struct slice json)
{
	for (size_t at = 0; at < json.len;) {
		const char *s = json.data + at;
		unsigned n = utf8_length(s, json.len - at);
		uint32_t c = n == 0 ? (unsigned char)*s : utf8_decode(s, n);

		if (n == 0)
			buf_string(out, "\\ufffd");
		else if (c != '\n' && is_unsafe(c))
			buf_printf(out, "\\u%04x", (unsigned)c);
		else
			buf_append(out, s, n);
		at += n == 0 ? 1 : n;
	}
}

void text_path(struct buf *out, struct slice path)
{
	for (size_t at = 0; at < path.len;) {
		const char *s = path.data + at;
		unsigned n = utf8_length(s, path.len - at);
		bool plain = n != 0 && *s != '%' && !is_control(utf8_decode(s, n));
		if (n == 0)
			n = 1;
		if (plain)
			buf_append(out, s, n);
		for (unsigned i = 0; !plain && i < n; i++)
			buf_printf(out, "%%%02X", (unsigned char)s[i]);
		at += n;
	}
}

/* --- counts and sizes --- */

void text_count(struct buf *out, uint64_t n)
{
	uint64_t unit = 1;

	while (n / unit >= 1000)
		unit *= 1000;
	buf_uint(out, n / unit);
	while (unit > 1) {
		n %= unit;
		unit /= 1000;
		buf_printf(out, ",%03u", (unsigned)(n / unit));
	}
}

/* n / unit to the nearest whole; unit is even. */
static uint64_t rounded(uint64_t n, uint64_t unit)
{
	return n / unit + (n % unit >= unit / 2);
}

void text_bytes(struct buf *out, uint64_t n)
{
	static const char names[] = "KMGT";
	uint64_t unit = 1000;
	size_t i = 0;

	if (n < 1000) {
		buf_printf(out, "%u B", (unsigned)n);
		return;
	}
	while (rounded(n, unit) >= 1000 && names[i + 1] != '\0') {
		unit *= 1000;
		i++;
	}
	uint64_t hundredths = rounded(n, unit / 100);
	uint64_t tenths = rounded(n, unit / 10);
	if (hundredths < 1000)
		buf_printf(out, "%u.%02u", (unsigned)hundredths / 100, (unsigned)hundredths % 100);
	else if (tenths < 1000)
		buf_printf(out, "%u.%u", (unsigned)tenths / 10, (unsigned)tenths % 10);
	else
		buf_uint(out, rounded(n, unit));
	buf_printf(out, " %cB", names[i]);
}

void text_span(struct buf *out, uint64_t seconds)
{
	static const struct {
		uint64_t size;
		const char *name;
	} units[] = {{86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}};
	size_t i = 0;

	while (i < 3 && seconds < units[i].size)
		i++;
	buf_uint(out, seconds / units[i].size);
	buf_printf(out, " %s", units[i].name);
	if (i < 3 && seconds % units[i].size / units[i + 1].size > 0)
		buf_printf(out, " %u %s", (unsigned)(seconds % units[i].size / units[i + 1].size),
			   units[i + 1].name);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

int text_parse_size(const char *s, uint64_t *out)
{
	uint64_t n = 0;
	unsigned shift = 0;

	if (!is_digit(*s))
		return -1;
	for (; is_digit(*s); s++) {
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*s - '0'), &n))
			return -1;
	}
	if (*s == 'K')
		shift = 10;
	else if (*s == 'M')
		shift = 20;
	else if (*s == 'G')
		shift = 30;
	if (shift != 0)
		s++;
	if (*s != '\0' || n > UINT64_MAX >> shift)
		return -1;
	*out = n << shift;
	return 0;
}

/* --- times --- */

/* Days from 1970-01-01 to a day of the Gregorian calendar; month 1 to 13, year from 0. */
static int64_t days_to(int64_t year, int month, int day)
{
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	/* Leap days of the years before this one; year 0 was one. */
	int64_t last = year - 1;
	int64_t leaps = year == 0 ? 0 : last / 4 - last / 100 + last / 400 + 1;

	return 365 * year + leaps + before[month - 1] + (leap && month > 2) + day - 1 - 719528;
}

void text_time(struct buf *out, int64_t t)
{
	if (t < YEAR_0 || t >= YEAR_10000) {
		buf_int(out, t);
		return;
	}
	int64_t since = t - YEAR_0;
	int64_t days = since / DAY + YEAR_0 / DAY;
	int rest = (int)(since % DAY);
	int year = (int)(since / DAY / 366); /* never too late */
	int month = 1;

	while (days_to(year + 1, 1, 1) <= days)
		year++;
	while (days_to(year, month + 1, 1) <= days)
		month++;
	buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month,
		   (int)(days - days_to(year, month, 1)) + 1, rest / 3600, rest / 60 % 60,
		   rest % 60);
}

void text_clock(struct buf *out, int64_t unix_seconds)
{
	size_t before = out->len;

	text_time(out, unix_seconds);
	if (out->len - before == sizeof("2026-05-04T16:22:10Z") - 1) {
		out->data[before + 10] = ' ';
		out->len--;
	}
}

/* The number that `count` digits at s stand for, or -1. */
static int digits(const char *s, int count)
{
	int n = 0;

	for (int i = 0; i < count; i++) {
		if (!is_digit(s[i]))
			return -1;
		n = n * 10 + (s[i] - '0');
	}
	return n;
}

/* Which of the names of three letters s begins with, from 0, or -1. */
static int name_index(const char *s, const char *names)
{
	for (int i = 0; names[3 * i] != '\0'; i++) {
		if (memcmp(s, names + 3 * i, 3) == 0)
			return i;
	}
	return -1;
}

int text_parse_http_date(struct slice s, int64_t *out)
{
	static const char form[] = "###, ## ### #### ##:##:## GMT";

	if (s.len != sizeof(form) - 1)
		return -1;
	for (size_t i = 0; i < s.len; i++) {
		if (form[i] != '#' && form[i] != s.data[i])
			return -1;
	}
	int weekday = name_index(s.data, "ThuFriSatSunMonTueWed"); /* 1970 began on a Thursday */
	int day = digits(s.data + 5, 2);
	int month = name_index(s.data + 8, "JanFebMarAprMayJunJulAugSepOctNovDec") + 1;
	int year = digits(s.data + 12, 4);
	int hour = digits(s.data + 17, 2);
	int minute = digits(s.data + 20, 2);
	int second = digits(s.data + 23, 2);
	if (weekday < 0 || day < 1 || month < 1 || year < 0 || hour < 0 || minute < 0 || second < 0)
		return -1;
	if (hour > 23 || minute > 59 || second > 60) /* 60: a leap second */
		return -1;
	int64_t days = days_to(year, month, day);
	if (days >= days_to(year, month + 1, 1) || (days - weekday) % 7 != 0)
		return -1;
	*out = days * DAY + hour * 3600 + minute * 60 + second;
	return 0;
}

/* -123: 0, or -1 if it is no number of seconds. */
static int parse_unix(const char *s, int64_t *out)
{
	bool minus = *s == '-';
	int64_t n = 0;

	s += minus;
	if (*s == '\0')
		return -1;
	for (; is_digit(*s); s++) {
		int64_t digit = *s - '0';
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, minus ? -digit : digit, &n))
			return -1;
	}
	if (*s != '\0')
		return -1;
	*out = n;
	return 0;
}

/* 2026-05-04 at *s, which moves on; in days from 1970. */
static int parse_day(const char **s, int64_t *days)
{
	const char *p = *s;
	int year = digits(p, 4);
	int month = year < 0 || p[4] != '-' ? -1 : digits(p + 5, 2);
	int day = month < 1 || month > 12 || p[7] != '-' ? -1 : digits(p + 8, 2);

	if (day < 1)
		return -1;
	*days = days_to(year, month, day);
	*s = p + 10;
	return *days < days_to(year, month + 1, 1) ? 0 : -1;
}

/* 16:22 or 16:22:10.123 at *s, which moves on; in seconds. *span: how many it stands for. */
static int parse_clock(const char **s, int64_t *seconds, int64_t *span)
{
	const char *p = *s;
	int hour = digits(p, 2);
	int minute = hour < 0 || p[2] != ':' ? -1 : digits(p + 3, 2);
	int second = 0;

	if (hour > 23 || minute < 0 || minute > 59)
		return -1;
	p += 5;
	*span = 60;
	if (*p == ':') {
		second = digits(p + 1, 2);
		if (second < 0 || second > 60) /* 60: a leap second */
			return -1;
		p += 3;
		*span = 1;
		if ((*p == '.' || *p == ',') && is_digit(p[1])) {
			for (p++; is_digit(*p); p++)
				;
		}
	}
	*seconds = hour * 3600 + minute * 60 + second;
	*s = p;
	return 0;
}

/* Nothing, Z or an offset, to the end; in seconds that are to be taken off. */
static int parse_zone(const char *s, int64_t *offset, bool *none)
{
	*offset = 0;
	*none = *s == '\0';
	if (*none || ((*s == 'Z' || *s == 'z') && s[1] == '\0'))
		return 0;
	if (*s != '+' && *s != '-')
		return -1;
	int hours = digits(s + 1, 2), minutes = 0;
	if (hours < 0 || hours > 23)
		return -1;
	const char *rest = s + 3;
	if (*rest != '\0') {
		rest += *rest == ':';
		minutes = digits(rest, 2);
		if (minutes < 0 || minutes > 59 || rest[2] != '\0')
			return -1;
	}
	*offset = (hours * 3600 + minutes * 60) * (*s == '-' ? -1 : 1);
	return 0;
}

int text_parse_wall(const char *s, int64_t *first, int64_t *last, bool *wall)
{
	int64_t days, seconds = 0, span = DAY, offset = 0, start;
	bool none = true;

	if (parse_unix(s, &start) == 0) {
		*first = start;
		*last = start;
		*wall = false;
		return 0;
	}
	if (parse_day(&s, &days) != 0)
		return -1;
	if (*s != '\0') {
		if (*s != 'T' && *s != 't' && *s != ' ')
			return -1;
		s++;
		if (parse_clock(&s, &seconds, &span) != 0 || parse_zone(s, &offset, &none) != 0)
			return -1;
	}
	*first = days * DAY + seconds - offset;
	*last = *first + span - 1;
	*wall = none;
	return 0;
}

int text_parse_time(const char *s, int64_t *first, int64_t *last)
{
	bool wall;

	return text_parse_wall(s, first, last, &wall);
}
