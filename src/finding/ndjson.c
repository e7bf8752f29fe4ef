/*
 * ndjson.c: findings as NDJSON, one object a line; members: path response batch_id rule severity
 * pointer line column offset message, in that order, and at last `more` where a line counts.
 * Must never print a member under some condition only, but for `more`.
 */
#include "finding/format.h"

#include <stdio.h>

#include "json/write.h"

static void print_string(struct buf *out, const char *name, struct slice value)
{
	buf_string(out, ",\"");
	buf_string(out, name);
	buf_string(out, "\":");
	json_write_string(out, value);
}

static void print_number(struct buf *out, const char *name, uint64_t n)
{
	buf_string(out, ",\"");
	buf_string(out, name);
	buf_string(out, "\":");
	buf_uint(out, n);
}

/* All members up to `message`, without the closing brace. */
static void print_members(struct buf *out, const struct finding_source *source,
			  const struct finding *f)
{
	buf_string(out, "{\"path\":");
	json_write_string(out, source->path);
	print_number(out, "response", source->response);
	if (source->batch_id.len > 0)
		print_string(out, "batch_id", source->batch_id);
	else
		buf_string(out, ",\"batch_id\":null");
	print_string(out, "rule", slice_string(rule_info(f->rule)->name));
	print_string(out, "severity", slice_string(severity_name(f->severity)));
	print_string(out, "pointer", f->pointer);
	print_number(out, "line", f->place.line);
	print_number(out, "column", f->place.column);
	print_number(out, "offset", f->place.offset);
	print_string(out, "message", f->message);
}

/* The line for what is counted and not told; its pointer is the shape. */
static void print_more(struct buf *out, const struct finding_source *source,
		       const struct finding_group *g)
{
	uint64_t more = g->count - g->told;
	char message[64];
	int n = snprintf(message, sizeof(message), "%s%llu%s in this response",
			 g->told > 0 ? "and " : "", (unsigned long long)more,
			 g->told > 0 ? " more" : "");
	struct finding line = {
		.rule = g->rule,
		.severity = g->severity,
		.place = g->first_untold,
		.pointer = g->shape,
		.message = slice_of(message, (size_t)n),
	};

	print_members(out, source, &line);
	print_number(out, "more", more);
	buf_string(out, "}\n");
}

void ndjson_print(struct buf *out, const struct finding_source *source, const struct findings *f,
		  bool color)
{
	size_t count;

	(void)color;
	const struct finding *list = findings_list(f, &count);
	for (size_t i = 0; i < count; i++) {
		print_members(out, source, &list[i]);
		buf_string(out, "}\n");
	}
	const struct finding_group *groups = findings_groups(f, &count);
	for (size_t i = 0; i < count; i++) {
		if (groups[i].count > groups[i].told)
			print_more(out, source, &groups[i]);
	}
}
