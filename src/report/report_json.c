/*
 * report_json.c: a report as one JSON object (section AUDIT of callroll(1)). Every number of the
 * report is in it, as a number; times are Unix seconds and, beside them, ISO 8601; what is not
 * known is null.
 * Members are only ever added, at the end of their object; else `version` changes.
 */
#include "report/formats.h"

#include "base/text.h"
#include "json/write.h"

static const char *const kinds[] = {"settled", "open", "unknown"};

/* Before each member or element but the first. */
static void comma(struct buf *out)
{
	char last = out->len == 0 ? '{' : out->data[out->len - 1];

	if (last != '{' && last != '[' && last != ':')
		buf_byte(out, ',');
}

/* The names here need no escapes. */
static void name_parts(struct buf *out, const char *text, const char *suffix)
{
	comma(out);
	buf_printf(out, "\"%s%s\":", text, suffix);
}

static void name(struct buf *out, const char *text)
{
	name_parts(out, text, "");
}

static void put_text(struct buf *out, const char *member, struct slice text)
{
	name(out, member);
	json_write_string(out, text);
}

/* null if there is none */
static void put_maybe(struct buf *out, const char *member, struct slice text)
{
	if (text.len > 0) {
		put_text(out, member, text);
		return;
	}
	name(out, member);
	buf_string(out, "null");
}

static void put_number(struct buf *out, const char *member, uint64_t n)
{
	name(out, member);
	buf_uint(out, n);
}

static void put_bool(struct buf *out, const char *member, bool b)
{
	name(out, member);
	buf_string(out, b ? "true" : "false");
}

/* "created":1777600000,"created_iso":"2026-05-01T..Z" */
static void put_time(struct buf *out, const char *member, int64_t t)
{
	name(out, member);
	if (t == REPORT_NO_TIME)
		buf_string(out, "null");
	else
		buf_int(out, t);
	name_parts(out, member, "_iso");
	if (t == REPORT_NO_TIME) {
		buf_string(out, "null");
		return;
	}
	buf_byte(out, '"');
	text_time(out, t);
	buf_byte(out, '"');
}

static void put_gap(struct buf *out, const char *member, int64_t from, int64_t to,
		    struct slice batch)
{
	name(out, member);
	if (from == to) {
		buf_string(out, "null");
		return;
	}
	buf_byte(out, '{');
	if (batch.len > 0)
		put_text(out, "batch", batch);
	put_time(out, "from", from);
	put_time(out, "to", to);
	put_number(out, "seconds", (uint64_t)(to - from));
	buf_byte(out, '}');
}

/* Contradictions by rule: those that there are. */
static void put_rules(struct buf *out, const struct report *r, const uint64_t *by_rule)
{
	name(out, "contradictions_by_rule");
	buf_byte(out, '{');
	for (size_t i = 0; i < r->rule_count; i++)
		if (by_rule[i] > 0)
			put_number(out, rule_info(r->rules[i])->name, by_rule[i]);
	buf_byte(out, '}');
}

/* --- rows --- */

static void put_times(struct buf *out, const struct report_times *t)
{
	const struct {
		const char *name;
		int64_t value;
	} percentiles[] = {{"median", t->median}, {"p90", t->p90}, {"p99", t->p99}};

	name(out, "time_to_finish");
	buf_byte(out, '{');
	put_number(out, "count", t->count);
	for (size_t i = 0; i < 3; i++) {
		name(out, percentiles[i].name);
		if (t->count > 0)
			buf_int(out, percentiles[i].value);
		else
			buf_string(out, "null");
	}
	name(out, "buckets");
	buf_byte(out, '[');
	for (int i = 0; i < REPORT_BUCKETS; i++) {
		comma(out);
		buf_uint(out, t->bucket[i]);
	}
	buf_string(out, "]}");
}

/* Of what cannot be read: all that put_row has, and no number. */
static void put_no_figures(struct buf *out)
{
	static const char *const names[] = {"recipients", "by_status",       "open",
					    "unknown",    "completed_share", "time_to_finish"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		name(out, names[i]);
		buf_string(out, "null");
	}
}

static void put_row(struct buf *out, const struct report *r, const struct report_row *row)
{
	if (!report_has_figures(row)) {
		put_no_figures(out);
		return;
	}
	put_number(out, "recipients", row->recipients);
	name(out, "by_status");
	buf_byte(out, '{');
	for (size_t i = 0; i < r->status_count; i++) {
		comma(out);
		json_write_string(out, r->status[i].name);
		buf_byte(out, ':');
		buf_uint(out, row->by_status[i]);
	}
	buf_byte(out, '}');
	put_number(out, "open", row->open);
	put_number(out, "unknown", row->unknown);
	name(out, "completed_share");
	if (row->recipients > 0)
		buf_printf(out, "%.6f",
			   (double)row->by_status[REPORT_COMPLETED] / (double)row->recipients);
	else
		buf_string(out, "null");
	put_times(out, &row->times);
}

static void put_batch(struct buf *out, const struct report *r, size_t i)
{
	const struct report_row *row = &r->rows[REPORT_BATCH][i];
	const struct report_batch *b = &r->batches[i];

	put_text(out, "id", row->key);
	put_maybe(out, "name", row->name);
	put_maybe(out, "status", b->status);
	put_bool(out, "ended", b->ended);
	put_maybe(out, "agent_id", b->agent);
	put_maybe(out, "agent_name", b->agent_name);
	put_maybe(out, "phone_provider", b->provider);
	put_time(out, "created_at_unix", b->created);
	put_time(out, "scheduled_time_unix", b->scheduled);
	put_time(out, "last_updated_at_unix", b->updated);
	put_number(out, "captures", b->captures);
	put_gap(out, "longest_gap", b->gap_from, b->gap_to, SLICE(""));
	put_maybe(out, "bundle", b->bundle);
	put_number(out, "response", b->response);
	put_maybe(out, "source", b->source);
	put_number(out, "contradictions", b->contradictions);
	put_row(out, r, row);
	put_bool(out, "readable", row->unread == 0);
	put_bool(out, "contradictions_complete", !b->partial);
	put_rules(out, r, b->by_rule);
}

static void put_group(struct buf *out, const struct report *r, const char *member,
		      enum report_group group)
{
	name(out, member);
	buf_byte(out, '[');
	for (size_t i = 0; i < r->row_count[group]; i++) {
		const struct report_row *row = &r->rows[group][i];

		buf_string(out, i > 0 ? ",\n{" : "\n{");
		if (group == REPORT_BATCH) {
			put_batch(out, r, i);
		} else {
			put_maybe(out, "key", row->key);
			if (group == REPORT_AGENT)
				put_maybe(out, "name", row->name);
			put_number(out, "batches", row->batches);
			put_row(out, r, row);
			if (group != REPORT_DAY)
				put_number(out, "batches_not_readable", row->unread);
		}
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

/* --- the rest --- */

static void put_contradictions(struct buf *out, const struct report *r)
{
	put_number(out, "contradictions_total", r->contradiction_total);
	name(out, "contradictions");
	buf_byte(out, '[');
	for (size_t i = 0; i < r->contradiction_count; i++) {
		const struct report_contradiction *c = &r->contradictions[i];

		buf_string(out, i > 0 ? ",\n{" : "\n{");
		put_text(out, "rule", slice_string(rule_info(c->rule)->name));
		put_text(out, "severity", slice_string(severity_name(c->severity)));
		put_text(out, "batch", c->batch);
		put_maybe(out, "source", c->source);
		put_number(out, "line", c->line);
		put_number(out, "column", c->column);
		put_maybe(out, "bundle", c->bundle);
		put_number(out, "response", c->response);
		put_text(out, "pointer", c->pointer);
		put_text(out, "message", c->message);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

static void put_ids(struct buf *out, const struct report *r, const char *member,
		    const struct slice *list, size_t count)
{
	name(out, member);
	if (!r->expected) {
		buf_string(out, "null");
		return;
	}
	buf_byte(out, '[');
	for (size_t i = 0; i < count; i++) {
		comma(out);
		json_write_string(out, list[i]);
	}
	buf_byte(out, ']');
}

static void put_trouble(struct buf *out, const struct report *r)
{
	put_number(out, "damaged", r->damaged);
	put_number(out, "unreadable", r->unreadable);
	put_number(out, "recipients_not_readable", r->unread_recipients);
	put_bool(out, "contradictions_complete", !r->partial);
	put_rules(out, r, r->by_rule);
	put_number(out, "only_counted", r->contradiction_total - r->contradiction_count);
	put_number(out, "only_counted_archived", r->counted_archived);
	put_number(out, "trouble_total", r->trouble_total);
	name(out, "trouble");
	buf_byte(out, '[');
	for (size_t i = 0; i < r->trouble_count; i++) {
		comma(out);
		json_write_string(out, r->troubles[i]);
	}
	buf_byte(out, ']');
}

static void put_head(struct buf *out, const struct report *r)
{
	buf_string(out, "{\"format\":\"callroll-audit\",\"version\":1");
	put_number(out, "captures", r->captures);
	put_number(out, "bundles", r->bundles);
	put_number(out, "batches", r->row_count[REPORT_BATCH]);
	put_number(out, "set_aside", r->set_aside);
	put_number(out, "filtered", r->filtered);
	put_number(out, "erased", r->erased);
	put_maybe(out, "filters", r->filters);
	put_text(out, "zone", r->zone);
	put_time(out, "first", r->first);
	put_time(out, "last", r->last);
	put_gap(out, "longest_gap", r->gap_from, r->gap_to, r->gap_batch);
	name(out, "statuses");
	buf_byte(out, '[');
	for (size_t i = 0; i < r->status_count; i++) {
		comma(out);
		buf_byte(out, '{');
		put_text(out, "name", r->status[i].name);
		put_text(out, "kind", slice_string(kinds[r->status[i].kind]));
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
	name(out, "bucket_seconds");
	buf_byte(out, '[');
	for (int i = 0; i + 1 < REPORT_BUCKETS; i++) {
		comma(out);
		buf_int(out, report_bucket[i]);
	}
	buf_byte(out, ']');
}

int report_json(const struct report *r, struct buf *out)
{
	put_head(out, r);
	name(out, "all");
	buf_byte(out, '{');
	put_row(out, r, &r->rows[REPORT_ALL][0]);
	put_number(out, "batches_not_readable", r->rows[REPORT_ALL][0].unread);
	buf_byte(out, '}');
	put_group(out, r, "by_batch", REPORT_BATCH);
	put_group(out, r, "by_agent", REPORT_AGENT);
	put_group(out, r, "by_provider", REPORT_PROVIDER);
	put_group(out, r, "by_day", REPORT_DAY);
	put_contradictions(out, r);
	put_ids(out, r, "missing", r->missing, r->missing_count);
	put_ids(out, r, "unexpected", r->unexpected, r->unexpected_count);
	put_trouble(out, r);
	buf_string(out, "}\n");
	return out->failed ? -1 : 0;
}
