/*
 * checked.h: what the checker makes of a text: whole, cut into windows, on every target.
 */
#ifndef TESTS_CHECKED_H
#define TESTS_CHECKED_H

#include "model/check.h"

/* The limits that hold without options. */
extern const struct check_limits checked_usual;

/* A fixture: the built-in model. */
void checked_setup(void);
void checked_teardown(void);
/* Another model, for the rest of the test. */
void checked_model(const char *text);

/* The target of the checks that follow; NULL: the best one. */
void checked_target(const char *name);

/*
 * What the checker makes of a text that comes `step` bytes at a time (0: all at once): a line for
 * each recipient, for the response, for how it ends and for each finding. The caller frees it.
 * `other`: the text is a value that is no response.
 */
char *checked_run(struct slice text, size_t step, bool other, const struct check_limits *limits);

/* The test fails unless every target says the same for every window from 1 to 64 bytes. */
void checked_same(struct slice text, bool other, const struct check_limits *limits);

#endif
