/*
 * redact.h: personal values replaced by pseudonyms (pseudonym.h), in texts of the normal form and
 * in findings. What is personal is listed in callroll(1), REDACTION:
 *
 *   - what the built-in model marks with x-callroll-personal, and what is below it;
 *   - what it does not know, at any depth; an object or array of which it says nothing is one
 *     pseudonym as a whole, names and all;
 *   - values of a type that it does not accept where they stand;
 *   - a recipient's id that is not of the server's form (a word, _, 28 letters and digits);
 *   - what another model marks: it can make more personal, and never less.
 *
 * null and what is empty stay. Names of members stay, and what is not personal.
 */
#ifndef MODEL_REDACT_H
#define MODEL_REDACT_H

#include "base/buf.h"
#include "base/error.h"
#include "finding/set.h"
#include "model/model.h"

struct redact; /* for one thread at a time */

/* `key`: pseudonym_read_key's. NULL on failure. */
struct redact *redact_new(struct slice key, struct error *e);
void redact_free(struct redact *r); /* NULL is fine */

/* The marks of this model count too, from now on; NULL: only those of the built-in one. It must
 * outlive *r, or the next call. */
void redact_model(struct redact *r, const struct model *model);

enum redact_what {
	REDACT_RESPONSE,
	REDACT_RECIPIENT,
	REDACT_RESPONSE_LINE, /* with the envelope that it has in a bundle, which stays */
	REDACT_RECIPIENT_LINE
};

/* Appends an object of the normal form without what is personal: in the normal form but for
 * types. 0 or -1; ERROR_BUNDLE: it is none. */
int redact_object(struct redact *r, enum redact_what what, struct slice text, struct buf *out,
		  struct error *e);
/* Appends the value of one of its members; of an empty slice nothing. No memory: out->failed. */
void redact_member(struct redact *r, enum redact_what what, const char *name, struct slice value,
		   struct buf *out);

/* The pseudonym of a text that a person typed. */
void redact_text(struct redact *r, struct slice text, struct buf *out);

/* May this value (in the normal form) be shown where the pointer, from a response on, leads? */
bool redact_shows(struct redact *r, struct slice pointer, struct slice value);
/* Appends a scalar that stands there, or its pseudonym. */
void redact_value(struct redact *r, struct slice pointer, struct slice value, struct buf *out);
/* Appends a pointer, or the shape of one, without names that are data. true: there were none. */
bool redact_pointer(struct redact *r, struct slice pointer, struct buf *out);

/* --- redact_finding.c --- */

/* Appends the message of a finding there. Values that it quotes become their pseudonyms; those that
 * it does not quote whole are left out. */
void redact_message(struct redact *r, enum rule rule, struct slice pointer, struct slice message,
		    struct buf *out);
/* The same of a line that findings are stored as: its other members stay. 0 or -1; ERROR_BUNDLE. */
int redact_finding_line(struct redact *r, struct slice line, struct buf *out, struct error *e);
/* What findings_veil takes: *r must outlive the findings. */
struct findings_veil redact_veil(struct redact *r);

#endif
