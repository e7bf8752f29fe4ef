/*
 * where.h: conditions KEY=VALUE on a recipient, or on the response that it stands in
 * (batch.KEY=VALUE).
 *
 * KEY is a path of names with dots between them. Names may have dots themselves: the longest names
 * that lead somewhere count. dynamic_variables.NAME also stands for the one in
 * conversation_initiation_client_data. VALUE is the text of a string, number, true, false or null;
 * numbers are compared by value, phone numbers (by the bundle's model) by their digits.
 */
#ifndef COMMANDS_WHERE_H
#define COMMANDS_WHERE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "bundle/keyring.h"

struct condition {
	enum line_kind of;    /* LINES_RECIPIENTS or LINES_RESPONSES */
	struct slice key;     /* as typed */
	struct slice typed;   /* the value as typed */
	struct buf path;      /* as it stands in lines, without "batch." */
	struct buf long_path; /* where dynamic_variables may be instead; empty: nowhere else */
	struct buf quoted;    /* the value as a string in the normal form */
	struct buf digits;    /* its digits */
	struct buf needle;    /* what a line has that meets it, all of it if: */
	bool string;          /* only a string can be the value */
	bool number;          /* the value is one */
};

struct where {
	struct condition *list;
	size_t count;
};

/* `texts` must outlive *w. 0; -1 with ERROR_USAGE or ERROR_MEMORY. */
int where_make(struct where *w, const char *const *texts, size_t count, struct error *e);
void where_free(struct where *w);

/* Are there conditions on that kind of line? */
bool where_on(const struct where *w, enum line_kind lines);
/* The condition on a key, by its whole name; NULL: none. */
const struct condition *where_find(const struct where *w, struct slice key);
/* Does a line meet the conditions on its kind? `keys`: of the bundle's model; *scratch may say
 * failed. */
bool where_line(const struct where *w, const struct keyring *keys, struct slice line,
		struct buf *scratch);
/* The condition on recipients whose lines are found best by their bytes; NULL: none. */
const struct condition *where_rarest(const struct where *w, const struct keyring *keys);
/* The next place at which a line may meet it; NULL: there is none. No line that meets it is passed
 * over. */
const char *where_next(const struct condition *c, const char *at, const char *end);

#endif
