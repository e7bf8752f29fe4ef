/*
 * pointer.h: JSON Pointers (RFC 6901).
 */
#ifndef JSON_POINTER_H
#define JSON_POINTER_H

#include "base/buf.h"

/* Appends "/" and one reference token, in which ~ is written ~0 and / is written ~1. */
void json_pointer_append(struct buf *out, struct slice token);

#endif
