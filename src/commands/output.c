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
				 "entries", value);
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
