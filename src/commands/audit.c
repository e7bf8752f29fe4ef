/*
 * audit.c: what became of every recipient, from bundles and captures, and what in them cannot be
 * right.
 * What cannot be read is said, and everything else is counted. The report appears whole or not at
 * all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/expect.h"
#include "audit/outcomes.h"
#include "base/file.h"
#include "base/text.h"
#include "commands/audit_across.h"
#include "commands/audit_drift.h"
#include "commands/evidence.h"
#include "commands/output.h"
#include "commands/values.h"
#include "commands/veil.h"
#include "report/formats.h"
#include "report/report_html.h"

/* Sentences about what could not be read that a report repeats. */
#define TROUBLES_MOST 20

/* What is read, and what comes of it. */
struct audit {
	const struct options *o;
	const struct audit_format *format;
	struct filter filter;
	struct zone *zone;
	struct values expected;
	struct expect expect;
	struct buf filters;
	struct evidence evidence;
	struct redact *redact; /* NULL: no --redact */
	struct outcomes *outcomes;
	struct report report;
	struct slice troubles[TROUBLES_MOST];
	enum status status;
};

/* "-" is standard output. */
static bool to_file(const struct options *o)
{
	return o->output != NULL && strcmp(o->output, "-") != 0;
}

/* --- formats --- */

/* Is standard error's and standard output's terminal, if any, one that knows UTF-8? */
static bool is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && *value != '\0')
			return strcasestr(value, "UTF-8") != NULL ||
			       strcasestr(value, "UTF8") != NULL;
	}
	return false;
}

static int print_text(const struct options *o, const struct report *r, struct buf *out)
{
	unsigned width = to_file(o) ? 0 : terminal_width(STDOUT_FILENO);

	return report_text(r, width, width > 0 && is_utf8(), out);
}

static int print_json(const struct options *o, const struct report *r, struct buf *out)
{
	(void)o;
	return report_json(r, out);
}

static int print_csv(const struct options *o, const struct report *r, struct buf *out)
{
	return report_csv(r, o->spreadsheet, out);
}

static int print_html(const struct options *o, const struct report *r, struct buf *out)
{
	(void)o;
	return report_html(r, out);
}

/* The first one is the default. */
static const struct audit_format {
	const char *name;
	int (*print)(const struct options *o, const struct report *r, struct buf *out);
} formats[] = {
	{"text", print_text},
	{"json", print_json},
	{"csv", print_csv},
	{"html", print_html},
};
#define FORMATS (sizeof(formats) / sizeof(formats[0]))

static const struct audit_format *find_format(const char *name, struct error *e)
{
	struct buf names = BUF_INIT;

	for (size_t i = 0; i < FORMATS; i++)
		if (name == NULL || strcmp(formats[i].name, name) == 0)
			return &formats[i];
	for (size_t i = 0; i < FORMATS; i++) {
		buf_string(&names, i == 0 ? "" : i + 1 < FORMATS ? ", " : " or ");
		buf_string(&names, formats[i].name);
	}
	error_set(e, ERROR_USAGE, "--format takes %.*s, not '%s'", (int)names.len, names.data,
		  name);
	buf_free(&names);
	return NULL;
}

/* --- what is asked for --- */

static void say_filter(struct buf *out, const char *option, struct slice value)
{
	if (out->len > 0)
		buf_byte(out, ' ');
	buf_string(out, option);
	buf_byte(out, ' ');
	buf_slice(out, value);
}

static void say_list(struct buf *out, const char *option, const struct option_list *list)
{
	for (unsigned i = 0; i < list->count; i++)
		say_filter(out, option, list->text[i]);
}

/* Days are those of --tz. */
static void read_times(struct audit *a)
{
	int64_t other;

	/* What is no time was refused with the options. */
	if (a->o->since != NULL)
		zone_parse_time(a->zone, a->o->since, &a->filter.since, &other);
	if (a->o->until != NULL)
		zone_parse_time(a->zone, a->o->until, &other, &a->filter.until);
}

static void read_filter(struct audit *a)
{
	const struct options *o = a->o;

	a->filter = (struct filter){
		.timed = o->since != NULL || o->until != NULL,
		.since = INT64_MIN,
		.until = INT64_MAX,
		.batches = {o->batches.text, o->batches.count},
		.agents = {o->agents.text, o->agents.count},
		.statuses = {o->statuses.text, o->statuses.count},
	};
	if (o->since != NULL)
		say_filter(&a->filters, "--since", slice_string(o->since));
	if (o->until != NULL)
		say_filter(&a->filters, "--until", slice_string(o->until));
	say_list(&a->filters, "--batch", &o->batches);
	say_list(&a->filters, "--agent", &o->agents);
	say_list(&a->filters, "--status", &o->statuses);
}

/* Everything that can be wrong before anything is read. */
static int prepare(struct audit *a, char **args, int count, struct error *e)
{
	const struct options *o = a->o;

	a->format = find_format(o->format, e);
	if (a->format == NULL)
		return -1;
	if (o->spreadsheet && a->format->print != print_csv)
		return error_set(e, ERROR_USAGE, "--spreadsheet is for --format csv");
	read_filter(a);
	if (a->filters.failed)
		return error_memory(e);
	if (o->drift && (a->filters.len > 0 || o->expect != NULL || o->zone != NULL))
		return error_set(e, ERROR_USAGE,
				 "--drift is about all captures: it takes no "
				 "filter, --expect or --tz");
	if (o->drift && a->format->print != print_text && a->format->print != print_json)
		return error_set(e, ERROR_USAGE, "--drift has the formats text and json");
	a->zone = zone_open(o->zone != NULL ? o->zone : "UTC", e);
	if (a->zone == NULL)
		return -1;
	read_times(a);
	if ((to_file(o) && output_check_other(o, args, count, true, e) != 0) ||
	    veil_open(o, &a->redact, e) != 0)
		return -1;
	if (o->expect == NULL)
		return 0;
	for (int i = 0; i < count && strcmp(o->expect, "-") == 0; i++)
		if (strcmp(args[i], "-") == 0)
			return error_set(e, ERROR_USAGE,
					 "standard input cannot be read both for "
					 "--expect and as captures");
	return values_read(&a->expected, o->expect, e);
}

/* --- figures --- */

static void trouble(void *shelf, const struct error *why)
{
	shelf_error(shelf, why);
}

static int read_bundles(struct audit *a, struct error *e)
{
	struct evidence *v = &a->evidence;

	for (uint32_t i = 0; i < v->paths.count; i++) {
		struct volume *volume = shelf_get(v->shelf, i);

		if (volume == NULL)
			continue;
		if (a->redact != NULL)
			redact_model(a->redact, lookup_model(volume->lookup));
		if (outcomes_read(a->outcomes, i, volume->bundle, volume->responses,
				  evidence_name(v, i), e) != 0)
			return -1;
	}
	return 0;
}

static void repeat(struct audit *a, const struct map *told)
{
	struct report *r = &a->report;

	for (uint32_t i = 0; i < map_count(told) && r->trouble_count < TROUBLES_MOST; i++)
		a->troubles[r->trouble_count++] = map_key(told, i);
}

/* After everything was read: what could not be. */
static void report_trouble(struct audit *a)
{
	const struct evidence *v = &a->evidence;
	struct report *r = &a->report;
	uint64_t silent; /* inputs of which no sentence was kept */

	r->damaged = shelf_damaged(v->shelf);
	r->unreadable = v->unreadable;
	r->troubles = a->troubles;
	repeat(a, shelf_told(v->shelf));
	repeat(a, v->complaints);
	silent = v->unreadable > map_count(v->complaints) ? v->unreadable - map_count(v->complaints)
							  : 0;
	r->trouble_total = map_count(shelf_told(v->shelf)) + map_count(v->complaints) + silent;
}

static int make_report(struct audit *a, struct error *e)
{
	const struct outcomes_plan plan = {
		.captures = a->evidence.captures,
		.filter = &a->filter,
		.zone = a->zone,
		.severities = &a->o->severities,
		.max_findings = a->o->max_findings,
		.audited = rule_is_audit,
		.redact = a->redact,
		.threads = a->o->threads,
		.trouble = trouble,
		.arg = a->evidence.shelf,
	};
	struct report *r = &a->report;

	a->outcomes = outcomes_new(&plan, e);
	if (a->outcomes == NULL || read_bundles(a, e) != 0)
		return -1;
	if (a->redact != NULL)
		redact_model(a->redact, NULL); /* bundles come and go */
	if (audit_across(&a->evidence, a->outcomes, e) != 0)
		return -1;
	r->bundles = a->evidence.bundles;
	r->set_aside = a->evidence.set_aside;
	report_trouble(a);
	r->zone = slice_string(a->o->zone != NULL ? a->o->zone : "UTC");
	r->filters = buf_view(&a->filters);
	if (a->o->expect != NULL && expect_compare(&a->expect, a->expected.list, a->expected.count,
						   plan.captures, r, e) != 0)
		return -1;
	return outcomes_report(a->outcomes, r, e);
}

/* --- drift --- */

static struct slice name_of(const void *evidence, size_t n)
{
	return evidence_name(evidence, n);
}

/* Appends what the model does not document. 0 or -1. */
static int make_drift(struct audit *a, struct buf *out, struct error *e)
{
	const struct options *o = a->o;
	struct model *model = model_load(o->model, e);
	const struct audit_drift drift = {
		.shelf = a->evidence.shelf,
		.name = name_of,
		.arg = &a->evidence,
		.model = model,
		.redact = a->redact,
		.model_spec = o->model,
		.json = a->format->print == print_json,
		.width = to_file(o) ? 0 : terminal_width(STDOUT_FILENO),
	};

	if (model == NULL)
		return -1;
	a->status = status_worst(a->status, audit_drift(&drift, out));
	model_free(model);
	return 0;
}

/* --- output --- */

/* Each line without what a terminal would obey. */
static void show_safely(struct slice text)
{
	struct buf safe = BUF_INIT;
	const char *at = text.data, *end = at + text.len, *lf;

	for (; at < end; at = lf + 1) {
		lf = memchr(at, '\n', (size_t)(end - at));
		if (lf == NULL)
			lf = end;
		size_t len = (size_t)(lf - at);
		if (len > 0 && at[len - 1] == '\r')
			len--;
		text_safe(&safe, slice_of(at, len));
		buf_byte(&safe, '\n');
	}
	terminal_out(buf_view(&safe));
	buf_free(&safe);
}

static int write_file(const struct options *o, struct slice text, struct error *e)
{
	struct newfile *f = newfile_create(o->output, o->force, e);

	if (f == NULL)
		return -1;
	if (file_write(newfile_fd(f), text.data, text.len, o->output, e) != 0) {
		newfile_abandon(f);
		return -1;
	}
	return newfile_commit(f, e);
}

static int emit(const struct audit *a, struct slice text, struct error *e)
{
	if (to_file(a->o))
		return write_file(a->o, text, e);
	if (a->format->print == print_json)
		terminal_json(text);
	else if (a->format->print == print_text || !isatty(STDOUT_FILENO))
		terminal_out(text);
	else
		show_safely(text);
	return 0;
}

/* --- the command --- */

static enum status judge(const struct audit *a)
{
	const struct report *r = &a->report;

	if (r->rows[REPORT_ALL][0].recipients == 0 && report_has_figures(r->rows[REPORT_ALL]))
		terminal_say(a->o, "callroll: there is no recipient to count%s",
			     r->filters.len > 0 ? ": the filters leave none in" : "");
	return outcomes_errors(a->outcomes) || r->missing_count > 0 ||
			       r->rows[REPORT_ALL][0].recipients == 0
		       ? STATUS_FINDINGS
		       : STATUS_OK;
}

/* The outcomes, or what is not documented. 0 or -1. */
static int tell(struct audit *a, struct buf *out, struct error *e)
{
	if (a->o->drift)
		return make_drift(a, out, e) != 0 ? -1 : emit(a, buf_view(out), e);
	if (make_report(a, e) != 0)
		return -1;
	if (a->format->print(a->o, &a->report, out) != 0)
		return error_memory(e);
	if (emit(a, buf_view(out), e) != 0)
		return -1;
	a->status = judge(a);
	return 0;
}

enum status command_audit(const struct options *o, char **args, int count)
{
	struct audit a = {.o = o, .evidence.temporary = -1};
	struct error e = {0};
	struct buf out = BUF_INIT;

	if (prepare(&a, args, count, &e) != 0 ||
	    evidence_open(&a.evidence, o, args, count, &e) != 0 || tell(&a, &out, &e) != 0)
		a.status = status_worst(a.status, terminal_error(&e));
	a.status = status_worst(a.status, evidence_status(&a.evidence));
	buf_free(&out);
	outcomes_free(a.outcomes);
	redact_free(a.redact);
	evidence_close(&a.evidence);
	expect_free(&a.expect);
	values_free(&a.expected);
	zone_close(a.zone);
	buf_free(&a.filters);
	return a.status;
}
