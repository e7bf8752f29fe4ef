/*
 * reader.c: finds the responses in a source. Between two of them the state is where the window
 * stands and whether an array of responses is open; what is between belongs to no response only if
 * it is white space or the array's punctuation. Never passes a byte over that is neither.
 */
#include "input/reader.h"

#include <stdlib.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"
#include "input/stranger.h"
#include "input/window.h"
#include "json/members.h"

/* Where in an array of responses the reader is. */
enum array {
	ARRAY_NONE,
	ARRAY_FIRST, /* an element or ] */
	ARRAY_NEXT,  /* an element */
	ARRAY_AFTER, /* , or ] */
	ARRAY_LOOSE  /* something in it could not be read: an element, a comma or ] */
};

enum where {
	BETWEEN,
	BEGUN,    /* READER_BEGIN was returned for something that the checker reads */
	STRANGE,  /* ... that is no JSON: r->stranger says what */
	ENDED     /* READER_END was returned */
};

struct reader {
	struct findings *findings;
	struct check *check;
	struct source *source;
	struct input_window *in;
	enum where where;
	enum array array;
	bool anything;       /* something other than white space was found in this source */
	struct buf stranger; /* what stands here instead of a response; "": the bytes are no JSON */
	bool page;           /* it is a page or a table: only a clear beginning ends it */
	bool no_comma;       /* a response stands where an array's comma should: nothing is lost */
	enum rule reason;    /* with `why`: why an HTTP head cannot be read */
	const char *why;     /* NULL: the first byte says it */

	bool one_line;       /* the response is read again, this time to the end of its line only */
	struct window line;  /* what the checker sees of it then */

	/* the response being read */
	struct input_place start; /* with its HTTP head */
	struct input_place body;
	enum array array_before;
	bool has_head;
	struct http_head head;
	struct buf head_text;
	struct reader_result result;
};

struct reader *reader_new(const struct model *model, const struct check_limits *limits,
			  struct findings *findings)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->findings = findings;
	r->check = check_new(model, limits, findings);
	r->in = window_new();
	if (r->check == NULL || r->in == NULL) {
		reader_free(r);
		return NULL;
	}
	return r;
}

void reader_free(struct reader *r)
{
	if (r == NULL)
		return;
	check_free(r->check);
	window_free(r->in);
	buf_free(&r->stranger);
	buf_free(&r->head_text);
	free(r);
}

void reader_set_read(struct reader *r, size_t bytes)
{
	window_set_read(r->in, bytes);
}

void reader_start(struct reader *r, struct source *s)
{
	r->source = s;
	window_start(r->in, s);
	r->where = BETWEEN;
	r->array = ARRAY_NONE;
	r->anything = false;
	r->has_head = false;
	r->no_comma = false;
	r->why = NULL;
	r->result = (struct reader_result){0};
}

const struct reader_result *reader_result(const struct reader *r)
{
	return &r->result;
}

struct check *reader_check(struct reader *r)
{
	return r->check;
}

int reader_again(struct reader *r, struct error *e)
{
	if (window_return(r->in, &r->start, e) != 0)
		return -1;
	r->array = r->array_before;
	r->where = BETWEEN;
	r->has_head = false;
	r->result.number--;
	return 0;
}

/* --- findings that the checker does not make --- */

static void report(struct reader *r, enum rule rule, enum severity own, struct slice shape,
		   struct slice message, const struct input_place *at)
{
	struct place place = {at->offset, at->line, at->offset - at->line_start + 1};

	findings_begin_unit(r->findings);
	if (findings_count(r->findings, rule, own, BASIS_NONE, shape, &place))
		findings_tell(r->findings, SLICE(""), message);
	findings_commit_unit(r->findings);
}

static void report_secret(struct reader *r)
{
	if (r->has_head && r->head.secret)
		report(r, RULE_secret, SEVERITY_WARNING, SLICE(""),
		       SLICE("an HTTP header saved with the capture carries a key or a token"),
		       &r->start);
}

/* "Agent not found" of {"detail":"Agent not found"} or {"detail":{"message":...}} */
static struct slice error_detail(struct slice object)
{
	struct slice detail = members_find(object, "detail");

	if (detail.len > 0 && detail.data[0] == '{')
		detail = members_find(detail, "message");
	return detail.len > 2 && detail.data[0] == '"' && detail.len < 200 ? detail : SLICE("");
}

static void report_other(struct reader *r, const char *what)
{
	struct buf message = BUF_INIT;

	if (r->has_head && r->head.status != 0 && r->head.status != 200)
		buf_printf(&message, "HTTP status %u: ", r->head.status);
	buf_string(&message, what);
	if (r->where == BEGUN) {
		struct slice detail = error_detail(check_response(r->check)->text);
		if (detail.len > 0) {
			buf_byte(&message, ' ');
			text_safe(&message, detail);
		}
	}
	buf_string(&message, ", not a batch");
	/* the summary counts each kind of thing apart */
	report(r, RULE_not_a_response, SEVERITY_ERROR, slice_string(what), buf_view(&message),
	       &r->body);
	buf_free(&message);
}

/* Of what broke before it looked like a response only the reason is worth saying. */
static void keep_last_finding(struct reader *r)
{
	struct buf message = BUF_INIT;
	struct finding last;
	size_t n;
	const struct finding *list = findings_list(r->findings, &n);

	if (n == 0)
		return;
	last = list[n - 1];
	buf_slice(&message, last.message);
	findings_clear(r->findings);
	findings_begin_unit(r->findings);
	if (findings_count(r->findings, last.rule, SEVERITY_ERROR, BASIS_NONE, SLICE(""),
			   &last.place))
		findings_tell(r->findings, SLICE(""), buf_view(&message));
	findings_commit_unit(r->findings);
	buf_free(&message);
}

/* --- the end of a response --- */

static enum reader_event ended(struct reader *r, enum verdict verdict)
{
	r->where = ENDED;
	r->result.verdict = verdict;
	r->result.start = r->start.offset;
	r->result.end = window_offset(r->in);
	r->result.http = r->has_head ? &r->head : NULL;
	r->result.http_text = buf_view(&r->head_text);
	r->has_head = false;
	if (r->array != ARRAY_NONE)
		r->array = r->array == ARRAY_LOOSE ? ARRAY_LOOSE : ARRAY_AFTER;
	return READER_END;
}

/* Does a line that begins with these bytes begin the next response? */
static bool begins_response(const struct reader *r, struct slice line)
{
	if (source_is_lines(r->source) && !r->page)
		return true;
	if (slice_starts(line, SLICE("HTTP/")))
		return true;
	if (r->array != ARRAY_NONE && slice_starts(line, SLICE(",")))
		line = slice_of(line.data + 1, line.len - 1);
	return r->page ? slice_starts(line, SLICE("{\"")) : slice_starts(line, SLICE("{"));
}

/* After something that cannot be read: to the line that begins the next response. */
static int resynchronise(struct reader *r, struct error *e)
{
	struct slice line;
	int more;

	/* from its body: the blocks of an HTTP head begin with HTTP/, too */
	if (window_return(r->in, &r->body, e) != 0)
		return -1;
	while ((more = window_next_line(r->in, &line, e)) > 0)
		if (begins_response(r, line))
			break;
	if (r->array != ARRAY_NONE)
		r->array = ARRAY_LOOSE;
	return more < 0 ? -1 : 0;
}

static enum reader_event response_ended(struct reader *r)
{
	const char *other = check_is_not(r->check);
	enum verdict verdict = VERDICT_RECORD;

	if (*other != '\0') {
		findings_clear(r->findings);
		report_secret(r);
		report_other(r, other);
		verdict = VERDICT_OTHER;
	} else if (check_unfit(r->check)) {
		verdict = VERDICT_UNFIT;
	}
	return ended(r, verdict);
}

/* Of lines: did what broke break in a later line than its own? 1, 0 or -1. The window stands at the
 * response again. */
static int broke_later(struct reader *r, struct error *e)
{
	struct slice line;
	uint64_t end;
	size_t n;
	const struct finding *list = findings_list(r->findings, &n);

	if (!source_is_lines(r->source) || r->one_line || n == 0)
		return 0;
	if (window_return(r->in, &r->body, e) != 0 || window_next_line(r->in, &line, e) < 0)
		return -1;
	end = window_offset(r->in);
	if (window_return(r->in, &r->body, e) != 0)
		return -1;
	return list[n - 1].place.offset >= end;
}

/*
 * A line that is cut between two tokens seems to go on in the next one; what is said must be about
 * the line itself. It cannot end well: else it would have done so the first time.
 */
static void read_one_line(struct reader *r)
{
	findings_clear(r->findings);
	report_secret(r);
	check_begin(r->check);
	r->one_line = true;
}

/* check_run; of a response that is one line, no further than to its end. */
static enum check_status run_check(struct reader *r)
{
	struct window *w = window_view(r->in), *line = &r->line;
	enum check_status status;
	char *end;

	if (!r->one_line)
		return check_run(r->check, w);
	end = memchr(w->data + w->at, '\n', w->len - w->at);
	if (end == NULL)
		return check_run(r->check, w);
	*line = *w;
	line->len = (size_t)(end - w->data);
	line->last = true;
	window_settle(r->in);
	*end = '\0'; /* what the checker wants behind a window's last byte */
	status = check_run(r->check, line);
	*end = '\n';
	w->at = line->at;
	return status;
}

static enum reader_event response_broken(struct reader *r, struct error *e, bool *go_on)
{
	int later = broke_later(r, e);

	if (later < 0)
		return READER_FAILED;
	*go_on = later > 0;
	if (*go_on) {
		read_one_line(r);
		return READER_BEGIN;
	}
	if (!check_may_be_response(r->check))
		keep_last_finding(r);
	if (resynchronise(r, e) != 0)
		return READER_FAILED;
	return ended(r, VERDICT_UNFIT);
}

/* What is no JSON at all was announced; now it is passed. */
static enum reader_event stranger_ended(struct reader *r, struct error *e)
{
	enum verdict verdict = VERDICT_OTHER;

	if (r->stranger.len > 0) {
		buf_byte(&r->stranger, '\0');
		if (r->stranger.failed) {
			error_memory(e);
			return READER_FAILED;
		}
		report_other(r, r->stranger.data);
	} else if (r->no_comma) {
		r->no_comma = false;
		r->array = ARRAY_LOOSE;
		report(r, RULE_syntax, SEVERITY_ERROR, SLICE(""),
		       SLICE("expected ',' or ']' between the responses of an array, found '{'"),
		       &r->body);
		return ended(r, VERDICT_UNFIT);
	} else {
		struct window *w = window_view(r->in);
		struct input_place at;

		verdict = VERDICT_UNFIT;
		if (r->why != NULL)
			buf_string(&r->stranger, r->why);
		else if (r->anything && w->at < w->len)
			stranger_syntax(w, r->result.number > 1, &r->stranger);
		else
			buf_string(&r->stranger,
				   "the input ends inside an array of responses: it is truncated");
		at = r->body;
		if (r->why != NULL && r->reason == RULE_syntax) { /* a head that is cut */
			w->at = w->len;
			at = *window_place(r->in);
		}
		report(r, r->why != NULL ? r->reason : RULE_syntax, SEVERITY_ERROR, SLICE(""),
		       buf_view(&r->stranger), &at);
		r->why = NULL;
	}
	if (resynchronise(r, e) != 0)
		return READER_FAILED;
	return ended(r, verdict);
}

/* --- the beginning of a response --- */

static enum reader_event begun(struct reader *r, enum where where)
{
	r->anything = true;
	r->where = where;
	r->page &= where == STRANGE;
	r->one_line = false;
	r->result.number++;
	findings_clear(r->findings);
	if (where == STRANGE)
		check_begin_other(r->check); /* nothing of the response before it is left */
	r->body = *window_place(r->in);
	if (!r->has_head) {
		r->start = r->body;
		buf_clear(&r->head_text);
	}
	if (r->array == ARRAY_NONE || r->array == ARRAY_LOOSE)
		r->array_before = r->array;
	else
		r->array_before = ARRAY_NEXT;
	source_keep(r->source, r->start.offset);
	report_secret(r);
	return READER_BEGIN;
}

/* Something stands here that is no JSON (or nothing where something should). */
static enum reader_event stranger(struct reader *r, const char *what, bool page)
{
	buf_clear(&r->stranger);
	buf_string(&r->stranger, what);
	r->page = page;
	return begun(r, STRANGE);
}

/* Reads HTTP header blocks. 1: read; 0: they are none; -1. */
static int read_head(struct reader *r, struct error *e)
{
	struct window *w = window_view(r->in);
	enum http_status status;

	for (;;) {
		struct slice text = slice_of(w->data + w->at, w->len - w->at);

		status = http_read(text, w->last, &r->head);
		if (status != HTTP_MORE || w->last)
			break;
		if (window_more(r->in, e) != 0)
			return -1;
	}
	if (status != HTTP_HEAD) {
		struct slice text = slice_of(w->data + w->at, w->len - w->at);

		if (text.len > LIMIT_HTTP_HEAD) {
			r->reason = RULE_too_large;
			r->why = "the HTTP header blocks before a body are larger than 64 KiB";
		} else if (http_read(text, false, &r->head) == HTTP_MORE) {
			r->reason = RULE_syntax;
			r->why = "the input ends inside an HTTP header block: it is truncated";
		}
		return 0;
	}
	r->start = *window_place(r->in);
	buf_clear(&r->head_text);
	buf_append(&r->head_text, w->data + w->at, r->head.len);
	if (r->head_text.failed)
		return error_memory(e);
	r->has_head = true;
	source_keep(r->source, r->start.offset);
	w->at += r->head.len;
	return 1;
}

/* The end of the source, where a response could begin. */
static enum reader_event at_end(struct reader *r)
{
	if (r->has_head)
		return stranger(r, "an HTTP answer without a body", true);
	if (r->array == ARRAY_NONE || r->array == ARRAY_LOOSE) {
		if (r->anything)
			return READER_DONE;
		stranger(r, "an empty file", true);
		r->start = r->body = (struct input_place){0, 1, 0};
		return READER_BEGIN;
	}
	r->array = ARRAY_NONE;
	return stranger(r, "", false);
}

/* The punctuation of an array of responses. true: passed over. */
static bool pass_punctuation(struct reader *r, char byte)
{
	struct window *w = window_view(r->in);

	if (byte == ',' && (r->array == ARRAY_AFTER || r->array == ARRAY_LOOSE)) {
		if (r->array == ARRAY_AFTER)
			r->array = ARRAY_NEXT;
	} else if (byte == ']' && (r->array == ARRAY_AFTER || r->array == ARRAY_FIRST ||
				   r->array == ARRAY_LOOSE)) {
		r->array = ARRAY_NONE;
	} else {
		return false;
	}
	w->at++;
	return true;
}

/* A `[`: 1 if a `{` follows, so that it is an array of responses; 0: it is another value; -1. */
static int is_array(struct reader *r, struct error *e)
{
	struct window *w = window_view(r->in);
	size_t n = 1;

	for (;;) {
		while (w->at + n < w->len && strchr(" \t\r\n", w->data[w->at + n]) != NULL &&
		       w->data[w->at + n] != '\0')
			n++;
		if (w->at + n < w->len)
			return w->data[w->at + n] == '{';
		if (w->last || n > LIMIT_HTTP_HEAD)
			return 0;
		if (window_more(r->in, e) != 0)
			return -1;
	}
}

/* Something other than white space stands at the window's position. */
static enum reader_event begin(struct reader *r, struct error *e, bool *go_on)
{
	struct window *w = window_view(r->in);
	char byte = w->data[w->at];
	int n;

	*go_on = false;
	if (r->array != ARRAY_NONE && pass_punctuation(r, byte)) {
		*go_on = true;
		return READER_DONE;
	}
	if (r->array == ARRAY_AFTER) {
		r->no_comma = byte == '{';
		return stranger(r, "", false);
	}
	if (byte == '{') {
		check_begin(r->check);
		return begun(r, BEGUN);
	}
	if (byte == '[' && r->array == ARRAY_NONE) {
		n = is_array(r, e);
		if (n < 0)
			return READER_FAILED;
		if (n == 0) {
			check_begin_other(r->check);
			return begun(r, BEGUN);
		}
		r->anything = true;
		r->array = ARRAY_FIRST;
		w->at++;
		*go_on = true;
		return READER_DONE;
	}
	if (byte == 'H' && !r->has_head && r->array == ARRAY_NONE) {
		n = read_head(r, e);
		if (n < 0)
			return READER_FAILED;
		*go_on = n > 0;
		if (n > 0)
			return READER_DONE;
	}
	if (stranger_page(w, !r->anything, &r->stranger)) {
		r->page = true;
		return begun(r, STRANGE);
	}
	if (!r->anything && strchr("\"-0123456789tfn", byte) != NULL && byte != '\0') {
		check_begin_other(r->check);
		return begun(r, BEGUN);
	}
	return stranger(r, "", false);
}

/* Between responses: to the next thing that is not white space. */
static enum reader_event between(struct reader *r, struct error *e)
{
	for (;;) {
		struct window *w = window_view(r->in);
		bool go_on = true;
		enum reader_event event;
		int n = window_skip_space(r->in, e);

		if (n < 0)
			return READER_FAILED;
		if (n == 0)
			return at_end(r);
		/* enough to tell a page from a table from a header block */
		if (w->len - w->at < STRANGER_LOOK && window_want(r->in, STRANGER_LOOK, e) != 0)
			return READER_FAILED;
		if (slice_starts(slice_of(w->data + w->at, w->len - w->at),
				 SLICE("\xef\xbb\xbf"))) {
			w->at += 3;
			continue;
		}
		event = begin(r, e, &go_on);
		if (!go_on)
			return event;
	}
}

enum reader_event reader_next(struct reader *r, struct error *e)
{
	enum reader_event event;
	bool go_on;

	for (;;) {
		switch (r->where) {
		case ENDED:
			r->where = BETWEEN;
			__attribute__((fallthrough));
		case BETWEEN:
			return between(r, e);
		case STRANGE:
			return stranger_ended(r, e);
		case BEGUN:
			break;
		}
		switch (run_check(r)) {
		case CHECK_MORE:
			if (window_more(r->in, e) != 0)
				return READER_FAILED;
			break;
		case CHECK_RECIPIENT:
			return READER_RECIPIENT;
		case CHECK_END:
			return response_ended(r);
		case CHECK_BROKEN:
			event = response_broken(r, e, &go_on);
			if (!go_on)
				return event;
			break;
		case CHECK_FAILED:
			error_memory(e);
			return READER_FAILED;
		}
	}
}
