/*
 * test_states.c: tests of bundle/states.c, and of known.c, runs.c and batches.c under it.
 */
#include <check.h>
#include <stdlib.h>

#include "made_up.h"

Suite *states_suite(void);

static struct error e;

#define RESPOND(m, batch, stored, ...)                                                             \
	do {                                                                                       \
		const uint32_t list_[] = {__VA_ARGS__};                                            \
		ck_assert_uint_eq(made_up_respond(m, batch, list_, sizeof(list_) / sizeof(*list_)),        \
				  stored);                                                         \
	} while (0)

START_TEST(changes_cost_what_they_are)
{
	struct made_up *m = made_up_new(ENOUGH);

	RESPOND(m, 1, 6, 1, 2, 3, 4, 5, 6); /* response 1 */
	made_up_expect(m, "[[1,6]]", 0);
	RESPOND(m, 1, 0, 1, 2, 3, 4, 5, 6); /* 2: the same */
	made_up_expect(m, "[[\"base\",0,6]]", 1);
	RESPOND(m, 1, 1, 1, 2, 30, 4, 5, 6); /* 3: one changed */
	made_up_expect(m, "[[\"base\",0,2],[7,1],[\"base\",3,3]]", 1);
	RESPOND(m, 1, 2, 1, 2, 30, 40, 41, 4, 5, 6); /* 4: two inserted */
	made_up_expect(m, "[[\"base\",0,3],[8,2],[\"base\",3,3]]", 3);
	RESPOND(m, 1, 0, 1, 2, 4, 5, 6); /* 5: three removed; fewer runs than from 4 */
	made_up_expect(m, "[[\"base\",0,2],[\"base\",5,3]]", 4);
	RESPOND(m, 1, 0, 6, 1, 2, 4, 5); /* 6: the last moved to the front */
	made_up_expect(m, "[[\"base\",4,1],[\"base\",0,4]]", 5);
	RESPOND(m, 1, 0, 1, 2, 3, 4, 5, 6); /* 7: as at first: told in full, that is shorter */
	made_up_expect(m, "[[1,6]]", 0);
	RESPOND(m, 2, 2, 1, 2); /* another batch has its own lines */
	made_up_expect(m, "[[10,2]]", 0);
	made_up_free(m);
}
END_TEST

START_TEST(older_lines_beside_the_base)
{
	struct made_up *m = made_up_new(ENOUGH);

	RESPOND(m, 1, 4, 1, 2, 3, 4);
	RESPOND(m, 1, 1, 2, 9, 3);
	made_up_expect(m, "[[\"base\",1,1],[5,1],[\"base\",2,1]]", 1);
	RESPOND(m, 1, 0, 1, 2, 9, 3); /* lines 1 and 2 are consecutive, but the base has 2 */
	made_up_expect(m, "[[1,1],[\"base\",0,3]]", 2);
	made_up_free(m);
}
END_TEST

START_TEST(repeats)
{
	struct made_up *m = made_up_new(ENOUGH);

	RESPOND(m, 1, 2, 1, 1, 2, 1, 1);
	made_up_expect(m, "[[1,1],[1,2],[1,1],[1,1]]", 0);
	RESPOND(m, 1, 1, 1, 1, 3, 1, 1); /* what follows the change goes on at its place */
	made_up_expect(m, "[[\"base\",0,2],[3,1],[\"base\",3,2]]", 1);
	RESPOND(m, 1, 1, 1, 1, 4, 3, 1, 1); /* and what follows an insertion */
	made_up_expect(m, "[[\"base\",0,2],[4,1],[\"base\",2,3]]", 2);
	RESPOND(m, 1, 0, 1, 1, 1);
	made_up_expect(m, "[[\"base\",0,2],[\"base\",0,1]]", 3);
	RESPOND(m, 2, 3, 1, 5, 1, 6, 1);
	RESPOND(m, 2, 1, 1, 5, 1, 6, 7, 1); /* after an insertion, at the place before it */
	made_up_expect(m, "[[\"base\",0,4],[8,1],[\"base\",4,1]]", 5);
	made_up_free(m);
}
END_TEST

START_TEST(empty_lists)
{
	struct made_up *m = made_up_new(ENOUGH);

	for (unsigned i = 0; i < 2; i++) {
		made_up_respond(m, 1, NULL, 0);
		made_up_expect(m, "[]", 0);
	}
	RESPOND(m, 1, 2, 1, 2);
	made_up_expect(m, "[[1,2]]", 0);
	made_up_respond(m, 1, NULL, 0);
	made_up_expect(m, "[]", 0);
	RESPOND(m, 1, 0, 1, 2);
	made_up_expect(m, "[[1,2]]", 0);
	made_up_free(m);
}
END_TEST

/* A list that changes a hundred times, each told `times` times; how many were told in full? */
static unsigned told_in_full(unsigned times)
{
	struct made_up *m = made_up_new(ENOUGH);
	uint32_t list[200];
	unsigned full = 0;

	for (uint32_t i = 0; i < 200; i++)
		list[i] = i;
	made_up_respond(m, 1, list, 200);
	for (uint32_t i = 0; i < 100; i++) {
		list[2 * i] += 1000;
		ck_assert_uint_eq(made_up_respond(m, 1, list, 200), 1);
		full += m->response[m->responses].base == 0;
		ck_assert(i != 31 || m->response[m->responses].chain == STATES_CHAIN);
		for (unsigned n = 1; n < times; n++) {
			ck_assert_uint_eq(made_up_respond(m, 1, list, 200), 0);
			full += m->response[m->responses].base == 0;
		}
	}
	made_up_free(m);
	return full;
}

START_TEST(chains_end)
{
	ck_assert_uint_eq(told_in_full(1), 3); /* at the 33rd, the 66th, the 99th */
	ck_assert_uint_eq(told_in_full(5), 3); /* equal lists make no chain longer */
}
END_TEST

START_TEST(scattered_is_stored_anew)
{
	struct made_up *m = made_up_new(ENOUGH);

	states_scattered(m->states); /* nothing was kept */
	RESPOND(m, 1, 3, 1, 2, 3);
	RESPOND(m, 2, 1, 1);
	states_scattered(m->states);
	RESPOND(m, 1, 0, 1, 2, 3);
	states_scattered(m->states);
	RESPOND(m, 2, 1, 1);
	RESPOND(m, 1, 3, 1, 2, 3);
	made_up_expect(m, "[[6,3]]", 0);
	RESPOND(m, 1, 0, 1, 2, 3);
	made_up_free(m);
}
END_TEST

START_TEST(take_back)
{
	struct made_up *m = made_up_new(ENOUGH);
	struct states_run run = {0};

	states_take_back(m->states); /* nothing is open */
	for (unsigned i = 0; i < 2; i++) {
		made_up_begin(m, 1);
		for (uint32_t text = 0; text < 100; text++)
			made_up_recipient(m, 1, text);
		states_take_back(m->states);
		states_take_back(m->states);
		ck_assert(!states_next_run(m->states, &run));
		m->lines = 0;
		ck_assert_uint_lt(states_bytes(m->states), 1000);
	}
	RESPOND(m, 1, 3, 5, 6, 7);
	made_up_begin(m, 1);
	for (uint32_t text = 0; text < 100; text++)
		made_up_recipient(m, 1, text);
	states_take_back(m->states);
	m->lines = 3;
	RESPOND(m, 1, 2, 5, 6, 8, 9);
	made_up_expect(m, "[[\"base\",0,2],[4,2]]", 1);
	made_up_begin(m, 1);
	states_free(m->states); /* while it is open */
	m->states = NULL;
	made_up_free(m);
}
END_TEST

/* --- memory --- */

/* An eighth over for growth; measured at sizes that are good and bad for it. */
START_TEST(bytes_per_recipient)
{
	static const uint32_t counts[] = {1000, 10000, 43691, 43692, 100000, 700000};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		uint32_t count = counts[i];
		uint32_t *list = calloc(count, sizeof(*list));
		struct made_up *m = made_up_new(ENOUGH);

		for (uint32_t n = 0; n < count; n++)
			list[n] = n;
		ck_assert_uint_eq(made_up_respond(m, 1, list, count), count);
		ck_assert_uint_le(states_bytes(m->states), (size_t)count * 48 + 300);
		made_up_free(m);
		free(list);
	}
}
END_TEST

START_TEST(oldest_is_forgotten)
{
	struct made_up *m = made_up_new((size_t)200 * 1000);
	uint32_t list[1000]; /* 200,000 bytes hold four or five batches of these */

	for (uint32_t i = 0; i < 1000; i++)
		list[i] = i;
	for (unsigned batch = 0; batch < 4; batch++)
		ck_assert_uint_eq(made_up_respond(m, batch, list, 1000), 1000);
	ck_assert_uint_eq(made_up_respond(m, 0, list, 1000), 0); /* now 1 is the oldest */
	for (unsigned batch = 4; batch < 6; batch++)
		ck_assert_uint_eq(made_up_respond(m, batch, list, 1000), 1000);
	ck_assert_uint_eq(made_up_respond(m, 0, list, 1000), 0);
	ck_assert_uint_eq(made_up_respond(m, 5, list, 1000), 0);
	ck_assert_uint_eq(made_up_respond(m, 1, list, 1000), 1000);
	ck_assert_uint_eq(made_up_respond(m, 0, list, 1000), 0);
	ck_assert_uint_le(states_bytes(m->states), (size_t)200 * 1000);
	made_up_free(m);
}
END_TEST

/* A batch larger than the limit: what came first is used, the rest is stored, nothing grows. */
START_TEST(too_large_a_batch)
{
	struct made_up *m = made_up_new((size_t)100 * 1000);
	uint32_t list[20000];

	for (uint32_t i = 0; i < 20000; i++)
		list[i] = i;
	ck_assert_uint_eq(made_up_respond(m, 1, list, 1000), 1000);
	ck_assert_uint_eq(made_up_respond(m, 2, list, 10), 10);
	ck_assert_uint_eq(made_up_respond(m, 1, list, 20000), 19000);
	made_up_expect(m, "[[\"base\",0,1000],[1011,19000]]", 1);
	ck_assert_uint_le(states_bytes(m->states), (size_t)100 * 1000);
	ck_assert_uint_eq(made_up_respond(m, 1, list, 1000), 1000); /* forgotten */
	made_up_expect(m, "[[20011,1000]]", 0);
	made_up_begin(m, 1);
	for (uint32_t i = 0; i < 20000; i++)
		made_up_recipient(m, 1, list[i]);
	states_take_back(m->states);
	/* a response taken back changes nothing */
	ck_assert_uint_eq(made_up_respond(m, 1, list, 1000), 0);
	made_up_free(m);
}
END_TEST

/* One recipient, told again and again, takes memory for its places. */
START_TEST(too_long_a_list)
{
	struct made_up *m = made_up_new((size_t)20 * 1000);
	uint32_t list[20000] = {0};

	ck_assert_uint_gt(made_up_respond(m, 1, list, 20000), 10000);
	ck_assert_uint_le(states_bytes(m->states), (size_t)20 * 1000);
	ck_assert_uint_eq(made_up_respond(m, 1, list, 100), 1);
	ck_assert_uint_eq(made_up_respond(m, 1, list, 100), 0);
	made_up_free(m);
}
END_TEST

START_TEST(no_room_at_all)
{
	struct made_up *m = made_up_new(0);

	for (unsigned i = 0; i < 3; i++)
		RESPOND(m, 1, 3, 1, 1, 2);
	made_up_expect(m, "[[7,3]]", 0);
	ck_assert_uint_le(states_bytes(m->states), 300);
	made_up_free(m);
}
END_TEST

/* Numbers of lines that do not fit beside the batch's first: stored, told, and forgotten. */
START_TEST(lines_far_apart)
{
	struct buf rows = BUF_INIT;
	struct states *s = states_new(ENOUGH, &e);
	uint64_t far = UINT64_C(1) << 33;
	uint64_t line, base;

	ck_assert_int_eq(states_begin(s, SLICE("b"), &e), 0);
	ck_assert_int_eq(states_recipient(s, SLICE("one"), far, &line, &e), 0);
	ck_assert_int_eq(states_recipient(s, SLICE("two"), 2 * far, &line, &e), 0);
	ck_assert_int_eq(states_recipient(s, SLICE("one"), 2 * far + 2, &line, &e), 0);
	ck_assert_uint_eq(line, 0);
	ck_assert_int_eq(states_keep(s, 9, &rows, &base, &e), 0);
	ck_assert_uint_eq(base, 0);
	ck_assert(slice_equal(buf_view(&rows),
			      SLICE("[[8589934592,1],[17179869184,1],[17179869186,1]]")));
	ck_assert_int_eq(states_begin(s, SLICE("b"), &e), 0);
	ck_assert_int_eq(states_recipient(s, SLICE("one"), 3 * far, &line, &e), 0);
	ck_assert_uint_eq(line, 0);
	states_free(s);
	buf_free(&rows);
}
END_TEST

Suite *states_suite(void)
{
	Suite *s = suite_create("states");
	TCase *t = tcase_create("states");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, changes_cost_what_they_are);
	tcase_add_test(t, older_lines_beside_the_base);
	tcase_add_test(t, repeats);
	tcase_add_test(t, empty_lists);
	tcase_add_test(t, chains_end);
	tcase_add_test(t, scattered_is_stored_anew);
	tcase_add_test(t, take_back);
	tcase_add_test(t, bytes_per_recipient);
	tcase_add_test(t, oldest_is_forgotten);
	tcase_add_test(t, too_large_a_batch);
	tcase_add_test(t, too_long_a_list);
	tcase_add_test(t, no_room_at_all);
	tcase_add_test(t, lines_far_apart);
	suite_add_tcase(s, t);
	return s;
}
