/*
 * pool.h: jobs done by several threads.
 * Jobs start in the order in which they were submitted and end in any order; whoever needs a
 * result waits for that job, and does waiting jobs itself meanwhile. So with one thread (no
 * workers) everything happens in pool_submit and pool_wait, in the same order.
 *
 * Jobs of a strand are done one at a time, in their order, whatever thread does them; while one of
 * them runs, the next ones are passed over for other work. A digest of much data is a strand.
 *
 * Every function is called by one thread only, the owner of the pool; a job must not call them.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stdbool.h>

#include "base/error.h"

struct pool;

enum job_state { JOB_IDLE, JOB_QUEUED, JOB_RUNNING, JOB_DONE };

/* Zeroed at first. */
struct strand {
	bool busy; /* one of its jobs runs; under the pool's lock */
};

/* Embedded in what it works on. The owner sets the first three; the pool owns the rest. */
struct job {
	void (*run)(void *arg); /* reports its own failure in *arg */
	void *arg;
	struct strand *strand; /* or NULL: it does not matter what runs beside it */
	enum job_state state; /* under the pool's lock */
	struct job *next;     /* under the pool's lock */
};

/* `threads` counts the owner: 1 starts no worker. At most `queue` jobs wait at any time. */
struct pool *pool_new(unsigned threads, unsigned queue, struct error *e);

/* Queues the job; when the queue is full, does jobs until it is not. */
void pool_submit(struct pool *p, struct job *j);

/* How many threads there are, the owner among them. */
unsigned pool_threads(const struct pool *p);

/* Returns when the job is done; what it wrote can be read then. A job never submitted is done. */
void pool_wait(struct pool *p, struct job *j);

/* Finishes what is queued, ends the threads. NULL is fine. */
void pool_free(struct pool *p);

#endif
