/*
 * test_tombstone.c: tests of bundle/tombstone.c.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "bundle/tombstone.h"

Suite *tombstone_suite(void);

static struct needles *n;
static struct needles_look *l;

static void setup(void)
{
	n = needles_new();
	ck_assert_int_eq(needles_text(n, SLICE("rcp_77"), 0), 1);
	ck_assert_int_eq(needles_digits(n, SLICE("4915123456789"), 0), 1);
	ck_assert_int_eq(needles_ready(n), 0);
	l = needles_look_new(n);
	ck_assert_ptr_nonnull(l);
}

static void teardown(void)
{
	needles_look_free(l);
	needles_free(n);
}

START_TEST(is)
{
	ck_assert(tombstone_is(SLICE("{\"_batch\":\"b\",\"_response\":1,\"_erased\":true}")));
	ck_assert(tombstone_is(SLICE("{\"_erased\":true}")));
	ck_assert(!tombstone_is(SLICE("{\"_batch\":\"b\",\"_response\":1}")));
	ck_assert(!tombstone_is(SLICE("{\"_captured\":{\"_erased\":true}}")));
	ck_assert(!tombstone_is(SLICE("{\"x\":\",\\\"_erased\\\":true}\"}")));
	ck_assert(!tombstone_is(SLICE("{\"a,\\\"_erased\":true}")));
	ck_assert(!tombstone_is(SLICE("{\"_erased\":2,\"x\":true}")));
	ck_assert(!tombstone_is(SLICE("")));
	ck_assert_int_eq(tombstone_values(SLICE("{\"_batch\":\"b\",\"_erased\":12,\"id\":1}")), 12);
	ck_assert_int_eq(tombstone_values(SLICE("{\"_batch\":\"b\",\"_erased\":true}")), 0);
	ck_assert_int_eq(tombstone_values(SLICE("{\"_batch\":\"b\",\"x\":1,\"_erased\":3}")), 0);
}
END_TEST

START_TEST(whole)
{
	struct buf out = BUF_INIT;

	ck_assert(tombstone_recipient(
		SLICE("{\"_batch\":\"b\",\"_response\":3,\"_captured\":{\"_y\":1},\"id\":\"r\"}"),
		&out));
	buf_byte(&out, '\n');
	tombstone_finding(SLICE("{\"_response\":4,\"path\":\"p\"}"), &out);
	tombstone_finding(SLICE("{\"path\":\"p\"}"), &out);
	buf_byte(&out, '\0');
	ck_assert_str_eq(out.data, "{\"_batch\":\"b\",\"_response\":3,\"_erased\":true}\n"
				   "{\"_response\":4,\"_erased\":true}{\"_erased\":true}");
	ck_assert(!tombstone_recipient(SLICE("{\"id\":\"r\"}"), &out));
	buf_free(&out);
}
END_TEST

static const struct {
	const char *line, *part;
} parts[] = {
	{"{\"_batch\":\"b\",\"_response\":1}", "{\"_batch\":\"b\",\"_response\":1}"},
	{"{\"_batch\":\"rcp_77\",\"_response\":1,\"id\":\"rcp_77\",\"phone_number\":\"+4915123456789\"}",
	 "{\"_batch\":\"rcp_77\",\"_response\":1,\"id\":\"rcp_77\",\"phone_number\":"
	 "\"+4915123456789\"}"},
	{"{\"_batch\":\"b\",\"_response\":1,\"x\":\"rcp_77\",\"y\":[\"rcp_78\",\"rcp_77\",null,1.5]}",
	 "{\"_batch\":\"b\",\"_response\":1,\"_erased\":2,\"x\":\"[erased]\",\"y\":[\"rcp_78\","
	 "\"[erased]\",null,1.5]}"},
	{"{\"_batch\":\"b\",\"_response\":1,\"_erased\":2,\"x\":{\"rcp_77\":{\"a\":[1,{}]},\"b\":{}},"
	 "\"y\":4915123456789,\"z\":-49151234567891}",
	 "{\"_batch\":\"b\",\"_response\":1,\"_erased\":4,\"x\":{\"b\":{}},\"y\":\"[erased]\","
	 "\"z\":-49151234567891}"},
	{"{\"_batch\":\"b\",\"_response\":1,\"x\":{\"a\":true,\"rcp_77\":\"]}\"},\"rcp_77\":\"1\"}",
	 "{\"_batch\":\"b\",\"_response\":1,\"_erased\":2,\"x\":{\"a\":true}}"},
	{"{\"_batch\":\"b\",\"_response\":1,\"_captured\":{\"_n\":\"\\\"rcp_77\\\\\"},\"a\":\"\\\\\"}",
	 "{\"_batch\":\"b\",\"_response\":1,\"_erased\":1,\"_captured\":{\"_n\":\"[erased]\"},"
	 "\"a\":\"\\\\\"}"},
	{"{\"_response\":4915123456789,\"_source\":\"a/rcp_77/c.tar:0049 151/23456789.json\","
	 "\"_rows\":[[4915123456789,1]],\"_http\":{\"status\":200,\"lines\":[\"x: y\",\"z: "
	 "rcp_77\"]},\"id\":\"rcp_77\"}",
	 "{\"_response\":4915123456789,\"_source\":\"[erased]\",\"_rows\":[[4915123456789,1]],"
	 "\"_http\":{\"status\":200,\"lines\":[\"x: y\",\"[erased]\"]},\"id\":\"rcp_77\"}"},
	{"{\"_response\":1,\"_source\":\"a/rcp_77/c.tar:x rcp_77.json\",\"id\":\"b\",\"name\":\"49 "
	 "151 23456789\"}",
	 "{\"_response\":1,\"_source\":\"a/[erased]/c.tar:[erased]\",\"_erased\":1,\"id\":\"b\","
	 "\"name\":\"[erased]\"}"},
};

START_TEST(part)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct buf out = BUF_INIT;

		ck_assert(tombstone_part(slice_string(parts[i].line), l, l, &out));
		buf_byte(&out, '\0');
		ck_assert_str_eq(out.data, parts[i].part);
		buf_free(&out);
	}
}
END_TEST

/* Whatever is no line in the normal form is read within its bounds. */
START_TEST(broken)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t len = strlen(parts[i].line);

		for (size_t cut = 0; cut < len; cut++) {
			struct buf out = BUF_INIT;
			char *copy = malloc(cut + 2);

			memcpy(copy, parts[i].line, cut);
			copy[cut] = '}';
			tombstone_part(slice_of(copy, cut + 1), l, l, &out);
			buf_clear(&out);
			tombstone_source(slice_of(copy, cut + 1), l, true, &out);
			tombstone_is(slice_of(copy, cut));
			buf_free(&out);
			free(copy);
		}
	}
}
END_TEST

START_TEST(sources)
{
	static const struct {
		const char *line, *left;
		bool blob;
	} cases[] = {
		{"{\"path\":\"a/b\",\"size\":4915123456789}",
		 "{\"path\":\"a/b\",\"size\":4915123456789}", false},
		{"{\"path\":\"a/b\",\"set_aside\":\"set-aside/1\"}",
		 "{\"path\":\"a/b\",\"set_aside\":\"set-aside/1\",\"erased\":true}", true},
		{"{\"path\":\"a/rcp_77\",\"trouble\":\"rcp_77 is cut\"}",
		 "{\"path\":\"a/[erased]\",\"trouble\":\"[erased]\",\"erased\":true}", false},
		{"{\"path\":\"a/b\",\"erased\":true}", "{\"path\":\"a/b\",\"erased\":true}", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out = BUF_INIT;

		ck_assert(tombstone_source(slice_string(cases[i].line), l, cases[i].blob, &out));
		buf_byte(&out, '\0');
		ck_assert_str_eq(out.data, cases[i].left);
		buf_free(&out);
	}
}
END_TEST

Suite *tombstone_suite(void)
{
	Suite *s = suite_create("tombstone");
	TCase *t = tcase_create("tombstone");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, is);
	tcase_add_test(t, whole);
	tcase_add_test(t, part);
	tcase_add_test(t, broken);
	tcase_add_test(t, sources);
	suite_add_tcase(s, t);
	return s;
}
