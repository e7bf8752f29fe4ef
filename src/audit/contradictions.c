/*
 * contradictions.c: findings of audit rules, of the latest response of each batch and across its
 * responses. All of them are counted, however few are told.
 */
#include "audit/contradictions.h"

#include <stdlib.h>

#include "base/file.h"
#include "bundle/frame.h"
#include "json/members.h"

struct contradiction_entry {
	struct report_contradiction finding;
	uint32_t batch, row;
	bool across;
	size_t order; /* in which they came */
};

int contradictions_init(struct contradictions *c, uint32_t batches,
			const struct severities *severities, uint64_t most, facts_rule *audited)
{
	*c = (struct contradictions){
		.severities = severities, .most = most, .audited = audited, .batches = batches};
	for (int rule = 0; rule < RULE_COUNT; rule++) {
		if (!audited(rule))
			continue;
		c->place[rule] = c->rule_count;
		c->rules[c->rule_count++] = rule;
	}
	c->told = calloc((size_t)batches * c->rule_count + 1, sizeof(*c->told));
	c->by_rule = calloc((size_t)batches * c->rule_count + 1, sizeof(*c->by_rule));
	c->archived = calloc((size_t)batches + 1, sizeof(*c->archived));
	c->here = calloc((size_t)batches + 1, sizeof(*c->here));
	c->by_batch = calloc((size_t)batches + 1, sizeof(*c->by_batch));
	c->errors = calloc((size_t)batches + 1, sizeof(*c->errors));
	c->seen = calloc((size_t)batches + 1, sizeof(*c->seen));
	c->partial = calloc((size_t)batches + 1, sizeof(*c->partial));
	return c->told != NULL && c->by_batch != NULL && c->errors != NULL && c->seen != NULL &&
			       c->by_rule != NULL && c->archived != NULL && c->here != NULL &&
			       c->partial != NULL
		       ? 0
		       : -1;
}

void contradictions_free(struct contradictions *c)
{
	free(c->list);
	free(c->told);
	free(c->by_rule);
	free(c->archived);
	free(c->here);
	free(c->by_batch);
	free(c->errors);
	free(c->seen);
	free(c->partial);
	free(c->sorted);
	buf_free(&c->pointer);
	buf_free(&c->message);
	arena_free(&c->memory);
	*c = (struct contradictions){0};
}

static int keep(struct contradictions *c, struct contradiction_entry *entry)
{
	struct report_contradiction *f = &entry->finding;

	if (array_reserve(&c->list, &c->cap, c->count + 1, sizeof(*c->list)) != 0 ||
	    !arena_copy(&c->memory, f->source, &f->source) ||
	    !arena_copy(&c->memory, f->bundle, &f->bundle) ||
	    !arena_copy(&c->memory, f->pointer, &f->pointer) ||
	    !arena_copy(&c->memory, f->message, &f->message))
		return -1;
	entry->order = c->count;
	c->list[c->count++] = *entry;
	return 0;
}

static int redact(struct contradictions *c, struct report_contradiction *f)
{
	buf_clear(&c->pointer);
	buf_clear(&c->message);
	redact_pointer(c->redact, f->pointer, &c->pointer);
	redact_message(c->redact, f->rule, f->pointer, f->message, &c->message);
	f->pointer = buf_view(&c->pointer);
	f->message = buf_view(&c->message);
	return c->pointer.failed || c->message.failed ? -1 : 0;
}

int contradictions_add(struct contradictions *c, uint32_t batch, bool across, uint64_t times,
		       bool tell, const struct report_contradiction *finding)
{
	struct contradiction_entry entry = {*finding, batch, 0, across, 0};
	size_t at = (size_t)batch * c->rule_count + c->place[finding->rule];

	entry.finding.severity = severity_of(c->severities, finding->rule, finding->severity);
	if (entry.finding.severity == SEVERITY_OFF)
		return 0;
	c->by_batch[batch] += times;
	c->by_rule[at] += times;
	c->errors[batch] |= entry.finding.severity == SEVERITY_ERROR;
	if (!tell && finding->bundle.len > 0) {
		c->archived[batch] += times;
		return 0;
	}
	if (!tell || c->told[at] >= c->most) {
		c->here[batch] += times;
		return 0;
	}
	c->told[at]++;
	if (c->redact != NULL && redact(c, &entry.finding) != 0)
		return -1;
	return keep(c, &entry);
}

/* --- findings of a bundle --- */

static int by_response(const void *a, const void *b)
{
	const struct latest_response *x = a, *y = b;

	return (x->response > y->response) - (x->response < y->response);
}

/* What a line of findings says, as it stands there. */
struct line {
	struct slice path, rule, severity, pointer, message;
	uint64_t line, column, more;
};

static struct line read_line(struct slice text)
{
	struct line l = {0};
	struct members in;
	struct json_member m;

	members_begin(&in, text);
	while (!in.array && members_next(&in, &m)) {
		struct slice name = slice_of(m.name.data + 1, m.name.len - 2);

		if (slice_equal(name, SLICE("path")) || slice_equal(name, SLICE("_source")))
			l.path = m.value;
		else if (slice_equal(name, SLICE("rule")))
			l.rule = m.value;
		else if (slice_equal(name, SLICE("severity")))
			l.severity = m.value;
		else if (slice_equal(name, SLICE("pointer")))
			l.pointer = m.value;
		else if (slice_equal(name, SLICE("message")))
			l.message = m.value;
		else if (slice_equal(name, SLICE("line")))
			json_uint(m.value, &l.line);
		else if (slice_equal(name, SLICE("column")))
			json_uint(m.value, &l.column);
		else if (slice_equal(name, SLICE("more")))
			json_uint(m.value, &l.more);
	}
	return l;
}

static struct slice plain(struct slice quoted)
{
	return quoted.len >= 2 ? slice_of(quoted.data + 1, quoted.len - 2) : SLICE("");
}

static int add_line(struct contradictions *c, struct slice text, const struct latest_response *in,
		    struct slice bundle)
{
	struct line l = read_line(text);
	struct report_contradiction f = {.rule = rule_parse(plain(l.rule)),
					 .line = l.line,
					 .column = l.column,
					 .bundle = bundle,
					 .response = in->response};
	struct buf words = BUF_INIT;
	size_t end[2];
	int result = -1;

	if (f.rule == RULE_COUNT || !c->audited(f.rule) ||
	    severity_parse(plain(l.severity), &f.severity) != 0)
		return 0;
	c->seen[in->batch] += l.more > 0 ? l.more : 1;
	json_unescape(&words, l.path);
	end[0] = words.len;
	json_unescape(&words, l.pointer);
	end[1] = words.len;
	json_unescape(&words, l.message);
	if (!words.failed) {
		f.source = slice_of(words.data, end[0]);
		f.pointer = slice_of(words.data + end[0], end[1] - end[0]);
		f.message = slice_of(words.data + end[1], words.len - end[1]);
		result = contradictions_add(c, in->batch, false, l.more > 0 ? l.more : 1,
					    l.more == 0, &f);
	}
	buf_free(&words);
	return result;
}

/* The number of the response that a line is about; 0: it does not say. It stands first. */
static uint64_t response_of(struct slice text)
{
	struct members in;
	struct json_member m;
	uint64_t n;

	members_begin(&in, text);
	if (in.array || !members_next(&in, &m) || !slice_equal(m.name, SLICE("\"_response\"")) ||
	    !json_uint(m.value, &n))
		return 0;
	return n;
}

static int add_frame(struct contradictions *c, struct slice content, struct slice bundle,
		     const struct latest_response *latest, size_t count)
{
	const char *at = content.data, *end = at + content.len, *lf;

	for (; at < end; at = lf + 1) {
		struct latest_response key = {0}, *in;

		lf = memchr(at, '\n', (size_t)(end - at));
		if (lf == NULL)
			lf = end;
		struct slice line = slice_of(at, (size_t)(lf - at));
		key.response = response_of(line);
		in = bsearch(&key, latest, count, sizeof(*latest), by_response);
		if (in != NULL && add_line(c, line, in, bundle) != 0)
			return -1;
	}
	return 0;
}

int contradictions_read(struct contradictions *c, const struct bundle *b, struct slice bundle,
			const struct latest_response *latest, size_t count, struct error *e)
{
	struct decoder *d = decoder_new();
	struct buf content = BUF_INIT;
	struct error damage = {0};
	int result = d == NULL ? error_memory(e) : 0;

	for (uint32_t i = 0; result == 0 && i < bundle_line_frames(b, LINES_FINDINGS); i++) {
		uint32_t frame = bundle_line_frame(b, LINES_FINDINGS, i);
		struct error why = {0};

		if (stop_requested())
			result = error_set(e, ERROR_STOPPED, "stopped");
		else if (bundle_read_frame(b, frame, d, &content, &why) != 0)
			error_set(&damage, why.kind, "%s", why.text);
		else if (add_frame(c, buf_view(&content), bundle, latest, count) != 0)
			result = error_memory(e);
	}
	buf_free(&content);
	decoder_free(d);
	if (result == 0 && damage.kind != ERROR_NONE)
		result = error_set(e, damage.kind, "%s", damage.text);
	return result;
}

/* --- in order --- */

static int by_place(const void *a, const void *b)
{
	const struct contradiction_entry *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->across != y->across)
		return x->across ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

int contradictions_sort(struct contradictions *c, const struct tables *t, struct report *r)
{
	size_t left = 0;

	c->sorted = calloc(c->count + 1, sizeof(*c->sorted));
	if (c->sorted == NULL)
		return -1;
	for (size_t i = 0; i < c->count; i++) {
		c->list[i].row = t->row_of[c->list[i].batch];
		if (c->list[i].row != UINT32_MAX)
			c->list[left++] = c->list[i];
	}
	if (left > 1)
		qsort(c->list, left, sizeof(*c->list), by_place);
	c->count = left;
	for (size_t i = 0; i < left; i++) {
		c->sorted[i] = c->list[i].finding;
		c->sorted[i].batch = r->rows[REPORT_BATCH][c->list[i].row].key;
	}
	for (size_t i = 0; i < r->row_count[REPORT_BATCH]; i++) {
		const uint64_t *by_rule = c->by_rule + (size_t)t->order[i] * c->rule_count;

		t->batches[i].by_rule = by_rule;
		for (size_t k = 0; k < c->rule_count; k++)
			c->total[k] += by_rule[k];
		r->counted_archived += c->archived[t->order[i]];
		r->counted_here += c->here[t->order[i]];
		t->batches[i].contradictions = c->by_batch[t->order[i]];
		t->batches[i].partial = c->partial[t->order[i]];
		r->partial |= t->batches[i].partial;
		r->contradiction_total += t->batches[i].contradictions;
	}
	r->contradictions = c->sorted;
	r->contradiction_count = left;
	r->rules = c->rules;
	r->rule_count = c->rule_count;
	r->by_rule = c->total;
	return 0;
}

bool contradictions_errors(const struct contradictions *c, const struct tables *t)
{
	for (uint32_t i = 0; i < c->batches; i++)
		if (c->errors[i] && t->row_of[i] != UINT32_MAX)
			return true;
	return false;
}
