/*
 * error.c: the first failure and its words.
 * A filled error is never changed; text always ends with a NUL.
 * It must never print, allocate, or change errno.
 */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CUT "..."

int error_set(struct error *e, enum error_kind kind, const char *format, ...)
{
	int saved = errno;
	va_list args;

	if (e->kind != ERROR_NONE)
		return -1;
	e->kind = kind;
	va_start(args, format);
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	errno = saved;
	return -1;
}

/* Appends ": " and `reason`; a long text (a long path) is cut, so that the reason is there. */
static void append_reason(struct error *e, const char *reason)
{
	size_t tail = strlen(reason) + 2;
	size_t len = strlen(e->text);
	size_t room = sizeof(e->text) - 1;

	if (tail > room / 2)
		return;
	if (len > room - tail) {
		len = room - tail;
		memcpy(e->text + len - strlen(CUT), CUT, strlen(CUT));
	}
	snprintf(e->text + len, sizeof(e->text) - len, ": %s", reason);
}

int error_errno(struct error *e, const char *format, ...)
{
	int saved = errno;
	char words[128];
	va_list args;

	if (e->kind != ERROR_NONE)
		return -1;
	e->kind = saved == ENOMEM ? ERROR_MEMORY : ERROR_IO;
	va_start(args, format);
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	append_reason(e, strerror_r(saved, words, sizeof(words)));
	errno = saved;
	return -1;
}

int error_memory(struct error *e)
{
	return error_set(e, ERROR_MEMORY, "no memory");
}
