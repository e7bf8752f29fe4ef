/*
 * test_verify.c: tests of bundle/verify.c: what is damaged is found, wherever it is, and named.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bundle/bundle.h"
#include "bundle/frame.h"
#include "bundle/tar.h"
#include "bundle/verify.h"
#include "bundle/writer.h"
#include "bundle_maker.h"

Suite *verify_suite(void);

static struct maker *m;
static struct verify_result r;
static struct error e;
static char path[64];
static uint64_t seed;

static void setup(void)
{
	m = maker_sample();
	r = (struct verify_result){0};
	e = (struct error){0};
	seed = 42;
}

static void teardown(void)
{
	buf_free(&r.report);
	maker_free(m);
}

/* The same numbers in every run. */
static uint32_t random_below(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % n);
}

static void verify_path(const struct sha256 *seal, unsigned threads)
{
	buf_free(&r.report);
	e = (struct error){0};
	ck_assert_msg(bundle_verify(path, seal, threads, &r, &e) == 0, "%s", e.text);
	buf_byte(&r.report, '\0');
}

static void verify_bytes(struct slice bytes)
{
	int fd = maker_file(bytes, path);

	verify_path(NULL, 1);
	close(fd);
}

static void expect_whole(struct slice bytes)
{
	verify_bytes(bytes);
	ck_assert_msg(r.whole, "%s", r.report.data);
	ck_assert_uint_eq(r.problems, 0);
	ck_assert_uint_eq(r.report.len, 1);
}

static void expect_damaged(struct slice bytes, const char *part)
{
	verify_bytes(bytes);
	ck_assert(!r.whole);
	ck_assert_uint_gt(r.problems, 0);
	ck_assert_msg(strstr(r.report.data, part) != NULL, "no \"%s\" in: %s", part, r.report.data);
}

/* --- whole --- */

START_TEST(a_whole_bundle)
{
	struct sha256 seal;

	m->mtime = _i * 1700000000;
	maker_finish(m);
	expect_whole(buf_view(&m->file));
	ck_assert_uint_eq(r.size, m->file.len);
	ck_assert_uint_eq(r.lines[LINES_RECIPIENTS], 6);
	ck_assert_uint_eq(r.lines[LINES_SOURCES], 2);
	ck_assert(r.has_seal);
	seal = r.seal;
	int fd = maker_file(buf_view(&m->file), path);
	verify_path(&seal, 3);
	ck_assert(r.whole);
	seal.bytes[31] ^= 1;
	verify_path(&seal, 1);
	ck_assert(!r.whole);
	ck_assert_uint_eq(r.problems, 1);
	ck_assert_ptr_nonnull(strstr(r.report.data, "its seal is "));
	ck_assert_ptr_nonnull(strstr(r.report.data, "in itself this one is whole"));
	close(fd);
}
END_TEST

START_TEST(no_file)
{
	ck_assert_int_eq(bundle_verify("/nonexistent/x", NULL, 1, &r, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_IO);
	e = (struct error){0};
	ck_assert_int_eq(bundle_verify("/tmp", NULL, 1, &r, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_IO);
}
END_TEST

/* --- damage anywhere --- */

/* One random bit of every byte: never whole, and reading what is there hands out nothing wrong. */
START_TEST(every_byte)
{
	maker_finish(m);
	int fd = maker_file(buf_view(&m->file), path);
	for (size_t at = (size_t)_i; at < m->file.len; at += 8) {
		char before = m->file.data[at], after = (char)(before ^ 1 << random_below(8));
		ck_assert_int_eq(pwrite(fd, &after, 1, (off_t)at), 1);
		verify_path(NULL, 1);
		ck_assert_msg(!r.whole && r.problems > 0, "byte %zu of %zu", at, m->file.len);
		ck_assert_int_eq(pwrite(fd, &before, 1, (off_t)at), 1);
	}
	verify_path(NULL, 1);
	ck_assert(r.whole);
	close(fd);
}
END_TEST

START_TEST(cuts)
{
	maker_finish(m);
	for (uint32_t i = 0; i < m->frame_count; i++) {
		verify_bytes(slice_of(m->file.data, m->frames[i].offset));
		ck_assert(!r.whole && r.problems == 1);
	}
	for (int i = 0; i < 200; i++) {
		verify_bytes(slice_of(m->file.data, random_below((uint32_t)m->file.len)));
		ck_assert(!r.whole && r.problems == 1);
	}
	expect_damaged(slice_of(m->file.data, m->frames[7].offset), "was cut short");
	expect_damaged(slice_of(m->file.data, m->frames[7].offset), "restore it from another copy");
}
END_TEST

START_TEST(additions)
{
	struct buf twice = BUF_INIT;

	maker_finish(m);
	buf_slice(&twice, buf_view(&m->file));
	buf_slice(&twice, buf_view(&m->file));
	expect_damaged(buf_view(&twice), "another file was put before it");
	twice.len = m->file.len + 1;
	expect_damaged(buf_view(&twice), "written after it");
	/* A skippable frame behind the seek table. */
	twice.len = m->file.len;
	buf_append(&twice, "\x50\x2a\x4d\x18\x00\x00\x00\x00", 8);
	expect_damaged(buf_view(&twice), "written after it");
	buf_free(&twice);
}
END_TEST

/* Two neighbours change places; the seek table may be made to agree. */
START_TEST(frames_swapped)
{
	maker_finish(m);
	for (uint32_t i = 0; i + 1 < m->frame_count; i++) {
		struct buf file = BUF_INIT;
		const struct frame_record *a = &m->frames[i], *b = a + 1;
		buf_append(&file, m->file.data, a->offset);
		buf_append(&file, m->file.data + b->offset, b->size);
		buf_append(&file, m->file.data + a->offset, a->size);
		size_t rest = b->offset + b->size;
		buf_append(&file, m->file.data + rest, m->file.len - rest);
		verify_bytes(buf_view(&file));
		ck_assert(!r.whole);
		char *entry = file.data + file.len - SEEK_OVERHEAD - 8 * (m->frame_count + 1) + 8 +
			      8 * i;
		char a_sizes[8];
		memcpy(a_sizes, entry, 8);
		memcpy(entry, entry + 8, 8);
		memcpy(entry + 8, a_sizes, 8);
		verify_bytes(buf_view(&file));
		ck_assert(!r.whole);
		buf_free(&file);
	}
}
END_TEST

/* --- the report --- */

static void flip(uint32_t frame)
{
	m->file.data[m->frames[frame].offset + m->frames[frame].size / 2] ^= 16;
}

START_TEST(names_what_was_held)
{
	maker_finish(m);
	flip(1);
	flip(8);
	flip(9);
	flip(13);
	expect_damaged(buf_view(&m->file),
		       "frame 1, callroll.json: its bytes are not those that were written\n"
		       "frame 8, recipients/00000001.ndjson lines 4-5: its bytes are not those that "
		       "were written\n"
		       "frame 9, the tar header of responses/00000001.ndjson: its bytes are not those "
		       "that were written\n"
		       "frame 13, set-aside/00000001 bytes 15-28: its bytes are not those that were "
		       "written\n"
		       "restore the bundle from another copy; everything not named here is intact\n");
	ck_assert_uint_eq(r.problems, 4);
	ck_assert(r.has_seal);
	flip(16);
	expect_damaged(buf_view(&m->file), "frame 16, recipients/00000002.ndjson line 1: its bytes");
	/* With any number of threads. */
	int fd = maker_file(buf_view(&m->file), path);
	for (unsigned threads = 0; threads < 6; threads++) {
		verify_path(NULL, threads);
		ck_assert_uint_eq(r.problems, 5);
	}
	close(fd);
}
END_TEST

/* When the tail is damaged, the rest is still looked at as far as it can be. */
START_TEST(tail_damaged)
{
	uint32_t list = m->pending_count + m->entry_count + 1; /* of index/frames.bin */

	maker_finish(m);
	flip(7);
	struct buf copy = BUF_INIT;
	buf_slice(&copy, buf_view(&m->file));
	flip(list);
	expect_damaged(buf_view(&m->file), "index/frames.bin is damaged");
	expect_damaged(buf_view(&m->file), "frame 7, what stands at bytes ");
	expect_damaged(buf_view(&m->file), "could not be compared");
	memcpy(m->file.data, copy.data, copy.len);
	flip(m->frame_count - 1);
	expect_damaged(buf_view(&m->file), "manifest-sha256.txt is damaged");
	expect_damaged(buf_view(&m->file), "frame 7, what stands at bytes ");
	memcpy(m->file.data, copy.data, copy.len);
	m->file.data[m->frames[m->frame_count - 1].offset + 700] ^= 1;
	expect_damaged(buf_view(&m->file), "the trailer is damaged");
	expect_damaged(buf_view(&m->file), "frame 7, what stands at bytes ");
	memcpy(m->file.data, copy.data, copy.len);
	m->file.data[m->file.len - 17] ^= 1; /* a size in the seek table */
	expect_damaged(buf_view(&m->file), "nothing in it could be checked");
	buf_free(&copy);
}
END_TEST

/* --- lists whose digests are right --- */

static void other_header(struct maker *maker, uint32_t entry, struct buf *content)
{
	static const int at[] = {0, 107, 135, 147, 154, 300, 500};

	if (entry == 3)
		content->data[content->len - 512 + (size_t)at[maker->arg]] ^= 1;
}

START_TEST(another_header)
{
	m->arg = (uint64_t)_i;
	m->change_header = other_header;
	maker_finish(m);
	expect_damaged(buf_view(&m->file), "the tar header of recipients/00000001.ndjson: it is not "
					   "the header that this entry must have");
	ck_assert_uint_eq(r.problems, 1);
}
END_TEST

static void other_mtime(struct maker *maker, uint32_t entry, struct buf *content)
{
	if (entry != 4)
		return;
	content->len -= TAR_BLOCK;
	ck_assert_int_eq(tar_header("responses/00000001.ndjson", maker->entries[4].size, 1, content,
				    &e), 0);
}

START_TEST(another_mtime)
{
	m->change_header = other_mtime;
	maker_finish(m);
	expect_damaged(buf_view(&m->file), "the tar header of responses/00000001.ndjson");
}
END_TEST

static void other_padding(struct maker *maker, uint32_t entry, struct buf *content)
{
	(void)maker;
	if (entry == 5)
		content->data[3] = 'x';
}

START_TEST(another_padding)
{
	m->change_header = other_padding;
	maker_finish(m);
	expect_damaged(buf_view(&m->file), "the tar header of set-aside/00000001");
}
END_TEST

static void other_digest(struct maker *maker, struct buf *text)
{
	char *row = text->data;

	for (uint64_t i = 0; i < maker->arg; i++)
		row = strchr(row, '\n') + 1;
	row[5] = row[5] == 'a' ? 'b' : 'a';
}

/* An entry was replaced, and with it everything but the manifest's row. */
START_TEST(another_entry)
{
	m->arg = (uint64_t)_i;
	m->change_manifest = other_digest;
	maker_finish(m);
	char want[128];
	snprintf(want, sizeof(want), "%s: its content is not what the manifest says\n",
		 m->entries[_i].name);
	expect_damaged(buf_view(&m->file), want);
	ck_assert_uint_eq(r.problems, 1);
}
END_TEST

static void other_lines(struct maker *maker, uint32_t frame, struct frame_record *rec)
{
	(void)maker;
	if (frame == 7)
		rec->lines = 2;
	if (frame == 8)
		*rec = (struct frame_record){rec->offset, rec->size, rec->raw, rec->entry, 3, 3,
					     rec->digest};
}

START_TEST(lines_moved)
{
	m->change_record = other_lines;
	maker_finish(m);
	expect_damaged(buf_view(&m->file), "frame 7, recipients/00000001.ndjson lines 1-2: it does "
					   "not hold the lines that the frame list says\nframe 8");
	ck_assert_uint_eq(r.problems, 2);
}
END_TEST

static void other_text(struct maker *maker, struct buf *text)
{
	char *at = maker->arg == 0 ? text->data + text->len - 1 : strchr(text->data, ',') + 1;
	size_t rest = (size_t)(text->data + text->len - at), offset = (size_t)(at - text->data);

	buf_byte(text, ' ');
	memmove(text->data + offset + 1, text->data + offset, rest);
	text->data[offset] = ' ';
}

/* White space in trailer.json: it means the same, and is not what callroll writes. */
START_TEST(another_text)
{
	m->arg = (uint64_t)_i;
	m->change_json = other_text;
	maker_finish(m);
	expect_damaged(buf_view(&m->file), "trailer.json: its text is not in the one form");
}
END_TEST

static void compressed_trailer(struct maker *maker, struct buf *frame)
{
	struct encoder *c = encoder_new(19);
	struct decoder *d = decoder_new();
	struct buf raw = BUF_INIT;
	uint32_t size;

	(void)maker;
	memcpy(&size, frame->data + 5, 4); /* frame_stored: magic, descriptor, size */
	ck_assert_int_eq(decoder_frame(d, buf_view(frame), size, &raw, &e), 0);
	buf_clear(frame);
	ck_assert_int_eq(encoder_frame(c, buf_view(&raw), frame, &e), 0);
	buf_free(&raw);
	encoder_free(c);
	decoder_free(d);
}

START_TEST(another_encoding)
{
	m->change_trailer = compressed_trailer;
	maker_finish(m);
	expect_damaged(buf_view(&m->file), "trailer.json: it is not encoded in the one way");
	ck_assert_uint_eq(r.problems, 1);
}
END_TEST

static void newer_version(struct maker *maker, struct buf *text)
{
	(void)maker;
	memcpy(memmem(text->data, text->len, "\"1.0\"", 5), "\"2.0\"", 5);
}

START_TEST(a_newer_version)
{
	m->change_json = newer_version;
	maker_finish(m);
	expect_damaged(buf_view(&m->file), "a newer callroll is needed\nnothing else was checked\n");
}
END_TEST

/* --- many frames, and hostile files --- */

START_TEST(limited_report)
{
	struct maker *many = maker_new();

	maker_entry(many, ENTRY_ABOUT);
	maker_frame(many, "{}\n");
	maker_entry(many, "recipients/00000001.ndjson");
	for (int i = 0; i < 3000; i++) {
		char line[32];
		snprintf(line, sizeof(line), "{\"n\":%d}\n", i);
		maker_frame(many, line);
	}
	maker_finish(many);
	int fd = maker_file(buf_view(&many->file), path);
	verify_path(NULL, 4);
	ck_assert_msg(r.whole, "%s", r.report.data);
	close(fd);
	for (uint32_t i = 5; i < 3000; i += 2)
		many->file.data[many->frames[i].offset + 20] ^= 1;
	fd = maker_file(buf_view(&many->file), path);
	verify_path(NULL, 4);
	close(fd);
	ck_assert_uint_eq(r.problems, 1498);
	ck_assert_ptr_nonnull(strstr(r.report.data, "\nand 1,448 more\nrestore "));
	int lines = 0;
	for (const char *p = r.report.data; *p != '\0'; p++)
		lines += *p == '\n';
	ck_assert_int_eq(lines, 52);
	maker_free(many);
}
END_TEST

START_TEST(what_the_writer_wrote)
{
	struct writer_options o = {.level = 3, .about = SLICE("{}\n"), .model = SLICE("{}\n"),
				   .threads = 2, .frame_bytes = 64, .shard_bytes = 512,
				   .mtime = 1700000000};
	struct writer_totals totals;

	snprintf(path, sizeof(path), "/tmp/test_verify.%d.tar.zst", (int)getpid());
	struct writer *w = writer_open(path, &o, &e);
	ck_assert_msg(w != NULL, "%s", e.text);
	for (int i = 1; i <= 2000; i++) {
		enum line_kind kind = (enum line_kind)random_below(LINES_KINDS);
		buf_printf(writer_line(w, kind), "{\"n\":%d}", i);
		ck_assert_int_eq(writer_line_end(w, kind, &e), 0);
	}
	ck_assert_msg(writer_close(w, &totals, &e) == 0, "%s", e.text);
	verify_path(&totals.seal, 2);
	unlink(path);
	ck_assert_msg(r.whole, "%s", r.report.data);
	ck_assert_uint_eq(r.size, totals.size);
}
END_TEST

/* Reads all that opens. */
static void read_everything(void)
{
	struct buf out = BUF_INIT;
	struct error why = {0};
	struct bundle *b = bundle_open(path, &why);

	if (b == NULL)
		return;
	for (int kind = 0; kind < LINES_KINDS; kind++) {
		struct line_cursor *c = bundle_cursor(b, (enum line_kind)kind, &why);
		struct slice line;
		while (cursor_next(c, &line, &why) == 1)
			;
		why = (struct error){0};
		cursor_seek(c, bundle_lines(b, (enum line_kind)kind), &why);
		cursor_free(c);
	}
	for (uint32_t i = 0; i < bundle_entry_count(b); i++) {
		why = (struct error){0};
		bundle_read_entry(b, i, 1 << 20, &out, &why);
	}
	buf_free(&out);
	bundle_close(b);
}

static void mutate(char *data, size_t len)
{
	static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff};
	uint32_t times = 1 + random_below(3);

	while (times-- > 0) {
		size_t at = random_below((uint32_t)len);
		if (random_below(2) == 0)
			data[at] = (char)values[random_below(sizeof(values))];
		else
			data[at] = (char)random_below(256);
	}
}

static void mutate_record(struct maker *maker, uint32_t frame, struct frame_record *rec)
{
	if (maker->arg == 0 && random_below(maker->frame_count) == 0) {
		unsigned char bytes[FRAME_RECORD_BYTES];
		layout_put_record(rec, bytes);
		mutate((char *)bytes, 32); /* the digest stays */
		layout_get_record(bytes, rec);
	}
	(void)frame;
}

static void mutate_manifest(struct maker *maker, struct buf *text)
{
	if (maker->arg == 1)
		mutate(text->data, text->len);
}

static void mutate_json(struct maker *maker, struct buf *text)
{
	if (maker->arg == 2)
		mutate(text->data, text->len);
}

static void mutate_header(struct maker *maker, uint32_t entry, struct buf *content)
{
	if (maker->arg == 3 && entry == random_below(10))
		mutate(content->data, content->len);
}

/* Lists changed at random whose digests are right, so that the checks behind the digests are met.
 */
START_TEST(hostile_lists)
{
	seed = (uint64_t)_i;
	for (int round = 0; round < 250; round++) {
		struct maker *h = maker_sample();
		h->arg = (uint64_t)(round % 4);
		h->change_record = mutate_record;
		h->change_manifest = mutate_manifest;
		h->change_json = mutate_json;
		h->change_header = mutate_header;
		maker_finish(h);
		int fd = maker_file(buf_view(&h->file), path);
		verify_path(NULL, 2);
		read_everything();
		close(fd);
		maker_free(h);
	}
}
END_TEST

/* The file changed at random: bytes, pieces left out, pieces doubled. */
START_TEST(hostile_bytes)
{
	seed = (uint64_t)_i + 100;
	maker_finish(m);
	for (int round = 0; round < 500; round++) {
		struct buf file = BUF_INIT;
		size_t from = random_below((uint32_t)m->file.len);
		size_t to = random_below((uint32_t)m->file.len);
		if (random_below(2) == 0) {
			buf_append(&file, m->file.data, from);
			buf_append(&file, m->file.data + to, m->file.len - to);
		} else {
			buf_slice(&file, buf_view(&m->file));
			/* The tail is where the numbers are. */
			size_t most = file.len < 400 ? file.len : 400;
			mutate(file.data + file.len - most, most);
		}
		int fd = maker_file(buf_view(&file), path);
		verify_path(NULL, 1);
		ck_assert(!r.whole || slice_equal(buf_view(&file), buf_view(&m->file)));
		read_everything();
		close(fd);
		buf_free(&file);
	}
}
END_TEST

Suite *verify_suite(void)
{
	Suite *s = suite_create("verify");
	TCase *t = tcase_create("verify");

	tcase_set_timeout(t, 180);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_whole_bundle, 0, 2);
	tcase_add_test(t, no_file);
	tcase_add_loop_test(t, every_byte, 0, 8);
	tcase_add_test(t, cuts);
	tcase_add_test(t, additions);
	tcase_add_test(t, frames_swapped);
	tcase_add_test(t, names_what_was_held);
	tcase_add_test(t, tail_damaged);
	tcase_add_loop_test(t, another_header, 0, 7);
	tcase_add_test(t, another_mtime);
	tcase_add_test(t, another_padding);
	tcase_add_loop_test(t, another_entry, 0, 10);
	tcase_add_test(t, lines_moved);
	tcase_add_loop_test(t, another_text, 0, 2);
	tcase_add_test(t, another_encoding);
	tcase_add_test(t, a_newer_version);
	tcase_add_test(t, limited_report);
	tcase_add_test(t, what_the_writer_wrote);
	tcase_add_loop_test(t, hostile_lists, 0, 4);
	tcase_add_loop_test(t, hostile_bytes, 0, 4);
	suite_add_tcase(s, t);
	return s;
}
