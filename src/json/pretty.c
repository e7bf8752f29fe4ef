/*
 * pretty.c: line ends and indentation between the tokens of the normal form.
 * Only bytes outside strings are looked at. It never changes a token.
 */
#include "json/pretty.h"

static void new_line(const struct pretty *p, struct buf *out)
{
	buf_byte(out, '\n');
	for (unsigned i = 0; i < p->depth; i++)
		buf_string(out, "  ");
}

/* Returns the bytes from `text` on that belong to the string. */
static size_t in_string(struct pretty *p, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (p->escaped)
			p->escaped = false;
		else if (text.data[i] == '\\')
			p->escaped = true;
		else if (text.data[i] == '"') {
			p->in_string = false;
			return i + 1;
		}
	}
	return text.len;
}

static void outside(struct pretty *p, char byte, struct buf *out)
{
	bool closes = byte == '}' || byte == ']';

	if (p->opened && !closes)
		new_line(p, out);
	if (closes) {
		p->depth -= p->depth > 0;
		if (!p->opened)
			new_line(p, out);
	}
	buf_byte(out, byte);
	p->opened = byte == '{' || byte == '[';
	p->depth += p->opened;
	if (byte == ',')
		new_line(p, out);
	else if (byte == ':')
		buf_byte(out, ' ');
	p->in_string = byte == '"';
}

void pretty_append(struct pretty *p, struct slice piece, struct buf *out)
{
	size_t i = 0;

	while (i < piece.len) {
		if (p->in_string) {
			size_t n = in_string(p, slice_of(piece.data + i, piece.len - i));
			buf_append(out, piece.data + i, n);
			i += n;
		} else {
			outside(p, piece.data[i++], out);
		}
	}
}
