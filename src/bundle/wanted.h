/*
 * wanted.h: values that are looked for in frames of lines: which lines of a frame have one of them.
 */
#ifndef BUNDLE_WANTED_H
#define BUNDLE_WANTED_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"
#include "bundle/keyring.h"

/* One value of one key. */
struct want {
	const struct keyring_key *key;
	enum line_kind lines;
	size_t which;       /* what the caller calls the value */
	size_t value, len;  /* in wanted.text: what it is compared by */
	size_t needle, needle_len; /* how a line begins to say it: "id":"rcp_1" or
				    * "phone_number":" */
	uint32_t next;      /* another want with this key and value; UINT32_MAX: none */
	bool now;           /* looked for in the frame at hand */
};

struct wanted {
	struct want *want;
	size_t count, cap;
	struct buf text;
	struct map *map; /* of key and value; made when there are many */
	uint32_t *first; /* of each of its numbers: a want */
	size_t first_cap;
	struct buf scratch;
	struct wanted_hit {
		size_t at, len, which;
	} *hit; /* of the last frame, in order of place, then `which` */
	size_t hits, hits_cap;
};

void wanted_free(struct wanted *w); /* empties it */
/* The key must outlive *w. A value that is not indexed is not added. 0 or -1: no memory. */
int wanted_add(struct wanted *w, const struct keyring_key *key, enum line_kind lines, size_t which,
	       struct slice typed);
struct slice wanted_value(const struct wanted *w, const struct want *want);

/* Fills hit with the lines of a frame that have one of these wants, all of one kind of lines; `now`
 * is set for them and no others. 0 or -1: no memory. */
int wanted_search(struct wanted *w, const uint32_t *wants, size_t count, struct slice content);

#endif
