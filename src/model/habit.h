/*
 * habit.h: names that are data, as objects of one schema usually have them.
 *
 * Objects whose names the model does not know (dynamic variables) mostly have the same names in the
 * same order, one recipient after another. They are kept here in byte order, so that the one that
 * stands behind the newest name is expected and compared whole, and needs no comparison with the
 * newest one if it is there. What is kept changes how fast a name is read, and nothing else.
 */
#ifndef MODEL_HABIT_H
#define MODEL_HABIT_H

#include "base/slice.h"
#include "json/vector.h"

#define HABITS 8       /* schemas that have one; number 0 stands for all others, and is empty */
#define HABIT_NAMES 32 /* of each */

struct habit_name {
	struct spelling head; /* "name": */
	struct habit_name *next;
};

struct habit {
	struct habit_name none; /* the ring of names, which are in order, begins and ends here; its
				 * head is empty, which stands nowhere */
	struct habit_name lost; /* an object is here if it is not known what may come next: none */
	struct habit_name names[HABIT_NAMES];
	uint32_t count;
};

/* Forgets all names. */
void habit_clear(struct habit *h);
/*
 * An object has a name that is greater than all before; `last` is where it was in the ring.
 * `quoted` is the name in the normal form, with a colon behind it. Keeps it if there is room.
 * Returns where the object is now: all names from there on are greater than this one.
 */
struct habit_name *habit_learn(struct habit *h, struct habit_name *last, struct slice quoted);

#endif
