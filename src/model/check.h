/*
 * check.h: the streaming checker: one pass over a response that checks it against the model and
 * writes its normal form, without a document tree.
 *
 * A response is read in units: one recipient, or one top-level member other than `recipients`. The
 * caller holds a window of the input that begins at or before the checker's position; a unit that
 * the window cuts is taken up again from its start when the caller comes with a longer window. So
 * any split of the input gives the same findings and the same output. Memory: one unit, the
 * top-level members, and an explicit stack of max_depth containers.
 *
 * What it accepts is exactly RFC 8259 in UTF-8 (RFC 3629).
 */
#ifndef MODEL_CHECK_H
#define MODEL_CHECK_H

#include "base/error.h"
#include "finding/set.h"
#include "model/model.h"

struct check;

struct check_limits {
	size_t max_record; /* bytes of a unit, and of all top-level members but recipients */
	uint32_t max_depth;
};

/* The bytes at hand. WINDOW_PAD zero bytes must be readable behind the last one. */
struct window {
	const char *data;
	size_t len;
	size_t at;        /* what stands before was taken; the caller may drop it */
	uint64_t offset;  /* of data[0] in the input */
	uint64_t line;    /* of data[0], from 1 */
	uint64_t line_start; /* offset in the input at which that line begins */
	bool last;        /* nothing comes after these bytes */
};

enum check_status {
	CHECK_MORE,      /* keep the window from .at, add to it, and call again */
	CHECK_RECIPIENT, /* one recipient was read: check_record() */
	CHECK_END,       /* the response was read to its end */
	CHECK_BROKEN,    /* it cannot be read further; the finding that says why was made */
	CHECK_FAILED     /* no memory */
};

/* `model`, `findings` and `severities` must outlive it. NULL: no memory. */
struct check *check_new(const struct model *model, const struct check_limits *limits,
			struct findings *findings);
void check_free(struct check *c);

/* A new response begins at the window's position with `{`. (The caller clears the findings.) */
void check_begin(struct check *c);
/* A value that is no response begins there: it is only checked to be JSON, as one unit. */
void check_begin_other(struct check *c);

/* Reads on. Never returns CHECK_MORE when window->last. */
enum check_status check_run(struct check *c, struct window *w);

/* After CHECK_RECIPIENT: the recipient's normal form, valid until the next check_run. */
struct record {
	struct slice text;     /* the whole object */
	struct slice reserved; /* the run of its members whose names begin with `_`, a part of text
				* without its commas before and after; empty if there are none */
};
const struct record *check_record(const struct check *c);
/* The value of one of its members (index in the model) in the normal form; empty: absent. */
struct slice check_recipient_value(const struct check *c, uint32_t member);

/*
 * After CHECK_RECIPIENT: several of its members at once: out[slot[m]] becomes the value of each of
 * its members that the model knows, m being its index in the model of a recipient. The others of
 * *out are left alone.
 */
void check_recipient_values(const struct check *c, const uint8_t *slot, struct slice *out);
/* Its number in the list, from 0. */
uint64_t check_recipient_index(const struct check *c);
/* Where the value of one of its members stands; if it is absent, where the recipient does. */
void check_recipient_place(struct check *c, uint32_t member, struct place *out);

/* After CHECK_END: the response without its recipients, in the normal form; else what of it was
 * read so far, unordered and not closed. Valid until the next check_begin. */
const struct record *check_response(const struct check *c);
/* The value of one of its top-level members; at any time after it was read. */
struct slice check_value(const struct check *c, uint32_t member);
/* Where the value of a top-level member that was read stands; if it is absent, where the response
 * does. */
struct place check_value_place(const struct check *c, uint32_t member);
/* How many recipients were read. */
uint64_t check_recipients(const struct check *c);
/* true after CHECK_END of a response, or of something else that begins like one. */
bool check_whole(const struct check *c);
/* After CHECK_BROKEN: false if what was read has nothing of a response. */
bool check_may_be_response(const struct check *c);
/* true if a finding was made (or turned off) that lets it not be a record. */
bool check_unfit(const struct check *c);

/* What the response is, by its top-level members: "" if it is a response, else what it is instead,
 * as the message of not-a-response says it. */
const char *check_is_not(const struct check *c);

/* --- single values, in the normal form --- */

/* Is a scalar of this type (a TYPE_ bit that the node accepts) among the values of enum or const,
 * or free? */
bool check_allows(const struct node *node, uint8_t type, struct slice text);
/* Is a member of this quoted name, where the model does not know it, a key or token that was saved
 * with the capture? */
bool check_secret(struct slice quoted);

#endif
