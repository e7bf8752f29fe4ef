/*
 * veil.c: the key of --redact. It is in memory as long as it is needed, and never printed.
 */
#include "commands/veil.h"

#include <string.h>

#include "base/pseudonym.h"
#include "commands/terminal.h"

int veil_key(const struct options *o, struct buf *key, struct error *e)
{
	bool open = false;

	buf_clear(key);
	if (o->redact == NULL)
		return 0;
	if (pseudonym_read_key(o->redact, key, &open, e) != 0) {
		veil_forget(key);
		return -1;
	}
	if (open)
		terminal_say(o,
			     "callroll: %s: others may read this key, and whoever has it can "
			     "test guesses; chmod 600 keeps it to its owner",
			     o->redact);
	return 0;
}

void veil_forget(struct buf *key)
{
	if (key->data != NULL)
		explicit_bzero(key->data, key->cap);
	buf_free(key);
}

int veil_open(const struct options *o, struct redact **out, struct error *e)
{
	struct buf key = BUF_INIT;
	int status = veil_key(o, &key, e);

	*out = NULL;
	if (status == 0 && key.len > 0) {
		*out = redact_new(buf_view(&key), e);
		status = *out == NULL ? -1 : 0;
	}
	veil_forget(&key);
	return status;
}

int veil_value(const struct options *o, struct slice value, struct error *e)
{
	if (o->redact == NULL || !pseudonym_like(value))
		return 0;
	return error_set(e, ERROR_USAGE,
			 "a pseudonym leads back to nothing: look up the value "
			 "itself, and its pseudonym is printed");
}
