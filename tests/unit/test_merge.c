/*
 * test_merge.c: tests of bundle/merge.c and bundle/relist.c with bundles that the writer does
 * not write. What it does is merged by tests/cli/merge.sh.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bundle/lines.h"
#include "bundle/merge.h"
#include "bundle_maker.h"

Suite *merge_suite(void);

#define MODEL                                                                                      \
	"{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\",\"x-callroll-key\":"     \
	"\"exact\"},\"recipients\":{\"type\":\"array\",\"items\":{\"type\":\"object\","            \
	"\"properties\":{\"id\":{\"type\":\"string\"}}}}}}\n"

static char folder[64], path[128];
static struct error e;

static void setup(void)
{
	snprintf(folder, sizeof(folder), "/tmp/test_merge.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/new.tar.zst", folder);
	e = (struct error){0};
}

static void teardown(void)
{
	unlink(path);
	ck_assert_int_eq(rmdir(folder), 0); /* nothing else is left in it */
}

/* What can be wrong with the bundle that is made. */
struct wrong {
	const char *recipients; /* NULL: as it should be; so with the next ones */
	const char *envelope;   /* of the response, behind its number */
	const char *sources;
	bool other_digest;
	bool later;
};

#define RECIPIENT "{\"id\":\"r\",\"z\":1}"
#define RESPONSE "{\"id\":\"b\",\"_odd\":[1],\"z\":{}}"

#define SOURCES                                                                                    \
	"{\"path\":\"p\",\"set_aside\":\"set-aside/00000002\",\"size\":0}\n"                      \
	"{\"path\":\"q\",\"set_aside\":\"set-aside/00000001\",\"n\":1}\n"                         \
	"{\"path\":\"q\",\"set_aside\":null}\n"

static void later_version(struct maker *m, struct buf *text)
{
	char *version = memmem(text->data, text->len, "1.0", 3);

	(void)m;
	ck_assert_ptr_nonnull(version);
	version[2] = '9';
}

static struct maker *make(const struct wrong *wrong)
{
	struct maker *m = maker_new();
	struct buf text = BUF_INIT;
	struct sha256 identity;
	char hex[SHA256_HEX + 1];

	ck_assert_int_eq(sha256_of(RECIPIENT "\n" RESPONSE "\n",
				   sizeof(RECIPIENT "\n" RESPONSE "\n") - 1, &identity), 0);
	sha256_hex(&identity, hex);
	if (wrong->other_digest)
		hex[5] = hex[5] == '0' ? '1' : '0';
	if (wrong->later)
		m->change_json = later_version;
	maker_entry(m, ENTRY_ABOUT);
	maker_frame(m, "{}\n");
	maker_entry(m, ENTRY_FORMAT);
	maker_frame(m, "x\n");
	maker_entry(m, ENTRY_MODEL);
	maker_frame(m, MODEL);
	maker_entry(m, "recipients/00000001.ndjson");
	maker_frame(m, wrong->recipients != NULL
			       ? wrong->recipients
			       : "{\"_batch\":\"b\",\"_response\":1,\"id\":\"r\",\"z\":1}\n");
	maker_entry(m, "responses/00000001.ndjson");
	buf_printf(&text, "{\"_response\":1,%s,\"_sha256\":\"%s\",\"_recipients\":1,\"_rows\":"
			  "[[1,1]],\"_outcomes\":{\"\\\"\\\"\":1},\"_findings\":{},\"_captured\":"
			  "{\"_odd\":[1]},\"id\":\"b\",\"z\":{}}\n",
		   wrong->envelope != NULL ? wrong->envelope
					   : "\"_source\":\"a \\\"b\\\"\",\"_offset\":3", hex);
	buf_byte(&text, '\0');
	maker_frame(m, text.data);
	maker_entry(m, "sources/00000001.ndjson");
	maker_frame(m, wrong->sources != NULL
			       ? wrong->sources
			       : SOURCES);
	maker_entry(m, "set-aside/00000001");
	maker_frame(m, "some");
	maker_frame(m, " bytes");
	maker_entry(m, "set-aside/00000002"); /* empty */
	maker_finish(m);
	buf_free(&text);
	return m;
}

/* Merges the bundle `times` times with itself. */
static int merge(const struct wrong *wrong, int times)
{
	struct maker *maker = make(wrong);
	struct writer_options o = {.level = 1, .about = SLICE("{}\n"), .model = SLICE(MODEL),
				   .threads = 1};
	struct writer *w = writer_open(path, &o, &e);
	struct writer_totals totals;
	struct model *model;
	struct bundle *b;
	struct merge *m;
	char made[64];
	int fd = maker_file(buf_view(&maker->file), made), status = 0;

	b = bundle_open(made, &e);
	ck_assert_msg(b != NULL && w != NULL, "%s", e.text);
	model = merge_model(b, &e);
	ck_assert_msg(model != NULL, "%s", e.text);
	ck_assert(merge_same_model(b, b));
	m = merge_new(w, model, &e);
	ck_assert_msg(m != NULL, "%s", e.text);
	for (int i = 0; i < times && status == 0; i++)
		status = merge_add(m, b, &e);
	if (status == 0) {
		ck_assert_uint_eq(merge_counts(m)->responses, 1);
		ck_assert_uint_eq(merge_doubled(m), (uint64_t)times - 1);
		ck_assert_msg(writer_close(w, &totals, &e) == 0, "%s", e.text);
	} else {
		writer_abandon(w);
	}
	merge_free(m);
	model_free(model);
	bundle_close(b);
	close(fd);
	maker_free(maker);
	return status;
}

static void expect_line(const struct bundle *b, enum line_kind kind, uint64_t number,
			const char *want)
{
	struct lines *l = lines_open(b, kind, &e);
	struct slice line;

	ck_assert_msg(lines_get(l, number, &line, &e) == 0, "%s", e.text);
	ck_assert_msg(slice_equal(line, slice_string(want)), "'%.*s' is not '%s'", (int)line.len,
		      line.data, want);
	lines_close(l);
}

START_TEST(lines_of_the_new_one)
{
	struct bundle *b;
	struct buf blob = BUF_INIT;
	uint32_t entry;

	ck_assert_msg(merge(&(struct wrong){0}, _i) == 0, "%s", e.text);
	b = bundle_open(path, &e);
	ck_assert_msg(b != NULL, "%s", e.text);
	ck_assert_uint_eq(bundle_lines(b, LINES_RESPONSES), 1);
	ck_assert_uint_eq(bundle_lines(b, LINES_RECIPIENTS), 1);
	ck_assert_uint_eq(bundle_lines(b, LINES_SOURCES), 3);
	ck_assert_uint_eq(bundle_blobs(b, BLOB_SET_ASIDE), 2);
	expect_line(b, LINES_RECIPIENTS, 1,
		    "{\"_batch\":\"b\",\"_response\":1,\"id\":\"r\",\"z\":1}");
	/* blobs are numbered in the order of the lines that name them */
	expect_line(b, LINES_SOURCES, 1,
		    "{\"path\":\"p\",\"set_aside\":\"set-aside/00000001\",\"size\":0}");
	expect_line(b, LINES_SOURCES, 2,
		    "{\"path\":\"q\",\"set_aside\":\"set-aside/00000002\",\"n\":1}");
	expect_line(b, LINES_SOURCES, 3, "{\"path\":\"q\",\"set_aside\":null}");
	entry = bundle_find_entry(b, SLICE("set-aside/00000002"));
	ck_assert_int_eq(bundle_read_entry(b, entry, 100, &blob, &e), 0);
	ck_assert(slice_equal(buf_view(&blob), SLICE("some bytes")));
	ck_assert_ptr_nonnull(bundle_keys(b));
	buf_free(&blob);
	bundle_close(b);
}
END_TEST

START_TEST(the_envelope_stays)
{
	struct wrong with = {.envelope = "\"_source\":\"a \\\"b\\\"\","
					 "\"_offset\":18446744073709551615,\"_seen\":-5,"
					 "\"_http\":{\"status\":200,\"lines\":[\"x\"]}"};
	static const char *const parts[] = {
		"\"_source\":\"a \\\"b\\\"\",\"_offset\":18446744073709551615",
		"\"_seen\":-5,\"_http\":{\"status\":200,\"lines\":[\"x\"]}",
		"\"_captured\":{\"_odd\":[1]},\"id\":\"b\",\"z\":{}}",
	};
	struct lines *l;
	struct slice line;
	struct bundle *b;

	ck_assert_msg(merge(&with, 2) == 0, "%s", e.text);
	b = bundle_open(path, &e);
	ck_assert_msg(b != NULL, "%s", e.text);
	l = lines_open(b, LINES_RESPONSES, &e);
	ck_assert_int_eq(lines_get(l, 1, &line, &e), 0);
	for (int i = 0; i < 3; i++)
		ck_assert_msg(memmem(line.data, line.len, parts[i], strlen(parts[i])) != NULL,
			      "no '%s' in '%.*s'", parts[i], (int)line.len, line.data);
	lines_close(l);
	bundle_close(b);
}
END_TEST

static const struct {
	struct wrong wrong;
	enum error_kind kind;
	const char *part;
} bad[] = {
	{{.other_digest = true}, ERROR_BUNDLE, "response 1 is not the one that was captured"},
	{{.recipients = "{\"_batch\":\"b\",\"_response\":1,\"id\":\"R\",\"z\":1}\n"}, ERROR_BUNDLE,
	 "its digest differs"},
	{{.recipients = "{\"_batch\":\"b\",\"_response\":1,\"id\":\n"}, ERROR_BUNDLE,
	 "not in the normal form"},
	{{.later = true}, ERROR_USAGE, "of a later version"},
	{{.envelope = "\"_source\":7,\"_offset\":1"}, ERROR_BUNDLE, "not of the form"},
	{{.envelope = "\"_source\":\"a\",\"_offset\":-1"}, ERROR_BUNDLE, "not of the form"},
	{{.envelope = "\"_source\":\"a\",\"_offset\":1,\"_seen\":true"}, ERROR_BUNDLE,
	 "not of the form"},
	{{.envelope = "\"_source\":\"a\",\"_offset\":1,\"_http\":{}"}, ERROR_BUNDLE,
	 "not of the form"},
	{{.envelope = "\"_source\":\"\\x\",\"_offset\":1"}, ERROR_BUNDLE, "not of the form"},
	{{.sources = "{\"set_aside\":\"set-aside/00000001\"}\n"
		     "{\"set_aside\":\"set-aside/00000001\"}\n"},
	 ERROR_BUNDLE, "line 2 of its sources names what another one names"},
	{{.sources = "{\"set_aside\":\"set-aside/00000001\"}\n"}, ERROR_BUNDLE,
	 "do not name all that it holds"},
	{{.sources = "{\"original\":\"originals/00000001\"}\n"}, ERROR_BUNDLE,
	 "line 1 of its sources names what is not there"},
	{{.sources = "{\"whole_file\":\"callroll.json\"}\n"}, ERROR_BUNDLE,
	 "names what is not there"},
	{{.sources = "[1]\n"}, ERROR_BUNDLE, "is not of the form"},
	{{.sources = "{\"a\"}\n"}, ERROR_BUNDLE, "is not of the form"},
};

START_TEST(refused)
{
	ck_assert_int_eq(merge(&bad[_i].wrong, 1), -1);
	ck_assert_int_eq(e.kind, bad[_i].kind);
	ck_assert_msg(strstr(e.text, bad[_i].part) != NULL, "no \"%s\" in: %s", bad[_i].part,
		      e.text);
}
END_TEST

Suite *merge_suite(void)
{
	Suite *s = suite_create("merge");
	TCase *t = tcase_create("merge");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, lines_of_the_new_one, 1, 4);
	tcase_add_test(t, the_envelope_stays);
	tcase_add_loop_test(t, refused, 0, sizeof(bad) / sizeof(bad[0]));
	suite_add_tcase(s, t);
	return s;
}
