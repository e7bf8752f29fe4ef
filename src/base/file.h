/*
 * file.h: whole reads and writes, and files that appear whole or not at all.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"

/* Reads up to `len` bytes, fewer only at the end of the file; EINTR is tried again. ERROR_STOPPED
 * if stop_requested(). Returns the count or -1; `name` is for the message. */
ssize_t file_read(int fd, void *data, size_t len, const char *name, struct error *e);
ssize_t file_pread(int fd, void *data, size_t len, uint64_t offset, const char *name,
		   struct error *e);
/* Writes all bytes. 0 or -1. */
int file_write(int fd, const void *data, size_t len, const char *name, struct error *e);

/* Appends a whole small file (at most `most` bytes) to *out. 0 or -1. */
int file_slurp(const char *path, size_t most, struct buf *out, struct error *e);

/* An unnamed temporary file in `dir` (NULL: $TMPDIR or /tmp). A descriptor or -1. */
int file_unnamed(const char *dir, struct error *e);

/* The folder part of a path ("." if it has none), to be freed; NULL: no memory. */
char *file_folder(const char *path);

/*
 * A file that is written beside its final name and appears under it in one step.
 */
struct newfile;

/* Creates a temporary file in the folder of `path`. Fails if `path` exists and not `replace`. */
struct newfile *newfile_create(const char *path, bool replace, struct error *e);
/* The same in a folder, for a file whose name newfile_name says before it is committed. It replaces
 * no file. */
struct newfile *newfile_create_in(const char *folder, struct error *e);
/* The same without a name, in $TMPDIR or /tmp, for who only needs its descriptor: it is never
 * committed, and gone with the last descriptor. */
struct newfile *newfile_create_unnamed(struct error *e);
/* Its final name in that folder, without a slash. Fails if there is such a file already; another
 * name can be tried then. */
int newfile_name(struct newfile *f, const char *name, struct error *e);
int newfile_fd(const struct newfile *f);
/* The path of the temporary file, for who cannot write to a descriptor; to be freed; NULL: no
 * memory. */
char *newfile_path(const struct newfile *f);
/* fsync, rename (or a link that fails if the name was taken meanwhile), fsync of the folder. Frees
 * *f in every case; after a failure there is no temporary file left. */
int newfile_commit(struct newfile *f, struct error *e);
/* Removes the temporary file and frees *f; NULL is fine. */
void newfile_abandon(struct newfile *f);

/*
 * SIGINT, SIGTERM and SIGHUP ask for an orderly end: long loops look at stop_requested() and end
 * with ERROR_STOPPED, so that temporary files are removed on the ordinary path.
 */
void stop_install(void);
bool stop_requested(void);
int stop_signal(void); /* which signal, or 0 */

#endif
