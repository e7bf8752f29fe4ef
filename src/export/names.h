/*
 * names.h: the names of dynamic variables, each once: the columns of a table. They are numbered as
 * they come, and get columns in byte order of what they stand for at the end.
 */
#ifndef EXPORT_NAMES_H
#define EXPORT_NAMES_H

#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

/* As many columns as spreadsheets have, and the memory that all names may take. */
#define NAMES_MOST 16384
#define NAMES_BYTES ((size_t)16 << 20)

#define NAMES_NONE UINT32_MAX

struct names;

struct names *names_new(void); /* NULL: no memory */
void names_free(struct names *n); /* NULL is fine */

/* The number of a name in the normal form, with quotes; a new one gets the next number. `guess`:
 * which one it may be, for names often come in the same order. NAMES_NONE: no memory, or
 * ERROR_LIMIT: there are too many. */
uint32_t names_add(struct names *n, struct slice name, uint32_t guess, struct error *e);
/* The same without adding; NAMES_NONE: there is no such name. */
uint32_t names_find(const struct names *n, struct slice name, uint32_t guess);
uint32_t names_count(const struct names *n);

/* After the last names_add: gives them columns. 0 or -1: no memory, or a name is no string. */
int names_sort(struct names *n, struct error *e);
/* From 0, by number. */
uint32_t names_column(const struct names *n, uint32_t number);
/* What the name of a column stands for, and its number. */
struct slice names_plain(const struct names *n, uint32_t column);
uint32_t names_number(const struct names *n, uint32_t column);

#endif
