#include "audit/formats.h"
int report_text(const struct report *r, unsigned width, bool blocks, struct buf *out){(void)width;(void)blocks;return report_json(r,out);}
