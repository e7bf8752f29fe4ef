/*
 * test_bundle.c: tests of what opens and reads a bundle: bundle/bundle.c, open.c, seek_table.c,
 * trailer.c, frame_list.c, manifest.c, foreign.c, cursor.c.
 */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "bundle/bundle.h"
#include "bundle/frame.h"
#include "bundle/tar.h"
#include "bundle/writer.h"
#include "bundle_maker.h"

Suite *bundle_suite(void);

static struct maker *m;
static struct bundle *b;
static struct error e;
static struct buf out;
static char path[64];
static int fd;

static void setup(void)
{
	m = maker_sample();
	b = NULL;
	fd = -1;
	e = (struct error){0};
	out = (struct buf)BUF_INIT;
}

static void teardown(void)
{
	bundle_close(b);
	buf_free(&out);
	if (fd >= 0)
		close(fd);
	maker_free(m);
}

static struct bundle *open_bytes(struct slice bytes)
{
	if (fd >= 0)
		close(fd);
	fd = maker_file(bytes, path);
	e = (struct error){0};
	return bundle_open(path, &e);
}

static void open_sample(void)
{
	maker_finish(m);
	b = open_bytes(buf_view(&m->file));
	ck_assert_msg(b != NULL, "%s", e.text);
}

/* The error names the file and holds `part`. */
static void expect_no_bundle(struct slice bytes, const char *part)
{
	ck_assert_ptr_null(open_bytes(bytes));
	ck_assert_int_eq(e.kind, ERROR_BUNDLE);
	ck_assert_msg(strncmp(e.text, path, strlen(path)) == 0, "%s", e.text);
	ck_assert_msg(strstr(e.text, part) != NULL, "no \"%s\" in: %s", part, e.text);
}

static void expect_error(enum error_kind kind, const char *part)
{
	ck_assert_int_eq(e.kind, kind);
	ck_assert_msg(strstr(e.text, part) != NULL, "no \"%s\" in: %s", part, e.text);
	e = (struct error){0};
}

/* --- what is there --- */

START_TEST(says_what_it_holds)
{
	open_sample();
	ck_assert_str_eq(bundle_path(b), path);
	ck_assert_uint_eq(bundle_file_size(b), m->file.len);
	ck_assert_uint_eq(bundle_lines(b, LINES_RECIPIENTS), 6);
	ck_assert_uint_eq(bundle_lines(b, LINES_RESPONSES), 1);
	ck_assert_uint_eq(bundle_lines(b, LINES_FINDINGS), 0);
	ck_assert_uint_eq(bundle_lines(b, LINES_SOURCES), 2);
	ck_assert_uint_eq(bundle_blobs(b, BLOB_SET_ASIDE), 2);
	ck_assert_uint_eq(bundle_blobs(b, BLOB_ORIGINALS), 0);
	ck_assert_uint_eq(bundle_frame_count(b), m->frame_count);
	for (uint32_t i = 0; i < m->frame_count; i++) {
		const struct frame_record *r = bundle_frame(b, i);
		ck_assert_uint_eq(r->offset, m->frames[i].offset);
		ck_assert_uint_eq(r->size, m->frames[i].size);
		ck_assert_uint_eq(r->entry, m->frames[i].entry);
		ck_assert_uint_eq(r->first, m->frames[i].first);
		ck_assert_mem_eq(&r->digest, &m->frames[i].digest, sizeof(r->digest));
	}
}
END_TEST

START_TEST(knows_its_entries)
{
	open_sample();
	ck_assert_uint_eq(bundle_entry_count(b), 10);
	for (uint32_t i = 0; i < 10; i++) {
		const struct bundle_entry *entry = bundle_entry(b, i);
		ck_assert(slice_equal(entry->name, slice_string(m->entries[i].name)));
		ck_assert_uint_eq(entry->size, m->entries[i].size);
		ck_assert_mem_eq(&entry->digest, &m->entries[i].digest, sizeof(entry->digest));
		ck_assert_uint_eq(bundle_find_entry(b, entry->name), i);
	}
	ck_assert_uint_eq(bundle_find_entry(b, SLICE("callroll.jso")), UINT32_MAX);
	ck_assert_uint_eq(bundle_find_entry(b, SLICE(ENTRY_MANIFEST)), UINT32_MAX);
	ck_assert_uint_eq(bundle_find_entry(b, SLICE("")), UINT32_MAX);
}
END_TEST

START_TEST(reads_entries)
{
	open_sample();
	ck_assert_int_eq(bundle_read_entry(b, 5, 28, &out, &e), 0);
	ck_assert(slice_equal(buf_view(&out), SLICE("<html>no batch at all</html>")));
	ck_assert_int_eq(bundle_read_entry(b, 6, 0, &out, &e), 0);
	ck_assert_uint_eq(out.len, 0);
	ck_assert_int_eq(bundle_read_entry(b, 5, 27, &out, &e), -1);
	expect_error(ERROR_LIMIT, "set-aside/00000001 has 28 bytes");
}
END_TEST

START_TEST(reads_frames)
{
	struct decoder *d = decoder_new();
	uint32_t data = 0;

	open_sample();
	for (uint32_t i = 0; i < bundle_frame_count(b); i++) {
		ck_assert_msg(bundle_read_frame(b, i, d, &out, &e) == 0, "%s", e.text);
		ck_assert_uint_eq(out.len, bundle_frame(b, i)->raw);
		if (bundle_frame(b, i)->entry & FRAME_HEADER_BIT)
			continue;
		ck_assert(slice_equal(buf_view(&out), buf_view(&m->pending[data].raw)));
		data++;
	}
	ck_assert_uint_eq(data, m->pending_count);
	decoder_free(d);
}
END_TEST

/* --- lines --- */

static const char *const recipients[] = {"{\"n\":1}", "{\"n\":2}", "{\"n\":3}",
					 "{\"n\":4}", "", "{\"n\":6}"};

static void expect_line(struct line_cursor *c, const char *want)
{
	struct slice line;

	ck_assert_msg(cursor_next(c, &line, &e) == 1, "%s", e.text);
	ck_assert(slice_equal(line, slice_string(want)));
}

START_TEST(cursor_goes_through)
{
	struct slice line;

	open_sample();
	struct line_cursor *c = bundle_cursor(b, LINES_RECIPIENTS, &e);
	for (int i = 0; i < 6; i++)
		expect_line(c, recipients[i]);
	ck_assert_int_eq(cursor_next(c, &line, &e), 0);
	ck_assert_int_eq(cursor_next(c, &line, &e), 0);
	cursor_free(c);
	c = bundle_cursor(b, LINES_FINDINGS, &e);
	ck_assert_int_eq(cursor_next(c, &line, &e), 0);
	ck_assert_int_eq(cursor_seek(c, 1, &e), -1);
	expect_error(ERROR_BUNDLE, "no line 1 of findings");
	cursor_free(c);
	cursor_free(NULL);
}
END_TEST

/* From every line to every other one. */
START_TEST(cursor_seeks)
{
	struct slice line;

	open_sample();
	struct line_cursor *c = bundle_cursor(b, LINES_RECIPIENTS, &e);
	for (uint64_t from = 1; from <= 6; from++) {
		for (uint64_t to = 1; to <= 6; to++) {
			ck_assert_int_eq(cursor_seek(c, from, &e), 0);
			expect_line(c, recipients[from - 1]);
			ck_assert_int_eq(cursor_seek(c, to, &e), 0);
			for (uint64_t i = to; i <= 6; i++)
				expect_line(c, recipients[i - 1]);
			ck_assert_int_eq(cursor_next(c, &line, &e), 0);
		}
	}
	ck_assert_int_eq(cursor_seek(c, 0, &e), -1);
	expect_error(ERROR_BUNDLE, "no line 0");
	ck_assert_int_eq(cursor_seek(c, 7, &e), -1);
	expect_error(ERROR_BUNDLE, "it has 6");
	cursor_free(c);
}
END_TEST

/* After a frame that cannot be read the cursor stands where it was. */
START_TEST(cursor_after_damage)
{
	struct slice line;

	maker_finish(m);
	m->file.data[m->frames[8].offset + 20] ^= 4; /* lines 4 and 5 */
	b = open_bytes(buf_view(&m->file));
	ck_assert_msg(b != NULL, "%s", e.text);
	struct line_cursor *c = bundle_cursor(b, LINES_RECIPIENTS, &e);
	expect_line(c, recipients[0]);
	expect_line(c, recipients[1]);
	ck_assert_int_eq(cursor_seek(c, 5, &e), -1);
	expect_error(ERROR_BUNDLE, "frame 8, recipients/00000001.ndjson lines 4-5: its bytes are "
				   "not those that were written");
	expect_line(c, recipients[2]);
	ck_assert_int_eq(cursor_next(c, &line, &e), -1);
	expect_error(ERROR_BUNDLE, "lines 4-5");
	ck_assert_int_eq(cursor_next(c, &line, &e), -1);
	expect_error(ERROR_BUNDLE, "lines 4-5");
	ck_assert_int_eq(cursor_seek(c, 6, &e), 0);
	expect_line(c, recipients[5]);
	cursor_free(c);
}
END_TEST

static void one_line_less(struct maker *maker, uint32_t frame, struct frame_record *r)
{
	(void)maker;
	if (frame == 8)
		r->lines = 1;
	if (frame > 8 && r->first == 6)
		r->first = 5;
}

static void one_recipient_less(struct maker *maker, struct tail_facts *f)
{
	(void)maker;
	f->lines[LINES_RECIPIENTS] = 5;
}

/* Lists that agree with each other and not with the frame: only reading it can show that. */
START_TEST(cursor_counts_lines)
{
	struct slice line;

	m->change_record = one_line_less;
	m->change_facts = one_recipient_less;
	open_sample();
	struct line_cursor *c = bundle_cursor(b, LINES_RECIPIENTS, &e);
	ck_assert_int_eq(cursor_seek(c, 3, &e), 0);
	expect_line(c, recipients[2]);
	ck_assert_int_eq(cursor_next(c, &line, &e), -1);
	expect_error(ERROR_BUNDLE, "frame 8 does not hold the lines");
	cursor_free(c);
}
END_TEST

/* --- what is no bundle --- */

START_TEST(no_such_file)
{
	char fifo[64];

	ck_assert_ptr_null(bundle_open("/nonexistent/x.tar.zst", &e));
	expect_error(ERROR_IO, "/nonexistent/x.tar.zst");
	ck_assert_ptr_null(bundle_open("/", &e));
	expect_error(ERROR_IO, "cannot read /");
	ck_assert_ptr_null(bundle_open("/dev/null", &e));
	expect_error(ERROR_IO, "regular file");
	snprintf(fifo, sizeof(fifo), "/tmp/test_bundle.%d", (int)getpid());
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	ck_assert_ptr_null(bundle_open(fifo, &e)); /* and does not wait */
	expect_error(ERROR_IO, "regular file");
	unlink(fifo);
	bundle_close(NULL);
}
END_TEST

START_TEST(other_files)
{
	struct buf tar = BUF_INIT, zst = BUF_INIT;
	struct encoder *c = encoder_new(3);

	expect_no_bundle(SLICE(""), "an empty file");
	expect_no_bundle(SLICE("x"), "not compressed by zstd");
	expect_no_bundle(SLICE("{\"id\": \"btcal_1\", \"status\": \"completed\"}"),
			 "not compressed by zstd");
	expect_no_bundle(SLICE("\x28\xb5\x2f\xfd"), "does not begin or end as a bundle");
	ck_assert_int_eq(tar_header("a.json", 3, 0, &tar, &e), 0);
	buf_append(&tar, "{}\n", 3);
	ck_assert_int_eq(encoder_frame(c, buf_view(&tar), &zst, &e), 0);
	expect_no_bundle(buf_view(&zst), "does not begin or end as a bundle");
	encoder_free(c);
	buf_free(&tar);
	buf_free(&zst);
}
END_TEST

/* A file in the seekable format that is no bundle. */
START_TEST(seekable_but_no_bundle)
{
	struct buf file = BUF_INIT;
	struct encoder *c = encoder_new(3);

	ck_assert_int_eq(encoder_frame(c, SLICE("hello"), &file, &e), 0);
	ck_assert_int_eq(tail_seek_table(NULL, 0, (uint32_t)file.len, 5, &file, &e), 0);
	expect_no_bundle(buf_view(&file), "not a bundle's trailer");
	encoder_free(c);
	buf_free(&file);
}
END_TEST

START_TEST(cut_short)
{
	maker_finish(m);
	for (size_t len = 0; len < m->file.len; len++) {
		ck_assert_ptr_null(open_bytes(slice_of(m->file.data, len)));
		ck_assert_int_eq(e.kind, ERROR_BUNDLE);
		if (len >= m->frames[1].offset) /* what it was can still be seen */
			ck_assert_msg(strstr(e.text, "was cut short") != NULL, "%s", e.text);
	}
	/* At the front. */
	expect_no_bundle(slice_of(m->file.data + 1, m->file.len - 1), "1 bytes less than");
	expect_no_bundle(slice_of(m->file.data + m->frames[1].offset,
				  m->file.len - m->frames[1].offset), "bytes less than");
}
END_TEST

START_TEST(more_than_a_bundle)
{
	size_t len;

	maker_finish(m);
	len = m->file.len;
	buf_byte(&m->file, '\n');
	expect_no_bundle(buf_view(&m->file), "written after it");
	m->file.len = len;
	buf_append(&out, m->file.data, len);
	buf_append(&m->file, out.data, len);
	expect_no_bundle(buf_view(&m->file), "another file was put before it");
}
END_TEST

/* --- tables that lie; all digests are right --- */

static void put32(char *at, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		at[i] = (char)(n >> (8 * i));
}

START_TEST(seek_table_lies)
{
	static const uint32_t counts[] = {0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff};

	maker_finish(m);
	char *end = m->file.data + m->file.len;
	char *table = end - SEEK_OVERHEAD - SEEK_ENTRY_BYTES * (m->frame_count + 1);
	for (int i = 0; i < 6; i++) {
		put32(end - 9, counts[i]);
		expect_no_bundle(buf_view(&m->file), "the seek table is damaged");
	}
	put32(end - 9, m->frame_count + 1);
	end[-5] = (char)0x80;
	expect_no_bundle(buf_view(&m->file), "the seek table is damaged (its footer)");
	end[-5] = 0;
	put32(table + 8, 0);
	expect_no_bundle(buf_view(&m->file), "the sizes of frame 0");
	put32(table + 8, 0xffffffff);
	expect_no_bundle(buf_view(&m->file), "the sizes of frame 0");
	put32(table + 8, m->frames[0].size + 1);
	expect_no_bundle(buf_view(&m->file), "1 bytes less than its seek table says");
	put32(table + 8, m->frames[0].size);
	put32(table + 12, 0xffffffff);
	expect_no_bundle(buf_view(&m->file), "the sizes of frame 0");
	put32(table + 12, 513);
	expect_no_bundle(buf_view(&m->file), "the seek table says another place or size");
	put32(table + 12, 512);
	put32(end - 13, (uint32_t)(LIMIT_TRAILER + 8192));
	expect_no_bundle(buf_view(&m->file), "not a bundle's trailer");
}
END_TEST

/* A record is changed in one way. */
static void change_record(struct maker *maker, uint32_t frame, struct frame_record *r)
{
	static const struct {
		uint32_t frame;
		int what;
	} *c, changes[] = {{2, 0}, {2, 1}, {2, 2}, {0, 3}, {2, 3}, {3, 3}, {7, 4}, {7, 5}, {8, 6},
			   {8, 7}, {1, 8}, {1, 9}, {0, 10}, {8, 11}};

	c = &changes[maker->arg];
	if (frame != c->frame)
		return;
	switch (c->what) {
	case 0: r->offset++; break;
	case 1: r->size++; break;
	case 2: r->raw--; break;
	case 3: r->entry++; break;
	case 4: r->entry ^= FRAME_HEADER_BIT; break;
	case 5: r->lines = 0; break;
	case 6: r->lines += 1; break;
	case 7: r->first += 1; break;
	case 8: r->lines = 1; break;
	case 9: r->first = 1; break;
	case 10: r->first = 1; break;
	case 11: r->lines = r->raw + 1; break;
	}
}

START_TEST(frame_list_lies)
{
	m->arg = (uint64_t)_i;
	m->change_record = change_record;
	maker_finish(m);
	expect_no_bundle(buf_view(&m->file), _i == 8 ? "damaged" : "index/frames.bin is damaged");
}
END_TEST

/* Replaces the first occurrence of `from`; both have the same length. */
static void replace(struct buf *text, const char *from, const char *to)
{
	char *at = memmem(text->data, text->len, from, strlen(from));

	ck_assert_ptr_nonnull(at);
	ck_assert_uint_eq(strlen(from), strlen(to));
	memcpy(at, to, strlen(to));
}

static void change_manifest(struct maker *maker, struct buf *text)
{
	static const char *const changes[][2] = {
		{"FORMAT.txt", "FORMAT/txt"}, /* fine: checked below */
		{"FORMAT.txt", "FORMAT txt"},
		{"FORMAT.txt", "../../e.sh"},
		{"FORMAT.txt", "/etc/motd."},
		{"FORMAT.txt", "FORMAT//tx"},
		{"FORMAT.txt", "FORMAT/./x"},
		{"FORMAT.txt", "FORMAT.tx/"},
		{"FORMAT.txt", "FORMAT.tx\\"},
		{"FORMAT.txt", "FORMAT.t\nt"},
		{"callroll.json", "callroll.jsom"},
		{"index/frames.bin", "index/frames.bim"},
		{"recipients/00000002", "recipients/00000003"},
		{"recipients/00000002", "recipients/00000001"},
		{"recipients/00000002", "resipients/00000002"},
		{"responses/00000001", "responses/00000000"},
		{"set-aside/00000002", "set-aside/00000003"},
		{"set-aside/00000002", "set+aside/00000002"},
		{"set-aside/00000002", "set-asid-/00000002"},
		{"  FORMAT", " *FORMAT"},
		{"  FORMAT", "0 FORMAT"},
	};

	if (maker->arg == 20) {
		text->data[0] = text->data[0] == 'a' ? 'b' : 'A';
		text->data[1] = 'F';
	} else if (maker->arg == 21) {
		text->len--;
	} else if (maker->arg == 22) {
		buf_string(text, "x\n");
	} else {
		replace(text, changes[maker->arg][0], changes[maker->arg][1]);
	}
}

START_TEST(manifest_lies)
{
	m->arg = (uint64_t)_i;
	m->change_manifest = change_manifest;
	maker_finish(m);
	if (_i > 0) {
		expect_no_bundle(buf_view(&m->file), "damaged");
		return;
	}
	b = open_bytes(buf_view(&m->file));
	ck_assert_msg(b != NULL, "%s", e.text);
}
END_TEST

static const struct {
	const char *from, *to, *part;
} json_changes[] = {
	{"callroll-bundle", "callroll-bumdle", "format"},
	{"\"1.0\"", "\"2.0\"", "newer callroll is needed"},
	{"\"1.0\"", "\"9.9\"", "newer callroll is needed"},
	{"\"1.0\"", "\"0.9\"", "version"},
	{"\"1.0\"", "\"1.x\"", "version"},
	{"\"1.0\"", "\"1..\"", "version"},
	{"\"1.0\"", "  1.0", "version"},
	{"\"mtime\":0", "\"mtame\":0", "mtime"},
	{"\"entries\":10", "\"entries\": 9", "damaged"},
	{"\"entries\":10", "\"entries\":\"\"", "entries"},
	{"\"entries\":10", "\"entries\":-1", "entries"},
	{"\"entries\":10", "\"entries\":99", "entries"},
	{"\"entries\":10", "\"entries\": 1", "entries"},
	{"\"frames\":1", "\"frames\":9", "damaged"},
	{"\"recipients\":6", "\"recipients\":7", "counts 7 recipients"},
	{"\"responses\":1", "\"recipients\":1", "not JSON"},
	{"\"sources\":2", "\"sources\":3", "sources"},
	{"\"set_aside\":2", "\"set_aside\":1", "other entries"},
	{"\"originals\":0", "\"originals\":1", "other entries"},
	{"\"originals\":0", "\"originals\":[", "not JSON"},
	{"\"manifest_sha256\":\"", "\"manifest_sha256\":\"", NULL},
	{"\"frames_sha256\":\"", "\"frames_sha256\": ", "not JSON"},
	{"\"tail\":[{", "\"teil\":[{", "tail"},
	{"\"entry\":\"index/frames.bin\",\"header\":true",
	 "\"entry\":\"index/frames.bin\",\"header\":null", "header"},
	{"\"entry\":\"index/frames.bin\",\"header\":false",
	 "\"entry\":\"index/frames.bin\",\"header\":true ", "damaged"},
	{"\"entry\":\"manifest-sha256.txt\",\"header\":true",
	 "\"entry\":\"manifest-sha256.tyt\",\"header\":true", "tail: entry"},
	{"\"entry\":\"manifest-sha256.txt\",\"header\":true",
	 "\"entry\":   \"index/frames.bin\",\"header\":true", "tail: order"},
	{"\"raw\":1", "\"raw\":9", "tail: "},
	{"\"offset\":", "\"ofset\" :", "offset"},
	{"}]}\n", "}]} ", "one line"},
	{"}]}\n", "}]\n}", "one line"},
	{"}]}\n", "}]x\n", "not JSON"},
};

static void change_json(struct maker *maker, struct buf *text)
{
	const char *from = json_changes[maker->arg].from, *to = json_changes[maker->arg].to;
	char *at = memmem(text->data, text->len, from, strlen(from));

	ck_assert_ptr_nonnull(at);
	if (strlen(from) == strlen(to)) {
		memcpy(at, to, strlen(to));
		return;
	}
	/* Another length: the rest moves. */
	struct buf all = BUF_INIT;
	buf_append(&all, text->data, (size_t)(at - text->data));
	buf_string(&all, to);
	buf_append(&all, at + strlen(from), text->len - strlen(from) - (size_t)(at - text->data));
	buf_free(text);
	*text = all;
}

START_TEST(trailer_lies)
{
	m->arg = (uint64_t)_i;
	m->change_json = change_json;
	maker_finish(m);
	if (json_changes[_i].part != NULL) {
		expect_no_bundle(buf_view(&m->file), json_changes[_i].part);
		return;
	}
	b = open_bytes(buf_view(&m->file));
	ck_assert_msg(b != NULL, "%s", e.text);
}
END_TEST

static void newer_minor(struct maker *maker, struct buf *text)
{
	(void)maker;
	replace(text, "\"1.0\"", "\"1.7\"");
	text->len -= 2; /* } LF */
	buf_string(text, ",\"pages\":[1,2]}\n");
}

/* A later minor version may say more; it is read all the same. */
START_TEST(later_minor_version)
{
	m->change_json = newer_minor;
	open_sample();
	ck_assert_uint_eq(bundle_lines(b, LINES_RECIPIENTS), 6);
}
END_TEST

/* --- with the writer --- */

/* Thousands of frames: several pages of the frame list, several shards. */
START_TEST(what_the_writer_wrote)
{
	struct writer_options o = {.level = 1, .about = SLICE("{}\n"), .model = SLICE("{}\n"),
				   .threads = 2, .frame_bytes = 64, .shard_bytes = 4096};
	struct writer_totals totals;
	char name[64];
	struct slice line;

	snprintf(name, sizeof(name), "/tmp/test_bundle.%d.tar.zst", (int)getpid());
	struct writer *w = writer_open(name, &o, &e);
	ck_assert_msg(w != NULL, "%s", e.text);
	for (int i = 1; i <= 20000; i++) {
		buf_printf(writer_line(w, LINES_RECIPIENTS), "{\"n\":%d}", i);
		ck_assert_int_eq(writer_line_end(w, LINES_RECIPIENTS, &e), 0);
		if (i % 7 != 0)
			continue;
		buf_printf(writer_line(w, LINES_FINDINGS), "{\"f\":%d}", i / 7);
		ck_assert_int_eq(writer_line_end(w, LINES_FINDINGS, &e), 0);
	}
	ck_assert_msg(writer_close(w, &totals, &e) == 0, "%s", e.text);
	b = bundle_open(name, &e);
	ck_assert_msg(b != NULL, "%s", e.text);
	unlink(name);
	ck_assert_uint_gt(bundle_frame_count(b), 2 * FRAME_RECORDS_PER_FRAME);
	ck_assert_uint_eq(bundle_file_size(b), totals.size);
	ck_assert_mem_eq(bundle_seal(b), &totals.seal, sizeof(totals.seal));
	ck_assert_uint_eq(bundle_lines(b, LINES_RECIPIENTS), 20000);
	struct line_cursor *c = bundle_cursor(b, LINES_RECIPIENTS, &e);
	for (int i = 1; i <= 20000; i++) {
		char want[32];
		snprintf(want, sizeof(want), "{\"n\":%d}", i);
		expect_line(c, want);
	}
	ck_assert_int_eq(cursor_next(c, &line, &e), 0);
	ck_assert_int_eq(cursor_seek(c, 12345, &e), 0);
	expect_line(c, "{\"n\":12345}");
	cursor_free(c);
	c = bundle_cursor(b, LINES_FINDINGS, &e);
	ck_assert_int_eq(cursor_seek(c, 2857, &e), 0);
	expect_line(c, "{\"f\":2857}");
	ck_assert_int_eq(cursor_next(c, &line, &e), 0);
	cursor_free(c);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

Suite *bundle_suite(void)
{
	Suite *s = suite_create("bundle");
	TCase *t = tcase_create("bundle");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, says_what_it_holds);
	tcase_add_test(t, knows_its_entries);
	tcase_add_test(t, reads_entries);
	tcase_add_test(t, reads_frames);
	tcase_add_test(t, cursor_goes_through);
	tcase_add_test(t, cursor_seeks);
	tcase_add_test(t, cursor_after_damage);
	tcase_add_test(t, cursor_counts_lines);
	tcase_add_test(t, no_such_file);
	tcase_add_test(t, other_files);
	tcase_add_test(t, seekable_but_no_bundle);
	tcase_add_test(t, cut_short);
	tcase_add_test(t, more_than_a_bundle);
	tcase_add_test(t, seek_table_lies);
	tcase_add_loop_test(t, frame_list_lies, 0, 14);
	tcase_add_loop_test(t, manifest_lies, 0, 23);
	tcase_add_loop_test(t, trailer_lies, 0, COUNT(json_changes));
	tcase_add_test(t, later_minor_version);
	tcase_add_test(t, what_the_writer_wrote);
	suite_add_tcase(s, t);
	return s;
}
