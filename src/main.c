/*
 * main.c: the command table. Finds the command, reads its options, runs it, and checks that
 * everything it printed was written.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "bundle/frame.h"
#include "commands/command.h"
#include "commands/terminal.h"

#define JUDGE "mWsjRDNr" /* what all commands that check captures take */

static const struct command commands[] = {
	{"validate", "PATH...", "is it what the documentation promises?", "Fl0K" JUDGE, 1, -1,
	 command_validate},
	{"archive", "-o BUNDLE PATH...", "validate, normalise, compress, index", "oILfVO" JUDGE,
	 1, -1, command_archive},
	{"list", "BUNDLE...", "the batches in it, one line each", "Fe", 1, -1, command_list},
	{"show", "BATCH BUNDLE...", "one response, as JSON again", "napcK", 2, -1, command_show},
	{"history", "VALUE BUNDLE...", "what happened to it, in order of time", "tK", 2, -1,
	 command_history},
	{"audit", "PATH|BUNDLE...", "what became of every recipient, and what cannot be right",
	 "APfiubgdEzTkK" JUDGE, 1, -1, command_audit},
	{"merge", "BUNDLE... -o NEW", "one bundle of many", "oLfj", 1, -1, command_merge},
	{"erase", "VALUE... BUNDLE -o NEW", "a bundle without some persons", "oxfj", 1, -1,
	 command_erase},
	{"find", "VALUE BUNDLE...", "recipients or batches by any key or member", "wxtjK", 1, -1,
	 command_find},
	{"export", "BUNDLE...", "recipients as csv, ndjson or sqlite", "XYfbiudykK", 1, -1,
	 command_export},
	{"verify", "BUNDLE...", "is it whole and unaltered?", "Sj", 1, -1, command_verify},
	{"model", "", "the model, as JSON Schema", "m", 0, 0, command_model},
	{"explain", "[RULE...]", "what a rule means and rests on", "m", 0, -1, command_explain},
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_help(void)
{
	struct buf out = BUF_INIT;

	buf_string(&out,
		   "callroll checks, archives and searches saved answers of a batch-calling API, "
		   "offline.\n\n");
	for (size_t i = 0; i < COMMANDS; i++) {
		char left[64];

		snprintf(left, sizeof(left), "callroll %-8s %s", commands[i].name,
			 commands[i].arguments);
		buf_printf(&out, "  %-36s%s\n", left, commands[i].summary);
	}
	buf_string(&out, "\ncallroll COMMAND --help shows a command's options; the manual: man "
			 "callroll\n");
	terminal_out(buf_view(&out));
	buf_free(&out);
}

static void print_version(void)
{
	struct buf out = BUF_INIT;

	buf_printf(&out, "callroll %s (libzstd %s)\n", PACKAGE_VERSION, frame_zstd_version());
	terminal_out(buf_view(&out));
	buf_free(&out);
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static enum status run(const struct command *command, char **args, int count)
{
	struct error e = {0};
	struct options o;
	int left = options_read(&o, command, args, count, &e);

	if (left < 0)
		return terminal_error(&e);
	if (o.help) {
		struct buf out = BUF_INIT;

		options_help(command, &out);
		terminal_out(buf_view(&out));
		buf_free(&out);
		return STATUS_OK;
	}
	if (o.version) {
		print_version();
		return STATUS_OK;
	}
	return command->run(&o, args, left);
}

static enum status unknown(const char *name)
{
	struct error e = {0};

	if (*name == '\0')
		error_set(&e, ERROR_USAGE, "a command is missing; try `callroll --help`");
	else
		error_set(&e, ERROR_USAGE, "there is no command '%s'; try `callroll --help`", name);
	return terminal_error(&e);
}

static enum status start(int argc, char **argv)
{
	const struct command *command;
	const char *name = argc > 1 ? argv[1] : "";

	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
		if (argc > 2 && (command = find(argv[2])) == NULL)
			return unknown(argv[2]);
		if (argc > 2)
			return run(command, (char *[]){argv[2], (char[]){"--help"}}, 2);
		print_help();
		return STATUS_OK;
	}
	if (strcmp(name, "--version") == 0) {
		print_version();
		return STATUS_OK;
	}
	command = find(name);
	if (command != NULL)
		return run(command, argv + 1, argc - 1);
	return unknown(name);
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN); /* a reader who leaves is noticed when writing */
	stop_install();
	return (int)terminal_finish(start(argc, argv));
}
