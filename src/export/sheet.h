/*
 * sheet.h: an export as CSV: a row for each recipient.
 */
#ifndef EXPORT_SHEET_H
#define EXPORT_SHEET_H

#include "export/roll.h"
#include "export/target.h"

/* Goes through the roll twice, first for the names of dynamic variables. *rows: how many were
 * written. 0 or -1. */
int sheet_export(const struct roll *r, const struct target *t, uint64_t *rows, struct error *e);

#endif
