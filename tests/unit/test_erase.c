/*
 * test_erase.c: tests of bundle/persons.c, erase_look.c and erase_write.c: which lines are erased,
 * and that the index of the new bundle is that of its lines.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bundle/erase.h"
#include "bundle/frame.h"
#include "bundle/keys.h"
#include "bundle/lines.h"
#include "bundle/tombstone.h"
#include "indexed.h"

Suite *erase_suite(void);

#define PEOPLE 60

static struct indexed x;
static struct error e;
static char to[160];
static struct lookup *lookup;
static struct persons *persons;
static struct needles *needles, *pieces;

/* Person i is rcp_NNN in both batches, once more in another state. */
static void setup(void)
{
	char line[512];

	e = (struct error){0};
	indexed_begin(&x);
	for (int round = 1; round <= 3; round++)
		for (int i = 1; i <= PEOPLE; i++) {
			snprintf(
				line, sizeof(line),
				"{\"_batch\":\"b%d\",\"_response\":%d,\"id\":\"rcp_%03d\",\"status\":"
				"\"s%d\",\"phone_number\":\"+4915100000%03d\",\"conversation_id\":"
				"\"conv_%d_%03d\"}",
				round == 2 ? 2 : 1, round, i, round, i, round, i);
			indexed_line(&x, LINES_RECIPIENTS, line);
		}
	for (int round = 1; round <= 3; round++) {
		snprintf(
			line, sizeof(line),
			"{\"_response\":%d,\"_source\":\"p\",\"_recipients\":%d,\"_rows\":[[%d,%d]],"
			"\"id\":\"b%d\"}",
			round, PEOPLE, (round - 1) * PEOPLE + 1, PEOPLE, round == 2 ? 2 : 1);
		indexed_line(&x, LINES_RESPONSES, line);
	}
	indexed_open(&x);
	snprintf(to, sizeof(to), "%s/new", x.folder);
	lookup = lookup_open(x.b, &e);
	persons = persons_new(lookup, &e);
	needles = needles_new();
	pieces = needles_new();
	ck_assert_ptr_nonnull(persons);
}

static void teardown(void)
{
	needles_free(needles);
	needles_free(pieces);
	persons_free(persons);
	lookup_close(lookup);
	unlink(to);
	indexed_end(&x);
}

static void find(const char *value)
{
	struct slice typed = slice_string(value);
	uint64_t shared = 0, brief = 0;

	ck_assert_msg(persons_find(persons, &typed, 1, &e) == 0, "%s", e.text);
	ck_assert_int_eq(persons_needles(persons, (struct needles *[2]){needles, pieces}, 2,
					 &shared, &brief, &e),
			 0);
	ck_assert_int_eq(shared + brief, 0);
	ck_assert_int_eq(needles_ready(needles), 0);
	ck_assert_int_eq(needles_ready(pieces), 0);
}

static struct bundle *erase(struct erase_counts *counts)
{
	const struct erase_plan plan = {.bundle = x.b,
					.lookup = lookup,
					.persons = persons,
					.needles = needles,
					.pieces = pieces,
					.threads = 2};
	struct writer_options o = {
		.level = 1, .about = SLICE("{}\n"), .model = model_builtin_text(), .threads = 2};
	struct erase *run = erase_new(&plan, &e);
	struct writer_totals totals;
	struct writer *w;
	struct bundle *b;

	ck_assert_ptr_nonnull(run);
	ck_assert_msg(erase_look(run, &e) == 0, "%s", e.text);
	w = writer_open(to, &o, &e);
	ck_assert_ptr_nonnull(w);
	ck_assert_msg(erase_write(run, w, NULL, NULL, &e) == 0, "%s", e.text);
	*counts = *erase_counts(run);
	erase_free(run);
	ck_assert_int_eq(writer_close(w, &totals, &e), 0);
	b = bundle_open(to, &e);
	ck_assert_msg(b != NULL, "%s", e.text);
	return b;
}

START_TEST(lines)
{
	struct erase_counts counts;
	struct slice old, new;
	struct bundle *b;
	struct lines *was, *is;

	find("conv_2_017"); /* found by that, in both batches by the number */
	ck_assert_int_eq(persons_lines(persons), 3);
	ck_assert_int_eq(persons_recipients(persons), 2);
	ck_assert(persons_met(persons, 0) && !persons_batch(persons, 0));
	b = erase(&counts);
	ck_assert_int_eq(counts.erased.states, 3);
	ck_assert_int_eq(counts.erased.responses, 3);
	ck_assert_int_eq(counts.batches, 2);
	ck_assert_int_eq(counts.others, 0);
	was = lines_open(x.b, LINES_RECIPIENTS, &e);
	is = lines_open(b, LINES_RECIPIENTS, &e);
	ck_assert_int_eq(bundle_lines(b, LINES_RECIPIENTS), 3 * PEOPLE);
	for (uint64_t i = 1; i <= 3 * PEOPLE; i++) {
		ck_assert_int_eq(lines_get(was, i, &old, &e), 0);
		ck_assert_int_eq(lines_get(is, i, &new, &e), 0);
		if (i % PEOPLE == 17)
			ck_assert(tombstone_is(new));
		else
			ck_assert(slice_equal(old, new));
	}
	lines_close(was);
	lines_close(is);
	bundle_close(b);
}
END_TEST

/* --- frames --- */

START_TEST(frames)
{
	struct erase_counts counts;
	struct buf a = BUF_INIT, c = BUF_INIT;
	struct bundle *b;
	uint32_t n, differ = 0;

	find("rcp_017");
	b = erase(&counts);
	n = bundle_line_frames(b, LINES_RECIPIENTS);
	ck_assert_int_eq(n, bundle_line_frames(x.b, LINES_RECIPIENTS));
	ck_assert_int_gt(n, 20);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t f = bundle_line_frame(x.b, LINES_RECIPIENTS, i);
		const struct frame_record *r = bundle_frame(x.b, f);
		bool theirs = persons_meet(persons, r->first, r->first + r->lines);

		ck_assert_int_eq(bundle_read_packed(x.b, f, &a, &e), 0);
		ck_assert_int_eq(
			bundle_read_packed(b, bundle_line_frame(b, LINES_RECIPIENTS, i), &c, &e),
			0);
		ck_assert_int_eq(slice_equal(buf_view(&a), buf_view(&c)), !theirs);
		differ += theirs;
	}
	ck_assert_int_eq(differ, 3);
	buf_free(&a);
	buf_free(&c);
	bundle_close(b);
}
END_TEST

/* --- the index --- */

struct entries {
	const struct keys_shape *shape;
	const struct buf *page;
	uint64_t found;
};

static int count_frame(void *arg, uint32_t frame)
{
	(void)frame;
	((struct entries *)arg)->found++;
	return 0;
}

/* How many frames the index names for a value. */
static uint64_t ask(const struct bundle *b, const char *key, const char *value)
{
	uint64_t print = keys_fingerprint(slice_string(key), slice_string(value));
	struct entries found = {.shape = bundle_keys(b)};
	struct decoder *d = decoder_new();
	struct buf page = BUF_INIT;

	ck_assert_int_eq(bundle_read_keys(b, keys_page_of(found.shape, print), d, &page, &e), 0);
	ck_assert_int_eq(
		keys_page_find(found.shape, buf_view(&page), print, count_frame, &found, &e), 0);
	buf_free(&page);
	decoder_free(d);
	return found.found;
}

/* A value that is in no line finds a frame in 1 of 16 to 32 cases: these do not. */
START_TEST(index_of_it)
{
	struct erase_counts counts;
	struct bundle *b;
	static const struct {
		const char *key, *theirs, *others;
	} values[] = {
		{"id", "rcp_017", "rcp_018"},
		{"phone_number", "4915100000017", "4915100000018"},
		{"conversation_id", "conv_1_017", "conv_1_018"},
		{"conversation_id", "conv_3_017", "conv_3_018"},
	};

	find("+49 151 00000-017");
	b = erase(&counts);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		ck_assert_int_ge(ask(x.b, values[i].key, values[i].theirs), 1);
		ck_assert_int_eq(ask(b, values[i].key, values[i].theirs), 0);
		ck_assert_int_ge(ask(b, values[i].key, values[i].others), 1);
	}
	ck_assert_int_lt(bundle_keys(b)->entries, bundle_keys(x.b)->entries);
	bundle_close(b);
}
END_TEST

START_TEST(batches)
{
	find("b1");
	ck_assert_int_eq(persons_lines(persons), 0);
	ck_assert(persons_batch(persons, 0) && !persons_met(persons, 0));
	ck_assert(needles_none(needles));
}
END_TEST

Suite *erase_suite(void)
{
	Suite *s = suite_create("erase");
	TCase *t = tcase_create("erase");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, lines);
	tcase_add_test(t, frames);
	tcase_add_test(t, index_of_it);
	tcase_add_test(t, batches);
	suite_add_tcase(s, t);
	return s;
}
