/*
 * queue.h: inputs judged by several threads, outcomes told in the order of the inputs.
 *
 * Workers take the next input, judge it into an outcome of their own, and hand that in; whoever
 * hands in the one whose turn it is tells it and all that wait behind it. An outcome's output is
 * bounded: when it grows large, the worker waits for its turn and lets it out piece by piece.
 */
#ifndef COMMANDS_QUEUE_H
#define COMMANDS_QUEUE_H

#include "commands/intake.h"

/* What became of one input. */
struct outcome {
	struct buf out;       /* for standard output */
	struct buf err;       /* for standard error: lines that begin with callroll: */
	struct tally *tally;
	struct intake intake;
	enum status status;
	struct queue *queue;
	uint64_t turn;
};

/* Judges one input; called by any worker, each with its own `worker`. Calls queue_flush now and
 * then. */
typedef void queue_judge(void *worker, struct walk_item *item, struct outcome *out);

struct queue_result {
	struct intake intake;
	struct tally *tally;
	enum status status;
};

/* Lets an outcome's output go if it is large or it is its turn anyway. false: nobody reads it any
 * more, or a signal came. */
bool queue_flush(struct outcome *out);

/* Judges everything the walk gives; workers[threads] are the judges' own things. 0 or -1 (no
 * memory). */
int queue_run(struct walk *walk, const struct options *o, struct progress *progress,
	      queue_judge *judge, void **workers, unsigned threads, struct queue_result *result,
	      struct error *e);

#endif
