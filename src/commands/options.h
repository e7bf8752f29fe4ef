/*
 * options.h: the options of all commands, in one table and one struct.
 */
#ifndef COMMANDS_OPTIONS_H
#define COMMANDS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/error.h"
#include "finding/finding.h"
#include "model/check.h"

/* Letters where there is a short form, so that a command can name what it takes in one string. */
enum option_id {
	OPTION_FORMAT = 'F',
	OPTION_NAMES = 'l', /* validate -l */
	OPTION_NUL = '0',
	OPTION_MODEL = 'm',
	OPTION_WARN = 'W',
	OPTION_STRICT = 's',
	OPTION_THREADS = 'j',
	OPTION_MAX_RECORD = 'R',
	OPTION_MAX_DEPTH = 'D',
	OPTION_MAX_FINDINGS = 'N',
	OPTION_ROOT = 'r',
	OPTION_OUTPUT = 'o',
	OPTION_INTO = 'I',
	OPTION_LEVEL = 'L', /* archive -l */
	OPTION_FORCE = 'f',
	OPTION_ONLY_VALID = 'V',
	OPTION_ORIGINALS = 'O',
	OPTION_RESPONSES = 'e',
	OPTION_RESPONSE = 'n',
	OPTION_AT = 'a',
	OPTION_PRETTY = 'p',
	OPTION_COMPACT = 'c',
	OPTION_WHERE = 'w',
	OPTION_FILE = 'x',
	OPTION_PIPE_FORMAT = 't', /* --format where a pipe changes the default */
	OPTION_SEAL = 'S',
	OPTION_REPORT_FORMAT = 'A', /* --format of audit */
	OPTION_REPORT = 'P',        /* audit -o */
	OPTION_SINCE = 'i',
	OPTION_UNTIL = 'u',
	OPTION_BATCH = 'b',
	OPTION_AGENT = 'g',
	OPTION_STATUS = 'd',
	OPTION_EXPECT = 'E',
	OPTION_ZONE = 'z',
	OPTION_DRIFT = 'T',
	OPTION_EXPORT_FORMAT = 'X', /* --format of export */
	OPTION_EXPORT_OUTPUT = 'Y', /* export -o */
	OPTION_RETRY = 'y',
	OPTION_SPREADSHEET = 'k',
	OPTION_REDACT = 'K',
	OPTION_QUIET = 'q',
	OPTION_HELP = 'h',
	OPTION_VERSION = 'v',
};

/* How often -w may be given. */
#define OPTION_WHERE_MOST 32
/* How often --batch, --agent and --status may be given, each. */
#define OPTION_LIST_MOST 64

/* What a repeated option said. */
struct option_list {
	struct slice text[OPTION_LIST_MOST];
	unsigned count;
};

struct options {
	const char *format;      /* NULL: the command's first */
	bool names, nul;
	const char *model;       /* NULL: the built-in one */
	struct severities severities;
	unsigned threads;
	struct check_limits limits;
	uint64_t max_findings;
	const char *root;
	const char *output;
	const char *into;        /* a folder of bundles */
	int level;
	bool force, only_valid, originals;
	bool responses;
	uint64_t response;       /* 0: not given */
	const char *at;          /* NULL: not given */
	int64_t at_unix;         /* the last second of it */
	bool pretty, compact;
	const char *where[OPTION_WHERE_MOST];
	unsigned where_count;
	const char *file;        /* NULL: not given */
	const char *since, *until; /* NULL: not given */
	int64_t since_unix, until_unix;
	struct option_list batches, agents, statuses;
	const char *expect;      /* a file; NULL: not given */
	const char *zone;        /* NULL: UTC */
	bool drift;
	bool retry, spreadsheet;
	const char *redact;      /* a key file; NULL: not given */
	bool has_seal;
	struct sha256 seal;
	bool quiet, help, version;
};

struct command;

/*
 * Reads the options of a command from args[1..count); options and arguments may be mixed, `--` ends
 * the options. The arguments are moved to the front of args; their number is the result. -1: *e
 * says what is wrong.
 */
int options_read(struct options *o, const struct command *command, char **args, int count,
		 struct error *e);

/* Appends the help of a command: usage, summary and its options. */
void options_help(const struct command *command, struct buf *out);

/* The options that change what a bundle holds, as the value of "options" in callroll.json. */
void options_json(const struct options *o, struct buf *out);

#endif
