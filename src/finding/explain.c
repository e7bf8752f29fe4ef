/*
 * explain.c: what `callroll explain` says, made from finding.def.
 * Lines have at most 80 columns as long as finding.def keeps to what its head says.
 * Must never say anything about a rule that finding.def does not hold.
 */
#include "finding/explain.h"

void explain_all(struct buf *out)
{
	for (enum rule r = 0; r < RULE_COUNT; r++) {
		const struct rule_info *info = rule_info(r);
		buf_printf(out, "%-22s  %-7s  %s\n", info->name, severity_name(info->severity),
			   info->summary);
	}
}

void explain_rule(struct buf *out, enum rule rule)
{
	const struct rule_info *info = rule_info(rule);

	buf_printf(out, "%s (%s): %s\n\n%s", info->name, severity_name(info->severity),
		   info->summary, info->explanation);
	if (info->unfit)
		buf_string(out, "\nSuch a response cannot become a record: callroll archive sets it"
				" aside,\nbyte for byte. -W does not change that.\n");
	buf_printf(out, "\nTo change its severity: -W %s=error, warning, info or off.\n",
		   info->name);
}
