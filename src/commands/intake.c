/*
 * intake.c: counts and closing words of the commands that read captures.
 * Counts are exact; nothing here decides an exit status.
 */
#include "commands/intake.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "json/members.h"

#define SUMMARY_GROUPS 25 /* lines of the closing summary */

void intake_add(struct intake *a, const struct intake *b)
{
	a->inputs += b->inputs;
	a->bytes += b->bytes;
	a->clean += b->clean;
	a->warnings += b->warnings;
	a->errors += b->errors;
	a->not_batches += b->not_batches;
	a->unreadable += b->unreadable;
	a->skipped += b->skipped;
}

bool intake_response(struct intake *a, const struct reader_result *result,
		     const struct findings *f)
{
	bool errors = findings_total(f, SEVERITY_ERROR) > 0;

	if (result->verdict == VERDICT_OTHER)
		a->not_batches++;
	else if (errors)
		a->errors++;
	else if (findings_total(f, SEVERITY_WARNING) > 0)
		a->warnings++;
	else
		a->clean++;
	return errors;
}

struct slice intake_batch_id(const struct model *m, const struct check *c, struct buf *out)
{
	struct slice id = check_value(c, model_member(model_root(m), SLICE("id")));

	buf_clear(out);
	if (id.len < 2 || id.data[0] != '"' || !json_unescape(out, id))
		return SLICE("");
	return buf_view(out);
}

uint64_t intake_total(char **args, int count, const struct options *o)
{
	struct error e = {0};
	struct walk *walk;
	struct walk_item item;
	struct stat st;
	uint64_t total = 0;

	if (o->quiet || !isatty(STDERR_FILENO))
		return 0;
	walk = walk_open(args, (size_t)count, o->root, &e);
	if (walk == NULL)
		return 0;
	while (walk_next(walk, &item, &e) > 0) {
		if (item.error.kind == ERROR_NONE && stat(item.path, &st) == 0 &&
		    S_ISREG(st.st_mode))
			total += (uint64_t)st.st_size;
		walk_item_free(&item);
	}
	walk_close(walk);
	return total;
}

static void part(struct buf *out, uint64_t n, const char *words, const char **separator)
{
	if (n == 0)
		return;
	buf_string(out, *separator);
	text_count(out, n);
	buf_byte(out, ' ');
	buf_string(out, words);
	*separator = ", ";
}

void intake_summary(const struct options *o, const struct intake *a, const struct walk_counts *w,
		    double seconds, bool names_hint)
{
	struct buf line = BUF_INIT;
	const char *separator = ": ";
	uint64_t responses = a->clean + a->warnings + a->errors + a->not_batches;

	text_count(&line, a->inputs);
	buf_string(&line, a->inputs == 1 ? " input, " : " inputs, ");
	text_count(&line, responses);
	buf_string(&line, responses == 1 ? " response, " : " responses, ");
	text_bytes(&line, a->bytes);
	buf_printf(&line, ", %.1f s", seconds);
	part(&line, a->clean, "clean", &separator);
	part(&line, a->warnings, "with warnings", &separator);
	part(&line, a->errors, "with errors", &separator);
	part(&line, a->not_batches, a->not_batches == 1 ? "not a batch" : "not batches",
	     &separator);
	part(&line, a->unreadable, "unreadable", &separator);
	if (names_hint && (a->errors > 0 || a->not_batches > 0))
		buf_string(&line, "   (names: -l)");
	buf_byte(&line, '\n');
	separator = "passed over: ";
	part(&line, w->other_names, "of other names", &separator);
	part(&line, w->hidden, "hidden", &separator);
	part(&line, w->links, "links to folders", &separator);
	part(&line, w->special, "special files", &separator);
	part(&line, w->bundles, w->bundles == 1 ? "bundle" : "bundles", &separator);
	part(&line, w->excluded, "output", &separator);
	part(&line, a->skipped, "in archives", &separator);
	if (line.data != NULL && line.data[line.len - 1] != '\n')
		buf_byte(&line, '\n');
	terminal_say_bytes(o, buf_view(&line));
	buf_free(&line);
}

void intake_groups(const struct options *o, const struct tally *t)
{
	struct buf text = BUF_INIT;

	if (o->quiet)
		return;
	tally_print(t, SUMMARY_GROUPS, terminal_color(STDERR_FILENO), &text);
	terminal_say_bytes(o, buf_view(&text));
	buf_free(&text);
}

double intake_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}
