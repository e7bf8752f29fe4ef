/*
 * iso.c: times, whose date is worked out once for a day.
 */
#include "json/iso.h"

#include "base/text.h"
#include "json/members.h"

/* The first and last second that text_time writes as a date. */
#define TIME_FIRST (-62167219200)
#define TIME_LAST 253402300799
#define DAY 86400

static bool learn_day(struct iso *i, int64_t day)
{
	struct buf text = BUF_INIT;

	text_time(&text, day * DAY);
	i->known = !text.failed && text.len > sizeof(i->date);
	if (i->known)
		memcpy(i->date, text.data, sizeof(i->date));
	i->day = day;
	buf_free(&text);
	return i->known;
}

static char *put_two(char *at, unsigned n, char behind)
{
	*at++ = (char)('0' + n / 10);
	*at++ = (char)('0' + n % 10);
	*at++ = behind;
	return at;
}

bool iso_put(struct iso *i, struct slice value, struct buf *out)
{
	char clock[9], *at = clock;
	int64_t t, day;
	unsigned second;

	if (!json_int(value, &t) || t < TIME_FIRST || t > TIME_LAST)
		return false;
	day = t / DAY - (t % DAY < 0);
	second = (unsigned)(t - day * DAY);
	if ((!i->known || i->day != day) && !learn_day(i, day)) {
		out->failed = true;
		return false;
	}
	at = put_two(at, second / 3600, ':');
	at = put_two(at, second / 60 % 60, ':');
	put_two(at, second % 60, 'Z');
	buf_append(out, i->date, sizeof(i->date));
	buf_append(out, clock, sizeof(clock));
	return true;
}
