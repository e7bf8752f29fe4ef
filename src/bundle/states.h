/*
 * states.h: which recipient lines of a batch are stored already, so that a state is stored once and
 * a response's list of recipients is told as runs (callroll-bundle(5), _rows and _base).
 *
 * For each batch: the fingerprint of every stored recipient line with its number, and the list of
 * lines of the batch's last kept response. Memory is bounded. A first response takes 48 bytes per
 * recipient at most, a state that comes later 40, a batch about 250 beside its recipients. Before
 * memory would pass the limit, the batches not used for longest are forgotten. When the open
 * response's batch alone would pass it, its further recipients are not remembered, and the batch is
 * forgotten after the response: with STATES_BYTES at some 1.4 million recipients. What is forgotten
 * is stored in full next time; nothing fails.
 *
 * One response is open at a time. What it added can be taken back. Results depend on what is given,
 * never on the key of the fingerprints.
 */
#ifndef BUNDLE_STATES_H
#define BUNDLE_STATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/slice.h"

/* Memory for all batches together. */
#define STATES_BYTES (64 * MIB)
/* The longest chain of _base; a list is told in full then. */
#define STATES_CHAIN 32

struct states;

/* `bytes`: the limit on memory (STATES_BYTES). NULL: no memory, or no random bytes. */
struct states *states_new(size_t bytes, struct error *e);
void states_free(struct states *s); /* NULL is fine */

/* A response of this batch begins (its id in the normal form). None may be open. -1: no memory. */
int states_begin(struct states *s, struct slice batch, struct error *e);

/*
 * The next recipient of the open response, by its normal form. *line is the number of the line that
 * holds it; 0: it is not known. Then the caller writes it now as line `next`, and states remembers
 * that if it can. `next` never goes down, but for lines that were taken back.
 */
int states_recipient(struct states *s, struct slice text, uint64_t next, uint64_t *line,
		     struct error *e);

/*
 * The open response is whole; `response` is its number, 1 or more. Appends the JSON array for _rows
 * to *rows; *base is the number of the response it copies from, 0: none. That is the batch's last
 * kept response, or an earlier one with the same list. The list is told in full if
 * that takes fewer runs, or the chain would be longer than STATES_CHAIN. After -1 (no memory) the
 * response is still open and *rows as it was.
 */
int states_keep(struct states *s, uint64_t response, struct buf *rows, uint64_t *base,
		struct error *e);

/*
 * After states_keep, until the next states_begin: the lines of the response just kept, in the order
 * of its list, as runs of consecutive lines.
 *
 *	struct states_run run = {0};
 *	while (states_next_run(s, &run))
 *		... lines run.line to run.line + run.count - 1 ...
 */
struct states_run {
	uint64_t line;
	uint64_t count;
	size_t at; /* states' own; 0 at first */
};
bool states_next_run(const struct states *s, struct states_run *run);

/* Likewise then: the next response of this batch shall be stored in full, for the lines of this one
 * lie scattered over too many frames. */
void states_scattered(struct states *s);

/* Everything since states_begin is forgotten, as if that response had never been; only batches that
 * had to make room for it stay forgotten. Nothing happens if no response is open. */
void states_take_back(struct states *s);

/* Bytes of memory for batches and the open response; the limit is on these. */
size_t states_bytes(const struct states *s);

#endif
