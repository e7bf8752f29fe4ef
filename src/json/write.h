/*
 * write.h: text as a JSON string.
 */
#ifndef JSON_WRITE_H
#define JSON_WRITE_H

#include "base/buf.h"

/*
 * Appends a string with its quotes. Only `"`, `\` and control characters below 0x20 are escaped,
 * each in its shortest way (\n, else \u001f with lower-case digits). Every byte that is not part
 * of a UTF-8 character becomes U+FFFD, so that the result is always JSON.
 */
void json_write_string(struct buf *out, struct slice utf8);

/* Appends ,"name": for a member that is not an object's first; the name needs no escapes. */
void json_write_name(struct buf *out, const char *name);

#endif
