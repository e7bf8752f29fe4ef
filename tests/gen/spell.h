/*
 * spell.h: values written as JSON, in one of many ways.
 */
#ifndef GEN_SPELL_H
#define GEN_SPELL_H

#include <stdio.h>

#include "gen/value.h"

enum style {
	STYLE_COMPACT,  /* as the API sends it; members in the order they were made */
	STYLE_PRETTY,   /* indented by two */
	STYLE_ASCII,    /* compact, \u for all that is not ASCII, as many programs write */
	STYLE_ESCAPED,  /* \u for all that is not ASCII and some that is; integers as 1.0, 1e0 */
	STYLE_SHUFFLED, /* all of it at once: members in any order, any white space */
	STYLE_COUNT
};

struct spell {
	FILE *out;
	enum style style;
	struct random random; /* of the spelling, never of the values */
	unsigned depth;
};

/* STYLE_COUNT: there is no such style. */
enum style spell_style(const char *name);
void spell_value(struct spell *s, const struct value *v);

#endif
