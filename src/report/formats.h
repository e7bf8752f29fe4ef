/*
 * formats.h: reports as bytes. A format is a file and a function here, and a row in the command's
 * table.
 */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include "base/buf.h"
#include "report/report.h"

/* Each appends the whole report. 0 or -1: no memory. */
int report_json(const struct report *r, struct buf *out);
/* `spreadsheet`: nothing that one would take for a formula. */
int report_csv(const struct report *r, bool spreadsheet, struct buf *out);

/* For people. `width`: columns of the terminal, 0: it goes to a file or a pipe; `blocks`: it can
 * show block elements of Unicode. */
int report_text(const struct report *r, unsigned width, bool blocks, struct buf *out);

#endif
