/*
 * pool.c: jobs done by several threads, the owner of the pool among them.
 * The queue, the flags and the state of every job are read and written under the lock only.
 * It must never run a job under the lock, nor touch a job after it was marked done.
 */
#include "base/pool.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work; /* a job was queued, or the pool ends; workers wait for it */
	pthread_cond_t done; /* a worker finished a job; the owner waits for it */
	struct job *first;   /* the queue; NULL: empty */
	struct job **last;   /* the link at the end of the queue */
	unsigned queued;
	unsigned queue_most;
	bool ending;
	unsigned workers; /* the owner's alone, as threads */
	pthread_t threads[];
};

/* The link to the first job that may start now; it holds NULL if there is none. */
static struct job **startable(struct pool *p)
{
	struct job **at = &p->first;

	while (*at != NULL && (*at)->strand != NULL && (*at)->strand->busy)
		at = &(*at)->next;
	return at;
}

static struct job *queue_take(struct pool *p, struct job **at)
{
	struct job *j = *at;

	*at = j->next;
	if (j->next == NULL)
		p->last = at;
	p->queued--;
	j->next = NULL;
	j->state = JOB_RUNNING;
	if (j->strand != NULL)
		j->strand->busy = true;
	return j;
}

static void queue_put(struct pool *p, struct job *j)
{
	j->next = NULL;
	j->state = JOB_QUEUED;
	*p->last = j;
	p->last = &j->next;
	p->queued++;
}

/* Does the first job that may start, and says whether there was one. The lock is held before and
 * after, not meanwhile. */
static bool do_one(struct pool *p)
{
	struct job **at = startable(p);

	if (*at == NULL)
		return false;
	struct job *j = queue_take(p, at);
	struct strand *strand = j->strand;

	pthread_mutex_unlock(&p->lock);
	j->run(j->arg);
	pthread_mutex_lock(&p->lock);
	j->state = JOB_DONE;
	if (strand != NULL) {
		strand->busy = false;
		if (p->first != NULL) /* perhaps its next one, which all have passed over */
			pthread_cond_signal(&p->work);
	}
	return true;
}

static void *worker(void *arg)
{
	struct pool *p = arg;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (do_one(p))
			pthread_cond_signal(&p->done); /* only the owner waits for it */
		if (p->ending && p->first == NULL)
			break;
		pthread_cond_wait(&p->work, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* The owner has nothing to go on with: does a job, or waits until one is done. */
static void help(struct pool *p)
{
	if (!do_one(p))
		pthread_cond_wait(&p->done, &p->lock);
}

/* Starts the workers with all signals blocked: signals interrupt the owner's system calls. */
static int workers_start(struct pool *p, unsigned count, struct error *e)
{
	sigset_t all, before;
	int failed = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (p->workers < count && failed == 0) {
		failed = pthread_create(&p->threads[p->workers], NULL, worker, p);
		if (failed == 0)
			p->workers++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed == 0)
		return 0;
	errno = failed;
	return error_errno(e, "cannot start thread %u", p->workers + 2);
}

struct pool *pool_new(unsigned threads, unsigned queue, struct error *e)
{
	if (threads == 0 || queue == 0) {
		error_set(e, ERROR_USAGE, "a pool needs at least one thread and room for one job");
		return NULL;
	}
	struct pool *p = calloc(1, sizeof(*p) + (threads - 1) * sizeof(p->threads[0]));
	if (p == NULL) {
		error_memory(e);
		return NULL;
	}
	pthread_mutex_init(&p->lock, NULL); /* these three cannot fail on Linux */
	pthread_cond_init(&p->work, NULL);
	pthread_cond_init(&p->done, NULL);
	p->last = &p->first;
	p->queue_most = queue;
	if (workers_start(p, threads - 1, e) != 0) {
		pool_free(p);
		return NULL;
	}
	return p;
}

void pool_submit(struct pool *p, struct job *j)
{
	pthread_mutex_lock(&p->lock);
	assert(j->state == JOB_IDLE || j->state == JOB_DONE);
	while (p->queued >= p->queue_most)
		help(p);
	queue_put(p, j);
	pthread_cond_signal(&p->work);
	pthread_mutex_unlock(&p->lock);
}

unsigned pool_threads(const struct pool *p)
{
	return p->workers + 1;
}

void pool_wait(struct pool *p, struct job *j)
{
	pthread_mutex_lock(&p->lock);
	while (j->state == JOB_QUEUED || j->state == JOB_RUNNING)
		help(p);
	pthread_mutex_unlock(&p->lock);
}

void pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	while (p->first != NULL)
		help(p);
	p->ending = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->workers; i++)
		pthread_join(p->threads[i], NULL);
	pthread_cond_destroy(&p->done);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
