/*
 * ahead.c: the inputs of a walk, opened before their turn by the threads of a pool.
 * A group of files is one job; groups are used in turn, so files come in the order of the walk.
 * It must never report what went wrong ahead: the file is opened again at its turn, and that tells.
 */
#include "input/ahead.h"

#include <stdlib.h>

#define GROUPS 4
#define GROUP_FILES (AHEAD_FILES / GROUPS)

struct file {
	struct walk_item item;
	struct source *source; /* NULL: not opened */
};

/* A thread of the pool owns it from pool_submit to pool_wait. */
struct group {
	struct job job;
	const char *spool;
	struct file files[GROUP_FILES];
	unsigned count;
	unsigned next; /* the first file that was not given out */
};

struct ahead {
	struct walk *walk;
	struct pool *pool;
	const char *spool;
	struct group *groups; /* NULL: nothing is done ahead */
	unsigned current;
	struct source *source; /* of the item given out last */
	int more;              /* what walk_next returned last; below 1: */
	struct error error;
};

static void open_group(void *arg)
{
	struct group *g = arg;

	for (unsigned i = 0; i < g->count; i++) {
		struct file *f = &g->files[i];
		struct error ignored = {.kind = ERROR_NONE};

		if (f->item.error.kind != ERROR_NONE || f->item.named)
			continue;
		f->source = source_open(&f->item, true, g->spool, &ignored);
	}
}

struct ahead *ahead_new(struct walk *w, struct pool *pool, const char *spool)
{
	struct ahead *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	*a = (struct ahead){.walk = w, .pool = pool, .spool = spool, .more = 1};
	if (pool_threads(pool) == 1)
		return a;
	a->groups = calloc(GROUPS, sizeof(*a->groups));
	if (a->groups == NULL) {
		free(a);
		return NULL;
	}
	for (unsigned i = 0; i < GROUPS; i++) {
		struct group *g = &a->groups[i];

		g->job = (struct job){.run = open_group, .arg = g};
		g->spool = spool;
	}
	return a;
}

static void drop(struct ahead *a, struct group *g)
{
	pool_wait(a->pool, &g->job);
	for (; g->next < g->count; g->next++) {
		source_close(g->files[g->next].source);
		walk_item_free(&g->files[g->next].item);
	}
}

void ahead_free(struct ahead *a)
{
	if (a == NULL)
		return;
	source_close(a->source);
	for (unsigned i = 0; a->groups != NULL && i < GROUPS; i++)
		drop(a, &a->groups[i]);
	free(a->groups);
	free(a);
}

/* Takes the next files of the walk into the group, all of whose files were given out. */
static void fill(struct ahead *a, struct group *g)
{
	g->count = g->next = 0;
	while (g->count < GROUP_FILES && a->more > 0) {
		struct file *f = &g->files[g->count];

		f->source = NULL;
		a->more = walk_next(a->walk, &f->item, &a->error);
		g->count += a->more > 0;
	}
	if (g->count > 0)
		pool_submit(a->pool, &g->job);
}

/* The group with the next file; NULL: there are no more. */
static struct group *next_group(struct ahead *a)
{
	struct group *g = &a->groups[a->current];

	if (g->next < g->count)
		return g;
	if (g->count > 0) {
		fill(a, g);
		a->current = (a->current + 1) % GROUPS;
	} else { /* the first call, or all is done */
		for (unsigned i = 0; i < GROUPS; i++)
			fill(a, &a->groups[i]);
	}
	g = &a->groups[a->current];
	pool_wait(a->pool, &g->job);
	return g->next < g->count ? g : NULL;
}

int ahead_next(struct ahead *a, struct walk_item *item, struct error *e)
{
	source_close(a->source);
	a->source = NULL;
	if (a->groups == NULL)
		return walk_next(a->walk, item, e);
	struct group *g = next_group(a);
	if (g == NULL && a->more < 0)
		return error_set(e, a->error.kind, "%s", a->error.text);
	if (g == NULL)
		return 0;
	struct file *f = &g->files[g->next++];
	*item = f->item;
	a->source = f->source;
	return 1;
}

struct source *ahead_open(struct ahead *a, const struct walk_item *item, struct error *e)
{
	struct source *s = a->source;

	a->source = NULL;
	if (s == NULL)
		s = source_open(item, true, a->spool, e);
	if (s != NULL)
		source_use(s, a->pool);
	return s;
}
