/*
 * roll.c: the recipients of the latest response of each batch, over many bundles, one of which is
 * open at a time.
 * It must never leave out what it cannot read.
 */
#include "export/roll.h"

#include <stdlib.h>
#include <string.h>

#include "bundle/captures.h"
#include "bundle/erased.h"
#include "bundle/lines.h"
#include "bundle/lists.h"
#include "bundle/merge.h"
#include "bundle/tombstone.h"

struct roll {
	const struct choice *choice;
	struct redact *redact; /* NULL: lines are as they stand */
	struct roll_bundle *bundles;
	size_t count, cap;
	uint64_t responses, states; /* of all bundles so far */
	struct captures *captures;  /* until roll_ready */
	struct latest {
		uint32_t bundle;
		uint64_t number;
	} *latest; /* by bundle and number */
	size_t latest_count;
};

struct roll *roll_new(const struct choice *choice)
{
	struct roll *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->choice = choice;
	r->captures = captures_new();
	if (r->captures != NULL)
		return r;
	free(r);
	return NULL;
}

void roll_free(struct roll *r)
{
	if (r == NULL)
		return;
	captures_free(r->captures);
	free(r->bundles);
	free(r->latest);
	free(r);
}

void roll_redact(struct roll *r, struct redact *redact)
{
	r->redact = redact;
}

struct redact *roll_redacts(const struct roll *r)
{
	return r->redact;
}

int roll_add(struct roll *r, const char *path, struct error *e)
{
	struct bundle *b = bundle_open(path, e);
	int status;

	if (b == NULL)
		return -1;
	if (array_reserve(&r->bundles, &r->cap, r->count + 1, sizeof(*r->bundles)) != 0) {
		bundle_close(b);
		return error_memory(e);
	}
	r->bundles[r->count] = (struct roll_bundle){
		.path = path,
		.seal = *bundle_seal(b),
		.responses = r->responses,
		.states = r->states,
	};
	r->responses += bundle_lines(b, LINES_RESPONSES);
	r->states += bundle_lines(b, LINES_RECIPIENTS);
	status = captures_add(r->captures, (uint32_t)r->count++, b, e);
	bundle_close(b);
	return status;
}

/* --- which are the latest --- */

static int by_place(const void *a, const void *b)
{
	const struct latest *x = a, *y = b;

	if (x->bundle != y->bundle)
		return x->bundle < y->bundle ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

static int check_chosen(const struct roll *r, struct error *e)
{
	const struct choice_list *wanted = &r->choice->batches;

	for (size_t i = 0; i < wanted->count; i++)
		if (map_find(captures_batches(r->captures), wanted->value[i]) == MAP_NONE)
			return error_set(e, ERROR_EMPTY,
					 "there is no batch %.*s here; `callroll list` shows the "
					 "batches", (int)(wanted->value[i].len < 200
							  ? wanted->value[i].len : 200),
					 wanted->value[i].data);
	return 0;
}

int roll_ready(struct roll *r, struct error *e)
{
	const struct map *batches = captures_batches(r->captures);
	uint32_t count = map_count(batches);

	if (check_chosen(r, e) != 0)
		return -1;
	r->latest = calloc((size_t)count + 1, sizeof(*r->latest));
	if (r->latest == NULL || captures_sort(r->captures) != 0)
		return error_memory(e);
	for (uint32_t i = 0; i < count; i++) {
		size_t n;
		const struct capture *c = captures_of(r->captures, i, &n);

		if (n > 0 && choice_batch(r->choice, map_key(batches, i)))
			r->latest[r->latest_count++] = (struct latest){c[n - 1].bundle,
								       c[n - 1].response};
	}
	qsort(r->latest, r->latest_count, sizeof(*r->latest), by_place);
	captures_free(r->captures);
	r->captures = NULL;
	return 0;
}

bool roll_latest(const struct roll *r, size_t bundle, uint64_t number)
{
	struct latest wanted = {(uint32_t)bundle, number};

	return r->latest_count > 0 && bsearch(&wanted, r->latest, r->latest_count,
					      sizeof(*r->latest), by_place) != NULL;
}

size_t roll_batches(const struct roll *r)
{
	return r->latest_count;
}

const struct choice *roll_choice(const struct roll *r)
{
	return r->choice;
}

size_t roll_bundles(const struct roll *r)
{
	return r->count;
}

const struct roll_bundle *roll_bundle(const struct roll *r, size_t n)
{
	return &r->bundles[n];
}

struct bundle *roll_open(const struct roll *r, size_t n, struct error *e)
{
	struct bundle *b = bundle_open(r->bundles[n].path, e);

	if (b == NULL || memcmp(bundle_seal(b), &r->bundles[n].seal, sizeof(struct sha256)) == 0)
		return b;
	error_set(e, ERROR_CHANGED, "%s changed while it was read", r->bundles[n].path);
	bundle_close(b);
	return NULL;
}

int roll_bad_line(const struct bundle *b, const char *what, struct error *e)
{
	return error_set(e, ERROR_BUNDLE,
			 "%s: a %s line is not in the normal form; `callroll verify` tells more",
			 bundle_path(b), what);
}

/* --- calling it --- */

/* An open bundle. */
struct open {
	const struct roll_bundle *about;
	struct bundle *b;
	struct lines *responses, *recipients;
	struct lists *lists;
	bool look; /* at recipient lines */
	struct model *model; /* whose marks count; NULL: nothing is redacted */
	struct buf head, person; /* redacted */
};

static void shut(struct open *o)
{
	lists_close(o->lists);
	lines_close(o->recipients);
	lines_close(o->responses);
	bundle_close(o->b);
	model_free(o->model);
	buf_free(&o->head);
	buf_free(&o->person);
}

static int open_it(const struct roll *r, size_t n, struct open *o, struct error *e)
{
	struct erased erased;

	o->about = &r->bundles[n];
	o->b = roll_open(r, n, e);
	if (o->b == NULL)
		return -1;
	if (r->redact != NULL) {
		o->model = merge_model(o->b, e);
		if (o->model == NULL)
			return -1;
		redact_model(r->redact, o->model);
	}
	o->responses = lines_open(o->b, LINES_RESPONSES, e);
	o->recipients = o->responses != NULL ? lines_open(o->b, LINES_RECIPIENTS, e) : NULL;
	if (o->recipients == NULL)
		return -1;
	if (erased_of(o->b, &erased, e) != 0)
		return -1;
	o->look |= erased.states > 0;
	lines_keep(o->responses, 0);
	o->lists = lists_open(o->b);
	return o->lists == NULL ? error_memory(e) : 0;
}

/* Lines in rising order need each frame once; others need those before at hand. */
static size_t frames_needed(const struct rows *rows)
{
	for (size_t i = 1; i < rows->count; i++)
		if (rows->line[i] < rows->line[i - 1])
			return LINES_BYTES;
	return 0;
}

/* The line and its fields without what is personal; only the number is kept to be compared. */
static int redact_person(const struct roll *r, struct open *o, struct person *p, struct error *e)
{
	struct slice dialled = p->dialled;

	if (r->redact == NULL)
		return 0;
	buf_clear(&o->person);
	if (redact_object(r->redact, REDACT_RECIPIENT_LINE, p->line, &o->person, e) != 0)
		return -1;
	if (!fields_person(buf_view(&o->person), p))
		return roll_bad_line(o->b, "recipient", e);
	p->dialled = dialled;
	return 0;
}

static int redact_head(const struct roll *r, struct open *o, struct head *h, struct error *e)
{
	if (r->redact == NULL)
		return 0;
	buf_clear(&o->head);
	if (redact_object(r->redact, REDACT_RESPONSE_LINE, h->line, &o->head, e) != 0)
		return -1;
	return fields_head(buf_view(&o->head), h) ? 0 : roll_bad_line(o->b, "response", e);
}

static int call_persons(const struct roll *r, const struct roll_visit *v, struct open *o,
			uint64_t number, const struct rows *rows, struct error *e)
{
	struct roll_place at = {.response = o->about->responses + number};
	int status = 0;

	lines_keep(o->recipients, frames_needed(rows));
	for (size_t i = 0; i < rows->count && status == 0; i++) {
		struct person p = {0};
		struct slice line = {0};

		if (o->look) {
			if (lines_get(o->recipients, rows->line[i], &line, e) != 0)
				return -1;
			if (tombstone_is(line))
				continue;
			if (!fields_person(line, &p))
				return roll_bad_line(o->b, "recipient", e);
			if (v->progress != NULL)
				v->progress(v->progress_arg, line.len);
			if (!choice_person(r->choice, &p))
				continue;
			if (redact_person(r, o, &p, e) != 0)
				return -1;
		}
		at.position = i + 1;
		at.state = o->about->states + rows->line[i];
		status = v->person(v->arg, &p, &at, e);
	}
	return status;
}

static int call_response(const struct roll *r, const struct roll_visit *v, struct open *o,
			 uint64_t number, struct error *e)
{
	const struct rows *rows;
	struct slice line;
	struct head h;
	int status = 0;

	if (lines_get(o->responses, number, &line, e) != 0)
		return -1;
	if (!fields_head(line, &h))
		return roll_bad_line(o->b, "response", e);
	if (redact_head(r, o, &h, e) != 0)
		return -1;
	if (v->head != NULL)
		status = v->head(v->arg, &h, e);
	if (v->person == NULL || status != 0)
		return status;
	rows = lists_of(o->lists, number, line, e); /* of the line as it stands */
	return rows == NULL ? -1 : call_persons(r, v, o, number, rows, e);
}

int roll_call(const struct roll *r, const struct roll_visit *v, struct error *e)
{
	size_t i = 0;
	int status = 0;

	while (i < r->latest_count && status == 0) {
		struct open o = {.look = !v->places || choice_looks(r->choice)};
		uint32_t bundle = r->latest[i].bundle;

		status = open_it(r, bundle, &o, e);
		for (; status == 0 && i < r->latest_count && r->latest[i].bundle == bundle; i++)
			status = call_response(r, v, &o, r->latest[i].number, e);
		shut(&o);
		if (r->redact != NULL)
			redact_model(r->redact, NULL);
	}
	return status;
}
