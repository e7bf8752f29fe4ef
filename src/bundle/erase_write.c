/*
 * erase_write.c: copies a bundle frame by frame without what is to be erased.
 * Frames of lines are looked into by several threads and taken in order; one that does not change
 * goes into the new bundle as it is.
 * It must never write a line that it did not look at.
 */
#include "bundle/erase.h"

#include <stdlib.h>

#include "bundle/crew.h"
#include "bundle/erase_parts.h"
#include "bundle/inside.h"
#include "bundle/keys.h"
#include "bundle/tombstone.h"
#include "json/members.h"

/* What came of a frame; one for each slot of the crew. */
struct work {
	struct needles_look *look, *pieces;
	struct buf content; /* of the new frame */
	bool changed;
	uint64_t others;  /* lines that lost strings */
	uint64_t *prints; /* of the keys of its lines, in order */
	size_t count, cap;
	struct buf line, value;
	struct error error;
};

struct writing {
	struct erase *x;
	struct writer *w;
	struct crew *crew;
	struct work *works;
	enum line_kind kind;
	uint32_t ordinal[LINES_KINDS]; /* of each kind: frames that were taken */
	struct buf packed;
	void (*progress)(void *arg, uint64_t bytes);
	void *progress_arg;
};

/* --- a frame, by any thread --- */

static void put_line(struct work *w, struct slice line)
{
	buf_slice(&w->content, line);
	buf_byte(&w->content, '\n');
}

/* A line that may have to lose strings. */
static void put_part(const struct writing *r, struct work *w, struct slice line)
{
	bool sources = r->kind == LINES_SOURCES, good;

	buf_clear(&w->line);
	if (sources) {
		const struct erase *x = r->x;
		static const char *const names[] = {"set_aside", "whole_file", "original"};
		bool blob = false;

		for (size_t i = 0; i < 3; i++) {
			struct slice name = members_find(line, names[i]);
			uint32_t entry = UINT32_MAX;

			if (name.len > 2)
				entry = bundle_find_entry(x->b,
							  slice_of(name.data + 1, name.len - 2));
			blob |= entry != UINT32_MAX && x->blob[entry];
		}
		good = tombstone_source(line, w->pieces, blob, &w->line);
	} else {
		good = tombstone_part(line, w->look, w->pieces, &w->line);
	}
	if (!good)
		error_set(&w->error, w->line.failed ? ERROR_MEMORY : ERROR_BUNDLE,
			  "%s: a line is not in the normal form", bundle_path(r->x->b));
	w->others += !sources && !slice_equal(line, buf_view(&w->line));
	put_line(w, buf_view(&w->line));
}

static void take_line(const struct writing *r, struct work *w, uint64_t number, struct slice line)
{
	const struct erase *x = r->x;

	if (r->kind == LINES_FINDINGS) {
		if (erase_bit(x->findings, number)) {
			tombstone_finding(line, &w->content);
			buf_byte(&w->content, '\n');
			return;
		}
	} else if (r->kind == LINES_RECIPIENTS && persons_have(x->plan.persons, number)) {
		if (!tombstone_recipient(line, &w->content))
			error_set(&w->error, ERROR_BUNDLE, "%s: a line is not in the normal form",
				  bundle_path(x->b));
		buf_byte(&w->content, '\n');
		return;
	} else if (r->kind == LINES_SOURCES ||
		   needles_in(r->kind == LINES_RESPONSES ? w->pieces : w->look, line)) {
		put_part(r, w, line);
		return;
	}
	put_line(w, line);
}

static void add_print(struct work *w, const struct keyring_key *key, struct slice quoted)
{
	if (!keyring_value(key, quoted, &w->value))
		return;
	if (w->value.failed ||
	    array_reserve(&w->prints, &w->cap, w->count + 1, sizeof(*w->prints)) != 0)
		error_memory(&w->error);
	else
		w->prints[w->count++] = keys_fingerprint(key->name, buf_view(&w->value));
}

/* The keys of a line, in the order of the model. */
static void add_prints(const struct keyring *keys, struct work *w, struct slice line)
{
	struct slice values[KEYRING_MOST] = {{0}};
	struct members in;
	struct json_member m;
	unsigned left = keys->count;

	members_begin(&in, line);
	while (left > 0 && !in.array && members_next(&in, &m)) {
		struct slice name = slice_of(m.name.data + 1, m.name.len - 2);

		for (unsigned i = 0; i < keys->count; i++) {
			if (!slice_equal(name, keys->key[i].member_name))
				continue;
			values[i] = m.value;
			left--;
		}
	}
	for (unsigned i = 0; i < keys->count; i++)
		add_print(w, &keys->key[i], values[i]);
}

static void add_all_prints(const struct writing *r, struct work *w, struct slice content)
{
	const struct keyring *keys;
	const char *at = content.data, *end = at + content.len, *lf;

	if (r->kind != LINES_RECIPIENTS && r->kind != LINES_RESPONSES)
		return;
	keys = lookup_keys(r->x->plan.lookup, r->kind);
	for (; at < end; at = lf + 1) {
		lf = memchr(at, '\n', (size_t)(end - at));
		if (lf == NULL)
			lf = end;
		add_prints(keys, w, slice_of(at, (size_t)(lf - at)));
	}
}

/* Can all lines of the frame stay as they are? */
static bool untouched(const struct writing *r, struct work *w, struct slice content, uint64_t first,
		      uint64_t end)
{
	if (r->kind == LINES_RECIPIENTS)
		return !persons_meet(r->x->plan.persons, first, end) &&
		       !needles_in(w->look, content);
	if (r->kind == LINES_RESPONSES)
		return !needles_in(w->pieces, content); /* paths hold these */
	for (; r->kind == LINES_FINDINGS && first < end; first++)
		if (erase_bit(r->x->findings, first))
			return false;
	return r->kind == LINES_FINDINGS;
}

static void look(void *arg, unsigned slot, struct slice content, uint64_t first)
{
	const struct writing *r = arg;
	struct work *w = &r->works[slot];
	const char *at = content.data, *end = at + content.len, *lf;
	uint64_t number = first, last = first;

	for (const char *p = at; p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		last++;
	buf_clear(&w->content);
	w->count = 0;
	w->others = 0;
	w->error = (struct error){0};
	if (untouched(r, w, content, first, last)) {
		buf_slice(&w->content, content);
	} else {
		for (; at < end; at = lf + 1, number++) {
			lf = memchr(at, '\n', (size_t)(end - at));
			if (lf == NULL)
				lf = end;
			take_line(r, w, number, slice_of(at, (size_t)(lf - at)));
		}
	}
	w->changed = !slice_equal(buf_view(&w->content), content);
	add_all_prints(r, w, buf_view(&w->content));
	if (w->content.failed)
		error_memory(&w->error);
}

/* --- frames in order --- */

static bool every(void *arg, const struct frame_record *frame)
{
	(void)arg;
	(void)frame;
	return true;
}

static int take(void *arg, unsigned slot, const struct error *why, struct error *e)
{
	struct writing *r = arg;
	struct work *w = &r->works[slot];
	const struct bundle *b = r->x->b;
	uint32_t frame = bundle_line_frame(b, r->kind, r->ordinal[r->kind]++);
	const struct frame_record *old = bundle_frame(b, frame);
	struct slice packed = {0};

	if (why->kind != ERROR_NONE || w->error.kind != ERROR_NONE) {
		const struct error *first = why->kind != ERROR_NONE ? why : &w->error;

		return error_set(e, first->kind, "%s", first->text);
	}
	if (!w->changed) {
		if (bundle_read_packed(b, frame, &r->packed, e) != 0)
			return -1;
		packed = buf_view(&r->packed);
	}
	r->x->counts.others += w->others;
	if (writer_frame(r->w, r->kind, &w->content, old->lines, packed, &old->digest, e) != 0)
		return -1;
	for (size_t i = 0; i < w->count; i++)
		if (writer_key(r->w, r->kind, w->prints[i], e) != 0)
			return -1;
	if (r->progress != NULL)
		r->progress(r->progress_arg, old->size);
	return 0;
}

/* --- entries --- */

static int write_shard(struct writing *r, uint32_t entry, enum line_kind kind, struct error *e)
{
	const struct bundle *b = r->x->b;
	const struct crew_task task = {b, kind, r, every, look, take};
	uint32_t count = b->heads[entry + 1] - b->heads[entry] - 1;

	r->kind = kind;
	if (crew_run_some(r->crew, &task, r->ordinal[kind], count, e) != 0)
		return -1;
	return writer_shard_end(r->w, kind, e);
}

struct blob_frames {
	struct writing *r;
	uint32_t first;
};

static int next_frame(void *arg, uint32_t i, struct frame_record *record, struct slice *packed,
		      struct error *e)
{
	const struct blob_frames *f = arg;
	struct writing *r = f->r;

	*record = *bundle_frame(r->x->b, f->first + i);
	if (bundle_read_packed(r->x->b, f->first + i, &r->packed, e) != 0)
		return -1;
	*packed = buf_view(&r->packed);
	if (r->progress != NULL)
		r->progress(r->progress_arg, record->size);
	return 0;
}

static int read_tombstone(void *arg, uint64_t offset, void *data, size_t len, struct error *e)
{
	(void)arg;
	(void)e;
	memcpy(data, TOMBSTONE_BLOB + offset, len);
	return 0;
}

static int write_blob(struct writing *r, uint32_t entry, enum blob_kind kind, struct error *e)
{
	const struct bundle *b = r->x->b;
	const struct bundle_entry *old = bundle_entry(b, entry);
	struct blob_frames frames = {r, b->heads[entry] + 1};
	uint64_t number;

	if (r->x->blob[entry])
		return writer_blob(r->w, kind, sizeof(TOMBSTONE_BLOB) - 1, read_tombstone, NULL,
				   &number, e);
	return writer_blob_frames(r->w, kind, old->size, &old->digest,
				  b->heads[entry + 1] - frames.first, next_frame, &frames, &number,
				  e);
}

static int write_entries(struct writing *r, struct error *e)
{
	for (uint32_t i = 0; i < bundle_entry_count(r->x->b); i++) {
		struct slice name = bundle_entry(r->x->b, i)->name;
		enum line_kind lines;
		enum blob_kind blob;
		uint64_t number;
		int result = 0;

		if (manifest_shard(name, &lines, &number))
			result = write_shard(r, i, lines, e);
		else if (manifest_blob(name, &blob, &number))
			result = write_blob(r, i, blob, e);
		if (result != 0)
			return -1;
	}
	return 0;
}

int erase_write(struct erase *x, struct writer *w, void (*progress)(void *arg, uint64_t bytes),
		void *progress_arg, struct error *e)
{
	struct writing r = {.x = x, .w = w, .progress = progress, .progress_arg = progress_arg};
	unsigned slots;
	bool good = true;
	int result = -1;

	r.crew = crew_new(x->plan.threads, e);
	if (r.crew == NULL)
		return -1;
	slots = crew_slots(r.crew);
	r.works = calloc(slots, sizeof(*r.works));
	for (unsigned i = 0; r.works != NULL && i < slots; i++) {
		r.works[i].look = needles_look_new(x->plan.needles);
		r.works[i].pieces = needles_look_new(x->plan.pieces);
		good &= r.works[i].look != NULL && r.works[i].pieces != NULL;
	}
	if (r.works == NULL || !good)
		error_memory(e);
	else
		result = write_entries(&r, e);
	for (unsigned i = 0; r.works != NULL && i < slots; i++) {
		struct work *k = &r.works[i];

		needles_look_free(k->look);
		needles_look_free(k->pieces);
		buf_free(&k->content);
		buf_free(&k->line);
		buf_free(&k->value);
		free(k->prints);
	}
	free(r.works);
	buf_free(&r.packed);
	crew_free(r.crew);
	return result;
}
