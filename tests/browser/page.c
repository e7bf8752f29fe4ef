/*
 * page.c: writes the html report of a made-up audit (tests/unit/reports.h) to standard output.
 * usage: page NAME
 */
#include <stdio.h>
#include <stdlib.h>

#include "report/report_html.h"
#include "reports.h"

int main(int argc, char **argv)
{
	const struct reports_plan *plan = argc == 2 ? reports_plan(argv[1]) : NULL;
	struct buf out = BUF_INIT;

	if (plan == NULL) {
		fputs("usage: page ordinary|empty|one|hundred|hostile|worst\n", stderr);
		return 2;
	}
	struct report *r = reports_make(plan);
	bool written = report_html(r, &out) == 0 &&
		       fwrite(out.data, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
	reports_free(r);
	buf_free(&out);
	return written ? EXIT_SUCCESS : EXIT_FAILURE;
}
