/*
 * finding.c: the tables behind rules, severities and bases.
 * Every table is constant and in the order of its enum.
 * Must never know what a rule looks at: that is its checker's business.
 */
#include "finding/finding.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct rule_info rules[RULE_COUNT] = {
#define RULE(id, name, severity, unfit, summary, explanation)                                      \
	[RULE_##id] = {name, severity, unfit, summary, explanation},
#include "finding/finding.def"
#undef RULE
};

static const char *const severities[] = {
	[SEVERITY_OFF] = "off",
	[SEVERITY_INFO] = "info",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_ERROR] = "error",
};

static const char *const bases[] = {
	[BASIS_NONE] = "",
	[BASIS_DOCUMENTED] = "documented",
	[BASIS_EXAMPLE] = "example",
	[BASIS_OBSERVED] = "observed",
};

/* The index of `name` in a table of names from `first` on, or `count`. */
static size_t find(const char *const *names, size_t first, size_t count, struct slice name)
{
	size_t i = first;
	while (i < count && !slice_equal(name, slice_string(names[i])))
		i++;
	return i;
}

const struct rule_info *rule_info(enum rule rule)
{
	return &rules[rule];
}

bool rule_is_audit(enum rule rule)
{
	return rule >= RULE_count_mismatch;
}

enum rule rule_parse(struct slice name)
{
	size_t i = 0;
	while (i < RULE_COUNT && !slice_equal(name, slice_string(rules[i].name)))
		i++;
	return (enum rule)i;
}

const char *severity_name(enum severity s)
{
	return severities[s];
}

int severity_parse(struct slice name, enum severity *out)
{
	size_t i = find(severities, 0, COUNT(severities), name);
	if (i == COUNT(severities))
		return -1;
	*out = (enum severity)i;
	return 0;
}

const char *basis_name(enum basis b)
{
	return bases[b];
}

int basis_parse(struct slice name, enum basis *out)
{
	/* "" is how no basis is shown, not a name that a model may give. */
	size_t i = find(bases, 1, COUNT(bases), name);
	if (i == COUNT(bases))
		return -1;
	*out = (enum basis)i;
	return 0;
}

enum severity severity_of(const struct severities *s, enum rule rule, enum severity own)
{
	enum severity as = s->set[rule] ? s->as[rule] : own;
	return s->strict && as == SEVERITY_WARNING ? SEVERITY_ERROR : as;
}
