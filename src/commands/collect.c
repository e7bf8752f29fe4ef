/*
 * collect.c: reads captures and hands what is in them to the archiver.
 * A response is kept whole, or set aside byte for byte; so is an input that cannot be read to its
 * end. One broken input never hides the others.
 */
#include "commands/collect.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "bundle/listed.h"
#include "commands/output.h"

void collect_complain(struct collect *c, const struct error *e)
{
	progress_clear(c->progress);
	c->trouble = status_worst(c->trouble, terminal_error(e));
	c->status = status_worst(c->status, c->trouble);
	if (e->kind == ERROR_EMPTY)
		return;
	c->intake.unreadable++;
	/* Without memory one sentence less is repeated. */
	if (c->complaints != NULL && map_count(c->complaints) < COLLECT_COMPLAINTS_MOST)
		map_add(c->complaints, slice_string(e->text));
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
static int keep_file(struct collect *c, const struct walk_item *item, enum blob_kind kind,
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
		status = writer_blob(c->writer, kind, (uint64_t)st.st_size, read_file, &w, number,
				     e);
	if (status == 0)
		*kept = (struct listed_input){.size = (uint64_t)st.st_size,
					      .digest = hasher_final(w.hasher)};
	hasher_free(w.hasher);
	if (w.fd >= 0)
		close(w.fd);
	return status;
}

/* --- responses --- */

static bool shall_be_kept(const struct collect *c, const struct reader_result *r)
{
	return r->verdict == VERDICT_RECORD &&
	       !(c->o->only_valid && findings_total(c->findings, SEVERITY_ERROR) > 0);
}

/* A response was read to its end. 0 or -1. */
static int response_ended(struct collect *c, struct source *s, struct archiver_source *totals,
			  struct error *e)
{
	const struct reader_result *r = reader_result(c->reader);
	struct check *check = reader_check(c->reader);
	struct piece piece = {s, r->start};
	struct finding_source at = {
		.path = slice_string(source_name(s)),
		.response = r->number,
		.batch_id = intake_batch_id(c->model, check, &c->id),
	};
	int kept = 0;

	if (shall_be_kept(c, r)) {
		kept = archiver_keep(c->archiver, check, r, &at, e);
		if (kept < 0)
			return -1;
		if (kept == 0)
			return reader_again(c->reader, e);
		totals->kept++;
	} else {
		if (archiver_set_aside(c->archiver, r, &at, read_piece, &piece, e) != 0)
			return -1;
		totals->set_aside++;
		c->status = status_worst(c->status, STATUS_FINDINGS);
	}
	totals->responses++;
	if (intake_response(&c->intake, r, c->findings))
		c->status = status_worst(c->status, STATUS_FINDINGS);
	tally_response(c->tally, c->findings, at.path);
	progress_add(c->progress, 0, 1);
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
static int read_member(struct collect *c, struct source *s, struct archiver_source *totals,
		       struct error *trouble, struct error *e)
{
	bool open = false;

	reader_start(c->reader, s);
	for (;;) {
		if (stop_requested())
			return stopped(e);
		switch (within_next(c->within, c->reader, s, trouble)) {
		case READER_BEGIN:
			if (archiver_begin(c->archiver, e) != 0)
				return -1;
			open = true;
			break;
		case READER_RECIPIENT:
			if (archiver_recipient(c->archiver, reader_check(c->reader), e) != 0)
				return -1;
			break;
		case READER_END:
			open = false;
			if (response_ended(c, s, totals, e) != 0)
				return -1;
			break;
		case READER_DONE:
			return 0;
		case READER_FAILED:
			if (trouble->kind == ERROR_MEMORY || trouble->kind == ERROR_STOPPED)
				return error_set(e, trouble->kind, "%s", trouble->text);
			if (open) {
				archiver_give_up(c->archiver);
				if (writer_take_back(c->writer, e) != 0)
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
static int list_member(struct collect *c, const struct walk_item *item, struct source *s,
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
	return archiver_source(c->archiver, member, e);
}

/*
 * An input that cannot be read to its end is kept as it lies there, so that nothing is lost.
 */
static int keep_unreadable(struct collect *c, const struct walk_item *item,
			   const struct archiver_source *totals, const struct error *trouble,
			   struct error *e)
{
	struct archiver_source line = *totals;
	struct listed_input file;
	struct error why = {0};

	line.path = slice_string(item->name);
	line.digest = NULL;
	line.trouble = trouble->text;
	collect_complain(c, trouble);
	if (keep_file(c, item, BLOB_SET_ASIDE, &line.whole, &file, &why) == 0) {
		line.has_file = true;
		line.file_size = file.size;
		line.file_digest = file.digest;
	} else {
		if (why.kind == ERROR_MEMORY || why.kind == ERROR_STOPPED)
			return error_set(e, why.kind, "%s", why.text);
		line.whole = 0;
	}
	return archiver_source(c->archiver, &line, e);
}

/* The line of the input itself. */
static int close_input(struct collect *c, const struct walk_item *item, struct source *s,
		       struct archiver_source *line, struct error *e)
{
	struct listed_input file;
	struct error why = {0};

	c->intake.skipped += source_skipped(s);
	progress_add(c->progress, source_progress(s), 0);
	line->path = slice_string(item->name);
	line->has_file = source_container(s, &line->file_size, &line->file_digest, &why);
	if (why.kind != ERROR_NONE)
		return keep_unreadable(c, item, line, &why, e);
	if (c->o->originals && keep_file(c, item, BLOB_ORIGINALS, &line->original, &file, e) != 0)
		return -1;
	return archiver_source(c->archiver, line, e);
}

static struct source *open_input(struct collect *c, const struct walk_item *item, struct error *e)
{
	struct source *s;

	if (c->ahead != NULL)
		return ahead_open(c->ahead, item, e);
	s = source_open(item, true, c->folder, e);
	if (s != NULL)
		source_use(s, writer_pool(c->writer));
	return s;
}

static int read_input(struct collect *c, const struct walk_item *item, struct error *e)
{
	struct error trouble = {0};
	struct source *s = open_input(c, item, &trouble);
	struct archiver_source totals = {0};
	int more = 1, status = 0;

	if (s == NULL) {
		collect_complain(c, &trouble);
		return 0;
	}
	while (status == 0 && (more = source_next(s, &trouble)) > 0) {
		struct archiver_source member = {0};

		status = read_member(c, s, &member, &trouble, e);
		c->intake.inputs++;
		c->intake.bytes += source_size(s);
		if (status >= 0 && list_member(c, item, s, &member, &totals, &trouble, e) != 0)
			status = -1;
	}
	if (status > 0 || (status == 0 && more < 0))
		status = keep_unreadable(c, item, &totals, &trouble, e);
	else if (status == 0)
		status = close_input(c, item, s, &totals, e);
	source_close(s);
	return status;
}

/* What cannot be read twice is copied to a file without a name first. */
static int spool_stream(struct collect *c, struct walk_item *item, int *fd, struct error *e)
{
	struct stat st;
	bool standard = strcmp(item->path, "-") == 0;
	int in, status = -1;
	char *path = NULL, *data = NULL;
	ssize_t n;

	*fd = -1;
	if (!item->named)
		return 0; /* a file in a folder */
	if (!standard && (stat(item->path, &st) != 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return 0; /* a file, or source_open's to complain about */
	in = standard ? STDIN_FILENO : open(item->path, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return error_errno(e, "%s", item->name);
	data = malloc(WINDOW_READ);
	if (data == NULL || (*fd = file_unnamed(c->folder, e)) < 0)
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

int collect_input(struct collect *c, struct walk_item *item, struct error *e)
{
	int fd = -1;
	int status = spool_stream(c, item, &fd, e);

	if (status == 0 && c->leave_out != NULL)
		status = c->leave_out(c->arg, item, e);
	if (status == 0)
		status = read_input(c, item, e);
	if (fd >= 0)
		close(fd);
	return status < 0 ? -1 : 0;
}

/* --- open and close --- */

int collect_open(struct collect *c, struct error *e)
{
	c->findings = findings_new(c->o->max_findings, &c->o->severities);
	c->tally = tally_new();
	if (c->findings == NULL || c->tally == NULL)
		return error_memory(e);
	c->reader = reader_new(c->model, &c->o->limits, c->findings);
	c->archiver = archiver_new(c->writer, c->model, c->findings);
	if (c->reader == NULL || c->archiver == NULL)
		return error_memory(e);
	c->within = within_new(c->model, c->findings, e);
	return c->within == NULL ? -1 : 0;
}

void collect_free(struct collect *c)
{
	archiver_free(c->archiver);
	within_free(c->within);
	reader_free(c->reader);
	findings_free(c->findings);
	tally_free(c->tally);
	buf_free(&c->id);
}

int collect_end(struct collect *c, struct error *e)
{
	return findings_failed(c->findings) || tally_failed(c->tally) ? error_memory(e) : 0;
}

void collect_about(const struct options *o, const struct model *model, struct buf *out)
{
	output_about(model, out);
	options_json(o, out);
	buf_string(out, "\n}\n");
}
