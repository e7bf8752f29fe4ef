/*
 * terminal.c: standard output, standard error and the progress line. Values from input reach a
 * terminal only through text_safe. The only state is what standard output has become.
 */
#include "commands/terminal.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

static bool gone;         /* standard output is of no use any more */
static struct error lost; /* why, if it was not just a reader who left */

bool terminal_color(int fd)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(fd) && (no == NULL || *no == '\0') &&
	       (term == NULL || strcmp(term, "dumb") != 0);
}

unsigned terminal_width(int fd)
{
	struct winsize size;

	if (!isatty(fd))
		return 0;
	if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return 80;
	return size.ws_col;
}

int terminal_format(const struct options *o, bool *ndjson, struct error *e)
{
	*ndjson = o->format == NULL ? terminal_width(STDOUT_FILENO) == 0
				    : strcmp(o->format, "ndjson") == 0;
	if (o->format == NULL || *ndjson || strcmp(o->format, "text") == 0)
		return 0;
	return error_set(e, ERROR_USAGE, "--format takes text or ndjson, not '%s'", o->format);
}

void terminal_out(struct slice bytes)
{
	if (gone || bytes.len == 0)
		return;
	errno = 0;
	if (file_write(STDOUT_FILENO, bytes.data, bytes.len, "standard output", &lost) != 0) {
		gone = true;
		if (errno == EPIPE)
			lost.kind = ERROR_NONE;
	}
}

void terminal_json(struct slice json)
{
	struct buf safe = BUF_INIT;

	if (!isatty(STDOUT_FILENO)) {
		terminal_out(json);
		return;
	}
	text_json_safe(&safe, json);
	terminal_out(buf_view(&safe));
	buf_free(&safe);
}

bool terminal_gone(void)
{
	return gone;
}

enum status terminal_finish(enum status status)
{
	struct error e = {0};

	if (!gone && close(STDOUT_FILENO) != 0 && errno != EBADF)
		error_errno(&e, "standard output");
	if (lost.kind != ERROR_NONE)
		return status_worst(status, terminal_error(&lost));
	if (e.kind != ERROR_NONE)
		return status_worst(status, terminal_error(&e));
	return status;
}

static void write_error(struct slice bytes)
{
	struct error ignored = {0};

	file_write(STDERR_FILENO, bytes.data, bytes.len, "standard error", &ignored);
}

enum status status_of(const struct error *e)
{
	switch (e->kind) {
	case ERROR_BUNDLE:
		return STATUS_DAMAGED;
	case ERROR_EMPTY:
		return STATUS_FINDINGS;
	default:
		return STATUS_TROUBLE;
	}
}

enum status terminal_error(const struct error *e)
{
	struct buf line = BUF_INIT;

	buf_string(&line, "callroll: ");
	text_safe(&line, slice_string(e->text));
	buf_byte(&line, '\n');
	write_error(buf_view(&line));
	buf_free(&line);
	return status_of(e);
}

void terminal_say_bytes(const struct options *o, struct slice bytes)
{
	if (!o->quiet)
		write_error(bytes);
}

void terminal_say(const struct options *o, const char *format, ...)
{
	char line[1024];
	va_list args;

	if (o->quiet)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line) - 1, format, args);
	va_end(args);
	strcat(line, "\n");
	write_error(slice_string(line));
}

/* --- progress --- */

#define PROGRESS_INTERVAL 0.2 /* seconds */

struct progress {
	pthread_mutex_t lock; /* of everything below */
	uint64_t total, bytes, responses;
	double start, shown;
	bool visible;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct progress *progress_start(const struct options *o, uint64_t total)
{
	struct progress *p;

	if (o->quiet || !isatty(STDERR_FILENO))
		return NULL;
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return NULL;
	pthread_mutex_init(&p->lock, NULL);
	p->total = total;
	p->start = now();
	p->shown = p->start;
	return p;
}

static void show(struct progress *p, double at)
{
	struct buf line = BUF_INIT;
	double rate = (double)p->bytes / (at - p->start + 1e-9);

	buf_string(&line, "\r\033[K");
	text_bytes(&line, p->bytes);
	if (p->total > p->bytes) {
		buf_string(&line, " of ");
		text_bytes(&line, p->total);
	}
	buf_string(&line, ", ");
	text_count(&line, p->responses);
	buf_string(&line, " responses, ");
	text_bytes(&line, (uint64_t)rate);
	buf_string(&line, "/s");
	if (p->total > p->bytes && rate > 0) {
		uint64_t left = (uint64_t)((double)(p->total - p->bytes) / rate) + 1;
		buf_printf(&line, ", %llu:%02llu left", (unsigned long long)(left / 60),
			   (unsigned long long)(left % 60));
	}
	write_error(buf_view(&line));
	buf_free(&line);
	p->visible = true;
	p->shown = at;
}

void progress_add(struct progress *p, uint64_t bytes, uint64_t responses)
{
	double at;

	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->bytes += bytes;
	p->responses += responses;
	at = now();
	if (at - p->shown >= PROGRESS_INTERVAL)
		show(p, at);
	pthread_mutex_unlock(&p->lock);
}

void progress_clear(struct progress *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	if (p->visible)
		write_error(SLICE("\r\033[K"));
	p->visible = false;
	pthread_mutex_unlock(&p->lock);
}

void progress_end(struct progress *p)
{
	if (p == NULL)
		return;
	progress_clear(p);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
