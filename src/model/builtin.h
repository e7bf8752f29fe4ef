/*
 * builtin.h: model/batch-call.schema.json, made into C by build-aux/embed.sh.
 */
#ifndef MODEL_BUILTIN_H
#define MODEL_BUILTIN_H

#include <stddef.h>

extern const char model_builtin[];      /* the bytes of the file, and a NUL */
extern const size_t model_builtin_size; /* without the NUL */

#endif
