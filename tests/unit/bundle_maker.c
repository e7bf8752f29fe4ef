/*
 * bundle_maker.c: makes bundles for tests.
 * All digests are of what stands in the file, also when a hook changed it.
 * It must never use the writer: the two are checked against each other.
 */
#include "bundle_maker.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bundle/frame.h"
#include "bundle/tar.h"

static struct error e;

struct maker *maker_new(void)
{
	struct maker *m = calloc(1, sizeof(*m));

	ck_assert_ptr_nonnull(m);
	e = (struct error){0};
	return m;
}

void maker_free(struct maker *m)
{
	for (uint32_t i = 0; i < m->pending_count; i++)
		buf_free(&m->pending[i].raw);
	buf_free(&m->file);
	free(m);
}

void maker_entry(struct maker *m, const char *name)
{
	ck_assert_uint_lt(m->entry_count, MAKER_ENTRIES);
	snprintf(m->entries[m->entry_count].name, sizeof(m->entries[0].name), "%s", name);
	m->entries[m->entry_count++].first_frame = m->pending_count;
	for (int i = 0; i < BLOB_KINDS; i++) {
		if (strncmp(name, layout_blobs[i], strlen(layout_blobs[i])) == 0)
			m->blobs[i]++;
	}
}

static void data_frame(struct maker *m, struct slice raw, uint32_t lines)
{
	ck_assert_uint_lt(m->pending_count, MAKER_FRAMES);
	buf_slice(&m->pending[m->pending_count].raw, raw);
	m->pending[m->pending_count++].lines = lines;
	m->entries[m->entry_count - 1].size += raw.len;
}

static int kind_of(const char *name)
{
	for (int i = 0; i < LINES_KINDS; i++) {
		if (strncmp(name, layout_lines[i], strlen(layout_lines[i])) == 0)
			return i;
	}
	return -1;
}

void maker_frame(struct maker *m, const char *text)
{
	uint32_t lines = 0;

	if (kind_of(m->entries[m->entry_count - 1].name) >= 0) {
		for (const char *p = text; *p != '\0'; p++)
			lines += *p == '\n';
	}
	data_frame(m, slice_string(text), lines);
}

static void put_frame(struct maker *m, struct encoder *c, struct slice raw, struct frame_record r)
{
	ck_assert_uint_lt(m->frame_count, MAKER_FRAMES);
	r.offset = m->file.len;
	r.raw = (uint32_t)raw.len;
	ck_assert_int_eq(encoder_frame(c, raw, &m->file, &e), 0);
	r.size = (uint32_t)(m->file.len - r.offset);
	ck_assert_int_eq(sha256_of(m->file.data + r.offset, r.size, &r.digest), 0);
	m->frames[m->frame_count++] = r;
}

static void put_header(struct maker *m, struct encoder *c, uint32_t entry)
{
	static const char zeros[TAR_BLOCK];
	struct frame_record r = {.entry = entry | FRAME_HEADER_BIT};
	struct buf raw = BUF_INIT;

	if (entry > 0)
		buf_append(&raw, zeros, tar_padding(m->entries[entry - 1].size));
	ck_assert_int_eq(tar_header(m->entries[entry].name, m->entries[entry].size, m->mtime, &raw,
				    &e), 0);
	if (m->change_header != NULL)
		m->change_header(m, entry, &raw);
	put_frame(m, c, buf_view(&raw), r);
	buf_free(&raw);
}

/* The frames of an entry, and its digest. */
static void put_entry(struct maker *m, struct encoder *c, uint32_t entry)
{
	struct hasher *h = hasher_new();
	int kind = kind_of(m->entries[entry].name);
	uint32_t end = entry + 1 < m->entry_count ? m->entries[entry + 1].first_frame
						  : m->pending_count;
	uint64_t offset = 0;

	put_header(m, c, entry);
	for (uint32_t i = m->entries[entry].first_frame; i < end; i++) {
		struct slice raw = buf_view(&m->pending[i].raw);
		struct frame_record r = {.entry = entry, .lines = m->pending[i].lines};
		r.first = kind >= 0 ? m->lines[kind] + 1 : offset;
		put_frame(m, c, raw, r);
		hasher_update(h, raw.data, raw.len);
		offset += raw.len;
		if (kind >= 0)
			m->lines[kind] += r.lines;
	}
	m->entries[entry].digest = hasher_final(h);
	hasher_free(h);
}

static void put_frame_list(struct maker *m, struct encoder *c)
{
	unsigned char page[FRAME_RECORDS_PER_FRAME * FRAME_RECORD_BYTES];
	uint32_t count = m->frame_count, used = 0;

	maker_entry(m, ENTRY_FRAMES);
	for (uint32_t i = 0; i < count; i++) {
		struct frame_record r = m->frames[i];
		if (m->change_record != NULL)
			m->change_record(m, i, &r);
		layout_put_record(&r, page + FRAME_RECORD_BYTES * used++);
		if (used == FRAME_RECORDS_PER_FRAME || i + 1 == count) {
			data_frame(m, slice_of((char *)page, used * FRAME_RECORD_BYTES), 0);
			used = 0;
		}
	}
	put_entry(m, c, m->entry_count - 1);
}

static struct sha256 put_manifest(struct maker *m, struct encoder *c)
{
	struct buf text = BUF_INIT;

	for (uint32_t i = 0; i < m->entry_count; i++)
		tail_manifest_line(slice_string(m->entries[i].name), &m->entries[i].digest, &text);
	if (m->change_manifest != NULL)
		m->change_manifest(m, &text);
	maker_entry(m, ENTRY_MANIFEST);
	data_frame(m, slice_of(text.data, text.len / 2), 0); /* two frames, although it is small */
	data_frame(m, slice_of(text.data + text.len / 2, text.len - text.len / 2), 0);
	buf_free(&text);
	put_entry(m, c, m->entry_count - 1);
	return m->entries[m->entry_count - 1].digest;
}

static void put_trailer(struct maker *m, struct tail_facts *f)
{
	struct buf json = BUF_INIT, frame = BUF_INIT;
	uint32_t raw;

	if (m->change_facts != NULL)
		m->change_facts(m, f);
	ck_assert_int_eq(tail_trailer_json(f, &json, &e), 0);
	if (m->change_json != NULL)
		m->change_json(m, &json);
	ck_assert_int_eq(tail_trailer_frame(tar_padding(m->entries[m->entry_count - 1].size),
					    m->mtime, buf_view(&json), &frame, &raw, &e), 0);
	if (m->change_trailer != NULL)
		m->change_trailer(m, &frame);
	buf_slice(&m->file, buf_view(&frame));
	ck_assert_int_eq(tail_seek_table(m->frames, m->frame_count, (uint32_t)frame.len, raw,
					 &m->file, &e), 0);
	buf_free(&json);
	buf_free(&frame);
}

void maker_finish(struct maker *m)
{
	struct encoder *c = encoder_new(1);
	uint32_t count = m->entry_count;
	struct tail_facts f = {.mtime = m->mtime};

	for (uint32_t i = 0; i < count; i++)
		put_entry(m, c, i);
	f.frames = m->frame_count;
	f.entries = count + 1;
	put_frame_list(m, c);
	f.frame_list = m->entries[m->entry_count - 1].digest;
	f.manifest = put_manifest(m, c);
	memcpy(f.lines, m->lines, sizeof(f.lines));
	memcpy(f.blobs, m->blobs, sizeof(f.blobs));
	f.tail = m->frames + f.frames;
	f.tail_count = m->frame_count - f.frames;
	put_trailer(m, &f);
	encoder_free(c);
	ck_assert_int_eq(e.kind, ERROR_NONE);
	ck_assert(!m->file.failed);
}

struct maker *maker_sample(void)
{
	struct maker *m = maker_new();

	maker_entry(m, ENTRY_ABOUT);
	maker_frame(m, "{\"format\":\"callroll-bundle\"}\n");
	maker_entry(m, ENTRY_FORMAT);
	maker_frame(m, "What a bundle is.\n");
	maker_entry(m, ENTRY_MODEL);
	maker_frame(m, "{}\n");
	maker_entry(m, "recipients/00000001.ndjson");
	maker_frame(m, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
	maker_frame(m, "{\"n\":4}\n\n");
	maker_entry(m, "responses/00000001.ndjson");
	maker_frame(m, "{\"r\":1}\n");
	maker_entry(m, "set-aside/00000001");
	maker_frame(m, "<html>no batch");
	maker_frame(m, " at all</html>");
	maker_entry(m, "set-aside/00000002"); /* empty */
	maker_entry(m, "recipients/00000002.ndjson");
	maker_frame(m, "{\"n\":6}\n");
	maker_entry(m, "sources/00000001.ndjson");
	maker_frame(m, "{\"source\":1}\n{\"source\":2}\n");
	return m;
}

int maker_file(struct slice bytes, char *path)
{
	int fd = memfd_create("bundle", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	if (bytes.len > 0)
		ck_assert_int_eq(write(fd, bytes.data, bytes.len), (ssize_t)bytes.len);
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}
