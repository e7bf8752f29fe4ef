/*
 * test_pool.c: tests of base/pool.c, with one thread and with several.
 */
#include <check.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/pool.h"

Suite *pool_suite(void);

#define JOBS 2000

struct task {
	struct job job;
	int started; /* the how manyth job it was; 0: not yet */
	int input;
	int result;
};

static struct task tasks[JOBS];
static atomic_int started;

static void square(void *arg)
{
	struct task *t = arg;

	t->started = atomic_fetch_add(&started, 1) + 1;
	t->result = t->input * t->input;
}

static void prepare(void)
{
	memset(tasks, 0, sizeof(tasks));
	atomic_store(&started, 0);
	for (int i = 0; i < JOBS; i++) {
		tasks[i].input = i;
		tasks[i].result = -1;
		tasks[i].job.run = square;
		tasks[i].job.arg = &tasks[i];
	}
}

static struct pool *pool_of(unsigned threads, unsigned queue)
{
	struct error e = {0};
	struct pool *p = pool_new(threads, queue, &e);

	ck_assert_msg(p != NULL, "%s", e.text);
	return p;
}

START_TEST(every_job_is_done_once)
{
	static const struct {
		unsigned threads, queue;
	} shapes[] = {{1, 1}, {1, 7}, {2, 1}, {2, 4}, {4, 3}, {8, 100}, {3, 5000}};
	struct pool *p = pool_of(shapes[_i].threads, shapes[_i].queue);

	prepare();
	for (int i = 0; i < JOBS; i++)
		pool_submit(p, &tasks[i].job);
	for (int i = JOBS - 1; i >= 0; i--) {
		pool_wait(p, &tasks[i].job);
		ck_assert_int_eq(tasks[i].result, i * i);
		ck_assert_int_eq(tasks[i].job.state, JOB_DONE);
	}
	ck_assert_int_eq(started, JOBS);
	pool_free(p);
}
END_TEST

START_TEST(free_finishes_what_is_queued)
{
	struct pool *p = pool_of((unsigned)_i, JOBS);

	prepare();
	for (int i = 0; i < JOBS; i++)
		pool_submit(p, &tasks[i].job);
	pool_free(p);
	for (int i = 0; i < JOBS; i++)
		ck_assert_int_eq(tasks[i].result, i * i);
}
END_TEST

START_TEST(one_thread_keeps_the_order)
{
	struct pool *p = pool_of(1, 3);

	prepare();
	for (int i = 0; i < 3; i++)
		pool_submit(p, &tasks[i].job);
	ck_assert_int_eq(started, 0);
	pool_submit(p, &tasks[3].job);
	ck_assert_int_eq(started, 1);
	pool_wait(p, &tasks[1].job);
	ck_assert_int_eq(started, 2);
	pool_wait(p, &tasks[3].job);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(tasks[i].started, i + 1);
	pool_free(p);
}
END_TEST

START_TEST(a_job_is_used_again)
{
	struct pool *p = pool_of((unsigned)_i, 2);

	prepare();
	pool_wait(p, &tasks[0].job); /* never submitted: nothing to wait for */
	for (int i = 0; i < JOBS; i++) {
		tasks[0].input = i;
		pool_submit(p, &tasks[0].job);
		pool_wait(p, &tasks[0].job);
		ck_assert_int_eq(tasks[0].result, i * i);
		pool_wait(p, &tasks[0].job);
	}
	ck_assert_int_eq(started, JOBS);
	pool_free(p);
}
END_TEST

struct gate {
	struct job job;
	sem_t entered, open;
	bool blocked;    /* whether SIGTERM is blocked where the job runs */
	pthread_t where;
};

static void pass_gate(void *arg)
{
	struct gate *g = arg;
	sigset_t set;

	pthread_sigmask(SIG_SETMASK, NULL, &set);
	g->blocked = sigismember(&set, SIGTERM) == 1;
	g->where = pthread_self();
	sem_post(&g->entered);
	sem_wait(&g->open);
}

/* While a worker is held up, the owner does the queued jobs; workers get no signals. */
START_TEST(owner_helps)
{
	struct pool *p = pool_of(2, 3);
	struct gate g = {.job = {.run = pass_gate, .arg = &g}};

	prepare();
	sem_init(&g.entered, 0, 0);
	sem_init(&g.open, 0, 0);
	pool_submit(p, &g.job);
	sem_wait(&g.entered);
	for (int i = 0; i < 100; i++)
		pool_submit(p, &tasks[i].job);
	ck_assert_int_eq(started, 97);
	pool_wait(p, &tasks[98].job);
	ck_assert_int_eq(started, 99);
	sem_post(&g.open);
	pool_wait(p, &g.job);
	ck_assert(g.blocked);
	ck_assert(!pthread_equal(g.where, pthread_self()));
	pool_free(p);
	ck_assert_int_eq(tasks[99].result, 99 * 99);
	sem_destroy(&g.entered);
	sem_destroy(&g.open);
}
END_TEST

/* Steps of a strand, which read and write a count without any lock. */
struct step {
	struct job job;
	int *count;
	int seen;
};

static void take_step(void *arg)
{
	struct step *s = arg;

	s->seen = (*s->count)++;
}

#define STRANDS 3

START_TEST(a_strand_keeps_its_order)
{
	static struct step steps[JOBS];
	struct strand strands[STRANDS] = {{0}};
	int counts[STRANDS] = {0};
	struct pool *p = pool_of((unsigned)_i, 5);

	prepare();
	for (int i = 0; i < JOBS; i++) {
		int n = i % STRANDS;

		steps[i] = (struct step){.job = {.run = take_step, .arg = &steps[i]}};
		steps[i].job.strand = &strands[n];
		steps[i].count = &counts[n];
		pool_submit(p, &steps[i].job);
		pool_submit(p, &tasks[i].job);
	}
	for (int i = 0; i < JOBS; i++) {
		pool_wait(p, &steps[i].job);
		ck_assert_int_eq(steps[i].seen, i / STRANDS);
	}
	pool_free(p);
	ck_assert_int_eq(started, JOBS);
}
END_TEST

/* While a job of a strand is held up its next one waits, and what stands behind that does not. */
START_TEST(a_busy_strand_is_passed_over)
{
	struct pool *p = pool_of(2, 3);
	struct strand strand = {0};
	struct gate g = {.job = {.run = pass_gate, .arg = &g, .strand = &strand}};

	prepare();
	sem_init(&g.entered, 0, 0);
	sem_init(&g.open, 0, 0);
	pool_submit(p, &g.job);
	sem_wait(&g.entered);
	tasks[0].job.strand = &strand;
	for (int i = 0; i < 100; i++)
		pool_submit(p, &tasks[i].job);
	pool_wait(p, &tasks[99].job);
	ck_assert_int_eq(started, 99);
	ck_assert_int_eq(tasks[0].started, 0);
	sem_post(&g.open);
	pool_wait(p, &tasks[0].job);
	ck_assert_int_eq(tasks[0].started, 100);
	ck_assert_int_eq(pool_threads(p), 2);
	pool_free(p);
	sem_destroy(&g.entered);
	sem_destroy(&g.open);
}
END_TEST

START_TEST(senseless_sizes)
{
	struct error e = {0};

	ck_assert_ptr_null(pool_new(0, 1, &e));
	ck_assert_int_eq(e.kind, ERROR_USAGE);
	e = (struct error){0};
	ck_assert_ptr_null(pool_new(1, 0, &e));
	ck_assert_int_eq(e.kind, ERROR_USAGE);
	pool_free(NULL);
	pool_free(pool_of(3, 1));
}
END_TEST

Suite *pool_suite(void)
{
	Suite *s = suite_create("pool");
	TCase *t = tcase_create("pool");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, every_job_is_done_once, 0, 7);
	tcase_add_loop_test(t, free_finishes_what_is_queued, 1, 4);
	tcase_add_test(t, one_thread_keeps_the_order);
	tcase_add_loop_test(t, a_job_is_used_again, 1, 4);
	tcase_add_test(t, owner_helps);
	tcase_add_loop_test(t, a_strand_keeps_its_order, 1, 5);
	tcase_add_test(t, a_busy_strand_is_passed_over);
	tcase_add_test(t, senseless_sizes);
	suite_add_tcase(s, t);
	return s;
}
