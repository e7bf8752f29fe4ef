/*
 * habit.c: learning names, in the order of check_compare_names. Must never move a name that an open
 * object may point to: names are added until there is no room, and only forgotten all together.
 */
#include "model/checker.h"

#define WAY 8 /* names that an object may leave out before its next one is looked for no further */

static struct slice name_of(const struct habit_name *n)
{
	return slice_of(n->head.bytes, n->head.len - 1);
}

void habit_clear(struct habit *h)
{
	h->none.next = h->lost.next = &h->none;
	h->count = 0;
}

struct habit_name *habit_learn(struct habit *h, struct habit_name *last, struct slice quoted)
{
	struct habit_name *new;
	unsigned steps = 0;

	if (last == &h->lost)
		return last;
	for (; last->next != &h->none; last = last->next) {
		int order = check_compare_names(name_of(last->next), quoted);

		if (order == 0)
			return last->next;
		if (order > 0)
			break;
		if (++steps > WAY)
			return &h->lost;
	}
	if (h->count == HABIT_NAMES || quoted.len >= SPELLING_BYTES)
		return last;
	new = &h->names[h->count++];
	spelling_make(&new->head, quoted.data, quoted.len + 1); /* and the colon behind it */
	new->next = last->next;
	last->next = new;
	return new;
}
