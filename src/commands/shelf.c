/*
 * shelf.c: bundles opened when they are needed; the ones used longest ago are closed.
 * A bundle that cannot be opened is not tried again.
 */
#include "commands/shelf.h"

#include <stdlib.h>
#include <string.h>

/* Each has a file, its list of frames and some frames in memory. */
#define OPEN_MOST 16
/* Of response lines, for each. */
#define RESPONSES_KEPT (4 * MIB)

struct seat {
	struct volume volume; /* bundle NULL: not open */
	bool bad, told;       /* cannot be opened; its index cannot be used, which was said */
	bool damaged;         /* something was wrong with it */
	uint64_t used;
};

struct shelf {
	struct seat *places;
	size_t count, open;
	uint64_t clock;
	enum status status;
	struct map *told;
};

struct shelf *shelf_new(const struct bundle_paths *paths)
{
	struct shelf *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->places = calloc(paths->count + 1, sizeof(*s->places));
	s->told = map_new();
	if (s->places == NULL || s->told == NULL) {
		shelf_free(s);
		return NULL;
	}
	s->count = paths->count;
	for (size_t i = 0; i < s->count; i++)
		s->places[i].volume.path = paths->path[i];
	return s;
}

/* Says it if everything had to be read. */
static void tell_scan(struct shelf *s, struct seat *p)
{
	struct error e = {0};
	const char *why;
	bool damaged;

	if (p->told || p->volume.lookup == NULL ||
	    !lookup_scanned(p->volume.lookup, &why, &damaged))
		return;
	p->told = true;
	if (!damaged)
		return; /* nothing is wrong with it: its model has no such key */
	error_set(&e, ERROR_BUNDLE, "%s; everything was read instead", why);
	shelf_error(s, &e);
}

static void shut(struct shelf *s, struct seat *p)
{
	struct volume *v = &p->volume;

	if (v->bundle != NULL)
		s->open--;
	tell_scan(s, p);
	lines_close(v->responses);
	lookup_close(v->lookup);
	bundle_close(v->bundle);
	*v = (struct volume){.path = v->path};
}

void shelf_free(struct shelf *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->count; i++)
		shut(s, &s->places[i]);
	map_free(s->told);
	free(s->places);
	free(s);
}

size_t shelf_count(const struct shelf *s)
{
	return s->count;
}

static void shut_oldest(struct shelf *s)
{
	struct seat *oldest = NULL;

	for (size_t i = 0; i < s->count; i++) {
		struct seat *p = &s->places[i];

		if (p->volume.bundle != NULL && (oldest == NULL || p->used < oldest->used))
			oldest = p;
	}
	if (oldest != NULL)
		shut(s, oldest);
}

static int fill(struct volume *v, struct error *e)
{
	v->lookup = lookup_open(v->bundle, e);
	if (v->lookup == NULL)
		return -1;
	v->responses = lines_open(v->bundle, LINES_RESPONSES, e);
	if (v->responses == NULL)
		return -1;
	lines_keep(v->responses, RESPONSES_KEPT);
	return 0;
}

struct volume *shelf_get(struct shelf *s, size_t n)
{
	struct seat *p = &s->places[n];
	struct error e = {0};

	if (p->bad)
		return NULL;
	p->used = ++s->clock;
	if (p->volume.bundle != NULL)
		return &p->volume;
	while (s->open >= OPEN_MOST)
		shut_oldest(s);
	p->volume.bundle = bundle_open(p->volume.path, &e);
	if (p->volume.bundle != NULL) {
		s->open++;
		if (fill(&p->volume, &e) == 0)
			return &p->volume;
	}
	p->bad = true;
	shut(s, p);
	shelf_error(s, &e);
	return NULL;
}

/* What is said of a bundle begins with its path. */
static void mark_damaged(struct shelf *s, const struct error *e)
{
	for (size_t i = 0; i < s->count; i++) {
		size_t len = strlen(s->places[i].volume.path);

		if (strncmp(e->text, s->places[i].volume.path, len) == 0 &&
		    strncmp(e->text + len, ": ", 2) == 0)
			s->places[i].damaged = true;
	}
}

void shelf_error(struct shelf *s, const struct error *e)
{
	uint32_t before = map_count(s->told);

	mark_damaged(s, e);
	s->status = status_worst(s->status, status_of(e));
	if (map_add(s->told, slice_string(e->text)) == before)
		terminal_error(e);
}

enum status shelf_status(struct shelf *s)
{
	for (size_t i = 0; i < s->count; i++)
		tell_scan(s, &s->places[i]);
	return s->status;
}

size_t shelf_bad(const struct shelf *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		n += s->places[i].bad;
	return n;
}

size_t shelf_damaged(const struct shelf *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		n += s->places[i].bad || s->places[i].damaged;
	return n;
}

const struct map *shelf_told(const struct shelf *s)
{
	return s->told;
}
