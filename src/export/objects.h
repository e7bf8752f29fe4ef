/*
 * objects.h: an export as NDJSON: an object for each recipient.
 */
#ifndef EXPORT_OBJECTS_H
#define EXPORT_OBJECTS_H

#include "export/roll.h"
#include "export/target.h"

/* *rows: how many were written. 0 or -1. */
int objects_export(const struct roll *r, const struct target *t, uint64_t *rows, struct error *e);

#endif
