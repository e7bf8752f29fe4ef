/*
 * evidence.c: finds bundles and captures among the arguments, archives the captures, and knows all
 * responses. The temporary bundle has no name, so that nothing is left of it however callroll ends.
 * One input or bundle that cannot be read never hides the others.
 */
#include "commands/evidence.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle/foreign.h"
#include "bundle/frame.h"
#include "commands/collect.h"
#include "input/kind.h"
#include "json/members.h"

struct gathering {
	struct evidence *v;
	const struct options *o;
	struct walk *walk;
	char **captures; /* arguments that hold captures, or may */
	int capture_count;
	char **folders; /* those of them that hold bundles: having no captures is no mistake */
	int folder_count;
	struct model *model;
	struct writer *writer; /* NULL until there is a capture */
	struct collect collect;
};

/* --- what the arguments are --- */

/* Nothing of an empty file but its name says what it was. */
static bool has_bundle_name(const char *path)
{
	size_t len = strlen(path), end = strlen(".tar.zst");

	return len > end && strcmp(path + len - end, ".tar.zst") == 0;
}

static bool is_bundle(const char *path, struct stat *st)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool yes = fd >= 0 && fstat(fd, st) == 0 && S_ISREG(st->st_mode) &&
		   (kind_is_bundle(fd) || foreign_was_bundle(fd) ||
		    (st->st_size == 0 && has_bundle_name(path)));

	if (fd >= 0)
		close(fd);
	return yes;
}

/* *path becomes the evidence's. */
static int add_bundle(struct evidence *v, char **path, struct error *e)
{
	struct bundle_paths *paths = &v->paths;

	if (*path == NULL ||
	    array_reserve(&paths->path, &paths->cap, paths->count + 1, sizeof(*paths->path)) != 0)
		return error_memory(e);
	paths->path[paths->count++] = *path;
	*path = NULL;
	return 0;
}

static int look_at_folder(struct gathering *g, char *folder, struct error *e)
{
	struct bundle_paths found = {0};
	struct error ignored = {0}; /* the walk says it */
	size_t before = g->v->paths.count;
	int result = 0;

	if (bundles_folder(folder, &found, &ignored) != 0 && ignored.kind == ERROR_MEMORY)
		result = error_memory(e);
	for (size_t i = 0; i < found.count && result == 0; i++) {
		struct stat st;

		if (is_bundle(found.path[i], &st))
			result = add_bundle(g->v, &found.path[i], e);
	}
	if (g->v->paths.count > before)
		g->folders[g->folder_count++] = folder;
	bundles_free(&found);
	return result;
}

static int look_at(struct gathering *g, char *arg, struct error *e)
{
	struct stat st;
	char *path;
	int result;

	if (strcmp(arg, "-") != 0 && is_bundle(arg, &st)) {
		path = strdup(arg);
		result = add_bundle(g->v, &path, e);
		free(path);
		return result;
	}
	g->captures[g->capture_count++] = arg;
	if (strcmp(arg, "-") != 0 && stat(arg, &st) == 0 && S_ISDIR(st.st_mode))
		return look_at_folder(g, arg, e);
	return 0;
}

/* --- captures --- */

static bool has_bundles(const struct gathering *g, const char *folder)
{
	for (int i = 0; i < g->folder_count; i++)
		if (strcmp(g->folders[i], folder) == 0)
			return true;
	return false;
}

/* A bundle for what is read: quickly made and soon gone. */
static int open_temporary(struct gathering *g, struct error *e)
{
	struct buf about = BUF_INIT;
	struct writer_options w = {.level = FRAME_LEVEL_MIN, .threads = g->o->threads};

	g->model = model_load(g->o->model, e);
	if (g->model == NULL)
		return -1;
	collect_about(g->o, g->model, &about);
	w.about = buf_view(&about);
	w.model = model_text(g->model);
	g->writer = about.failed ? NULL : writer_open(NULL, &w, e);
	buf_free(&about);
	if (g->writer == NULL)
		return error_memory(e);
	g->collect.model = g->model;
	g->collect.writer = g->writer;
	return collect_open(&g->collect, e);
}

static int take_item(struct gathering *g, struct walk_item *item, struct error *e)
{
	if (item->error.kind == ERROR_EMPTY && item->named && has_bundles(g, item->path))
		return 0;
	if (item->error.kind != ERROR_NONE) {
		collect_complain(&g->collect, &item->error);
		return 0;
	}
	if (g->writer == NULL && open_temporary(g, e) != 0)
		return -1;
	return collect_input(&g->collect, item, e);
}

static int read_captures(struct gathering *g, struct error *e)
{
	struct walk_item item;
	int more = 0, result = 0;

	while (result == 0 && (more = walk_next(g->walk, &item, e)) > 0) {
		result = take_item(g, &item, e);
		walk_item_free(&item);
	}
	if (result == 0 && g->writer != NULL)
		result = collect_end(&g->collect, e);
	return result == 0 && more >= 0 ? 0 : -1;
}

/* The captures become the last bundle. */
static int close_temporary(struct gathering *g, struct error *e)
{
	struct writer *w = g->writer;
	char *path = NULL;
	int result;

	if (w == NULL)
		return 0;
	g->writer = NULL;
	g->v->temporary = writer_unnamed(w, e);
	if (g->v->temporary < 0)
		return -1;
	if (asprintf(&path, "/proc/self/fd/%d", g->v->temporary) < 0)
		path = NULL;
	result = add_bundle(g->v, &path, e);
	free(path);
	return result;
}

static int collect_captures(struct gathering *g, struct error *e)
{
	struct evidence *v = g->v;
	uint64_t below;

	g->walk = walk_open(g->captures, (size_t)g->capture_count, g->o->root, e);
	if (g->walk == NULL)
		return -1;
	for (size_t i = 0; i < v->paths.count; i++) {
		struct stat st;

		if (stat(v->paths.path[i], &st) == 0)
			walk_exclude(g->walk, st.st_dev, st.st_ino);
	}
	g->collect.o = g->o;
	g->collect.complaints = v->complaints;
	g->collect.progress =
		progress_start(g->o, intake_total(g->captures, g->capture_count, g->o));
	if (read_captures(g, e) != 0)
		return -1;
	progress_clear(g->collect.progress);
	v->status = status_worst(v->status, g->collect.trouble);
	v->unreadable = g->collect.intake.unreadable;
	below = walk_counts(g->walk)->bundles;
	if (below > 0)
		terminal_say(g->o,
			     "callroll: %llu %s in folders below %s not read: name the "
			     "folders that hold them",
			     (unsigned long long)below, below == 1 ? "bundle" : "bundles",
			     below == 1 ? "is" : "are");
	return close_temporary(g, e);
}

static int gather(struct evidence *v, const struct options *o, char **args, int count,
		  struct error *e)
{
	struct gathering g = {.v = v, .o = o};
	int result = -1;

	g.captures = calloc((size_t)count + 1, sizeof(*g.captures));
	g.folders = calloc((size_t)count + 1, sizeof(*g.folders));
	if (g.captures == NULL || g.folders == NULL)
		error_memory(e);
	else
		result = 0;
	for (int i = 0; i < count && result == 0; i++)
		result = look_at(&g, args[i], e);
	v->bundles = v->paths.count;
	if (result == 0)
		result = collect_captures(&g, e);
	progress_end(g.collect.progress);
	writer_abandon(g.writer);
	collect_free(&g.collect);
	walk_close(g.walk);
	model_free(g.model);
	free(g.captures);
	free(g.folders);
	return result;
}

/* --- bundles --- */

/* Pieces and inputs that were set aside, also those without bytes. */
static int count_set_aside(struct evidence *v, const struct bundle *b, struct error *e)
{
	struct line_cursor *c = bundle_cursor(b, LINES_SOURCES, e);
	struct slice line;
	int more = c == NULL ? -1 : 0;

	while (c != NULL && (more = cursor_next(c, &line, e)) > 0)
		v->set_aside += members_find(line, "set_aside").len > 0 ||
				members_find(line, "whole_file").len > 0;
	cursor_free(c);
	return more;
}

static int read_responses(struct evidence *v, struct error *e)
{
	for (uint32_t i = 0; i < v->paths.count; i++) {
		const struct volume *volume = shelf_get(v->shelf, i);
		struct error why[2] = {{0}, {0}};

		if (volume == NULL)
			continue;
		captures_add(v->captures, i, volume->bundle, &why[0]);
		count_set_aside(v, volume->bundle, &why[1]);
		for (int k = 0; k < 2; k++) {
			if (why[k].kind == ERROR_MEMORY || why[k].kind == ERROR_STOPPED)
				return error_set(e, why[k].kind, "%s", why[k].text);
			if (why[k].kind != ERROR_NONE)
				shelf_error(v->shelf, &why[k]);
		}
	}
	return captures_sort(v->captures) == 0 ? 0 : error_memory(e);
}

/* Are both whole, and sealed alike? One that is damaged is no stand-in for another. */
static bool same_bundle(const char *a, const char *b)
{
	struct error ignored = {0};
	struct bundle *x = bundle_open(a, &ignored), *y = bundle_open(b, &ignored);
	bool same = x != NULL && y != NULL &&
		    memcmp(bundle_seal(x), bundle_seal(y), sizeof(struct sha256)) == 0 &&
		    bundle_check_frames(x, &ignored) == 0 && bundle_check_frames(y, &ignored) == 0;

	bundle_close(x);
	bundle_close(y);
	return same;
}

static bool same_size(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_size == y.st_size;
}

/* A bundle that is given twice is counted once. */
static void drop_repeats(struct evidence *v, const struct options *o)
{
	struct bundle_paths *p = &v->paths;

	for (size_t i = 1; i < v->bundles; i++) {
		size_t first = 0;

		while (first < i && !(same_size(p->path[first], p->path[i]) &&
				      same_bundle(p->path[first], p->path[i])))
			first++;
		if (first == i)
			continue;
		terminal_say(o, "callroll: %s is the same bundle as %s: counted once", p->path[i],
			     p->path[first]);
		free(p->path[i]);
		memmove(&p->path[i], &p->path[i + 1], (--p->count - i) * sizeof(*p->path));
		v->bundles--;
		i--;
	}
}

int evidence_open(struct evidence *v, const struct options *o, char **args, int count,
		  struct error *e)
{
	*v = (struct evidence){.temporary = -1, .complaints = map_new()};
	if (v->complaints == NULL)
		return error_memory(e);
	if (gather(v, o, args, count, e) != 0)
		return -1;
	drop_repeats(v, o);
	v->shelf = shelf_new(&v->paths);
	v->captures = captures_new();
	if (v->shelf == NULL || v->captures == NULL)
		return error_memory(e);
	return read_responses(v, e);
}

void evidence_close(struct evidence *v)
{
	shelf_free(v->shelf);
	captures_free(v->captures);
	map_free(v->complaints);
	bundles_free(&v->paths);
	if (v->temporary >= 0)
		close(v->temporary);
}

struct slice evidence_name(const struct evidence *v, size_t n)
{
	return n < v->bundles ? slice_string(v->paths.path[n]) : SLICE("");
}

enum status evidence_status(struct evidence *v)
{
	return v->shelf == NULL ? v->status : status_worst(v->status, shelf_status(v->shelf));
}
