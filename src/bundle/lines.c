/*
 * lines.c: lines by number, with the frames used last kept in memory.
 * A frame that is kept was checked against its digest and holds the lines that the frame list says,
 * each ended by LF.
 * It must never keep more than the limits allow, but for the one frame it needs.
 */
#include "bundle/lines.h"

#include <stdlib.h>

#include "bundle/inside.h"

/* Every so many lines their place is noted, so that few must be passed over to find one. A line has
 * a byte at least, so the notes take no more than half as much as the frame. */
#define NOTE_STEP 8

#define NONE UINT32_MAX

struct held {
	uint32_t frame; /* among those of its kind; NONE: nothing is held */
	struct buf content;
	uint32_t *notes; /* where lines 0, NOTE_STEP, 2 * NOTE_STEP ... of the frame begin */
	uint64_t used;   /* when it was used last */
};

struct lines {
	const struct bundle *b;
	enum line_kind kind;
	struct decoder *decoder;
	size_t bytes; /* that all held frames take */
	size_t most;  /* that they may take */
	struct held held[LINES_CACHE];
	struct held *now; /* used last; NULL: none */
	uint64_t clock;   /* counts changes of `now` */
	uint64_t next;    /* the number of the line behind the one given last, */
	size_t next_at;   /* and where it begins, if it is in `now`. 0: not known */
};

struct lines *lines_open(const struct bundle *b, enum line_kind kind, struct error *e)
{
	struct lines *l = calloc(1, sizeof(*l));

	if (l == NULL) {
		error_memory(e);
		return NULL;
	}
	l->b = b;
	l->kind = kind;
	l->most = LINES_BYTES;
	for (unsigned i = 0; i < LINES_CACHE; i++)
		l->held[i].frame = NONE;
	l->decoder = decoder_new();
	if (l->decoder == NULL) {
		error_memory(e);
		lines_close(l);
		return NULL;
	}
	return l;
}

void lines_close(struct lines *l)
{
	if (l == NULL)
		return;
	for (unsigned i = 0; i < LINES_CACHE; i++) {
		buf_free(&l->held[i].content);
		free(l->held[i].notes);
	}
	decoder_free(l->decoder);
	free(l);
}

void lines_keep(struct lines *l, size_t bytes)
{
	l->most = bytes;
}

static const struct frame_record *record(const struct lines *l, uint32_t frame)
{
	return &l->b->frames[l->b->line_frames[l->kind][frame]];
}

/* --- making room --- */

static size_t notes_bytes(const struct frame_record *r)
{
	return ((size_t)r->lines / NOTE_STEP + 1) * sizeof(uint32_t);
}

/* What the frame takes, or will. */
static size_t weight(const struct lines *l, uint32_t frame)
{
	const struct frame_record *r = record(l, frame);

	return r->raw + notes_bytes(r);
}

static void forget(struct lines *l, struct held *h)
{
	if (l->now == h)
		l->now = NULL;
	l->bytes -= weight(l, h->frame);
	h->frame = NONE;
	buf_free(&h->content);
	free(h->notes);
	h->notes = NULL;
}

/* Forgets what was used longest ago until the frame fits or nothing is left. An empty place. */
static struct held *make_room(struct lines *l, uint32_t frame)
{
	size_t need = weight(l, frame);

	for (;;) {
		struct held *empty = NULL, *oldest = NULL;
		bool fits = need <= l->most && l->bytes <= l->most - need;

		for (struct held *h = l->held; h < l->held + LINES_CACHE; h++) {
			if (h->frame == NONE)
				empty = h;
			else if (oldest == NULL || h->used < oldest->used)
				oldest = h;
		}
		if (oldest == NULL || (fits && empty != NULL))
			return empty;
		forget(l, oldest);
	}
}

/* --- reading --- */

/* Counts the lines and notes where they begin. */
static int note_lines(const struct lines *l, struct held *h, struct error *e)
{
	const char *begin = h->content.data, *at = begin, *end = begin + h->content.len;
	uint32_t frame = l->b->line_frames[l->kind][h->frame];
	uint32_t lines = 0, most = l->b->frames[frame].lines;

	while (at < end && lines < most) {
		if (lines % NOTE_STEP == 0)
			h->notes[lines / NOTE_STEP] = (uint32_t)(at - begin);
		at = memchr(at, '\n', (size_t)(end - at));
		if (at == NULL)
			break;
		lines++;
		at++;
	}
	if (at == end && lines == most)
		return 0;
	return error_set(e, ERROR_BUNDLE, "%s: frame %lu does not hold the lines that it should",
			 l->b->path, (unsigned long)frame);
}

static struct held *load(struct lines *l, uint32_t frame, struct error *e)
{
	struct held *h = make_room(l, frame);

	h->frame = frame;
	l->bytes += weight(l, frame);
	h->notes = malloc(notes_bytes(record(l, frame)));
	if (h->notes == NULL)
		error_memory(e);
	else if (bundle_read_frame(l->b, l->b->line_frames[l->kind][frame], l->decoder, &h->content,
				   e) == 0 &&
		 note_lines(l, h, e) == 0)
		return h;
	forget(l, h);
	return NULL;
}

/* Which frame of the kind holds the line; there is one. */
static uint32_t find_frame(const struct lines *l, uint64_t number)
{
	uint32_t low = 0, high = l->b->line_frame_count[l->kind]; /* in [low, high) */

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (record(l, middle)->first <= number)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Makes the frame that holds the line the one used last. */
static int turn_to(struct lines *l, uint64_t number, struct error *e)
{
	uint32_t frame = find_frame(l, number);
	struct held *h = NULL;

	for (unsigned i = 0; i < LINES_CACHE && h == NULL; i++) {
		if (l->held[i].frame == frame)
			h = &l->held[i];
	}
	if (h == NULL)
		h = load(l, frame, e);
	l->now = h;
	if (h == NULL)
		return -1;
	h->used = ++l->clock;
	return 0;
}

static bool holds(const struct lines *l, uint64_t number)
{
	if (l->now == NULL)
		return false;
	const struct frame_record *r = record(l, l->now->frame);
	return number >= r->first && number - r->first < r->lines;
}

static const char *line_end(const struct held *h, size_t at)
{
	return memchr(h->content.data + at, '\n', h->content.len - at);
}

/* Where the line begins in the frame used last, which holds it. */
static size_t find_line(const struct lines *l, uint64_t number)
{
	const struct held *h = l->now;
	uint32_t k = (uint32_t)(number - record(l, h->frame)->first);
	size_t at = h->notes[k / NOTE_STEP];

	for (k %= NOTE_STEP; k > 0; k--)
		at = (size_t)(line_end(h, at) - h->content.data) + 1;
	return at;
}

int lines_get(struct lines *l, uint64_t number, struct slice *out, struct error *e)
{
	uint64_t count = l->b->trailer.lines[l->kind];
	bool follows = number == l->next; /* it begins at next_at, if `now` holds it */

	if (number == 0 || number > count)
		return error_set(e, ERROR_BUNDLE, "%s: there is no line %llu of %s; it has %llu",
				 l->b->path, (unsigned long long)number, layout_lines[l->kind],
				 (unsigned long long)count);
	if (!holds(l, number)) {
		follows = false;
		if (turn_to(l, number, e) != 0)
			return -1;
	}
	size_t at = follows ? l->next_at : find_line(l, number);
	size_t end = (size_t)(line_end(l->now, at) - l->now->content.data);
	*out = slice_of(l->now->content.data + at, end - at);
	l->next = number + 1;
	l->next_at = end + 1;
	return 0;
}
