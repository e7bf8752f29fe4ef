/*
 * group.h: findings that are counted together: one rule, one severity, one pointer shape.
 * Used by the set of a response and by the tally of a run. A map numbers the groups; its keys hold
 * what a group is, so that nothing needs to be kept twice.
 */
#ifndef FINDING_GROUP_H
#define FINDING_GROUP_H

#include "base/limits.h"
#include "base/map.h"
#include "finding/finding.h"

/* The shape of the group that takes what finds no place of its own. No pointer looks like it. */
#define GROUP_OTHERS SLICE("...")
/* All groups a map can hold: besides those kept apart one of "..." for every rule and severity. */
#define GROUP_MOST (LIMIT_GROUPS + RULE_COUNT * (SEVERITY_ERROR + 1))

/*
 * The group's number; a new group's is map_count() before the call. After LIMIT_GROUPS groups, and
 * for a shape of more than LIMIT_POINTER bytes, it is the rule's group "...". MAP_NONE: no memory.
 */
uint32_t group_number(struct map *groups, enum rule rule, enum severity severity,
		      struct slice shape);

enum rule group_rule(const struct map *groups, uint32_t number);
enum severity group_severity(const struct map *groups, uint32_t number);
/* Valid until the map changes. */
struct slice group_shape(const struct map *groups, uint32_t number);

/* Is it one of the groups that take the rest? */
static inline bool group_is_others(struct slice shape)
{
	return slice_equal(shape, GROUP_OTHERS);
}

#endif
