/*
 * zone.h: days in a time zone: one of the system's tz database, or a fixed offset. The zone of the
 * process (TZ) plays no part.
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdint.h>

#include "base/error.h"

/* Constant once it is open: any thread may use it. */
struct zone;

/*
 * "UTC"; an offset such as +02:00, -0330 or +02; or the name of a file (TZif, RFC 9636) below
 * $TZDIR or where systems have the tz database: Europe/Berlin. NULL: ERROR_USAGE, there is no such
 * zone; or the file cannot be read or is not of that form.
 */
struct zone *zone_open(const char *name, struct error *e);
void zone_close(struct zone *z); /* NULL is fine */

/* The offset from UTC in seconds at a time (Unix seconds), and from when until when it is surely
 * the same: `t` is in [*from, *to). */
int64_t zone_offset(const struct zone *z, int64_t t, int64_t *from, int64_t *to);

/*
 * text_parse_time, but a day, or a time of day without Z or an offset, is one of the zone: *first
 * and *last are its first and its last second, whatever the clocks do in it. Of what occurs twice
 * it is the first one; what does not occur, because the clocks go forward, begins when they do.
 */
int zone_parse_time(const struct zone *z, const char *s, int64_t *first, int64_t *last);

#endif
