/*
 * stranger.c: pages, tables and other bytes that are no JSON.
 * It looks at the first STRANGER_LOOK bytes only. What it is not sure of it does not name.
 */
#include "input/stranger.h"

#include <ctype.h>
#include <strings.h>

#include "base/text.h"

static struct slice look(const struct window *w)
{
	size_t n = w->len - w->at;

	return slice_of(w->data + w->at, n < STRANGER_LOOK ? n : STRANGER_LOOK);
}

static const char *find(struct slice in, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= in.len; i++)
		if (strncasecmp(in.data + i, word, n) == 0)
			return in.data + i;
	return NULL;
}

static bool html(struct slice text, struct buf *what)
{
	static const char *const starts[] = {"<!doctype", "<html", "<head", "<body", "<?xml",
					     "<title", "<!--"};
	const char *title, *end, *stop = text.data + text.len;
	bool page = false;

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		size_t n = strlen(starts[i]);
		page |= text.len >= n && strncasecmp(text.data, starts[i], n) == 0;
	}
	if (!page)
		return false;
	buf_string(what, strncasecmp(text.data, "<?xml", 5) == 0 ? "an XML document"
								 : "an HTML page");
	title = find(text, "<title>");
	if (title == NULL)
		return true;
	title += strlen("<title>");
	end = memchr(title, '<', (size_t)(stop - title));
	if (end != NULL && end - title > 0 && end - title <= 100) {
		while (title < end && isspace((unsigned char)*title))
			title++;
		while (end > title && isspace((unsigned char)end[-1]))
			end--;
		buf_string(what, " \"");
		text_safe(what, slice_of(title, (size_t)(end - title)));
		buf_byte(what, '"');
	}
	return true;
}

/* A table: a first line of words (or quoted words) between separators, with a line after it. */
static bool csv(struct slice text, struct buf *what)
{
	const char *end = memchr(text.data, '\n', text.len);
	size_t separators = 0;

	if (end == NULL || !(isalpha((unsigned char)*text.data) || *text.data == '"'))
		return false;
	for (const char *p = text.data; p < end; p++) {
		if (*p == ',' || *p == ';' || *p == '\t')
			separators++;
		else if (strchr("{}[]:<>", *p) != NULL)
			return false;
	}
	if (separators == 0)
		return false;
	buf_string(what, "a CSV table");
	return true;
}

bool stranger_page(const struct window *w, bool first, struct buf *what)
{
	struct slice text = look(w);

	buf_clear(what);
	if (text.len == 0)
		return false;
	if (*text.data == '<')
		return html(text, what);
	return first && csv(text, what);
}

void stranger_syntax(const struct window *w, bool later, struct buf *message)
{
	struct slice text = look(w);
	unsigned n = utf8_length(text.data, text.len);

	buf_string(message, later ? "expected a response or the end of the input, found "
				  : "expected a response, found ");
	if (slice_starts(text, SLICE("\xff\xfe")) || slice_starts(text, SLICE("\xfe\xff"))) {
		buf_string(message, "UTF-16 (JSON is UTF-8)");
		return;
	}
	if (n == 0 || (unsigned char)*text.data < ' ') {
		buf_printf(message, "the byte 0x%02x", (unsigned char)*text.data);
		return;
	}
	buf_byte(message, '\'');
	text_safe(message, slice_of(text.data, n));
	buf_byte(message, '\'');
}
