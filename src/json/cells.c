/*
 * cells.c: the cells of a CSV.
 * Most values are copied as they stand; a table says of each byte whether it needs a closer look.
 * A row must never hold a NUL, or a comma or line end that is not between quotation marks.
 */
#include "json/cells.h"

#include "base/text.h"
#include "json/members.h"
#include "json/write.h"

/* Bytes of a string in the normal form that do not simply stand in a cell. */
static const bool special[256] = {['\\'] = true, [','] = true};

void cells_free(struct cells *c)
{
	buf_free(&c->out);
	buf_free(&c->plain);
	buf_free(&c->json);
}

bool cells_failed(const struct cells *c)
{
	return c->out.failed || c->plain.failed || c->json.failed;
}

static void separate(struct cells *c)
{
	if (c->begun)
		buf_byte(&c->out, ',');
	c->begun = true;
}

/* --- a text --- */

static bool needs_quotes(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char b = text.data[i];

		if (b == ',' || b == '"' || b == '\r' || b == '\n')
			return true;
	}
	return text.len == 0;
}

static void put_quoted(struct cells *c, struct slice text, const char *before)
{
	const char *at = text.data, *end = text.data + text.len;

	buf_byte(&c->out, '"');
	buf_string(&c->out, before);
	while (at < end) {
		const char *quote = memchr(at, '"', (size_t)(end - at));
		const char *stop = quote != NULL ? quote + 1 : end;

		buf_append(&c->out, at, (size_t)(stop - at));
		if (quote != NULL)
			buf_byte(&c->out, '"');
		at = stop;
	}
	buf_byte(&c->out, '"');
}

/* Would a spreadsheet take it for a formula? */
static bool is_risky(struct slice text)
{
	return text.len > 0 && strchr("=+-@\t\r\n", text.data[0]) != NULL;
}

static void put(struct cells *c, struct slice text, bool risky)
{
	if (needs_quotes(text)) {
		put_quoted(c, text, risky ? "'" : "");
		return;
	}
	if (risky)
		buf_byte(&c->out, '\'');
	buf_slice(&c->out, text);
}

/* As a JSON string, or like one that has a NUL in it? */
static bool is_json(struct slice text)
{
	if (text.len == 0)
		return false;
	if (memchr(text.data, '\0', text.len) != NULL)
		return true;
	return text.len > 6 && text.data[0] == '"' && text.data[text.len - 1] == '"' &&
	       memmem(text.data, text.len, "\\u0000", 6) != NULL;
}

void cells_text(struct cells *c, struct slice text)
{
	separate(c);
	if (is_json(text)) {
		buf_clear(&c->json);
		json_write_string(&c->json, text);
		text = buf_view(&c->json);
	}
	if (c->people) {
		struct buf safe = BUF_INIT;

		text_safe(&safe, text);
		put(c, buf_view(&safe), c->spreadsheet && is_risky(text));
		buf_free(&safe);
		return;
	}
	put(c, text, c->spreadsheet && is_risky(text));
}

/* --- a value --- */

static bool is_simple(const struct cells *c, struct slice content)
{
	if (content.len == 0 || c->people || (c->spreadsheet && is_risky(content)))
		return false;
	for (size_t i = 0; i < content.len; i++)
		if (special[(unsigned char)content.data[i]])
			return false;
	return true;
}

static void put_string(struct cells *c, struct slice quoted)
{
	struct slice content = slice_of(quoted.data + 1, quoted.len - 2);

	if (is_simple(c, content)) {
		separate(c);
		buf_slice(&c->out, content);
		return;
	}
	buf_clear(&c->plain);
	if (!json_unescape(&c->plain, quoted))
		buf_slice(&c->plain, quoted); /* no callroll writes that */
	cells_text(c, buf_view(&c->plain));
}

void cells_value(struct cells *c, struct slice value)
{
	if (value.len >= 2 && value.data[0] == '"') {
		put_string(c, value);
		return;
	}
	separate(c);
	if (value.len == 0 || slice_equal(value, SLICE("null")))
		return;
	if (c->people) {
		buf_clear(&c->plain);
		text_safe(&c->plain, value);
		value = buf_view(&c->plain);
	}
	put(c, value, false); /* a number that begins with - is a number there too */
}

void cells_time(struct cells *c, struct slice value)
{
	separate(c);
	iso_put(&c->iso, value, &c->out);
}

void cells_made(struct cells *c, struct slice cells)
{
	separate(c);
	buf_slice(&c->out, cells);
}

void cells_end_row(struct cells *c)
{
	buf_string(&c->out, c->people ? "\n" : "\r\n");
	c->begun = false;
}
