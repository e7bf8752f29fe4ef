/*
 * names.c: the recorded name of an argument.
 * A cleaned path has no empty and no "." parts.
 * It must never take a path with ".." for one below the root by its spelling alone.
 */
#include "input/names.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct names_root {
	struct buf spelled; /* cleaned */
	char *real;
};

/* --- spelling --- */

/* The path's next part, and its length; NULL: no more. */
static const char *next_part(const char **path, size_t *len)
{
	const char *part = *path + strspn(*path, "/");

	*len = strcspn(part, "/");
	*path = part + *len;
	return *len > 0 ? part : NULL;
}

void names_clean(struct buf *out, const char *path)
{
	size_t start, len;
	const char *part;

	if (path[0] == '/')
		buf_byte(out, '/');
	start = out->len;
	while ((part = next_part(&path, &len)) != NULL) {
		if (len == 1 && part[0] == '.')
			continue;
		if (out->len > start)
			buf_byte(out, '/');
		else if (len == 1 && part[0] == '-' && *path == '\0')
			buf_string(out, "./");
		buf_append(out, part, len);
	}
}

static bool has_parent(const char *path, size_t len)
{
	const char *part, *end = path + len;
	size_t n;

	while (path < end && (part = next_part(&path, &n)) != NULL)
		if (n == 2 && memcmp(part, "..", 2) == 0)
			return true;
	return false;
}

/* Where the way below `root` begins in `path` (both cleaned), or NULL. */
static const char *way_below(const char *root, const char *path)
{
	size_t len = strlen(root);

	if (len == 0)
		return path[0] != '/' ? path : NULL;
	if (strncmp(path, root, len) != 0)
		return NULL;
	if (root[len - 1] == '/')
		return path + len;
	return path[len] == '/' ? path + len + 1 : path[len] == '\0' ? path + len : NULL;
}

/* --- the root --- */

struct names_root *names_root_new(const char *path, struct error *e)
{
	struct names_root *r = calloc(1, sizeof(*r));
	struct stat st;

	if (r == NULL) {
		error_memory(e);
		return NULL;
	}
	names_clean(&r->spelled, path);
	buf_byte(&r->spelled, '\0');
	r->real = realpath(path, NULL);
	if (r->spelled.failed) {
		error_memory(e);
	} else if (r->real == NULL || stat(r->real, &st) != 0) {
		error_errno(e, "cannot use the folder of --root, %s", path);
	} else if (!S_ISDIR(st.st_mode)) {
		error_set(e, ERROR_USAGE, "--root %s is not a folder", path);
	} else {
		return r;
	}
	names_root_free(r);
	return NULL;
}

void names_root_free(struct names_root *r)
{
	if (r == NULL)
		return;
	buf_free(&r->spelled);
	free(r->real);
	free(r);
}

/* --- below the root --- */

static int replace(struct buf *name, const char *way)
{
	buf_clear(name);
	buf_string(name, way);
	if (!name->failed)
		return 1;
	errno = ENOMEM;
	return -1;
}

/*
 * The real path of the folder the path stands in, and its own last part: a link is where it
 * stands. To be freed; NULL: errno.
 */
static char *real_place(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder, *real, *place = NULL;

	if (slash == NULL)
		folder = strdup(".");
	else
		folder = strndup(path, slash == path ? 1 : (size_t)(slash - path));
	if (folder == NULL)
		return NULL;
	real = realpath(folder, NULL);
	free(folder);
	if (real == NULL)
		return NULL;
	if (asprintf(&place, "%s/%s", strcmp(real, "/") == 0 ? "" : real,
		     slash == NULL ? path : slash + 1) < 0)
		place = NULL;
	free(real);
	return place;
}

/*
 * The path as it is spelled, if that can be judged: to be freed, or NULL and errno (0: it
 * cannot).
 */
static char *spelled_place(const char *root, const char *path)
{
	struct buf clean = BUF_INIT;

	errno = 0;
	if (has_parent(root, strlen(root)) || has_parent(path, strlen(path)))
		return NULL;
	names_clean(&clean, path);
	buf_byte(&clean, '\0');
	if (clean.failed) {
		buf_free(&clean);
		errno = ENOMEM;
	}
	return clean.data;
}

static bool ends_in_dots(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *last = slash == NULL ? path : slash + 1;

	return strcmp(last, "") == 0 || strcmp(last, ".") == 0 || strcmp(last, "..") == 0;
}

int names_below(const struct names_root *r, const char *path, struct buf *name)
{
	for (int way = 0; way < 3; way++) {
		const char *root = way == 0 ? r->spelled.data : r->real;
		const char *below;
		char *place;
		int found = 0;

		if (way == 1 && ends_in_dots(path))
			continue;
		place = way == 0   ? spelled_place(root, path)
			: way == 1 ? real_place(path)
				   : realpath(path, NULL);
		if (place == NULL && way == 0 && errno == 0)
			continue;
		if (place == NULL)
			return -1;
		below = way_below(root, place);
		if (below != NULL)
			found = replace(name, below);
		free(place);
		if (found != 0)
			return found;
	}
	return 0;
}
