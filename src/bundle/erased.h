/*
 * erased.h: the member "erased" of callroll.json: what was erased from a bundle, without a word on
 * whom. A list, one element for each time.
 */
#ifndef BUNDLE_ERASED_H
#define BUNDLE_ERASED_H

#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/error.h"
#include "bundle/bundle.h"

struct erased {
	uint64_t states, responses, findings, set_aside;
};

/* What the bundle says was erased, all together. 0; -1: its callroll.json cannot be read. */
int erased_of(const struct bundle *b, struct erased *sum, struct error *e);
/* Appends the elements of its list, each after a comma unless *first, which is cleared then; in
 * the form that erased_put gives. 0 or -1. */
int erased_copy(const struct bundle *b, bool *first, struct buf *out, struct error *e);
/* Appends {"from_seal":HEX,"states":N,"responses":N,"findings":N,"set_aside":N}. */
void erased_put(const struct sha256 *from, const struct erased *n, struct buf *out);

#endif
