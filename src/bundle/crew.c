/*
 * crew.c: frames given out in turn and taken back in turn.
 * A slot belongs to one frame at a time: to a thread until its job is done, then to the caller.
 * Threads must share nothing that changes while they run.
 */
#include "bundle/crew.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/pool.h"
#include "bundle/frame.h"

/* So many frames are read ahead by each thread: enough that none waits for the caller. */
#define SLOTS_PER_THREAD 3

struct slot {
	struct job job;
	const struct crew_task *task;
	unsigned number;
	uint32_t frame; /* of the bundle */
	struct decoder *decoder;
	struct buf content;
	struct error why;
};

struct crew {
	struct pool *pool;
	struct slot *slots;
	unsigned count;
};

static void work(void *arg)
{
	struct slot *s = arg;
	const struct crew_task *t = s->task;

	s->why = (struct error){0};
	if (bundle_read_frame(t->bundle, s->frame, s->decoder, &s->content, &s->why) == 0)
		t->look(t->arg, s->number, buf_view(&s->content),
			bundle_frame(t->bundle, s->frame)->first);
}

struct crew *crew_new(unsigned threads, struct error *e)
{
	struct crew *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		error_memory(e);
		return NULL;
	}
	c->count = threads * SLOTS_PER_THREAD;
	c->slots = calloc(c->count, sizeof(*c->slots));
	for (unsigned i = 0; c->slots != NULL && i < c->count; i++) {
		struct slot *s = &c->slots[i];

		s->job = (struct job){.run = work, .arg = s};
		s->number = i;
		s->decoder = decoder_new();
		if (s->decoder == NULL)
			error_memory(e);
	}
	if (c->slots == NULL)
		error_memory(e);
	c->pool = pool_new(threads, c->count, e);
	if (c->pool == NULL || c->slots == NULL || c->slots[c->count - 1].decoder == NULL) {
		crew_free(c);
		return NULL;
	}
	return c;
}

void crew_free(struct crew *c)
{
	if (c == NULL)
		return;
	pool_free(c->pool);
	for (unsigned i = 0; c->slots != NULL && i < c->count; i++) {
		decoder_free(c->slots[i].decoder);
		buf_free(&c->slots[i].content);
	}
	free(c->slots);
	free(c);
}

unsigned crew_slots(const struct crew *c)
{
	return c->count;
}

static int finish(struct crew *c, const struct crew_task *task, struct slot *s, struct error *e)
{
	int result;

	pool_wait(c->pool, &s->job);
	if (s->why.kind == ERROR_MEMORY || s->why.kind == ERROR_STOPPED)
		return error_set(e, s->why.kind, "%s", s->why.text);
	result = task->take(task->arg, s->number, &s->why, e);
	if (result == 0 && stop_requested())
		result = error_set(e, ERROR_STOPPED, "stopped");
	return result;
}

/* The slot that is next was the first to be given out. */
int crew_run_some(struct crew *c, const struct crew_task *task, uint32_t n, uint32_t count,
		  struct error *e)
{
	uint32_t end = n + count;
	uint64_t given = 0, taken = 0;
	int result = 0;

	while (result == 0 && (n < end || taken < given)) {
		if (n < end && given - taken < c->count) {
			struct slot *s = &c->slots[given % c->count];

			s->frame = bundle_line_frame(task->bundle, task->kind, n++);
			if (!task->wants(task->arg, bundle_frame(task->bundle, s->frame)))
				continue;
			s->task = task;
			pool_submit(c->pool, &s->job);
			given++;
			continue;
		}
		result = finish(c, task, &c->slots[taken++ % c->count], e);
	}
	while (taken < given)
		pool_wait(c->pool, &c->slots[taken++ % c->count].job);
	return result;
}

int crew_run(struct crew *c, const struct crew_task *task, struct error *e)
{
	return crew_run_some(c, task, 0, bundle_line_frames(task->bundle, task->kind), e);
}
