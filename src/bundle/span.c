/*
 * span.c: frames that follow one another, read and checked by one thread.
 * A frame that is damaged is noted, and the next ones are checked all the same.
 * It must never hold the content of two large frames in the whole process.
 */
#include "bundle/span.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "bundle/damage.h"
#include "bundle/inside.h"

/* A larger frame is read while no other thread reads such a one, and its memory is not kept. */
#define LARGE (4 * MIB)

struct span_tools {
	struct decoder *decoder;
	struct hasher *hasher;
	struct buf raw; /* the content of a frame */
};

static pthread_mutex_t large = PTHREAD_MUTEX_INITIALIZER;

int span_init(struct span *s)
{
	*s = (struct span){.tools = calloc(1, sizeof(*s->tools))};
	if (s->tools == NULL)
		return -1;
	s->tools->decoder = decoder_new();
	s->tools->hasher = hasher_new();
	return s->tools->decoder != NULL && s->tools->hasher != NULL ? 0 : -1;
}

void span_free(struct span *s)
{
	if (s->tools != NULL) {
		decoder_free(s->tools->decoder);
		hasher_free(s->tools->hasher);
		buf_free(&s->tools->raw);
		free(s->tools);
	}
	buf_free(&s->header);
	free(s->faults);
}

static void count_lines(const struct bundle *b, uint32_t frame, struct slice raw, struct error *e)
{
	const char *at = raw.data, *end = at + raw.len;
	uint32_t wanted = b->frames[frame].lines, lines = 0;

	if (b->known < KNOWN_ENTRIES || wanted == 0)
		return;
	while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		lines++;
		at++;
	}
	if (at != end || lines != wanted)
		error_set(e, ERROR_BUNDLE, "it does not hold the lines that the frame list says");
}

/* 0, or -1: the work cannot go on. */
static int note_fault(struct span *s, uint32_t frame, const struct error *why)
{
	if (why->kind != ERROR_BUNDLE)
		return error_set(&s->error, why->kind, "%s", why->text);
	if (s->fault_count == DAMAGE_LINES) {
		s->more_faults++;
		return 0;
	}
	if (array_reserve(&s->faults, &s->fault_cap, s->fault_count + 1, sizeof(*s->faults)) != 0)
		return error_memory(&s->error);
	s->faults[s->fault_count++] = (struct span_fault){frame, *why};
	return 0;
}

static int check_frame(struct span *s, uint32_t frame)
{
	struct span_tools *t = s->tools;
	struct error why = {0};

	buf_clear(&t->raw);
	if (frame_fetch(s->b, frame, t->decoder, &t->raw, &why) == 0)
		count_lines(s->b, frame, buf_view(&t->raw), &why);
	if (why.kind != ERROR_NONE)
		return note_fault(s, frame, &why);
	if (s->entry && frame == s->from) {
		buf_slice(&s->header, buf_view(&t->raw));
		return s->header.failed ? error_memory(&s->error) : 0;
	}
	if (s->entry)
		hasher_update(t->hasher, t->raw.data, t->raw.len);
	return 0;
}

/* Large frames one at a time. */
static int check_alone(struct span *s, uint32_t frame)
{
	int result;

	if (s->b->frames[frame].raw <= LARGE && s->b->frames[frame].size <= LARGE)
		return check_frame(s, frame);
	pthread_mutex_lock(&large);
	result = check_frame(s, frame);
	buf_free(&s->tools->raw);
	pthread_mutex_unlock(&large);
	return result;
}

void span_run(void *span)
{
	struct span *s = span;
	int result = 0;

	buf_clear(&s->header);
	s->fault_count = 0;
	s->more_faults = 0;
	s->error = (struct error){0};
	for (uint32_t i = s->from; i < s->to && result == 0; i++) {
		result = check_alone(s, i);
		if (stop_requested())
			result = error_set(&s->error, ERROR_STOPPED, "stopped while %s was read",
					   s->b->path);
	}
	s->digest = hasher_final(s->tools->hasher);
}
