/*
 * needles.h: many texts and phone numbers, looked for in bytes at once.
 *
 * A text is found as its bytes stand there, or as JSON writes them (\u0041, \/), or with zero bytes
 * between them (UTF-16); not within a longer word, so that conv_1 is not found in conv_12. A phone
 * number is found by its digits, with up to NEEDLES_GAP bytes between two of them that people put
 * there (blanks, - . / ( ) and whatever is not ASCII); not within a longer number, unless that
 * begins with 00 or 011, as people dial. Takes time in proportion to the bytes, however many
 * needles there are.
 */
#ifndef BUNDLE_NEEDLES_H
#define BUNDLE_NEEDLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* Shorter ones are found everywhere by chance: they are not looked for. */
#define NEEDLES_TEXT_LEAST 5
#define NEEDLES_DIGITS_LEAST 7
#define NEEDLES_GAP 4

struct needles;
struct needles *needles_new(void); /* NULL: no memory */
void needles_free(struct needles *n); /* NULL is fine */

/* `which` is what the caller calls it. 1; 0: it is too short, and not looked for; -1: no memory. */
int needles_text(struct needles *n, struct slice text, uint32_t which);
int needles_digits(struct needles *n, struct slice digits, uint32_t which);
bool needles_none(const struct needles *n);
/* After the last one was added and before any is looked for. 0 or -1: no memory. */
int needles_ready(struct needles *n);

/* A look at bytes that come in pieces. One thread at a time uses it; many may use the needles. */
struct needles_look;
struct needles_look *needles_look_new(const struct needles *n); /* NULL: no memory */
void needles_look_free(struct needles_look *l); /* NULL is fine */
void needles_look_begin(struct needles_look *l);
/* `found` is called for each that is met (some perhaps twice); NULL: only whether there is one
 * matters. false: no memory. */
typedef void needles_found(void *arg, uint32_t which);
bool needles_look_at(struct needles_look *l, struct slice piece, needles_found *found, void *arg);
/* After the last piece, with the same `found`. */
void needles_look_end(struct needles_look *l, needles_found *found, void *arg);
/* Was one met since needles_look_begin? */
bool needles_look_met(const struct needles_look *l);

/* All of these at once, for a whole text. Without memory it says true: what cannot be searched must
 * not be kept. */
bool needles_in(struct needles_look *l, struct slice text);
/* Is it one of the phone numbers, all of it? */
bool needles_are(const struct needles *n, struct slice digits);
const struct needles *needles_of(const struct needles_look *l);

#endif
