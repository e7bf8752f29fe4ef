/*
 * audit_across.h: the contradictions across the captures of each batch, for a report.
 */
#ifndef COMMANDS_AUDIT_ACROSS_H
#define COMMANDS_AUDIT_ACROSS_H

#include "audit/outcomes.h"
#include "commands/evidence.h"

/* Adds them to the outcomes, of which all bundles were read. What cannot be read is told to the
 * shelf, and all else is compared. 0; -1: no memory, or a signal came. */
int audit_across(const struct evidence *v, struct outcomes *o, struct error *e);

#endif
