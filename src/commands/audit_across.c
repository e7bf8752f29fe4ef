/*
 * audit_across.c: the captures of each batch compared in order of time. A finding stands in the
 * newer capture, by whose line its place is said.
 */
#include "commands/audit_across.h"

#include "audit/across.h"
#include "base/file.h"
#include "commands/again.h"
#include "json/members.h"

/* Recipients that are told in one capture; the others are counted. */
#define TOLD_MOST 3

struct teller {
	const struct evidence *v;
	struct outcomes *o;
	struct slice batch; /* its id, unescaped */
	struct buf source;
};

/* Where the capture came from; empty: its line cannot be read. */
static struct slice source_of(struct teller *t, const struct capture *c)
{
	struct error ignored = {0}; /* who reads the bundle's figures says it */
	struct volume *volume = shelf_get(t->v->shelf, c->bundle);
	struct slice line;

	buf_clear(&t->source);
	if (volume != NULL && lines_get(volume->responses, c->response, &line, &ignored) == 0)
		json_unescape(&t->source, members_find(line, "_source"));
	return buf_view(&t->source);
}

static int tell(void *arg, const struct across_finding *f, struct error *e)
{
	struct teller *t = arg;
	const struct report_contradiction finding = {
		.rule = f->rule,
		.severity = f->severity,
		.batch = t->batch,
		.source = source_of(t, f->capture),
		.bundle = evidence_name(t->v, f->capture->bundle),
		.response = f->capture->response,
		.pointer = f->pointer,
		.message = f->message,
	};

	if (outcomes_contradict(t->o, f->capture->batch, 1 + f->more, &finding) != 0)
		return error_memory(e);
	return 0;
}

/* What is not memory or a signal concerns some captures only. */
static int complain(const struct evidence *v, struct error *e)
{
	if (e->kind == ERROR_MEMORY || e->kind == ERROR_STOPPED)
		return -1;
	shelf_error(v->shelf, e);
	*e = (struct error){0};
	return 0;
}

static int compare_all(struct across *a, struct again *again, struct teller *t, struct buf *id,
		       struct error *e)
{
	const struct map *batches = captures_batches(t->v->captures);

	for (uint32_t i = 0; i < map_count(batches); i++) {
		size_t count;
		const struct capture *list = captures_of(t->v->captures, i, &count);

		if (stop_requested())
			return error_set(e, ERROR_STOPPED, "stopped by a signal");
		if (count < 2 || !outcomes_counts(t->o, i))
			continue;
		buf_clear(id);
		json_unescape(id, map_key(batches, i));
		t->batch = buf_view(id);
		if (across_batch(a, list, count, again_open, again, tell, t, e) == 0)
			continue;
		outcomes_partial(t->o, i);
		if (complain(t->v, e) != 0)
			return -1;
	}
	return 0;
}

int audit_across(const struct evidence *v, struct outcomes *o, struct error *e)
{
	struct again again = {.paths = &v->paths};
	struct teller t = {.v = v, .o = o};
	struct buf id = BUF_INIT;
	struct across *a = across_new(TOLD_MOST, e);
	int status = -1;

	if (a != NULL)
		status = compare_all(a, &again, &t, &id, e);
	across_free(a);
	again_close(&again);
	buf_free(&t.source);
	buf_free(&id);
	return status;
}
