/*
 * file.c: whole reads and writes, files that appear whole or not at all, and requests to stop.
 * Every descriptor is close-on-exec; a temporary file is gone when its struct is.
 * It must never leave part of a file under its final name.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLURP_STEP ((size_t)64 * 1024)
#define NAME_TRIES 100
/* How much of the final name a temporary name repeats; a file system takes 255 bytes. */
#define NAME_MOST 200

/* --- requests to stop --- */

static atomic_int stop; /* the first signal that came; lock-free, so a handler may write it */

static void stop_handler(int number)
{
	int none = 0;

	atomic_compare_exchange_strong(&stop, &none, number);
}

void stop_install(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction new = {.sa_handler = stop_handler}; /* no SA_RESTART: reads end */

	sigemptyset(&new.sa_mask);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct sigaction old;
		/* What was ignored from the start (nohup, &) stays ignored. */
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &new, NULL);
	}
}

bool stop_requested(void)
{
	return stop_signal() != 0;
}

int stop_signal(void)
{
	return atomic_load_explicit(&stop, memory_order_relaxed);
}

/* --- whole reads and writes --- */

/*
 * After a failed system call: 0 if it is to be tried again, else -1 with the error. A descriptor
 * that somebody else made non-blocking (a shared terminal or pipe) is waited for.
 */
static int call_failed(int fd, short events, const char *verb, const char *name, struct error *e)
{
	if (errno == EINTR) {
		if (!stop_requested())
			return 0;
		return error_set(e, ERROR_STOPPED, "stopped while %s was %s", name,
				 events == POLLIN ? "read" : "written");
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK) {
		struct pollfd p = {.fd = fd, .events = events};
		if (poll(&p, 1, -1) >= 0)
			return 0;
		if (errno == EINTR)
			return call_failed(fd, events, verb, name, e); /* once: not EAGAIN now */
	}
	return error_errno(e, "cannot %s %s", verb, name);
}

/* Whoever reads on and on must end when asked to, also where reading is never interrupted. */
static int check_stop(const char *name, struct error *e)
{
	if (!stop_requested())
		return 0;
	return error_set(e, ERROR_STOPPED, "stopped while reading %s", name);
}

ssize_t file_read(int fd, void *data, size_t len, const char *name, struct error *e)
{
	size_t got = 0;

	if (check_stop(name, e) != 0)
		return -1;
	while (got < len) {
		ssize_t n = read(fd, (char *)data + got, len - got);
		if (n == 0)
			break;
		if (n > 0)
			got += (size_t)n;
		else if (call_failed(fd, POLLIN, "read", name, e) != 0)
			return -1;
	}
	return (ssize_t)got;
}

ssize_t file_pread(int fd, void *data, size_t len, uint64_t offset, const char *name,
		   struct error *e)
{
	size_t got = 0;

	if (offset > INT64_MAX || len > INT64_MAX - offset) {
		errno = EOVERFLOW;
		return error_errno(e, "cannot read %s", name);
	}
	if (check_stop(name, e) != 0)
		return -1;
	while (got < len) {
		ssize_t n = pread(fd, (char *)data + got, len - got, (off_t)(offset + got));
		if (n == 0)
			break;
		if (n > 0)
			got += (size_t)n;
		else if (call_failed(fd, POLLIN, "read", name, e) != 0)
			return -1;
	}
	return (ssize_t)got;
}

int file_write(int fd, const void *data, size_t len, const char *name, struct error *e)
{
	size_t put = 0;

	while (put < len) {
		ssize_t n = write(fd, (const char *)data + put, len - put);
		if (n > 0) {
			put += (size_t)n;
			continue;
		}
		if (n == 0) /* no reason given; trying again might never end */
			errno = EIO;
		if (call_failed(fd, POLLOUT, "write", name, e) != 0)
			return -1;
	}
	return 0;
}

/* Appends all of fd, at most `most` bytes. One byte more is asked for, to see that it ends. */
static int slurp(int fd, const char *path, size_t most, struct buf *out, struct error *e)
{
	size_t total = 0;

	for (;;) {
		size_t want = most - total < SLURP_STEP ? most - total + 1 : SLURP_STEP;
		if (buf_reserve(out, want) != 0)
			return error_memory(e);
		ssize_t n = file_read(fd, out->data + out->len, want, path, e);
		if (n < 0)
			return -1;
		total += (size_t)n;
		if (total > most)
			return error_set(e, ERROR_LIMIT, "%s has more than %zu bytes", path, most);
		out->len += (size_t)n;
		if ((size_t)n < want)
			return 0;
	}
}

int file_slurp(const char *path, size_t most, struct buf *out, struct error *e)
{
	size_t before = out->len;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(e, "cannot open %s", path);
	int result = slurp(fd, path, most, out, e);
	if (result != 0)
		out->len = before;
	close(fd);
	return result;
}

/* --- temporary files --- */

int file_unnamed(const char *dir, struct error *e)
{
	char *path;

	if (dir == NULL)
		dir = secure_getenv("TMPDIR");
	if (dir == NULL || dir[0] == '\0')
		dir = "/tmp";
	int fd = open(dir, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;

	/* Not every file system has O_TMPFILE. What else is wrong shows itself again here. */
	if (asprintf(&path, "%s/.callroll.XXXXXX", dir) < 0)
		return error_memory(e);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		error_errno(e, "cannot create a temporary file in %s", dir);
	else
		unlink(path);
	free(path);
	return fd;
}

char *file_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return strdup(".");
	while (slash > path && slash[-1] == '/')
		slash--;
	return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

struct newfile {
	char *path; /* the final one, as given, or the folder; for messages */
	const char *name; /* its last part; NULL: not known yet */
	char *temporary; /* a name in the folder, or NULL: there is no such file */
	int folder; /* a descriptor; all names are relative to it */
	int fd;
	bool replace;
};

/* Frees *f and closes what is open; the temporary file stays if there is one. */
static void newfile_free(struct newfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->folder >= 0)
		close(f->folder);
	free(f->temporary);
	free(f->path);
	free(f);
}

void newfile_abandon(struct newfile *f)
{
	if (f == NULL)
		return;
	if (f->temporary != NULL)
		unlinkat(f->folder, f->temporary, 0);
	newfile_free(f);
}

/* Whether the final name may be taken. A device or pipe is never replaced by a file. */
static int check_name(const struct newfile *f, struct error *e)
{
	struct stat st;

	if (f->name[0] == '\0')
		return error_set(e, ERROR_IO, "cannot create %s: it names a folder", f->path);
	if (fstatat(f->folder, f->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : error_errno(e, "cannot create %s", f->path);
	if (!f->replace) {
		errno = EEXIST;
		return error_errno(e, "cannot create %s", f->path);
	}
	if (fstatat(f->folder, f->name, &st, 0) == 0 && !S_ISREG(st.st_mode))
		return error_set(e, ERROR_IO, "cannot replace %s: it is not a regular file",
				 f->path);
	return 0;
}

/* A new temporary name of the form .NAME.XXXXXX.partial; NULL: no memory. */
static char *temporary_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567"; /* 32 of them */
	unsigned char random[6] = {0};
	char middle[7] = {0};
	char *result;

	if (getrandom(random, sizeof(random), 0) < 0)
		return NULL;
	for (size_t i = 0; i < sizeof(random); i++)
		middle[i] = letters[random[i] % 32];
	if (asprintf(&result, ".%.*s.%s.partial", NAME_MOST, name, middle) < 0)
		return NULL;
	return result;
}

/* Not mkostemp: open applies the umask and the folder's default rights by itself. */
static int open_temporary(struct newfile *f, struct error *e)
{
	for (int i = 0; i < NAME_TRIES; i++) {
		char *name = temporary_name(f->name != NULL ? f->name : "new");
		if (name == NULL)
			return error_memory(e);
		f->fd = openat(f->folder, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (f->fd >= 0) {
			f->temporary = name;
			return 0;
		}
		free(name);
		if (errno != EEXIST)
			break;
	}
	return error_errno(e, "cannot create a temporary file %s %s",
			   f->name != NULL ? "beside" : "in", f->path);
}

static int open_folder(struct newfile *f, struct error *e)
{
	char *folder = f->name != NULL ? file_folder(f->path) : strdup(f->path);

	if (folder == NULL)
		return error_memory(e);
	f->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	return f->folder >= 0 ? 0 : error_errno(e, "cannot create %s", f->path);
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/* `path` names the file, or, if not `named`, the folder. */
static struct newfile *create(const char *path, bool named, bool replace, struct error *e)
{
	struct newfile *f = calloc(1, sizeof(*f));

	if (f == NULL) {
		error_memory(e);
		return NULL;
	}
	f->fd = f->folder = -1;
	f->replace = replace;
	f->path = strdup(path);
	if (f->path == NULL) {
		error_memory(e);
		goto failed;
	}
	if (named)
		f->name = last_part(f->path);
	if (open_folder(f, e) != 0 || (named && check_name(f, e) != 0) ||
	    open_temporary(f, e) != 0)
		goto failed;
	return f;
failed:
	newfile_abandon(f);
	return NULL;
}

struct newfile *newfile_create(const char *path, bool replace, struct error *e)
{
	return create(path, true, replace, e);
}

struct newfile *newfile_create_in(const char *folder, struct error *e)
{
	return create(folder, false, false, e);
}

struct newfile *newfile_create_unnamed(struct error *e)
{
	struct newfile *f = calloc(1, sizeof(*f));

	if (f == NULL) {
		error_memory(e);
		return NULL;
	}
	f->folder = -1;
	f->fd = file_unnamed(NULL, e);
	if (f->fd < 0) {
		newfile_abandon(f);
		return NULL;
	}
	return f;
}

int newfile_name(struct newfile *f, const char *name, struct error *e)
{
	char *folder = f->name != NULL ? file_folder(f->path) : strdup(f->path);
	char *path = NULL;

	if (folder == NULL || asprintf(&path, "%s/%s", folder, name) < 0) {
		free(folder);
		return error_memory(e);
	}
	free(folder);
	free(f->path);
	f->path = path;
	f->name = last_part(path);
	return check_name(f, e);
}

int newfile_fd(const struct newfile *f)
{
	return f->fd;
}

char *newfile_path(const struct newfile *f)
{
	char *folder = f->name != NULL ? file_folder(f->path) : strdup(f->path);
	char *path = NULL;

	if (folder != NULL && asprintf(&path, "%s/%s", folder, f->temporary) < 0)
		path = NULL;
	free(folder);
	return path;
}

/* Gives the temporary file its final name unless that is taken. 0, or -1 and errno. */
static int name_free(const struct newfile *f)
{
	if (renameat2(f->folder, f->temporary, f->folder, f->name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
		return -1;
	/* The file system cannot do that in one call; link fails if the name is taken. */
	if (linkat(f->folder, f->temporary, f->folder, f->name, 0) != 0)
		return -1;
	unlinkat(f->folder, f->temporary, 0);
	return 0;
}

static int commit(struct newfile *f, struct error *e)
{
	if (f->name == NULL)
		return error_set(e, ERROR_USAGE, "the new file in %s has no name yet", f->path);
	if (fsync(f->fd) != 0)
		return error_errno(e, "cannot write %s", f->path);
	int closed = close(f->fd);
	f->fd = -1;
	if (closed != 0)
		return error_errno(e, "cannot write %s", f->path);
	int named = f->replace ? renameat(f->folder, f->temporary, f->folder, f->name)
			       : name_free(f);
	if (named != 0)
		return error_errno(e, "cannot create %s", f->path);
	free(f->temporary);
	f->temporary = NULL;
	/* EINVAL: this file system has nothing to write for a folder. */
	if (fsync(f->folder) != 0 && errno != EINVAL)
		return error_errno(e, "cannot write the folder of %s", f->path);
	return 0;
}

int newfile_commit(struct newfile *f, struct error *e)
{
	int result = commit(f, e);

	newfile_abandon(f);
	return result;
}
