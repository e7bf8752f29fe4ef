/*
 * http.h: HTTP header blocks before a body, as `curl -i` leaves them (RFC 9112 section 2).
 */
#ifndef INPUT_HTTP_H
#define INPUT_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

struct http_head {
	size_t len;      /* bytes of all blocks, with the empty lines that end them */
	unsigned status; /* of the last block, 0: none */
	bool has_date;
	int64_t date; /* Unix seconds, of the last block's Date */
	bool secret;  /* a header carried a key or a token */
};

enum http_status { HTTP_MORE, HTTP_HEAD, HTTP_BAD };

/*
 * Reads all blocks at the start of `text` (which begins with "HTTP/"); `last`: nothing comes
 * after it. HTTP_HEAD: *head was filled; text[head->len] begins the body. HTTP_MORE: the text
 * ends inside a head (or too early to know whether another block follows). HTTP_BAD: no head, or
 * one longer than LIMIT_HTTP_HEAD. Lines end with CRLF or LF.
 */
enum http_status http_read(struct slice text, bool last, struct http_head *head);

/*
 * Appends the lines of a head as a JSON array of strings (without line ends; bytes that are not
 * UTF-8 as U+FFFD), in which the values of secret headers (authorization, proxy-authorization,
 * cookie, set-cookie, x-api-key, xi-api-key, api-key) are replaced by "<removed>". The empty
 * lines between blocks are left out.
 */
void http_lines(struct slice head, struct buf *out);

#endif
