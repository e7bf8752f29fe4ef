/*
 * found.c: keeps or prints the states that meet the conditions, and says at the end how many there
 * were and where.
 */
#include "commands/found.h"

#include <stdlib.h>

#include "base/text.h"
#include "json/members.h"

struct kept {
	uint32_t bundle;
	uint64_t number;
	const char *path;
	size_t line, len;
	size_t response, response_len;
};

int found_begin(struct found *f, bool ndjson, const struct where *where, struct redact *redact)
{
	f->redact = redact;
	f->where = where;
	f->answer = answer_new(ndjson);
	return f->answer == NULL ? -1 : 0;
}

void found_free(struct found *f)
{
	answer_free(f->answer);
	answer_head_free(&f->head);
	buf_free(&f->scratch);
	free(f->kept);
	buf_free(&f->text);
	buf_free(&f->shown);
}

static bool response_meets(struct found *f, const struct volume *v, struct slice response)
{
	return where_line(f->where, lookup_keys(v->lookup, LINES_RESPONSES), response, &f->scratch);
}

/* Appends a line as it is printed. false: that cannot be. */
static bool put_line(struct found *f, const struct volume *v, enum redact_what what,
		     struct slice line, struct buf *out)
{
	if (f->redact == NULL) {
		buf_slice(out, line);
		return true;
	}
	redact_model(f->redact, lookup_model(v->lookup));
	return redact_object(f->redact, what, line, out, &f->why) == 0;
}

/* The same for one that is printed at once; *line becomes it. */
static bool veil_line(struct found *f, const struct volume *v, enum redact_what what,
		      struct slice *line)
{
	if (f->redact == NULL)
		return true;
	buf_clear(&f->shown);
	if (!put_line(f, v, what, *line, &f->shown))
		return false;
	*line = buf_view(&f->shown);
	return true;
}

int found_now(void *arg, const struct volume *v, const struct state *s)
{
	struct found *f = arg;
	struct slice line;

	if (f->capture != s->capture) {
		f->capture = s->capture;
		f->meets = response_meets(f, v, s->response);
		line = s->response;
		if (f->meets && !veil_line(f, v, REDACT_RESPONSE_LINE, &line))
			return 1;
		if (f->meets)
			answer_head(&f->head, v->path, line);
	}
	line = s->line;
	if (f->meets && !veil_line(f, v, REDACT_RECIPIENT_LINE, &line))
		return 1;
	if (f->meets)
		answer_recipient(f->answer, &f->head, line);
	return terminal_gone() ? 1 : 0;
}

int found_later(void *arg, const struct volume *v, const struct state *s)
{
	struct found *f = arg;
	struct kept *k;

	if (f->capture != s->capture || f->response_len == 0) {
		f->capture = s->capture;
		f->meets = response_meets(f, v, s->response);
		f->response = f->text.len;
		if (!put_line(f, v, REDACT_RESPONSE_LINE, s->response, &f->text))
			return 1;
		f->response_len = f->text.len - f->response;
	}
	if (!f->meets ||
	    !where_line(f->where, lookup_keys(v->lookup, LINES_RECIPIENTS), s->line, &f->scratch))
		return 0;
	if (array_reserve(&f->kept, &f->cap, f->count + 1, sizeof(*f->kept)) != 0) {
		f->text.failed = true; /* found_print says it */
		return 1;
	}
	k = &f->kept[f->count++];
	*k = (struct kept){.bundle = s->capture->bundle,
			   .number = s->number,
			   .path = v->path,
			   .line = f->text.len,
			   .response = f->response,
			   .response_len = f->response_len};
	if (!put_line(f, v, REDACT_RECIPIENT_LINE, s->line, &f->text))
		return 1;
	k->len = f->text.len - k->line;
	return f->text.failed ? 1 : 0;
}

static int by_place(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	if (x->bundle != y->bundle)
		return x->bundle < y->bundle ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

int found_print(struct found *f, struct error *e)
{
	const struct kept *last = NULL;

	if (f->why.kind != ERROR_NONE)
		return error_set(e, f->why.kind, "%s", f->why.text);
	if (f->text.failed || f->scratch.failed)
		return error_memory(e);
	if (f->count > 1)
		qsort(f->kept, f->count, sizeof(*f->kept), by_place);
	for (size_t i = 0; i < f->count && !terminal_gone(); i++) {
		const struct kept *k = &f->kept[i];

		if (last != NULL && by_place(last, k) == 0)
			continue;
		if (last == NULL || last->response != k->response)
			answer_head(&f->head, k->path,
				    slice_of(f->text.data + k->response, k->response_len));
		answer_recipient(f->answer, &f->head, slice_of(f->text.data + k->line, k->len));
		last = k;
	}
	return 0;
}

int found_batch(struct found *f, const struct volume *v, struct slice response, size_t captures)
{
	if (response_meets(f, v, response) && veil_line(f, v, REDACT_RESPONSE_LINE, &response))
		answer_batch(f->answer, v->path, response, captures);
	return f->scratch.failed ? -1 : 0;
}

int found_end(struct found *f)
{
	return f->scratch.failed || f->shown.failed || f->why.kind != ERROR_NONE ||
			       answer_end(f->answer) != 0
		       ? -1
		       : 0;
}

bool found_nothing(const struct found *f)
{
	return answer_recipients(f->answer) + answer_batches(f->answer) == 0;
}

/* --- the closing line --- */

static void counted(struct buf *out, uint64_t n, const char *one, const char *many)
{
	text_count(out, n);
	buf_byte(out, ' ');
	buf_string(out, n == 1 ? one : many);
}

struct span {
	int64_t first, last; /* INT64_MIN: no time */
	bool unknown;
};

static void stretch(struct span *s, struct slice line)
{
	int64_t n;

	if (!json_int(members_find(line, "last_updated_at_unix"), &n))
		return;
	if (s->last == INT64_MIN || n < s->first)
		s->first = n;
	if (n > s->last)
		s->last = n;
}

/* The times of all responses of a bundle, if they stand in one frame. To read more would cost more
 * than to find. */
static void stretch_over(struct span *s, struct volume *v)
{
	uint64_t count = bundle_lines(v->bundle, LINES_RESPONSES);
	struct error ignored = {0}; /* who needs the frame says it */
	struct slice line;

	s->unknown |= bundle_line_frames(v->bundle, LINES_RESPONSES) > 1;
	for (uint64_t i = 1; i <= count && !s->unknown; i++) {
		if (lines_get(v->responses, i, &line, &ignored) != 0)
			s->unknown = true;
		else
			stretch(s, line);
	}
}

/* 2019-05-02 */
static void day(struct buf *out, int64_t time)
{
	struct buf text = BUF_INIT;

	text_time(&text, time);
	buf_append(out, text.data, text.len == 20 ? 10 : text.len);
	buf_free(&text);
}

static void what(struct buf *out, const struct answer *a)
{
	uint64_t recipients = answer_recipients(a), batches = answer_batches(a);

	if (recipients > 0)
		counted(out, recipients, "recipient", "recipients");
	if (recipients > 0 && batches > 0)
		buf_string(out, " and ");
	if (batches > 0)
		counted(out, batches, "batch", "batches");
	if (recipients + batches == 0)
		buf_string(out, "nothing found");
}

void found_summary(const struct found *f, struct shelf *shelf, const struct options *o)
{
	struct span span = {INT64_MIN, INT64_MIN, false};
	struct buf out = BUF_INIT;
	uint64_t set_aside = 0;
	size_t bad;

	if (o->quiet)
		return;
	for (size_t i = 0; i < shelf_count(shelf); i++) {
		struct volume *v = shelf_get(shelf, i);

		if (v == NULL)
			continue;
		set_aside += bundle_blobs(v->bundle, BLOB_SET_ASIDE);
		if (!span.unknown)
			stretch_over(&span, v);
	}
	bad = shelf_bad(shelf);
	what(&out, f->answer);
	buf_string(&out, " in ");
	counted(&out, shelf_count(shelf) - bad, "bundle", "bundles");
	if (!span.unknown && span.last != INT64_MIN) {
		buf_string(&out, ", ");
		day(&out, span.first);
		buf_string(&out, " to ");
		day(&out, span.last);
	}
	if (set_aside > 0) {
		buf_string(&out, "; ");
		counted(&out, set_aside, "set-aside input is", "set-aside inputs are");
		buf_string(&out, " not searched");
	}
	if (bad > 0) {
		buf_string(&out, "; ");
		counted(&out, bad, "bundle cannot", "bundles cannot");
		buf_string(&out, " be read");
	}
	buf_byte(&out, '\n');
	terminal_say_bytes(o, buf_view(&out));
	buf_free(&out);
}
