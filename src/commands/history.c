/*
 * history.c: every state of a recipient or a batch in order of time, with what changed.
 * Bundles are read one after the other, twice: for whom the value stands, then for what became of
 * them. One that cannot be read is said, and does not hide the others.
 */
#include <stdlib.h>

#include "commands/again.h"
#include "commands/history_print.h"
#include "commands/veil.h"

struct history {
	const struct options *o;
	struct bundle_paths paths;
	struct slice value;
	struct timeline timeline;
	struct history_view view;
	enum status status;
	bool *bad; /* of each bundle: it could not be read, which was said */
};

static void trouble(struct history *h, const struct error *e)
{
	h->status = status_worst(h->status, terminal_error(e));
}

/* --- whom it is about --- */

struct naming {
	struct timeline *t;
	struct error *e;
};

static int found(void *arg, size_t which, enum line_kind lines, uint64_t number, struct slice line)
{
	struct naming *n = arg;

	(void)which;
	(void)number;
	return timeline_name(n->t, lines, line, n->e);
}

static int name_subjects(struct history *h, uint32_t bundle, const struct bundle *b,
			 struct lookup *l, struct error *e)
{
	struct naming n = {&h->timeline, e};
	int result = lookup_value(l, SLICE(""), h->value, found, &n, e);
	bool damaged = false;
	const char *why;

	(void)b;
	(void)bundle;
	if (lookup_scanned(l, &why, &damaged)) {
		terminal_say(h->o, "callroll: %s: the index cannot be used, so everything is "
			     "read: %s", bundle_path(b), why);
		if (damaged)
			h->status = status_worst(h->status, STATUS_DAMAGED);
	}
	return result;
}

static int read_states(struct history *h, uint32_t bundle, const struct bundle *b,
		       struct lookup *l, struct error *e)
{
	if (timeline_read(&h->timeline, b, bundle, l, h->value, e) != 0)
		return -1;
	return history_print_veil(&h->view, lookup_model(l), e);
}

/* Does something with every bundle that can be read. */
typedef int history_step(struct history *h, uint32_t bundle, const struct bundle *b,
			 struct lookup *l, struct error *e);

static void each_bundle(struct history *h, history_step *step)
{
	for (uint32_t i = 0; i < h->paths.count; i++) {
		struct error e = {0};
		struct bundle *b = h->bad[i] ? NULL : bundle_open(h->paths.path[i], &e);
		struct lookup *l = b == NULL ? NULL : lookup_open(b, &e);

		if (!h->bad[i] && (l == NULL || step(h, i, b, l, &e) != 0)) {
			h->bad[i] = true;
			trouble(h, &e);
		}
		lookup_close(l);
		bundle_close(b);
	}
}

/* --- the command --- */

static void print(struct history *h, bool ndjson)
{
	struct error e = {0};
	struct again again = {.paths = &h->paths};
	int bad;

	if (timeline_finish(&h->timeline, again_open, &again, &e) != 0) {
		trouble(h, &e);
		e = (struct error){0};
	}
	again_close(&again);
	bad = (ndjson ? history_print_ndjson : history_print_text)(&h->view, &e);
	if (bad != 0)
		trouble(h, &e);
	else
		history_print_summary(h->o, &h->timeline);
}

static void not_found(struct history *h, const char *value)
{
	struct error e = {0};
	struct buf shown = BUF_INIT;

	if (h->status > STATUS_FINDINGS)
		return; /* what could not be read was said; it may be there */
	if (h->view.redact != NULL)
		redact_text(h->view.redact, slice_string(value), &shown);
	else
		buf_string(&shown, value);
	buf_byte(&shown, '\0');
	error_set(&e, ERROR_EMPTY,
		  "there is no batch and no recipient with the key '%s' here; keys are "
		  "batch id, recipient id, phone number, WhatsApp user id and conversation id",
		  shown.failed ? "" : shown.data);
	trouble(h, &e);
	buf_free(&shown);
}

enum status command_history(const struct options *o, char **args, int count)
{
	struct error e = {0};
	struct history h = {.o = o, .value = slice_string(args[0])};
	bool ndjson;

	h.view.t = &h.timeline;
	h.view.paths = &h.paths;
	if (terminal_format(o, &ndjson, &e) != 0 || veil_value(o, h.value, &e) != 0 ||
	    timeline_init(&h.timeline, &e) != 0)
		return terminal_error(&e);
	if (veil_open(o, &h.view.redact, &e) != 0) {
		timeline_free(&h.timeline);
		return terminal_error(&e);
	}
	h.status = bundles_find(args + 1, count - 1, &h.paths);
	h.bad = calloc(h.paths.count + 1, sizeof(*h.bad));
	if (h.bad != NULL) {
		each_bundle(&h, name_subjects);
	} else {
		error_memory(&e);
		trouble(&h, &e);
	}
	if (h.timeline.subject_count > 0) {
		each_bundle(&h, read_states);
		print(&h, ndjson);
	} else if (h.paths.count > 0) {
		not_found(&h, args[0]);
	}
	history_print_free(&h.view);
	timeline_free(&h.timeline);
	free(h.bad);
	bundles_free(&h.paths);
	return h.status;
}
