/*
 * model.c: the model, as JSON Schema: the text that responses are checked against and bundles
 * carry.
 */
#include "commands/terminal.h"
#include "model/model.h"

enum status command_model(const struct options *o, char **args, int count)
{
	struct error e = {0};
	struct model *m = model_load(o->model, &e);
	struct slice text;

	(void)args;
	(void)count;
	if (m == NULL)
		return terminal_error(&e);
	text = model_text(m);
	terminal_out(text);
	if (text.len > 0 && text.data[text.len - 1] != '\n')
		terminal_out(SLICE("\n"));
	model_free(m);
	return STATUS_OK;
}
