/*
 * archiver.c: what is written for a response and for an input. A response is written while it is
 * read, behind the writer's mark; it is kept whole or taken back whole.
 */
#include "bundle/archiver.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/map.h"
#include "bundle/keeper.h"
#include "json/write.h"

struct archiver {
	struct writer *w;
	struct findings *findings;
	const struct finding_format *ndjson;
	uint32_t id_member;     /* of the response */
	uint32_t status_member; /* of a recipient */
	struct archiver_counts counts; /* but for what the keeper counts */
	struct keeper *keeper;

	/* the response being written */
	struct buf id;           /* in the normal form, with quotes; empty: not known yet */
	bool late;               /* recipients came before it */
	bool again;              /* it is known from having read the response once */
	struct map *statuses;
	uint64_t *status_counts;
	size_t status_cap;
	struct buf outcomes, rules, http, text;
};

struct archiver *archiver_new(struct writer *w, const struct model *model,
			      struct findings *findings)
{
	struct archiver *a = calloc(1, sizeof(*a));
	const struct node *recipient = model_recipient(model);

	if (a == NULL)
		return NULL;
	a->w = w;
	a->findings = findings;
	a->ndjson = finding_format(SLICE("ndjson"));
	a->id_member = model_member(model_root(model), SLICE("id"));
	a->status_member = recipient != NULL ? model_member(recipient, SLICE("status"))
					     : UINT32_MAX;
	a->statuses = map_new();
	a->keeper = keeper_new(w, model);
	if (a->statuses == NULL || a->keeper == NULL) {
		archiver_free(a);
		return NULL;
	}
	return a;
}

void archiver_free(struct archiver *a)
{
	if (a == NULL)
		return;
	map_free(a->statuses);
	keeper_free(a->keeper);
	free(a->status_counts);
	buf_free(&a->id);
	buf_free(&a->outcomes);
	buf_free(&a->rules);
	buf_free(&a->http);
	buf_free(&a->text);
	free(a);
}

struct archiver_counts archiver_counts(const struct archiver *a)
{
	const struct keeper_counts *kept = keeper_counts(a->keeper);
	struct archiver_counts counts = a->counts;

	counts.kept = kept->responses;
	counts.recipients = kept->recipients;
	counts.batches = kept->batches;
	return counts;
}

void archiver_give_up(struct archiver *a)
{
	keeper_give_up(a->keeper);
}

int archiver_begin(struct archiver *a, struct error *e)
{
	bool again = a->again;

	a->again = false;
	a->late = false;
	map_clear(a->statuses);
	keeper_begin(a->keeper);
	if (!again)
		buf_clear(&a->id);
	else if (keeper_batch(a->keeper, buf_view(&a->id), e) != 0)
		return -1;
	return writer_mark(a->w, e);
}

/* Counts a recipient under its status; statuses beyond the limit under "...". */
static int count_status(struct archiver *a, struct slice status, struct error *e)
{
	uint32_t before = map_count(a->statuses), n;

	if (status.len < 2 || status.data[0] != '"')
		status = SLICE("\"\"");
	n = map_find(a->statuses, status);
	if (n == MAP_NONE) {
		if (before >= LIMIT_GROUPS)
			status = SLICE("\"...\"");
		n = map_add(a->statuses, status);
		if (n == MAP_NONE || array_reserve(&a->status_counts, &a->status_cap, n + 1,
						   sizeof(*a->status_counts)) != 0)
			return error_memory(e);
		if (n == before)
			a->status_counts[n] = 0;
	}
	a->status_counts[n]++;
	return 0;
}

/* --- recipients --- */

/* The values that the checker has read. */
static struct slice recipient_value(const void *check, uint32_t member)
{
	return check_recipient_value(check, member);
}

static struct slice response_value(const void *check, uint32_t member)
{
	return check_value(check, member);
}

static int set_id(struct archiver *a, const struct check *c, struct error *e)
{
	struct slice id = check_value(c, a->id_member);

	buf_clear(&a->id);
	buf_slice(&a->id, id);
	return a->id.failed ? error_memory(e) : keeper_batch(a->keeper, id, e);
}

int archiver_recipient(struct archiver *a, const struct check *c, struct error *e)
{
	if (check_unfit(c))
		return 0; /* it will be set aside */
	if (a->id.len == 0) {
		if (set_id(a, c, e) != 0)
			return -1;
		a->late |= a->id.len == 0;
	}
	if (a->late)
		return 0;
	if (count_status(a, check_recipient_value(c, a->status_member), e) != 0)
		return -1;
	return keeper_recipient(a->keeper, check_record(c), recipient_value, c, e);
}

/* --- the response line --- */

static int compare_keys(const void *x, const void *y, void *map)
{
	return slice_compare(map_key(map, *(const uint32_t *)x),
			     map_key(map, *(const uint32_t *)y));
}

/* {"completed":8112,"failed":1204} in byte order of the names. */
static int make_outcomes(struct archiver *a)
{
	uint32_t n = map_count(a->statuses);
	uint32_t *order = calloc((size_t)n + 1, sizeof(*order));

	if (order == NULL)
		return -1;
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	qsort_r(order, n, sizeof(*order), compare_keys, a->statuses);
	buf_clear(&a->outcomes);
	buf_byte(&a->outcomes, '{');
	for (uint32_t i = 0; i < n; i++) {
		if (i > 0)
			buf_byte(&a->outcomes, ',');
		buf_slice(&a->outcomes, map_key(a->statuses, order[i]));
		buf_byte(&a->outcomes, ':');
		buf_uint(&a->outcomes, a->status_counts[order[i]]);
	}
	buf_byte(&a->outcomes, '}');
	free(order);
	return 0;
}

static void make_rules(struct archiver *a)
{
	bool first = true;

	buf_clear(&a->rules);
	buf_byte(&a->rules, '{');
	for (int i = 0; i < RULE_COUNT; i++) {
		uint64_t n = findings_of_rule(a->findings, (enum rule)i);

		if (n == 0)
			continue;
		if (!first)
			buf_byte(&a->rules, ',');
		first = false;
		json_write_string(&a->rules, slice_string(rule_info((enum rule)i)->name));
		buf_byte(&a->rules, ':');
		buf_uint(&a->rules, n);
	}
	buf_byte(&a->rules, '}');
}

/* The findings, as `validate --format ndjson` prints them, each with the number in the bundle of
 * the response that has them; 0: it is set aside. */
static int write_findings(struct archiver *a, const struct finding_source *at, uint64_t response,
			  struct error *e)
{
	const char *p, *end;

	buf_clear(&a->text);
	a->ndjson->print(&a->text, at, a->findings, false);
	if (a->text.failed || findings_failed(a->findings))
		return error_memory(e);
	p = a->text.data;
	end = p + a->text.len;
	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));

		struct buf *line = writer_line(a->w, LINES_FINDINGS);

		if (response > 0) {
			buf_string(line, FINDING_OWNER);
			buf_uint(line, response);
			buf_byte(line, ',');
			p++; /* the brace */
		}
		buf_append(line, p, (size_t)(lf - p));
		if (writer_line_end(a->w, LINES_FINDINGS, e) != 0)
			return -1;
		p = lf + 1;
	}
	return 0;
}

static int write_response(struct archiver *a, const struct check *c, const struct reader_result *r,
			  const struct finding_source *at, struct error *e)
{
	struct envelope envelope = {.source = at->path, .offset = r->start};

	if (make_outcomes(a) != 0)
		return error_memory(e);
	make_rules(a);
	envelope.outcomes = buf_view(&a->outcomes);
	envelope.findings = buf_view(&a->rules);
	buf_clear(&a->http);
	if (r->http != NULL) {
		envelope.has_seen = r->http->has_date;
		envelope.seen = r->http->date;
		envelope.http_status = r->http->status;
		http_lines(r->http_text, &a->http);
		envelope.http = buf_view(&a->http);
	}
	if (a->rules.failed || a->outcomes.failed || a->http.failed)
		return error_memory(e);
	return keeper_response(a->keeper, &envelope, check_response(c), response_value, c, e);
}

int archiver_keep(struct archiver *a, const struct check *c, const struct reader_result *r,
		  const struct finding_source *at, struct error *e)
{
	if ((a->late || a->id.len == 0) && set_id(a, c, e) != 0)
		return -1;
	if (a->late) {
		a->again = true;
		return writer_keep(a->w, e); /* nothing was written */
	}
	/* the next one that is kept */
	if (write_findings(a, at, keeper_counts(a->keeper)->responses + 1, e) != 0 ||
	    write_response(a, c, r, at, e) != 0)
		return -1;
	a->counts.with_errors += findings_total(a->findings, SEVERITY_ERROR) > 0;
	return writer_keep(a->w, e) == 0 ? 1 : -1;
}

/* --- what is set aside --- */

static void blob_name(struct buf *line, enum blob_kind kind, uint64_t number)
{
	buf_printf(line, "\"%s/%08llu\"", layout_blobs[kind], (unsigned long long)number);
}

int archiver_set_aside(struct archiver *a, const struct reader_result *r,
		       const struct finding_source *at, writer_read *read, void *arg,
		       struct error *e)
{
	uint64_t size = r->end - r->start, number = 0;
	struct buf *line;

	archiver_give_up(a);
	if (writer_take_back(a->w, e) != 0 || write_findings(a, at, 0, e) != 0)
		return -1;
	if (size > 0 &&
	    writer_blob(a->w, BLOB_SET_ASIDE, size, read, arg, &number, e) != 0)
		return -1;
	make_rules(a);
	line = writer_line(a->w, LINES_SOURCES);
	buf_string(line, "{\"path\":");
	json_write_string(line, at->path);
	json_write_name(line, "set_aside");
	if (number > 0)
		blob_name(line, BLOB_SET_ASIDE, number);
	else
		buf_string(line, "null");
	json_write_name(line, "offset");
	buf_uint(line, r->start);
	json_write_name(line, "size");
	buf_uint(line, size);
	json_write_name(line, "response");
	buf_uint(line, at->response);
	json_write_name(line, "findings");
	buf_slice(line, buf_view(&a->rules));
	buf_byte(line, '}');
	a->counts.set_aside++;
	a->counts.set_aside_bytes += size;
	return writer_line_end(a->w, LINES_SOURCES, e);
}

/* --- inputs --- */

static void put_digest(struct buf *line, const char *name, const struct sha256 *digest)
{
	char hex[SHA256_HEX + 1];

	sha256_hex(digest, hex);
	json_write_name(line, name);
	json_write_string(line, slice_string(hex));
}

int archiver_source(struct archiver *a, const struct archiver_source *s, struct error *e)
{
	struct buf *line = writer_line(a->w, LINES_SOURCES);

	buf_string(line, "{\"path\":");
	json_write_string(line, s->path);
	if (s->digest != NULL) {
		json_write_name(line, "size");
		buf_uint(line, s->size);
		put_digest(line, "sha256", s->digest);
	}
	if (s->has_file) {
		json_write_name(line, "file_size");
		buf_uint(line, s->file_size);
		put_digest(line, "file_sha256", &s->file_digest);
	}
	if (s->members > 0) {
		json_write_name(line, "members");
		buf_uint(line, s->members);
	}
	json_write_name(line, "responses");
	buf_uint(line, s->responses);
	json_write_name(line, "kept");
	buf_uint(line, s->kept);
	json_write_name(line, "pieces_set_aside");
	buf_uint(line, s->set_aside);
	if (s->original > 0) {
		json_write_name(line, "original");
		blob_name(line, BLOB_ORIGINALS, s->original);
	}
	if (s->trouble != NULL) {
		json_write_name(line, "trouble");
		json_write_string(line, slice_string(s->trouble));
	}
	if (s->whole > 0) {
		json_write_name(line, "whole_file");
		blob_name(line, BLOB_SET_ASIDE, s->whole);
		a->counts.set_aside++;
		a->counts.set_aside_bytes += s->file_size;
	}
	buf_byte(line, '}');
	return writer_line_end(a->w, LINES_SOURCES, e);
}
