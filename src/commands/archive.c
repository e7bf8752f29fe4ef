/*
 * archive.c: validate, normalise, compress. One input after the other, because a response's number in the bundle
 * depends on what came before; compression is done by other threads meanwhile.
 * Nothing of an input is lost: what is no record is set aside. The bundle appears whole or not at all.
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
#include "bundle/frame.h"
#include "commands/intake.h"
#include "input/kind.h"
#include "json/write.h"

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

static int read_file(void *arg, uint64_t offset, void *data, size_t len, struct error *e)
{
	ssize_t n = file_pread(*(int *)arg, data, len, offset, "the input", e);

	if (n < 0)
		return -1;
	if ((size_t)n < len)
		return error_set(e, ERROR_CHANGED, "the input became shorter while it was read");
	return 0;
}

/* A whole input file as a blob. */
static int keep_file(struct archive *a, const struct walk_item *item, enum blob_kind kind,
		     uint64_t *number, struct error *e)
{
	struct stat st;
	int fd = open(item->path, O_RDONLY | O_CLOEXEC);
	int status = -1;

	if (fd < 0 || fstat(fd, &st) != 0)
		error_errno(e, "%s", item->name);
	else
		status = writer_blob(a->writer, kind, (uint64_t)st.st_size, read_file, &fd, number,
				     e);
	if (fd >= 0)
		close(fd);
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
 * Reads one member. 0; -1: nothing can be written any more (*e); 1: this input cannot be read on (*trouble).
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
			if (open && writer_take_back(a->writer, e) != 0)
				return -1;
			return 1;
		}
	}
}

/* --- inputs --- */

/* The line that says what became of a member, or of a plain file. */
static int list_member(struct archive *a, struct source *s, struct archiver_source *totals,
		       struct error *e)
{
	totals->path = slice_string(source_name(s));
	totals->size = source_size(s);
	totals->digest = source_sha256(s);
	return archiver_source(a->archiver, totals, e);
}

/*
 * An input that cannot be read to its end is kept as it lies there, so that nothing is lost.
 */
static int keep_unreadable(struct archive *a, const struct walk_item *item,
			   const struct archiver_source *totals, const struct error *trouble,
			   struct error *e)
{
	struct archiver_source line = *totals;
	struct error why = {0};

	line.path = slice_string(item->name);
	line.trouble = trouble->text;

	complain(a, trouble);
	if (keep_file(a, item, BLOB_SET_ASIDE, &line.whole, &why) != 0) {
		if (why.kind == ERROR_MEMORY || why.kind == ERROR_STOPPED)
			return error_set(e, why.kind, "%s", why.text);
		line.whole = 0;
	}
	return archiver_source(a->archiver, &line, e);
}

/* The container's own line, and the original. */
static int close_input(struct archive *a, const struct walk_item *item, struct source *s,
		       struct error *e)
{
	struct archiver_source line = {.path = slice_string(item->name)};
	struct error why = {0};

	a->intake.skipped += source_skipped(s);
	progress_add(a->progress, source_progress(s), 0);
	line.has_file = source_container(s, &line.file_size, &line.file_digest, &why);
	if (why.kind != ERROR_NONE)
		return keep_unreadable(a, item, &line, &why, e);
	if (a->o->originals && keep_file(a, item, BLOB_ORIGINALS, &line.original, e) != 0)
		return -1;
	if (!line.has_file && line.original == 0)
		return 0;
	return archiver_source(a->archiver, &line, e);
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
		totals = (struct archiver_source){0};
		status = read_member(a, s, &totals, &trouble, e);
		a->intake.inputs++;
		a->intake.bytes += source_size(s);
		if (status == 0)
			status = list_member(a, s, &totals, e);
	}
	if (status > 0 || (status == 0 && more < 0))
		status = keep_unreadable(a, item, &totals, &trouble, e);
	else if (status == 0)
		status = close_input(a, item, s, e);
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

static int read_all(struct archive *a, struct walk *walk, struct error *e)
{
	struct walk_item item;
	int more, status = 0;

	while (status == 0 && (more = walk_next(walk, &item, e)) > 0) {
		int fd = -1;

		if (item.error.kind != ERROR_NONE) {
			complain(a, &item.error);
		} else {
			status = spool_stream(a, &item, &fd, e);
			if (status == 0)
				status = read_input(a, &item, e);
		}
		if (fd >= 0)
			close(fd);
		walk_item_free(&item);
	}
	if (status == 0 && (findings_failed(a->findings) || tally_failed(a->tally)))
		status = error_memory(e);
	return status == 0 && more >= 0 ? 0 : -1;
}

/* --- the bundle --- */

/* callroll.json: what made this bundle, and with which options that change its content. */
static void about(const struct archive *a, struct buf *out)
{
	char hex[SHA256_HEX + 1];

	buf_string(out, "{\n  \"format\": \"" BUNDLE_FORMAT "\",\n  \"version\": \"" BUNDLE_VERSION
			"\",\n  \"callroll\": \"" PACKAGE_VERSION "\",\n  \"libzstd\": ");
	json_write_string(out, slice_string(frame_zstd_version()));
	buf_string(out, ",\n  \"model\": ");
	json_write_string(out, model_id(a->model));
	sha256_hex(model_digest(a->model), hex);
	buf_printf(out, ",\n  \"model_sha256\": \"%s\",\n  \"options\": ", hex);
	options_json(a->o, out);
	buf_string(out, "\n}\n");
}

/* The time that all entries carry. */
static int source_date(int64_t *out, struct error *e)
{
	const char *value = getenv("SOURCE_DATE_EPOCH");
	char *end;
	long long n;

	*out = 0;
	if (value == NULL || *value == '\0')
		return 0;
	n = strtoll(value, &end, 10);
	if (*end != '\0' || n < 0 || n >= INT32_MAX)
		return error_set(e, ERROR_USAGE,
				 "SOURCE_DATE_EPOCH is '%s', which is no time for a bundle's "
				 "entries", value);
	*out = n;
	return 0;
}

/* Only a bundle is ever replaced. */
static int check_output(const struct options *o, struct error *e)
{
	struct stat st;
	bool bundle;
	int fd;

	if (strcmp(o->output, "-") == 0)
		return error_set(e, ERROR_USAGE, "a bundle is a file: -o - cannot be");
	if (stat(o->output, &st) != 0)
		return 0; /* a new file, or what writer_open complains about */
	if (!o->force)
		return error_set(e, ERROR_USAGE, "%s exists already; --force replaces a bundle",
				 o->output);
	fd = open(o->output, O_RDONLY | O_CLOEXEC);
	bundle = fd >= 0 && S_ISREG(st.st_mode) && (st.st_size == 0 || kind_is_bundle(fd));
	if (fd >= 0)
		close(fd);
	if (!bundle)
		return error_set(e, ERROR_USAGE, "%s is no bundle: --force does not replace it",
				 o->output);
	return 0;
}

static int open_bundle(struct archive *a, struct walk *walk, struct error *e)
{
	struct buf text = BUF_INIT;
	struct writer_options w = {
		.level = a->o->level,
		.replace = a->o->force,
		.model = model_text(a->model),
		.threads = a->o->threads,
	};
	dev_t dev;
	ino_t ino;

	if (source_date(&w.mtime, e) != 0)
		return -1;
	about(a, &text);
	w.about = buf_view(&text);
	a->writer = text.failed ? NULL : writer_open(a->o->output, &w, e);
	buf_free(&text);
	if (a->writer == NULL || writer_stat(a->writer, &dev, &ino, e) != 0)
		return -1;
	walk_exclude(walk, dev, ino);
	a->archiver = archiver_new(a->writer, a->model, a->findings);
	return a->archiver == NULL ? error_memory(e) : 0;
}

static void tell(struct archive *a, const struct writer_totals *t, const struct walk *walk,
		 double start)
{
	const struct archiver_counts *n = archiver_counts(a->archiver);
	struct buf out = BUF_INIT;
	char hex[SHA256_HEX + 1];

	intake_groups(a->o, a->tally);
	intake_summary(a->o, &a->intake, walk_counts(walk), intake_now() - start, false);
	buf_string(&out, "sealed      ");
	text_safe(&out, slice_string(a->o->output));
	buf_string(&out, "   ");
	text_bytes(&out, a->intake.bytes);
	buf_string(&out, " -> ");
	text_bytes(&out, t->size);
	if (t->size > 0)
		buf_printf(&out, " (%.1f:1)", (double)a->intake.bytes / (double)t->size);
	buf_string(&out, "\nresponses   ");
	text_count(&out, n->kept);
	buf_string(&out, " kept");
	if (n->with_errors > 0)
		buf_printf(&out, " (%llu with errors)", (unsigned long long)n->with_errors);
	buf_string(&out, "; ");
	text_count(&out, n->batches);
	buf_string(&out, n->batches == 1 ? " batch, " : " batches, ");
	text_count(&out, n->recipients);
	buf_string(&out, " recipient lines\n");
	if (n->set_aside > 0) {
		buf_string(&out, "set aside   ");
		text_count(&out, n->set_aside);
		buf_string(&out, n->set_aside == 1 ? " piece, " : " pieces, ");
		text_bytes(&out, n->set_aside_bytes);
		buf_string(&out, ", byte for byte in set-aside/\n");
	}
	sha256_hex(&t->seal, hex);
	buf_printf(&out,
		   "seal        %s\n            note it elsewhere: verify --seal proves that "
		   "nothing changed since\n",
		   hex);
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
	a->folder = file_folder(a->o->output);
	return a->reader == NULL || a->folder == NULL ? error_memory(e) : 0;
}

enum status command_archive(const struct options *o, char **args, int count)
{
	struct error e = {0};
	struct archive a = {.o = o};
	struct writer_totals totals;
	struct walk *walk = NULL;
	struct model *model = NULL;
	double start = intake_now();
	bool done = false;

	if (o->output == NULL) {
		error_set(&e, ERROR_USAGE, "archive needs -o BUNDLE: the file to write");
		goto out;
	}
	if (check_output(o, &e) != 0)
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
	if (writer_lines(a.writer, LINES_SOURCES) == 0) {
		error_set(&e, ERROR_EMPTY, "there was nothing to archive: no bundle was written");
		goto out;
	}
	if (writer_close(a.writer, &totals, &e) != 0) {
		a.writer = NULL;
		goto out;
	}
	a.writer = NULL;
	tell(&a, &totals, walk, start);
	done = true;
out:
	progress_end(a.progress);
	writer_abandon(a.writer);
	if (!done) {
		a.status = status_worst(a.status, terminal_error(&e));
	}
	archiver_free(a.archiver);
	reader_free(a.reader);
	findings_free(a.findings);
	tally_free(a.tally);
	buf_free(&a.id);
	free(a.folder);
	walk_close(walk);
	model_free(model);
	return a.status;
}
