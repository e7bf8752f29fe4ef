/*
 * made_up.h: a made-up bundle for tests of bundle/states.c: it keeps what was written as which
 * line, and resolves what states tells with it. A text is a number, told in JSON, and belongs to
 * a batch.
 */
#ifndef TESTS_MADE_UP_H
#define TESTS_MADE_UP_H

#include <check.h>

#include "bundle/states.h"

/* Every ck_assert writes to a pipe, even if it holds; these are asked millions of times. */
#define HOLDS(what)                                                                                \
	do {                                                                                       \
		if (!(what))                                                                       \
			ck_abort_msg("line %d: %s", __LINE__, #what);                              \
	} while (0)

#define LINES_MOST 2000000
#define RESPONSES_MOST 3000
#define ENOUGH ((size_t)256 * MIB)

/* A kept response, resolved. */
struct told {
	unsigned batch;
	uint64_t *line;
	size_t count;
	uint64_t base;
	unsigned chain;
	char *rows;
};

struct made_up {
	struct states *states;
	uint32_t *text; /* of each line, from 1 */
	unsigned char *batch;
	uint64_t lines;
	struct told response[RESPONSES_MOST]; /* from 1 */
	uint64_t responses;
	bool stored; /* by the last recipient */
};

struct made_up *made_up_new(size_t limit);
void made_up_free(struct made_up *m);

void made_up_begin(struct made_up *m, unsigned batch);
/* Writes it if states says so (m->stored); the line must hold this text, of this batch. */
void made_up_recipient(struct made_up *m, unsigned batch, uint32_t text);
/* Keeps the open response; its list must resolve to these texts. */
void made_up_keep(struct made_up *m, unsigned batch, const uint32_t *text, size_t count);

/* A whole response; returns how many recipients were stored. */
size_t made_up_respond(struct made_up *m, unsigned batch, const uint32_t *text, size_t count);

/* What the last response kept was told as. */
void made_up_expect(const struct made_up *m, const char *rows, uint64_t base);

#endif
