/*
 * filter.c: what --since, --until, --batch, --agent and --status leave in. Never counts anything.
 */
#include "audit/filter.h"

#include "report/report.h"
#include "json/members.h"

static bool has(const struct filter_list *list, struct slice value)
{
	for (size_t i = 0; i < list->count; i++)
		if (slice_equal(list->value[i], value))
			return true;
	return list->count == 0;
}

bool filter_batch(const struct filter *f, struct slice id, struct slice agent)
{
	return has(&f->batches, id) && has(&f->agents, agent);
}

bool filter_recipients(const struct filter *f)
{
	return f->timed || f->statuses.count > 0;
}

bool filter_recipient(const struct filter *f, struct slice status, int64_t updated,
		      struct buf *scratch)
{
	if (f->timed && (updated == REPORT_NO_TIME || updated < f->since || updated > f->until))
		return false;
	if (f->statuses.count == 0)
		return true;
	buf_clear(scratch);
	if (slice_equal(status, SLICE("null")))
		status = SLICE("");
	else if (json_unescape(scratch, status))
		status = buf_view(scratch);
	return has(&f->statuses, status);
}
