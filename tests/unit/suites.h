/*
 * suites.h: the unit tests: test_NAME.c exports NAME_suite().
 * A new one is a file, a row here, and a row in Makefile.am.
 */
#ifndef TESTS_SUITES_H
#define TESTS_SUITES_H

#include <check.h>

#define SUITES(X)                                                                                  \
	X(across) X(ahead) X(archive) X(buf) X(bundle) X(captures) X(cells) X(check)               \
	X(compare) X(compile) X(cover) X(crew) X(decode) X(differ) X(digest) X(drift)              \
	X(erase) X(fields) X(file) X(finding) X(frame) X(habit) X(hashing) X(histories)            \
	X(hmac) X(http) X(iso) X(keyed) X(keys) X(lines) X(listed) X(lists) X(lookup)              \
	X(map) X(members) X(merge) X(model) X(names) X(needles) X(number) X(once)                  \
	X(outcomes) X(pointer) X(pool) X(print) X(pseudonym) X(reader) X(redact)                   \
	X(report_html) X(roll) X(rows) X(set) X(sorter) X(source) X(spool) X(states)               \
	X(tally) X(tar) X(target) X(text) X(text_width) X(tombstone) X(twins) X(verify)            \
	X(walk) X(within) X(write) X(writer) X(zone)

#define SUITE_DECLARE(name) Suite *name##_suite(void);
SUITES(SUITE_DECLARE)
#undef SUITE_DECLARE

#endif
