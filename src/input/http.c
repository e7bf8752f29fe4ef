/*
 * http.c: HTTP header blocks before a body, as `curl -i` leaves them.
 * A head is status line, header lines and an empty line, as often as "HTTP/" follows at once.
 * It must never take more than LIMIT_HTTP_HEAD bytes for a head, nor copy a secret.
 */
#include "input/http.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"

#define HTTP_START SLICE("HTTP/")

static const char *const secret_headers[] = {
	"authorization", "proxy-authorization", "cookie",  "set-cookie",
	"x-api-key",     "xi-api-key",          "api-key",
};

/* --- lines --- */

/* Takes the first line, without its end, off the text; false: it has no end. */
static bool next_line(struct slice *text, struct slice *line)
{
	const char *end = text->len == 0 ? NULL : memchr(text->data, '\n', text->len);
	size_t len;

	if (end == NULL)
		return false;
	len = (size_t)(end - text->data);
	*line = slice_of(text->data, len);
	if (len > 0 && line->data[len - 1] == '\r')
		line->len--;
	*text = slice_of(end + 1, text->len - len - 1);
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* HTTP/1.1 200 OK; HTTP/2 200. 0 or -1. */
static int read_status(struct slice line, unsigned *status)
{
	size_t i = HTTP_START.len;

	if (!slice_starts(line, HTTP_START) || i == line.len || !is_digit(line.data[i]))
		return -1;
	while (i < line.len && (is_digit(line.data[i]) || line.data[i] == '.'))
		i++;
	if (line.len - i < 4 || line.data[i] != ' ')
		return -1;
	*status = 0;
	for (size_t end = i++ + 4; i < end; i++) {
		if (!is_digit(line.data[i]))
			return -1;
		*status = *status * 10 + (unsigned)(line.data[i] - '0');
	}
	return i == line.len || line.data[i] == ' ' ? 0 : -1;
}

/* A character of a field name (RFC 9110 section 5.6.2). */
static bool is_token(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* The length of the field name before the colon, or 0: not a header line. */
static size_t name_length(struct slice line)
{
	size_t i = 0;

	while (i < line.len && is_token(line.data[i]))
		i++;
	return i < line.len && line.data[i] == ':' ? i : 0;
}

static bool is_named(struct slice line, size_t len, const char *name)
{
	return len == strlen(name) && strncasecmp(line.data, name, len) == 0;
}

static bool is_secret(struct slice line, size_t name_len)
{
	for (size_t i = 0; i < sizeof(secret_headers) / sizeof(secret_headers[0]); i++)
		if (is_named(line, name_len, secret_headers[i]))
			return true;
	return false;
}

/* A line that goes on with the one before it (RFC 9112 section 5.2, obsolete). */
static bool is_folded(struct slice line)
{
	return line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t');
}

static bool is_control(unsigned char c)
{
	return (c < 0x20 && c != '\t') || c == 0x7f;
}

static struct slice trim(struct slice s)
{
	while (s.len > 0 && (s.data[0] == ' ' || s.data[0] == '\t'))
		s = slice_of(s.data + 1, s.len - 1);
	while (s.len > 0 && (s.data[s.len - 1] == ' ' || s.data[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* --- reading --- */

static int read_header(struct slice line, struct http_head *head)
{
	size_t len = name_length(line);

	for (size_t i = 0; i < line.len; i++)
		if (is_control((unsigned char)line.data[i]))
			return -1;
	if (is_folded(line))
		return 0;
	if (len == 0)
		return -1;
	if (is_secret(line, len))
		head->secret = true;
	if (is_named(line, len, "date")) {
		struct slice value = slice_of(line.data + len + 1, line.len - len - 1);
		head->has_date = text_parse_http_date(trim(value), &head->date) == 0;
	}
	return 0;
}

/* Takes one block off the text. */
static enum http_status read_block(struct slice *text, struct http_head *head)
{
	struct slice line;

	if (!next_line(text, &line))
		return HTTP_MORE;
	head->has_date = false;
	head->date = 0;
	if (read_status(line, &head->status) != 0)
		return HTTP_BAD;
	while (next_line(text, &line)) {
		if (line.len == 0)
			return HTTP_HEAD;
		if (read_header(line, head) != 0)
			return HTTP_BAD;
	}
	return HTTP_MORE;
}

/* true if the text, or what may follow it, begins with "HTTP/". */
static bool may_begin(struct slice text, bool last)
{
	if (text.len < HTTP_START.len)
		return !last && slice_starts(HTTP_START, text);
	return slice_starts(text, HTTP_START);
}

enum http_status http_read(struct slice text, bool last, struct http_head *head)
{
	struct slice rest = text;
	enum http_status status;

	*head = (struct http_head){.len = 0};
	if (text.len > LIMIT_HTTP_HEAD) {
		rest.len = LIMIT_HTTP_HEAD;
		last = true;
	}
	do {
		status = rest.len < HTTP_START.len && !last ? HTTP_MORE : read_block(&rest, head);
		if (status == HTTP_MORE)
			return last ? HTTP_BAD : HTTP_MORE;
		if (status == HTTP_BAD)
			return HTTP_BAD;
		head->len = (size_t)(rest.data - text.data);
	} while (may_begin(rest, last));
	return HTTP_HEAD;
}

/* --- writing --- */

static void put_string(struct buf *out, struct slice s)
{
	static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

	while (s.len > 0) {
		unsigned char c = (unsigned char)s.data[0];
		unsigned len = utf8_length(s.data, s.len);

		if (len == 0)
			buf_string(out, replacement);
		else if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if (c < 0x20)
			buf_printf(out, "\\u%04x", c);
		else
			buf_append(out, s.data, len);
		len += len == 0;
		s = slice_of(s.data + len, s.len - len);
	}
}

void http_lines(struct slice head, struct buf *out)
{
	bool first = true, secret = false;
	struct slice line;

	buf_byte(out, '[');
	while (next_line(&head, &line)) {
		size_t len = name_length(line);

		if (line.len == 0)
			continue; /* the next block begins with its status line */
		if (!is_folded(line))
			secret = len > 0 && is_secret(line, len);
		buf_string(out, first ? "\"" : ",\"");
		if (!secret)
			put_string(out, line);
		else if (len > 0 && !is_folded(line))
			put_string(out, slice_of(line.data, len + 1));
		if (secret)
			buf_string(out, is_folded(line) ? "<removed>" : " <removed>");
		buf_byte(out, '"');
		first = false;
	}
	buf_byte(out, ']');
}
