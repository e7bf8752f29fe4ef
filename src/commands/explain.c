/*
 * explain.c: what a rule means, where the model makes it hold and what that rests on, and the
 * catalogue of all rules.
 */
#include "base/text.h"
#include "commands/terminal.h"
#include "finding/explain.h"
#include "model/places.h"

struct explain {
	struct buf out;
	bool any;
};

static bool put_place(void *arg, const struct model_place *place)
{
	struct explain *x = arg;

	if (!x->any)
		buf_string(&x->out,
			   "\nWhere the model has it, how severe it is there, and what that "
			   "rests on:\n\n");
	x->any = true;
	buf_printf(&x->out, "    %-8s %-11s ", severity_name(place->severity),
		   basis_name(place->basis));
	text_safe(&x->out, place->shape.len > 0 ? place->shape : SLICE("(the response)"));
	buf_byte(&x->out, '\n');
	return true;
}

static int put_rule(struct explain *x, const struct model *m, const char *name, struct error *e)
{
	enum rule rule = rule_parse(slice_string(name));

	if (rule == RULE_COUNT)
		return error_set(e, ERROR_USAGE,
				 "there is no rule '%s'; `callroll explain` lists them", name);
	explain_rule(&x->out, rule);
	x->any = false;
	return model_places(m, rule, put_place, x) != 0 ? error_memory(e) : 0;
}

enum status command_explain(const struct options *o, char **args, int count)
{
	struct error e = {0};
	struct explain x = {0};
	struct model *m = model_load(o->model, &e);
	enum status status = STATUS_OK;

	if (m == NULL)
		return terminal_error(&e);
	if (count == 0)
		explain_all(&x.out);
	for (int i = 0; i < count && e.kind == ERROR_NONE; i++) {
		if (i > 0)
			buf_byte(&x.out, '\n');
		put_rule(&x, m, args[i], &e);
	}
	if (x.out.failed)
		error_memory(&e);
	terminal_out(buf_view(&x.out));
	if (e.kind != ERROR_NONE)
		status = terminal_error(&e);
	buf_free(&x.out);
	model_free(m);
	return status;
}
