/*
 * verify.c: is a bundle whole and unaltered?
 */
#include "bundle/verify.h"

#include "base/text.h"
#include "commands/bundles.h"

/* The report's lines, below the bundle they are about. */
static void indent(struct buf *out, struct slice lines)
{
	const char *p = lines.data, *end = p + lines.len;

	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		const char *next = lf == NULL ? end : lf + 1;

		buf_string(out, "         ");
		buf_append(out, p, (size_t)(next - p));
		p = next;
	}
}

static enum status verify_one(const struct options *o, const char *path)
{
	struct error e = {0};
	struct verify_result r = {0};
	struct buf out = BUF_INIT;
	char hex[SHA256_HEX + 1];
	enum status status = STATUS_OK;

	if (bundle_verify(path, o->has_seal ? &o->seal : NULL, o->threads, &r, &e) != 0) {
		status = terminal_error(&e);
		buf_free(&r.report);
		return status;
	}
	buf_string(&out, r.whole ? "ok       " : "damaged  ");
	text_safe(&out, slice_string(path));
	if (r.has_seal) {
		sha256_hex(&r.seal, hex);
		buf_printf(&out, "  seal %s", hex);
	}
	if (r.whole && r.erased.states > 0) {
		buf_string(&out, "  ");
		text_count(&out, r.erased.states);
		buf_string(&out, r.erased.states == 1 ? " state erased" : " states erased");
	}
	buf_byte(&out, '\n');
	if (!r.whole) {
		indent(&out, buf_view(&r.report));
		status = STATUS_DAMAGED;
	}
	terminal_out(buf_view(&out));
	buf_free(&out);
	buf_free(&r.report);
	return status;
}

enum status command_verify(const struct options *o, char **args, int count)
{
	struct bundle_paths paths;
	enum status status = bundles_find(args, count, &paths);

	if (o->has_seal && paths.count > 1) {
		struct error e = {0};

		error_set(&e, ERROR_USAGE, "--seal proves one bundle; %zu were given", paths.count);
		bundles_free(&paths);
		return terminal_error(&e);
	}
	for (size_t i = 0; i < paths.count && !terminal_gone(); i++)
		status = status_worst(status, verify_one(o, paths.path[i]));
	bundles_free(&paths);
	return status;
}
