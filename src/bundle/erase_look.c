/*
 * erase_look.c: finds what is to be erased: responses that have the persons, findings about them,
 * pieces that name them. Nothing is written.
 * It must never pass over an entry whose meaning it does not know.
 */
#include "bundle/erase.h"

#include <stdlib.h>

#include "base/file.h"
#include "bundle/cover.h"
#include "bundle/erase_parts.h"
#include "bundle/inside.h"
#include "bundle/pieces.h"
#include "bundle/tombstone.h"
#include "json/members.h"

static uint64_t *new_bits(uint64_t lines)
{
	return calloc((size_t)(lines / 64) + 1, sizeof(uint64_t));
}

struct erase *erase_new(const struct erase_plan *plan, struct error *e)
{
	struct erase *x = calloc(1, sizeof(*x));

	if (x == NULL) {
		error_memory(e);
		return NULL;
	}
	x->plan = *plan;
	x->b = plan->bundle;
	x->look = needles_look_new(plan->needles);
	x->pieces = needles_look_new(plan->pieces);
	x->blob = calloc((size_t)bundle_entry_count(x->b) + 1, sizeof(*x->blob));
	x->findings = new_bits(bundle_lines(x->b, LINES_FINDINGS));
	x->hit = new_bits(bundle_lines(x->b, LINES_RESPONSES));
	x->batches = map_new();
	x->gone = map_new();
	if (x->look != NULL && x->pieces != NULL && x->blob != NULL && x->findings != NULL &&
	    x->hit != NULL && x->batches != NULL && x->gone != NULL)
		return x;
	error_memory(e);
	erase_free(x);
	return NULL;
}

void erase_free(struct erase *x)
{
	if (x == NULL)
		return;
	needles_look_free(x->look);
	needles_look_free(x->pieces);
	map_free(x->batches);
	map_free(x->gone);
	rows_free(&x->rows);
	buf_free(&x->key);
	free(x->blob);
	free(x->findings);
	free(x->hit);
	free(x);
}

const struct erase_counts *erase_counts(const struct erase *x)
{
	return &x->counts;
}

static void set_bit(uint64_t *bits, uint64_t n)
{
	bits[n / 64] |= UINT64_C(1) << n % 64;
}

static int stopped(struct error *e)
{
	return stop_requested() ? error_set(e, ERROR_STOPPED, "stopped by a signal") : 0;
}

/* --- entries --- */

static bool is_known(struct slice name)
{
	static const char *const known[] = {ENTRY_ABOUT, ENTRY_FORMAT, ENTRY_MODEL, ENTRY_KEYS,
					    ENTRY_FRAMES};
	enum line_kind lines;
	enum blob_kind blob;
	uint64_t number;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (slice_equal(name, slice_string(known[i])))
			return true;
	return manifest_shard(name, &lines, &number) || manifest_blob(name, &blob, &number);
}

static int check_entries(const struct erase *x, struct error *e)
{
	bool known = x->b->trailer.same;

	for (uint32_t i = 0; i < bundle_entry_count(x->b); i++)
		known &= is_known(bundle_entry(x->b, i)->name);
	if (known)
		return 0;
	return error_set(e, ERROR_USAGE,
			 "%s is of a later version, and may hold what this callroll would not "
			 "erase: use that one",
			 bundle_path(x->b));
}

/* --- responses --- */

static bool has_persons(const struct erase *x, const struct cover *cover)
{
	for (size_t i = 0; i < cover->count; i++)
		if (persons_meet(x->plan.persons, cover->run[i].first, cover->run[i].end))
			return true;
	return false;
}

static int look_at_response(struct erase *x, struct lines *responses, uint64_t n,
			    struct cover *cover, struct error *e)
{
	struct slice line, id;

	if (lines_get(responses, n, &line, e) != 0)
		return -1;
	id = members_find(line, "id");
	x->counts.ids += needles_in(x->look, id);
	if (persons_lines(x->plan.persons) == 0)
		return 0;
	buf_clear(&x->key);
	buf_slice(&x->key, id); /* the line goes when others are read */
	if (x->key.failed)
		return error_memory(e);
	if (cover_of(x->b, responses, n, cover, e) != 0)
		return -1;
	if (!has_persons(x, cover))
		return 0;
	set_bit(x->hit, n);
	x->counts.erased.responses++;
	if (map_add(x->batches, buf_view(&x->key)) == MAP_NONE)
		return error_memory(e);
	return 0;
}

static int look_at_responses(struct erase *x, struct error *e)
{
	struct lines *responses = lines_open(x->b, LINES_RESPONSES, e);
	uint64_t count = bundle_lines(x->b, LINES_RESPONSES);
	struct cover cover = {0};
	int result = responses == NULL ? -1 : 0;

	for (uint64_t n = 1; n <= count && result == 0; n++)
		result = stopped(e) != 0 ? -1 : look_at_response(x, responses, n, &cover, e);
	x->counts.batches = map_count(x->batches);
	cover_free(&cover);
	lines_close(responses);
	return result;
}

/* --- pieces and originals --- */

static int look_at_blobs(struct erase *x, struct error *e)
{
	for (uint32_t i = 0; i < bundle_entry_count(x->b); i++) {
		enum blob_kind kind;
		uint64_t number;
		bool partly;
		int holds;

		if (needles_none(x->plan.pieces) ||
		    !manifest_blob(bundle_entry(x->b, i)->name, &kind, &number))
			continue;
		holds = pieces_hold(x->b, i, x->pieces, x->plan.found, x->plan.arg, &partly, e);
		if (holds < 0)
			return -1;
		x->blob[i] = holds > 0;
		x->counts.erased.set_aside += holds > 0;
		x->counts.originals += holds > 0 && kind == BLOB_ORIGINALS;
		x->counts.partly += holds == 0 && partly;
	}
	return 0;
}

/* Is what the member of a sources line names erased? */
static bool names_erased(const struct erase *x, struct slice name)
{
	uint32_t entry = UINT32_MAX;

	if (name.len > 2)
		entry = bundle_find_entry(x->b, slice_of(name.data + 1, name.len - 2));
	return entry != UINT32_MAX && x->blob[entry];
}

static int note_gone(struct erase *x, struct slice line, bool whole, struct error *e)
{
	buf_clear(&x->key);
	buf_slice(&x->key, members_find(line, "path"));
	if (!whole) {
		buf_byte(&x->key, '\n');
		buf_slice(&x->key, members_find(line, "response"));
	}
	if (x->key.failed || map_add(x->gone, buf_view(&x->key)) == MAP_NONE)
		return error_memory(e);
	return 0;
}

/* Findings about pieces may quote them. */
static int look_at_sources(struct erase *x, struct error *e)
{
	struct line_cursor *c = bundle_cursor(x->b, LINES_SOURCES, e);
	struct slice line;
	int more = -1;

	while (c != NULL && (more = cursor_next(c, &line, e)) > 0) {
		bool piece = names_erased(x, members_find(line, "set_aside"));
		bool whole = names_erased(x, members_find(line, "whole_file"));

		if ((piece || whole) && note_gone(x, line, whole, e) != 0) {
			more = -1;
			break;
		}
	}
	cursor_free(c);
	return more;
}

/* --- findings --- */

static bool names_them(const struct erase *x, struct needles_look *look, struct slice line)
{
	return needles_in(x->pieces, members_find(line, "path")) ||
	       needles_in(look, members_find(line, "pointer")) ||
	       needles_in(look, members_find(line, "message"));
}

/* "/recipients/I/..." */
static bool recipient_of(struct slice pointer, uint64_t *index)
{
	struct slice begin = SLICE("\"/recipients/");
	size_t len = 0;

	if (!slice_starts(pointer, begin))
		return false;
	while (begin.len + len < pointer.len && pointer.data[begin.len + len] >= '0' &&
	       pointer.data[begin.len + len] <= '9')
		len++;
	return len > 0 && json_uint(slice_of(pointer.data + begin.len, len), index);
}

/* 1, 0 or -1. */
static int about_them(struct erase *x, uint64_t response, struct slice line, struct error *e)
{
	uint64_t index;

	if (response > bundle_lines(x->b, LINES_RESPONSES) || !erase_bit(x->hit, response) ||
	    !recipient_of(members_find(line, "pointer"), &index))
		return 0;
	if (x->rows_of != response && rows_of(x->b, response, &x->rows, e) != 0)
		return -1;
	x->rows_of = response;
	return index < x->rows.count && persons_have(x->plan.persons, x->rows.line[index]);
}

static bool about_gone(struct erase *x, struct slice line)
{
	struct slice path = members_find(line, "path");

	if (map_count(x->gone) == 0)
		return false;
	buf_clear(&x->key);
	buf_slice(&x->key, path);
	buf_byte(&x->key, '\n');
	buf_slice(&x->key, members_find(line, "response"));
	return x->key.failed || map_find(x->gone, path) != MAP_NONE ||
	       map_find(x->gone, buf_view(&x->key)) != MAP_NONE;
}

static int look_at_finding(struct erase *x, uint64_t n, struct slice line, struct error *e)
{
	uint64_t response;
	int result;

	if (tombstone_is(line))
		return 0;
	if (slice_starts(line, SLICE(FINDING_OWNER)) &&
	    json_uint(members_find(line, "_response"), &response)) {
		result = about_them(x, response, line, e);
		if (result == 0)
			result = names_them(x, x->look, line);
	} else {
		result = about_gone(x, line) || names_them(x, x->pieces, line);
	}
	if (result < 0)
		return -1;
	if (result > 0) {
		set_bit(x->findings, n);
		x->counts.erased.findings++;
	}
	return 0;
}

static int look_at_findings(struct erase *x, struct error *e)
{
	struct line_cursor *c = bundle_cursor(x->b, LINES_FINDINGS, e);
	struct slice line;
	uint64_t n = 0;
	int more = -1;

	while (c != NULL && (more = cursor_next(c, &line, e)) > 0) {
		if (stopped(e) != 0 || look_at_finding(x, ++n, line, e) != 0) {
			more = -1;
			break;
		}
	}
	cursor_free(c);
	return more;
}

int erase_look(struct erase *x, struct error *e)
{
	x->counts.erased.states = persons_lines(x->plan.persons);
	if (check_entries(x, e) != 0 || look_at_responses(x, e) != 0 || look_at_blobs(x, e) != 0 ||
	    look_at_sources(x, e) != 0)
		return -1;
	return look_at_findings(x, e);
}
