/*
 * stranger.h: what stands where a response could begin and is no JSON.
 */
#ifndef INPUT_STRANGER_H
#define INPUT_STRANGER_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/check.h"

/* How many bytes help to tell. */
#define STRANGER_LOOK 4096

/* Is it an HTML page, or (only as the `first` thing of an input) a CSV table? true: *what is the
 * words for it: an HTML page "502 Bad Gateway". */
bool stranger_page(const struct window *w, bool first, struct buf *what);

/* What is wrong with the byte at the window's position; `later`: responses came before it. */
void stranger_syntax(const struct window *w, bool later, struct buf *message);

#endif
