/*
 * lookup.c: from a value to the lines that have it: fingerprints, pages of the index, frames,
 * lines.
 * What the index says only chooses frames; every line that is told was compared itself.
 * It must never miss a line because the index is damaged: then it reads everything.
 */
#include "bundle/lookup.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "bundle/frame.h"
#include "bundle/keys.h"
#include "bundle/wanted.h"

/* The schema of a bundle as a reader accepts it. */
#define MODEL_MOST (16 * MIB)
/* Frames kept for the next lookup, which often asks for the same recipient by another key. */
#define HELD 4

#define NONE UINT32_MAX

struct lookup {
	const struct bundle *b;
	struct model *model;
	struct keyring rings[2]; /* LINES_RECIPIENTS, LINES_RESPONSES */
	struct decoder *decoder;
	struct buf page;
	uint32_t page_number; /* NONE: page holds nothing */
	struct {
		uint32_t frame; /* NONE: nothing */
		uint64_t used;
		struct buf content;
	} held[HELD];
	uint64_t clock;
	bool scanned, damaged;
	char why[sizeof(((struct error *)0)->text)];
};

/* One lookup. */
struct quest {
	struct lookup *l;
	struct wanted wanted;
	struct keyring_key plain; /* of a member that is no key */
	const struct cover *among;
	lookup_found *found;
	void *arg;
	enum line_kind lines; /* the kind at hand, */
	size_t first, last;   /* its wants, */
	bool all;             /* and whether all of its frames are read; else: */
	struct spot {
		uint32_t frame; /* among those of the kind */
		uint32_t want;
	} * spots;
	size_t count, cap;
	uint64_t *prints;    /* fingerprints of the wants of the kind, ascending, */
	uint32_t *wants;     /* and whose they are */
	uint32_t *hand;      /* the wants that a frame is read for */
	size_t print;        /* the first of those that a page is looked at for */
	bool failed;         /* no memory */
	struct error damage; /* the first frame that cannot be read */
};

/* --- opening --- */

static int load_model(struct lookup *l, struct error *e)
{
	struct buf text = BUF_INIT;
	uint32_t entry = bundle_find_entry(l->b, SLICE(ENTRY_MODEL));

	if (entry == UINT32_MAX)
		return error_set(e, ERROR_BUNDLE, "%s: its model is missing", bundle_path(l->b));
	if (bundle_read_entry(l->b, entry, MODEL_MOST, &text, e) == 0)
		l->model = model_compile(buf_view(&text), SLICE(""), bundle_path(l->b), e);
	buf_free(&text);
	return l->model == NULL ? -1 : 0;
}

struct lookup *lookup_open(const struct bundle *b, struct error *e)
{
	struct lookup *l = calloc(1, sizeof(*l));

	if (l == NULL) {
		error_memory(e);
		return NULL;
	}
	l->b = b;
	l->page_number = NONE;
	for (int i = 0; i < HELD; i++)
		l->held[i].frame = NONE;
	if (load_model(l, e) != 0)
		goto fail;
	l->decoder = decoder_new();
	if (l->decoder == NULL ||
	    keyring_make(&l->rings[LINES_RECIPIENTS], LINES_RECIPIENTS,
			 model_recipient(l->model)) != 0 ||
	    keyring_make(&l->rings[LINES_RESPONSES], LINES_RESPONSES, model_root(l->model)) != 0) {
		error_memory(e);
		goto fail;
	}
	return l;
fail:
	lookup_close(l);
	return NULL;
}

void lookup_close(struct lookup *l)
{
	if (l == NULL)
		return;
	for (int i = 0; i < HELD; i++)
		buf_free(&l->held[i].content);
	keyring_free(&l->rings[LINES_RECIPIENTS]);
	keyring_free(&l->rings[LINES_RESPONSES]);
	buf_free(&l->page);
	decoder_free(l->decoder);
	model_free(l->model);
	free(l);
}

const struct bundle *lookup_bundle(const struct lookup *l)
{
	return l->b;
}

const struct model *lookup_model(const struct lookup *l)
{
	return l->model;
}

const struct keyring *lookup_keys(const struct lookup *l, enum line_kind lines)
{
	return &l->rings[lines];
}

const struct keyring_key *lookup_key(const struct lookup *l, struct slice name)
{
	for (int r = 0; r < 2; r++)
		for (unsigned i = 0; i < l->rings[r].count; i++)
			if (slice_equal(l->rings[r].key[i].name, name))
				return &l->rings[r].key[i];
	return NULL;
}

bool lookup_scanned(const struct lookup *l, const char **why, bool *damaged)
{
	*why = l->why;
	*damaged = l->damaged;
	return l->scanned;
}

static void scan_because(struct lookup *l, bool damaged, const char *why)
{
	if (l->scanned && (l->damaged || !damaged))
		return;
	l->scanned = true;
	l->damaged = damaged;
	snprintf(l->why, sizeof(l->why), "%s", why);
}

/* --- what to look for --- */

/* A phone number as people write it has no letters; the digits of an id are none. */
static bool like_phone(struct slice typed)
{
	for (size_t i = 0; i < typed.len; i++)
		if ((typed.data[i] | 0x20) >= 'a' && (typed.data[i] | 0x20) <= 'z')
			return false;
	return true;
}

/* `any`: the key was not asked for by its name. */
static int add_wants(struct quest *q, const struct keyring_key *key, enum line_kind lines, bool any,
		     const struct slice *typed, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!(any && key->kind == KEY_PHONE && !like_phone(typed[i])) &&
		    wanted_add(&q->wanted, key, lines, i, typed[i]) != 0)
			return -1;
	return 0;
}

/* A member that the index does not know. */
static int add_plain(struct quest *q, struct slice name, const struct slice *typed, size_t count,
		     struct error *e)
{
	struct slice prefix = SLICE("batch.");
	bool response = slice_starts(name, prefix);
	struct slice member = name;

	if (response)
		member = slice_of(name.data + prefix.len, name.len - prefix.len);
	q->plain = (struct keyring_key){.name = name, .member_name = member, .kind = KEY_EXACT};
	if (count > 0 && bundle_lines(q->l->b, LINES_RESPONSES) > 0) {
		struct error why = {0};
		error_set(&why, ERROR_EMPTY, "%s: %.*s is not in the index", bundle_path(q->l->b),
			  (int)(name.len < 100 ? name.len : 100), name.data);
		scan_because(q->l, false, why.text);
	}
	if (add_wants(q, &q->plain, response ? LINES_RESPONSES : LINES_RECIPIENTS, false, typed,
		      count) != 0)
		return error_memory(e);
	return 0;
}

/* Wants of one kind of lines stand together. */
static int plan(struct quest *q, struct slice name, const struct slice *typed, size_t count,
		struct error *e)
{
	static const enum line_kind kinds[] = {LINES_RESPONSES, LINES_RECIPIENTS};

	if (name.len > 0 && lookup_key(q->l, name) == NULL)
		return add_plain(q, name, typed, count, e);
	for (int k = 0; k < 2; k++) {
		const struct keyring *ring = &q->l->rings[kinds[k]];

		for (unsigned i = 0; i < ring->count; i++)
			if ((name.len == 0 || slice_equal(ring->key[i].name, name)) &&
			    add_wants(q, &ring->key[i], kinds[k], name.len == 0, typed, count) != 0)
				return error_memory(e);
	}
	return 0;
}

/* --- the index --- */

/* Which of the frames of the kind it is; NONE: none of them. */
static uint32_t ordinal(const struct bundle *b, enum line_kind lines, uint32_t frame)
{
	uint32_t low = 0, high = bundle_line_frames(b, lines), count = high;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (bundle_line_frame(b, lines, middle) < frame)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && bundle_line_frame(b, lines, low) == frame ? low : NONE;
}

/* Might the frame hold lines that are asked for? */
static bool frame_asked(const struct quest *q, uint32_t n)
{
	const struct bundle *b = q->l->b;
	const struct frame_record *r = bundle_frame(b, bundle_line_frame(b, q->lines, n));

	return q->among == NULL || q->lines != LINES_RECIPIENTS ||
	       cover_meets(q->among, r->first, r->first + r->lines);
}

static int candidate(void *arg, size_t which, uint32_t frame)
{
	struct quest *q = arg;
	uint32_t n = ordinal(q->l->b, q->lines, frame);

	if (n == NONE || !frame_asked(q, n))
		return 0;
	if (array_reserve(&q->spots, &q->cap, q->count + 1, sizeof(*q->spots)) != 0) {
		q->failed = true;
		return 1;
	}
	q->spots[q->count++] = (struct spot){n, q->wants[q->print + which]};
	return 0;
}

struct mark {
	uint64_t fingerprint;
	uint32_t want;
};

static int by_fingerprint(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	return (x->fingerprint > y->fingerprint) - (x->fingerprint < y->fingerprint);
}

static int by_frame(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;

	if (x->frame != y->frame)
		return x->frame < y->frame ? -1 : 1;
	return (x->want > y->want) - (x->want < y->want);
}

static int read_page(struct lookup *l, uint32_t page, struct error *e)
{
	if (page == l->page_number)
		return 0;
	l->page_number = NONE;
	if (bundle_read_keys(l->b, page, l->decoder, &l->page, e) != 0)
		return -1;
	l->page_number = page;
	return 0;
}

static int ask_pages(struct quest *q, struct error *e)
{
	const struct keys_shape *shape = bundle_keys(q->l->b);
	size_t count = q->last - q->first;

	for (size_t end; q->print < count; q->print = end) {
		uint32_t page = keys_page_of(shape, q->prints[q->print]);

		end = q->print + 1;
		while (end < count && keys_page_of(shape, q->prints[end]) == page)
			end++;
		if (read_page(q->l, page, e) != 0 ||
		    keys_page_find_all(shape, buf_view(&q->l->page), q->prints + q->print,
				       end - q->print, candidate, q, e) == -1)
			return -1;
		if (q->failed)
			return error_memory(e);
	}
	return 0;
}

/* Fills prints and wants. */
static int make_prints(struct quest *q)
{
	size_t count = q->last - q->first;
	struct mark *marks = calloc(count + 1, sizeof(*marks));

	q->print = 0;
	free(q->prints);
	free(q->wants);
	q->prints = calloc(count + 1, sizeof(*q->prints));
	q->wants = calloc(count + 1, sizeof(*q->wants));
	if (marks == NULL || q->prints == NULL || q->wants == NULL) {
		free(marks);
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		const struct want *w = &q->wanted.want[q->first + i];

		marks[i].want = (uint32_t)(q->first + i);
		marks[i].fingerprint = keys_fingerprint(w->key->name, wanted_value(&q->wanted, w));
	}
	qsort(marks, count, sizeof(*marks), by_fingerprint);
	for (size_t i = 0; i < count; i++) {
		q->prints[i] = marks[i].fingerprint;
		q->wants[i] = marks[i].want;
	}
	free(marks);
	return 0;
}

/* Notes which frames are to be read for which wants. */
static int ask_index(struct quest *q, struct error *e)
{
	struct error why = {0};

	q->count = 0;
	q->all = q->wanted.want[q->first].key == &q->plain;
	if (q->all || bundle_keys(q->l->b) == NULL)
		return 0;
	if (make_prints(q) != 0)
		return error_memory(e);
	if (ask_pages(q, &why) != 0) {
		if (why.kind != ERROR_BUNDLE)
			return error_set(e, why.kind, "%s", why.text);
		scan_because(q->l, true, why.text);
		q->all = true;
	}
	if (q->count > 1)
		qsort(q->spots, q->count, sizeof(*q->spots), by_frame);
	return 0;
}

/* --- frames --- */

static int read_frame(struct lookup *l, uint32_t frame, struct slice *content, struct error *e)
{
	int oldest = 0;

	for (int i = 0; i < HELD; i++) {
		if (l->held[i].frame == frame) {
			l->held[i].used = ++l->clock;
			*content = buf_view(&l->held[i].content);
			return 0;
		}
		if (l->held[i].used < l->held[oldest].used)
			oldest = i;
	}
	l->held[oldest].frame = NONE;
	l->held[oldest].used = ++l->clock;
	if (bundle_read_frame(l->b, frame, l->decoder, &l->held[oldest].content, e) != 0)
		return -1;
	l->held[oldest].frame = frame;
	*content = buf_view(&l->held[oldest].content);
	return 0;
}

/* Numbers the lines of the hits and tells them. */
static int tell(struct quest *q, const struct frame_record *r, struct slice content)
{
	uint64_t number = r->first;
	const char *at = content.data;
	int result = 0;

	for (size_t i = 0; i < q->wanted.hits && result == 0; i++) {
		const struct wanted_hit *h = &q->wanted.hit[i];
		const char *line = content.data + h->at;

		while (at < line) {
			at = (const char *)memchr(at, '\n', (size_t)(line - at)) + 1;
			number++;
		}
		if (q->among == NULL || q->lines != LINES_RECIPIENTS || cover_has(q->among, number))
			result = q->found(q->arg, h->which, q->lines, number,
					  slice_of(line, h->len));
	}
	return result;
}

/* Reads a frame for the first `count` of q->hand. */
static int search_frame(struct quest *q, uint32_t n, size_t count, struct error *e)
{
	uint32_t frame = bundle_line_frame(q->l->b, q->lines, n);
	struct error why = {0};
	struct slice content;

	if (read_frame(q->l, frame, &content, &why) != 0) {
		if (why.kind != ERROR_BUNDLE)
			return error_set(e, why.kind, "%s", why.text);
		error_set(&q->damage, why.kind, "%s", why.text);
		return 0;
	}
	if (wanted_search(&q->wanted, q->hand, count, content) != 0)
		return error_memory(e);
	return tell(q, bundle_frame(q->l->b, frame), content);
}

static int search_all(struct quest *q, struct error *e)
{
	uint32_t count = bundle_line_frames(q->l->b, q->lines);
	size_t wants = q->last - q->first;
	int result = 0;

	for (size_t i = 0; i < wants; i++) {
		q->hand[i] = (uint32_t)(q->first + i);
		q->wanted.want[q->first + i].now = true;
	}
	for (uint32_t n = 0; n < count && result == 0; n++)
		if (frame_asked(q, n))
			result = search_frame(q, n, wants, e);
	return result;
}

static int search_spots(struct quest *q, struct error *e)
{
	struct want *want = q->wanted.want;
	int result = 0;

	for (size_t i = 0, end; i < q->count && result == 0; i = end) {
		size_t wants = 0;

		for (end = i; end < q->count && q->spots[end].frame == q->spots[i].frame; end++) {
			if (want[q->spots[end].want].now)
				continue; /* twice in the index */
			want[q->spots[end].want].now = true;
			q->hand[wants++] = q->spots[end].want;
		}
		result = search_frame(q, q->spots[i].frame, wants, e);
		for (size_t k = 0; k < wants; k++)
			want[q->hand[k]].now = false;
	}
	return result;
}

/* --- a lookup --- */

static int run(struct quest *q, struct error *e)
{
	int result = 0;

	for (q->first = 0; q->first < q->wanted.count && result == 0; q->first = q->last) {
		q->lines = q->wanted.want[q->first].lines;
		for (q->last = q->first; q->last < q->wanted.count; q->last++)
			if (q->wanted.want[q->last].lines != q->lines)
				break;
		if (ask_index(q, e) != 0)
			return -1;
		result = q->all ? search_all(q, e) : search_spots(q, e);
	}
	if (result == 0 && q->damage.kind != ERROR_NONE)
		return error_set(e, q->damage.kind, "%s", q->damage.text);
	return result;
}

int lookup_among(struct lookup *l, struct slice name, const struct slice *typed, size_t count,
		 const struct cover *lines, lookup_found *found, void *arg, struct error *e)
{
	struct quest q = {.l = l, .among = lines, .found = found, .arg = arg};
	int result = plan(&q, name, typed, count, e);

	q.hand = calloc(q.wanted.count + 1, sizeof(*q.hand));
	if (result == 0 && q.hand == NULL)
		result = error_memory(e);
	if (result == 0)
		result = run(&q, e);
	free(q.spots);
	free(q.prints);
	free(q.wants);
	free(q.hand);
	wanted_free(&q.wanted);
	return result;
}

int lookup_values(struct lookup *l, struct slice name, const struct slice *typed, size_t count,
		  lookup_found *found, void *arg, struct error *e)
{
	return lookup_among(l, name, typed, count, NULL, found, arg, e);
}

int lookup_value(struct lookup *l, struct slice name, struct slice typed, lookup_found *found,
		 void *arg, struct error *e)
{
	return lookup_among(l, name, &typed, 1, NULL, found, arg, e);
}
