/*
 * calling.h: the country codes of telephone numbers (ITU-T E.164, assigned codes).
 */
#ifndef BASE_CALLING_H
#define BASE_CALLING_H

#include "base/slice.h"

/* How many of the digits (and nothing else) of a number are its country code; 0: it has none that
 * is assigned. */
size_t calling_code(struct slice digits);

#endif
