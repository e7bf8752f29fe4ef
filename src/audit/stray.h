/*
 * stray.h: what of a stored line the model does not document: members that it does not know, values
 * that an enum does not list, types that it does not accept.
 */
#ifndef AUDIT_STRAY_H
#define AUDIT_STRAY_H

#include "model/node.h"
#include "model/widen.h"

struct stray {
	enum widen_kind kind;
	uint8_t type;       /* of the value, a TYPE_ bit */
	struct slice name;  /* of a member that is not known, quoted; else empty */
	struct slice value; /* in the normal form */
	bool personal;      /* the value is personal data, or data under a name that is data */
};

struct stray_walk;

struct stray_walk *stray_new(void); /* NULL: no memory */
void stray_free(struct stray_walk *w);

/*
 * Calls `each` with whatever is not documented in the captured members of a response or recipient
 * line, whose schema is `node`, until it returns not 0, which is then the result. What is inside of
 * something not documented is not looked at, nor are keys and tokens saved with a capture
 * (rule secret). -1 also if the line is not of the form: ERROR_BUNDLE.
 */
typedef int stray_each(void *arg, const struct stray *s, struct error *e);
int stray_find(struct stray_walk *w, const struct node *node, struct slice line, stray_each *each,
	       void *arg, struct error *e);

/* From `each` alone: where the stray value stands, from the line's object on: as a way (widen.h),
 * as a pointer in which elements and names that are data are `*`, and as it is. Appended. */
void stray_path(const struct stray_walk *w, const struct stray *s, struct buf *out);
void stray_shape(const struct stray_walk *w, const struct stray *s, struct buf *out);
void stray_pointer(const struct stray_walk *w, const struct stray *s, struct buf *out);

#endif
