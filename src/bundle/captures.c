/*
 * captures.c: which responses there are, batch by batch.
 * After captures_sort the captures of a batch stand together, oldest first.
 * It must never hold a response line, only what orders it.
 */
#include "bundle/captures.h"

#include <stdlib.h>

#include "bundle/frame.h"
#include "json/members.h"

struct captures {
	struct map *batches;
	struct capture *list;
	size_t count, cap;
	size_t *first;              /* of each batch, and one more: set by captures_sort */
	uint32_t number;            /* of the bundle that is being added */
	const struct slice *wanted; /* the batches that are added */
	bool failed;
};

struct captures *captures_new(void)
{
	struct captures *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->batches = map_new();
	if (c->batches == NULL) {
		free(c);
		return NULL;
	}
	return c;
}

void captures_free(struct captures *c)
{
	if (c == NULL)
		return;
	map_free(c->batches);
	free(c->list);
	free(c->first);
	free(c);
}

static int64_t time_of(struct slice value)
{
	int64_t n;

	return json_int(value, &n) ? n : INT64_MIN;
}

/* What orders a response, in one walk: lists of rows are long. */
struct order {
	struct slice id, updated, seen;
};

static struct order order_of(struct slice line)
{
	struct order o = {0};
	struct members in;
	struct json_member m;

	members_begin(&in, line);
	while (!in.array && members_next(&in, &m)) {
		if (slice_equal(m.name, SLICE("\"id\"")))
			o.id = m.value;
		else if (slice_equal(m.name, SLICE("\"last_updated_at_unix\"")))
			o.updated = m.value;
		else if (slice_equal(m.name, SLICE("\"_seen\"")))
			o.seen = m.value;
	}
	return o;
}

static int add(struct captures *c, uint64_t number, const struct order *o)
{
	uint32_t batch = map_add(c->batches, o->id);

	if (batch == MAP_NONE ||
	    array_reserve(&c->list, &c->cap, c->count + 1, sizeof(*c->list)) != 0)
		return -1;
	c->list[c->count++] = (struct capture){
		.bundle = c->number,
		.batch = batch,
		.response = number,
		.updated = time_of(o->updated),
		.seen = time_of(o->seen),
	};
	return 0;
}

/* --- all --- */

static int add_frame(struct captures *c, struct slice content, uint64_t number)
{
	const char *at = content.data, *end = content.data + content.len;

	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));

		if (lf == NULL)
			lf = end;
		struct order o = order_of(slice_of(at, (size_t)(lf - at)));
		if (add(c, number++, &o) != 0)
			return -1;
		at = lf + 1;
	}
	return 0;
}

int captures_add(struct captures *c, uint32_t number, const struct bundle *b, struct error *e)
{
	struct decoder *d = decoder_new();
	struct buf content = BUF_INIT;
	struct error damage = {0};

	if (d == NULL)
		return error_memory(e);
	c->number = number;
	for (uint32_t i = 0; i < bundle_line_frames(b, LINES_RESPONSES); i++) {
		uint32_t frame = bundle_line_frame(b, LINES_RESPONSES, i);
		struct error why = {0};

		if (bundle_read_frame(b, frame, d, &content, &why) == 0) {
			if (add_frame(c, buf_view(&content), bundle_frame(b, frame)->first) != 0)
				error_memory(&damage);
		} else {
			error_set(&damage, why.kind, "%s", why.text);
		}
		if (damage.kind != ERROR_NONE && damage.kind != ERROR_BUNDLE)
			break;
	}
	buf_free(&content);
	decoder_free(d);
	return damage.kind == ERROR_NONE ? 0 : error_set(e, damage.kind, "%s", damage.text);
}

/* --- of some batches --- */

static int found(void *arg, size_t which, enum line_kind lines, uint64_t number, struct slice line)
{
	struct captures *c = arg;

	struct order o = order_of(line);

	/* the index knows ids by what they stand for; another spelling is not in the normal form */
	if (lines != LINES_RESPONSES || !slice_equal(o.id, c->wanted[which]))
		return 0;
	c->failed |= add(c, number, &o) != 0;
	return c->failed ? 1 : 0;
}

int captures_add_batches(struct captures *c, uint32_t number, struct lookup *l,
			 const struct slice *batch, size_t count, struct error *e)
{
	struct buf text = BUF_INIT;
	struct slice *plain = calloc(count + 1, sizeof(*plain));
	size_t *end = calloc(count + 1, sizeof(*end));
	int result = -1;

	c->number = number;
	c->wanted = batch;
	c->failed = plain == NULL || end == NULL;
	for (size_t i = 0; i < count && !c->failed; i++) {
		json_unescape(&text, batch[i]);
		end[i] = text.len;
	}
	c->failed |= text.failed;
	for (size_t i = 0, at = 0; i < count && !c->failed; at = end[i++])
		plain[i] = slice_of(text.data + at, end[i] - at);
	if (!c->failed)
		result = lookup_values(l, SLICE("batch.id"), plain, count, found, c, e);
	if (c->failed)
		result = error_memory(e);
	buf_free(&text);
	free(plain);
	free(end);
	return result;
}

/* --- order --- */

static int by_time(const void *a, const void *b)
{
	const struct capture *x = a, *y = b;

	if (x->batch != y->batch)
		return x->batch < y->batch ? -1 : 1;
	if (x->updated != y->updated)
		return x->updated < y->updated ? -1 : 1;
	if (x->bundle != y->bundle)
		return x->bundle < y->bundle ? -1 : 1;
	return (x->response > y->response) - (x->response < y->response);
}

int captures_sort(struct captures *c)
{
	size_t batches = map_count(c->batches);
	size_t *first = realloc(c->first, (batches + 1) * sizeof(*first));

	if (first == NULL)
		return -1;
	c->first = first;
	if (c->count > 1)
		qsort(c->list, c->count, sizeof(*c->list), by_time);
	for (size_t i = 0, b = 0; b <= batches; b++) {
		while (i < c->count && c->list[i].batch < b)
			i++;
		first[b] = i;
	}
	return 0;
}

const struct capture *captures_of(const struct captures *c, uint32_t batch, size_t *count)
{
	*count = c->first[batch + 1] - c->first[batch];
	return c->list + c->first[batch];
}

const struct map *captures_batches(const struct captures *c)
{
	return c->batches;
}

/* --- gaps --- */

static int by_when(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

struct captures_gap captures_gap_of(int64_t *when, size_t count)
{
	struct captures_gap gap = {0};

	if (count > 1)
		qsort(when, count, sizeof(*when), by_when);
	for (size_t i = 1; i < count; i++)
		if ((uint64_t)when[i] - (uint64_t)when[i - 1] >
		    (uint64_t)gap.to - (uint64_t)gap.from)
			gap = (struct captures_gap){when[i - 1], when[i]};
	return gap;
}

int captures_longest_gap(const struct capture *list, size_t count, struct captures_gap *out)
{
	int64_t *when = malloc((count + 1) * sizeof(*when));
	size_t n = 0;

	if (when == NULL)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (capture_time(&list[i]) != INT64_MIN)
			when[n++] = capture_time(&list[i]);
	*out = captures_gap_of(when, n);
	free(when);
	return 0;
}
