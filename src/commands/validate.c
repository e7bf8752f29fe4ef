/*
 * validate.c: is it what the documentation promises? Every input is judged by itself, several at
 * once; what is said comes in the order of the inputs.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/within.h"
#include "base/file.h"
#include "base/text.h"
#include "commands/queue.h"
#include "commands/veil.h"
#include "finding/print.h"
#include "json/members.h"

/* What one thread works with. */
struct judge {
	const struct options *o;
	const struct model *model;
	const struct finding_format *format; /* NULL: -l */
	struct progress *progress;
	bool color;
	struct findings *findings;
	struct reader *reader;
	struct within *within;
	struct redact *redact; /* NULL: no --redact */
	struct findings_veil veil;
	struct buf id;
};

static void complain(struct outcome *out, const struct error *e)
{
	buf_string(&out->err, "callroll: ");
	text_safe(&out->err, slice_string(e->text));
	buf_byte(&out->err, '\n');
	out->status = status_worst(out->status, status_of(e));
}

/* The id of a batch; of what is broken, where any object may have been taken for a response, it may
 * be a recipient's. */
static struct slice shown_id(struct judge *j, const struct reader_result *result)
{
	struct check *c = reader_check(j->reader);
	struct slice id = intake_batch_id(j->model, c, &j->id), quoted;
	struct buf shown = BUF_INIT;

	if (j->redact == NULL || result->verdict == VERDICT_RECORD || id.len == 0)
		return id;
	quoted = check_value(c, model_member(model_root(j->model), SLICE("id")));
	redact_member(j->redact, REDACT_RECIPIENT, "id", quoted, &shown);
	buf_clear(&j->id);
	if (!json_unescape(&j->id, buf_view(&shown)))
		buf_clear(&j->id);
	buf_free(&shown);
	return buf_view(&j->id);
}

/* One response was read. */
static void judged(struct judge *j, const struct source *s, struct outcome *out, bool *errors)
{
	const struct reader_result *result = reader_result(j->reader);
	struct finding_source at = {
		.path = slice_string(source_name(s)),
		.response = result->number,
		.batch_id = shown_id(j, result),
	};

	if (intake_response(&out->intake, result, j->findings)) {
		*errors = true;
		out->status = status_worst(out->status, STATUS_FINDINGS);
	}
	if (j->format != NULL)
		j->format->print(&out->out, &at, j->findings, j->color);
	tally_response(out->tally, j->findings, at.path);
}

/* The name of an input with errors: for programs (-0) the bytes that open(2) takes. */
static void put_name(struct judge *j, const struct walk_item *item, const struct source *s,
		     struct outcome *out)
{
	bool member = strcmp(source_name(s), item->name) != 0;

	if (j->o->nul) {
		buf_string(&out->out, member ? source_name(s) : item->path);
		buf_byte(&out->out, '\0');
	} else {
		text_path(&out->out, slice_string(source_name(s)));
		buf_byte(&out->out, '\n');
	}
}

/* One member of an input, or a plain file. 0; -1: it cannot be read on. */
static int judge_member(struct judge *j, const struct walk_item *item, struct source *s,
			struct outcome *out, struct error *e)
{
	bool errors = false;
	uint64_t responses = 0;
	int status = 0;

	reader_start(j->reader, s);
	for (;;) {
		enum reader_event event = within_next(j->within, j->reader, s, e);

		if (event == READER_DONE)
			break;
		if (event == READER_FAILED) {
			status = -1;
			break;
		}
		if (event == READER_END) {
			judged(j, s, out, &errors);
			responses++;
		}
		if (!queue_flush(out))
			break;
	}
	out->intake.inputs++;
	out->intake.bytes += source_size(s);
	if (errors && j->o->names)
		put_name(j, item, s, out);
	progress_add(j->progress, 0, responses);
	return status;
}

static void judge_input(void *arg, struct walk_item *item, struct outcome *out)
{
	struct judge *j = arg;
	struct error e = item->error;
	struct source *s = NULL;
	int more = -1;

	if (e.kind == ERROR_NONE)
		s = source_open(item, false, NULL, &e);
	if (s != NULL) {
		while ((more = source_next(s, &e)) > 0)
			if (judge_member(j, item, s, out, &e) != 0) {
				more = -1;
				break;
			}
		out->intake.skipped += source_skipped(s);
		progress_add(j->progress, source_progress(s), 0);
	}
	source_close(s);
	if (findings_failed(j->findings) || tally_failed(out->tally) || out->out.failed)
		error_memory(&e);
	if (e.kind != ERROR_NONE && !stop_requested()) {
		complain(out, &e);
		out->intake.unreadable += e.kind != ERROR_EMPTY;
	}
}

/* Each thread has its own, with the same key. */
static int judge_redacts(struct judge *j, struct slice key, struct error *e)
{
	if (key.len == 0)
		return 0;
	j->redact = redact_new(key, e);
	if (j->redact == NULL)
		return -1;
	redact_model(j->redact, j->model);
	j->veil = redact_veil(j->redact);
	findings_cover(j->findings, &j->veil);
	return 0;
}

static int judges_make(struct judge *j, void **workers, unsigned count, const struct options *o,
		       const struct model *model, struct slice key, struct progress *progress,
		       struct error *e)
{
	const struct finding_format *format =
		o->names ? NULL
			 : finding_format(o->format != NULL ? slice_string(o->format)
							    : SLICE("text"));

	for (unsigned i = 0; i < count; i++) {
		j[i].o = o;
		j[i].model = model;
		j[i].format = format;
		j[i].progress = progress;
		j[i].color = terminal_color(STDOUT_FILENO);
		j[i].findings = findings_new(o->max_findings, &o->severities);
		if (j[i].findings == NULL)
			return error_memory(e);
		if (judge_redacts(&j[i], key, e) != 0)
			return -1;
		j[i].reader = reader_new(model, &o->limits, j[i].findings);
		if (j[i].reader == NULL)
			return error_memory(e);
		j[i].within = within_new(model, j[i].findings, e);
		if (j[i].within == NULL)
			return -1;
		workers[i] = &j[i];
	}
	return 0;
}

static void judges_free(struct judge *j, unsigned count)
{
	for (unsigned i = 0; j != NULL && i < count; i++) {
		within_free(j[i].within);
		reader_free(j[i].reader);
		findings_free(j[i].findings);
		redact_free(j[i].redact);
		buf_free(&j[i].id);
	}
	free(j);
}

/* A signal ends the run as an error of its own. */
static enum status interrupted(enum status status)
{
	struct error e = {0};

	if (!stop_requested())
		return status;
	error_set(&e, ERROR_STOPPED, "stopped by a signal: what is said above is not complete");
	return status_worst(status, terminal_error(&e));
}

enum status command_validate(const struct options *o, char **args, int count)
{
	struct error e = {0};
	struct queue_result result = {0};
	struct model *model = NULL;
	struct walk *walk = NULL;
	struct progress *progress = NULL;
	struct judge *judges = NULL;
	void **workers = NULL;
	struct buf key = BUF_INIT;
	double start = intake_now();
	enum status status = STATUS_TROUBLE;

	if ((o->nul && !o->names) || (o->names && o->format != NULL)) {
		error_set(&e, ERROR_USAGE, o->nul && !o->names
						   ? "-0 says how -l ends a path: it goes with -l"
						   : "-l prints paths alone: it does not go with "
						     "--format");
		goto out;
	}
	if (o->format != NULL && finding_format(slice_string(o->format)) == NULL) {
		error_set(&e, ERROR_USAGE, "--format takes text or ndjson, not '%s'", o->format);
		goto out;
	}
	if (veil_key(o, &key, &e) != 0)
		goto out;
	model = model_load(o->model, &e);
	if (model == NULL)
		goto out;
	walk = walk_open(args, (size_t)count, o->root, &e);
	if (walk == NULL)
		goto out;
	progress = progress_start(o, intake_total(args, count, o));
	judges = calloc(o->threads, sizeof(*judges));
	workers = calloc(o->threads, sizeof(*workers));
	result.tally = tally_new();
	if (judges == NULL || workers == NULL || result.tally == NULL) {
		error_memory(&e);
		goto out;
	}
	if (judges_make(judges, workers, o->threads, o, model, buf_view(&key), progress, &e) != 0)
		goto out;
	queue_run(walk, o, progress, judge_input, workers, o->threads, &result, &e);
	progress_end(progress);
	progress = NULL;
	intake_groups(o, result.tally);
	intake_summary(o, &result.intake, walk_counts(walk), intake_now() - start, !o->names);
	status = interrupted(result.status);
out:
	progress_end(progress);
	if (e.kind != ERROR_NONE)
		status = status_worst(STATUS_TROUBLE, terminal_error(&e));
	veil_forget(&key);
	judges_free(judges, o->threads);
	free(workers);
	tally_free(result.tally);
	walk_close(walk);
	model_free(model);
	return status;
}
