/*
 * explain.c: what a rule means, and the catalogue of all of them.
 */
#include "commands/terminal.h"
#include "finding/explain.h"

enum status command_explain(const struct options *o, char **args, int count)
{
	struct error e = {0};
	struct buf out = BUF_INIT;
	enum status status = STATUS_OK;

	(void)o;
	if (count == 0)
		explain_all(&out);
	for (int i = 0; i < count; i++) {
		enum rule rule = rule_parse(slice_string(args[i]));

		if (rule == RULE_COUNT) {
			error_set(&e, ERROR_USAGE,
				  "there is no rule '%s'; `callroll explain` lists them", args[i]);
			status = terminal_error(&e);
			break;
		}
		if (i > 0)
			buf_byte(&out, '\n');
		explain_rule(&out, rule);
	}
	terminal_out(buf_view(&out));
	buf_free(&out);
	return status;
}
