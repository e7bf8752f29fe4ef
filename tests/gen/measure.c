/*
 * measure.c: runs a command and writes what it took to a file: wall-clock seconds, the peak resident
 * size in KiB of the largest of its processes, and seconds of processor time in all of them. Its exit
 * status is the command's, 128 + N where signal N ended it, and 2 if it could not be run. It never
 * judges a figure, and leaves the command's streams alone.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int fail(const char *what)
{
	fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
	return 2;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/*
 * The command's status as wait4 tells it, or -1. A child has the pages of its parent until it runs
 * the command, so the peak is never less than this small program's own.
 */
static int run(char **command, double *seconds, struct rusage *used)
{
	double start = now();
	pid_t child = fork();
	int status;

	if (child == 0) {
		execvp(command[0], command);
		_exit(fail(command[0]));
	}
	if (child < 0)
		return -1;
	while (wait4(child, &status, 0, used) < 0)
		if (errno != EINTR)
			return -1;
	*seconds = now() - start;
	return status;
}

static double of_timeval(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct rusage used;
	double seconds;
	int status;
	FILE *f;

	if (argc < 3) {
		fputs("usage: measure FILE COMMAND [ARGUMENT...]\n", stderr);
		return 2;
	}
	status = run(argv + 2, &seconds, &used);
	if (status == -1)
		return fail(argv[2]);
	f = fopen(argv[1], "w");
	if (f == NULL)
		return fail(argv[1]);
	fprintf(f, "%.6f %ld %.6f\n", seconds, used.ru_maxrss,
		of_timeval(used.ru_utime) + of_timeval(used.ru_stime));
	if (fclose(f) != 0)
		return fail(argv[1]);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
