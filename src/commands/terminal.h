/*
 * terminal.h: what commands print: the product on standard output, everything else on standard
 * error.
 */
#ifndef COMMANDS_TERMINAL_H
#define COMMANDS_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "commands/command.h"

/* Colour only on a terminal, and never with NO_COLOR. */
bool terminal_color(int fd);
/* Columns of the terminal at fd; 0: it is none. */
unsigned terminal_width(int fd);

/* Where a pipe changes the default of --format: NDJSON, or text for people? 0; -1: it is neither.
 */
int terminal_format(const struct options *o, bool *ndjson, struct error *e);

/* Writes to standard output; after a failure (a closed pipe too) nothing more is written and
 * terminal_finish says so. */
void terminal_out(struct slice bytes);
/* The same for JSON; on a terminal what it would obey is escaped. Pieces must not end inside a
 * character. */
void terminal_json(struct slice json);
/* Was standard output closed early? Then there is no use in going on. */
bool terminal_gone(void);
/* At the end: was everything written? Returns the worse of `status` and what went wrong. */
enum status terminal_finish(enum status status);

/* The exit status that an error stands for. */
enum status status_of(const struct error *e);
/* "callroll: ..." on standard error, control characters escaped: errors that stop some work; never
 * silenced. Returns status_of(e). */
enum status terminal_error(const struct error *e);
/* A line on standard error, unless quiet. */
void terminal_say(const struct options *o, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void terminal_say_bytes(const struct options *o, struct slice bytes);

/*
 * A progress line on standard error, if that is a terminal and not quiet; at most five times a
 * second. `total` bytes, 0: not known. The counters may be raised by any thread.
 */
struct progress;
struct progress *progress_start(const struct options *o, uint64_t total);
void progress_add(struct progress *p, uint64_t bytes, uint64_t responses);
/* Clears the line, so that something else can be printed; the next progress_add shows it again. */
void progress_clear(struct progress *p);
void progress_end(struct progress *p); /* NULL is fine */

#endif
