/*
 * text_width.h: how many columns of a terminal text takes: wide characters (East Asian, emoji) two,
 * combining marks and those without a width none, what an emoji joins two in all.
 * Texts are as text_safe leaves them; a byte that is not UTF-8 counts one.
 */
#ifndef BASE_TEXT_WIDTH_H
#define BASE_TEXT_WIDTH_H

#include "base/buf.h"
#include "base/slice.h"

size_t text_width(struct slice s);
/* The bytes of its longest beginning that is at most so wide; nothing that is shown as one is cut
 * apart. */
size_t text_width_cut(struct slice s, size_t most);
/* Where its longest end begins that is at most so wide. */
size_t text_width_cut_end(struct slice s, size_t most);

/* Appends lines, each that is wider than `width` folded at spaces, what follows indented by two. A
 * word that is wider stays whole. `width` 0: any. */
void text_width_fold(struct buf *out, struct slice lines, size_t width);

#endif
