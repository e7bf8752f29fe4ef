/*
 * export.c: what is in bundles, for other programs: CSV, NDJSON, SQLite, and the next batch.
 * A file appears whole or not at all, and only if nothing had to be left out for damage.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "commands/bundles.h"
#include "commands/intake.h"
#include "commands/output.h"
#include "commands/veil.h"
#include "export/objects.h"
#include "export/retry.h"
#include "export/sheet.h"
#include "export/sqlite.h"
#include "json/write.h"

enum format { CSV, NDJSON, SQLITE, FORMATS };

static const char *const formats[FORMATS] = {"csv", "ndjson", "sqlite"};

struct export
{
	const struct options *o;
	enum format format;
	struct bundle_paths paths;
	struct buf text; /* of the batches and statuses that are chosen, as JSON strings */
	struct slice *chosen;
	struct choice choice;
	struct roll *roll;
	struct redact *redact; /* NULL: no --redact */
	struct newfile *file; /* NULL: standard output */
	struct progress *progress;
	uint64_t rows;
	struct retry_report retry;
	struct sqlite_counts counts;
	bool ended; /* nobody reads what is written: no failure */
};

/* --- what is asked for --- */

static int read_format(struct export *x, struct error *e)
{
	const char *name = x->o->format != NULL ? x->o->format : formats[CSV];

	while (x->format < FORMATS && strcmp(name, formats[x->format]) != 0)
		x->format++;
	if (x->format == FORMATS)
		return error_set(e, ERROR_USAGE, "--format takes csv, ndjson or sqlite, not '%s'",
				 name);
	if (x->o->retry && x->format != CSV)
		return error_set(e, ERROR_USAGE, "--retry writes csv, not %s", name);
	if (x->o->spreadsheet && x->format != CSV)
		return error_set(e, ERROR_USAGE, "--spreadsheet is for csv, not for %s", name);
	if (x->o->retry && x->o->spreadsheet)
		return error_set(e, ERROR_USAGE,
				 "--retry and --spreadsheet do not go together: an "
				 "upload takes values as they are");
	return x->format == SQLITE && !sqlite_there(e) ? -1 : 0;
}

static bool to_stdout(const struct options *o)
{
	return o->output == NULL || strcmp(o->output, "-") == 0;
}

static int check_output(const struct export *x, char **args, int count, struct error *e)
{
	if (to_stdout(x->o))
		return x->format != SQLITE
			       ? 0
			       : error_set(e, ERROR_USAGE, "--format sqlite needs -o FILE");
	return output_check_other(x->o, args, count, false, e);
}

/* Batches first, then statuses, as they stand in lines. */
static int read_choice(struct export *x, struct error *e)
{
	const struct options *o = x->o;
	size_t count = o->batches.count + o->statuses.count;
	size_t *end = calloc(count + 1, sizeof(*end));

	x->chosen = calloc(count + 1, sizeof(*x->chosen));
	for (size_t i = 0; i < count && end != NULL; i++) {
		json_write_string(&x->text, i < o->batches.count
						    ? o->batches.text[i]
						    : o->statuses.text[i - o->batches.count]);
		end[i + 1] = x->text.len;
	}
	if (end == NULL || x->chosen == NULL || x->text.failed) {
		free(end);
		return error_memory(e);
	}
	for (size_t i = 0; i < count; i++)
		x->chosen[i] = slice_of(x->text.data + end[i], end[i + 1] - end[i]);
	free(end);
	x->choice = (struct choice){
		.batches = {x->chosen, o->batches.count},
		.statuses = {x->chosen + o->batches.count, o->statuses.count},
		.timed = o->since != NULL || o->until != NULL,
		.since = o->since != NULL ? o->since_unix : INT64_MIN,
		.until = o->until != NULL ? o->until_unix : INT64_MAX,
	};
	return 0;
}

/* --- writing --- */

static int put(void *arg, struct slice bytes, struct error *e)
{
	struct export *x = arg;

	if (x->file != NULL)
		return file_write(newfile_fd(x->file), bytes.data, bytes.len, x->o->output, e);
	if (x->format == NDJSON)
		terminal_json(bytes);
	else
		terminal_out(bytes); /* for a terminal, cells are safe already */
	x->ended = terminal_gone();
	return x->ended ? -1 : 0;
}

static void progress(void *arg, uint64_t bytes)
{
	progress_add(arg, bytes, 0);
}

static int write_database(struct export *x, struct error *e)
{
	char *path = newfile_path(x->file);
	int status;

	if (path == NULL)
		return error_memory(e);
	status = sqlite_export(x->roll, path, x->o->output, progress, x->progress, &x->counts, e);
	x->rows = x->counts.recipients;
	free(path);
	return status;
}

static int write_rows(struct export *x, struct error *e)
{
	struct target t = {
		.write = put,
		.arg = x,
		.spreadsheet = x->o->spreadsheet,
		.people = x->file == NULL && terminal_width(STDOUT_FILENO) > 0,
		.progress = progress,
		.progress_arg = x->progress,
	};
	int status;

	if (x->format == NDJSON)
		return objects_export(x->roll, &t, &x->rows, e);
	if (!x->o->retry)
		return sheet_export(x->roll, &t, &x->rows, e);
	status = retry_export(x->roll, &t, &x->retry, e);
	x->rows = x->retry.rows;
	return status;
}

static int read_roll(struct export *x, struct error *e)
{
	x->roll = roll_new(&x->choice);
	if (x->roll == NULL)
		return error_memory(e);
	roll_redact(x->roll, x->redact);
	for (size_t i = 0; i < x->paths.count; i++)
		if (roll_add(x->roll, x->paths.path[i], e) != 0)
			return -1;
	return roll_ready(x->roll, e);
}

static int write_all(struct export *x, struct error *e)
{
	struct newfile *file;
	int status;

	if (!to_stdout(x->o)) {
		x->file = newfile_create(x->o->output, x->o->force, e);
		if (x->file == NULL)
			return -1;
	}
	if (read_roll(x, e) != 0)
		return -1;
	x->progress = progress_start(x->o, 0);
	status = x->format == SQLITE ? write_database(x, e) : write_rows(x, e);
	progress_end(x->progress);
	if (status != 0 || x->file == NULL)
		return x->ended ? 0 : status;
	file = x->file;
	x->file = NULL;
	return newfile_commit(file, e);
}

/* --- what is said --- */

static void count(struct buf *out, uint64_t n, const char *one, const char *more)
{
	text_count(out, n);
	buf_byte(out, ' ');
	buf_string(out, n == 1 ? one : more);
}

static void tell_retry(const struct retry_report *r, struct buf *out)
{
	const char *at = r->left.data, *end = at + r->left.len;

	if (r->no_phone > 0) {
		buf_string(out, "left out    ");
		count(out, r->no_phone, "recipient", "recipients");
		buf_string(out, " without a phone number\n");
	}
	if (r->doubled > 0) {
		buf_string(out, "left out    ");
		count(out, r->doubled, "recipient", "recipients");
		buf_string(out, " whose phone number stands in another row\n");
	}
	while (r->left.len > 0 && at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));

		buf_string(out, "left out    ");
		text_safe(out, slice_of(at, (size_t)(lf - at)));
		buf_byte(out, '\n');
		at = lf + 1;
	}
}

static void tell(const struct export *x, double start)
{
	struct buf out = BUF_INIT;
	struct stat st;

	count(&out, x->rows, "recipient", "recipients");
	buf_string(&out, " of ");
	count(&out, roll_batches(x->roll), "batch", "batches");
	if (x->format == SQLITE) {
		buf_string(&out, "; ");
		count(&out, x->counts.responses, "response", "responses");
		buf_string(&out, ", ");
		count(&out, x->counts.states, "state", "states");
		buf_string(&out, ", ");
		count(&out, x->counts.findings, "finding", "findings");
	}
	if (!to_stdout(x->o) && stat(x->o->output, &st) == 0) {
		buf_string(&out, " -> ");
		text_safe(&out, slice_string(x->o->output));
		buf_string(&out, "   ");
		text_bytes(&out, (uint64_t)st.st_size);
	}
	buf_printf(&out, ", %.1f s\n", intake_now() - start);
	tell_retry(&x->retry, &out);
	terminal_say_bytes(x->o, buf_view(&out));
	buf_free(&out);
}

enum status command_export(const struct options *o, char **args, int args_count)
{
	struct error e = {0};
	struct export x = {.o = o};
	enum status status = STATUS_OK;
	double start = intake_now();

	if (read_format(&x, &e) == 0 && check_output(&x, args, args_count, &e) == 0 &&
	    read_choice(&x, &e) == 0 && veil_open(o, &x.redact, &e) == 0)
		status = bundles_find(args, args_count, &x.paths);
	if (e.kind == ERROR_NONE && status == STATUS_OK) {
		if (write_all(&x, &e) == 0 && !x.ended)
			tell(&x, start);
	}
	if (e.kind != ERROR_NONE)
		status = status_worst(status, terminal_error(&e));
	newfile_abandon(x.file);
	roll_free(x.roll);
	redact_free(x.redact);
	bundles_free(&x.paths);
	buf_free(&x.text);
	buf_free(&x.retry.left);
	free(x.chosen);
	return status;
}
