/*
 * numbers.h: for tests that look at very many made-up numbers.
 */
#ifndef TESTS_NUMBERS_H
#define TESTS_NUMBERS_H

#include <check.h>
#include <stdint.h>

/* For loops: libcheck's own macros write a note for every condition that holds. */
#define EXPECT(condition)                                                                          \
	do {                                                                                       \
		if (!(condition))                                                                  \
			ck_abort_msg("%s", #condition);                                            \
	} while (0)

static uint64_t state;

/* The same numbers every time (splitmix64). */
static uint64_t next_number(void)
{
	uint64_t z = (state += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

#endif
