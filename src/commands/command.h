/*
 * command.h: what a command is, and what it is given.
 */
#ifndef COMMANDS_COMMAND_H
#define COMMANDS_COMMAND_H

#include "commands/options.h"

/* Exit statuses (callroll(1)); the highest of what happened wins. */
enum status {
	STATUS_OK = 0,
	STATUS_FINDINGS = 1, /* errors in the data, something set aside, nothing found */
	STATUS_TROUBLE = 2,  /* callroll could not do all its work */
	STATUS_DAMAGED = 3   /* a bundle is damaged, or none */
};

static inline enum status status_worst(enum status a, enum status b)
{
	return a > b ? a : b;
}

struct command {
	const char *name;
	const char *arguments; /* behind [OPTIONS] in the usage */
	const char *summary;   /* one line */
	const char *options;   /* the ids (enum option_id) that it takes, beside those all take */
	int least, most;       /* how many arguments; most -1: any number */
	enum status (*run)(const struct options *o, char **args, int count);
};

enum status command_validate(const struct options *o, char **args, int count);
enum status command_archive(const struct options *o, char **args, int count);
enum status command_list(const struct options *o, char **args, int count);
enum status command_history(const struct options *o, char **args, int count);
enum status command_show(const struct options *o, char **args, int count);
enum status command_audit(const struct options *o, char **args, int count);
enum status command_merge(const struct options *o, char **args, int count);
enum status command_find(const struct options *o, char **args, int count);
enum status command_export(const struct options *o, char **args, int count);
enum status command_erase(const struct options *o, char **args, int count);
enum status command_verify(const struct options *o, char **args, int count);
enum status command_model(const struct options *o, char **args, int count);
enum status command_explain(const struct options *o, char **args, int count);

#endif
