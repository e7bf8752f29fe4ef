/*
 * options.c: one table of all options; parsing and help are made from it.
 * What an option means for a command stands in the command. Never prints.
 */
#include "commands/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "bundle/frame.h"
#include "commands/command.h"
#include "json/write.h"

struct row {
	enum option_id id;
	char letter;          /* 0: none */
	const char *name;     /* NULL: none */
	const char *argument; /* NULL: takes none */
	const char *help;
};

static const struct row rows[] = {
	{OPTION_FORMAT, 0, "format", "FORMAT", "text (the default) or ndjson"},
	{OPTION_NAMES, 'l', NULL, NULL, "print only the paths that have errors"},
	{OPTION_NUL, '0', NULL, NULL, "with -l: a NUL byte after each path, for xargs -0"},
	{OPTION_OUTPUT, 'o', "output", "BUNDLE", "the bundle to write"},
	{OPTION_INTO, 0, "into", "DIR",
	 "write a new bundle into this folder of bundles, of what they do not list yet"},
	{OPTION_LEVEL, 'l', "level", "LEVEL", "zstd level, 1 to 22 (default 1)"},
	{OPTION_FORCE, 0, "force", NULL, "replace an existing file"},
	{OPTION_ONLY_VALID, 0, "only-valid", NULL, "set aside every response that has an error"},
	{OPTION_ORIGINALS, 0, "originals", NULL, "keep every input byte for byte as well"},
	{OPTION_RESPONSES, 0, "responses", NULL, "a line for each capture"},
	{OPTION_RESPONSE, 0, "response", "N", "the response with this number in the bundle"},
	{OPTION_AT, 0, "at", "TIME",
	 "the newest that is not newer: Unix seconds, 2026-05-04T16:22Z"},
	{OPTION_PRETTY, 0, "pretty", NULL, "indented (the default on a terminal)"},
	{OPTION_COMPACT, 0, "compact", NULL, "on one line (the default in a pipe)"},
	{OPTION_WHERE, 'w', "where", "KEY=VALUE",
	 "whose latest state has this; several are required together"},
	{OPTION_FILE, 'f', "file", "FILE", "the values, one a line; - for standard input"},
	{OPTION_PIPE_FORMAT, 0, "format", "FORMAT",
	 "text (the default on a terminal) or ndjson (in a pipe)"},
	{OPTION_REPORT_FORMAT, 0, "format", "FORMAT", "text (the default), json, csv or html"},
	{OPTION_REPORT, 'o', "output", "FILE", "write the report to this file"},
	{OPTION_SINCE, 0, "since", "TIME",
	 "only recipients last updated then or later: Unix seconds, 2026-05-04T16:22Z"},
	{OPTION_UNTIL, 0, "until", "TIME", "only recipients last updated until the end of this"},
	{OPTION_BATCH, 0, "batch", "ID", "only this batch; may be repeated, as the next two"},
	{OPTION_AGENT, 0, "agent", "ID", "only batches of this agent"},
	{OPTION_STATUS, 0, "status", "STATUS", "only recipients with this status"},
	{OPTION_EXPECT, 0, "expect", "FILE",
	 "batch ids, one a line, that should be there; - for standard input"},
	{OPTION_ZONE, 0, "tz", "ZONE",
	 "days in this time zone: Europe/Berlin, +02:00 (default UTC)"},
	{OPTION_DRIFT, 0, "drift", NULL,
	 "instead: what the model does not document, and a patch of it"},
	{OPTION_EXPORT_FORMAT, 0, "format", "FORMAT", "csv (the default), ndjson or sqlite"},
	{OPTION_EXPORT_OUTPUT, 'o', "output", "FILE",
	 "the file to write (default: standard output; not with sqlite)"},
	{OPTION_RETRY, 0, "retry", NULL,
	 "a CSV for a new batch, of the recipients worth calling again"},
	{OPTION_SPREADSHEET, 0, "spreadsheet", NULL,
	 "csv: nothing that a spreadsheet would take for a formula"},
	{OPTION_REDACT, 0, "redact", "KEYFILE",
	 "pseudonyms under this key instead of personal values"},
	{OPTION_SEAL, 0, "seal", "HEX", "the seal that was noted elsewhere"},
	{OPTION_MODEL, 0, "model", "FILE[#POINTER]", "a JSON Schema or OpenAPI file as the model"},
	{OPTION_WARN, 'W', NULL, "RULE=SEVERITY", "error, warning, info or off"},
	{OPTION_STRICT, 0, "strict", NULL, "every warning is an error"},
	{OPTION_ROOT, 0, "root", "DIR", "record paths relative to DIR"},
	{OPTION_MAX_FINDINGS, 0, "max-findings", "N",
	 "tell N of one rule at one kind of place in a response (default 20)"},
	{OPTION_MAX_RECORD, 0, "max-record", "SIZE",
	 "the largest recipient or top-level member (default 16M)"},
	{OPTION_MAX_DEPTH, 0, "max-depth", "N", "the deepest nesting (default 64)"},
	{OPTION_THREADS, 'j', "threads", "N", "threads (default: online processors)"},
	{OPTION_QUIET, 'q', "quiet", NULL,
	 "nothing on standard error but errors that stop the work"},
	{OPTION_HELP, 'h', "help", NULL, "this help"},
	{OPTION_VERSION, 0, "version", NULL, "the version"},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const char common[] = {OPTION_QUIET, OPTION_HELP, OPTION_VERSION, '\0'};

static bool takes(const struct command *command, const struct row *row)
{
	return strchr(command->options, row->id) != NULL || strchr(common, row->id) != NULL;
}

/* --- values --- */

static int number(const char *s, uint64_t least, uint64_t most, const char *what, uint64_t *out,
		  struct error *e)
{
	if (text_parse_size(s, out) != 0)
		return error_set(e, ERROR_USAGE, "%s takes a whole number, not '%s'", what, s);
	if (*out < least || *out > most)
		return error_set(e, ERROR_USAGE, "%s takes a number from %llu to %llu", what,
				 (unsigned long long)least, (unsigned long long)most);
	return 0;
}

static int severity(struct options *o, const char *value, struct error *e)
{
	const char *equals = strchr(value, '=');
	enum severity as;
	enum rule rule;

	if (equals == NULL)
		return error_set(e, ERROR_USAGE, "-W takes RULE=SEVERITY, not '%s'", value);
	rule = rule_parse(slice_of(value, (size_t)(equals - value)));
	if (rule == RULE_COUNT)
		return error_set(e, ERROR_USAGE,
				 "there is no rule '%.*s'; `callroll explain` lists them",
				 (int)(equals - value), value);
	if (severity_parse(slice_string(equals + 1), &as) != 0)
		return error_set(e, ERROR_USAGE,
				 "a severity is error, warning, info or off, not '%s'", equals + 1);
	o->severities.set[rule] = true;
	o->severities.as[rule] = as;
	return 0;
}

/* A time, of which what was typed begins at *first and ends at *last. */
static int point(const char *option, const char *value, int64_t *first, int64_t *last,
		 struct error *e)
{
	if (text_parse_time(value, first, last) == 0)
		return 0;
	return error_set(e, ERROR_USAGE,
			 "%s takes Unix seconds or a time such as 2026-05-04, 2026-05-04T16:22Z or "
			 "2026-05-04T18:22:10+02:00, not '%s'",
			 option, value);
}

static int add(struct option_list *list, const char *option, const char *value, struct error *e)
{
	if (list->count == OPTION_LIST_MOST)
		return error_set(e, ERROR_USAGE, "%s can be given %d times", option,
				 OPTION_LIST_MOST);
	list->text[list->count++] = slice_string(value);
	return 0;
}

static int set(struct options *o, const struct row *row, const char *value, struct error *e)
{
	uint64_t n = 0;
	int64_t other;

	switch (row->id) {
	case OPTION_FORMAT:
	case OPTION_PIPE_FORMAT:
	case OPTION_REPORT_FORMAT:
	case OPTION_EXPORT_FORMAT:
		o->format = value;
		break;
	case OPTION_NAMES:
		o->names = true;
		break;
	case OPTION_NUL:
		o->nul = true;
		break;
	case OPTION_MODEL:
		o->model = value;
		break;
	case OPTION_WARN:
		return severity(o, value, e);
	case OPTION_STRICT:
		o->severities.strict = true;
		break;
	case OPTION_THREADS:
		if (number(value, 1, 256, "-j", &n, e) != 0)
			return -1;
		o->threads = (unsigned)n;
		break;
	case OPTION_MAX_RECORD:
		if (number(value, 1024, LIMIT_RECORD_MOST, "--max-record", &n, e) != 0)
			return -1;
		o->limits.max_record = (size_t)n;
		break;
	case OPTION_MAX_DEPTH:
		if (number(value, 8, LIMIT_DEPTH_MOST, "--max-depth", &n, e) != 0)
			return -1;
		o->limits.max_depth = (uint32_t)n;
		break;
	case OPTION_MAX_FINDINGS:
		return number(value, 0, LIMIT_FINDINGS_MOST, "--max-findings", &o->max_findings, e);
	case OPTION_ROOT:
		o->root = value;
		break;
	case OPTION_OUTPUT:
	case OPTION_REPORT:
	case OPTION_EXPORT_OUTPUT:
		o->output = value;
		break;
	case OPTION_INTO:
		o->into = value;
		break;
	case OPTION_LEVEL:
		if (number(value, FRAME_LEVEL_MIN, FRAME_LEVEL_MAX, "-l", &n, e) != 0)
			return -1;
		o->level = (int)n;
		break;
	case OPTION_FORCE:
		o->force = true;
		break;
	case OPTION_ONLY_VALID:
		o->only_valid = true;
		break;
	case OPTION_ORIGINALS:
		o->originals = true;
		break;
	case OPTION_RESPONSES:
		o->responses = true;
		break;
	case OPTION_RESPONSE:
		return number(value, 1, UINT64_MAX, "--response", &o->response, e);
	case OPTION_AT:
		o->at = value;
		return point("--at", value, &other, &o->at_unix, e);
	case OPTION_RETRY:
		o->retry = true;
		break;
	case OPTION_SPREADSHEET:
		o->spreadsheet = true;
		break;
	case OPTION_PRETTY:
		o->pretty = true;
		break;
	case OPTION_COMPACT:
		o->compact = true;
		break;
	case OPTION_WHERE:
		if (o->where_count == OPTION_WHERE_MOST)
			return error_set(e, ERROR_USAGE, "-w can be given %d times",
					 OPTION_WHERE_MOST);
		o->where[o->where_count++] = value;
		break;
	case OPTION_FILE:
		o->file = value;
		break;
	case OPTION_SINCE:
		o->since = value;
		return point("--since", value, &o->since_unix, &other, e);
	case OPTION_UNTIL:
		o->until = value;
		return point("--until", value, &other, &o->until_unix, e);
	case OPTION_BATCH:
		return add(&o->batches, "--batch", value, e);
	case OPTION_AGENT:
		return add(&o->agents, "--agent", value, e);
	case OPTION_STATUS:
		return add(&o->statuses, "--status", value, e);
	case OPTION_EXPECT:
		o->expect = value;
		break;
	case OPTION_ZONE:
		o->zone = value;
		break;
	case OPTION_DRIFT:
		o->drift = true;
		break;
	case OPTION_REDACT:
		o->redact = value;
		break;
	case OPTION_SEAL:
		if (sha256_parse(slice_string(value), &o->seal) != 0)
			return error_set(e, ERROR_USAGE,
					 "--seal takes the 64 hexadecimal digits of a seal");
		o->has_seal = true;
		break;
	case OPTION_QUIET:
		o->quiet = true;
		break;
	case OPTION_HELP:
		o->help = true;
		break;
	case OPTION_VERSION:
		o->version = true;
		break;
	}
	return 0;
}

/* --- reading --- */

static const struct row *find_letter(const struct command *command, char letter)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].letter == letter && takes(command, &rows[i]))
			return &rows[i];
	return NULL;
}

/* `word` is "name" or "name=value". */
static const struct row *find_name(const struct command *command, const char *word)
{
	size_t len = strcspn(word, "=");

	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].name != NULL && strlen(rows[i].name) == len &&
		    memcmp(rows[i].name, word, len) == 0 && takes(command, &rows[i]))
			return &rows[i];
	return NULL;
}

static int unknown(const struct command *command, const char *word, struct error *e)
{
	return error_set(e, ERROR_USAGE, "%s has no option %s; try `callroll %s --help`",
			 command->name, word, command->name);
}

static int read_long(struct options *o, const struct command *command, char **args, int count,
		     int *i, struct error *e)
{
	const char *word = args[*i] + 2, *equals = strchr(word, '=');
	const struct row *row = find_name(command, word);

	if (row == NULL)
		return unknown(command, args[*i], e);
	if (row->argument == NULL) {
		if (equals != NULL)
			return error_set(e, ERROR_USAGE, "--%s takes no value", row->name);
		return set(o, row, NULL, e);
	}
	if (equals != NULL)
		return set(o, row, equals + 1, e);
	if (*i + 1 == count)
		return error_set(e, ERROR_USAGE, "--%s needs a value: %s", row->name,
				 row->argument);
	return set(o, row, args[++*i], e);
}

/* -q, -j2, -j 2, -l0 */
static int read_letters(struct options *o, const struct command *command, char **args, int count,
			int *i, struct error *e)
{
	for (const char *p = args[*i] + 1; *p != '\0'; p++) {
		const struct row *row = find_letter(command, *p);
		char word[3] = {'-', *p, '\0'};

		if (row == NULL)
			return unknown(command, word, e);
		if (row->argument == NULL) {
			if (set(o, row, NULL, e) != 0)
				return -1;
			continue;
		}
		if (p[1] != '\0')
			return set(o, row, p + 1, e);
		if (*i + 1 == count)
			return error_set(e, ERROR_USAGE, "%s needs a value: %s", word,
					 row->argument);
		return set(o, row, args[++*i], e);
	}
	return 0;
}

static void defaults(struct options *o)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	memset(o, 0, sizeof(*o));
	o->threads = processors < 1 ? 1 : processors > 256 ? 256 : (unsigned)processors;
	o->limits.max_record = LIMIT_RECORD;
	o->limits.max_depth = LIMIT_DEPTH;
	o->max_findings = LIMIT_FINDINGS;
	o->level = FRAME_LEVEL_DEFAULT;
}

int options_read(struct options *o, const struct command *command, char **args, int count,
		 struct error *e)
{
	int left = 0;
	bool only_arguments = false;

	defaults(o);
	for (int i = 1; i < count; i++) {
		const char *word = args[i];

		if (only_arguments || word[0] != '-' || word[1] == '\0') {
			args[left++] = args[i];
		} else if (strcmp(word, "--") == 0) {
			only_arguments = true;
		} else if (word[1] == '-') {
			if (read_long(o, command, args, count, &i, e) != 0)
				return -1;
		} else if (read_letters(o, command, args, count, &i, e) != 0) {
			return -1;
		}
	}
	if (o->help || o->version)
		return left;
	if (left < command->least || (command->most >= 0 && left > command->most))
		return error_set(e, ERROR_USAGE, "usage: callroll %s [OPTIONS] %s", command->name,
				 command->arguments);
	return left;
}

/* --- showing --- */

void options_help(const struct command *command, struct buf *out)
{
	buf_printf(out, "callroll %s [OPTIONS]%s%s\n%s\n\n", command->name,
		   *command->arguments != '\0' ? " " : "", command->arguments, command->summary);
	for (size_t i = 0; i < ROWS; i++) {
		const struct row *row = &rows[i];
		char left[64];
		int n = 0;

		if (!takes(command, row))
			continue;
		n += snprintf(left, sizeof(left), "  ");
		if (row->letter != 0)
			n += snprintf(left + n, sizeof(left) - (size_t)n, "-%c%s", row->letter,
				      row->name != NULL ? ", " : "");
		if (row->name != NULL)
			n += snprintf(left + n, sizeof(left) - (size_t)n, "--%s", row->name);
		if (row->argument != NULL)
			snprintf(left + n, sizeof(left) - (size_t)n, " %s", row->argument);
		if (strlen(left) > 25)
			buf_printf(out, "%s\n%-26s%s\n", left, "", row->help);
		else
			buf_printf(out, "%-26s%s\n", left, row->help);
	}
	buf_string(out, "\nThe manual: man callroll\n");
}

void options_json(const struct options *o, struct buf *out)
{
	bool first = true;

	buf_printf(out, "{\"level\":%d,\"max_findings\":%llu,\"max_record\":%zu,\"max_depth\":%u",
		   o->level, (unsigned long long)o->max_findings, o->limits.max_record,
		   o->limits.max_depth);
	buf_printf(out, ",\"only_valid\":%s,\"originals\":%s,\"strict\":%s,\"severities\":{",
		   o->only_valid ? "true" : "false", o->originals ? "true" : "false",
		   o->severities.strict ? "true" : "false");
	for (int i = 0; i < RULE_COUNT; i++) {
		if (!o->severities.set[i])
			continue;
		if (!first)
			buf_byte(out, ',');
		first = false;
		json_write_string(out, slice_string(rule_info((enum rule)i)->name));
		buf_byte(out, ':');
		json_write_string(out, slice_string(severity_name(o->severities.as[i])));
	}
	buf_string(out, "}}");
}
