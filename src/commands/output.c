/*
 * output.c: the bundle that a command writes: its name, its time, its first entry, and what is
 * said of it. What stands in the bundle depends on the environment by SOURCE_DATE_EPOCH alone.
 */
#include "commands/output.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "bundle/foreign.h"
#include "bundle/frame.h"
#include "input/kind.h"
#include "json/write.h"

int output_check(const struct options *o, struct error *e)
{
	struct stat st;
	bool bundle;
	int fd;

	if (strcmp(o->output, "-") == 0)
		return error_set(e, ERROR_USAGE, "a bundle is a file: -o - cannot be");
	if (stat(o->output, &st) != 0)
		return 0; /* a new file, or what writer_open complains about */
	if (!o->force)
		return error_set(e, ERROR_USAGE, "%s exists already; --force replaces a bundle",
				 o->output);
	fd = open(o->output, O_RDONLY | O_CLOEXEC);
	bundle = fd >= 0 && S_ISREG(st.st_mode) && (st.st_size == 0 || kind_is_bundle(fd));
	if (fd >= 0)
		close(fd);
	if (!bundle)
		return error_set(e, ERROR_USAGE, "%s is no bundle: --force does not replace it",
				 o->output);
	return 0;
}

/* Are they one file? */
static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Is the file somewhere below the folder? */
static bool is_below(const char *file, const char *folder)
{
	char *f = realpath(file, NULL), *d = realpath(folder, NULL);
	size_t len = d == NULL ? 0 : strlen(d);
	bool below = f != NULL && d != NULL && strncmp(f, d, len) == 0 &&
		     (f[len] == '/' || (len > 0 && d[len - 1] == '/'));

	free(f);
	free(d);
	return below;
}

static bool is_input(const struct options *o, const struct stat *out, const char *input,
		     bool folders)
{
	struct stat st;

	if (input == NULL)
		return false;
	if (strcmp(input, "-") == 0)
		return fstat(STDIN_FILENO, &st) == 0 && same_file(&st, out);
	if (stat(input, &st) != 0)
		return false;
	return same_file(&st, out) ||
	       (folders && S_ISDIR(st.st_mode) && is_below(o->output, input));
}

/* A file named like a bundle that is empty is the rest of one. */
static bool looks_like_bundle(const char *path, const struct stat *st)
{
	size_t len = strlen(path), end = strlen(".tar.zst");
	int fd;
	bool yes;

	if (st->st_size == 0)
		return len > end && strcmp(path + len - end, ".tar.zst") == 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	yes = fd >= 0 && (kind_is_bundle(fd) || foreign_was_bundle(fd));
	if (fd >= 0)
		close(fd);
	return yes;
}

int output_check_other(const struct options *o, char **args, int count, bool folders,
		       struct error *e)
{
	const char *path = o->output;
	struct stat st;
	bool input;

	if (lstat(path, &st) != 0)
		return 0; /* a new file, or what newfile_create complains about */
	if (!o->force)
		return error_set(e, ERROR_USAGE, "%s exists already; --force replaces a file",
				 path);
	if (stat(path, &st) != 0)
		return 0; /* a link to nothing */
	if (S_ISREG(st.st_mode) && looks_like_bundle(path, &st))
		return error_set(e, ERROR_USAGE, "%s is a bundle: --force does not replace it",
				 path);
	input = is_input(o, &st, o->expect, false) || is_input(o, &st, o->model, false);
	for (int i = 0; i < count && !input; i++)
		input = is_input(o, &st, args[i], folders);
	if (input)
		return error_set(e, ERROR_USAGE, "%s is read: --force does not replace it", path);
	return 0;
}

int output_date(int64_t otherwise, int64_t *out, struct error *e)
{
	const char *value = getenv("SOURCE_DATE_EPOCH");
	char *end;
	long long n;

	*out = otherwise;
	if (value == NULL || *value == '\0')
		return 0;
	n = strtoll(value, &end, 10);
	if (*end != '\0' || n < 0 || n >= INT32_MAX)
		return error_set(e, ERROR_USAGE,
				 "SOURCE_DATE_EPOCH is '%s', which is no time for a bundle's "
				 "entries",
				 value);
	*out = n;
	return 0;
}

void output_about(const struct model *model, struct buf *out)
{
	char hex[SHA256_HEX + 1];

	buf_string(out, "{\n  \"format\": \"" BUNDLE_FORMAT "\",\n  \"version\": \"" BUNDLE_VERSION
			"\",\n  \"callroll\": \"" PACKAGE_VERSION "\",\n  \"libzstd\": ");
	json_write_string(out, slice_string(frame_zstd_version()));
	buf_string(out, ",\n  \"model\": ");
	json_write_string(out, model_id(model));
	sha256_hex(model_digest(model), hex);
	buf_printf(out, ",\n  \"model_sha256\": \"%s\",\n  \"options\": ", hex);
}

void output_sealed(const char *path, uint64_t before, const struct writer_totals *t,
		   struct buf *out)
{
	buf_string(out, "sealed      ");
	text_safe(out, slice_string(path));
	buf_string(out, "   ");
	text_bytes(out, before);
	buf_string(out, " -> ");
	text_bytes(out, t->size);
	if (t->size > 0)
		buf_printf(out, " (%.1f:1)", (double)before / (double)t->size);
	buf_byte(out, '\n');
}

void output_seal(const struct writer_totals *t, struct buf *out)
{
	char hex[SHA256_HEX + 1];

	sha256_hex(&t->seal, hex);
	buf_printf(out,
		   "seal        %s\n            note it elsewhere: verify --seal proves that "
		   "nothing changed since\n",
		   hex);
}
