/*
 * keeper.c: the lines of a response.
 * A state of a batch is written once, as far as `states` remembers; a response says which lines
 * are its recipients. It must never write a line whose number it does not tell `states`.
 */
#include "bundle/keeper.h"

#include <stdlib.h>

#include "base/hashing.h"
#include "base/limits.h"
#include "base/map.h"
#include "bundle/keyring.h"
#include "bundle/keys.h"
#include "bundle/states.h"

/* A response's lines lie scattered when they take more frames than this, and more than
 * SCATTER_TIMES those that they would take together. Then the batch's next response is stored in
 * full. */
#define SCATTER_FRAMES 32
#define SCATTER_TIMES 4

struct keeper {
	struct writer *w;
	struct keeper_counts counts;
	struct map *batches;
	struct keyring recipient_keys, response_keys;
	struct states *states;
	uint32_t *stamps; /* of frames with recipients: `stamp` when the last response used it */
	uint32_t stamp;
	size_t stamps_cap, stamps_count;

	/* the response being written */
	struct buf id;             /* of its batch */
	bool open;                 /* in `states` */
	uint64_t recipients_before; /* counts.recipients at its beginning */
	uint64_t number;
	uint64_t recipients;
	uint64_t bytes;            /* of their normal forms */
	struct hashing *identity;
	bool known;                /* it cannot be made: it is known_identity */
	struct sha256 known_identity;
	struct buf rows, value, marked;
};

struct keeper *keeper_new(struct writer *w, const struct model *model)
{
	struct keeper *k = calloc(1, sizeof(*k));
	struct error ignored = {0};

	if (k == NULL)
		return NULL;
	k->w = w;
	k->batches = map_new();
	k->identity = hashing_new();
	k->states = states_new(STATES_BYTES, &ignored);
	if (k->batches == NULL || k->identity == NULL || k->states == NULL ||
	    keyring_make(&k->recipient_keys, LINES_RECIPIENTS, model_recipient(model)) != 0 ||
	    keyring_make(&k->response_keys, LINES_RESPONSES, model_root(model)) != 0) {
		keeper_free(k);
		return NULL;
	}
	hashing_use(k->identity, writer_pool(w));
	return k;
}

void keeper_free(struct keeper *k)
{
	if (k == NULL)
		return;
	map_free(k->batches);
	hashing_free(k->identity);
	states_free(k->states);
	keyring_free(&k->recipient_keys);
	keyring_free(&k->response_keys);
	free(k->stamps);
	buf_free(&k->id);
	buf_free(&k->rows);
	buf_free(&k->value);
	buf_free(&k->marked);
	free(k);
}

const struct keeper_counts *keeper_counts(const struct keeper *k)
{
	return &k->counts;
}

void keeper_give_up(struct keeper *k)
{
	states_take_back(k->states);
	k->counts.recipients = k->recipients_before;
	k->open = false;
}

void keeper_begin(struct keeper *k)
{
	k->recipients_before = k->counts.recipients;
	buf_clear(&k->id);
	k->number = writer_lines(k->w, LINES_RESPONSES) + 1;
	k->recipients = 0;
	k->bytes = 0;
	k->known = false;
	hashing_final(k->identity);
}

int keeper_batch(struct keeper *k, struct slice id, struct error *e)
{
	buf_clear(&k->id);
	buf_slice(&k->id, id);
	return k->id.failed ? error_memory(e) : 0;
}

/* The keys of the line just written. */
static int write_keys(struct keeper *k, const struct keyring *keys, keeper_value *value,
		      const void *arg, struct error *e)
{
	for (unsigned i = 0; i < keys->count; i++) {
		const struct keyring_key *key = &keys->key[i];

		if (!keyring_value(key, value(arg, key->member), &k->value))
			continue;
		if (k->value.failed)
			return error_memory(e);
		if (writer_key(k->w, keys->lines,
			       keys_fingerprint(key->name, buf_view(&k->value)), e) != 0)
			return -1;
	}
	return 0;
}

static int open_states(struct keeper *k, struct error *e)
{
	if (k->open)
		return 0;
	k->open = true;
	return states_begin(k->states, buf_view(&k->id), e);
}

/* `state` is by what its line is known; `mark` may be empty. */
static int keep_recipient(struct keeper *k, struct slice state, struct slice mark,
			  const struct record *recipient, keeper_value *value, const void *arg,
			  struct error *e)
{
	struct buf *out;
	uint64_t line;

	k->recipients++;
	k->bytes += recipient->text.len;
	if (open_states(k, e) != 0 ||
	    states_recipient(k->states, state, writer_lines(k->w, LINES_RECIPIENTS) + 1, &line,
			     e) != 0)
		return -1;
	if (line != 0)
		return 0;
	out = writer_line(k->w, LINES_RECIPIENTS);
	if (mark.len > 0)
		record_erased(out, buf_view(&k->id), k->number, mark, recipient);
	else
		record_recipient(out, buf_view(&k->id), k->number, recipient);
	k->counts.recipients++;
	if (writer_line_end(k->w, LINES_RECIPIENTS, e) != 0)
		return -1;
	return write_keys(k, &k->recipient_keys, value, arg, e);
}

int keeper_recipient(struct keeper *k, const struct record *recipient, keeper_value *value,
		     const void *arg, struct error *e)
{
	hashing_copy(k->identity, recipient->text.data, recipient->text.len);
	hashing_copy(k->identity, "\n", 1);
	return keep_recipient(k, recipient->text, (struct slice){0}, recipient, value, arg, e);
}

/* No normal form begins as this state does. */
int keeper_erased(struct keeper *k, struct slice mark, const struct record *recipient,
		  keeper_value *value, const void *arg, struct error *e)
{
	buf_clear(&k->marked);
	buf_slice(&k->marked, mark);
	buf_slice(&k->marked, recipient->text);
	if (k->marked.failed)
		return error_memory(e);
	return keep_recipient(k, buf_view(&k->marked), mark, recipient, value, arg, e);
}

void keeper_known(struct keeper *k, const struct sha256 *identity)
{
	k->known = true;
	k->known_identity = *identity;
}

/* Whoever shows a response must not have to read all frames of a bundle. */
static int watch_scatter(struct keeper *k, struct error *e)
{
	uint32_t frames = writer_frames(k->w, LINES_RECIPIENTS), used = 0;
	uint64_t together = k->bytes / FRAME_BYTES + 1;
	struct states_run run = {0};

	if (frames <= SCATTER_FRAMES)
		return 0;
	if (array_reserve(&k->stamps, &k->stamps_cap, frames, sizeof(*k->stamps)) != 0)
		return error_memory(e);
	while (k->stamps_count < frames)
		k->stamps[k->stamps_count++] = 0;
	k->stamp++;
	while (states_next_run(k->states, &run)) {
		uint32_t from = writer_frame_of(k->w, LINES_RECIPIENTS, run.line);
		uint32_t to = writer_frame_of(k->w, LINES_RECIPIENTS, run.line + run.count - 1);

		for (; from <= to; from++) {
			used += k->stamps[from] != k->stamp;
			k->stamps[from] = k->stamp;
		}
	}
	if (used > SCATTER_FRAMES && used > SCATTER_TIMES * together)
		states_scattered(k->states);
	return 0;
}

static int count(struct keeper *k, struct error *e)
{
	if (map_add(k->batches, buf_view(&k->id)) == MAP_NONE)
		return error_memory(e);
	k->counts.batches = map_count(k->batches);
	k->counts.responses++;
	return 0;
}

int keeper_response(struct keeper *k, struct envelope *envelope, const struct record *response,
		    keeper_value *value, const void *arg, struct error *e)
{
	hashing_copy(k->identity, response->text.data, response->text.len);
	hashing_copy(k->identity, "\n", 1);
	envelope->identity = hashing_final(k->identity);
	if (k->known)
		envelope->identity = k->known_identity;
	envelope->response = k->number;
	envelope->recipients = k->recipients;
	buf_clear(&k->rows);
	if (open_states(k, e) != 0 ||
	    states_keep(k->states, k->number, &k->rows, &envelope->base, e) != 0)
		return -1;
	k->open = false;
	envelope->rows = buf_view(&k->rows);
	record_response(writer_line(k->w, LINES_RESPONSES), envelope, response);
	if (writer_line_end(k->w, LINES_RESPONSES, e) != 0 ||
	    write_keys(k, &k->response_keys, value, arg, e) != 0 || watch_scatter(k, e) != 0)
		return -1;
	return count(k, e);
}
