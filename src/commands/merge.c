/*
 * merge.c: many bundles into one.
 * The new bundle appears whole or not at all, and only if nothing of the others had to be left
 * out for damage.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "bundle/erased.h"
#include "bundle/merge.h"
#include "commands/bundles.h"
#include "commands/intake.h"
#include "commands/output.h"

struct merging {
	const struct options *o;
	struct bundle_paths paths;
	struct sha256 *seals; /* of each of them */
	uint64_t bytes;       /* of all */
	struct buf erased;    /* what was erased from them: the elements of a list */
	struct model *model;
	struct writer *writer;
	struct merge *merge;
};

/* --- before anything is written --- */

static int not_the_output(const struct merging *m, const char *path, struct error *e)
{
	struct stat in, out;

	if (stat(path, &in) == 0 && stat(m->o->output, &out) == 0 && in.st_dev == out.st_dev &&
	    in.st_ino == out.st_ino)
		return error_set(e, ERROR_USAGE, "%s is one of the bundles to merge and cannot be "
						 "the new one", m->o->output);
	return 0;
}

/* Seals, sizes, and one model. */
static int look(struct merging *m, struct error *e)
{
	struct bundle *first = NULL;
	bool none = true;
	int status = 0;

	m->seals = calloc(m->paths.count + 1, sizeof(*m->seals));
	if (m->seals == NULL)
		return error_memory(e);
	for (size_t i = 0; i < m->paths.count && status == 0; i++) {
		struct bundle *b = bundle_open(m->paths.path[i], e);

		if (b == NULL) {
			status = -1;
			break;
		}
		m->seals[i] = *bundle_seal(b);
		m->bytes += bundle_file_size(b);
		status = not_the_output(m, m->paths.path[i], e);
		if (status == 0)
			status = erased_copy(b, &none, &m->erased, e);
		if (status == 0 && first != NULL && !merge_same_model(first, b))
			status = error_set(e, ERROR_USAGE,
					   "%s was checked against another model than %s: they "
					   "cannot be one bundle", bundle_path(b),
					   bundle_path(first));
		if (first == NULL)
			first = b;
		else
			bundle_close(b);
	}
	if (status == 0) {
		m->model = merge_model(first, e);
		status = m->model == NULL ? -1 : 0;
	}
	bundle_close(first);
	return status;
}

/* --- the new bundle --- */

static void about(const struct merging *m, struct buf *out)
{
	char hex[SHA256_HEX + 1];

	output_about(m->model, out);
	buf_printf(out, "{\"level\":%d},\n  \"merged\": {\"bundles\":%zu,\"seals\":[", m->o->level,
		   m->paths.count);
	for (size_t i = 0; i < m->paths.count; i++) {
		sha256_hex(&m->seals[i], hex);
		buf_printf(out, "%s\"%s\"", i > 0 ? "," : "", hex);
	}
	buf_string(out, "]}");
	if (m->erased.len > 0) {
		buf_string(out, ",\n  \"erased\": [");
		buf_slice(out, buf_view(&m->erased));
		buf_byte(out, ']');
	}
	buf_string(out, "\n}\n");
}

static int open_new(struct merging *m, struct error *e)
{
	struct buf text = BUF_INIT;
	struct writer_options w = {
		.level = m->o->level,
		.replace = m->o->force,
		.model = model_text(m->model),
		.threads = m->o->threads,
	};

	if (output_date(0, &w.mtime, e) != 0)
		return -1;
	about(m, &text);
	w.about = buf_view(&text);
	if (text.failed)
		error_memory(e);
	else
		m->writer = writer_open(m->o->output, &w, e);
	buf_free(&text);
	if (m->writer != NULL)
		m->merge = merge_new(m->writer, m->model, e);
	return m->merge == NULL ? -1 : 0;
}

static int add(struct merging *m, size_t i, struct progress *progress, struct error *e)
{
	struct bundle *b = bundle_open(m->paths.path[i], e);
	int status = -1;

	if (b == NULL)
		return -1;
	if (memcmp(bundle_seal(b), &m->seals[i], sizeof(m->seals[i])) != 0)
		error_set(e, ERROR_CHANGED, "%s changed while it was read", m->paths.path[i]);
	else
		status = merge_add(m->merge, b, e);
	progress_add(progress, bundle_file_size(b), bundle_lines(b, LINES_RESPONSES));
	bundle_close(b);
	return status;
}

static int add_all(struct merging *m, struct error *e)
{
	struct progress *progress = progress_start(m->o, m->bytes);
	int status = 0;

	for (size_t i = 0; i < m->paths.count && status == 0; i++)
		status = add(m, i, progress, e);
	progress_end(progress);
	return status;
}

static void tell(const struct merging *m, const struct writer_totals *t, double start)
{
	const struct keeper_counts *n = merge_counts(m->merge);
	uint64_t doubled = merge_doubled(m->merge);
	struct buf out = BUF_INIT;

	text_count(&out, m->paths.count);
	buf_string(&out, m->paths.count == 1 ? " bundle, " : " bundles, ");
	text_bytes(&out, m->bytes);
	buf_printf(&out, ", %.1f s\n", intake_now() - start);
	output_sealed(m->o->output, m->bytes, t, &out);
	buf_string(&out, "responses   ");
	text_count(&out, n->responses);
	buf_string(&out, " kept; ");
	text_count(&out, n->batches);
	buf_string(&out, n->batches == 1 ? " batch, " : " batches, ");
	text_count(&out, n->recipients);
	buf_string(&out, " recipient lines\n");
	if (doubled > 0) {
		buf_string(&out, "left out    ");
		text_count(&out, doubled);
		buf_string(&out, doubled == 1 ? " response" : " responses");
		buf_string(&out, " that a bundle before has too\n");
	}
	output_seal(t, &out);
	terminal_say_bytes(m->o, buf_view(&out));
	buf_free(&out);
}

static int merge_all(struct merging *m, struct error *e)
{
	struct writer_totals totals;
	double start = intake_now();
	int status;

	if (look(m, e) != 0 || open_new(m, e) != 0 || add_all(m, e) != 0)
		return -1;
	status = writer_close(m->writer, &totals, e);
	m->writer = NULL;
	if (status == 0)
		tell(m, &totals, start);
	return status;
}

enum status command_merge(const struct options *o, char **args, int count)
{
	struct error e = {0};
	struct merging m = {.o = o};
	enum status status = STATUS_OK;

	if (o->output == NULL)
		error_set(&e, ERROR_USAGE, "merge needs -o NEW: the bundle to write");
	else if (output_check(o, &e) == 0)
		status = bundles_find(args, count, &m.paths);
	if (e.kind == ERROR_NONE && status == STATUS_OK)
		merge_all(&m, &e);
	if (e.kind != ERROR_NONE)
		status = status_worst(status, terminal_error(&e));
	merge_free(m.merge);
	writer_abandon(m.writer);
	model_free(m.model);
	free(m.seals);
	buf_free(&m.erased);
	bundles_free(&m.paths);
	return status;
}
