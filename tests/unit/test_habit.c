/*
 * test_habit.c: what is known of names from the recipients before must change nothing: each
 * recipient comes out as if it were the first one, on every target.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "checked.h"
#include "model/target.h"
#include "numbers.h"

Suite *habit_suite(void);

#define HEAD "{\"recipients\":["
#define RECIPIENTS 40
/* longer than the names that are compared whole */
#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789"

/* `open` and `free` have names that are data, `open` behind some that are not; of `plain` and the
 * recipient unknown ones are told. */
static const char open_model[] =
	"{\"properties\":{\"recipients\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
	"\"properties\":{\"open\":{\"type\":\"object\",\"required\":[\"_x\"],\"properties\":{"
	"\"\":{},\"_x\":{\"type\":\"string\"}},\"additionalProperties\":{\"type\":"
	"[\"integer\",\"object\"]}},\"free\":{},\"plain\":{\"properties\":{\"a\":{}}}}}}}}";

/* Appends "name": of a few dozen names in byte order, some of them spelled in two ways. */
static void add_name(struct buf *out, uint64_t number, uint64_t spelling)
{
	static const char *const odd[][2] = {
		{"", ""},
		{"_x", "_x"},
		{"a\\u0001", "\\u0061\\u0001"},
		{"a\\\"", "a\\u0022"},
		{"a\\\\z", "a\\u005cz"},
		{"b", "\\u0062"},
	};
	const uint64_t n = sizeof(odd) / sizeof(odd[0]);

	if (number < n)
		buf_printf(out, "\"%s\"", odd[number][spelling % 16 == 0]);
	else
		buf_printf(out, "\"%s%02u%s\"", spelling % 16 == 0 ? "n\\u0061me" : "name",
			   (unsigned)number,
			   number % 13 == 0  ? LONG
			   : number % 5 == 0 ? "é"
					     : "");
	buf_string(out, spelling % 7 == 0 ? " :" : ":");
}

/* Names in their order, each with a probability of one in `leave`; now and then one that
 * stood before, or should have. */
static void add_object(struct buf *out, unsigned depth, uint64_t names, uint64_t leave)
{
	bool first = true;

	buf_byte(out, '{');
	for (uint64_t i = 0; i < names; i++) {
		uint64_t back = next_number() % 60 == 0 ? next_number() % 16 : 0;
		uint64_t name = i - (back < i ? back : 0);

		if (next_number() % leave != 0)
			continue;
		if (!first)
			buf_byte(out, ',');
		first = false;
		add_name(out, name, next_number() % 100);
		if (depth > 0 && next_number() % 12 == 0)
			add_object(out, depth - 1, names, leave);
		else
			buf_uint(out, next_number() % 1000);
	}
	buf_byte(out, '}');
}

static void add_recipient(struct buf *out, uint64_t names, uint64_t leave)
{
	static const char *const members[] = {"open", "free", "plain"};

	buf_byte(out, '{');
	for (unsigned i = 0; i < 3; i++) {
		buf_printf(out, "%s\"%s\":", i > 0 ? "," : "", members[i]);
		add_object(out, 2, i < 2 ? names : 3, leave);
	}
	buf_byte(out, '}');
}

/* Appends what of the result is the recipient's normal form, and its findings without places. */
static void add_result(struct buf *out, const char *result, uint64_t index)
{
	struct buf mine = BUF_INIT;

	buf_printf(&mine, "[/recipients/%llu/", (unsigned long long)index);
	buf_byte(&mine, '\0');
	for (const char *line = result; *line != '\0'; line = strchr(line, '\n') + 1) {
		const char *end = strchr(line, '\n');
		const char *at = strstr(line, mine.data);

		if (at == NULL || at > end)
			continue;
		at += mine.len - 1;
		buf_append(out, line, (size_t)(strchr(line, ' ') - line));
		buf_byte(out, ' ');
		buf_append(out, at, (size_t)(end + 1 - at));
	}
	buf_free(&mine);
}

/* The normal form of recipient number `index`. */
static struct slice record(const char *result, uint64_t index)
{
	const char *line = result;

	while (index-- > 0)
		line = strchr(line, '\n') + 1;
	ck_assert_msg(strncmp(line, "recipient ", 10) == 0, "%s", line);
	return slice_of(line, (size_t)(strchr(line, '\n') - line));
}

/* Where a text differs from another one. */
static const char *differs(const char *a, const char *b)
{
	while (*a == *b && *a != '\0') {
		a++;
		b++;
	}
	return a;
}

/* One recipient of a response among its others, and alone. */
static void compare(const char *all, uint64_t index, struct slice text)
{
	struct buf one = BUF_INIT, want = BUF_INIT, found = BUF_INIT;
	char *alone;

	buf_string(&one, HEAD);
	buf_slice(&one, text);
	buf_string(&one, "]}");
	alone = checked_run(buf_view(&one), 0, false, &checked_usual);
	buf_slice(&want, record(alone, 0));
	buf_slice(&found, record(all, index));
	add_result(&want, alone, 0);
	add_result(&found, all, index);
	buf_byte(&want, '\0');
	buf_byte(&found, '\0');
	ck_assert_msg(slice_equal(buf_view(&want), buf_view(&found)),
		      "recipient %u: %.1000s\nnot\n%.1000s", (unsigned)index,
		      differs(found.data, want.data), differs(want.data, found.data));
	free(alone);
	buf_free(&one);
	buf_free(&want);
	buf_free(&found);
}

/* Closes the text of a response; *start: where one more recipient would begin. */
static void add_end(struct buf *text, size_t *start)
{
	*start = text->len + 1;
	buf_string(text, "]}");
}

/* Each recipient, which begins at its start in the text, must come out as it does alone. */
static void like_the_first(struct slice text, const size_t *start)
{
	char *all = checked_run(text, 0, false, &checked_usual);

	for (unsigned i = 0; i < RECIPIENTS; i++)
		compare(all, i, slice_of(text.data + start[i], start[i + 1] - 1 - start[i]));
	free(all);
}

static void at_random(uint64_t names, uint64_t leave)
{
	struct buf text = BUF_INIT;
	size_t start[RECIPIENTS + 1];

	buf_string(&text, HEAD);
	for (unsigned i = 0; i < RECIPIENTS; i++) {
		if (i > 0)
			buf_byte(&text, ',');
		start[i] = text.len;
		add_recipient(&text, names, leave);
	}
	add_end(&text, &start[RECIPIENTS]);
	like_the_first(buf_view(&text), start);
	buf_free(&text);
}

/* The first recipient has all letters; each other one the first, the last, and one between. */
START_TEST(left_out)
{
	struct buf text = BUF_INIT;
	size_t start[RECIPIENTS + 1];

	buf_string(&text, HEAD);
	for (unsigned i = 0; i < RECIPIENTS; i++) {
		buf_string(&text, i > 0 ? "," : "");
		start[i] = text.len;
		buf_string(&text, "{\"free\":{\"a\":1");
		for (char c = 'b'; i == 0 && c < 'z'; c++)
			buf_printf(&text, ",\"%c\":1", c);
		buf_string(&text, ",\"z\":1");
		if (i > 0)
			buf_printf(&text, ",\"%c\":1", (char)('a' + i % 26));
		buf_string(&text, "}}");
	}
	add_end(&text, &start[RECIPIENTS]);
	checked_model(open_model);
	like_the_first(buf_view(&text), start);
	buf_free(&text);
}
END_TEST

/* Few names and many, more than are kept; all of them, or some left out. */
START_TEST(like_alone)
{
	static const struct {
		uint64_t names, leave;
	} kinds[] = {{14, 1}, {14, 2}, {30, 7}, {40, 1}, {40, 3}, {90, 9}};
	const struct target *targets[TARGET_MOST];
	size_t n = target_list(targets);

	state = 11;
	checked_model(open_model);
	for (size_t t = 0; t < n; t++) {
		checked_target(targets[t]->name);
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
			at_random(kinds[k].names, kinds[k].leave);
	}
	checked_target(NULL);
}
END_TEST

Suite *habit_suite(void)
{
	Suite *s = suite_create("habit");
	TCase *tc = tcase_create("habit");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, checked_setup, checked_teardown);
	tcase_add_test(tc, left_out);
	tcase_add_test(tc, like_alone);
	suite_add_tcase(s, tc);
	return s;
}
