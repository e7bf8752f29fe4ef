/*
 * number.h: JSON numbers as text (RFC 8259 section 6), of any length, never as floating point.
 */
#ifndef JSON_NUMBER_H
#define JSON_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* Integers that take more digits than this stay as they were captured. */
#define NUMBER_DIGITS_MOST 64

/* true if the text is one JSON number and nothing else. */
bool number_valid(struct slice text);

/* For valid numbers only: */

/* true if the value is an integer, however it is spelled: 1.0, 1e2, 10e-1. */
bool number_is_integer(struct slice text);

/* Appends the value as a plain decimal integer ("-0" is "0"). Returns false, and appends nothing,
 * if it is no integer or would take more than NUMBER_DIGITS_MOST digits. */
bool number_integer(struct slice text, struct buf *out);

/* Compares two values exactly: -1, 0 or 1. Exponents beyond 10^17 are taken as 10^17. */
int number_compare(struct slice a, struct slice b);

/* The value as an int64_t; -1 if it is no integer or does not fit. */
int number_int64(struct slice text, int64_t *out);

#endif
