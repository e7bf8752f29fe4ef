/*
 * group.c: the keys of groups: a byte for the rule, one for the severity, then the shape.
 * A map that is only used here never has more than GROUP_MOST keys, none over LIMIT_POINTER + 2.
 * Must never allocate by itself: it runs once for each finding.
 */
#include "finding/group.h"

_Static_assert(RULE_COUNT <= 255, "a rule is one byte of a group's key");

#define KEY_HEAD 2

uint32_t group_number(struct map *groups, enum rule rule, enum severity severity,
		      struct slice shape)
{
	char key[KEY_HEAD + LIMIT_POINTER];
	bool full = map_count(groups) >= LIMIT_GROUPS;

	key[0] = (char)rule;
	key[1] = (char)severity;
	if (shape.len <= LIMIT_POINTER) {
		if (shape.len > 0)
			memcpy(key + KEY_HEAD, shape.data, shape.len);
		struct slice own = slice_of(key, KEY_HEAD + shape.len);
		uint32_t number = full ? map_find(groups, own) : map_add(groups, own);
		if (number != MAP_NONE || !full)
			return number;
	}
	memcpy(key + KEY_HEAD, GROUP_OTHERS.data, GROUP_OTHERS.len);
	return map_add(groups, slice_of(key, KEY_HEAD + GROUP_OTHERS.len));
}

enum rule group_rule(const struct map *groups, uint32_t number)
{
	return (enum rule)(unsigned char)map_key(groups, number).data[0];
}

enum severity group_severity(const struct map *groups, uint32_t number)
{
	return (enum severity)(unsigned char)map_key(groups, number).data[1];
}

struct slice group_shape(const struct map *groups, uint32_t number)
{
	struct slice key = map_key(groups, number);
	return slice_of(key.data + KEY_HEAD, key.len - KEY_HEAD);
}
