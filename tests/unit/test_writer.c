/*
 * test_writer.c: tests of bundle/writer.c and what is under it. Bundles are taken apart here by
 * their seek table and plain tar blocks, without the project's reader.
 */
#include <check.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "bundle/format_text.h"
#include "bundle/frame.h"
#include "bundle/tail.h"
#include "bundle/tar.h"
#include "bundle/writer.h"

Suite *writer_suite(void);

#define FRAME_SMALL 300
#define SHARD_SMALL 1500

static char folder[64];
static char path[128]; /* folder/out */
static struct error e;

static void setup(void)
{
	snprintf(folder, sizeof(folder), "/tmp/test_writer.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/out", folder);
	e = (struct error){0};
}

/* How many files there are. */
static int files(bool remove)
{
	DIR *d = opendir(folder);
	struct dirent *entry;
	int count = 0;

	ck_assert_ptr_nonnull(d);
	while ((entry = readdir(d)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		count++;
		if (remove)
			unlinkat(dirfd(d), entry->d_name, 0);
	}
	closedir(d);
	return count;
}

static void teardown(void)
{
	files(true);
	rmdir(folder);
}

static struct writer_options options(unsigned threads)
{
	return (struct writer_options){
		.level = 1,
		.replace = true,
		.about = SLICE("{\"format\":\"callroll-bundle\"}\n"),
		.model = SLICE("{}\n"),
		.threads = threads,
		.frame_bytes = FRAME_SMALL,
		.shard_bytes = SHARD_SMALL,
	};
}

static struct writer *must_open(unsigned threads)
{
	struct writer_options o = options(threads);
	struct writer *w = writer_open(path, &o, &e);

	ck_assert_msg(w != NULL, "%s", e.text);
	return w;
}

static struct writer_totals must_close(struct writer *w)
{
	struct writer_totals t;

	ck_assert_msg(writer_close(w, &t, &e) == 0, "%s", e.text);
	return t;
}

static void put_line(struct writer *w, enum line_kind kind, size_t len, uint32_t seed)
{
	struct buf *b = writer_line(w, kind);

	for (size_t i = 0; i < len; i++) {
		seed = seed * 1664525u + 1013904223u;
		buf_byte(b, (char)('a' + (seed >> 24) % 16));
	}
	ck_assert_msg(writer_line_end(w, kind, &e) == 0, "%s", e.text);
}

/* A blob whose bytes are known. */
static char blob_byte(uint64_t at)
{
	return (char)(at * 7 + at / 251);
}

static int read_blob(void *arg, uint64_t offset, void *data, size_t len, struct error *error)
{
	uint64_t *fail_from = arg;

	for (size_t i = 0; i < len; i++)
		((char *)data)[i] = blob_byte(offset + i);
	if (fail_from != NULL && offset + len > *fail_from)
		return error_set(error, ERROR_CHANGED, "changed");
	return 0;
}

static uint64_t put_blob(struct writer *w, enum blob_kind kind, uint64_t size)
{
	uint64_t number = 0;

	ck_assert_msg(writer_blob(w, kind, size, read_blob, NULL, &number, &e) == 0, "%s", e.text);
	return number;
}

/* --- a bundle taken apart --- */

#define ENTRIES 1000

struct apart {
	struct buf file;
	struct buf tar;
	struct frame_record *frames; /* as the seek table says; offset, size, raw */
	uint32_t count;
	struct {
		const char *name;
		struct slice content;
	} entries[ENTRIES];
	size_t entry_count;
};

static uint32_t get32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

static void apart_frames(struct apart *a)
{
	const char *end = a->file.data + a->file.len;
	struct decoder *d = decoder_new();
	uint64_t offset = 0;

	ck_assert_uint_eq(get32(end - 4), SEEK_FOOTER_MAGIC);
	ck_assert_int_eq(end[-5], 0);
	a->count = get32(end - 9);
	uint64_t table = SEEK_OVERHEAD + (uint64_t)a->count * SEEK_ENTRY_BYTES;
	const char *start = end - table;
	ck_assert_uint_lt(table, a->file.len);
	ck_assert_uint_eq(get32(start), SEEK_SKIPPABLE_MAGIC);
	ck_assert_uint_eq(get32(start + 4), table - 8);

	a->frames = calloc(a->count, sizeof(*a->frames));
	for (uint32_t i = 0; i < a->count; i++) {
		struct frame_record *r = &a->frames[i];
		r->offset = offset;
		r->size = get32(start + 8 + 8 * i);
		r->raw = get32(start + 12 + 8 * i);
		ck_assert_uint_le(offset + r->size, a->file.len - table);
		struct slice frame = slice_of(a->file.data + offset, r->size);
		ck_assert_msg(decoder_frame(d, frame, r->raw, &a->tar, &e) == 0, "%s", e.text);
		ck_assert_int_eq(sha256_of(frame.data, frame.len, &r->digest), 0);
		offset += r->size;
	}
	ck_assert_uint_eq(offset + table, a->file.len);
	decoder_free(d);
}

static void apart_entries(struct apart *a)
{
	size_t at = 0;

	while (a->tar.data[at] != 0) {
		uint64_t size = strtoull(a->tar.data + at + 124, NULL, 8);
		ck_assert_uint_lt(a->entry_count, ENTRIES);
		a->entries[a->entry_count].name = a->tar.data + at;
		a->entries[a->entry_count++].content = slice_of(a->tar.data + at + TAR_BLOCK, size);
		at += TAR_BLOCK + size + tar_padding(size);
	}
	ck_assert_uint_eq(at + 2 * (size_t)TAR_BLOCK, a->tar.len);
}

static void take_apart(struct apart *a)
{
	memset(a, 0, sizeof(*a));
	ck_assert_int_eq(file_slurp(path, SIZE_MAX / 8, &a->file, &e), 0);
	apart_frames(a);
	apart_entries(a);
}

static void apart_free(struct apart *a)
{
	buf_free(&a->file);
	buf_free(&a->tar);
	free(a->frames);
}

static struct slice entry(const struct apart *a, const char *name)
{
	for (size_t i = 0; i < a->entry_count; i++) {
		if (strcmp(a->entries[i].name, name) == 0)
			return a->entries[i].content;
	}
	ck_abort_msg("no entry %s", name);
}

/* Everything that the lists say against what is there. */
static void check_lists(const struct apart *a)
{
	struct slice list = entry(a, ENTRY_FRAMES);
	struct buf manifest = BUF_INIT;
	uint64_t next[LINES_KINDS] = {1, 1, 1, 1};
	uint64_t at = 0;
	uint32_t row = UINT32_MAX;

	for (size_t i = 0; i < list.len / FRAME_RECORD_BYTES; i++) {
		const unsigned char *in = (const unsigned char *)list.data;
		struct frame_record r;
		layout_get_record(in + i * FRAME_RECORD_BYTES, &r);
		ck_assert_uint_eq(r.offset, a->frames[i].offset);
		ck_assert_uint_eq(r.size, a->frames[i].size);
		ck_assert_uint_eq(r.raw, a->frames[i].raw);
		ck_assert_mem_eq(r.digest.bytes, a->frames[i].digest.bytes, SHA256_BYTES);
		if (r.entry & FRAME_HEADER_BIT) {
			ck_assert_uint_eq(r.entry & ~FRAME_HEADER_BIT, ++row);
			ck_assert_uint_eq(r.lines, 0);
			ck_assert_uint_eq(r.first, 0);
			at = 0;
			continue;
		}
		ck_assert_uint_eq(r.entry, row);
		int kind = 0;
		while (kind < LINES_KINDS && strncmp(a->entries[row].name, layout_lines[kind],
						     strlen(layout_lines[kind])) != 0)
			kind++;
		if (kind < LINES_KINDS) {
			ck_assert_uint_eq(r.first, next[kind]);
			next[kind] += r.lines;
			const char *data = a->entries[row].content.data + at;
			uint32_t lines = 0;
			for (uint32_t j = 0; j < r.raw; j++)
				lines += data[j] == '\n';
			ck_assert_uint_eq(r.lines, lines);
			ck_assert_int_eq(data[r.raw - 1], '\n');
		} else {
			ck_assert_uint_eq(r.first, at);
			ck_assert_uint_eq(r.lines, 0);
		}
		at += r.raw;
	}
	for (size_t i = 0; i + 2 < a->entry_count; i++) {
		struct sha256 digest;
		ck_assert_int_eq(sha256_of(a->entries[i].content.data, a->entries[i].content.len,
					   &digest),
				 0);
		tail_manifest_line(slice_string(a->entries[i].name), &digest, &manifest);
	}
	ck_assert(slice_equal(buf_view(&manifest), entry(a, ENTRY_MANIFEST)));
	ck_assert_uint_eq(row + 1, a->entry_count - 3);
	buf_free(&manifest);
}

/* Is `text` in the trailer? */
static bool trailer_says(const struct apart *a, const char *text)
{
	struct slice t = entry(a, ENTRY_TRAILER);

	return memmem(t.data, t.len, text, strlen(text)) != NULL;
}

/* --- what a bundle is --- */

START_TEST(empty_bundle)
{
	static const char *const names[] = {ENTRY_ABOUT, ENTRY_FORMAT, ENTRY_MODEL, ENTRY_FRAMES,
					    ENTRY_MANIFEST, ENTRY_TRAILER};
	struct writer_totals t = must_close(must_open(1));
	struct apart a;
	struct sha256 seal;

	take_apart(&a);
	check_lists(&a);
	ck_assert_uint_eq(a.entry_count, 6);
	for (size_t i = 0; i < 6; i++)
		ck_assert_str_eq(a.entries[i].name, names[i]);
	ck_assert(slice_equal(entry(&a, ENTRY_MODEL), SLICE("{}\n")));
	ck_assert(slice_equal(entry(&a, ENTRY_FORMAT), slice_of(format_text, format_text_size)));
	struct slice trailer = entry(&a, ENTRY_TRAILER);
	sha256_of(trailer.data, trailer.len, &seal);
	ck_assert_mem_eq(seal.bytes, t.seal.bytes, SHA256_BYTES);
	ck_assert_uint_eq(t.size, a.file.len);
	ck_assert(trailer_says(&a, "\"entries\":4,"));
	ck_assert(trailer_says(&a, "\"recipients\":0,\"responses\":0,\"findings\":0,"
				   "\"sources\":0,\"set_aside\":0,\"originals\":0,"));
	apart_free(&a);
	ck_assert_int_eq(files(false), 1);
}
END_TEST

START_TEST(shards_and_blobs)
{
	struct writer *w = must_open((unsigned)_i);
	struct apart a;
	uint64_t content = 0;

	for (uint32_t i = 0; i < 100; i++) {
		put_line(w, LINES_RECIPIENTS, 49, i); /* 50 with its LF: 6 a frame, 30 a shard */
		if (i % 10 == 0)
			put_line(w, LINES_RESPONSES, 10, i);
	}
	ck_assert_uint_eq(put_blob(w, BLOB_SET_ASIDE, 1000), 1);
	ck_assert_uint_eq(put_blob(w, BLOB_ORIGINALS, 0), 1);
	ck_assert_uint_eq(put_blob(w, BLOB_SET_ASIDE, 20 * FRAME_SMALL), 2);
	put_line(w, LINES_RESPONSES, 10, 0);
	ck_assert_uint_eq(writer_lines(w, LINES_RECIPIENTS), 100);
	ck_assert_uint_eq(writer_lines(w, LINES_RESPONSES), 11);
	struct writer_totals t = must_close(w);

	take_apart(&a);
	check_lists(&a);
	for (size_t i = 0; i < a.entry_count; i++)
		content += a.entries[i].content.len;
	ck_assert_uint_eq(t.raw, content);
	ck_assert_uint_eq(entry(&a, "recipients/00000001.ndjson").len, 1500);
	ck_assert_uint_eq(entry(&a, "recipients/00000003.ndjson").len, 1500);
	ck_assert_uint_eq(entry(&a, "recipients/00000004.ndjson").len, 500);
	ck_assert_uint_eq(entry(&a, "responses/00000001.ndjson").len, 121);
	ck_assert_uint_eq(entry(&a, "set-aside/00000001").len, 1000);
	ck_assert_uint_eq(entry(&a, "originals/00000001").len, 0);
	struct slice blob = entry(&a, "set-aside/00000002");
	ck_assert_uint_eq(blob.len, 20 * FRAME_SMALL);
	for (size_t i = 0; i < blob.len; i++)
		ck_assert_int_eq(blob.data[i], blob_byte(i));
	ck_assert(trailer_says(&a, "\"recipients\":100,\"responses\":11,\"findings\":0,"
				   "\"sources\":0,\"set_aside\":2,\"originals\":1,"));
	apart_free(&a);
}
END_TEST

/* Lines at the limits: which shard has what. */
START_TEST(long_lines)
{
	static const size_t lens[] = {10, SHARD_SMALL, 10, SHARD_SMALL - 1, 1, SHARD_SMALL - 3, 7};
	static const size_t shards[] = {11, SHARD_SMALL + 1, 11, SHARD_SMALL, SHARD_SMALL, 8};
	struct writer *w = must_open(2);
	struct apart a;
	char name[64];

	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
		put_line(w, LINES_FINDINGS, lens[i], 1);
	must_close(w);
	take_apart(&a);
	check_lists(&a);
	for (size_t i = 0; i < sizeof(shards) / sizeof(shards[0]); i++) {
		snprintf(name, sizeof(name), "findings/%08zu.ndjson", i + 1);
		ck_assert_uint_eq(entry(&a, name).len, shards[i]);
	}
	ck_assert_uint_eq(a.entry_count, 6 + sizeof(shards) / sizeof(shards[0]));
	apart_free(&a);
}
END_TEST

START_TEST(many_frames)
{
	struct writer *w = must_open(2);
	struct apart a;

	put_blob(w, BLOB_ORIGINALS, 3000 * FRAME_SMALL); /* three pages of records */
	must_close(w);
	take_apart(&a);
	check_lists(&a);
	ck_assert_uint_gt(entry(&a, ENTRY_FRAMES).len, 3000 * FRAME_RECORD_BYTES);
	apart_free(&a);
}
END_TEST

START_TEST(mtime_is_everywhere)
{
	struct writer_options o = options(1);
	struct apart a;
	int headers = 0;

	o.mtime = 86400;
	struct writer *w = writer_open(path, &o, &e);
	put_blob(w, BLOB_ORIGINALS, 5);
	must_close(w);
	take_apart(&a);
	for (size_t i = 0; i < a.entry_count; i++, headers++)
		ck_assert_uint_eq(strtoul(a.entries[i].name + 136, NULL, 8), 86400);
	ck_assert_int_eq(headers, 7);
	ck_assert(trailer_says(&a, "\"mtime\":86400,"));
	apart_free(&a);
	o.mtime = -1;
	ck_assert_ptr_null(writer_open(path, &o, &e));
	ck_assert_int_eq(e.kind, ERROR_USAGE);
}
END_TEST

/* --- marks --- */

enum op_kind { OP_LINE, OP_BLOB, OP_MARK, OP_KEEP, OP_BACK };
struct op {
	enum op_kind kind;
	int which;
	size_t len;
	uint32_t seed;
	bool gone; /* taken back */
};
#define OPS 400

static uint32_t random_state;

static uint32_t below(uint32_t n)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % n;
}

static size_t random_length(void)
{
	static const uint32_t most[] = {1, 60, 60, 60, 120, 400, 2000, 5000};

	return below(most[below(below(4) == 0 ? 8 : 5)]);
}

/* Kinds differ in how often they come, so that some shards stay open across many marks. */
static int random_kind(void)
{
	uint32_t n = below(20);

	return n < 13 ? LINES_RECIPIENTS : n < 16 ? LINES_RESPONSES : n < 19 ? LINES_FINDINGS
									   : LINES_SOURCES;
}

static void make_ops(struct op ops[OPS], uint32_t seed)
{
	int mark = -1;
	uint32_t pace = 5 + seed % 60;

	random_state = seed * 2654435761u;
	for (int i = 0; i < OPS; i++) {
		struct op *o = &ops[i];

		*o = (struct op){.kind = OP_LINE, .seed = below(1 << 20)};
		if (mark < 0 && below(20) == 0) {
			o->kind = OP_BLOB;
			o->which = (int)below(BLOB_KINDS);
			o->len = random_length();
		} else if (mark < 0 && below(4) == 0) {
			o->kind = OP_MARK;
			mark = i;
		} else if (mark >= 0 && below(pace) == 0) {
			o->kind = below(2) == 0 ? OP_KEEP : OP_BACK;
			for (int j = mark; o->kind == OP_BACK && j < i; j++)
				ops[j].gone = true;
			mark = -1;
		} else {
			o->which = random_kind();
			o->len = random_length();
		}
	}
}

static void do_op(struct writer *w, const struct op *o)
{
	switch (o->kind) {
	case OP_LINE:
		put_line(w, o->which, o->len, o->seed);
		break;
	case OP_BLOB:
		put_blob(w, o->which, o->len);
		break;
	case OP_MARK:
		ck_assert_int_eq(writer_mark(w, &e), 0);
		break;
	case OP_KEEP:
		ck_assert_int_eq(writer_keep(w, &e), 0);
		break;
	case OP_BACK:
		if (o->seed % 2 == 0) /* in the middle of a line */
			buf_string(writer_line(w, (int)(o->seed % LINES_KINDS)), "half a line");
		ck_assert_msg(writer_take_back(w, &e) == 0, "%s", e.text);
		break;
	}
}

/* The file that the operations give: all of them, or only those that stay, without marks. */
static struct buf result(const struct op ops[OPS], bool all, unsigned threads)
{
	struct writer *w = must_open(threads);
	struct buf out = BUF_INIT;

	for (int i = 0; i < OPS; i++) {
		if (all || (!ops[i].gone && ops[i].kind <= OP_BLOB))
			do_op(w, &ops[i]);
	}
	must_close(w);
	ck_assert_int_eq(file_slurp(path, SIZE_MAX / 8, &out, &e), 0);
	return out;
}

START_TEST(taken_back_is_as_never_written)
{
	struct op ops[OPS];
	struct apart a;

	make_ops(ops, (uint32_t)_i);
	struct buf plain = result(ops, false, 1);
	take_apart(&a);
	check_lists(&a);
	apart_free(&a);
	for (unsigned threads = 1; threads <= 4; threads *= 2) {
		struct buf other = result(ops, true, threads);
		ck_assert(slice_equal(buf_view(&plain), buf_view(&other)));
		buf_free(&other);
	}
	buf_free(&plain);
}
END_TEST

START_TEST(line_numbers_go_back)
{
	struct writer *w = must_open(1);

	put_line(w, LINES_RESPONSES, 10, 0);
	writer_mark(w, &e);
	for (uint32_t i = 0; i < 1000; i++)
		put_line(w, LINES_RESPONSES, 10, i);
	ck_assert_uint_eq(writer_lines(w, LINES_RESPONSES), 1001);
	ck_assert_int_eq(writer_take_back(w, &e), 0);
	ck_assert_uint_eq(writer_lines(w, LINES_RESPONSES), 1);
	ck_assert_int_eq(writer_take_back(w, &e), -1); /* there is no mark now */
	ck_assert_int_eq(e.kind, ERROR_USAGE);
	writer_abandon(w);
}
END_TEST

/* --- failures --- */

/* A blob that cannot be read leaves no trace, and the writer goes on. */
START_TEST(blob_that_fails)
{
	uint64_t number = 0;
	uint64_t from = (uint64_t)_i * FRAME_SMALL;

	must_close(must_open(2));
	struct buf before = BUF_INIT, after = BUF_INIT;
	ck_assert_int_eq(file_slurp(path, SIZE_MAX / 8, &before, &e), 0);
	struct writer *w = must_open(2);
	ck_assert_int_eq(writer_blob(w, BLOB_ORIGINALS, 20 * FRAME_SMALL, read_blob, &from, &number,
				     &e),
			 -1);
	ck_assert_int_eq(e.kind, ERROR_CHANGED);
	e = (struct error){0};
	must_close(w);
	ck_assert_int_eq(file_slurp(path, SIZE_MAX / 8, &after, &e), 0);
	ck_assert(slice_equal(buf_view(&before), buf_view(&after)));
	buf_free(&before);
	buf_free(&after);
}
END_TEST

START_TEST(abandoned)
{
	struct writer *w = must_open(2);
	dev_t dev;
	ino_t ino;
	struct stat st;

	ck_assert_int_eq(files(false), 1);
	ck_assert_int_eq(writer_stat(w, &dev, &ino, &e), 0);
	ck_assert_int_eq(stat(folder, &st), 0);
	ck_assert_uint_eq(st.st_dev, dev);
	for (uint32_t i = 0; i < 100; i++)
		put_line(w, LINES_RESPONSES, 100, i);
	writer_mark(w, &e);
	for (uint32_t i = 0; i < 100; i++)
		put_line(w, LINES_RESPONSES, 100, i);
	writer_abandon(w);
	writer_abandon(NULL);
	ck_assert_int_eq(files(false), 0);
}
END_TEST

START_TEST(name_is_taken)
{
	struct writer_options o = options(1);

	must_close(must_open(1));
	o.replace = false;
	ck_assert_ptr_null(writer_open(path, &o, &e));
	ck_assert_int_eq(e.kind, ERROR_IO);
	ck_assert_int_eq(files(false), 1);
}
END_TEST

START_TEST(no_folder)
{
	struct writer_options o = options(1);

	ck_assert_ptr_null(writer_open("/nonexistent/x", &o, &e));
	ck_assert_int_eq(e.kind, ERROR_IO);
}
END_TEST

/* In a folder the name can be made from the seal, and the bytes are the same. */
START_TEST(named_by_its_seal)
{
	struct writer_options o = options(1);
	struct writer_totals plain, sealed, closed;
	struct writer *w = must_open(1);

	put_line(w, LINES_RESPONSES, 10, 0);
	plain = must_close(w);
	o.into = true;
	w = writer_open(folder, &o, &e);
	ck_assert_msg(w != NULL, "%s", e.text);
	put_line(w, LINES_RESPONSES, 10, 0);
	ck_assert_msg(writer_seal(w, &sealed, &e) == 0, "%s", e.text);
	ck_assert_mem_eq(&sealed.seal, &plain.seal, sizeof(plain.seal));
	ck_assert_uint_eq(sealed.size, plain.size);
	ck_assert_int_eq(writer_name(w, strrchr(path, '/') + 1, &e), -1); /* it is taken */
	ck_assert_int_eq(e.kind, ERROR_IO);
	e = (struct error){0};
	ck_assert_msg(writer_name(w, "sealed", &e) == 0, "%s", e.text);
	ck_assert_msg(writer_close(w, &closed, &e) == 0, "%s", e.text);
	ck_assert_mem_eq(&closed.seal, &plain.seal, sizeof(plain.seal));
	ck_assert_uint_eq(closed.size, plain.size);
	ck_assert_int_eq(files(false), 2);
}
END_TEST

/* A file size limit stands for a full disk: whatever is written when it comes, nothing stays. */
START_TEST(disk_full)
{
	struct rlimit limit = {.rlim_cur = (rlim_t)_i * 997, .rlim_max = RLIM_INFINITY};
	struct rlimit before;
	struct writer_options o = options(2);
	struct writer_totals t;
	int rc = 0;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit.rlim_max = before.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	struct writer *w = writer_open(path, &o, &e);
	for (uint32_t i = 0; w != NULL && rc == 0 && i < 100; i++) {
		for (int j = 0; j < 100; j++)
			buf_printf(writer_line(w, LINES_RESPONSES), "%x", i * j * 77777u);
		rc = writer_line_end(w, LINES_RESPONSES, &e);
	}
	if (w != NULL)
		rc = writer_close(w, &t, &e);
	setrlimit(RLIMIT_FSIZE, &before);
	ck_assert(w == NULL || rc == -1);
	ck_assert_int_eq(e.kind, ERROR_IO);
	ck_assert_int_eq(files(false), 0);
}
END_TEST

START_TEST(stopped)
{
	struct writer_totals t;
	struct writer *w = must_open(2);

	put_line(w, LINES_RESPONSES, 10, 0);
	stop_install();
	raise(SIGTERM);
	ck_assert_int_eq(writer_close(w, &t, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_STOPPED);
	ck_assert_int_eq(files(false), 0);
}
END_TEST

Suite *writer_suite(void)
{
	Suite *s = suite_create("writer");
	TCase *t = tcase_create("content");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, empty_bundle);
	tcase_add_loop_test(t, shards_and_blobs, 1, 4);
	tcase_add_test(t, long_lines);
	tcase_add_test(t, many_frames);
	tcase_add_test(t, mtime_is_everywhere);
	tcase_add_test(t, named_by_its_seal);
	suite_add_tcase(s, t);

	t = tcase_create("marks");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, taken_back_is_as_never_written, 0, 60);
	tcase_add_test(t, line_numbers_go_back);
	suite_add_tcase(s, t);

	t = tcase_create("failures");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, blob_that_fails, 0, 20);
	tcase_add_test(t, abandoned);
	tcase_add_test(t, name_is_taken);
	tcase_add_test(t, no_folder);
	tcase_add_loop_test(t, disk_full, 0, 12);
	tcase_add_test(t, stopped);
	suite_add_tcase(s, t);
	return s;
}
