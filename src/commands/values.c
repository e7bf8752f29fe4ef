/*
 * values.c: values to look for: one of the command line, or the lines of a file.
 */
#include "commands/values.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"

/* Some million phone numbers. */
#define FILE_MOST (256 * MIB)
#define PIECE (64 * KIB)

int values_add(struct values *v, struct slice value)
{
	uint32_t n;

	if (v->known == NULL && (v->known = map_new()) == NULL)
		return -1;
	n = map_add(v->known, value);
	if (n != v->count)
		return n == MAP_NONE ? -1 : 0;
	if (array_reserve(&v->list, &v->cap, v->count + 1, sizeof(*v->list)) != 0 ||
	    array_reserve(&v->met, &v->met_cap, v->count + 1, sizeof(*v->met)) != 0)
		return -1;
	v->list[v->count] = value;
	v->met[v->count++] = false;
	return 0;
}

void values_free(struct values *v)
{
	free(v->list);
	free(v->met);
	buf_free(&v->text);
	map_free(v->known);
	*v = (struct values){0};
}

static int read_input(struct buf *out, struct error *e)
{
	for (;;) {
		ssize_t got;

		if (buf_reserve(out, PIECE) != 0)
			return error_memory(e);
		got = file_read(STDIN_FILENO, out->data + out->len, PIECE, "standard input", e);
		if (got <= 0)
			return (int)got;
		out->len += (size_t)got;
		if (out->len > FILE_MOST)
			return error_set(e, ERROR_LIMIT, "standard input has more than %zu bytes",
					 FILE_MOST);
	}
}

static int add_lines(struct values *v)
{
	const char *at = v->text.data, *end = at + v->text.len;

	if (v->text.len >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		struct slice line = slice_of(at, (size_t)((lf == NULL ? end : lf) - at));

		at = lf == NULL ? end : lf + 1;
		if (line.len > 0 && line.data[line.len - 1] == '\r')
			line.len--;
		if (line.len > 0 && values_add(v, line) != 0)
			return -1;
	}
	return 0;
}

int values_read(struct values *v, const char *file, struct error *e)
{
	int result = strcmp(file, "-") == 0 ? read_input(&v->text, e)
					    : file_slurp(file, FILE_MOST, &v->text, e);

	if (result != 0)
		return -1;
	if (v->text.len > 0 && add_lines(v) != 0)
		return error_memory(e);
	if (v->count == 0)
		return error_set(e, ERROR_USAGE, "%s: there is no value in it", file);
	return 0;
}

void values_met(struct values *v, size_t which)
{
	v->met[which] = true;
}

bool values_tell_missing(const struct values *v, struct redact *redact, const struct options *o)
{
	struct buf lines = BUF_INIT;
	bool missing = false;

	for (size_t i = 0; i < v->count; i++) {
		if (v->met[i])
			continue;
		missing = true;
		buf_string(&lines, "not found: ");
		if (redact != NULL)
			redact_text(redact, v->list[i], &lines);
		else
			text_safe(&lines, v->list[i]);
		buf_byte(&lines, '\n');
	}
	terminal_say_bytes(o, buf_view(&lines));
	buf_free(&lines);
	return missing;
}
