/*
 * spill.c: sorted runs in a temporary file, and their merge.
 * The first `merged` runs are each made of SPILL_FAN others; there are fewer than SPILL_FAN others.
 * It must never need memory that grows with the entries, but for some bytes for each run.
 */
#include "bundle/spill.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"

#define ENTRY_BYTES 12
#define FILE_NAME "the temporary file of the index"
/* What is written at a time, and the most that is read at a time of one run. */
#define ENTRIES_AT_ONCE ((size_t)5 * 1024)

/* A run in the file; while it is merged, what of it is still to be read. */
struct run {
	uint64_t at; /* in bytes */
	uint64_t entries;
};

/* What was read ahead of one run. */
struct ahead {
	const unsigned char *data;
	size_t entries; /* left in data */
};

/* The first entry of a run that was not given yet. */
struct head {
	uint64_t fingerprint;
	uint32_t frame;
	uint32_t run;
};

/* The heads are a heap, the least one first. */
struct merge {
	struct run *runs; /* the caller's; they are used up */
	struct ahead *aheads;
	unsigned char *memory; /* for each run, room for `room` entries */
	size_t room;
	struct head *heads;
	size_t count;
	struct sorter_entry last; /* given, if `any` */
	bool any;
};

struct spill {
	int fd;
	uint64_t end; /* of the file */
	struct run *runs;
	size_t count, cap;
	size_t merged;
	unsigned char *out; /* ENTRIES_AT_ONCE entries to be written */
	size_t out_count;
	struct merge *merge; /* after the last run */
};

static int stopped(struct error *e)
{
	return error_set(e, ERROR_STOPPED, "stopped while the index was sorted");
}

/* --- writing --- */

static int flush(struct spill *s, struct error *e)
{
	size_t len = s->out_count * ENTRY_BYTES;

	if (stop_requested())
		return stopped(e);
	if (file_write(s->fd, s->out, len, FILE_NAME, e) != 0)
		return -1;
	s->end += len;
	s->out_count = 0;
	return 0;
}

/* The file never leaves this machine: its numbers are as the machine has them. */
static int put(struct spill *s, const struct sorter_entry *entry, struct error *e)
{
	unsigned char *p = s->out + s->out_count * ENTRY_BYTES;

	memcpy(p, &entry->fingerprint, 8);
	memcpy(p + 8, &entry->frame, 4);
	return ++s->out_count == ENTRIES_AT_ONCE ? flush(s, e) : 0;
}

/* --- merging --- */

static void merge_free(struct merge *m)
{
	if (m == NULL)
		return;
	free(m->aheads);
	free(m->memory);
	free(m->heads);
	free(m);
}

/* Reads ahead of a run that has entries left in the file. */
static int read_ahead(struct merge *m, int fd, uint32_t number, struct error *e)
{
	struct run *run = &m->runs[number];
	unsigned char *p = m->memory + number * m->room * ENTRY_BYTES;
	size_t n = run->entries < m->room ? (size_t)run->entries : m->room;

	if (stop_requested())
		return stopped(e);
	ssize_t got = file_pread(fd, p, n * ENTRY_BYTES, run->at, FILE_NAME, e);
	if (got < 0)
		return -1;
	if ((size_t)got != n * ENTRY_BYTES)
		return error_set(e, ERROR_IO, FILE_NAME " lost its end");
	run->at += (size_t)got;
	run->entries -= n;
	m->aheads[number] = (struct ahead){p, n};
	return 0;
}

/* Takes the next entry of a run to *head. 1; 0: the run is used up; -1. */
static int advance(struct merge *m, int fd, uint32_t number, struct head *head, struct error *e)
{
	struct ahead *a = &m->aheads[number];

	if (a->entries == 0) {
		if (m->runs[number].entries == 0)
			return 0;
		if (read_ahead(m, fd, number, e) != 0)
			return -1;
	}
	memcpy(&head->fingerprint, a->data, 8);
	memcpy(&head->frame, a->data + 8, 4);
	head->run = number;
	a->data += ENTRY_BYTES;
	a->entries--;
	return 1;
}

static bool head_less(const struct head *a, const struct head *b)
{
	return a->fingerprint != b->fingerprint ? a->fingerprint < b->fingerprint
						: a->frame < b->frame;
}

/* Puts `head` where it belongs in the heap from `hole` downwards. */
static void sift(struct merge *m, size_t hole, struct head head)
{
	for (;;) {
		size_t child = 2 * hole + 1;
		if (child >= m->count)
			break;
		if (child + 1 < m->count)
			child += head_less(&m->heads[child + 1], &m->heads[child]);
		if (!head_less(&m->heads[child], &head))
			break;
		m->heads[hole] = m->heads[child];
		hole = child;
	}
	m->heads[hole] = head;
}

static struct merge *merge_alloc(struct run *runs, size_t count)
{
	struct merge *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->runs = runs;
	m->room = SPILL_MEMORY / ENTRY_BYTES / count;
	if (m->room > ENTRIES_AT_ONCE)
		m->room = ENTRIES_AT_ONCE;
	if (m->room == 0)
		m->room = 1;
	m->aheads = calloc(count, sizeof(*m->aheads));
	m->heads = calloc(count, sizeof(*m->heads));
	m->memory = calloc(count, m->room * ENTRY_BYTES);
	if (m->aheads == NULL || m->heads == NULL || m->memory == NULL) {
		merge_free(m);
		return NULL;
	}
	return m;
}

/* `runs`: at least one; must outlive the merge. NULL: *e says why. */
static struct merge *merge_new(int fd, struct run *runs, size_t count, struct error *e)
{
	struct merge *m = merge_alloc(runs, count);

	if (m == NULL) {
		error_memory(e);
		return NULL;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (advance(m, fd, i, &m->heads[i], e) != 1) {
			merge_free(m);
			return NULL;
		}
	}
	m->count = count;
	for (size_t i = count / 2; i-- > 0;)
		sift(m, i, m->heads[i]);
	return m;
}

static int merge_step(struct merge *m, int fd, struct sorter_entry *entry, struct error *e)
{
	struct head head;

	if (m->count == 0)
		return 0;
	*entry = (struct sorter_entry){m->heads[0].fingerprint, m->heads[0].frame};
	int more = advance(m, fd, m->heads[0].run, &head, e);
	if (more < 0)
		return -1;
	if (more == 0)
		head = m->heads[--m->count];
	if (m->count > 0)
		sift(m, 0, head);
	return 1;
}

static int merge_next(struct merge *m, int fd, struct sorter_entry *entry, struct error *e)
{
	int result;

	do {
		result = merge_step(m, fd, entry, e);
	} while (result == 1 && m->any && entry->fingerprint == m->last.fingerprint &&
		 entry->frame == m->last.frame);
	if (result == 1) {
		m->last = *entry;
		m->any = true;
	}
	return result;
}

/* --- runs --- */

struct spill *spill_new(const char *folder, struct error *e)
{
	struct spill *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		error_memory(e);
		return NULL;
	}
	s->fd = -1;
	s->out = malloc(ENTRIES_AT_ONCE * ENTRY_BYTES);
	if (s->out == NULL)
		error_memory(e);
	else
		s->fd = file_unnamed(folder, e);
	if (s->fd < 0) {
		spill_free(s);
		return NULL;
	}
	return s;
}

void spill_free(struct spill *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		close(s->fd);
	merge_free(s->merge);
	free(s->runs);
	free(s->out);
	free(s);
}

static int merge_to_file(struct spill *s, struct merge *m, uint64_t *entries, struct error *e)
{
	struct sorter_entry entry;
	int result;

	while ((result = merge_next(m, s->fd, &entry, e)) == 1) {
		++*entries;
		if (put(s, &entry, e) != 0)
			return -1;
	}
	return result == 0 ? flush(s, e) : -1;
}

/* The runs after the merged ones become one more of these. */
static int merge_newest(struct spill *s, struct error *e)
{
	struct run *newest = s->runs + s->merged;
	uint64_t start = newest->at;
	struct run whole = {.at = s->end};
	struct merge *m = merge_new(s->fd, newest, s->count - s->merged, e);

	if (m == NULL)
		return -1;
	int result = merge_to_file(s, m, &whole.entries, e);
	merge_free(m);
	if (result != 0)
		return -1;
	/* Gives the room back where the file system can; where not, nothing is lost but room. */
	(void)fallocate(s->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)start,
			(off_t)(whole.at - start));
	*newest = whole;
	s->count = ++s->merged;
	return 0;
}

int spill_run(struct spill *s, const struct sorter_entry *entries, size_t count, struct error *e)
{
	struct run run = {s->end, count};

	if (array_reserve(&s->runs, &s->cap, s->count + 1, sizeof(*s->runs)) != 0)
		return error_memory(e);
	for (size_t i = 0; i < count; i++) {
		if (put(s, &entries[i], e) != 0)
			return -1;
	}
	if (flush(s, e) != 0)
		return -1;
	s->runs[s->count++] = run;
	return s->count - s->merged < SPILL_FAN ? 0 : merge_newest(s, e);
}

int spill_next(struct spill *s, struct sorter_entry *entry, struct error *e)
{
	if (s->merge == NULL) {
		if (s->count == 0)
			return 0;
		s->merge = merge_new(s->fd, s->runs, s->count, e);
		if (s->merge == NULL)
			return -1;
	}
	return merge_next(s->merge, s->fd, entry, e);
}
