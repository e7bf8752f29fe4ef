/*
 * merge.c: what bundles hold, read line by line and written to one bundle.
 * A response is written only from lines that were checked, and is compared with its digest then.
 * It must never leave anything out but what an earlier bundle has.
 */
#include "bundle/merge.h"

#include <stdlib.h>

#include "base/file.h"
#include "bundle/inside.h"
#include "bundle/lines.h"
#include "bundle/lists.h"
#include "bundle/once.h"
#include "bundle/relist.h"
#include "bundle/tombstone.h"
#include "json/members.h"

#define MODEL_MOST (16 * MIB)

struct merge {
	struct writer *w;
	const struct model *model;
	struct keeper *keeper;
	struct once *responses, *sources;
	uint64_t doubled;

	/* the bundle being added */
	const struct bundle *b;
	struct lines *recipients, *lines; /* the latter: of responses, then of other kinds */
	struct lists *lists;
	uint64_t *numbers;  /* of each of its responses: its new one; 0: an earlier bundle has it */
	bool *had_source;   /* of each of its source lines, likewise */
	struct buf text, key, path;
};

struct model *merge_model(const struct bundle *b, struct error *e)
{
	struct buf text = BUF_INIT;
	struct model *model = NULL;
	uint32_t entry = bundle_find_entry(b, SLICE(ENTRY_MODEL));

	if (entry == UINT32_MAX)
		error_set(e, ERROR_BUNDLE, "%s: its model is missing", bundle_path(b));
	else if (bundle_read_entry(b, entry, MODEL_MOST, &text, e) == 0)
		model = model_compile(buf_view(&text), SLICE(""), bundle_path(b), e);
	buf_free(&text);
	return model;
}

bool merge_same_model(const struct bundle *a, const struct bundle *b)
{
	uint32_t x = bundle_find_entry(a, SLICE(ENTRY_MODEL));
	uint32_t y = bundle_find_entry(b, SLICE(ENTRY_MODEL));

	return x != UINT32_MAX && y != UINT32_MAX &&
	       memcmp(&bundle_entry(a, x)->digest, &bundle_entry(b, y)->digest,
		      sizeof(struct sha256)) == 0;
}

struct merge *merge_new(struct writer *w, const struct model *model, struct error *e)
{
	struct merge *m = calloc(1, sizeof(*m));

	if (m == NULL) {
		error_memory(e);
		return NULL;
	}
	m->w = w;
	m->model = model;
	m->keeper = keeper_new(w, model);
	m->responses = once_new(e);
	m->sources = once_new(e);
	if (m->keeper == NULL || m->responses == NULL || m->sources == NULL) {
		error_memory(e);
		merge_free(m);
		return NULL;
	}
	return m;
}

void merge_free(struct merge *m)
{
	if (m == NULL)
		return;
	keeper_free(m->keeper);
	once_free(m->responses);
	once_free(m->sources);
	buf_free(&m->text);
	buf_free(&m->key);
	buf_free(&m->path);
	free(m);
}

const struct keeper_counts *merge_counts(const struct merge *m)
{
	return keeper_counts(m->keeper);
}

uint64_t merge_doubled(const struct merge *m)
{
	return m->doubled;
}

static int stopped(struct error *e)
{
	return stop_requested() ? error_set(e, ERROR_STOPPED, "stopped by a signal") : 0;
}

/* --- the line of a response --- */

struct line {
	uint64_t number;
	struct envelope envelope; /* without what the keeper fills; `source` is still quoted */
	struct sha256 identity;
	struct slice seen, http, digest; /* as they stand in the line */
	struct slice id;
};

static int damaged(const struct merge *m, uint64_t response, const char *what, struct error *e)
{
	return error_set(e, ERROR_BUNDLE, "%s: response %llu %s", bundle_path(m->b),
			 (unsigned long long)response, what);
}

/* "_http":{"status":N,"lines":[...]} */
static bool take_http(struct line *l, struct slice value)
{
	uint64_t status;

	l->http = value;
	l->envelope.http = members_find(value, "lines");
	if (l->envelope.http.len < 2 || !json_uint(members_find(value, "status"), &status) ||
	    status > UINT16_MAX)
		return false;
	l->envelope.http_status = (unsigned)status;
	return true;
}

static bool take_digest(struct line *l, struct slice value)
{
	l->digest = value;
	return value.len == SHA256_HEX + 2 &&
	       sha256_parse(slice_of(value.data + 1, SHA256_HEX), &l->identity) == 0;
}

/* A member of the envelope. false: it is not of the form. */
static bool take_member(struct line *l, const struct json_member *m)
{
	struct slice name = slice_of(m->name.data + 1, m->name.len - 2), value = m->value;

	if (slice_equal(name, SLICE("_source")))
		l->envelope.source = value;
	else if (slice_equal(name, SLICE("_offset")))
		return json_uint(value, &l->envelope.offset);
	else if (slice_equal(name, SLICE("_sha256")))
		return take_digest(l, value);
	else if (slice_equal(name, SLICE("_http")))
		return take_http(l, value);
	else if (slice_equal(name, SLICE("_outcomes")))
		l->envelope.outcomes = value;
	else if (slice_equal(name, SLICE("_findings")))
		l->envelope.findings = value;
	else if (slice_equal(name, SLICE("_seen"))) {
		l->seen = value;
		l->envelope.has_seen = true;
		return json_int(value, &l->envelope.seen);
	}
	return true;
}

static int parse_line(const struct merge *m, uint64_t number, struct slice text, struct line *l,
		      struct error *e)
{
	struct members in;
	struct json_member member;
	bool whole = true;

	*l = (struct line){.number = number, .id = members_find(text, "id")};
	members_begin(&in, text);
	while (members_next(&in, &member) && member.name.len > 2 && member.name.data[1] == '_')
		whole &= take_member(l, &member);
	if (!whole || in.bad || l->id.len == 0 || l->digest.len == 0 ||
	    l->envelope.source.len < 2 || l->envelope.outcomes.len < 2 ||
	    l->envelope.findings.len < 2)
		return damaged(m, number, "has a line that is not of the form", e);
	return 0;
}

/* What makes it this capture and no other. */
static int had_before(struct merge *m, const struct line *l, struct error *e)
{
	const struct slice parts[] = {l->digest, l->id, l->envelope.source, l->seen, l->http};

	buf_clear(&m->key);
	buf_uint(&m->key, l->envelope.offset);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		buf_byte(&m->key, '\n'); /* which none of them holds */
		buf_slice(&m->key, parts[i]);
	}
	return m->key.failed ? error_memory(e) : once_add(m->responses, buf_view(&m->key), e);
}

/* --- a response --- */

struct restored {
	struct slice text;
	const struct node *node;
};

static struct slice value_of(const void *arg, uint32_t member)
{
	const struct restored *r = arg;
	struct members in;
	struct json_member m;

	members_begin(&in, r->text);
	while (members_next(&in, &m)) {
		if (node_find(r->node, m.name) == member)
			return m.value;
	}
	return (struct slice){0};
}

static struct record record_of(const struct restored *r)
{
	return (struct record){r->text, record_reserved(r->text, r->node)};
}

/* One of whom something was erased. */
static int copy_erased(struct merge *m, const struct line *l, struct slice line,
		       const struct record *record, const struct restored *r, struct error *e)
{
	struct slice mark = tombstone_is(line) ? SLICE("true") : SLICE("");
	struct buf number = BUF_INIT;
	int result;

	if (mark.len == 0) {
		buf_uint(&number, tombstone_values(line));
		mark = buf_view(&number);
	}
	keeper_known(m->keeper, &l->identity);
	result = number.failed ? error_memory(e)
			       : keeper_erased(m->keeper, mark, record, value_of, r, e);
	buf_free(&number);
	return result;
}

static int copy_recipients(struct merge *m, const struct line *l, const struct rows *rows,
			   struct error *e)
{
	struct restored r = {.node = model_recipient(m->model)};
	struct slice line;

	for (size_t i = 0; i < rows->count; i++) {
		struct record record;
		int result;

		buf_clear(&m->text);
		if (stopped(e) != 0 || lines_get(m->recipients, rows->line[i], &line, e) != 0 ||
		    record_restore(line, r.node, &m->text, NULL, 0, e) != 0)
			return -1;
		r.text = buf_view(&m->text);
		record = record_of(&r);
		if (tombstone_is(line) || tombstone_values(line) > 0)
			result = copy_erased(m, l, line, &record, &r, e);
		else
			result = keeper_recipient(m->keeper, &record, value_of, &r, e);
		if (result != 0)
			return -1;
	}
	return 0;
}

static int copy_response(struct merge *m, struct line *l, struct slice line, struct error *e)
{
	const struct rows *rows = lists_of(m->lists, l->number, line, e);
	struct restored r = {.node = model_root(m->model)};
	struct record record;

	if (rows == NULL)
		return -1;
	keeper_begin(m->keeper);
	if (keeper_batch(m->keeper, l->id, e) != 0 || copy_recipients(m, l, rows, e) != 0)
		return -1;
	buf_clear(&m->text);
	buf_clear(&m->path);
	if (!json_unescape(&m->path, l->envelope.source))
		return damaged(m, l->number, "has a line that is not of the form", e);
	l->envelope.source = buf_view(&m->path);
	if (record_restore(line, r.node, &m->text, NULL, model_recipients(m->model), e) != 0)
		return -1;
	r.text = buf_view(&m->text);
	record = record_of(&r);
	if (m->path.failed)
		return error_memory(e);
	l->envelope.erased = tombstone_values(line);
	if (l->envelope.erased > 0)
		keeper_known(m->keeper, &l->identity);
	if (keeper_response(m->keeper, &l->envelope, &record, value_of, &r, e) != 0)
		return -1;
	if (memcmp(&l->envelope.identity, &l->identity, sizeof(l->identity)) != 0)
		return damaged(m, l->number, "is not the one that was captured: its digest differs",
			       e);
	return 0;
}

static int copy_responses(struct merge *m, struct error *e)
{
	uint64_t count = bundle_lines(m->b, LINES_RESPONSES);
	struct slice line;

	for (uint64_t n = 1; n <= count; n++) {
		struct line l;
		int had;

		if (stopped(e) != 0 || lines_get(m->lines, n, &line, e) != 0 ||
		    parse_line(m, n, line, &l, e) != 0)
			return -1;
		had = had_before(m, &l, e);
		if (had < 0 || (had == 0 && copy_response(m, &l, line, e) != 0))
			return -1;
		m->numbers[n - 1] = had > 0 ? 0 : keeper_counts(m->keeper)->responses;
		m->doubled += had > 0;
	}
	return 0;
}

/* --- findings --- */

/*
 * A line begins with the number of its response. What belongs to a piece set aside has none: such
 * findings stand in the order in which inputs were read, those of one piece together, and each
 * such group belongs to the next piece that has findings.
 */
struct pieces {
	struct line_cursor *sources;
	uint64_t source;   /* the number of the piece's line */
	struct buf piece;  /* path, LF, number in the input; empty: there are no more */
	struct buf group;  /* the same of the findings copied last */
	bool doubled;      /* they are in an earlier bundle */
};

static void name_piece(struct buf *out, struct slice line)
{
	buf_clear(out);
	buf_slice(out, members_find(line, "path"));
	buf_byte(out, '\n');
	buf_slice(out, members_find(line, "response"));
}

static int next_piece(struct pieces *p, struct error *e)
{
	struct slice line;
	int more;

	buf_clear(&p->piece);
	while ((more = cursor_next(p->sources, &line, e)) > 0) {
		p->source++;
		if (members_find(line, "findings").len <= 2)
			continue;
		name_piece(&p->piece, line);
		return p->piece.failed ? error_memory(e) : 0;
	}
	return more;
}

/* Is the piece that this finding is about in an earlier bundle? 1, 0 or -1. */
static int piece_doubled(const struct merge *m, struct pieces *p, struct slice line,
			 struct buf *name, struct error *e)
{
	name_piece(name, line);
	if (name->failed)
		return error_memory(e);
	if (slice_equal(buf_view(name), buf_view(&p->group)))
		return p->doubled;
	buf_clear(&p->group);
	buf_slice(&p->group, buf_view(name));
	p->doubled = false; /* what cannot be told is kept */
	if (slice_equal(buf_view(name), buf_view(&p->piece))) {
		p->doubled = m->had_source[p->source - 1];
		if (next_piece(p, e) != 0)
			return -1;
	}
	return p->group.failed ? error_memory(e) : p->doubled;
}

/* The new number of the response that this finding is about; 0: it is in an earlier bundle. */
static int find_response(const struct merge *m, struct slice number, uint64_t *out,
			 struct error *e)
{
	uint64_t response;

	if (!json_uint(number, &response) || response == 0 ||
	    response > bundle_lines(m->b, LINES_RESPONSES))
		return error_set(e, ERROR_BUNDLE, "%s: a finding of a response that is not there",
				 bundle_path(m->b));
	*out = m->numbers[response - 1];
	return 0;
}

/* A finding of a response, under its new number. */
static int copy_renumbered(struct merge *m, struct slice line, struct error *e)
{
	const char *number = line.data + SLICE(FINDING_OWNER).len;
	const char *comma = memchr(number, ',', (size_t)(line.data + line.len - number));
	struct buf *out = writer_line(m->w, LINES_FINDINGS);
	uint64_t response = 0;

	if (comma == NULL)
		comma = number;
	if (find_response(m, slice_of(number, (size_t)(comma - number)), &response, e) != 0)
		return -1;
	if (response == 0)
		return 0;
	buf_slice(out, SLICE(FINDING_OWNER));
	buf_uint(out, response);
	buf_append(out, comma, (size_t)(line.data + line.len - comma));
	return writer_line_end(m->w, LINES_FINDINGS, e);
}

static int copy_finding(struct merge *m, struct pieces *p, struct slice line, struct buf *name,
			struct error *e)
{
	int doubled;

	if (slice_starts(line, SLICE(FINDING_OWNER)))
		return copy_renumbered(m, line, e);
	doubled = piece_doubled(m, p, line, name, e);
	if (doubled != 0)
		return doubled < 0 ? -1 : 0;
	buf_slice(writer_line(m->w, LINES_FINDINGS), line);
	return writer_line_end(m->w, LINES_FINDINGS, e);
}

static int copy_findings(struct merge *m, struct error *e)
{
	struct pieces p = {.sources = bundle_cursor(m->b, LINES_SOURCES, e)};
	struct line_cursor *findings = bundle_cursor(m->b, LINES_FINDINGS, e);
	struct slice line;
	int more = -1;

	if (p.sources != NULL && findings != NULL && next_piece(&p, e) == 0)
		while ((more = cursor_next(findings, &line, e)) > 0)
			if (stopped(e) != 0 || copy_finding(m, &p, line, &m->key, e) != 0) {
				more = -1;
				break;
			}
	cursor_free(findings);
	cursor_free(p.sources);
	buf_free(&p.piece);
	buf_free(&p.group);
	return more;
}

/* --- a bundle --- */

static int open_parts(struct merge *m, struct error *e)
{
	m->recipients = lines_open(m->b, LINES_RECIPIENTS, e);
	m->lines = lines_open(m->b, LINES_RESPONSES, e);
	m->lists = lists_open(m->b);
	m->numbers = calloc((size_t)bundle_lines(m->b, LINES_RESPONSES) + 1, sizeof(*m->numbers));
	m->had_source = calloc((size_t)bundle_lines(m->b, LINES_SOURCES) + 1, 1);
	if (m->recipients == NULL || m->lines == NULL)
		return -1;
	if (m->lists == NULL || m->numbers == NULL || m->had_source == NULL)
		return error_memory(e);
	lines_keep(m->lines, 0);
	return 0;
}

static void close_parts(struct merge *m)
{
	lines_close(m->recipients);
	lines_close(m->lines);
	lists_close(m->lists);
	free(m->numbers);
	free(m->had_source);
	m->recipients = m->lines = NULL;
	m->lists = NULL;
	m->numbers = NULL;
	m->had_source = NULL;
}

int merge_add(struct merge *m, const struct bundle *b, struct error *e)
{
	int result = -1;

	if (!b->trailer.same)
		return error_set(e, ERROR_USAGE,
				 "%s is of a later version, and may hold what this callroll would "
				 "lose: merge it with that one", bundle_path(b));
	m->b = b;
	once_round(m->responses);
	once_round(m->sources);
	if (open_parts(m, e) == 0 && copy_responses(m, e) == 0 &&
	    relist_sources(b, m->w, m->sources, m->had_source, e) == 0)
		result = copy_findings(m, e);
	close_parts(m);
	return result;
}
