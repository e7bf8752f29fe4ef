/*
 * checked.c: runs the checker for the tests.
 */
#include "checked.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "model/target.h"

static struct model *model;
static struct findings *findings;
const struct check_limits checked_usual = {LIMIT_RECORD, LIMIT_DEPTH};

void checked_setup(void)
{
	struct error e = {0};
	static const struct severities none;

	model = model_load(NULL, &e);
	ck_assert_msg(model != NULL, "%s", e.text);
	findings = findings_new(1000, &none);
	ck_assert_ptr_nonnull(findings);
}

void checked_teardown(void)
{
	findings_free(findings);
	model_free(model);
}

void checked_model(const char *text)
{
	struct error e = {0};

	model_free(model);
	model = model_compile(slice_string(text), SLICE(""), "test", &e);
	ck_assert_msg(model != NULL, "%s", e.text);
}

void checked_target(const char *name)
{
	if (name != NULL)
		setenv("CALLROLL_TARGET", name, 1);
	else
		unsetenv("CALLROLL_TARGET");
	ck_assert(name == NULL || strcmp(target_choose()->name, name) == 0);
}

static void add_record(struct buf *out, const char *what, const struct record *r)
{
	buf_printf(out, "%s ", what);
	buf_slice(out, r->text);
	if (r->reserved.len > 0) {
		buf_string(out, " reserved ");
		buf_slice(out, r->reserved);
	}
	buf_byte(out, '\n');
}

static void add_findings(struct buf *out)
{
	size_t n;
	const struct finding *list = findings_list(findings, &n);

	for (size_t i = 0; i < n; i++) {
		const struct finding *f = &list[i];

		buf_printf(out, "%s %s %llu:%llu @%llu [%.*s] %.*s\n", severity_name(f->severity),
			   rule_info(f->rule)->name, (unsigned long long)f->place.line,
			   (unsigned long long)f->place.column,
			   (unsigned long long)f->place.offset, (int)f->pointer.len,
			   f->pointer.data, (int)f->message.len, f->message.data);
	}
}

char *checked_run(struct slice text, size_t step, bool other, const struct check_limits *limits)
{
	struct check *c = check_new(model, limits, findings);
	struct window w = {.line = 1};
	struct buf out = BUF_INIT;
	char *data = calloc(1, text.len + WINDOW_PAD + 1);
	size_t have = step == 0 ? text.len : 0, dropped = 0;
	enum check_status status = CHECK_MORE;

	ck_assert_ptr_nonnull(c);
	ck_assert_ptr_nonnull(data);
	findings_clear(findings);
	if (other)
		check_begin_other(c);
	else
		check_begin(c);
	for (;;) {
		/* a buffer of its own size, so that a sanitizer sees what is read beyond */
		size_t len = have - dropped;

		free(data);
		data = calloc(1, len + WINDOW_PAD);
		ck_assert_ptr_nonnull(data);
		memcpy(data, text.data + dropped, len);
		w.data = data;
		w.len = len;
		w.at = 0;
		w.last = have == text.len;
		while ((status = check_run(c, &w)) == CHECK_RECIPIENT)
			add_record(&out, "recipient", check_record(c));
		if (status != CHECK_MORE)
			break;
		ck_assert_msg(!w.last, "more is wanted of %.*s", (int)text.len, text.data);
		for (size_t i = 0; i < w.at; i++) {
			w.offset++;
			if (data[i] == '\n') {
				w.line++;
				w.line_start = w.offset;
			}
		}
		dropped += w.at;
		have = have + step > text.len ? text.len : have + step;
	}
	if (status == CHECK_END) {
		if (!other)
			add_record(&out, "response", check_response(c));
		buf_printf(&out, "end %zu is '%s' %s\n", (size_t)(w.offset + w.at),
			   check_is_not(c), check_unfit(c) ? "unfit" : "fit");
	} else {
		buf_printf(&out, "broken %s\n", check_unfit(c) ? "unfit" : "fit");
	}
	ck_assert_int_ne(status, CHECK_FAILED);
	add_findings(&out);
	buf_byte(&out, '\0');
	free(data);
	check_free(c);
	return out.data;
}

static void same_windows(struct slice text, bool other, const struct check_limits *limits,
			 const char *target, const char *whole)
{
	checked_target(target);
	for (size_t step = 0; step <= 64; step++) {
		char *cut = checked_run(text, step, other, limits);

		ck_assert_msg(strcmp(whole, cut) == 0,
			      "%s in windows of %zu bytes differs on %.*s:\n%s\nnot\n%s", target,
			      step, (int)text.len, text.data, cut, whole);
		free(cut);
	}
	checked_target(NULL);
}

void checked_same(struct slice text, bool other, const struct check_limits *limits)
{
	const struct target *targets[TARGET_MOST];
	size_t n = target_list(targets);
	char *whole = checked_run(text, 0, other, limits);

	for (size_t i = 0; i < n; i++)
		same_windows(text, other, limits, targets[i]->name, whole);
	free(whole);
}
