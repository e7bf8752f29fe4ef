/*
 * finding.h: what a finding is. A finding says that one place of one response departs from the
 * model; its rule says in which way (callroll-findings(7)).
 */
#ifndef FINDING_FINDING_H
#define FINDING_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* Ordered: a greater one is worse. */
enum severity { SEVERITY_OFF, SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

enum rule {
#define RULE(id, name, severity, unfit, summary, explanation) RULE_##id,
#include "finding/finding.def"
#undef RULE
	RULE_COUNT
};

/* What a rule of the model rests on (x-callroll-basis). */
enum basis { BASIS_NONE, BASIS_DOCUMENTED, BASIS_EXAMPLE, BASIS_OBSERVED };

struct rule_info {
	const char *name; /* as in [rule], -W and explain */
	enum severity severity;
	bool unfit;
	const char *summary;     /* one line */
	const char *explanation; /* some paragraphs: what it means, an example, what to do */
};

const struct rule_info *rule_info(enum rule rule);
/* An audit rule: each value is valid, together they cannot be right. */
bool rule_is_audit(enum rule rule);
/* By name; RULE_COUNT: there is none. */
enum rule rule_parse(struct slice name);

const char *severity_name(enum severity s); /* "off" "info" "warning" "error" */
/* 0 or -1. */
int severity_parse(struct slice name, enum severity *out);

const char *basis_name(enum basis b); /* "documented" ..., "" for none */
int basis_parse(struct slice name, enum basis *out);

/* Where a finding stands, in the decompressed input. */
struct place {
	uint64_t offset; /* bytes, from 0 */
	uint64_t line;   /* from 1 */
	uint64_t column; /* bytes, from 1 */
};

/* -W and --strict: what the user made of the severities. */
struct severities {
	bool set[RULE_COUNT];
	enum severity as[RULE_COUNT];
	bool strict; /* every warning is an error */
};

/* The severity of a rule whose own (by default or by the model) is `own`. */
enum severity severity_of(const struct severities *s, enum rule rule, enum severity own);

struct finding {
	enum rule rule;
	enum severity severity;
	enum basis basis;
	struct place place;
	struct slice pointer; /* RFC 6901, relative to the response */
	struct slice message; /* UTF-8; values from the input already made safe and short */
	uint32_t group;
};

#endif
