/*
 * queue.c: the ordered queue of inputs. A ring of outcomes, one lock. The oldest outcome not yet
 * told has the turn; only it writes. The ring bounds how far workers run ahead.
 */
#include "commands/queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"

#define OUT_HELD MIB      /* output that one outcome holds before it waits for its turn */
#define RING_PER_THREAD 16

enum slot_state { SLOT_FREE, SLOT_TAKEN, SLOT_DONE };

struct queue {
	struct walk *walk;
	const struct options *o;
	struct progress *progress;
	queue_judge *judge;

	pthread_mutex_t lock; /* of everything below */
	pthread_cond_t turned;
	struct outcome *ring;
	enum slot_state *state;
	unsigned size;
	uint64_t issued;      /* inputs taken */
	uint64_t told;        /* outcomes told; the next one has the turn */
	bool ended;           /* no more inputs */
	bool telling;
	struct queue_result *result;
	struct error error;
};

struct worker {
	struct queue *q;
	void *own;
	pthread_t thread;
};

/* Writes what an outcome holds. Only for the outcome that has the turn. */
static void write_out(struct queue *q, struct outcome *out)
{
	if (out->out.len == 0 && out->err.len == 0)
		return;
	progress_clear(q->progress);
	terminal_out(buf_view(&out->out));
	if (out->err.len > 0) {
		struct error ignored = {0};
		file_write(STDERR_FILENO, out->err.data, out->err.len, "standard error", &ignored);
	}
	buf_clear(&out->out);
	buf_clear(&out->err);
}

bool queue_flush(struct outcome *out)
{
	struct queue *q = out->queue;

	if (terminal_gone() || stop_requested())
		return false;
	if (out->out.len < OUT_HELD)
		return true;
	pthread_mutex_lock(&q->lock);
	while (q->told != out->turn)
		pthread_cond_wait(&q->turned, &q->lock);
	pthread_mutex_unlock(&q->lock);
	write_out(q, out);
	return !terminal_gone();
}

/* Takes the next input and a slot for its outcome. false: there are no more. */
static bool take(struct queue *q, struct walk_item *item, struct outcome **out)
{
	bool got = false;

	pthread_mutex_lock(&q->lock);
	while (!q->ended && q->issued - q->told >= q->size)
		pthread_cond_wait(&q->turned, &q->lock);
	if (!q->ended) {
		int n = stop_requested() || terminal_gone() ? 0
							    : walk_next(q->walk, item, &q->error);
		if (n <= 0) {
			q->ended = true;
			pthread_cond_broadcast(&q->turned);
		} else {
			got = true;
			*out = &q->ring[q->issued % q->size];
			(*out)->turn = q->issued;
			q->state[q->issued % q->size] = SLOT_TAKEN;
			q->issued++;
		}
	}
	pthread_mutex_unlock(&q->lock);
	return got;
}

static void tell(struct queue *q, struct outcome *out)
{
	write_out(q, out);
	intake_add(&q->result->intake, &out->intake);
	tally_add(q->result->tally, out->tally);
	q->result->status = status_worst(q->result->status, out->status);
	tally_clear(out->tally);
	out->intake = (struct intake){0};
	out->status = STATUS_OK;
}

static void hand_in(struct queue *q, struct outcome *out)
{
	pthread_mutex_lock(&q->lock);
	q->state[out->turn % q->size] = SLOT_DONE;
	while (!q->telling && q->state[q->told % q->size] == SLOT_DONE) {
		struct outcome *next = &q->ring[q->told % q->size];

		q->telling = true;
		pthread_mutex_unlock(&q->lock);
		tell(q, next);
		pthread_mutex_lock(&q->lock);
		q->telling = false;
		q->state[q->told % q->size] = SLOT_FREE;
		q->told++;
		pthread_cond_broadcast(&q->turned);
	}
	pthread_mutex_unlock(&q->lock);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct walk_item item;
	struct outcome *out;

	while (take(w->q, &item, &out)) {
		w->q->judge(w->own, &item, out);
		walk_item_free(&item);
		hand_in(w->q, out);
	}
	return NULL;
}

static int run(struct queue *q, void **workers, unsigned threads, struct error *e)
{
	struct worker *w = calloc(threads, sizeof(*w));
	unsigned started = 1;

	if (w == NULL)
		return error_memory(e);
	for (unsigned i = 0; i < threads; i++)
		w[i] = (struct worker){.q = q, .own = workers[i]};
	/* fewer threads than asked for only take longer */
	while (started < threads &&
	       pthread_create(&w[started].thread, NULL, work, &w[started]) == 0)
		started++;
	work(&w[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(w[i].thread, NULL);
	free(w);
	if (q->error.kind != ERROR_NONE)
		return error_set(e, q->error.kind, "%s", q->error.text);
	return 0;
}

int queue_run(struct walk *walk, const struct options *o, struct progress *progress,
	      queue_judge *judge, void **workers, unsigned threads, struct queue_result *result,
	      struct error *e)
{
	struct queue q = {.walk = walk, .o = o, .progress = progress, .judge = judge,
			  .size = threads * RING_PER_THREAD, .result = result};
	int status = -1;

	pthread_mutex_init(&q.lock, NULL);
	pthread_cond_init(&q.turned, NULL);
	q.ring = calloc(q.size, sizeof(*q.ring));
	q.state = calloc(q.size, sizeof(*q.state));
	if (q.ring == NULL || q.state == NULL)
		goto out;
	for (unsigned i = 0; i < q.size; i++) {
		q.ring[i].queue = &q;
		q.ring[i].tally = tally_new();
		if (q.ring[i].tally == NULL)
			goto out;
	}
	status = run(&q, workers, threads, e);
out:
	if (status != 0)
		error_memory(e);
	for (unsigned i = 0; q.ring != NULL && i < q.size; i++) {
		buf_free(&q.ring[i].out);
		buf_free(&q.ring[i].err);
		tally_free(q.ring[i].tally);
	}
	free(q.ring);
	free(q.state);
	pthread_cond_destroy(&q.turned);
	pthread_mutex_destroy(&q.lock);
	return status;
}
