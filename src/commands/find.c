/*
 * find.c: recipients by any key or member, and batches by their id, in their latest state.
 * A value finds whoever had it in any capture; conditions (-w) are asked of the latest state.
 * What cannot be read is said, and does not hide the rest.
 */
#include <stdlib.h>

#include "commands/found.h"
#include "commands/sweep.h"
#include "commands/values.h"
#include "commands/veil.h"
#include "json/members.h"

struct find {
	const struct options *o;
	struct shelf *shelf;
	struct where where;
	struct values values;
	struct latest *latest;
	struct captures *captures;
	struct map *batches; /* ids of those that are an answer themselves, in the normal form */
	struct found found;
	struct redact *redact; /* NULL: no --redact */
	uint32_t bundle; /* that is searched */
	struct error *e;
};

/* --- by keys --- */

static int take_line(void *arg, size_t which, enum line_kind lines, uint64_t number,
		     struct slice line)
{
	struct find *f = arg;
	int result = 0;

	values_met(&f->values, which);
	if (lines == LINES_RECIPIENTS)
		result = latest_hit(f->latest, f->bundle, number, line);
	else if (map_add(f->batches, members_find(line, "id")) == MAP_NONE)
		result = -1;
	return result == 0 ? 0 : error_memory(f->e);
}

/* The lines of all captures of the batch that -w batch.id names. */
static int lines_of_batch(struct find *f, struct volume *v, struct cover *out)
{
	struct cover one = {0};
	int result = 0;

	if (map_count(captures_batches(f->captures)) == 0)
		return 0;
	size_t count;
	const struct capture *list = captures_of(f->captures, 0, &count);
	for (size_t i = 0; i < count && result == 0; i++) {
		struct error why = {0};

		if (list[i].bundle != f->bundle)
			continue;
		if (cover_of(v->bundle, v->responses, list[i].response, &one, &why) != 0)
			shelf_error(f->shelf, &why);
		else if (cover_add(out, &one) != 0)
			result = error_memory(f->e);
	}
	cover_free(&one);
	return result;
}

/* Searches a bundle for values of a key (empty: of any). */
static int ask_bundle(struct find *f, struct volume *v, struct slice key, bool one_batch)
{
	struct cover lines = {0};
	struct error why = {0};
	int result = one_batch ? lines_of_batch(f, v, &lines) : 0;

	if (result == 0)
		result = lookup_among(v->lookup, key, f->values.list, f->values.count,
				      one_batch ? &lines : NULL, take_line, f, &why);
	cover_free(&lines);
	if (why.kind == ERROR_MEMORY)
		return error_memory(f->e);
	if (why.kind != ERROR_NONE) {
		shelf_error(f->shelf, &why);
		return 0;
	}
	return result;
}

/* The captures of these batches in all bundles. */
static int gather(struct find *f, const struct map *a, const struct map *b)
{
	size_t all = map_count(a) + (b == NULL ? 0 : map_count(b)), count = 0;
	struct slice *ids = calloc(all + 1, sizeof(*ids));

	if (ids == NULL)
		return error_memory(f->e);
	for (uint32_t i = 0; i < map_count(a); i++)
		ids[count++] = map_key(a, i);
	for (uint32_t i = 0; b != NULL && i < map_count(b); i++)
		if (map_find(a, map_key(b, i)) == MAP_NONE)
			ids[count++] = map_key(b, i);
	for (uint32_t i = 0; i < shelf_count(f->shelf) && count > 0; i++) {
		struct volume *v = shelf_get(f->shelf, i);
		struct error why = {0};

		if (v != NULL &&
		    captures_add_batches(f->captures, i, v->lookup, ids, count, &why) != 0)
			shelf_error(f->shelf, &why);
	}
	free(ids);
	return captures_sort(f->captures) != 0 ? error_memory(f->e) : 0;
}

static int all_captures(struct find *f)
{
	for (uint32_t i = 0; i < shelf_count(f->shelf); i++) {
		struct volume *v = shelf_get(f->shelf, i);
		struct error why = {0};

		if (v != NULL && captures_add(f->captures, i, v->bundle, &why) != 0)
			shelf_error(f->shelf, &why);
	}
	return captures_sort(f->captures) != 0 ? error_memory(f->e) : 0;
}

/* --- batches --- */

static int answer_with_batch(struct find *f, struct slice id)
{
	uint32_t n = map_find(captures_batches(f->captures), id);
	const struct capture *newest;
	struct error why = {0};
	struct slice line;
	struct volume *v;
	size_t count;

	if (n == MAP_NONE)
		return 0;
	newest = captures_of(f->captures, n, &count) + count - 1;
	v = shelf_get(f->shelf, newest->bundle);
	if (v == NULL)
		return 0;
	if (lines_get(v->responses, newest->response, &line, &why) != 0) {
		shelf_error(f->shelf, &why);
		return 0;
	}
	return found_batch(&f->found, v, line, count) == 0 ? 0 : error_memory(f->e);
}

static int answer_with_batches(struct find *f, const struct map *ids)
{
	int result = 0;

	if (where_on(&f->where, LINES_RECIPIENTS))
		return 0;
	for (uint32_t i = 0; i < map_count(ids) && result == 0; i++)
		result = answer_with_batch(f, map_key(ids, i));
	return result;
}

/* --- the ways to search --- */

static int by_key(struct find *f, struct slice key, bool one_batch)
{
	int result = 0;

	for (uint32_t i = 0; i < shelf_count(f->shelf) && result == 0; i++) {
		struct volume *v = shelf_get(f->shelf, i);

		f->bundle = i;
		if (v != NULL)
			result = ask_bundle(f, v, key, one_batch);
	}
	if (result == 0 && !one_batch)
		result = gather(f, f->batches, latest_batches(f->latest));
	if (result == 0)
		result = answer_with_batches(f, f->batches);
	if (result == 0)
		result = latest_resolve(f->latest, f->shelf, f->captures, found_later, &f->found,
					f->e);
	return result < 0 ? result : found_print(&f->found, f->e); /* which also says what it
								    * lacked */
}

static int by_sweep(struct find *f, bool one_batch)
{
	struct sweep s = {
		.shelf = f->shelf,
		.captures = f->captures,
		.some = one_batch,
		.where = &f->where,
		.threads = f->o->threads,
		.gone = f->latest,
		.found = found_now,
		.arg = &f->found,
	};
	int result = sweep_run(&s, f->e);

	if (result == 0)
		result = latest_resolve(f->latest, f->shelf, f->captures, found_later, &f->found,
					f->e);
	return result < 0 ? result : found_print(&f->found, f->e); /* which also says what it
								    * lacked */
}

/* The condition that the index answers, by the model of the first bundle that can be opened. */
static const struct condition *indexed(struct find *f)
{
	struct volume *v = NULL;

	for (size_t i = 0; i < shelf_count(f->shelf) && v == NULL; i++)
		v = shelf_get(f->shelf, i);
	for (size_t i = 0; i < f->where.count && v != NULL; i++) {
		const struct condition *c = &f->where.list[i];
		const struct keyring_key *k = lookup_key(v->lookup, c->key);

		/* the index has strings only: null, numbers, true and false are scanned for */
		if (k != NULL && c->of == LINES_RECIPIENTS &&
		    (k->kind == KEY_PHONE ? c->digits.len > 0 : c->string))
			return c;
	}
	return NULL;
}

static int by_conditions(struct find *f)
{
	const struct condition *batch = where_find(&f->where, SLICE("batch.id"));
	const struct condition *key;
	int result;

	if (batch != NULL && map_add(f->batches, buf_view(&batch->quoted)) == MAP_NONE)
		return error_memory(f->e);
	if (!where_on(&f->where, LINES_RECIPIENTS)) {
		result = batch != NULL ? gather(f, f->batches, NULL) : all_captures(f);
		return result != 0 ? result : answer_with_batches(f, captures_batches(f->captures));
	}
	key = indexed(f);
	if (batch != NULL && gather(f, f->batches, NULL) != 0)
		return -1;
	if (key != NULL) {
		if (values_add(&f->values, key->typed) != 0)
			return error_memory(f->e);
		return by_key(f, key->key, batch != NULL);
	}
	if (batch == NULL && all_captures(f) != 0)
		return -1;
	return by_sweep(f, batch != NULL);
}

/* --- the command --- */

/* What is looked for; *bundles is where the bundles begin among the arguments. */
static int read_request(struct find *f, char **args, int count, int *bundles)
{
	const struct options *o = f->o;

	*bundles = o->where_count == 0 && o->file == NULL;
	if (count <= *bundles)
		return error_set(f->e, ERROR_USAGE,
				 "usage: callroll find [OPTIONS] VALUE BUNDLE... "
				 "(without VALUE if there is -w or -f)");
	if (veil_open(o, &f->redact, f->e) != 0)
		return -1;
	if (*bundles == 1 && veil_value(o, slice_string(args[0]), f->e) != 0)
		return -1;
	if (where_make(&f->where, o->where, o->where_count, f->e) != 0)
		return -1;
	if (o->file != NULL)
		return values_read(&f->values, o->file, f->e);
	if (*bundles == 1 && values_add(&f->values, slice_string(args[0])) != 0)
		return error_memory(f->e);
	return 0;
}

static int run(struct find *f, const struct bundle_paths *paths, bool ndjson)
{
	f->shelf = shelf_new(paths);
	f->latest = latest_new();
	f->captures = captures_new();
	f->batches = map_new();
	if (f->shelf == NULL || f->latest == NULL || f->captures == NULL || f->batches == NULL ||
	    found_begin(&f->found, ndjson, &f->where, f->redact) != 0)
		return error_memory(f->e);
	if (f->where.count > 0 && f->o->file == NULL)
		return by_conditions(f);
	return by_key(f, SLICE(""), false);
}

static enum status finish(struct find *f, const struct options *o)
{
	enum status status = shelf_status(f->shelf);
	bool missing = o->file != NULL && values_tell_missing(&f->values, f->redact, o);

	if (found_end(&f->found) != 0) {
		struct error e = f->found.why;

		error_memory(&e);
		return status_worst(status, terminal_error(&e));
	}
	found_summary(&f->found, f->shelf, o);
	if (missing || found_nothing(&f->found))
		status = status_worst(status, STATUS_FINDINGS);
	return status;
}

enum status command_find(const struct options *o, char **args, int count)
{
	struct error e = {0};
	struct find f = {.o = o, .e = &e};
	struct bundle_paths paths = {0};
	enum status status = STATUS_OK;
	bool ndjson;
	int from, bad = -1;

	if (terminal_format(o, &ndjson, &e) == 0 && read_request(&f, args, count, &from) == 0) {
		status = bundles_find(args + from, count - from, &paths);
		bad = paths.count == 0 ? 1 : run(&f, &paths, ndjson);
	}
	if (f.shelf != NULL && bad >= 0)
		status = status_worst(status, finish(&f, o));
	if (e.kind != ERROR_NONE)
		status = status_worst(status, terminal_error(&e));
	found_free(&f.found);
	redact_free(f.redact);
	captures_free(f.captures);
	latest_free(f.latest);
	map_free(f.batches);
	shelf_free(f.shelf);
	values_free(&f.values);
	where_free(&f.where);
	bundles_free(&paths);
	return status;
}
