/*
 * test_file.c: tests of base/file.c, and of the errors that base/error.c makes.
 */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

Suite *file_suite(void);

static char folder[64];
static char path[128]; /* folder/out */
static struct error e;

static void setup(void)
{
	snprintf(folder, sizeof(folder), "/tmp/test_file.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/out", folder);
	e = (struct error){0};
}

static int entries(bool remove)
{
	DIR *d = opendir(folder);
	struct dirent *entry;
	int count = 0;

	ck_assert_ptr_nonnull(d);
	while ((entry = readdir(d)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		count++;
		if (remove && unlinkat(dirfd(d), entry->d_name, 0) != 0)
			unlinkat(dirfd(d), entry->d_name, AT_REMOVEDIR);
	}
	closedir(d);
	return count;
}

static void teardown(void)
{
	entries(true);
	rmdir(folder);
}

static void put(const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(file_write(fd, text, strlen(text), path, &e), 0);
	close(fd);
}

static void expect_content(const char *want)
{
	struct buf b = BUF_INIT;

	ck_assert_msg(file_slurp(path, 1 << 20, &b, &e) == 0, "%s", e.text);
	ck_assert(slice_equal(buf_view(&b), slice_string(want)));
	buf_free(&b);
}

static void expect_error(enum error_kind kind, const char *part)
{
	ck_assert_int_eq(e.kind, kind);
	ck_assert_msg(strstr(e.text, part) != NULL, "no \"%s\" in: %s", part, e.text);
	e = (struct error){0};
}

/* --- errors --- */

START_TEST(first_error_stays)
{
	ck_assert_int_eq(error_set(&e, ERROR_LIMIT, "at %d", 7), -1);
	ck_assert_int_eq(error_set(&e, ERROR_IO, "later"), -1);
	ck_assert_int_eq(error_memory(&e), -1);
	errno = ENOENT;
	ck_assert_int_eq(error_errno(&e, "later"), -1);
	ck_assert_str_eq(e.text, "at 7");
	ck_assert_int_eq(e.kind, ERROR_LIMIT);
}
END_TEST

START_TEST(error_of_errno)
{
	errno = ENOENT;
	error_errno(&e, "cannot open %s", "x");
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_str_eq(e.text, "cannot open x: No such file or directory");
	expect_error(ERROR_IO, "x");
	errno = ENOMEM;
	error_errno(&e, "cannot open %s", "x");
	expect_error(ERROR_MEMORY, "x");
	error_memory(&e);
	expect_error(ERROR_MEMORY, "memory");
}
END_TEST

/* However long the text, the reason is there and the end is in place. */
START_TEST(long_error_keeps_its_reason)
{
	static const char reason[] = ": No such file or directory";

	for (int len = 400; len < 1200; len++) {
		errno = ENOENT;
		error_errno(&e, "%0*d", len, 0);
		ck_assert_uint_lt(strlen(e.text), sizeof(e.text));
		ck_assert_str_eq(e.text + strlen(e.text) - strlen(reason), reason);
		bool cut = strlen(reason) + (size_t)len > sizeof(e.text) - 1;
		ck_assert(cut == (strstr(e.text, "...") != NULL));
		e = (struct error){0};
	}
}
END_TEST

/* --- reads and writes --- */

START_TEST(reads_to_the_end)
{
	char data[16];

	put("0123456789");
	int fd = open(path, O_RDONLY);
	ck_assert_int_eq(file_read(fd, data, 4, path, &e), 4);
	ck_assert_int_eq(file_read(fd, data, 0, path, &e), 0);
	ck_assert_int_eq(file_read(fd, data, 16, path, &e), 6);
	ck_assert_mem_eq(data, "456789", 6);
	ck_assert_int_eq(file_read(fd, data, 16, path, &e), 0);
	ck_assert_int_eq(file_pread(fd, data, 16, 7, path, &e), 3);
	ck_assert_mem_eq(data, "789", 3);
	ck_assert_int_eq(file_pread(fd, data, 16, 10, path, &e), 0);
	ck_assert_int_eq(file_pread(fd, data, 1, (uint64_t)INT64_MAX + 1, path, &e), -1);
	expect_error(ERROR_IO, path);
	close(fd);
	ck_assert_int_eq(file_read(fd, data, 1, "that file", &e), -1);
	expect_error(ERROR_IO, "cannot read that file: Bad file descriptor");
	ck_assert_int_eq(file_write(fd, data, 1, "that file", &e), -1);
	expect_error(ERROR_IO, "cannot write that file: Bad file descriptor");
}
END_TEST

/* A pipe gives and takes less than was asked for, also one that does not block. */
START_TEST(pipes)
{
	static char sent[300000], got[300001];
	int ends[2];

	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (char)(i * 7 + i / 256);
	ck_assert_int_eq(pipe2(ends, _i == 1 ? O_NONBLOCK : 0), 0);
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		_exit(file_write(ends[1], sent, sizeof(sent), "pipe", &e) != 0);
	}
	close(ends[1]);
	ck_assert_int_eq(file_read(ends[0], got, sizeof(got), "pipe", &e), sizeof(sent));
	ck_assert_mem_eq(got, sent, sizeof(sent));
	close(ends[0]);
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(full_device)
{
	int fd = open("/dev/full", O_WRONLY);

	if (fd < 0)
		return; /* not every system has it */
	ck_assert_int_eq(file_write(fd, "x", 1, "it", &e), -1);
	expect_error(ERROR_IO, "cannot write it: No space left on device");
	close(fd);
}
END_TEST

START_TEST(slurps)
{
	struct buf b = BUF_INIT;

	put("content");
	buf_string(&b, "<");
	ck_assert_int_eq(file_slurp(path, 7, &b, &e), 0);
	ck_assert(slice_equal(buf_view(&b), SLICE("<content")));
	ck_assert_int_eq(file_slurp(path, 6, &b, &e), -1);
	expect_error(ERROR_LIMIT, "more than 6 bytes");
	ck_assert(slice_equal(buf_view(&b), SLICE("<content")));
	ck_assert_int_eq(file_slurp(folder, 6, &b, &e), -1);
	expect_error(ERROR_IO, "Is a directory");
	put("");
	ck_assert_int_eq(file_slurp(path, 0, &b, &e), 0);
	ck_assert_uint_eq(b.len, 8);
	unlink(path);
	ck_assert_int_eq(file_slurp(path, 6, &b, &e), -1);
	expect_error(ERROR_IO, "No such file");
	ck_assert_uint_eq(b.len, 8);
	buf_free(&b);
}
END_TEST

START_TEST(slurps_every_size)
{
	static char text[200001];
	static const size_t sizes[] = {65534, 65535, 65536, 65537, 131072, 200000};

	memset(text, 'x', sizeof(text) - 1);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct buf b = BUF_INIT;
		text[sizes[i]] = '\0';
		put(text);
		text[sizes[i]] = 'x';
		ck_assert_int_eq(file_slurp(path, sizes[i], &b, &e), 0);
		ck_assert_uint_eq(b.len, sizes[i]);
		ck_assert_int_eq(file_slurp(path, sizes[i] - 1, &b, &e), -1);
		expect_error(ERROR_LIMIT, path);
		buf_free(&b);
	}
}
END_TEST

START_TEST(unnamed_file)
{
	char data[4];
	int fd = file_unnamed(folder, &e);

	ck_assert_msg(fd >= 0, "%s", e.text);
	ck_assert_int_eq(entries(false), 0);
	ck_assert_int_eq(file_write(fd, "spool", 5, "it", &e), 0);
	ck_assert_int_eq(file_pread(fd, data, 4, 1, "it", &e), 4);
	ck_assert_mem_eq(data, "pool", 4);
	close(fd);
	ck_assert_int_eq(file_unnamed(path, &e), -1);
	expect_error(ERROR_IO, path);

	setenv("TMPDIR", path, 1);
	ck_assert_int_eq(file_unnamed(NULL, &e), -1);
	expect_error(ERROR_IO, path);
	setenv("TMPDIR", "", 1);
	fd = file_unnamed(NULL, &e);
	ck_assert_int_ge(fd, 0);
	close(fd);
	unsetenv("TMPDIR");
}
END_TEST

START_TEST(folders)
{
	static const char *cases[][2] = {{"a", "."}, {"", "."}, {"a/b", "a"}, {"/b", "/"},
					 {"/", "/"}, {"//b", "/"}, {"a//b", "a"}, {"a/b/c", "a/b"},
					 {"./b", "."}, {"../b", ".."}, {"/a/b", "/a"}, {"a/", "a"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *got = file_folder(cases[i][0]);
		ck_assert_str_eq(got, cases[i][1]);
		free(got);
	}
}
END_TEST

/* --- new files --- */

static struct newfile *create(bool replace, const char *content)
{
	struct newfile *f = newfile_create(path, replace, &e);

	ck_assert_msg(f != NULL, "%s", e.text);
	ck_assert_int_eq(file_write(newfile_fd(f), content, strlen(content), path, &e), 0);
	return f;
}

START_TEST(appears_whole)
{
	struct stat st;
	mode_t before = umask(027);
	struct newfile *f = create(_i == 1, "new");

	ck_assert_int_ne(access(path, F_OK), 0);
	ck_assert_int_eq(entries(false), 1);
	ck_assert_msg(newfile_commit(f, &e) == 0, "%s", e.text);
	umask(before);
	expect_content("new");
	ck_assert_int_eq(entries(false), 1);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	ck_assert_uint_eq(st.st_nlink, 1);
}
END_TEST

START_TEST(named_at_the_end)
{
	struct newfile *f = newfile_create_in(folder, &e);

	ck_assert_msg(f != NULL, "%s", e.text);
	ck_assert_int_eq(file_write(newfile_fd(f), "new", 3, folder, &e), 0);
	ck_assert_int_eq(entries(false), 1);
	/* A name that is taken is refused, and another can be tried. */
	put("old");
	ck_assert_int_eq(newfile_name(f, "out", &e), -1);
	expect_error(ERROR_IO, path);
	ck_assert_msg(newfile_name(f, "other", &e) == 0, "%s", e.text);
	ck_assert_msg(newfile_commit(f, &e) == 0, "%s", e.text);
	expect_content("old");
	snprintf(path, sizeof(path), "%s/other", folder);
	expect_content("new");
	ck_assert_int_eq(entries(false), 2);
}
END_TEST

START_TEST(name_taken_or_missing)
{
	struct newfile *f = newfile_create_in(folder, &e);

	ck_assert_msg(f != NULL, "%s", e.text);
	ck_assert_msg(newfile_name(f, "out", &e) == 0, "%s", e.text);
	put("meanwhile");
	ck_assert_int_eq(newfile_commit(f, &e), -1);
	expect_error(ERROR_IO, "exists");
	expect_content("meanwhile");
	f = newfile_create_in(folder, &e);
	ck_assert_int_eq(newfile_commit(f, &e), -1);
	expect_error(ERROR_USAGE, "no name");
	ck_assert_int_eq(entries(false), 1);
	ck_assert_ptr_null(newfile_create_in(path, &e));
	expect_error(ERROR_IO, path);
	newfile_abandon(newfile_create_in(folder, &e));
	ck_assert_int_eq(entries(false), 1);
}
END_TEST

START_TEST(abandoned)
{
	put("old");
	newfile_abandon(create(true, "new"));
	expect_content("old");
	ck_assert_int_eq(entries(false), 1);
	newfile_abandon(NULL);
}
END_TEST

START_TEST(replaces)
{
	put("old");
	ck_assert_int_eq(newfile_commit(create(true, "new"), &e), 0);
	expect_content("new");
	ck_assert_int_eq(entries(false), 1);
}
END_TEST

START_TEST(does_not_replace)
{
	put("old");
	ck_assert_ptr_null(newfile_create(path, false, &e));
	expect_error(ERROR_IO, "out: File exists");
	expect_content("old");

	/* The name is taken while the new file is written. */
	unlink(path);
	struct newfile *f = create(false, "new");
	put("other");
	ck_assert_int_eq(newfile_commit(f, &e), -1);
	expect_error(ERROR_IO, "out: File exists");
	expect_content("other");
	ck_assert_int_eq(entries(false), 1);

	/* A link that leads nowhere is a taken name, too. */
	unlink(path);
	ck_assert_int_eq(symlink("nowhere", path), 0);
	ck_assert_ptr_null(newfile_create(path, false, &e));
	expect_error(ERROR_IO, "File exists");
}
END_TEST

START_TEST(replaces_only_files)
{
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_ptr_null(newfile_create(path, true, &e));
	expect_error(ERROR_IO, "not a regular file");
	unlink(path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_ptr_null(newfile_create(path, true, &e));
	expect_error(ERROR_IO, "not a regular file");
	rmdir(path);
	ck_assert_int_eq(symlink("/dev/null", path), 0);
	ck_assert_ptr_null(newfile_create(path, true, &e));
	expect_error(ERROR_IO, "not a regular file");
	ck_assert_int_eq(entries(false), 1);
}
END_TEST

START_TEST(impossible_places)
{
	char other[256];

	snprintf(other, sizeof(other), "%s/none/out", folder);
	ck_assert_ptr_null(newfile_create(other, false, &e));
	expect_error(ERROR_IO, "No such file or directory");
	snprintf(other, sizeof(other), "%s/", folder);
	ck_assert_ptr_null(newfile_create(other, true, &e));
	expect_error(ERROR_IO, "folder");
	ck_assert_ptr_null(newfile_create("", true, &e));
	expect_error(ERROR_IO, "folder");
	put("file");
	snprintf(other, sizeof(other), "%s/out/x", folder);
	ck_assert_ptr_null(newfile_create(other, true, &e));
	expect_error(ERROR_IO, "Not a directory");
}
END_TEST

/* The longest name a file system takes also has a temporary one; a longer one is an error. */
START_TEST(long_names)
{
	char other[512];
	int start = snprintf(other, sizeof(other), "%s/", folder);

	memset(other + start, 'n', 256);
	other[start + 255] = '\0';
	struct newfile *f = newfile_create(other, false, &e);
	ck_assert_msg(f != NULL, "%s", e.text);
	ck_assert_int_eq(newfile_commit(f, &e), 0);
	ck_assert_int_eq(access(other, F_OK), 0);
	other[start + 255] = 'n';
	other[start + 256] = '\0';
	ck_assert_ptr_null(newfile_create(other, false, &e));
	expect_error(ERROR_IO, "File name too long");
	ck_assert_int_eq(entries(false), 1);
}
END_TEST

/* The folder is held open, so a change of the working folder does not matter. */
START_TEST(relative_path)
{
	ck_assert_int_eq(chdir(folder), 0);
	struct newfile *f = newfile_create("out", false, &e);
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(newfile_commit(f, &e), 0);
	expect_content("");
}
END_TEST

/* --- requests to stop --- */

/* Runs in a child: 0 if a signal ends a read of a pipe that nobody writes to. */
static int stopped_read(int number)
{
	int ends[2];
	char c;

	if (pipe(ends) != 0)
		return 1;
	stop_install();
	if (stop_requested() || stop_signal() != 0)
		return 2;
	pid_t parent = getpid();
	pid_t child = fork();
	if (child == 0) {
		/* More than once: the first may come before the read. */
		for (int i = 0; i < 100; i++) {
			usleep(20000);
			if (getppid() != parent)
				break;
			kill(parent, number);
		}
		_exit(0);
	}
	if (file_read(ends[0], &c, 1, "pipe", &e) != -1 || e.kind != ERROR_STOPPED)
		return 3;
	kill(child, SIGKILL);
	if (!stop_requested() || stop_signal() != number)
		return 4;
	raise(number == SIGTERM ? SIGINT : SIGTERM); /* a second one changes nothing */
	return stop_signal() == number ? 0 : 5;
}

/* Runs in a child: 0 if a signal that was ignored before stays ignored. */
static int ignored(int number)
{
	signal(number, SIG_IGN);
	stop_install();
	raise(number);
	return stop_requested();
}

static void run_child(int (*function)(int), int number)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(function(number));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}

START_TEST(stops)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

	run_child(stopped_read, numbers[_i]);
	run_child(ignored, numbers[_i]);
}
END_TEST

Suite *file_suite(void)
{
	Suite *s = suite_create("file");
	TCase *t = tcase_create("file");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, first_error_stays);
	tcase_add_test(t, error_of_errno);
	tcase_add_test(t, long_error_keeps_its_reason);
	tcase_add_test(t, reads_to_the_end);
	tcase_add_loop_test(t, pipes, 0, 2);
	tcase_add_test(t, full_device);
	tcase_add_test(t, slurps);
	tcase_add_test(t, slurps_every_size);
	tcase_add_test(t, unnamed_file);
	tcase_add_test(t, folders);
	tcase_add_loop_test(t, appears_whole, 0, 2);
	tcase_add_test(t, named_at_the_end);
	tcase_add_test(t, name_taken_or_missing);
	tcase_add_test(t, abandoned);
	tcase_add_test(t, replaces);
	tcase_add_test(t, does_not_replace);
	tcase_add_test(t, replaces_only_files);
	tcase_add_test(t, impossible_places);
	tcase_add_test(t, long_names);
	tcase_add_test(t, relative_path);
	tcase_add_loop_test(t, stops, 0, 3);
	suite_add_tcase(s, t);
	return s;
}
