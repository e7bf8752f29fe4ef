/*
 * keyword.h: keywords that callroll knows and does not read.
 */
#ifndef MODEL_KEYWORD_H
#define MODEL_KEYWORD_H

#include <stdbool.h>

/* It cannot make a value invalid: an annotation, or a place for definitions. */
bool keyword_ignored(const char *name);

/* It can. Told apart from unknown ones only for the message. */
bool keyword_unsupported(const char *name);

#endif
