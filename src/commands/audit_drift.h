/*
 * audit_drift.h: `callroll audit --drift`: what captures hold and the model does not document, and
 * a patch of the model that accepts it.
 */
#ifndef COMMANDS_AUDIT_DRIFT_H
#define COMMANDS_AUDIT_DRIFT_H

#include "commands/shelf.h"
#include "model/redact.h"

struct audit_drift {
	struct shelf *shelf; /* the bundles */
	/* What people know a bundle as; empty: it holds captures that were given as files. */
	struct slice (*name)(const void *arg, size_t n);
	const void *arg;
	const struct model *model;
	struct redact *redact; /* NULL: values are shown unless the model calls them personal */
	const char *model_spec; /* as --model has it; NULL: the built-in one */
	bool json;
	unsigned width; /* of the terminal, 0: any */
};

/* Appends the text, which is safe for terminals, or the JSON, which is not. What could not be read
 * is said on standard error. */
enum status audit_drift(const struct audit_drift *a, struct buf *out);

#endif
