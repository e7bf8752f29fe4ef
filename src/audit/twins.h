/*
 * twins.h: which texts of a response were there before: some tables of texts, each with the number
 * of the recipient that had it first.
 *
 * Of a text only a fingerprint of 63 bits is kept. Two different texts have the same one with a
 * probability of at most 2^-62 (and L / 2^107 more for texts of L bytes, beyond 256), however they
 * were made: the fingerprint is of a universal family under a secret key, drawn anew for each
 * struct twins. So in 10,000 texts some two are mistaken for equal once in 10^11 times.
 *
 * Memory: 20 bytes for each text of a table, for a moment 35 while one grows; a table starts with
 * as much room as the response before needed.
 */
#ifndef AUDIT_TWINS_H
#define AUDIT_TWINS_H

#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

struct twins;

#define TWINS_TABLES 3

struct twins *twins_new(struct error *e); /* NULL on failure */
void twins_free(struct twins *t);         /* NULL is fine */

/* All tables are empty again. */
void twins_clear(struct twins *t);

#define TWINS_NEW UINT64_MAX
#define TWINS_FAILED (UINT64_MAX - 1)

/* The fingerprint of a text that is to be added to a table: an odd number, or TWINS_FAILED: no
 * memory. The table's place for it is being fetched when this returns, so prints are best made some
 * time before they are added. */
uint64_t twins_print(struct twins *t, unsigned table, struct slice text);
/* Adds a text by its fingerprint, with a number of at most UINT32_MAX. The number with which it was
 * there already, TWINS_NEW, or TWINS_FAILED. */
uint64_t twins_add(struct twins *t, unsigned table, uint64_t print, uint64_t number);

#endif
