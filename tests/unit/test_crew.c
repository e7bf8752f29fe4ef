/*
 * test_crew.c: tests of bundle/crew.c.
 */
#include <check.h>
#include <stdio.h>

#include "bundle/crew.h"
#include "indexed.h"

Suite *crew_suite(void);

#define LINES 2000

static struct indexed x;

/* What was looked into and taken. */
struct seen {
	struct {
		uint64_t first, lines;
		struct slice content;
	} slot[64];
	uint64_t next;  /* the line that must come next */
	uint64_t taken; /* frames */
	uint64_t odd;   /* only frames whose first line is odd */
	int stop_after;
};

static bool wants(void *arg, const struct frame_record *frame)
{
	struct seen *s = arg;

	return s->odd == 0 || frame->first % 2 == 1;
}

static void look(void *arg, unsigned slot, struct slice content, uint64_t first)
{
	struct seen *s = arg;

	s->slot[slot].first = first;
	s->slot[slot].content = content;
	s->slot[slot].lines = 0;
	for (size_t i = 0; i < content.len; i++)
		s->slot[slot].lines += content.data[i] == '\n';
}

static int take(void *arg, unsigned slot, const struct error *why, struct error *e)
{
	struct seen *s = arg;
	char want[64];

	(void)e;
	ck_assert_int_eq(why->kind, ERROR_NONE);
	if (s->odd == 0)
		ck_assert_uint_eq(s->slot[slot].first, s->next);
	ck_assert_uint_ge(s->slot[slot].first, s->next);
	snprintf(want, sizeof(want), "{\"id\":\"%llu\"}\n",
		 (unsigned long long)s->slot[slot].first);
	ck_assert(slice_starts(s->slot[slot].content, slice_string(want)));
	s->next = s->slot[slot].first + s->slot[slot].lines;
	s->taken++;
	return s->stop_after > 0 && (int)s->taken == s->stop_after ? 7 : 0;
}

static void setup(void)
{
	char line[64];

	indexed_begin(&x);
	for (int i = 1; i <= LINES; i++) {
		snprintf(line, sizeof(line), "{\"id\":\"%d\"}", i);
		indexed_line(&x, LINES_RECIPIENTS, line);
	}
	indexed_open(&x);
}

static void teardown(void)
{
	indexed_end(&x);
}

START_TEST(test_order)
{
	struct error e = {0};
	struct crew *c = crew_new((unsigned)_i, &e);
	struct seen all = {.next = 1}, some = {.next = 1, .odd = 1};
	struct crew_task task = {x.b, LINES_RECIPIENTS, &all, wants, look, take};

	ck_assert_ptr_nonnull(c);
	ck_assert_uint_le(crew_slots(c), 64);
	ck_assert_int_eq(crew_run(c, &task, &e), 0);
	ck_assert_uint_eq(all.next, LINES + 1);
	ck_assert_uint_eq(all.taken, bundle_line_frames(x.b, LINES_RECIPIENTS));
	ck_assert_uint_gt(all.taken, 50);
	task.arg = &some;
	ck_assert_int_eq(crew_run(c, &task, &e), 0);
	ck_assert(some.taken > 0 && some.taken < all.taken);
	task.kind = LINES_FINDINGS;
	some.taken = 0;
	ck_assert_int_eq(crew_run(c, &task, &e), 0);
	ck_assert_uint_eq(some.taken, 0);
	crew_free(c);
}
END_TEST

START_TEST(test_stop)
{
	struct error e = {0};
	struct crew *c = crew_new((unsigned)_i, &e);
	struct seen s = {.next = 1, .stop_after = 9};
	struct crew_task task = {x.b, LINES_RECIPIENTS, &s, wants, look, take};

	ck_assert_int_eq(crew_run(c, &task, &e), 7);
	ck_assert_uint_eq(s.taken, 9);
	/* it can be used again */
	s = (struct seen){.next = 1};
	ck_assert_int_eq(crew_run(c, &task, &e), 0);
	ck_assert_uint_eq(s.next, LINES + 1);
	crew_free(c);
}
END_TEST

Suite *crew_suite(void)
{
	Suite *s = suite_create("crew");
	TCase *t = tcase_create("crew");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_order, 1, 5);
	tcase_add_loop_test(t, test_stop, 1, 5);
	suite_add_tcase(s, t);
	return s;
}
