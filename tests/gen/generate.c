/*
 * generate.c: made-up responses on standard output, as many and as large as wanted, each on one or
 * more lines of its own. What the tests and the benchmarks read.
 * The same options give the same bytes; values do not depend on --style.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/batch.h"
#include "gen/spell.h"

static const char usage[] =
	"usage: generate [OPTIONS] >FILE\n"
	"  --seed N             other values (default 1)\n"
	"  --recipients N       of each response (default 10)\n"
	"  --responses N        how many (default 1)\n"
	"  --captures N         so many responses are of one batch, while it goes on (default 1)\n"
	"  --changes 1/N        one recipient in N differs from the capture before (default: all\n"
	"                       are called once during the captures)\n"
	"  --style STYLE        compact (the default), pretty, ascii, escaped or shuffled\n"
	"  --usual              recipients of about 1 KB, no two much alike\n"
	"  --odd 1/N            one in N recipients and responses has strange, valid values\n"
	"  --errors 1/N         one in N recipients has one mistake, in its status\n";

static void wrong(const char *what)
{
	fprintf(stderr, "generate: %s\n%s", what, usage);
	exit(2);
}

static uint64_t number(const char *s)
{
	char *end;
	unsigned long long n = strtoull(s, &end, 10);

	if (*s < '0' || *s > '9' || *end != '\0')
		wrong("not a number");
	return n;
}

/* "1/N" */
static uint64_t share(const char *s)
{
	if (strncmp(s, "1/", 2) != 0)
		wrong("not a share such as 1/100");
	return number(s + 2);
}

struct plan {
	struct batch_plan batch;
	uint64_t responses;
	enum style style;
};

static void read_options(struct plan *p, int argc, char **argv)
{
	static const struct option options[] = {
		{"seed", required_argument, NULL, 's'},
		{"recipients", required_argument, NULL, 'r'},
		{"responses", required_argument, NULL, 'n'},
		{"captures", required_argument, NULL, 'c'},
		{"changes", required_argument, NULL, 'h'},
		{"style", required_argument, NULL, 'y'},
		{"odd", required_argument, NULL, 'o'},
		{"errors", required_argument, NULL, 'e'},
		{"usual", no_argument, NULL, 'u'},
		{NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			p->batch.seed = number(optarg);
		else if (c == 'r')
			p->batch.recipients = number(optarg);
		else if (c == 'n')
			p->responses = number(optarg);
		else if (c == 'c')
			p->batch.captures = number(optarg);
		else if (c == 'h')
			p->batch.changes = share(optarg);
		else if (c == 'y')
			p->style = spell_style(optarg);
		else if (c == 'o')
			p->batch.odd = share(optarg);
		else if (c == 'e')
			p->batch.errors = share(optarg);
		else if (c == 'u')
			p->batch.usual = true;
		else
			wrong("no such option");
	}
	if (optind < argc || p->style == STYLE_COUNT || p->batch.captures == 0)
		wrong("what is that?");
}

int main(int argc, char **argv)
{
	struct plan plan = {
		.batch = {.seed = 1, .recipients = 10, .captures = 1},
		.responses = 1,
		.style = STYLE_COMPACT,
	};
	struct batch batch;
	struct spell spell = {.out = stdout};

	read_options(&plan, argc, argv);
	setvbuf(stdout, NULL, _IOFBF, 1 << 18);
	batch = batch_make(&plan.batch);
	spell.style = plan.style;
	spell.random = random_make(plan.batch.seed, 0x59e11, plan.style);
	for (uint64_t i = 0; i < plan.responses; i++) {
		spell_value(&spell, batch_response(&batch, i));
		putchar('\n');
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("generate");
		return 2;
	}
	free(batch.own.data);
	free(batch.item.data);
	return 0;
}
