/*
 * archive.c: validate, normalise, compress. One input after the other, because a response's number
 * in the bundle depends on what came before; compression is done by other threads meanwhile.
 * Nothing of an input is lost: what is no record is set aside. The bundle appears whole or not at
 * all.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "bundle/archiver.h"
#include "commands/intake.h"
#include "commands/into.h"
#include "commands/output.h"

struct archive {
	const struct options *o;
	const struct model *model;
	struct findings *findings;
	struct reader *reader;
	struct tally *tally;
	struct writer *writer;
	struct archiver *archiver;
	struct progress *progress;
	char *folder; /* of the bundle */
	struct into into; /* without --into: no folder */
	struct intake intake;
	struct buf id;
	enum status status;
};

/* Something about one input that does not stop the others. */
static void complain(struct archive *a, const struct error *e)
{
	progress_clear(a->progress);
	a->status = status_worst(a->status, terminal_error(e));
	a->intake.unreadable += e->kind != ERROR_EMPTY;
}

/* --- bytes to keep as they are --- */

static int read_source(void *source, uint64_t offset, void *data, size_t len, struct error *e)
{
	return source_again(source, offset, data, len, e);
}

struct piece {
	struct source *s;
	uint64_t start;
};

static int read_piece(void *arg, uint64_t offset, void *data, size_t len, struct error *e)
{
	struct piece *p = arg;

	return read_source(p->s, p->start + offset, data, len, e);
}

struct whole {
	int fd;
	struct hasher *hasher; /* of what was read; each byte is read once, in order */
};

static int read_file(void *arg, uint64_t offset, void *data, size_t len, struct error *e)
{
	struct whole *w = arg;
	ssize_t n = file_pread(w->fd, data, len, offset, "the input", e);

	if (n < 0)
		return -1;
	if ((size_t)n < len)
		return error_set(e, ERROR_CHANGED, "the input became shorter while it was read");
	hasher_update(w->hasher, data, len);
	return 0;
}

/* A whole input file as a blob; its size and digest are those of what was kept. */
static int keep_file(struct archive *a, const struct walk_item *item, enum blob_kind kind,
		     uint64_t *number, struct listed_input *kept, struct error *e)
{
	struct stat st;
	struct whole w = {open(item->path, O_RDONLY | O_CLOEXEC), hasher_new()};
	int status = -1;

	if (w.fd < 0 || fstat(w.fd, &st) != 0)
		error_errno(e, "%s", item->name);
	else if (w.hasher == NULL)
		error_memory(e);
	else
		status = writer_blob(a->writer, kind, (uint64_t)st.st_size, read_file, &w, number,
				     e);
	if (status == 0)
		*kept = (struct listed_input){
			.size = (uint64_t)st.st_size, .digest = hasher_final(w.hasher)};
	hasher_free(w.hasher);
	if (w.fd >= 0)
		close(w.fd);
	return status;
}

/* --- responses --- */

static bool shall_be_kept(const struct archive *a, const struct reader_result *r)
{
	return r->verdict == VERDICT_RECORD &&
	       !(a->o->only_valid && findings_total(a->findings, SEVERITY_ERROR) > 0);
}

/* A response was read to its end. 0 or -1. */
static int response_ended(struct archive *a, struct source *s, struct archiver_source *totals,
			  struct error *e)
{
	const struct reader_result *r = reader_result(a->reader);
	struct check *check = reader_check(a->reader);
	struct piece piece = {s, r->start};
	struct finding_source at = {
		.path = slice_string(source_name(s)),
		.response = r->number,
		.batch_id = intake_batch_id(a->model, check, &a->id),
	};
	int kept = 0;

	if (shall_be_kept(a, r)) {
		kept = archiver_keep(a->archiver, check, r, &at, e);
		if (kept < 0)
			return -1;
		if (kept == 0)
			return reader_again(a->reader, e);
		totals->kept++;
	} else {
		if (archiver_set_aside(a->archiver, r, &at, read_piece, &piece, e) != 0)
			return -1;
		totals->set_aside++;
		a->status = status_worst(a->status, STATUS_FINDINGS);
	}
	totals->responses++;
	if (intake_response(&a->intake, r, a->findings))
		a->status = status_worst(a->status, STATUS_FINDINGS);
	tally_response(a->tally, a->findings, at.path);
	progress_add(a->progress, 0, 1);
	return 0;
}

static int stopped(struct error *e)
{
	return error_set(e, ERROR_STOPPED, "stopped by a signal");
}

/*
 * Reads one member. 0; -1: nothing can be written any more (*e); 1: this input cannot be read on
 * (*trouble).
 */
static int read_member(struct archive *a, struct source *s, struct archiver_source *totals,
		       struct error *trouble, struct error *e)
{
	bool open = false;

	reader_start(a->reader, s);
	for (;;) {
		if (stop_requested())
			return stopped(e);
		switch (reader_next(a->reader, trouble)) {
		case READER_BEGIN:
			if (archiver_begin(a->archiver, e) != 0)
				return -1;
			open = true;
			break;
		case READER_RECIPIENT:
			if (archiver_recipient(a->archiver, reader_check(a->reader), e) != 0)
				return -1;
			break;
		case READER_END:
			open = false;
			if (response_ended(a, s, totals, e) != 0)
				return -1;
			break;
		case READER_DONE:
			return 0;
		case READER_FAILED:
			if (trouble->kind == ERROR_MEMORY || trouble->kind == ERROR_STOPPED)
				return error_set(e, trouble->kind, "%s", trouble->text);
			if (open) {
				archiver_give_up(a->archiver);
				if (writer_take_back(a->writer, e) != 0)
					return -1;
			}
			return 1;
		}
	}
}

/* --- inputs --- */

/*
 * A member was read, or what could be read of it (*trouble says why not more). One of a container
 * has a line of its own; what a plain or compressed file holds is told with the file, whose line
 * comes when it is closed.
 */
static int list_member(struct archive *a, const struct walk_item *item, struct source *s,
		       struct archiver_source *member, struct archiver_source *totals,
		       const struct error *trouble, struct error *e)
{
	bool whole = trouble->kind == ERROR_NONE;

	totals->responses += member->responses;
	totals->kept += member->kept;
	totals->set_aside += member->set_aside;
	if (strcmp(source_name(s), item->name) == 0) {
		totals->size = source_size(s);
		totals->digest = whole ? source_sha256(s) : NULL;
		return 0;
	}
	totals->members++;
	member->path = slice_string(source_name(s));
	member->size = source_size(s);
	member->digest = whole ? source_sha256(s) : NULL;
	member->trouble = whole ? NULL : trouble->text;
	return archiver_source(a->archiver, member, e);
}

/*
 * An input that cannot be read to its end is kept as it lies there, so that nothing is lost.
 */
static int keep_unreadable(struct archive *a, const struct walk_item *item,
			   const struct archiver_source *totals, const struct error *trouble,
			   struct error *e)
{
	struct archiver_source line = *totals;
	struct listed_input file;
	struct error why = {0};

	line.path = slice_string(item->name);
	line.digest = NULL;
	line.trouble = trouble->text;
	complain(a, trouble);
	if (keep_file(a, item, BLOB_SET_ASIDE, &line.whole, &file, &why) == 0) {
		line.has_file = true;
		line.file_size = file.size;
		line.file_digest = file.digest;
	} else {
		if (why.kind == ERROR_MEMORY || why.kind == ERROR_STOPPED)
			return error_set(e, why.kind, "%s", why.text);
		line.whole = 0;
	}
	return archiver_source(a->archiver, &line, e);
}

/* The line of the input itself. */
static int close_input(struct archive *a, const struct walk_item *item, struct source *s,
		       struct archiver_source *line, struct error *e)
{
	struct listed_input file;
	struct error why = {0};

	a->intake.skipped += source_skipped(s);
	progress_add(a->progress, source_progress(s), 0);
	line->path = slice_string(item->name);
	line->has_file = source_container(s, &line->file_size, &line->file_digest, &why);
	if (why.kind != ERROR_NONE)
		return keep_unreadable(a, item, line, &why, e);
	if (a->o->originals &&
	    keep_file(a, item, BLOB_ORIGINALS, &line->original, &file, e) != 0)
		return -1;
	return archiver_source(a->archiver, line, e);
}

static int read_input(struct archive *a, const struct walk_item *item, struct error *e)
{
	struct error trouble = {0};
	struct source *s = source_open(item, true, a->folder, &trouble);
	struct archiver_source totals = {0};
	int more = 1, status = 0;

	if (s == NULL) {
		complain(a, &trouble);
		return 0;
	}
	while (status == 0 && (more = source_next(s, &trouble)) > 0) {
		struct archiver_source member = {0};

		status = read_member(a, s, &member, &trouble, e);
		a->intake.inputs++;
		a->intake.bytes += source_size(s);
		if (status >= 0 &&
		    list_member(a, item, s, &member, &totals, &trouble, e) != 0)
			status = -1;
	}
	if (status > 0 || (status == 0 && more < 0))
		status = keep_unreadable(a, item, &totals, &trouble, e);
	else if (status == 0)
		status = close_input(a, item, s, &totals, e);
	source_close(s);
	return status;
}

/* What cannot be read twice is copied to a file without a name first. */
static int spool_stream(struct archive *a, struct walk_item *item, int *fd, struct error *e)
{
	struct stat st;
	bool standard = strcmp(item->path, "-") == 0;
	int in, status = -1;
	char *path = NULL, *data = NULL;
	ssize_t n;

	*fd = -1;
	if (!standard && (stat(item->path, &st) != 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return 0; /* a file, or source_open's to complain about */
	in = standard ? STDIN_FILENO : open(item->path, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return error_errno(e, "%s", item->name);
	data = malloc(WINDOW_READ);
	if (data == NULL || (*fd = file_unnamed(a->folder, e)) < 0)
		goto out;
	while ((n = file_read(in, data, WINDOW_READ, item->name, e)) > 0)
		if (file_write(*fd, data, (size_t)n, "a temporary file", e) != 0)
			goto out;
	if (n < 0)
		goto out;
	path = malloc(64);
	if (path != NULL) {
		snprintf(path, 64, "/proc/self/fd/%d", *fd);
		free(item->path);
		item->path = path;
		status = 0;
	}
out:
	if (status != 0)
		error_memory(e);
	free(data);
	if (!standard)
		close(in);
	return status;
}

/* Is the input in a bundle of the folder already? 1, 0 or -1. */
static int is_listed(struct archive *a, const struct walk_item *item, struct error *e)
{
	struct error why = {0};
	struct stat st;
	int listed = into_lists(&a->into, item, &why);

	if (listed >= 0) {
		if (listed > 0 && stat(item->path, &st) == 0)
			progress_add(a->progress, (uint64_t)st.st_size, 0);
		return listed;
	}
	if (why.kind == ERROR_MEMORY || why.kind == ERROR_STOPPED)
		return error_set(e, why.kind, "%s", why.text);
	return 0; /* reading it will say the same, and what can be read is kept */
}

static int take_input(struct archive *a, struct walk_item *item, struct error *e)
{
	int fd = -1;
	int status = spool_stream(a, item, &fd, e);

	if (status == 0)
		status = is_listed(a, item, e);
	if (status == 0)
		status = read_input(a, item, e);
	if (fd >= 0)
		close(fd);
	return status < 0 ? -1 : 0;
}

static int read_all(struct archive *a, struct walk *walk, struct error *e)
{
	struct walk_item item;
	int more, status = 0;

	while (status == 0 && (more = walk_next(walk, &item, e)) > 0) {
		if (item.error.kind != ERROR_NONE)
			complain(a, &item.error);
		else
			status = take_input(a, &item, e);
		walk_item_free(&item);
	}
	if (status == 0 && (findings_failed(a->findings) || tally_failed(a->tally)))
		status = error_memory(e);
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
	output_about(a->model, &text);
	options_json(a->o, &text);
	buf_string(&text, "\n}\n");
	w.about = buf_view(&text);
	a->writer = text.failed ? NULL : writer_open(path, &w, e);
	buf_free(&text);
	if (a->writer == NULL || writer_stat(a->writer, &dev, &ino, e) != 0)
		return -1;
	walk_exclude(walk, dev, ino);
	a->archiver = archiver_new(a->writer, a->model, a->findings);
	return a->archiver == NULL ? error_memory(e) : 0;
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
	const struct archiver_counts n = archiver_counts(a->archiver);
	struct buf out = BUF_INIT;

	intake_groups(a->o, a->tally);
	intake_summary(a->o, &a->intake, walk_counts(walk), intake_now() - start, false);
	if (a->into.left_out > 0) {
		buf_string(&out, "left out    ");
		text_count(&out, a->into.left_out);
		buf_string(&out, a->into.left_out == 1 ? " input, listed in "
						       : " inputs, listed in ");
		bundles_there(a, &out);
		buf_string(&out, " already\n");
	}
	output_sealed(a->into.folder != NULL ? a->into.path : a->o->output, a->intake.bytes, t,
		      &out);
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
	a->findings = findings_new(a->o->max_findings, &a->o->severities);
	a->tally = tally_new();
	if (a->findings == NULL || a->tally == NULL)
		return error_memory(e);
	a->reader = reader_new(a->model, &a->o->limits, a->findings);
	a->folder = a->into.folder != NULL ? strdup(a->into.folder) : file_folder(a->o->output);
	return a->reader == NULL || a->folder == NULL ? error_memory(e) : 0;
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
	return into_open(&a->into, o->into, &a->status, e);
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
	struct model *model = NULL;
	double start = intake_now();
	bool done = false;

	if (open_output(&a, &e) != 0)
		goto out;
	model = model_load(o->model, &e);
	a.model = model;
	if (model == NULL || prepare(&a, &e) != 0)
		goto out;
	walk = walk_open(args, (size_t)count, o->root, &e);
	if (walk == NULL || open_bundle(&a, walk, &e) != 0)
		goto out;
	a.progress = progress_start(o, intake_total(args, count, o));
	if (read_all(&a, walk, &e) != 0)
		goto out;
	progress_clear(a.progress);
	done = close_bundle(&a, walk, start, &e) == 0;
out:
	progress_end(a.progress);
	writer_abandon(a.writer);
	if (!done)
		a.status = status_worst(a.status, terminal_error(&e));
	archiver_free(a.archiver);
	reader_free(a.reader);
	findings_free(a.findings);
	tally_free(a.tally);
	buf_free(&a.id);
	free(a.folder);
	into_free(&a.into);
	walk_close(walk);
	model_free(model);
	return a.status;
}
