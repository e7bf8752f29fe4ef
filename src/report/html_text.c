/*
 * html_text.c: texts, numbers and times as HTML.
 * What it makes of data holds no markup but its own, whatever it is given, and at most some bytes
 * for each character that is shown.
 * It must never depend on the locale or the time zone.
 */
#include "report/html_text.h"

#include "base/text.h"
#include "report/report.h"

#define MINUTE 60
#define HOUR 3600
#define DAY 86400

struct range {
	uint32_t from, to;
};

static bool among(const struct range *ranges, size_t count, uint32_t c)
{
	for (size_t i = 0; i < count; i++) {
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	}
	return false;
}

/* Not seen, or doing something else than being shown. */
static bool is_hidden(uint32_t c)
{
	static const struct range hidden[] = {
		{0x00, 0x1F},       /* C0 */
		{0x7F, 0x9F},       /* DEL, C1 */
		{0xAD, 0xAD},       /* soft hyphen */
		{0x34F, 0x34F},     /* grapheme joiner */
		{0x61C, 0x61C},     /* direction */
		{0x115F, 0x1160},   /* Hangul fillers */
		{0x17B4, 0x17B5},   /* Khmer vowels without a form */
		{0x180B, 0x180F},   /* Mongolian selectors */
		{0x200B, 0x200F},   /* without width, direction */
		{0x2028, 0x202E},   /* ends of lines, direction */
		{0x2060, 0x206F},   /* without width, direction */
		{0x3164, 0x3164},   /* Hangul filler */
		{0xFEFF, 0xFEFF},   /* byte order mark */
		{0xFFA0, 0xFFA0},   /* Hangul filler */
		{0xFFF0, 0xFFFB},   /* annotations */
		{0xFDD0, 0xFDEF},   /* no characters */
		{0x1D173, 0x1D17A}, /* of music */
		{0xE0000, 0xE0FFF}, /* tags */
	};

	return (c & 0xFFFE) == 0xFFFE || among(hidden, sizeof(hidden) / sizeof(hidden[0]), c);
}

/* Stands over or under the character before it; the ones that are known to be piled up. */
static bool is_mark(uint32_t c)
{
	static const struct range marks[] = {
		{0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},   {0x610, 0x61A},
		{0x64B, 0x65F},   {0x670, 0x670},   {0x6D6, 0x6DC},   {0x6DF, 0x6E4},
		{0x6E7, 0x6ED},   {0xE31, 0xE31},   {0xE34, 0xE3A},   {0xE47, 0xE4E},
		{0xEB1, 0xEB1},   {0xEB4, 0xEBC},   {0xEC8, 0xECE},   {0x1AB0, 0x1AFF},
		{0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
	};

	return c >= 0x300 && among(marks, sizeof(marks) / sizeof(marks[0]), c);
}

/* --- text --- */

#define MARKS 3 /* on one letter */

/* A text, character by character. */
struct reader {
	struct slice rest;
	uint32_t c;
	unsigned bytes; /* of c; a byte that is not UTF-8 is one */
	unsigned marks; /* that the last letter has; MARKS: there is no letter */
	bool broken;    /* c is a byte that is not UTF-8 */
	bool coded;     /* c is shown as its code */
};

static struct reader read_text(struct slice s)
{
	return (struct reader){.rest = s, .marks = MARKS};
}

static bool next(struct reader *r)
{
	r->rest.data += r->bytes;
	r->rest.len -= r->bytes;
	r->bytes = 0;
	if (r->rest.len == 0)
		return false;
	unsigned n = utf8_length(r->rest.data, r->rest.len);
	r->broken = n == 0;
	r->bytes = n == 0 ? 1 : n;
	r->c = n == 0 ? (unsigned char)*r->rest.data : utf8_decode(r->rest.data, n);
	bool mark = !r->broken && is_mark(r->c);
	r->coded = r->broken || is_hidden(r->c) || (mark && r->marks == MARKS);
	if (!mark)
		r->marks = r->coded ? MARKS : 0;
	else if (!r->coded)
		r->marks++;
	return true;
}

static unsigned columns(const struct reader *r)
{
	return !r->coded ? 1 : r->c > 0xFFFFF ? 8 : r->c > 0xFFFF ? 7 : 6;
}

static void show(struct buf *out, const struct reader *r)
{
	if (r->broken)
		buf_printf(out, "<i class=u>byte %02X</i>", (unsigned)r->c);
	else if (r->coded)
		buf_printf(out, "<i class=u>U+%04X</i>", (unsigned)r->c);
	else if (r->c == '&')
		buf_string(out, "&amp;");
	else if (r->c == '<')
		buf_string(out, "&lt;");
	else if (r->c == '>')
		buf_string(out, "&gt;");
	else if (r->c == '"')
		buf_string(out, "&quot;");
	else if (r->c == '\'')
		buf_string(out, "&#39;");
	else
		buf_append(out, r->rest.data, r->bytes);
}

void html_text(struct buf *out, struct slice s, unsigned most)
{
	struct reader r = read_text(s);
	uint64_t characters = 0, wide = 0, shown = 0;

	while (next(&r)) {
		characters++;
		wide += columns(&r);
	}
	buf_string(out, "<bdi>");
	r = read_text(s);
	while (next(&r) && (wide <= most || shown + columns(&r) < most)) {
		show(out, &r);
		shown += columns(&r);
	}
	buf_string(out, wide <= most ? "</bdi>" : "…</bdi>");
	if (wide > most) {
		buf_string(out, " <i class=n>(");
		html_number_of(out, characters, "character", "characters");
		buf_string(out, ")</i>");
	}
}

void html_text_or(struct buf *out, struct slice s, unsigned most, const char *what)
{
	if (s.len > 0)
		html_text(out, s, most);
	else
		buf_printf(out, "<i class=n>%s</i>", what);
}

/* --- numbers --- */

void html_share(struct buf *out, uint64_t n, uint64_t of)
{
	if (of == 0) {
		buf_string(out, "–");
		return;
	}
	unsigned thousandths = (unsigned)((double)n / (double)of * 1000 + 0.5);
	if (thousandths == 0 && n > 0)
		buf_string(out, "&lt;0.1%");
	else if (thousandths >= 1000 && n < of)
		buf_string(out, "&gt;99.9%");
	else
		buf_printf(out, "%u.%u%%", thousandths / 10, thousandths % 10);
}

void html_percent(struct buf *out, uint64_t n, uint64_t of)
{
	unsigned hundredths = of == 0 ? 0 : (unsigned)((double)n / (double)of * 10000 + 0.5);

	buf_uint(out, hundredths / 100);
	hundredths %= 100;
	if (hundredths % 10 != 0)
		buf_printf(out, ".%02u", hundredths);
	else if (hundredths != 0)
		buf_printf(out, ".%u", hundredths / 10);
}

void html_number_of(struct buf *out, uint64_t n, const char *one, const char *many)
{
	text_count(out, n);
	buf_printf(out, " %s", n == 1 ? one : many);
}

/* --- times --- */

void html_span(struct buf *out, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {{DAY, "d"}, {HOUR, "h"}, {MINUTE, "min"}, {1, "s"}};
	uint64_t left = seconds < 0 ? -(uint64_t)seconds : (uint64_t)seconds;
	size_t i = 0;

	if (seconds < 0)
		buf_string(out, "−");
	while (i < 3 && left < (uint64_t)units[i].seconds)
		i++;
	text_count(out, left / (uint64_t)units[i].seconds);
	buf_printf(out, " %s", units[i].name);
	left %= (uint64_t)units[i].seconds;
	if (i < 3 && left / (uint64_t)units[i + 1].seconds > 0)
		buf_printf(out, " %u %s", (unsigned)(left / (uint64_t)units[i + 1].seconds),
			   units[i + 1].name);
}

/* Appends t as text_clock has it, but only its first `keep` bytes; a number stays whole. */
static void clock_cut(struct buf *out, int64_t t, size_t keep)
{
	size_t before = out->len;

	if (t == REPORT_NO_TIME) {
		buf_string(out, "unknown");
		return;
	}
	text_clock(out, t);
	if (out->len - before == sizeof("2026-05-04 16:22:10") - 1)
		out->len = before + keep;
}

void html_when(struct buf *out, int64_t t)
{
	clock_cut(out, t, sizeof("2026-05-04 16:22") - 1);
}

void html_day(struct buf *out, int64_t t)
{
	clock_cut(out, t, sizeof("2026-05-04") - 1);
}
