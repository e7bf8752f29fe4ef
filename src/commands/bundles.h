/*
 * bundles.h: the bundles that a command line names: files, and folders of bundles.
 */
#ifndef COMMANDS_BUNDLES_H
#define COMMANDS_BUNDLES_H

#include "bundle/bundle.h"
#include "commands/terminal.h"

struct bundle_paths {
	char **path;
	size_t count, cap;
};

/* The files themselves; of a folder, those whose names end in .tar.zst, in byte order. What cannot
 * be read is said on standard error. Returns the status so far. */
enum status bundles_find(char **args, int count, struct bundle_paths *out);
/* Those of one folder, of which there may be none. */
int bundles_folder(const char *folder, struct bundle_paths *out, struct error *e);
void bundles_free(struct bundle_paths *paths);

/* Opens one; NULL: said on standard error, and *status worsened. */
struct bundle *bundles_open(const char *path, enum status *status);

/* Calls `each` with every response line of every bundle, in order, until it returns false. */
typedef bool bundles_response(void *arg, size_t bundle, const char *path, struct slice line);
enum status bundles_responses(const struct bundle_paths *paths, bundles_response *each, void *arg);

#endif
