/*
 * sqlite.c: fills an SQLite database, row by row with prepared statements, in one transaction.
 * The file is temporary until its caller renames it, so that SQLite needs no journal and no sync.
 * It must never put a value into a column whose type it has not.
 */
#include "export/sqlite.h"

#ifndef WITH_SQLITE

bool sqlite_there(struct error *e)
{
	error_set(e, ERROR_USAGE, "this callroll was built without SQLite: --format sqlite is not "
				  "there; csv and ndjson are");
	return false;
}

int sqlite_export(const struct roll *r, const char *path, const char *name,
		  void (*progress)(void *arg, uint64_t bytes), void *progress_arg,
		  struct sqlite_counts *counts, struct error *e)
{
	(void)r, (void)path, (void)name, (void)progress, (void)progress_arg, (void)counts;
	sqlite_there(e);
	return -1;
}

#else

#include <sqlite3.h>
#include <stdio.h>

#include "base/file.h"
#include "bundle/merge.h"
#include "bundle/record.h"
#include "bundle/tombstone.h"
#include "export/schema.h"
#include "json/members.h"

/* Steps of SQLite's machine after which it looks whether callroll is to end. */
#define STOP_STEPS 100000

static const char settings[] = "PRAGMA page_size = 8192;"
			       "PRAGMA journal_mode = OFF;"
			       "PRAGMA synchronous = OFF;"
			       "PRAGMA locking_mode = EXCLUSIVE;"
			       "PRAGMA cache_size = -32768;" /* KiB; also for sorting indexes */
			       "PRAGMA application_id = %d;"
			       "PRAGMA user_version = %d;"
			       "BEGIN;";

enum { ADD_BUNDLE, ADD_RESPONSE, ADD_STATE, ADD_RECIPIENT, ADD_FINDING, ADDS };

struct load {
	const struct roll *roll;
	const char *name;
	sqlite3 *db;
	sqlite3_stmt *add[ADDS];
	sqlite3_stmt *now; /* whose values are bound, */
	int column;        /* and the last one that was */
	void (*progress)(void *arg, uint64_t bytes);
	void *progress_arg;
	struct sqlite_counts *counts;
	/* of the bundle that is read */
	size_t bundle;
	struct bundle *b;
	struct model *model; /* NULL until a line needs it */
	struct buf text;     /* strings of a row, unescaped: has room for all before any is bound */
	struct buf json, digits;
	struct buf redacted; /* the line, with roll_redacts */
};

bool sqlite_there(struct error *e)
{
	(void)e;
	return true;
}

static int failed(const struct load *l, struct error *e)
{
	int code = sqlite3_errcode(l->db) & 0xff;

	if (code == SQLITE_INTERRUPT)
		return error_set(e, ERROR_STOPPED, "stopped while %s was written", l->name);
	if (code == SQLITE_NOMEM)
		return error_memory(e);
	if (code == SQLITE_TOOBIG)
		return error_set(e, ERROR_LIMIT,
				 "%s: a row is larger than SQLite takes", l->name);
	if (code == SQLITE_CONSTRAINT)
		return error_set(e, ERROR_BUNDLE,
				 "%s: a line is not as callroll writes it (%s); `callroll verify` "
				 "tells more", l->b != NULL ? bundle_path(l->b) : l->name,
				 sqlite3_errmsg(l->db));
	return error_set(e, ERROR_IO, "cannot write %s: %s", l->name, sqlite3_errmsg(l->db));
}

static int run(struct load *l, const char *sql, struct error *e)
{
	return sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : failed(l, e);
}

/* --- rows --- */

/* `room`: no more bytes of strings will be bound. */
static void row_begin(struct load *l, int which, size_t room)
{
	l->now = l->add[which];
	l->column = 0;
	buf_clear(&l->text);
	buf_reserve(&l->text, room + 1);
}

static void put_int(struct load *l, int64_t n)
{
	sqlite3_bind_int64(l->now, ++l->column, n);
}

static void put_bytes(struct load *l, struct slice s)
{
	sqlite3_bind_text64(l->now, ++l->column, s.data != NULL ? s.data : "", s.len,
			    SQLITE_STATIC, SQLITE_UTF8);
}

static void put_null(struct load *l)
{
	sqlite3_bind_null(l->now, ++l->column);
}

/* A value that should be a string. */
static void put_text(struct load *l, struct slice value)
{
	struct slice plain;
	size_t before = l->text.len;

	if (fields_plain(value, &plain))
		put_bytes(l, plain);
	else if (json_unescape(&l->text, value))
		put_bytes(l, slice_of(l->text.data + before, l->text.len - before));
	else
		put_null(l);
}

/* A value that should be an integer. */
static void put_integer(struct load *l, struct slice value)
{
	int64_t n;

	if (json_int(value, &n))
		put_int(l, n);
	else
		put_null(l);
}

/* A value as JSON text. */
static void put_json(struct load *l, struct slice value)
{
	if (value.len > 0)
		put_bytes(l, value);
	else
		put_null(l);
}

static int row_end(struct load *l, struct error *e)
{
	if (l->text.failed || l->json.failed || l->digits.failed)
		return error_memory(e);
	if (sqlite3_step(l->now) != SQLITE_DONE)
		return failed(l, e);
	sqlite3_reset(l->now);
	return 0;
}

/* --- lines --- */

/* The bundle's model, which some lines need. */
static int need_model(struct load *l, struct error *e)
{
	if (l->model == NULL)
		l->model = merge_model(l->b, e);
	return l->model == NULL ? -1 : 0;
}

/* *line becomes what may be written of it. */
static int redact(struct load *l, enum redact_what what, struct slice *line, struct error *e)
{
	struct redact *r = roll_redacts(l->roll);

	if (r == NULL)
		return 0;
	if (need_model(l, e) != 0)
		return -1;
	redact_model(r, l->model);
	buf_clear(&l->redacted);
	if (redact_object(r, what, *line, &l->redacted, e) != 0)
		return -1;
	*line = buf_view(&l->redacted);
	return 0;
}

/* All that was captured of a line, in l->json. */
static int restore(struct load *l, struct slice line, struct slice members, bool captured,
		   bool response, struct error *e)
{
	buf_clear(&l->json);
	if (!captured) {
		buf_byte(&l->json, '{');
		buf_slice(&l->json, members);
		return 0;
	}
	if (need_model(l, e) != 0)
		return -1;
	return record_restore(line, response ? model_root(l->model) : model_recipient(l->model),
			      &l->json, NULL, 0, e);
}

static int add_response(struct load *l, struct slice line, struct error *e)
{
	struct head h;

	if (redact(l, REDACT_RESPONSE_LINE, &line, e) != 0)
		return -1;
	if (!fields_head(line, &h))
		return roll_bad_line(l->b, "response", e);
	if (!choice_batch(roll_choice(l->roll), h.id))
		return 0;
	if (restore(l, line, h.members, h.captured, true, e) != 0)
		return -1;
	row_begin(l, ADD_RESPONSE, line.len);
	put_int(l, (int64_t)(roll_bundle(l->roll, l->bundle)->responses + h.number));
	put_int(l, (int64_t)l->bundle + 1);
	put_int(l, (int64_t)h.number);
	put_text(l, h.id);
	put_int(l, roll_latest(l->roll, l->bundle, h.number));
	put_text(l, h.name);
	put_text(l, h.agent_id);
	put_text(l, h.agent_name);
	put_text(l, h.status);
	put_integer(l, h.created);
	put_integer(l, h.scheduled);
	put_integer(l, h.updated);
	put_text(l, h.phone_number_id);
	put_text(l, h.phone_provider);
	put_integer(l, h.dispatched);
	put_integer(l, h.total_scheduled);
	put_integer(l, h.finished);
	put_integer(l, h.retries);
	put_int(l, (int64_t)h.recipients);
	put_text(l, h.source);
	put_integer(l, h.offset);
	put_integer(l, h.seen);
	put_text(l, h.sha256);
	put_json(l, h.findings);
	put_bytes(l, buf_view(&l->json));
	l->counts->responses++;
	return row_end(l, e);
}

/* The digits of a redacted number are its pseudonym, which is that of the digits. */
static int redact_state(struct load *l, struct slice *line, struct person *p, struct error *e)
{
	if (roll_redacts(l->roll) == NULL)
		return 0;
	if (redact(l, REDACT_RECIPIENT_LINE, line, e) != 0)
		return -1;
	if (!fields_person(*line, p))
		return roll_bad_line(l->b, "recipient", e);
	if (l->digits.len > 0) {
		buf_clear(&l->digits);
		json_unescape(&l->digits, p->phone);
	}
	return 0;
}

static int add_state(struct load *l, uint64_t number, struct slice line, struct error *e)
{
	const struct roll_bundle *about = roll_bundle(l->roll, l->bundle);
	struct person p;

	if (tombstone_is(line))
		return 0;
	if (!fields_person(line, &p) || p.first_response == 0 ||
	    p.first_response > bundle_lines(l->b, LINES_RESPONSES))
		return roll_bad_line(l->b, "recipient", e);
	if (!choice_batch(roll_choice(l->roll), p.batch))
		return 0;
	fields_digits(p.dialled, &l->digits);
	if (redact_state(l, &line, &p, e) != 0 ||
	    restore(l, line, p.members, p.captured, false, e) != 0)
		return -1;
	row_begin(l, ADD_STATE, line.len);
	put_int(l, (int64_t)(about->states + number));
	put_int(l, (int64_t)(about->responses + p.first_response));
	put_text(l, p.batch);
	put_text(l, p.id);
	put_text(l, p.status);
	put_integer(l, p.created);
	put_integer(l, p.updated);
	put_text(l, p.phone);
	put_json(l, buf_view(&l->digits));
	put_text(l, p.whatsapp);
	put_text(l, p.conversation);
	put_bytes(l, buf_view(&l->json));
	l->counts->states++;
	return row_end(l, e);
}

/* The line with another pointer and message; its other members are no data. */
static int hide_finding(struct load *l, struct slice *line, struct error *e)
{
	struct redact *r = roll_redacts(l->roll);
	struct slice text = *line;

	if (r == NULL)
		return 0;
	if (need_model(l, e) != 0)
		return -1;
	redact_model(r, l->model);
	buf_clear(&l->redacted);
	if (redact_finding_line(r, text, &l->redacted, e) != 0)
		return -1;
	*line = buf_view(&l->redacted);
	return 0;
}

static int add_finding(struct load *l, struct slice line, struct error *e)
{
	static const struct {
		const char *name;
		bool number;
	} columns[] = {
		{"path", false}, {"response", true}, {"batch_id", false}, {"rule", false},
		{"severity", false}, {"pointer", false}, {"line", true}, {"column", true},
		{"offset", true}, {"message", false}, {"more", true},
	};

	if (tombstone_is(line))
		return 0;
	if (roll_choice(l->roll)->batches.count > 0 &&
	    !choice_batch(roll_choice(l->roll), members_find(line, "batch_id")))
		return 0;
	if (hide_finding(l, &line, e) != 0)
		return -1;
	row_begin(l, ADD_FINDING, line.len);
	put_int(l, (int64_t)l->bundle + 1);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		struct slice value = members_find(line, columns[i].name);

		if (columns[i].number)
			put_integer(l, value);
		else
			put_text(l, value);
	}
	l->counts->findings++;
	return row_end(l, e);
}

static int add_line(struct load *l, enum line_kind kind, uint64_t number, struct slice line,
		    struct error *e)
{
	if (kind == LINES_RESPONSES)
		return add_response(l, line, e);
	if (kind == LINES_RECIPIENTS)
		return add_state(l, number, line, e);
	return add_finding(l, line, e);
}

static int add_lines(struct load *l, enum line_kind kind, struct error *e)
{
	struct line_cursor *c = bundle_cursor(l->b, kind, e);
	struct slice line;
	uint64_t number = 0;
	int more = -1;

	while (c != NULL && (more = cursor_next(c, &line, e)) > 0) {
		if (l->progress != NULL)
			l->progress(l->progress_arg, line.len);
		if (add_line(l, kind, ++number, line, e) != 0) {
			more = -1;
			break;
		}
	}
	cursor_free(c);
	return more;
}

static int add_bundle(struct load *l, size_t n, struct error *e)
{
	const struct roll_bundle *about = roll_bundle(l->roll, n);
	char seal[SHA256_HEX + 1];
	int status;

	sha256_hex(&about->seal, seal);
	row_begin(l, ADD_BUNDLE, 0);
	put_int(l, (int64_t)n + 1);
	put_bytes(l, slice_string(about->path));
	put_bytes(l, slice_string(seal));
	if (row_end(l, e) != 0)
		return -1;
	l->bundle = n;
	l->b = roll_open(l->roll, n, e);
	if (l->b == NULL)
		return -1;
	status = add_lines(l, LINES_RESPONSES, e);
	if (status == 0)
		status = add_lines(l, LINES_RECIPIENTS, e);
	if (status == 0)
		status = add_lines(l, LINES_FINDINGS, e);
	if (roll_redacts(l->roll) != NULL)
		redact_model(roll_redacts(l->roll), NULL);
	model_free(l->model);
	l->model = NULL;
	bundle_close(l->b);
	l->b = NULL;
	return status;
}

static int add_recipient(void *arg, const struct person *p, const struct roll_place *at,
			 struct error *e)
{
	struct load *l = arg;

	(void)p;
	row_begin(l, ADD_RECIPIENT, 0);
	put_int(l, (int64_t)at->response);
	put_int(l, (int64_t)at->position);
	put_int(l, (int64_t)at->state);
	l->counts->recipients++;
	return row_end(l, e);
}

/* --- the database --- */

static int is_stopped(void *arg)
{
	(void)arg;
	return stop_requested();
}

static int begin(struct load *l, const char *path, struct error *e)
{
	static const char *const sql[ADDS] = {
		[ADD_BUNDLE] = schema_add_bundle,
		[ADD_RESPONSE] = schema_add_response,
		[ADD_STATE] = schema_add_state,
		[ADD_RECIPIENT] = schema_add_recipient,
		[ADD_FINDING] = schema_add_finding,
	};
	char text[sizeof(settings) + 32];

	if (sqlite3_open_v2(path, &l->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		return l->db == NULL ? error_memory(e) : failed(l, e);
	sqlite3_extended_result_codes(l->db, 1);
	sqlite3_progress_handler(l->db, STOP_STEPS, is_stopped, NULL);
	snprintf(text, sizeof(text), settings, SCHEMA_APPLICATION_ID, SCHEMA_VERSION);
	if (run(l, text, e) != 0 || run(l, schema_tables, e) != 0)
		return -1;
	for (int i = 0; i < ADDS; i++)
		if (sqlite3_prepare_v3(l->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &l->add[i],
				       NULL) != SQLITE_OK)
			return failed(l, e);
	return 0;
}

static int fill(struct load *l, struct error *e)
{
	struct roll_visit v = {
		.person = add_recipient,
		.places = true,
		.progress = l->progress,
		.arg = l,
		.progress_arg = l->progress_arg,
	};

	for (size_t i = 0; i < roll_bundles(l->roll); i++)
		if (add_bundle(l, i, e) != 0)
			return -1;
	if (roll_call(l->roll, &v, e) != 0 || run(l, schema_rest, e) != 0)
		return -1;
	return run(l, "COMMIT", e);
}

int sqlite_export(const struct roll *r, const char *path, const char *name,
		  void (*progress)(void *arg, uint64_t bytes), void *progress_arg,
		  struct sqlite_counts *counts, struct error *e)
{
	struct load l = {
		.roll = r,
		.name = name,
		.progress = progress,
		.progress_arg = progress_arg,
		.counts = counts,
	};
	int status;

	*counts = (struct sqlite_counts){0};
	status = begin(&l, path, e);
	if (status == 0)
		status = fill(&l, e);
	for (int i = 0; i < ADDS; i++)
		sqlite3_finalize(l.add[i]);
	if (sqlite3_close(l.db) != SQLITE_OK && status == 0)
		status = error_set(e, ERROR_IO, "cannot write %s: it could not be closed", name);
	buf_free(&l.text);
	buf_free(&l.json);
	buf_free(&l.digits);
	buf_free(&l.redacted);
	return status;
}

#endif
