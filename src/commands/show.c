/*
 * show.c: one response, put together again from its lines and checked against its digest.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "bundle/lines.h"
#include "bundle/record.h"
#include "bundle/rows.h"
#include "bundle/tombstone.h"
#include "commands/bundles.h"
#include "commands/veil.h"
#include "json/members.h"
#include "json/pretty.h"
#include "json/write.h"
#include "model/model.h"

#define OUT_PIECE (256 * 1024) /* written at a time */
#define MODEL_MOST (16 * 1024 * 1024)

/* Which response is wanted, and the best one so far. */
struct search {
	struct slice id;   /* in the normal form, with quotes */
	uint64_t response; /* 0: the newest */
	bool has_at;       /* not newer than `at` */
	int64_t at;
	bool found, batch_found;
	int64_t oldest;    /* of the batch */
	size_t bundle;
	uint64_t number;
	int64_t updated;
};

struct show {
	const struct options *o;
	struct bundle *bundle;
	struct model *model;
	struct hasher *identity;
	struct rows rows; /* which lines are its recipients */
	struct redact *redact; /* NULL: no --redact */
	uint64_t erased;  /* of them, */
	uint64_t values;  /* and of what others and the response say */
	struct buf text, row, shown, out;
	struct pretty pretty;
	bool indent;
};

static bool consider(void *arg, size_t bundle, const char *path, struct slice line)
{
	struct search *s = arg;
	uint64_t number;
	int64_t updated = INT64_MIN;

	(void)path;
	if (!slice_equal(members_find(line, "id"), s->id) ||
	    !json_uint(members_find(line, "_response"), &number))
		return true;
	s->batch_found = true;
	if (s->response != 0 && number != s->response)
		return true;
	json_int(members_find(line, "last_updated_at_unix"), &updated);
	if (updated != INT64_MIN && updated < s->oldest)
		s->oldest = updated;
	if (s->has_at && (updated == INT64_MIN || updated > s->at))
		return true;
	if (s->found && updated < s->updated)
		return true;
	s->found = true;
	s->bundle = bundle;
	s->number = number;
	s->updated = updated;
	return true;
}

/* --- putting it together --- */

static void emit(struct show *s, struct slice piece)
{
	if (s->indent)
		pretty_append(&s->pretty, piece, &s->out);
	else
		buf_slice(&s->out, piece);
	if (s->out.len >= OUT_PIECE) {
		terminal_json(buf_view(&s->out));
		buf_clear(&s->out);
	}
}

static int damaged(struct show *s, const char *what, struct error *e)
{
	return error_set(e, ERROR_BUNDLE, "%s: %s; `callroll verify` tells more",
			 bundle_path(s->bundle), what);
}

/* What is printed of an object, valid until the next call; it stays as it is for the digest. */
static int veiled(struct show *s, enum redact_what what, struct slice object, struct slice *out,
		  struct error *e)
{
	*out = object;
	if (s->redact == NULL)
		return 0;
	buf_clear(&s->shown);
	if (redact_object(s->redact, what, object, &s->shown, e) != 0)
		return -1;
	*out = buf_view(&s->shown);
	return 0;
}

static int emit_recipients(struct show *s, struct lines *recipients, struct error *e)
{
	struct error why = {0};
	struct slice line, shown;

	s->erased = 0;
	for (size_t i = 0; i < s->rows.count && !terminal_gone(); i++) {
		buf_clear(&s->row);
		if (lines_get(recipients, s->rows.line[i], &line, e) != 0)
			return -1;
		if (tombstone_is(line)) {
			s->erased++;
			continue;
		}
		s->values += tombstone_values(line);
		if (record_restore(line, model_recipient(s->model), &s->row, NULL, 0, &why) != 0)
			return damaged(s, why.text, e);
		hasher_update(s->identity, s->row.data, s->row.len);
		hasher_update(s->identity, "\n", 1);
		if (veiled(s, REDACT_RECIPIENT, buf_view(&s->row), &shown, e) != 0)
			return -1;
		if (i > s->erased)
			emit(s, SLICE(","));
		emit(s, shown);
	}
	return 0;
}

/* Where the recipients belong in an object that has the same members as `text`. */
static size_t same_split(struct slice text, size_t split, struct slice other)
{
	struct members in, of;
	struct json_member m, n;
	size_t at = 1;

	members_begin(&in, text);
	members_begin(&of, other);
	while (members_next(&in, &m) && m.whole.data + m.whole.len <= text.data + split &&
	       members_next(&of, &n))
		at = (size_t)(n.whole.data + n.whole.len - other.data);
	return at;
}

/* Says what is missing. true: so the response is not the one that was captured. */
static bool say_erased(const struct show *s)
{
	struct buf out = BUF_INIT;

	if (s->erased + s->values == 0)
		return false;
	if (s->erased > 0) {
		text_count(&out, s->erased);
		buf_string(&out, " of ");
		text_count(&out, s->rows.count);
		buf_string(&out, s->rows.count == 1 ? " recipient" : " recipients");
		buf_string(&out, " of this response ");
		buf_string(&out, s->erased == 1 ? "was erased\n" : "were erased\n");
	}
	if (s->values > 0) {
		text_count(&out, s->values);
		buf_string(&out, s->values == 1 ? " value that named somebody was erased\n"
						: " values that named somebody were erased\n");
	}
	terminal_say_bytes(s->o, buf_view(&out));
	buf_free(&out);
	return true;
}

/* The response's own members stand around its recipients. */
static int put_around(struct show *s, size_t split, struct lines *recipients, struct error *e)
{
	struct slice text;
	struct buf around = BUF_INIT;
	bool before, after;
	int status;

	if (veiled(s, REDACT_RESPONSE, buf_view(&s->text), &text, e) != 0)
		return -1;
	if (s->redact != NULL)
		split = same_split(buf_view(&s->text), split, text);
	buf_slice(&around, text); /* recipients are veiled next */
	if (around.failed)
		return error_memory(e);
	text = buf_view(&around);
	before = text.data[split - 1] != '{';
	after = text.data[split] != '}' && !before;
	emit(s, slice_of(text.data, split));
	if (before)
		emit(s, SLICE(","));
	emit(s, SLICE("\"recipients\":["));
	status = emit_recipients(s, recipients, e);
	if (status == 0) {
		emit(s, SLICE("]"));
		if (after)
			emit(s, SLICE(","));
		emit(s, slice_of(text.data + split, text.len - split));
		buf_byte(&s->out, '\n');
	}
	buf_free(&around);
	return status;
}

static int emit_response(struct show *s, struct slice line, struct lines *recipients,
			 struct error *e)
{
	size_t split;
	struct slice text;
	struct sha256 wanted, got;
	struct slice digest = members_find(line, "_sha256");

	if (digest.len != SHA256_HEX + 2 ||
	    sha256_parse(slice_of(digest.data + 1, SHA256_HEX), &wanted) != 0)
		return damaged(s, "a response line has no digest", e);
	if (record_restore(line, model_root(s->model), &s->text, &split,
			   model_recipients(s->model), e) != 0)
		return -1;
	text = buf_view(&s->text);
	s->values = tombstone_values(line);
	if (put_around(s, split, recipients, e) != 0)
		return -1;
	if (terminal_gone() || say_erased(s))
		return 0;
	hasher_update(s->identity, text.data, text.len);
	hasher_update(s->identity, "\n", 1);
	got = hasher_final(s->identity);
	if (memcmp(&got, &wanted, sizeof(got)) != 0)
		return damaged(s,
			       "the response printed is not the one that was captured: its digest "
			       "differs",
			       e);
	return 0;
}

/* --- the bundle --- */

static int load_model(struct show *s, struct error *e)
{
	struct buf text = BUF_INIT;
	uint32_t entry = bundle_find_entry(s->bundle, SLICE(ENTRY_MODEL));

	if (entry == UINT32_MAX)
		return damaged(s, "its model is missing", e);
	if (bundle_read_entry(s->bundle, entry, MODEL_MOST, &text, e) == 0)
		s->model = model_compile(buf_view(&text), SLICE(""), bundle_path(s->bundle), e);
	buf_free(&text);
	return s->model == NULL ? -1 : 0;
}

static int show_response(struct show *s, uint64_t number, struct error *e)
{
	struct lines *responses = lines_open(s->bundle, LINES_RESPONSES, e);
	struct lines *recipients = lines_open(s->bundle, LINES_RECIPIENTS, e);
	struct slice line;
	int status = -1;

	if (responses != NULL && recipients != NULL &&
	    rows_of(s->bundle, number, &s->rows, e) == 0 &&
	    lines_get(responses, number, &line, e) == 0)
		status = emit_response(s, line, recipients, e);
	lines_close(responses);
	lines_close(recipients);
	return status;
}

static int show(struct show *s, const char *path, uint64_t number, struct error *e)
{
	int status;

	s->bundle = bundle_open(path, e);
	if (s->bundle == NULL || load_model(s, e) != 0)
		return -1;
	s->identity = hasher_new();
	if (s->identity == NULL)
		return error_memory(e);
	if (s->redact != NULL)
		redact_model(s->redact, s->model);
	status = show_response(s, number, e);
	terminal_json(buf_view(&s->out));
	return s->out.failed ? error_memory(e) : status;
}

static int none_so_old(const char *id, const struct search *search, const char *at,
		       struct error *e)
{
	struct buf oldest = BUF_INIT;

	text_time(&oldest, search->oldest);
	buf_byte(&oldest, '\0');
	if (oldest.failed)
		error_memory(e);
	else if (search->oldest == INT64_MAX)
		error_set(e, ERROR_USAGE, "no response of batch %s says when it was updated; "
			  "--response picks one by its number", id);
	else
		error_set(e, ERROR_USAGE,
			  "batch %s has no response as old as %s; the oldest is of %s", id, at,
			  oldest.data);
	buf_free(&oldest);
	return -1;
}

static int not_found(const char *id, const struct search *search, const char *at, struct error *e)
{
	if (search->batch_found && search->has_at)
		return none_so_old(id, search, at, e);
	if (search->batch_found)
		return error_set(e, ERROR_USAGE, "batch %s has no response with the number %" PRIu64
				 "; `callroll list --responses` shows the numbers", id,
				 search->response);
	return error_set(e, ERROR_USAGE,
			 "there is no batch %s here; `callroll list` shows the batches", id);
}

enum status command_show(const struct options *o, char **args, int count)
{
	struct error e = {0};
	struct bundle_paths paths;
	struct buf id = BUF_INIT;
	struct show s = {.o = o};
	struct search search = {.response = o->response, .has_at = o->at != NULL,
				.at = o->at_unix, .oldest = INT64_MAX};
	enum status status;

	if (o->at != NULL && o->response != 0) {
		error_set(&e, ERROR_USAGE, "--at and --response do not go together");
		return terminal_error(&e);
	}
	if (veil_open(o, &s.redact, &e) != 0)
		return terminal_error(&e);
	status = bundles_find(args + 1, count - 1, &paths);
	json_write_string(&id, slice_string(args[0]));
	search.id = buf_view(&id);
	s.indent = !o->compact && (o->pretty || terminal_width(1) > 0);
	status = status_worst(status, bundles_responses(&paths, consider, &search));
	if (!search.found && status > STATUS_FINDINGS) {
		; /* what could not be read was said; the batch may be there */
	} else if (!search.found) {
		not_found(args[0], &search, o->at, &e);
		terminal_error(&e);
		status = status_worst(status, STATUS_FINDINGS);
	} else if (show(&s, paths.path[search.bundle], search.number, &e) != 0) {
		status = status_worst(status, terminal_error(&e));
	}
	bundles_free(&paths);
	buf_free(&id);
	rows_free(&s.rows);
	buf_free(&s.text);
	buf_free(&s.row);
	buf_free(&s.shown);
	redact_free(s.redact);
	buf_free(&s.out);
	hasher_free(s.identity);
	model_free(s.model);
	bundle_close(s.bundle);
	return status;
}
