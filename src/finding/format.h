/*
 * format.h: the formats that findings are printed in. One file each; print.c has the table.
 */
#ifndef FINDING_FORMAT_H
#define FINDING_FORMAT_H

#include "finding/print.h"

/* text.c: one finding a line, as compilers do. */
void text_print(struct buf *out, const struct finding_source *source, const struct findings *f,
		bool color);

/* ndjson.c: one JSON object a line. */
void ndjson_print(struct buf *out, const struct finding_source *source, const struct findings *f,
		  bool color);

#endif
