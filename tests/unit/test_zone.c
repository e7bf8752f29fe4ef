/*
 * test_zone.c: tests of base/zone.c, with zone files made here; and beside the C library, with
 * those that the system has.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/zone.h"
#include "made_up.h"

Suite *zone_suite(void);

static char folder[] = "/tmp/callroll-zone.XXXXXX";
static struct error e;

static void setup(void)
{
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	setenv("TZDIR", folder, 1);
	e = (struct error){0};
}

static void teardown(void)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/Made", folder);
	unlink(path);
	rmdir(folder);
	unsetenv("TZDIR");
}

static void put(struct buf *b, uint64_t n, int bytes)
{
	while (bytes-- > 0)
		buf_byte(b, bytes < 8 ? (char)(n >> 8 * bytes) : '\0');
}

static void header(struct buf *b, uint64_t times, uint64_t types, uint64_t leaps)
{
	const uint64_t counts[] = {0, 0, leaps, times, types, 4};

	buf_string(b, "TZif2");
	put(b, 0, 15);
	for (int i = 0; i < 6; i++)
		put(b, counts[i], 4);
}

/* A file of version 2: before 1000 +1 h, then +2 h, from 2000 on +1 h; then the rule. */
static struct buf made(const char *rule, uint64_t leaps)
{
	struct buf b = BUF_INIT;

	header(&b, 0, 1, 0);
	put(&b, 0, 6 + 4);
	header(&b, 2, 2, leaps);
	put(&b, 1000, 8);
	put(&b, 2000, 8);
	put(&b, 1, 1);
	put(&b, 0, 1);
	put(&b, 3600, 4);
	put(&b, 0, 2);
	put(&b, 7200, 4);
	put(&b, 0, 2);
	buf_append(&b, "CET", 4);
	put(&b, 0, (int)leaps * 12);
	buf_printf(&b, "\n%s\n", rule);
	return b;
}

static struct zone *zone_of(struct buf *b)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/Made", folder);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fwrite(b->data, 1, b->len, f);
	fclose(f);
	buf_free(b);
	return zone_open("Made", &e);
}

static int64_t at(const struct zone *z, int64_t t)
{
	int64_t from, to, offset = zone_offset(z, t, &from, &to), ignored[2];

	HOLDS(from <= t && t < to);
	if (to != INT64_MAX)
		HOLDS(zone_offset(z, to - 1, &ignored[0], &ignored[1]) == offset);
	if (from != INT64_MIN)
		HOLDS(zone_offset(z, from, &ignored[0], &ignored[1]) == offset);
	return offset;
}

START_TEST(test_changes)
{
	struct buf b = made("", 0);
	struct zone *z = zone_of(&b);

	ck_assert_ptr_nonnull(z);
	ck_assert_int_eq(at(z, 999), 3600);
	ck_assert_int_eq(at(z, 1000), 7200);
	ck_assert_int_eq(at(z, 1999), 7200);
	ck_assert_int_eq(at(z, 2000), 3600);
	ck_assert_int_eq(at(z, INT64_MAX - 1), 3600);
	ck_assert_int_eq(at(z, INT64_MIN), 3600);
	zone_close(z);
}
END_TEST

START_TEST(test_rules)
{
	static const struct {
		const char *rule;
		int64_t t, offset;
	} rows[] = {
		{"CET-1CEST,M3.5.0,M10.5.0/3", 1774746000 - 1, 3600}, /* 2026-03-29 01:00 UTC */
		{"CET-1CEST,M3.5.0,M10.5.0/3", 1774746000, 7200},
		{"CET-1CEST,M3.5.0,M10.5.0/3", 1792890000 - 1, 7200}, /* 2026-10-25 01:00 UTC */
		{"CET-1CEST,M3.5.0,M10.5.0/3", 1792890000, 3600},
		{"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", 1774746000, -7200},
		{"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 1777600000, 37800},
		{"EST5EDT4,J60,J300", 1772323200, -18000}, /* 2026-03-01 00:00 UTC */
		{"EST5EDT4,J60,J300", 1772348400, -14400}, /* 2026-03-01 07:00 UTC */
		{"EST5EDT4,59,299", 1772348400, -14400},
		{"UTC0", 5, 3600}, /* not before the last change, which is no rule's */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b = made(rows[i].rule, 0);
		struct zone *z = zone_of(&b);

		ck_assert_msg(z != NULL, "%s: %s", rows[i].rule, e.text);
		ck_assert_msg(at(z, rows[i].t) == rows[i].offset, "%s at %lld: %lld", rows[i].rule,
			      (long long)rows[i].t, (long long)at(z, rows[i].t));
		at(z, INT64_MAX - 1);
		zone_close(z);
	}
}
END_TEST

START_TEST(test_wrong_files)
{
	static const char *const rules[] = {"CET",
					    "CET-1CEST,",
					    "CET-1CEST,M13.1.0,M1.1.0",
					    "CET-1CEST,M3.5.0",
					    "CET-1x",
					    "<CET-1",
					    "C-1",
					    "CET-1CEST,J0,J5",
					    "CET-99"};
	struct buf b;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		b = made(rules[i], 0);
		ck_assert_msg(zone_of(&b) == NULL, "%s", rules[i]);
	}
	b = made("", 1);
	ck_assert_ptr_null(zone_of(&b));
	for (size_t len = 0; len < 130; len++) {
		b = made("", 0);
		if (len >= b.len)
			break;
		b.len = len;
		ck_assert_msg(zone_of(&b) == NULL, "%zu bytes", len);
	}
	buf_free(&b);
	b = made("", 0);
	b.data[44 + 10 + 44 + 16] = 2; /* a type that is not there */
	ck_assert_ptr_null(zone_of(&b));
	b = made("", 0);
	b.data[44 + 10 + 44 + 6] = 127; /* not in order */
	ck_assert_ptr_null(zone_of(&b));
	ck_assert_int_eq(e.kind, ERROR_USAGE);
}
END_TEST

START_TEST(test_names)
{
	static const struct {
		const char *name;
		int64_t offset;
	} fixed[] = {
		{"UTC", 0}, {"+02:00", 7200}, {"-0330", -12600}, {"+14", 50400}, {"-00:30", -1800}};
	static const char *const wrong[] = {
		"",        "Nowhere/At_all", "+2",     "+24:00", "+02:60", "02:00", "+02:00:00",
		"../Made", "/etc/localtime", "Made\n", "+0",     "-",      "+02:"};
	struct buf b = made("", 0);

	zone_close(zone_of(&b));
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		struct zone *z = zone_open(fixed[i].name, &e);

		ck_assert_msg(z != NULL, "%s", fixed[i].name);
		ck_assert_int_eq(at(z, 1777600000), fixed[i].offset);
		zone_close(z);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		e = (struct error){0};
		ck_assert_msg(zone_open(wrong[i], &e) == NULL, "%s", wrong[i]);
		ck_assert_int_eq(e.kind, ERROR_USAGE);
	}
}
END_TEST

/* Where the system has tzdata. */
START_TEST(test_beside_libc)
{
	static const char *const names[] = {
		"Europe/Berlin",     "America/New_York", "Asia/Kolkata",  "Australia/Lord_Howe",
		"Africa/Casablanca", "Pacific/Apia",     "Europe/Dublin", "Antarctica/Troll"};

	unsetenv("TZDIR");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct zone *z = zone_open(names[i], &e);

		if (z == NULL)
			continue;
		setenv("TZ", names[i], 1);
		tzset();
		for (time_t t = -2000000000; t < 8000000000; t += 3 * 86400 + 7919) {
			struct tm tm;

			localtime_r(&t, &tm);
			HOLDS(at(z, t) == tm.tm_gmtoff);
		}
		zone_close(z);
	}
}
END_TEST

/* What a person types, in zones whose clocks change on that day. */
START_TEST(test_parse_time)
{
	static const char berlin[] = "CET-1CEST,M3.5.0,M10.5.0/3";
	static const char midnight[] = "CST5CDT,M3.2.0/0,M11.1.0/1"; /* as in Havana */
	static const struct {
		const char *rule, *text;
		int64_t first, last;
	} rows[] = {
		{berlin, "2026-03-28", 1774652400, 1774652400 + 24 * 3600 - 1},
		{berlin, "2026-03-29", 1774738800, 1774738800 + 23 * 3600 - 1},
		{berlin, "2026-10-25", 1792879200, 1792879200 + 25 * 3600 - 1},
		{berlin, "2026-10-26", 1792969200, 1792969200 + 24 * 3600 - 1},
		{berlin, "2026-03-29T01:59", 1774745940, 1774745999},
		{berlin, "2026-03-29T02:30", 1774746000, 1774745999}, /* there is none */
		{berlin, "2026-03-29T03:00", 1774746000, 1774746059},
		{berlin, "2026-10-25 02:30", 1792888200, 1792888259}, /* of two the first */
		{berlin, "2026-10-25T03:00", 1792893600, 1792893659},
		{berlin, "2026-03-29T00:00Z", 1774742400, 1774742459},
		{berlin, "2026-03-29T00:00:00+05:00", 1774724400, 1774724400},
		{berlin, "1774742400", 1774742400, 1774742400},
		{midnight, "2026-03-07", 1772859600, 1772859600 + 24 * 3600 - 1},
		{midnight, "2026-03-08", 1772946000, 1772946000 + 23 * 3600 - 1},
		{midnight, "2026-10-31", 1793419200, 1793419200 + 24 * 3600 - 1},
		{midnight, "2026-11-01", 1793505600, 1793505600 + 25 * 3600 - 1},
	};
	int64_t first = 1, last = 2;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b = made(rows[i].rule, 0);
		struct zone *z = zone_of(&b);

		ck_assert_msg(z != NULL, "%s: %s", rows[i].rule, e.text);
		ck_assert_int_eq(zone_parse_time(z, rows[i].text, &first, &last), 0);
		ck_assert_msg(first == rows[i].first && last == rows[i].last,
			      "%s in %s: %lld to %lld", rows[i].text, rows[i].rule,
			      (long long)first, (long long)last);
		ck_assert_int_eq(zone_parse_time(z, "2026-02-30", &first, &last), -1);
		ck_assert_int_eq(first, rows[i].first);
		zone_close(z);
	}
}
END_TEST

Suite *zone_suite(void)
{
	Suite *s = suite_create("zone");
	TCase *t = tcase_create("zone");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_changes);
	tcase_add_test(t, test_rules);
	tcase_add_test(t, test_wrong_files);
	tcase_add_test(t, test_names);
	tcase_add_test(t, test_beside_libc);
	tcase_add_test(t, test_parse_time);
	suite_add_tcase(s, t);
	return s;
}
