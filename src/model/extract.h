/*
 * extract.h: a schema picked out of a larger document, as a document of its own.
 */
#ifndef MODEL_EXTRACT_H
#define MODEL_EXTRACT_H

#include "base/buf.h"
#include "model/document.h"

/*
 * Appends the picked schema with everything its $refs need under $defs, pretty printed. The
 * document must have been compiled: its $refs are known to lead somewhere. 0 or -1.
 */
int extract_text(struct document *d, struct buf *out, struct error *e);

#endif
