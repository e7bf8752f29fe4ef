/*
 * text_tables.h: the tables of a report for people, and the words that its parts share.
 */
#ifndef REPORT_TEXT_TABLES_H
#define REPORT_TEXT_TABLES_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"
#include "report/report.h"

#define LIST_MOST 20 /* of a list */

struct text {
	const struct report *r;
	struct buf *out;
	unsigned width; /* of the terminal; 0: none */
	bool blocks;
	size_t bar;                /* of the last table; 0: it had none */
	struct buf cell, left_out; /* heads of columns that had no room */
};

/* --- words --- */

static inline void put_count(struct buf *out, uint64_t n, const char *one, const char *more)
{
	text_count(out, n);
	buf_byte(out, ' ');
	buf_string(out, n == 1 ? one : more);
}

/* 50.0% */
static inline void put_share(struct buf *out, uint64_t part, uint64_t all)
{
	buf_printf(out, "%.1f%%", all == 0 ? 0.0 : 100.0 * (double)part / (double)all);
}

/* 2026-05-04 16:22 */
static inline void put_minute(struct buf *out, int64_t t)
{
	size_t before = out->len;

	text_clock(out, t);
	if (out->len - before == sizeof("2026-05-04 16:22:10") - 1)
		out->len -= sizeof(":10") - 1;
}

/* A title with an empty line before it. */
static inline void put_title(struct text *t, const char *title)
{
	buf_printf(t->out, "\n%s\n", title);
}

static inline void put_more(struct text *t, uint64_t all, size_t shown, const char *format)
{
	if (all <= shown)
		return;
	buf_string(t->out, "… and ");
	text_count(t->out, all - shown);
	buf_printf(t->out, " more (--format %s)\n", format);
}

/* What became of all recipients; then by batch, agent, provider and day, and the batches with open
 * recipients. Each line fits the terminal if that is not very narrow. 0 or -1: no memory. */
int text_tables_all(struct text *t);
int text_tables_groups(struct text *t);
/* How many contradictions there are of each rule. The same. */
int text_tables_rules(struct text *t);

#endif
