/*
 * suites.h: the unit tests: test_NAME.c exports NAME_suite().
 * A new one is a file, a row here, and a row in Makefile.am.
 */
#ifndef TESTS_SUITES_H
#define TESTS_SUITES_H

#include <check.h>

#define SUITES(X)                                                                                  \
	X(archive) X(buf) X(bundle) X(check) X(compile) X(decode) X(digest) X(file)                \
	X(finding) X(frame) X(http) X(map) X(members) X(model) X(number) X(pointer)                \
	X(pool) X(print) X(reader) X(set) X(source) X(spool) X(tally) X(tar) X(text)               \
	X(verify) X(walk) X(write) X(writer)

#define SUITE_DECLARE(name) Suite *name##_suite(void);
SUITES(SUITE_DECLARE)
#undef SUITE_DECLARE

#endif
