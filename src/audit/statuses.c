/*
 * statuses.c: names and numbers of statuses. Numbers never change once they were given.
 */
#include "audit/statuses.h"

#include "json/members.h"

int statuses_init(struct statuses *s)
{
	s->unknown = map_new();
	return s->unknown == NULL ? -1 : 0;
}

void statuses_free(struct statuses *s)
{
	map_free(s->unknown);
	s->unknown = NULL;
}

static void cut(struct buf *name)
{
	if (name->len <= STATUSES_NAME_MOST)
		return;
	name->len = STATUSES_NAME_MOST;
	while (name->len > 0 && ((unsigned char)name->data[name->len] & 0xc0) == 0x80)
		name->len--; /* not within a character */
	buf_string(name, "...");
}

uint32_t statuses_add(struct statuses *s, struct slice value)
{
	uint32_t n = status_of_value(value);
	struct buf name = BUF_INIT, shown = BUF_INIT;

	if (n < REPORT_PUBLISHED)
		return n;
	if (s->redact != NULL) {
		redact_member(s->redact, REDACT_RECIPIENT, "status", value, &shown);
		value = buf_view(&shown);
	}
	if (!slice_equal(value, SLICE("null")) && !json_unescape(&name, value))
		buf_slice(&name, value); /* a number or the like: as it stands there */
	name.failed |= shown.failed;
	buf_free(&shown);
	cut(&name);
	n = MAP_NONE;
	if (!name.failed) {
		n = map_find(s->unknown, buf_view(&name));
		if (n == MAP_NONE)
			n = map_add(s->unknown, map_count(s->unknown) < STATUSES_UNKNOWN_MOST
							? buf_view(&name)
							: SLICE("..."));
	}
	buf_free(&name);
	return n == MAP_NONE ? UINT32_MAX : REPORT_PUBLISHED + n;
}

size_t statuses_count(const struct statuses *s)
{
	return REPORT_PUBLISHED + map_count(s->unknown);
}

struct report_status statuses_get(const struct statuses *s, uint32_t number)
{
	if (number < REPORT_PUBLISHED)
		return (struct report_status){status_text(number), status_is_open(number)
									   ? RECIPIENT_OPEN
									   : RECIPIENT_SETTLED};
	return (struct report_status){map_key(s->unknown, number - REPORT_PUBLISHED),
				      RECIPIENT_UNKNOWN};
}
