/*
 * walk.c: the inputs that a command line names, one after the other.
 * path and name always hold what the innermost open folder is called, or an input while it is
 * looked at; each open folder has one sorted list of its names.
 * It must never follow a link to a folder that was not named, and never keep a folder open.
 */
#include "input/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "input/kind.h"
#include "input/names.h"

/* An open folder. */
struct level {
	struct buf names; /* of each: its d_type, the name, a NUL */
	size_t *order;    /* where each begins in names, sorted */
	size_t count, cap, next;
	size_t path_len, name_len; /* of walk.path and walk.name */
};

struct file_id {
	dev_t dev;
	ino_t ino;
};

struct walk {
	char *const *args;
	size_t arg_count, arg;   /* the next one */
	struct names_root *root; /* NULL: none */
	struct buf path, name;   /* without NULs; the name as bytes, not yet safe */
	struct level *levels;
	size_t depth, cap;
	bool found; /* something was found below the present argument */
	struct file_id *excluded;
	size_t excluded_count, excluded_cap;
	bool failed; /* no memory in walk_exclude */
	struct walk_counts counts;
};

/* What looking at a path came to. */
enum outcome { OUTCOME_ITEM, OUTCOME_NOTHING, OUTCOME_FAILED };

/* --- open and close --- */

struct walk *walk_open(char *const *paths, size_t count, const char *root, struct error *e)
{
	struct walk *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		error_memory(e);
		return NULL;
	}
	w->args = paths;
	w->arg_count = count;
	if (root != NULL && (w->root = names_root_new(root, e)) == NULL) {
		free(w);
		return NULL;
	}
	return w;
}

static void close_level(struct walk *w)
{
	struct level *l = &w->levels[--w->depth];

	buf_free(&l->names);
	free(l->order);
}

void walk_close(struct walk *w)
{
	if (w == NULL)
		return;
	while (w->depth > 0)
		close_level(w);
	free(w->levels);
	free(w->excluded);
	names_root_free(w->root);
	buf_free(&w->path);
	buf_free(&w->name);
	free(w);
}

void walk_exclude(struct walk *w, dev_t dev, ino_t ino)
{
	if (array_reserve(&w->excluded, &w->excluded_cap, w->excluded_count + 1,
			  sizeof(*w->excluded)) != 0) {
		w->failed = true;
		return;
	}
	w->excluded[w->excluded_count++] = (struct file_id){dev, ino};
}

static bool is_excluded(const struct walk *w, const struct stat *st)
{
	for (size_t i = 0; i < w->excluded_count; i++)
		if (w->excluded[i].dev == st->st_dev && w->excluded[i].ino == st->st_ino)
			return true;
	return false;
}

const struct walk_counts *walk_counts(const struct walk *w)
{
	return &w->counts;
}

/* --- items --- */

void walk_item_free(struct walk_item *item)
{
	free(item->path);
	free(item->name);
	item->path = item->name = NULL;
}

/* A C string of a buffer's bytes; NULL: no memory. */
static char *copy(const struct buf *b)
{
	return b->failed ? NULL : strndup(b->len > 0 ? b->data : "", b->len);
}

/* Fills *item with the present path and name. */
static enum outcome give(struct walk *w, struct walk_item *item, struct error *e)
{
	struct buf safe = BUF_INIT;

	w->found = true;
	/* "." is called nothing, and standard input "-". */
	text_path(&safe, buf_view(w->name.len > 0 ? &w->name : &w->path));
	item->path = copy(&w->path);
	item->name = copy(&safe);
	item->named = w->depth == 0;
	item->error.kind = ERROR_NONE;
	buf_free(&safe);
	if (item->path != NULL && item->name != NULL)
		return OUTCOME_ITEM;
	walk_item_free(item);
	error_memory(e);
	return OUTCOME_FAILED;
}

/* The same for what cannot be read, because of errno. */
static enum outcome give_errno(struct walk *w, struct walk_item *item, struct error *e)
{
	int number = errno;
	enum outcome o = give(w, item, e);

	errno = number;
	if (o == OUTCOME_ITEM)
		error_errno(&item->error, "cannot read %s", item->name);
	return o;
}

/* The path as a C string, valid until it changes; NULL: no memory. */
static const char *path_string(struct walk *w)
{
	if (w->path.failed || w->name.failed || buf_reserve(&w->path, 1) != 0)
		return NULL;
	w->path.data[w->path.len] = '\0';
	return w->path.data;
}

/* --- folders --- */

static int compare(const void *a, const void *b, void *names)
{
	const char *base = names;

	return strcmp(base + *(const size_t *)a + 1, base + *(const size_t *)b + 1);
}

/* Adds a folder's names to the level: 0, or -1 and errno. */
static int list_names(DIR *dir, struct level *l)
{
	struct dirent *d;

	for (;;) {
		errno = stop_requested() ? EINTR : 0;
		if (errno != 0 || (d = readdir(dir)) == NULL)
			break;
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (array_reserve(&l->order, &l->cap, l->count + 1, sizeof(*l->order)) != 0) {
			errno = ENOMEM;
			return -1;
		}
		l->order[l->count++] = l->names.len;
		buf_byte(&l->names, (char)d->d_type);
		buf_append(&l->names, d->d_name, strlen(d->d_name) + 1);
	}
	if (errno == 0 && l->names.failed)
		errno = ENOMEM;
	return errno == 0 ? 0 : -1;
}

/* Reads and closes a folder: 0, or -1 and errno. */
static int read_folder(const char *path, bool named, struct level *l)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (named ? 0 : O_NOFOLLOW));
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	int r, number;

	if (dir == NULL) {
		number = errno;
		if (fd >= 0)
			close(fd);
		errno = number;
		return -1;
	}
	r = list_names(dir, l);
	number = errno;
	closedir(dir);
	errno = number;
	return r;
}

/* Goes into the folder that path and name hold. */
static enum outcome enter(struct walk *w, struct walk_item *item, struct error *e)
{
	struct level l = {.names = BUF_INIT};
	const char *path = path_string(w);

	if (path == NULL || array_reserve(&w->levels, &w->cap, w->depth + 1, sizeof(l)) != 0) {
		error_memory(e);
		return OUTCOME_FAILED;
	}
	if (read_folder(path, w->depth == 0, &l) != 0) {
		enum outcome o = give_errno(w, item, e);
		buf_free(&l.names);
		free(l.order);
		return o;
	}
	if (l.count > 0)
		qsort_r(l.order, l.count, sizeof(*l.order), compare, l.names.data);
	l.path_len = w->path.len;
	l.name_len = w->name.len;
	w->levels[w->depth++] = l;
	return OUTCOME_NOTHING;
}

/* --- what is found in a folder --- */

static bool is_bundle(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool yes = fd >= 0 && kind_is_bundle(fd);

	if (fd >= 0)
		close(fd);
	return yes;
}

static enum outcome pass_over(uint64_t *count)
{
	++*count;
	return OUTCOME_NOTHING;
}

/* A regular file, or a link to one, whose name is one of ours. */
static enum outcome look_at_file(struct walk *w, const char *path, const struct stat *st,
				 struct slice name, struct walk_item *item, struct error *e)
{
	if (is_excluded(w, st))
		return pass_over(&w->counts.excluded);
	if (kind_may_be_bundle(name) && is_bundle(path))
		return pass_over(&w->counts.bundles);
	return give(w, item, e);
}

static enum outcome look_at_link(struct walk *w, const char *path, struct slice name,
				 struct walk_item *item, struct error *e)
{
	bool ours = kind_of_name(name) != KIND_NAME_OTHER;
	struct stat st;

	if (stat(path, &st) != 0)
		return ours ? give_errno(w, item, e) : pass_over(&w->counts.other_names);
	if (S_ISDIR(st.st_mode))
		return pass_over(&w->counts.links);
	if (!S_ISREG(st.st_mode))
		return pass_over(&w->counts.special);
	return ours ? look_at_file(w, path, &st, name, item, e) : pass_over(&w->counts.other_names);
}

/* What path and name hold now, in a folder. */
static enum outcome look(struct walk *w, unsigned char type, struct slice name,
			 struct walk_item *item, struct error *e)
{
	bool ours = kind_of_name(name) != KIND_NAME_OTHER;
	const char *path = path_string(w);
	struct stat st;

	if (path == NULL) {
		error_memory(e);
		return OUTCOME_FAILED;
	}
	if (type == DT_REG && !ours)
		return pass_over(&w->counts.other_names);
	if (lstat(path, &st) != 0)
		return give_errno(w, item, e);
	if (S_ISDIR(st.st_mode))
		return enter(w, item, e);
	if (S_ISLNK(st.st_mode))
		return look_at_link(w, path, name, item, e);
	if (!S_ISREG(st.st_mode))
		return pass_over(&w->counts.special);
	return ours ? look_at_file(w, path, &st, name, item, e) : pass_over(&w->counts.other_names);
}

static void add_part(struct buf *b, const char *name)
{
	if (b->len > 0 && b->data[b->len - 1] != '/')
		buf_byte(b, '/');
	buf_string(b, name);
}

/* Gives the argument with an error that names it. */
static enum outcome refuse(struct walk *w, struct walk_item *item, enum error_kind kind,
			   const char *words, struct error *e)
{
	enum outcome o = give(w, item, e);

	if (o == OUTCOME_ITEM)
		error_set(&item->error, kind, "%s%s", item->name, words);
	return o;
}

/* The innermost folder's next name. */
static enum outcome next_in_folder(struct walk *w, struct walk_item *item, struct error *e)
{
	struct level *l = &w->levels[w->depth - 1];
	const char *entry, *name;

	if (l->next == l->count) {
		w->path.len = l->path_len;
		w->name.len = l->name_len;
		close_level(w);
		if (w->depth > 0 || w->found)
			return OUTCOME_NOTHING;
		return refuse(w, item, ERROR_EMPTY, ": there is nothing to read in this folder", e);
	}
	entry = l->names.data + l->order[l->next++];
	name = entry + 1;
	if (name[0] == '.')
		return pass_over(&w->counts.hidden);
	w->path.len = l->path_len;
	w->name.len = l->name_len;
	add_part(&w->path, name);
	add_part(&w->name, name);
	return look(w, (unsigned char)entry[0], slice_string(name), item, e);
}

/* --- arguments --- */

static enum outcome look_at_named(struct walk *w, const char *arg, struct walk_item *item,
				  struct error *e)
{
	struct stat st;
	int r;

	if (stat(arg, &st) != 0)
		return give_errno(w, item, e);
	if (w->root != NULL) {
		r = names_below(w->root, arg, &w->name);
		if (r < 0)
			return give_errno(w, item, e);
		if (r == 0)
			return refuse(w, item, ERROR_USAGE, " is not below the folder of --root",
				      e);
	}
	if (S_ISDIR(st.st_mode))
		return enter(w, item, e);
	if (is_excluded(w, &st))
		return pass_over(&w->counts.excluded);
	if (S_ISREG(st.st_mode) && is_bundle(arg))
		return refuse(w, item, ERROR_USAGE, " is a bundle: `callroll list` reads it", e);
	return give(w, item, e);
}

static enum outcome next_argument(struct walk *w, struct walk_item *item, struct error *e)
{
	const char *arg = w->args[w->arg++];

	w->found = false;
	buf_clear(&w->path);
	buf_clear(&w->name);
	buf_string(&w->path, arg);
	names_clean(&w->name, arg);
	if (w->path.failed || w->name.failed) {
		error_memory(e);
		return OUTCOME_FAILED;
	}
	if (arg[0] == '\0')
		return refuse(w, item, ERROR_USAGE, "an empty path names no file", e);
	if (strcmp(arg, "-") == 0) {
		w->name.len = 0;
		return give(w, item, e);
	}
	return look_at_named(w, arg, item, e);
}

int walk_next(struct walk *w, struct walk_item *item, struct error *e)
{
	enum outcome o = OUTCOME_NOTHING;

	*item = (struct walk_item){.path = NULL};
	if (w->failed)
		return error_memory(e);
	while (o == OUTCOME_NOTHING) {
		if (stop_requested())
			return error_set(e, ERROR_STOPPED, "stopped");
		if (w->depth > 0)
			o = next_in_folder(w, item, e);
		else if (w->arg < w->arg_count)
			o = next_argument(w, item, e);
		else
			return 0;
	}
	return o == OUTCOME_ITEM ? 1 : -1;
}
