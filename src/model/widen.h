/*
 * widen.h: a model's document made to accept more than it does, as a merge patch: a JSON document
 * of what is new, which `jq -s '.[0] * .[1]'` and RFC 7396 put into the model alike. Nothing is
 * taken away by it, so it holds no null as a member's value.
 *
 * A schema under $defs that is used at several places is copied, and the copy changed, so that the
 * other places keep what they have. (One that a $ref finds in the middle of another schema is
 * changed for both.)
 */
#ifndef MODEL_WIDEN_H
#define MODEL_WIDEN_H

#include "base/buf.h"
#include "base/error.h"

enum widen_kind {
	WIDEN_MEMBER, /* a member that is not known */
	WIDEN_VALUE,  /* a value that enum does not list */
	WIDEN_TYPE    /* types that are not accepted */
};

/*
 * A way from the root into a schema is text: for each step a slash and `m` with the name of a
 * member that the model lists, written as in a JSON Pointer; `d`: a member whose name is data;
 * `e`: an element. /mrecipients/e/mstatus
 */
void widen_path_member(struct buf *path, struct slice name);
#define WIDEN_DATA "/d"
#define WIDEN_ELEMENT "/e"

/* The next step of a way: 'm', with its name appended to *name, 'd', 'e'; 0: the end. */
char widen_path_next(struct slice *path, struct buf *name);

struct widen_want {
	enum widen_kind kind;
	struct slice path;  /* of a member, with its name as the last step */
	struct slice value; /* of a value: in the normal form */
	uint8_t types;      /* those seen, TYPE_ bits; of a value: its own */
};

/*
 * Appends the patch for `text`, the document of a model that compiles, `{}` if there is nothing to
 * change; and to *whole the document with it. What cannot be accepted by a merge (a const, a name
 * or value that holds U+0000) is left as it is: whoever asks compiles *whole and looks. 0 or -1.
 */
int widen_document(struct slice text, const struct widen_want *wants, size_t count,
		   struct buf *patch, struct buf *whole, struct error *e);

#endif
