/*
 * main.c: runs all unit tests, each in a process of its own (unless CK_FORK=no).
 * Prints one line a test, `ok N - file:case:test: Passed` or `not ok N - ...: reason`; the exit
 * status is 0 only if all passed. CK_RUN_SUITE=NAME and CK_RUN_CASE=NAME pick some.
 * Prints nothing else on standard output: tests/run-all counts the lines.
 */
#include <stdio.h>
#include <stdlib.h>

#include "suites.h"

typedef Suite *make_suite(void);

#define SUITE_ROW(name) name##_suite,
static make_suite *const makers[] = {SUITES(SUITE_ROW)};
#undef SUITE_ROW

int main(void)
{
	SRunner *runner = srunner_create(NULL);
	int failed;
	size_t i;

	/* Line by line, or every child would print again what its parent still holds back. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		srunner_add_suite(runner, makers[i]());
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
