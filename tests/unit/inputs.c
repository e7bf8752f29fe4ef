/*
 * inputs.c: what the tests of input/ share.
 */
#include "inputs.h"

#include <archive_entry.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/digest.h"

static char folder[PATH_MAX];

/* --- the folder --- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void make_folder(void)
{
	const char *dir = getenv("TMPDIR");

	snprintf(folder, sizeof(folder), "%s/callroll-source-XXXXXX", dir != NULL ? dir : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static void remove_folder(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

void inputs_make_file(const char *path, struct slice data)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	if (data.len > 0)
		ck_assert_uint_eq(fwrite(data.data, 1, data.len, f), data.len);
	ck_assert_int_eq(fclose(f), 0);
}

/* --- what is compressed and packed --- */

void inputs_make_text(struct buf *out, size_t len)
{
	uint32_t x = 1;

	while (out->len < len) {
		x = x * 1664525 + 1013904223;
		buf_printf(out, "{\"id\":\"%08x\"}\n", x);
	}
	out->len = len;
}

void inputs_make_gzip(struct buf *out, struct slice data)
{
	z_stream z = {.next_in = (unsigned char *)(uintptr_t)data.data, .avail_in = (uInt)data.len};
	size_t most;

	ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	most = deflateBound(&z, data.len);
	ck_assert_int_eq(buf_reserve(out, most), 0);
	z.next_out = (unsigned char *)out->data + out->len;
	z.avail_out = (uInt)most;
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->len += z.total_out;
	deflateEnd(&z);
}

void inputs_write_member(struct archive *a, const struct member *m)
{
	struct archive_entry *entry = archive_entry_new();
	bool is_folder = m->option != NULL && strcmp(m->option, "folder") == 0;
	bool is_link = m->option != NULL && strcmp(m->option, "link") == 0;

	archive_entry_set_pathname(entry, m->name);
	archive_entry_set_filetype(entry, is_folder ? AE_IFDIR : is_link ? AE_IFLNK : AE_IFREG);
	if (is_link)
		archive_entry_set_symlink(entry, "elsewhere");
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (int64_t)m->data.len);
	ck_assert_int_ge(archive_write_header(a, entry), ARCHIVE_WARN);
	ck_assert_int_eq(archive_write_data(a, m->data.data, m->data.len), (int)m->data.len);
	archive_entry_free(entry);
}

la_ssize_t inputs_append(struct archive *a, void *arg, const void *data, size_t len)
{
	(void)a;
	buf_append(arg, data, len);
	return (la_ssize_t)len;
}

void inputs_pack(struct buf *out, int format, int filter, const struct member *members, size_t n)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = uselocale(utf8);
	struct archive *a = archive_write_new();

	ck_assert_int_eq(archive_write_set_format(a, format == 0 ? ARCHIVE_FORMAT_RAW : format), 0);
	ck_assert_int_eq(archive_write_add_filter(a, filter), ARCHIVE_OK);
	archive_write_set_bytes_in_last_block(a, 1);
	if (n > 0 && members[0].option != NULL && strcmp(members[0].option, "encrypted") == 0) {
		ck_assert_int_eq(archive_write_set_options(a, "zip:encryption=zipcrypt"), 0);
		ck_assert_int_eq(archive_write_set_passphrase(a, "hush"), ARCHIVE_OK);
	}
	ck_assert_int_eq(archive_write_open(a, out, NULL, inputs_append, NULL), ARCHIVE_OK);
	for (size_t i = 0; i < n; i++)
		inputs_write_member(a, &members[i]);
	ck_assert_int_eq(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
	uselocale(before);
	freelocale(utf8);
}

void inputs_compress_to(struct buf *out, enum kind kind, struct slice data)
{
	struct member one = {"data", data, NULL};

	if (kind == KIND_GZIP)
		inputs_make_gzip(out, data);
	else
		inputs_pack(out, 0,
			    kind == KIND_ZSTD ? ARCHIVE_FILTER_ZSTD
			    : kind == KIND_XZ ? ARCHIVE_FILTER_XZ
					      : ARCHIVE_FILTER_BZIP2,
			    &one, 1);
}

/* --- reading --- */

struct source *inputs_open_file(const char *path)
{
	struct walk_item item = {
		(char *)(uintptr_t)path, (char *)(uintptr_t)path, true, {.kind = ERROR_NONE}};
	struct error e = {.kind = ERROR_NONE};
	struct source *s = source_open(&item, true, NULL, &e);

	ck_assert_msg(s != NULL, "%s", e.text);
	return s;
}

void inputs_pipe_in(struct slice data)
{
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	if (fork() == 0) {
		close(fds[0]);
		while (data.len > 0) {
			ssize_t n = write(fds[1], data.data, data.len);
			if (n < 0)
				break;
			data = slice_of(data.data + n, data.len - (size_t)n);
		}
		_exit(0);
	}
	close(fds[1]);
	ck_assert_int_eq(dup2(fds[0], 0), 0);
	close(fds[0]);
}

int inputs_read_all(struct source *s, size_t step, struct buf *out, struct error *e)
{
	ssize_t n;

	do {
		ck_assert_int_eq(buf_reserve(out, step), 0);
		n = source_read(s, out->data + out->len, step, e);
		if (n > 0)
			out->len += (size_t)n;
	} while (n > 0);
	return (int)n;
}

void inputs_expect_digest(const struct sha256 *got, struct slice data)
{
	struct sha256 want;

	ck_assert_int_eq(sha256_of(data.data, data.len, &want), 0);
	ck_assert_mem_eq(got->bytes, want.bytes, SHA256_BYTES);
}

void inputs_expect_member(struct source *s, const char *name, struct slice want)
{
	struct error e = {.kind = ERROR_NONE};
	struct buf got = BUF_INIT;

	ck_assert_msg(source_next(s, &e) == 1, "%s", e.text);
	ck_assert_str_eq(source_name(s), name);
	ck_assert_msg(inputs_read_all(s, 5000, &got, &e) == 0, "%s", e.text);
	ck_assert(slice_equal(buf_view(&got), want));
	ck_assert_uint_eq(source_size(s), want.len);
	inputs_expect_digest(source_sha256(s), want);
	buf_free(&got);
}

void inputs_expect_end(struct source *s, uint64_t skipped)
{
	struct error e = {.kind = ERROR_NONE};

	ck_assert_msg(source_next(s, &e) == 0, "%s", e.text);
	ck_assert_int_eq(source_next(s, &e), 0);
	ck_assert_uint_eq(source_skipped(s), skipped);
}

void inputs_expect_container(struct source *s, struct slice file)
{
	struct error e = {.kind = ERROR_NONE};
	struct sha256 digest;
	uint64_t size;

	for (int i = 0; i < 2; i++) { /* the second time it is known */
		ck_assert_msg(source_container(s, &size, &digest, &e), "%s", e.text);
		ck_assert_uint_eq(size, file.len);
		inputs_expect_digest(&digest, file);
	}
}

TCase *inputs_new_case(const char *name)
{
	TCase *c = tcase_create(name);

	tcase_add_checked_fixture(c, make_folder, remove_folder);
	tcase_set_timeout(c, 60);
	return c;
}
