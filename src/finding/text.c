/*
 * text.c: findings as lines of text: PATH:LINE:COLUMN: severity: message [rule] pointer
 * One line is one finding, or says how many more there are of one kind.
 * Must never append a byte of the input that text_safe has not seen.
 */
#include "finding/format.h"

#include "base/text.h"
#include "finding/color.h"
#include "finding/group.h"

/* "PATH:LINE:COLUMN: severity: " */
static void print_place(struct buf *out, struct slice path, const struct place *place,
			enum severity severity, bool color)
{
	if (color)
		buf_string(out, COLOR_BOLD);
	text_safe(out, path);
	buf_byte(out, ':');
	buf_uint(out, place->line);
	buf_byte(out, ':');
	buf_uint(out, place->column);
	buf_byte(out, ':');
	if (color)
		buf_string(out, COLOR_END);
	buf_byte(out, ' ');
	color_severity(out, severity, color);
	buf_string(out, ": ");
}

/* " [rule] pointer" and the end of the line; the pointer of the whole response is empty. */
static void print_rule(struct buf *out, enum rule rule, struct slice pointer)
{
	buf_string(out, " [");
	buf_string(out, rule_info(rule)->name);
	buf_byte(out, ']');
	if (pointer.len > 0) {
		buf_byte(out, ' ');
		text_safe(out, pointer);
	}
	buf_byte(out, '\n');
}

/* Where none of a group is told (--max-findings 0), one line stands for all of them. */
static void print_group(struct buf *out, const struct finding_source *source,
			const struct finding_group *g, bool color)
{
	print_place(out, source->path, &g->first_untold, g->severity, color);
	text_count(out, g->count);
	buf_string(out, g->count == 1 ? " finding, here" : " findings, the first one here");
	print_rule(out, g->rule, g->shape);
}

static void print_more(struct buf *out, const struct finding_group *g)
{
	buf_string(out, "  \xe2\x80\xa6 and ");
	text_count(out, g->count - g->told);
	buf_string(out, " more");
	if (group_is_others(g->shape)) {
		buf_string(out, " at other places");
	} else if (g->shape.len > 0) {
		buf_string(out, " at ");
		text_safe(out, g->shape);
	}
	buf_string(out, " in this response");
	print_rule(out, g->rule, SLICE(""));
}

void text_print(struct buf *out, const struct finding_source *source, const struct findings *f,
		bool color)
{
	size_t count;

	const struct finding *list = findings_list(f, &count);
	for (size_t i = 0; i < count; i++) {
		print_place(out, source->path, &list[i].place, list[i].severity, color);
		text_safe(out, list[i].message);
		print_rule(out, list[i].rule, list[i].pointer);
	}
	const struct finding_group *groups = findings_groups(f, &count);
	for (size_t i = 0; i < count; i++) {
		if (groups[i].told == 0)
			print_group(out, source, &groups[i], color);
		else if (groups[i].count > groups[i].told)
			print_more(out, &groups[i]);
	}
}
