/*
 * differ.h: what differs between two objects in the normal form, without a tree.
 *
 * Members are compared by their names, whatever their order. Where both values are objects, what is
 * told is what differs inside; all other values, arrays too, are compared and told whole.
 */
#ifndef JSON_DIFFER_H
#define JSON_DIFFER_H

#include "base/error.h"
#include "base/slice.h"

/* Objects nested deeper, or at a longer path in bytes, are told whole: so no text can be made for
 * which the paths take much more room than the text itself. */
#define DIFFER_DEPTH 64
#define DIFFER_PATH 512

/*
 * A member that differs. `path`: the names that lead to it, unescaped, with dots between:
 * conversation_initiation_client_data.dynamic_variables.city. A name that is empty, or has a dot or
 * a quote in it, stands there as a JSON string, so that no two members have the same path. An empty
 * `old` or `new`: the member is not there. All are valid until it returns; what it returns non-zero
 * ends the comparison.
 */
typedef int differ_found(void *arg, struct slice path, struct slice old, struct slice new);

/*
 * Tells every member that differs: of one object those that both have or only `old` has, in its
 * order, then those only `new` has, in its order; what is inside an object stands in its place.
 * 0, what `found` returned, or -1 with ERROR_MEMORY, or ERROR_BUNDLE: not in the normal form.
 * Takes time in proportion to the length of both.
 */
int differ_objects(struct slice old, struct slice new, differ_found *found, void *arg,
		   struct error *e);

#endif
