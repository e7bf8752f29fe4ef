/*
 * archive.c: validate, normalise, compress: a bundle of captures, or a new one in a folder of
 * bundles. The bundle appears whole or not at all.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "commands/collect.h"
#include "commands/into.h"
#include "commands/output.h"
#include "input/ahead.h"

struct archive {
	const struct options *o;
	struct model *model;
	struct writer *writer;
	struct collect collect;
	char *folder; /* of the bundle */
	struct into into; /* without --into: no folder */
};

/* Is the input in a bundle of the folder already? 1, 0 or -1. */
static int is_listed(void *arg, const struct walk_item *item, struct error *e)
{
	struct archive *a = arg;
	struct error why = {0};
	struct stat st;
	int listed = into_lists(&a->into, item, &why);

	if (listed >= 0) {
		if (listed > 0 && stat(item->path, &st) == 0)
			progress_add(a->collect.progress, (uint64_t)st.st_size, 0);
		return listed;
	}
	if (why.kind == ERROR_MEMORY || why.kind == ERROR_STOPPED)
		return error_set(e, why.kind, "%s", why.text);
	return 0; /* reading it will say the same, and what can be read is kept */
}

static int read_all(struct archive *a, struct walk *walk, struct error *e)
{
	struct collect *c = &a->collect;
	struct ahead *ahead = ahead_new(walk, writer_pool(a->writer), a->folder);
	struct walk_item item;
	int more, status = 0;

	if (ahead == NULL)
		return error_memory(e);
	c->ahead = ahead;
	while (status == 0 && (more = ahead_next(ahead, &item, e)) > 0) {
		if (item.error.kind != ERROR_NONE)
			collect_complain(c, &item.error);
		else
			status = collect_input(c, &item, e);
		walk_item_free(&item);
	}
	ahead_free(ahead);
	c->ahead = NULL;
	if (status == 0)
		status = collect_end(c, e);
	return status == 0 && more >= 0 ? 0 : -1;
}

/* --- the bundle --- */

static int open_bundle(struct archive *a, struct walk *walk, struct error *e)
{
	struct buf text = BUF_INIT;
	struct writer_options w = {
		.level = a->o->level,
		.replace = a->o->force,
		.into = a->into.folder != NULL,
		.model = model_text(a->model),
		.threads = a->o->threads,
	};
	const char *path = w.into ? a->into.folder : a->o->output;
	dev_t dev;
	ino_t ino;

	if (output_date(0, &w.mtime, e) != 0)
		return -1;
	collect_about(a->o, a->model, &text);
	w.about = buf_view(&text);
	a->writer = text.failed ? NULL : writer_open(path, &w, e);
	buf_free(&text);
	if (a->writer == NULL || writer_stat(a->writer, &dev, &ino, e) != 0)
		return -1;
	walk_exclude(walk, dev, ino);
	a->collect.writer = a->writer;
	return collect_open(&a->collect, e);
}

static void bundles_there(const struct archive *a, struct buf *out)
{
	text_count(out, a->into.bundles);
	buf_string(out, a->into.bundles == 1 ? " bundle" : " bundles");
}

/* Everything was left out. */
static void tell_nothing_new(const struct archive *a)
{
	struct buf out = BUF_INIT;

	buf_string(&out, "nothing new: ");
	text_count(&out, a->into.left_out);
	buf_string(&out, a->into.left_out == 1 ? " input is in " : " inputs are in ");
	bundles_there(a, &out);
	buf_string(&out, " already\n");
	terminal_say_bytes(a->o, buf_view(&out));
	buf_free(&out);
}

static void tell(struct archive *a, const struct writer_totals *t, const struct walk *walk,
		 double start)
{
	const struct archiver_counts n = archiver_counts(a->collect.archiver);
	struct buf out = BUF_INIT;

	intake_groups(a->o, a->collect.tally);
	intake_summary(a->o, &a->collect.intake, walk_counts(walk), intake_now() - start, false);
	if (a->into.left_out > 0) {
		buf_string(&out, "left out    ");
		text_count(&out, a->into.left_out);
		buf_string(&out, a->into.left_out == 1 ? " input, listed in "
						       : " inputs, listed in ");
		bundles_there(a, &out);
		buf_string(&out, " already\n");
	}
	output_sealed(a->into.folder != NULL ? a->into.path : a->o->output,
		      a->collect.intake.bytes, t, &out);
	buf_string(&out, "responses   ");
	text_count(&out, n.kept);
	buf_string(&out, " kept");
	if (n.with_errors > 0)
		buf_printf(&out, " (%llu with errors)", (unsigned long long)n.with_errors);
	buf_string(&out, "; ");
	text_count(&out, n.batches);
	buf_string(&out, n.batches == 1 ? " batch, " : " batches, ");
	text_count(&out, n.recipients);
	buf_string(&out, " recipient lines\n");
	if (n.set_aside > 0) {
		buf_string(&out, "set aside   ");
		text_count(&out, n.set_aside);
		buf_string(&out, n.set_aside == 1 ? " piece, " : " pieces, ");
		text_bytes(&out, n.set_aside_bytes);
		buf_string(&out, ", byte for byte in set-aside/\n");
	}
	output_seal(t, &out);
	terminal_say_bytes(a->o, buf_view(&out));
	buf_free(&out);
}

static int prepare(struct archive *a, struct error *e)
{
	a->model = model_load(a->o->model, e);
	if (a->model == NULL)
		return -1;
	a->folder = a->into.folder != NULL ? strdup(a->into.folder) : file_folder(a->o->output);
	if (a->folder == NULL)
		return error_memory(e);
	a->collect.o = a->o;
	a->collect.model = a->model;
	a->collect.folder = a->folder;
	a->collect.leave_out = is_listed;
	a->collect.arg = a;
	return 0;
}

/* -o BUNDLE or --into DIR */
static int open_output(struct archive *a, struct error *e)
{
	const struct options *o = a->o;

	if (o->output == NULL && o->into == NULL)
		return error_set(e, ERROR_USAGE, "archive needs -o BUNDLE, the file to write, or "
						 "--into DIR, a folder of bundles");
	if (o->output != NULL && o->into != NULL)
		return error_set(e, ERROR_USAGE, "-o and --into cannot go together");
	if (o->into == NULL)
		return output_check(o, e);
	if (o->force)
		return error_set(e, ERROR_USAGE, "--into never replaces a bundle: --force is not "
						 "for it");
	return into_open(&a->into, o->into, &a->collect.status, e);
}

/* Ends the bundle, unless nothing is in it, and says what came of it. */
static int close_bundle(struct archive *a, const struct walk *walk, double start, struct error *e)
{
	struct writer *w = a->writer;
	struct writer_totals totals;
	int written;

	if (writer_lines(w, LINES_SOURCES) == 0) {
		if (a->into.left_out == 0)
			return error_set(e, ERROR_EMPTY,
					 "there was nothing to archive: no bundle was written");
		tell_nothing_new(a);
		return 0;
	}
	a->writer = NULL;
	if (a->into.folder == NULL)
		written = writer_close(w, &totals, e) == 0 ? 1 : -1;
	else
		written = into_close(&a->into, w, &totals, e);
	if (written < 0)
		return -1;
	if (written == 0)
		terminal_say(a->o, "callroll: another run wrote the same bundle meanwhile");
	tell(a, &totals, walk, start);
	return 0;
}

enum status command_archive(const struct options *o, char **args, int count)
{
	struct error e = {0};
	struct archive a = {.o = o};
	struct walk *walk = NULL;
	double start = intake_now();
	enum status status;
	bool done = false;

	if (open_output(&a, &e) != 0 || prepare(&a, &e) != 0)
		goto out;
	walk = walk_open(args, (size_t)count, o->root, &e);
	if (walk == NULL || open_bundle(&a, walk, &e) != 0)
		goto out;
	a.collect.progress = progress_start(o, intake_total(args, count, o));
	if (read_all(&a, walk, &e) != 0)
		goto out;
	progress_clear(a.collect.progress);
	done = close_bundle(&a, walk, start, &e) == 0;
out:
	progress_end(a.collect.progress);
	writer_abandon(a.writer);
	if (!done)
		a.collect.status = status_worst(a.collect.status, terminal_error(&e));
	status = a.collect.status;
	collect_free(&a.collect);
	free(a.folder);
	into_free(&a.into);
	walk_close(walk);
	model_free(a.model);
	return status;
}
