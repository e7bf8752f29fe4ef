/*
 * answer.h: what find prints: recipients in the state of some response, and batches.
 */
#ifndef COMMANDS_ANSWER_H
#define COMMANDS_ANSWER_H

#include "base/table.h"
#include "commands/terminal.h"

/* What is printed of the response that a recipient stands in. Zeroed, it is empty. */
struct answer_head {
	struct buf ndjson; /* {"_bundle":...,"_updated":... */
	struct buf cells;  /* the texts of the cells before and behind the recipient's own */
	size_t updated, batch; /* where they end in cells */
};
/* Replaces *h; h->ndjson.failed: no memory. */
void answer_head(struct answer_head *h, const char *path, struct slice response);
void answer_head_free(struct answer_head *h);

struct answer;

/* NULL: no memory. */
struct answer *answer_new(bool ndjson);
void answer_free(struct answer *a); /* NULL is fine */
void answer_recipient(struct answer *a, const struct answer_head *h, struct slice line);
/* The newest response line of a batch with so many captures. */
void answer_batch(struct answer *a, const char *path, struct slice response, uint64_t captures);
/* Prints what was kept. 0 or -1: no memory. */
int answer_end(struct answer *a);

uint64_t answer_recipients(const struct answer *a);
uint64_t answer_batches(const struct answer *a);

#endif
