/*
 * bundles.c: files and folders of bundles. One that cannot be read never hides the others.
 */
#include "commands/bundles.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "json/members.h"

static int add(struct bundle_paths *paths, const char *folder, const char *name)
{
	size_t len = strlen(name) + (folder != NULL ? strlen(folder) + 1 : 0) + 1;
	char *path = malloc(len);

	if (path == NULL ||
	    array_reserve(&paths->path, &paths->cap, paths->count + 1, sizeof(*paths->path)) != 0) {
		free(path);
		return -1;
	}
	if (folder != NULL)
		snprintf(path, len, "%s%s%s", folder,
			 folder[strlen(folder) - 1] == '/' ? "" : "/", name);
	else
		snprintf(path, len, "%s", name);
	paths->path[paths->count++] = path;
	return 0;
}

static int is_bundle(const struct dirent *d)
{
	size_t len = strlen(d->d_name), end = strlen(".tar.zst");

	return d->d_name[0] != '.' && len > end && strcmp(d->d_name + len - end, ".tar.zst") == 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int bundles_folder(const char *folder, struct bundle_paths *paths, struct error *e)
{
	struct dirent **list = NULL;
	int n = scandir(folder, &list, is_bundle, by_bytes);
	int status = 0;

	if (n < 0)
		return error_errno(e, "%s", folder);
	for (int i = 0; i < n; i++) {
		if (status == 0 && add(paths, folder, list[i]->d_name) != 0)
			status = error_memory(e);
		free(list[i]);
	}
	free(list);
	return status;
}

static int add_folder(struct bundle_paths *paths, const char *folder, struct error *e)
{
	size_t before = paths->count;

	if (bundles_folder(folder, paths, e) != 0)
		return -1;
	if (paths->count == before)
		return error_set(e, ERROR_EMPTY,
				 "%s: there is no bundle (*.tar.zst) in this folder", folder);
	return 0;
}

enum status bundles_find(char **args, int count, struct bundle_paths *out)
{
	enum status status = STATUS_OK;

	*out = (struct bundle_paths){0};
	for (int i = 0; i < count; i++) {
		struct error e = {0};
		struct stat st;
		int bad;

		if (stat(args[i], &st) != 0)
			bad = error_errno(&e, "%s", args[i]);
		else if (S_ISDIR(st.st_mode))
			bad = add_folder(out, args[i], &e);
		else
			bad = add(out, NULL, args[i]) != 0 ? error_memory(&e) : 0;
		if (bad != 0)
			status = status_worst(status, terminal_error(&e));
	}
	return status;
}

void bundles_free(struct bundle_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->path[i]);
	free(paths->path);
	*paths = (struct bundle_paths){0};
}

struct bundle *bundles_open(const char *path, enum status *status)
{
	struct error e = {0};
	struct bundle *b = bundle_open(path, &e);

	if (b == NULL)
		*status = status_worst(*status, terminal_error(&e));
	return b;
}

/* What a digest proves unaltered may still be nonsense. */
static bool is_object(struct slice line)
{
	struct members in;
	struct json_member m;

	members_begin(&in, line);
	while (members_next(&in, &m))
		;
	return !in.bad && !in.array;
}

enum status bundles_responses(const struct bundle_paths *paths, bundles_response *each, void *arg)
{
	enum status status = STATUS_OK;
	bool go_on = true;

	for (size_t i = 0; i < paths->count && go_on; i++) {
		struct error e = {0};
		struct bundle *b = bundles_open(paths->path[i], &status);
		struct line_cursor *c = NULL;
		struct slice line;
		int more = 0;

		if (b == NULL)
			continue;
		c = bundle_cursor(b, LINES_RESPONSES, &e);
		while (c != NULL && go_on && (more = cursor_next(c, &line, &e)) > 0) {
			if (is_object(line))
				go_on = each(arg, i, paths->path[i], line);
			else
				more = error_set(&e, ERROR_BUNDLE,
						 "%s: a response line is no JSON object; `callroll "
						 "verify` tells more", paths->path[i]);
			if (more < 0)
				break;
		}
		if (c == NULL || more < 0)
			status = status_worst(status, terminal_error(&e));
		cursor_free(c);
		bundle_close(b);
	}
	return status;
}
