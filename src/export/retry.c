/*
 * retry.c: whom to call again.
 * First who they are, then which columns they need, then their rows. What is kept are some bytes
 * for each of them: the digits, when they were updated, and which one of the roll it was.
 * A column must never mean something else in an upload than it did in the capture.
 */
#include "export/retry.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/map.h"
#include "json/cells.h"
#include "export/names.h"
#include "report/status.h"
#include "json/members.h"
#include "json/write.h"

#define OVERRIDES 4
#define PHONE "phone_number"
/* So many names are told; the others are counted. */
#define TOLD_MOST 20

/* The columns that an upload takes for settings, and where these stand in a capture. */
static const struct {
	const char *name, *path[3];
} override[OVERRIDES] = {
	{"language", {"agent", "language", NULL}},
	{"first_message", {"agent", "first_message", NULL}},
	{"system_prompt", {"agent", "prompt", "prompt"}},
	{"voice_id", {"tts", "voice_id", NULL}},
};

/* Of those with the same digits, the one that is kept. */
struct best {
	int64_t updated;
	uint64_t candidate; /* counted through */
};

/* Values that a column cannot take. */
enum unfit { FIT, UNFIT_NAME, UNFIT_NESTED, UNFIT_NUL, UNFITS };

struct tally {
	bool used; /* some value fits */
	uint64_t left[UNFITS];
};

struct retry {
	const struct roll *roll;
	const struct target *target;
	struct retry_report *report;
	struct map *digits;
	struct best *best; /* by number in `digits` */
	size_t best_cap;
	uint64_t candidates; /* so far in this round */
	bool ended;          /* the batch */
	struct names *names;
	struct tally *variables; /* by number in `names` */
	size_t variables_cap;
	struct tally overrides[OVERRIDES];
	struct slice *values; /* by column */
	struct buf scratch;
	struct cells cells;
};

/* --- who --- */

static int meet_batch(void *arg, const struct head *h, struct error *e)
{
	struct retry *t = arg;
	struct slice status;

	(void)e;
	t->ended = fields_plain(h->status, &status) && status_ends_batch(status);
	return 0;
}

static bool is_candidate(const struct retry *t, const struct person *p)
{
	unsigned status = status_of_value(p->status);

	return status == REPORT_FAILED || status == REPORT_VOICEMAIL ||
	       (t->ended && status_is_open(status));
}

static int choose(void *arg, const struct person *p, const struct roll_place *at, struct error *e)
{
	struct retry *t = arg;
	struct best now = {INT64_MIN, t->candidates};
	uint32_t known = map_count(t->digits), number;

	(void)at;
	if (!is_candidate(t, p))
		return 0;
	t->candidates++;
	fields_digits(p->dialled, &t->scratch);
	if (t->scratch.len == 0) {
		t->report->no_phone++;
		return 0;
	}
	json_int(p->updated, &now.updated);
	number = map_add(t->digits, buf_view(&t->scratch));
	if (number == MAP_NONE ||
	    array_reserve(&t->best, &t->best_cap, (size_t)number + 1, sizeof(*t->best)) != 0)
		return error_memory(e);
	if (number < known)
		t->report->doubled++;
	if (number == known || now.updated >= t->best[number].updated)
		t->best[number] = now;
	return 0;
}

/* In a later round: is it one that is written? */
static bool is_chosen(struct retry *t, const struct person *p)
{
	uint32_t number;

	if (!is_candidate(t, p))
		return false;
	t->candidates++;
	fields_digits(p->dialled, &t->scratch);
	if (t->scratch.len == 0)
		return false;
	number = map_find(t->digits, buf_view(&t->scratch));
	return number != MAP_NONE && t->best[number].candidate == t->candidates - 1;
}

/* --- which columns --- */

static bool is_taken(struct slice name)
{
	for (size_t i = 0; i < OVERRIDES; i++)
		if (fields_is(name, override[i].name))
			return true;
	return fields_is(name, PHONE);
}

/* Is there a NUL in the string? */
static bool has_nul(struct retry *t, struct slice value)
{
	struct slice plain;

	if (value.data[0] != '"' || fields_plain(value, &plain))
		return false;
	buf_clear(&t->scratch);
	return json_unescape(&t->scratch, value) &&
	       memchr(t->scratch.data, '\0', t->scratch.len) != NULL;
}

static enum unfit fits(struct retry *t, struct slice value)
{
	if (value.data[0] == '{' || value.data[0] == '[')
		return UNFIT_NESTED;
	return has_nul(t, value) ? UNFIT_NUL : FIT;
}

static void count_value(struct retry *t, struct tally *tally, struct slice value)
{
	enum unfit unfit = fits(t, value);

	tally->left[unfit]++;
	tally->used |= unfit == FIT;
}

static void count_variable(struct retry *t, struct tally *tally, const struct json_member *m)
{
	if (is_taken(m->name))
		tally->left[UNFIT_NAME]++;
	else if (has_nul(t, m->name))
		tally->left[UNFIT_NUL]++;
	else
		count_value(t, tally, m->value);
}

static struct slice find_override(struct slice object, size_t which)
{
	for (size_t i = 0; i < 3 && override[which].path[i] != NULL; i++) {
		if (!fields_object(object))
			return (struct slice){0};
		object = members_find(object, override[which].path[i]);
	}
	if (slice_equal(object, SLICE("null")))
		return (struct slice){0};
	return object;
}

static int count_variables(struct retry *t, struct slice variables, struct error *e)
{
	uint32_t number = NAMES_NONE;
	struct members in;
	struct json_member m;

	members_begin(&in, variables);
	while (fields_object(variables) && members_next(&in, &m)) {
		size_t before = t->variables_cap;

		number = names_add(t->names, m.name, number + 1, e);
		if (number == NAMES_NONE)
			return -1;
		if (array_reserve(&t->variables, &t->variables_cap, (size_t)number + 1,
				  sizeof(*t->variables)) != 0)
			return error_memory(e);
		if (t->variables_cap > before)
			memset(t->variables + before, 0,
			       (t->variables_cap - before) * sizeof(*t->variables));
		count_variable(t, &t->variables[number], &m);
	}
	return 0;
}

static int learn(void *arg, const struct person *p, const struct roll_place *at, struct error *e)
{
	struct retry *t = arg;
	struct client client;

	(void)at;
	if (!is_chosen(t, p))
		return 0;
	fields_client(p->client, &client);
	for (size_t i = 0; i < OVERRIDES; i++) {
		struct slice value = find_override(client.override, i);

		if (value.len > 0)
			count_value(t, &t->overrides[i], value);
	}
	return count_variables(t, client.variables, e);
}

/* --- their rows --- */

static bool column_used(const struct retry *t, uint32_t column)
{
	return t->variables[names_number(t->names, column)].used;
}

static void put_heads(struct retry *t)
{
	cells_text(&t->cells, SLICE(PHONE));
	for (uint32_t i = 0; i < names_count(t->names); i++)
		if (column_used(t, i))
			cells_text(&t->cells, names_plain(t->names, i));
	for (size_t i = 0; i < OVERRIDES; i++)
		if (t->overrides[i].used)
			cells_text(&t->cells, slice_string(override[i].name));
	cells_end_row(&t->cells);
}

static void put_if_fit(struct retry *t, struct slice value)
{
	if (value.len > 0 && fits(t, value) != FIT)
		value = (struct slice){0};
	cells_value(&t->cells, value);
}

static void put_variables(struct retry *t, struct slice variables)
{
	uint32_t number = NAMES_NONE;
	struct members in;
	struct json_member m;

	members_begin(&in, variables);
	while (fields_object(variables) && members_next(&in, &m)) {
		number = names_find(t->names, m.name, number + 1);
		if (number != NAMES_NONE)
			t->values[names_column(t->names, number)] = m.value;
	}
	for (uint32_t i = 0; i < names_count(t->names); i++) {
		if (column_used(t, i))
			put_if_fit(t, t->values[i]);
		t->values[i] = (struct slice){0};
	}
}

static int put_person(void *arg, const struct person *p, const struct roll_place *at,
		      struct error *e)
{
	struct retry *t = arg;
	struct client client;

	(void)at;
	if (!is_chosen(t, p))
		return 0;
	fields_client(p->client, &client);
	cells_value(&t->cells, p->phone);
	put_variables(t, client.variables);
	for (size_t i = 0; i < OVERRIDES; i++)
		if (t->overrides[i].used)
			put_if_fit(t, find_override(client.override, i));
	cells_end_row(&t->cells);
	t->report->rows++;
	if (cells_failed(&t->cells) || t->scratch.failed)
		return error_memory(e);
	return target_put(t->target, &t->cells.out, false, e);
}

/* --- what was left out --- */

static void tell_tally(struct buf *out, const struct tally *t, const char *what, struct slice name,
		       unsigned *told)
{
	static const char *const why[UNFITS] = {
		[UNFIT_NAME] = "an upload takes a column of this name for something else",
		[UNFIT_NESTED] = "objects and arrays do not go into a column",
		[UNFIT_NUL] = "there is a NUL, which a CSV cannot hold",
	};

	for (int i = FIT + 1; i < UNFITS; i++) {
		if (t->left[i] == 0 || (*told)++ >= TOLD_MOST)
			continue;
		buf_printf(out, "%" PRIu64 " %s of %s ", t->left[i],
			   t->left[i] == 1 ? "value" : "values", what);
		json_write_string(out, name);
		buf_printf(out, ": %s\n", why[i]);
	}
}

static void tell_left(struct retry *t)
{
	struct buf *out = &t->report->left;
	unsigned told = 0;

	for (uint32_t i = 0; i < names_count(t->names); i++)
		tell_tally(out, &t->variables[names_number(t->names, i)], "the dynamic variable",
			   names_plain(t->names, i), &told);
	for (size_t i = 0; i < OVERRIDES; i++)
		tell_tally(out, &t->overrides[i], "the override", slice_string(override[i].name),
			   &told);
	if (told > TOLD_MOST)
		buf_printf(out, "values of %u more names\n", told - TOLD_MOST);
}

/* --- all of it --- */

static int call(struct retry *t,
		int (*person)(void *arg, const struct person *p, const struct roll_place *at,
			      struct error *e),
		struct error *e)
{
	struct roll_visit v = {
		.head = meet_batch,
		.person = person,
		.progress = t->target->progress,
		.arg = t,
		.progress_arg = t->target->progress_arg,
	};

	t->candidates = 0;
	return roll_call(t->roll, &v, e);
}

static int put_all(struct retry *t, struct error *e)
{
	if (t->digits == NULL || t->names == NULL)
		return error_memory(e);
	if (call(t, choose, e) != 0 || call(t, learn, e) != 0 || names_sort(t->names, e) != 0)
		return -1;
	t->values = calloc((size_t)names_count(t->names) + 1, sizeof(*t->values));
	if (t->values == NULL || t->scratch.failed)
		return error_memory(e);
	put_heads(t);
	if (call(t, put_person, e) != 0)
		return -1;
	tell_left(t);
	if (cells_failed(&t->cells) || t->report->left.failed)
		return error_memory(e);
	return target_put(t->target, &t->cells.out, true, e);
}

int retry_export(const struct roll *r, const struct target *target, struct retry_report *report,
		 struct error *e)
{
	struct retry t = {
		.roll = r,
		.target = target,
		.report = report,
		.digits = map_new(),
		.names = names_new(),
		.cells = {.people = target->people},
	};
	int status;

	*report = (struct retry_report){0};
	status = put_all(&t, e);
	map_free(t.digits);
	names_free(t.names);
	free(t.best);
	free(t.variables);
	free(t.values);
	buf_free(&t.scratch);
	cells_free(&t.cells);
	return status;
}
