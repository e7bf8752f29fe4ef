/*
 * test_lookup.c: tests of bundle/lookup.c and bundle/wanted.c.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "bundle/lookup.h"
#include "indexed.h"

Suite *lookup_suite(void);

static struct indexed x;
static struct lookup *l;
static struct error e;
static struct buf seen; /* "which:kind:number " of each line told */

static int found(void *arg, size_t which, enum line_kind lines, uint64_t number, struct slice line)
{
	ck_assert_ptr_eq(arg, &seen);
	ck_assert(line.len > 2 && line.data[0] == '{' && line.data[line.len - 1] == '}');
	buf_printf(&seen, "%zu:%s%llu ", which, lines == LINES_RECIPIENTS ? "" : "r",
		   (unsigned long long)number);
	return 0;
}

static const char *seen_text(void)
{
	buf_byte(&seen, '\0');
	return seen.data;
}

#define EXPECT(name, typed, want)                                                                  \
	do {                                                                                       \
		buf_clear(&seen);                                                                  \
		ck_assert_msg(lookup_value(l, slice_string(name), slice_string(typed), found,      \
					   &seen, &e) == 0,                                        \
			      "%s", e.text);                                                       \
		ck_assert_str_eq(seen_text(), want);                                               \
	} while (0)

static void recipient(const char *batch, const char *members)
{
	char line[512];

	snprintf(line, sizeof(line), "{\"_batch\":\"%s\",\"_response\":1,%s}", batch, members);
	indexed_line(&x, LINES_RECIPIENTS, line);
}

static void open_lookup(struct bundle *b)
{
	lookup_close(l);
	l = lookup_open(b, &e);
	ck_assert_msg(l != NULL, "%s", e.text);
}

static void setup(void)
{
	e = (struct error){0};
	seen = (struct buf)BUF_INIT;
	l = NULL;
	indexed_begin(&x);
	recipient(
		"b1",
		"\"id\":\"r1\",\"phone_number\":\"+49 (151) 2345-6789\",\"conversation_id\":\"c1\"");
	recipient("b1",
		  "\"id\":\"r2\",\"phone_number\":\"4915123456789\",\"conversation_id\":null");
	recipient("b2", "\"id\":\"r1\",\"phone_number\":null,\"whatsapp_user_id\":\"r1\"");
	recipient("b2", "\"id\":\"a\\\"b\\\\c\\n\xc3\xa9\",\"phone_number\":\"\\u00121\"");
	recipient(
		"b2",
		"\"id\":\"b1\",\"status\":\"x\",\"conversation_initiation_client_data\":"
		"{\"id\":\"r9\",\"phone_number\":\"4915123456789\",\"text\":\"\\\"id\\\":\\\"r9\\\"\"}");
	for (int i = 6; i <= 30; i++) {
		char text[128];
		snprintf(text, sizeof(text), "\"id\":\"n%d\",\"phone_number\":\"+1-%d\"", i, i);
		recipient("b3", text);
	}
	indexed_line(&x, LINES_RESPONSES, "{\"_response\":1,\"id\":\"b1\",\"name\":\"r1\"}");
	indexed_line(&x, LINES_RESPONSES, "{\"_response\":2,\"id\":\"b2\"}");
	indexed_line(&x, LINES_RESPONSES, "{\"_response\":3,\"id\":\"b1\"}");
	open_lookup(indexed_open(&x));
}

static void teardown(void)
{
	lookup_close(l);
	indexed_end(&x);
	buf_free(&seen);
}

static void expect_all(void)
{
	EXPECT("", "r1", "0:1 0:3 ");
	EXPECT("id", "r1", "0:1 0:3 ");
	EXPECT("whatsapp_user_id", "r1", "0:3 ");
	EXPECT("conversation_id", "r1", "");
	EXPECT("", "c1", "0:1 ");
	EXPECT("", "n17", "0:17 ");
	EXPECT("", "r9", "");
	EXPECT("", "", "");
	EXPECT("", "null", "");
}

START_TEST(values)
{
	const char *why;
	bool damaged;

	expect_all();
	ck_assert(!lookup_scanned(l, &why, &damaged));
}
END_TEST

START_TEST(phones_by_digits)
{
	EXPECT("", "+4915123456789", "0:1 0:2 ");
	EXPECT("phone_number", "49 151/2345.6789", "0:1 0:2 ");
	EXPECT("phone_number", "4915123456788", "");
	EXPECT("phone_number", "915123456789", "");
	EXPECT("", "1-20", "0:20 ");
	EXPECT("phone_number", "none", "");
	EXPECT("phone_number", "1", "0:4 "); /* the escape's digits are none of its own */
	EXPECT("phone_number", "00121", "");
	EXPECT("phone_number", "tel:+49 151 23456789", "0:1 0:2 ");
	EXPECT("", "r4915123456789", ""); /* an id's digits are no phone number */
}
END_TEST

START_TEST(batches_stand_first)
{
	EXPECT("", "b1", "0:r1 0:r3 0:5 ");
	EXPECT("batch.id", "b1", "0:r1 0:r3 ");
	EXPECT("id", "b1", "0:5 ");
}
END_TEST

START_TEST(escapes)
{
	EXPECT("", "a\"b\\c\n\xc3\xa9", "0:4 ");
	EXPECT("", "a\\\"b\\\\c\\n\xc3\xa9", "");
}
END_TEST

START_TEST(many_at_once)
{
	struct slice typed[40];
	char text[40][16];
	struct buf want = BUF_INIT;

	/* more than are looked for one by one; some twice, some not there */
	for (int i = 0; i < 40; i++) {
		snprintf(text[i], sizeof(text[i]), i % 3 == 2 ? "+1%d" : "n%d", i);
		typed[i] = slice_string(text[i]);
	}
	for (int n = 6; n <= 30; n++)
		buf_printf(&want, "%d:%d ", n, n);
	typed[1] = SLICE("n30");
	want.len -= 6; /* line 30 has n30 as value 1 and 30 */
	buf_string(&want, "1:30 30:30 ");
	buf_byte(&want, '\0');
	ck_assert_int_eq(lookup_values(l, SLICE(""), typed, 40, found, &seen, &e), 0);
	ck_assert_str_eq(seen_text(), want.data);
	buf_free(&want);
	/* the same where everything is read */
	open_lookup(indexed_damage(&x));
	char *before = strdup(seen.data);
	buf_clear(&seen);
	ck_assert_int_eq(lookup_values(l, SLICE(""), typed, 40, found, &seen, &e), 0);
	ck_assert_str_eq(seen_text(), before);
	free(before);
}
END_TEST

START_TEST(among_lines)
{
	struct cover_run run[] = {{3, 4}, {10, 20}};
	struct cover cover = {run, 2, 2};
	struct slice typed[] = {SLICE("r1"), SLICE("n12"), SLICE("n25"), SLICE("b1")};

	ck_assert_int_eq(lookup_among(l, SLICE("id"), typed, 4, &cover, found, &seen, &e), 0);
	ck_assert_str_eq(seen_text(), "0:3 1:12 ");
}
END_TEST

static int stop(void *arg, size_t which, enum line_kind lines, uint64_t number, struct slice line)
{
	found(arg, which, lines, number, line);
	return 7;
}

START_TEST(callback_ends_it)
{
	ck_assert_int_eq(lookup_value(l, SLICE(""), SLICE("b1"), stop, &seen, &e), 7);
	ck_assert_str_eq(seen_text(), "0:r1 ");
}
END_TEST

START_TEST(damaged_index)
{
	const char *why;
	bool damaged;

	open_lookup(indexed_damage(&x));
	expect_all();
	ck_assert(lookup_scanned(l, &why, &damaged));
	ck_assert(damaged);
	ck_assert_msg(strstr(why, ENTRY_KEYS) != NULL, "%s", why);
}
END_TEST

START_TEST(no_key)
{
	const char *why;
	bool damaged;

	ck_assert_ptr_null(lookup_key(l, SLICE("status")));
	ck_assert_ptr_nonnull(lookup_key(l, SLICE("phone_number")));
	ck_assert_ptr_nonnull(lookup_key(l, SLICE("batch.id")));
	EXPECT("status", "x", "0:5 ");
	EXPECT("batch.name", "r1", "0:r1 ");
	ck_assert(lookup_scanned(l, &why, &damaged));
	ck_assert(!damaged);
}
END_TEST

START_TEST(damaged_lines)
{
	const struct frame_record *r =
		bundle_frame(x.b, bundle_line_frame(x.b, LINES_RECIPIENTS, 0));
	struct slice typed[] = {SLICE("4915123456789"), SLICE("130")};
	FILE *f = fopen(x.path, "r+");
	int c;

	ck_assert_ptr_nonnull(f);
	fseek(f, (long)(r->offset + r->size / 2), SEEK_SET);
	c = fgetc(f);
	fseek(f, -1, SEEK_CUR);
	fputc(c ^ 8, f);
	fclose(f);
	/* what stands in other frames is told all the same */
	ck_assert_int_eq(lookup_values(l, SLICE("phone_number"), typed, 2, found, &seen, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_BUNDLE);
	ck_assert_str_eq(seen_text(), r->lines > 1 ? "1:30 " : "0:2 1:30 ");
	/* and who asks for nothing else is not bothered */
	e = (struct error){0};
	EXPECT("", "n30", "0:30 ");
}
END_TEST

Suite *lookup_suite(void)
{
	Suite *s = suite_create("lookup");
	TCase *t = tcase_create("lookup");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, values);
	tcase_add_test(t, phones_by_digits);
	tcase_add_test(t, batches_stand_first);
	tcase_add_test(t, escapes);
	tcase_add_test(t, many_at_once);
	tcase_add_test(t, among_lines);
	tcase_add_test(t, callback_ends_it);
	tcase_add_test(t, damaged_index);
	tcase_add_test(t, no_key);
	tcase_add_test(t, damaged_lines);
	suite_add_tcase(s, t);
	return s;
}
