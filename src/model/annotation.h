/*
 * annotation.h: callroll's own annotations, x-callroll-severity, -basis, -key and -personal.
 */
#ifndef MODEL_ANNOTATION_H
#define MODEL_ANNOTATION_H

#include "model/part.h"

/* Reads one whose name begins with "x-callroll-". 0 or -1. */
int annotation_read(const struct document *d, struct part *p, const char *name, const json_t *value,
		    struct error *e);

/* What the outer schema says goes before what p says itself. */
void annotation_inherit(struct notes *notes, const struct notes *outer);

#endif
