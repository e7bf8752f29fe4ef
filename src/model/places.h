/*
 * places.h: where a model makes a rule hold: for `callroll explain`.
 */
#ifndef MODEL_PLACES_H
#define MODEL_PLACES_H

#include "finding/finding.h"
#include "model/model.h"

/* One place: the shape of its pointer (array elements, and members whose names are data, are `*`).
 */
struct model_place {
	struct slice shape;
	enum severity severity;
	enum basis basis;
};

/*
 * Calls `each` for every place where the model makes the rule hold, in the order of the model,
 * until it returns false. A schema that holds itself is not entered again. Rules that no schema
 * states have no places. 0, or -1: no memory.
 */
typedef bool model_place_each(void *arg, const struct model_place *place);
int model_places(const struct model *m, enum rule rule, model_place_each *each, void *arg);

#endif
