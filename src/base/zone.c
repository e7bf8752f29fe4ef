/*
 * zone.c: reads files of the tz database (TZif, RFC 9636): a list of times at which the offset
 * changes, and behind the last one a rule for all years to come, as POSIX has it in TZ.
 * A zone that is open is well formed: changes are sorted, every offset is less than 26 hours.
 * It must never ask the C library for the time of a zone: that is state of the whole process.
 */
#include "base/zone.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"

#define DAY 86400
#define OFFSET_MOST (26 * 3600) /* what RFC 9636 allows, a little rounded */
#define FILE_MOST (1 * MIB)     /* the largest ones have some thousand bytes */
#define HEADER 44
#define ALWAYS_FROM INT64_MIN
#define ALWAYS_TO INT64_MAX

/* A day of the year on which the offset changes. */
struct change {
	char form; /* 'M': day `day` of week `week` of month `month`; 'J': day 1 to 365,
				 never February 29; 'N': day 0 to 365 */
	int month, week, day;
	int64_t second; /* of that day, in local time before the change */
};

struct rule {
	int64_t offset; /* in winter */
	bool summer;    /* is there another one for a part of the year? */
	int64_t summer_offset;
	struct change begin, end; /* of that part */
};

struct zone {
	int64_t *at;     /* from then on .. */
	int64_t *offset; /* .. this one; offset[0] is that before the first, at[0] is not used */
	size_t count;    /* of offsets, at least 1 */
	bool has_rule;
	struct rule rule; /* behind the last change */
};

/* --- the rule: CET-1CEST,M3.5.0,M10.5.0/3 --- */

static bool skip_name(const char **s)
{
	const char *p = *s;

	if (*p == '<') {
		p = strchr(p, '>');
		if (p == NULL)
			return false;
		*s = p + 1;
		return true;
	}
	while ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'))
		p++;
	if (p - *s < 3)
		return false;
	*s = p;
	return true;
}

static bool number(const char **s, int least, int most, int *out)
{
	int n = 0;

	if (**s < '0' || **s > '9')
		return false;
	for (; **s >= '0' && **s <= '9'; ++*s) {
		n = n * 10 + (**s - '0');
		if (n > most)
			return false;
	}
	*out = n;
	return n >= least;
}

/* [+-]hh[:mm[:ss]] in seconds */
static bool clock_time(const char **s, int hours_most, int64_t *out)
{
	int64_t sign = **s == '-' ? -1 : 1;
	int part[3] = {0};

	*s += **s == '-' || **s == '+';
	for (int i = 0; i < 3; i++) {
		if (i > 0 && *(*s)++ != ':')
			return false;
		if (!number(s, 0, i == 0 ? hours_most : 59, &part[i]))
			return false;
		if (**s != ':')
			break;
	}
	*out = sign * (part[0] * 3600 + part[1] * 60 + part[2]);
	return true;
}

static bool read_change(const char **s, struct change *c)
{
	bool fine;

	if (*(*s)++ != ',')
		return false;
	c->form = **s == 'M' || **s == 'J' ? *(*s)++ : 'N';
	if (c->form == 'M')
		fine = number(s, 1, 12, &c->month) && *(*s)++ == '.' && number(s, 1, 5, &c->week) &&
		       *(*s)++ == '.' && number(s, 0, 6, &c->day);
	else
		fine = number(s, c->form == 'J', 365, &c->day);
	c->second = 2 * 3600;
	if (!fine || **s != '/')
		return fine;
	++*s;
	return clock_time(s, 167, &c->second);
}

static bool read_rule(const char *s, struct rule *r)
{
	/* POSIX counts offsets to the west. */
	if (!skip_name(&s) || !clock_time(&s, 24, &r->offset))
		return false;
	r->offset = -r->offset;
	if (*s == '\0')
		return true;
	r->summer = true;
	r->summer_offset = r->offset + 3600;
	if (!skip_name(&s))
		return false;
	if (*s != ',') {
		if (!clock_time(&s, 24, &r->summer_offset))
			return false;
		r->summer_offset = -r->summer_offset;
	}
	return read_change(&s, &r->begin) && read_change(&s, &r->end) && *s == '\0';
}

/* Days from 1970 to January 1 of a year; any year that 64 bits of seconds have. */
static int64_t year_begin(int64_t year)
{
	int64_t y = year - 1; /* leap days stand at the end of years that begin in March */
	int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + 306 - 719468;
}

static bool is_leap(int64_t year)
{
	return year_begin(year + 1) - year_begin(year) == 366;
}

/* When the change is in a year, as local time. */
static int64_t change_time(const struct change *c, int64_t year)
{
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
	int64_t day = year_begin(year);

	if (c->form == 'M') {
		bool leap = is_leap(year);
		int64_t first = day + before[c->month - 1] + (leap && c->month > 2);
		int64_t next = day + before[c->month] + (leap && c->month > 1);
		int64_t weekday = ((first + 4) % 7 + 7) % 7; /* 1970 began on a Thursday */

		day = first + (c->day - weekday + 7) % 7 + (c->week - 1) * 7;
		while (day >= next)
			day -= 7;
	} else {
		day += c->day - (c->form == 'J');
		day += c->form == 'J' && c->day > 59 && is_leap(year);
	}
	return day * DAY + c->second;
}

static int64_t rule_offset(const struct rule *r, int64_t t, int64_t *from, int64_t *to)
{
	/* Times beyond what calendars mean are taken as the nearest that they do. */
	const int64_t most = INT64_C(1) << 55;
	int64_t day = (t < -most ? -most : t > most ? most : t) / DAY;
	int64_t year = 1970 + day * 400 / 146097; /* one too early or late at most */
	int64_t best = INT64_MIN;
	bool summer = false;

	if (!r->summer)
		return r->offset;
	*to = INT64_MAX;
	for (int64_t y = year - 2; y <= year + 2; y++) {
		int64_t when[2] = {change_time(&r->end, y) - r->summer_offset,
				   change_time(&r->begin, y) - r->offset};

		for (int i = 0; i < 2; i++) {
			if (when[i] <= t && when[i] >= best) {
				best = when[i];
				summer = i == 1;
			} else if (when[i] > t && when[i] < *to) {
				*to = when[i];
			}
		}
	}
	if (best > *from)
		*from = best;
	return summer ? r->summer_offset : r->offset;
}

/* --- the file --- */

static int64_t big_endian(const unsigned char *p, unsigned bytes)
{
	uint64_t n = (p[0] & 0x80) != 0 ? UINT64_MAX : 0;

	for (unsigned i = 0; i < bytes; i++)
		n = n << 8 | p[i];
	return (int64_t)n;
}

/* The counts of a header. */
struct counts {
	uint64_t isut, isstd, leap, time, type, chars;
};

static bool read_header(struct slice file, size_t at, struct counts *c, int *version)
{
	const unsigned char *p = (const unsigned char *)file.data + at;
	uint64_t n[6];

	if (file.len < at || file.len - at < HEADER || memcmp(p, "TZif", 4) != 0)
		return false;
	*version = p[4] == '\0' ? 1 : p[4] - '0';
	for (int i = 0; i < 6; i++)
		n[i] = (uint64_t)big_endian(p + 20 + 4 * i, 4) & UINT32_MAX;
	*c = (struct counts){n[0], n[1], n[2], n[3], n[4], n[5]};
	return true;
}

static uint64_t block_length(const struct counts *c, unsigned time_bytes)
{
	return c->time * (time_bytes + 1) + c->type * 6 + c->chars + c->leap * (time_bytes + 4) +
	       c->isstd + c->isut;
}

/* The block at p: changes and their offsets. */
static bool read_changes(struct zone *z, const unsigned char *p, const struct counts *c,
			 unsigned time_bytes)
{
	const unsigned char *index = p + c->time * time_bytes, *types = index + c->time;

	if (c->type == 0 || c->leap > 0)
		return false;
	z->count = c->time + 1;
	z->at = calloc(z->count, sizeof(*z->at));
	z->offset = calloc(z->count, sizeof(*z->offset));
	if (z->at == NULL || z->offset == NULL)
		return false;
	for (size_t i = 0; i < z->count; i++) {
		uint64_t type = i == 0 ? 0 : index[i - 1];

		if (type >= c->type)
			return false;
		z->at[i] = i == 0 ? INT64_MIN : big_endian(p + (i - 1) * time_bytes, time_bytes);
		z->offset[i] = big_endian(types + type * 6, 4);
		if (z->offset[i] < -OFFSET_MOST || z->offset[i] > OFFSET_MOST ||
		    (i > 1 && z->at[i] <= z->at[i - 1]))
			return false;
	}
	return true;
}

/* LF, the rule, LF */
static bool read_footer(struct zone *z, struct slice rest)
{
	char text[256];
	const char *lf;

	if (rest.len < 2 || rest.data[0] != '\n')
		return false;
	lf = memchr(rest.data + 1, '\n', rest.len - 1);
	if (lf == NULL || (size_t)(lf - rest.data) > sizeof(text))
		return false;
	memcpy(text, rest.data + 1, (size_t)(lf - rest.data) - 1);
	text[lf - rest.data - 1] = '\0';
	z->has_rule = text[0] != '\0';
	return !z->has_rule || read_rule(text, &z->rule);
}

static bool read_file(struct zone *z, struct slice file)
{
	const unsigned char *p = (const unsigned char *)file.data;
	struct counts c;
	int version;
	uint64_t length;
	size_t at = HEADER;

	if (!read_header(file, 0, &c, &version))
		return false;
	length = block_length(&c, 4);
	if (length > file.len - at)
		return false;
	if (version == 1)
		return read_changes(z, p + at, &c, 4);
	at += length;
	if (!read_header(file, at, &c, &version))
		return false;
	at += HEADER;
	length = block_length(&c, 8);
	if (length > file.len - at)
		return false;
	return read_changes(z, p + at, &c, 8) &&
	       read_footer(z, slice_of(file.data + at + length, file.len - at - length));
}

/* --- names --- */

/* Could this be the name of a zone, and nothing outside of the database? */
static bool is_name(const char *name)
{
	if (*name == '\0' || *name == '/' || strstr(name, "..") != NULL)
		return false;
	for (; *name != '\0'; name++)
		if (!((*name >= 'A' && *name <= 'Z') || (*name >= 'a' && *name <= 'z') ||
		      (*name >= '0' && *name <= '9') || strchr("+-_/.", *name) != NULL))
			return false;
	return true;
}

/* 0, or -1 and errno is that of the last folder. */
static int find_file(const char *name, struct buf *file)
{
	const char *folders[] = {getenv("TZDIR"), "/usr/share/zoneinfo", "/usr/lib/zoneinfo",
				 "/usr/share/lib/zoneinfo", "/etc/zoneinfo"};

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		struct error ignored = {0};
		char *path;

		if (folders[i] == NULL || asprintf(&path, "%s/%s", folders[i], name) < 0)
			continue;
		int result = file_slurp(path, FILE_MOST, file, &ignored);
		free(path);
		if (result == 0)
			return 0;
	}
	return -1;
}

/* +02:00, +0200, +02 */
static bool fixed(struct zone *z, const char *s)
{
	int64_t sign = *s == '-' ? -1 : 1;
	int part[2] = {0};

	if (*s != '+' && *s != '-')
		return false;
	s++;
	for (int i = 0; i < 2; i++) {
		if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
			return false;
		part[i] = (s[0] - '0') * 10 + s[1] - '0';
		s += 2;
		if (*s == '\0')
			break;
		s += i == 0 && *s == ':';
	}
	z->rule.offset = sign * (part[0] * 3600 + part[1] * 60);
	return *s == '\0' && part[0] < 24 && part[1] < 60;
}

static int unknown(const char *name, struct error *e)
{
	return error_set(e, ERROR_USAGE,
			 "there is no time zone '%s'; a zone is a name of the tz database such as "
			 "Europe/Berlin (is tzdata installed?), an offset such as +02:00, or UTC",
			 name);
}

static int load(struct zone *z, const char *name, struct error *e)
{
	struct buf file = BUF_INIT;
	int result = 0;

	z->has_rule = true;
	if (strcmp(name, "UTC") == 0 || fixed(z, name))
		return 0;
	z->has_rule = false;
	if (!is_name(name) || find_file(name, &file) != 0)
		result = unknown(name, e);
	else if (!read_file(z, buf_view(&file)))
		result = error_set(e, ERROR_USAGE,
				   "the time zone '%s' cannot be used: its file is not of the form "
				   "TZif, or counts leap seconds",
				   name);
	buf_free(&file);
	return result;
}

struct zone *zone_open(const char *name, struct error *e)
{
	struct zone *z = calloc(1, sizeof(*z));

	if (z == NULL) {
		error_memory(e);
		return NULL;
	}
	if (load(z, name, e) != 0) {
		zone_close(z);
		return NULL;
	}
	return z;
}

void zone_close(struct zone *z)
{
	if (z == NULL)
		return;
	free(z->at);
	free(z->offset);
	free(z);
}

int64_t zone_offset(const struct zone *z, int64_t t, int64_t *from, int64_t *to)
{
	size_t low = 0, high = z->count; /* the change at `low` is not after t */

	*from = ALWAYS_FROM;
	*to = ALWAYS_TO;
	if (z->count == 0)
		return rule_offset(&z->rule, t, from, to);
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (z->at[middle] <= t)
			low = middle;
		else
			high = middle;
	}
	if (low > 0)
		*from = z->at[low];
	if (high < z->count)
		*to = z->at[high];
	else if (z->has_rule)
		return rule_offset(&z->rule, t, from, to);
	return z->offset[low];
}

/* The first second that a clock in the zone shows as `wall` (seconds as if it were UTC) or, if it
 * is never shown, as what comes next. */
static int64_t first_at(const struct zone *z, int64_t wall)
{
	int64_t t = wall - DAY - DAY / 2, from, to; /* no offset is larger */

	for (;;) {
		int64_t offset = zone_offset(z, t, &from, &to);

		if (t + offset >= wall)
			return t;
		if (to > wall - offset)
			return wall - offset;
		t = to;
	}
}

int zone_parse_time(const struct zone *z, const char *s, int64_t *first, int64_t *last)
{
	int64_t from, to;
	bool local;

	if (text_parse_wall(s, &from, &to, &local) != 0)
		return -1;
	if (local) {
		to = first_at(z, to + 1) - 1;
		from = first_at(z, from);
	}
	*first = from;
	*last = to;
	return 0;
}
