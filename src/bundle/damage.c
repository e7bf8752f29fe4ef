/*
 * damage.c: the lines of verify's report.
 * One problem is one line; after DAMAGE_LINES problems they are only counted.
 * It must never put bytes of the bundle into a line but the names of entries, which were checked.
 */
#include "bundle/damage.h"

#include "base/text.h"
#include "bundle/inside.h"

/* Whether there is room for one more line. */
static bool begin(struct damage *d)
{
	return d->problems++ < DAMAGE_LINES;
}

void damage_add(struct damage *d, const char *words)
{
	if (!begin(d))
		return;
	buf_string(d->out, words);
	buf_byte(d->out, '\n');
}

void damage_frame(struct damage *d, const struct bundle *b, uint32_t frame, const char *words)
{
	d->frames++;
	if (!begin(d))
		return;
	buf_printf(d->out, "frame %lu, ", (unsigned long)frame);
	describe_frame(b, frame, d->out);
	buf_printf(d->out, ": %s\n", words);
}

void damage_span(struct damage *d, const struct span *s)
{
	for (size_t i = 0; i < s->fault_count; i++)
		damage_frame(d, s->b, s->faults[i].frame, s->faults[i].why.text);
	d->problems += s->more_faults; /* so many lines are there already */
	d->frames += s->more_faults;
}

void damage_entry(struct damage *d, struct slice name, const char *words)
{
	d->frames++;
	if (!begin(d))
		return;
	buf_slice(d->out, name);
	buf_printf(d->out, ": %s\n", words);
}

void damage_end(struct damage *d, const char *advice)
{
	if (d->problems > DAMAGE_LINES) {
		buf_string(d->out, "and ");
		text_count(d->out, d->problems - DAMAGE_LINES);
		buf_string(d->out, " more\n");
	}
	buf_string(d->out, advice);
	buf_byte(d->out, '\n');
}
