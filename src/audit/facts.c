/*
 * facts.c: what is known of each batch. Nothing is taken as a time that is not one.
 */
#include "audit/facts.h"

#include <stdlib.h>

#include "json/members.h"

#define TIME_FIRST INT64_C(1577836800) /* 2020-01-01: there was no such API before */
#define TIME_END INT64_C(100000000000) /* from here on they are milliseconds */

static bool is_time(int64_t t)
{
	return t >= TIME_FIRST && t < TIME_END;
}

int64_t facts_time(struct slice value)
{
	int64_t t;

	return json_int(value, &t) && is_time(t) ? t : REPORT_NO_TIME;
}

/* --- from captures --- */

static int find_gap(struct fact *f, const struct capture *list, size_t count)
{
	int64_t *times = malloc((count + 1) * sizeof(*times));
	struct captures_gap gap;
	size_t n = 0;

	if (times == NULL)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (is_time(capture_time(&list[i])))
			times[n++] = capture_time(&list[i]);
	gap = captures_gap_of(times, n);
	f->gap_from = gap.from;
	f->gap_to = gap.to;
	free(times);
	return 0;
}

/* The text of a value: of a string what it stands for, of null nothing. */
static bool keep(struct facts *f, struct slice value, struct slice *out)
{
	struct buf text = BUF_INIT;

	*out = (struct slice){0};
	if (value.len == 0 || slice_equal(value, SLICE("null")))
		return true;
	if (!json_unescape(&text, value))
		buf_slice(&text, value);
	return arena_take(&f->memory, &text, out);
}

static int init(struct facts *f, struct fact *fact, struct slice id, const struct capture *list,
		size_t count)
{
	*fact = (struct fact){
		.captures = count,
		.last = &list[count - 1],
		.first = REPORT_NO_TIME,
		.latest = REPORT_NO_TIME,
		.created = REPORT_NO_TIME,
		.scheduled = REPORT_NO_TIME,
		.updated = REPORT_NO_TIME,
	};
	for (size_t i = 0; i < count; i++) {
		if (!is_time(list[i].updated))
			continue;
		if (fact->first == REPORT_NO_TIME)
			fact->first = list[i].updated;
		fact->latest = list[i].updated;
	}
	return keep(f, id, &fact->id) && find_gap(fact, list, count) == 0 ? 0 : -1;
}

int facts_init(struct facts *f, const struct captures *captures, struct error *e)
{
	const struct map *ids = captures_batches(captures);

	*f = (struct facts){.count = map_count(ids)};
	f->list = calloc((size_t)f->count + 1, sizeof(*f->list));
	if (f->list == NULL)
		return error_memory(e);
	for (uint32_t i = 0; i < f->count; i++) {
		size_t count;
		const struct capture *list = captures_of(captures, i, &count);

		if (init(f, &f->list[i], map_key(ids, i), list, count) != 0)
			return error_memory(e);
	}
	return 0;
}

void facts_free(struct facts *f)
{
	free(f->list);
	arena_free(&f->memory);
	*f = (struct facts){0};
}

/* --- from the latest response --- */

static uint64_t count_findings(struct slice findings, facts_rule *audited)
{
	struct members in;
	struct json_member m;
	uint64_t n, total = 0;

	members_begin(&in, findings);
	while (!in.array && members_next(&in, &m)) {
		enum rule rule = rule_parse(slice_of(m.name.data + 1, m.name.len - 2));

		if (rule != RULE_COUNT && audited(rule) && json_uint(m.value, &n))
			total += n;
	}
	return total;
}

int facts_read(struct facts *f, uint32_t batch, struct slice line, const struct filter *filter,
	       facts_rule *audited)
{
	struct fact *fact = &f->list[batch];
	const struct {
		const char *name;
		struct slice *text;
		int64_t *time;
	} wanted[] = {
		{"\"name\"", &fact->name, NULL},
		{"\"status\"", &fact->status, NULL},
		{"\"agent_id\"", &fact->agent, NULL},
		{"\"agent_name\"", &fact->agent_name, NULL},
		{"\"phone_provider\"", &fact->provider, NULL},
		{"\"_source\"", &fact->source, NULL},
		{"\"created_at_unix\"", NULL, &fact->created},
		{"\"scheduled_time_unix\"", NULL, &fact->scheduled},
		{"\"last_updated_at_unix\"", NULL, &fact->updated},
	};
	struct members in;
	struct json_member m;

	members_begin(&in, line);
	while (!in.array && members_next(&in, &m)) {
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
			if (!slice_equal(m.name, slice_string(wanted[i].name)))
				continue;
			if (wanted[i].text != NULL && !keep(f, m.value, wanted[i].text))
				return -1;
			if (wanted[i].time != NULL)
				*wanted[i].time = facts_time(m.value);
			if (wanted[i].time == &fact->scheduled)
				fact->scheduled_unknown = fact->scheduled == REPORT_NO_TIME &&
							  !slice_equal(m.value, SLICE("null"));
		}
		if (slice_equal(m.name, SLICE("\"_recipients\"")))
			json_uint(m.value, &fact->recipients);
		else if (slice_equal(m.name, SLICE("\"_findings\"")))
			fact->contradictions = count_findings(m.value, audited);
	}
	fact->read = true;
	fact->counted = filter_batch(filter, fact->id, fact->agent);
	return 0;
}
