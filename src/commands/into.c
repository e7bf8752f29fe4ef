/*
 * into.c: a folder of bundles: what they list, and the name of the next one.
 * A bundle there is never changed, replaced or removed.
 * It must never count an input as known because of a bundle that is damaged.
 */
#include "commands/into.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "commands/bundles.h"
#include "commands/output.h"

/* --- what is there --- */

static int check_folder(const char *folder, struct error *e)
{
	struct stat st;

	if (stat(folder, &st) != 0)
		return error_errno(e, "--into %s: the folder must be there", folder);
	if (!S_ISDIR(st.st_mode))
		return error_set(e, ERROR_USAGE, "--into %s: that is no folder", folder);
	return 0;
}

static int set_day(struct into *in, struct error *e)
{
	struct buf text = BUF_INIT;
	int64_t now;

	if (output_date(time(NULL), &now, e) != 0)
		return -1;
	text_time(&text, now);
	snprintf(in->day, sizeof(in->day), "%.10s", text.failed ? "" : text.data);
	if (text.failed)
		error_memory(e);
	buf_free(&text);
	return in->day[0] != '\0' ? 0 : -1;
}

/* A bundle's sources. Only for want of memory -1. */
static int add_bundle(struct into *in, size_t number, struct error *e)
{
	struct error why = {0};
	struct bundle *b = bundle_open(in->paths.path[number], &why);

	if (b != NULL && listed_add(&in->listed, (uint32_t)number, b, &why) == 0)
		in->bundles++;
	bundle_close(b);
	if (why.kind == ERROR_MEMORY || why.kind == ERROR_STOPPED)
		return error_set(e, why.kind, "%s", why.text);
	if (why.kind != ERROR_NONE)
		*in->status = status_worst(*in->status, terminal_error(&why));
	return 0;
}

int into_open(struct into *in, const char *folder, enum status *status, struct error *e)
{
	*in = (struct into){.folder = folder, .status = status};
	if (check_folder(folder, e) != 0 || set_day(in, e) != 0 ||
	    bundles_folder(folder, &in->paths, e) != 0)
		return -1;
	in->trust = calloc(in->paths.count + 1, sizeof(*in->trust));
	if (in->trust == NULL)
		return error_memory(e);
	for (size_t i = 0; i < in->paths.count; i++)
		if (add_bundle(in, i, e) != 0)
			return -1;
	listed_sort(&in->listed);
	return 0;
}

void into_free(struct into *in)
{
	listed_free(&in->listed);
	bundles_free(&in->paths);
	free(in->trust);
	free(in->path);
	*in = (struct into){0};
}

/* --- is it new? --- */

static int digest_file(int fd, const char *name, struct listed_input *out, struct error *e)
{
	struct hasher *h = hasher_new();
	char *data = malloc(WINDOW_READ);
	ssize_t n = -1;

	out->size = 0;
	if (h == NULL || data == NULL)
		error_memory(e);
	else
		while ((n = file_pread(fd, data, WINDOW_READ, out->size, name, e)) > 0) {
			hasher_update(h, data, (size_t)n);
			out->size += (uint64_t)n;
		}
	if (n == 0)
		out->digest = hasher_final(h);
	hasher_free(h);
	free(data);
	return n == 0 ? 0 : -1;
}

/* Is all of the bundle unaltered? 1, 0, or -1: for want of memory. */
static int is_whole(struct into *in, uint32_t number, struct error *e)
{
	enum trust *trust = &in->trust[number];
	struct error why = {0};
	struct bundle *b;

	if (*trust == TRUST_UNKNOWN) {
		b = bundle_open(in->paths.path[number], &why);
		*trust = b != NULL && bundle_check_frames(b, &why) == 0 ? TRUST_WHOLE
									: TRUST_DAMAGED;
		bundle_close(b);
		if (why.kind == ERROR_MEMORY || why.kind == ERROR_STOPPED)
			return error_set(e, why.kind, "%s", why.text);
		if (why.kind != ERROR_NONE) {
			*in->status = status_worst(*in->status, terminal_error(&why));
			in->bundles--;
		}
	}
	return *trust == TRUST_WHOLE;
}

/* Does a bundle that is whole list it? */
static int is_listed(struct into *in, const struct listed_input *file, struct error *e)
{
	uint32_t number;
	int whole = 0;

	for (size_t n = 0; whole == 0; n++) {
		number = listed_in(&in->listed, file->size, &file->digest, n);
		if (number == UINT32_MAX)
			break;
		whole = is_whole(in, number, e);
	}
	return whole;
}

int into_lists(struct into *in, const struct walk_item *item, struct error *e)
{
	struct listed_input file;
	struct stat st;
	int fd, result = -1;

	if (in->listed.count == 0)
		return 0;
	fd = open(item->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		error_errno(e, "%s", item->name);
	else if (!S_ISREG(st.st_mode) || !listed_size(&in->listed, (uint64_t)st.st_size))
		result = 0; /* no need to read it */
	else if (digest_file(fd, item->name, &file, e) == 0)
		result = is_listed(in, &file, e);
	if (fd >= 0)
		close(fd);
	in->left_out += result == 1;
	return result;
}

/* --- the new one --- */

/* Is there a bundle with this seal under the name, all of it whole? */
static bool is_there(const char *path, const struct sha256 *seal)
{
	struct error ignored = {0};
	struct bundle *b = access(path, F_OK) == 0 ? bundle_open(path, &ignored) : NULL;
	bool same = b != NULL && memcmp(bundle_seal(b), seal, sizeof(*seal)) == 0 &&
		    bundle_check_frames(b, &ignored) == 0;

	bundle_close(b);
	return same;
}

/* in->path, with so many digits of the seal; returns its last part. */
static const char *make_path(struct into *in, const struct sha256 *seal, int digits,
			     struct error *e)
{
	char hex[SHA256_HEX + 1];
	size_t len = strlen(in->folder);
	const char *slash = len > 0 && in->folder[len - 1] == '/' ? "" : "/";

	sha256_hex(seal, hex);
	free(in->path);
	if (asprintf(&in->path, "%s%s%s-%.*s.tar.zst", in->folder, slash, in->day, digits,
		     hex) < 0) {
		in->path = NULL;
		error_memory(e);
		return NULL;
	}
	return in->path + len + strlen(slash);
}

/* Gives the sealed bundle a name that is free. 1; 0: it is there already; -1. */
static int name_bundle(struct into *in, struct writer *w, const struct sha256 *seal,
		       struct error *e)
{
	static const int digits[] = {8, 16, SHA256_HEX}; /* more, if the name is taken */

	for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++) {
		const char *name = make_path(in, seal, digits[i], e);
		struct error why = {0};

		if (name == NULL)
			return -1;
		if (writer_name(w, name, &why) == 0)
			return 1;
		if (is_there(in->path, seal))
			return 0;
		if (i + 1 == sizeof(digits) / sizeof(digits[0]) || why.kind == ERROR_MEMORY)
			error_set(e, why.kind, "%s", why.text);
	}
	return -1;
}

int into_close(struct into *in, struct writer *w, struct writer_totals *totals, struct error *e)
{
	struct error why = {0};
	int named = -1;

	if (writer_seal(w, totals, e) == 0)
		named = name_bundle(in, w, &totals->seal, e);
	if (named != 1) {
		writer_abandon(w);
		return named;
	}
	if (writer_close(w, totals, &why) == 0)
		return 1;
	if (is_there(in->path, &totals->seal)) /* since a moment ago */
		return 0;
	return error_set(e, why.kind, "%s", why.text);
}
