/*
 * list.h: the line that list prints for a batch, for other commands that answer with batches.
 */
#ifndef COMMANDS_LIST_H
#define COMMANDS_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct list;

/* NULL: no memory. */
struct list *list_new(bool ndjson);
void list_free(struct list *l); /* NULL is fine */
/* The newest response line of a batch with so many captures. `path`: of the bundle. */
void list_batch(struct list *l, const char *path, struct slice response, uint64_t captures);
/* Appends the lines, or the table; nothing if there was no batch. 0 or -1: no memory. */
int list_print(struct list *l, struct buf *out);

#endif
