/*
 * output.h: what the commands that write a bundle have in common.
 */
#ifndef COMMANDS_OUTPUT_H
#define COMMANDS_OUTPUT_H

#include <stdint.h>

#include "bundle/writer.h"
#include "commands/terminal.h"
#include "model/model.h"

/* May the file be written? Only a bundle is ever replaced, and only by --force. */
int output_check(const struct options *o, struct error *e);

/* The same for a file that is no bundle (o->output, not "-"): it replaces no file but by --force,
 * and never a bundle, not even a damaged one, nor any of these: the arguments, --expect, --model,
 * what standard input is read from, and, if `folders`, what lies in folders among the arguments. */
int output_check_other(const struct options *o, char **args, int count, bool folders,
		       struct error *e);

/* SOURCE_DATE_EPOCH, the time that all entries carry; `otherwise` if it is not set. */
int output_date(int64_t otherwise, int64_t *out, struct error *e);

/* callroll.json: what made this bundle, up to and with `"options": `. The value of that, and the
 * closing brace, are the caller's. */
void output_about(const struct model *model, struct buf *out);

/* "sealed      PATH   SIZE -> SIZE (RATIO:1)" and, to end with, the seal. */
void output_sealed(const char *path, uint64_t before, const struct writer_totals *t,
		   struct buf *out);
void output_seal(const struct writer_totals *t, struct buf *out);

#endif
