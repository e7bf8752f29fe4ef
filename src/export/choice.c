/*
 * choice.c: what --batch, --since, --until and --status leave in. Never changes anything.
 */
#include "export/choice.h"

#include "json/members.h"

static bool has(const struct choice_list *list, struct slice value)
{
	for (size_t i = 0; i < list->count; i++)
		if (slice_equal(list->value[i], value))
			return true;
	return list->count == 0;
}

bool choice_batch(const struct choice *c, struct slice id)
{
	return has(&c->batches, id);
}

bool choice_looks(const struct choice *c)
{
	return c->timed || c->statuses.count > 0;
}

bool choice_person(const struct choice *c, const struct person *p)
{
	int64_t updated;

	if (c->timed && (!json_int(p->updated, &updated) || updated < c->since ||
			 updated > c->until))
		return false;
	if (p->status.len == 0 || slice_equal(p->status, SLICE("null")))
		return has(&c->statuses, SLICE("\"\""));
	return has(&c->statuses, p->status);
}
