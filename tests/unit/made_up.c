/*
 * made_up.c: a made-up bundle for tests of bundle/states.c.
 */
#include "made_up.h"

#include <stdio.h>
#include <stdlib.h>

static struct error e;

struct made_up *made_up_new(size_t limit)
{
	struct made_up *m = calloc(1, sizeof(*m));

	e = (struct error){0};
	ck_assert_ptr_nonnull(m);
	m->states = states_new(limit, &e);
	m->text = calloc(LINES_MOST, sizeof(*m->text));
	m->batch = calloc(LINES_MOST, 1);
	ck_assert(m->states != NULL && m->text != NULL && m->batch != NULL);
	return m;
}

void made_up_free(struct made_up *m)
{
	for (uint64_t n = 1; n <= m->responses; n++) {
		free(m->response[n].line);
		free(m->response[n].rows);
	}
	states_free(m->states);
	free(m->text);
	free(m->batch);
	free(m);
}

void made_up_begin(struct made_up *m, unsigned batch)
{
	char id[32];

	snprintf(id, sizeof(id), "\"batch-%u\"", batch);
	HOLDS(states_begin(m->states, slice_string(id), &e) == 0);
}

/* Texts of many lengths. */
static struct slice text_of(uint32_t text)
{
	static char out[300];
	int len = snprintf(out, sizeof(out), "{\"id\":%u,\"pad\":\"%0*u\"}", text,
			   (int)(text * 7 % 200), 0u);

	return slice_of(out, (size_t)len);
}

void made_up_recipient(struct made_up *m, unsigned batch, uint32_t text)
{
	uint64_t line;

	HOLDS(states_recipient(m->states, text_of(text), m->lines + 1, &line, &e) == 0);
	m->stored = line == 0;
	if (m->stored) {
		line = ++m->lines;
		HOLDS(line < LINES_MOST);
		m->text[line] = text;
		m->batch[line] = (unsigned char)batch;
	}
	HOLDS(line <= m->lines);
	HOLDS(m->text[line] == text);
	HOLDS(m->batch[line] == batch);
}

/* --- resolving --- */

static void take(const char **at, const char *word)
{
	HOLDS(strncmp(*at, word, strlen(word)) == 0);
	*at += strlen(word);
}

static uint64_t take_number(const char **at)
{
	char *end;
	uint64_t n = strtoull(*at, &end, 10);

	HOLDS(end != *at);
	*at = end;
	return n;
}

/* One run into r; true: it is copied. */
static bool resolve_run(const struct made_up *m, struct told *r, const char **at)
{
	const struct told *base = &m->response[r->base];

	take(at, "[");
	bool copy = **at == '"';
	if (copy)
		take(at, "\"base\",");
	uint64_t first = take_number(at);
	take(at, ",");
	uint64_t count = take_number(at);
	take(at, "]");
	HOLDS(count >= 1);
	HOLDS(first + count <= (copy ? base->count : m->lines + 1));
	r->line = realloc(r->line, (r->count + count) * sizeof(*r->line));
	for (uint64_t i = 0; i < count; i++)
		r->line[r->count++] = copy ? base->line[first + i] : first + i;
	return copy;
}

static void resolve(const struct made_up *m, struct told *r)
{
	const char *at = r->rows;
	bool copied = false;

	take(&at, "[");
	while (*at != ']') {
		if (r->count != 0)
			take(&at, ",");
		copied |= resolve_run(m, r, &at);
	}
	take(&at, "]");
	HOLDS(*at == 0);
	HOLDS(copied == (r->base != 0));
}

static void expect_lines(const struct made_up *m, const struct told *r)
{
	struct states_run run = {0};
	size_t at = 0;
	uint64_t end = 0;

	while (states_next_run(m->states, &run)) {
		HOLDS(run.count >= 1);
		HOLDS(run.line != end); /* or it would be one run */
		for (uint64_t i = 0; i < run.count; i++, at++) {
			HOLDS(at < r->count);
			HOLDS(r->line[at] == run.line + i);
		}
		end = run.line + run.count;
	}
	HOLDS(at == r->count);
}

void made_up_keep(struct made_up *m, unsigned batch, const uint32_t *text, size_t count)
{
	struct told *r = &m->response[++m->responses];
	struct buf rows = BUF_INIT;

	HOLDS(m->responses < RESPONSES_MOST);
	buf_string(&rows, "before:");
	HOLDS(states_keep(m->states, m->responses, &rows, &r->base, &e) == 0);
	buf_byte(&rows, '\0');
	HOLDS(!rows.failed && memcmp(rows.data, "before:", 7) == 0);
	r->rows = strdup(rows.data + 7);
	buf_free(&rows);
	r->batch = batch;
	HOLDS(r->base < m->responses);
	if (r->base != 0) {
		HOLDS(m->response[r->base].batch == batch);
		r->chain = m->response[r->base].chain + 1;
	}
	HOLDS(r->chain <= STATES_CHAIN);
	resolve(m, r);
	HOLDS(r->count == count);
	for (size_t i = 0; i < count; i++) {
		HOLDS(m->text[r->line[i]] == text[i]);
		HOLDS(m->batch[r->line[i]] == batch);
	}
	expect_lines(m, r);
}

size_t made_up_respond(struct made_up *m, unsigned batch, const uint32_t *text, size_t count)
{
	size_t stored = 0;

	made_up_begin(m, batch);
	for (size_t i = 0; i < count; i++) {
		made_up_recipient(m, batch, text[i]);
		stored += m->stored;
	}
	made_up_keep(m, batch, text, count);
	return stored;
}

void made_up_expect(const struct made_up *m, const char *rows, uint64_t base)
{
	ck_assert_str_eq(m->response[m->responses].rows, rows);
	ck_assert_uint_eq(m->response[m->responses].base, base);
}
