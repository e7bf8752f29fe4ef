/*
 * within.c: the audit rules within one response, recipient by recipient, and what they have in
 * common. What is kept of a response is counts, two places and the tables of twins.h.
 * A value that the model complains of (another type, none at all) must never be told again here.
 */
#include "audit/within_inside.h"

#include <stdlib.h>

#include "base/text.h"
#include "bundle/keyring.h"
#include "json/number.h"

#define PUT_MOST 60 /* bytes of a value in a message */

static const char *const value_names[VALUE_OTHER] = {
	[VALUE_ID] = "id",
	[VALUE_STATUS] = "status",
	[VALUE_CREATED] = "created_at_unix",
	[VALUE_UPDATED] = "updated_at_unix",
	[VALUE_PHONE] = "phone_number",
	[VALUE_WHATSAPP] = "whatsapp_user_id",
	[VALUE_CONVERSATION] = "conversation_id",
};

static const char *const top_names[TOPS] = {
	[TOP_ID] = "id",
	[TOP_STATUS] = "status",
	[TOP_CREATED] = "created_at_unix",
	[TOP_SCHEDULED_TIME] = "scheduled_time_unix",
	[TOP_UPDATED] = "last_updated_at_unix",
	[TOP_PHONE_NUMBER] = "phone_number_id",
	[TOP_WHATSAPP] = "whatsapp_params",
	[TOP_DISPATCHED] = "total_calls_dispatched",
	[TOP_SCHEDULED] = "total_calls_scheduled",
	[TOP_FINISHED] = "total_calls_finished",
	[TOP_RETRIES] = "retry_count",
};

/* --- making and freeing --- */

static int find_members(struct within *w, const struct model *model)
{
	const struct node *recipient = model_recipient(model);
	uint32_t n = recipient != NULL ? recipient->n_members : 0;

	w->slot = malloc((size_t)n + 1);
	if (w->slot == NULL)
		return -1;
	memset(w->slot, VALUE_OTHER, n);
	for (unsigned i = 0; i < VALUE_OTHER; i++) {
		w->member[i] =
			n > 0 ? model_member(recipient, slice_string(value_names[i])) : UINT32_MAX;
		if (w->member[i] != UINT32_MAX)
			w->slot[w->member[i]] = (uint8_t)i;
	}
	for (unsigned i = 0; i < TOPS; i++)
		w->top[i] = model_member(model_root(model), slice_string(top_names[i]));
	w->lists = model_recipients(model) != UINT32_MAX;
	return 0;
}

struct within *within_new(const struct model *model, struct findings *findings, struct error *e)
{
	struct within *w = calloc(1, sizeof(*w));

	if (w == NULL || find_members(w, model) != 0) {
		error_memory(e);
		within_free(w);
		return NULL;
	}
	w->findings = findings;
	w->twins = twins_new(e);
	if (w->twins == NULL) {
		within_free(w);
		return NULL;
	}
	return w;
}

void within_free(struct within *w)
{
	if (w == NULL)
		return;
	twins_free(w->twins);
	free(w->slot);
	buf_free(&w->pointer);
	buf_free(&w->shape);
	buf_free(&w->message);
	buf_free(&w->text);
	free(w);
}

/* --- what the rules have in common --- */

void within_pointer(struct buf *out, uint64_t index)
{
	buf_string(out, "/recipients/");
	buf_uint(out, index);
}

bool within_count(struct within *w, enum rule rule, const struct spot *spot)
{
	buf_clear(&w->pointer);
	buf_clear(&w->shape);
	buf_clear(&w->message);
	if (spot->recipient != NO_RECIPIENT) {
		within_pointer(&w->pointer, spot->recipient);
		buf_string(&w->shape, "/recipients/*");
	}
	if (spot->member != NULL) {
		buf_printf(&w->pointer, "/%s", spot->member);
		buf_printf(&w->shape, "/%s", spot->member);
	}
	return findings_count(w->findings, rule, rule_info(rule)->severity, BASIS_NONE,
			      buf_view(&w->shape), &spot->place);
}

void within_tell(struct within *w)
{
	findings_tell(w->findings, buf_view(&w->pointer), buf_view(&w->message));
}

struct spot within_spot(const struct within *w, struct check *c, uint64_t index,
			enum within_value member)
{
	struct spot spot = {.recipient = index};

	if (member < VALUE_OTHER)
		spot.member = value_names[member];
	check_recipient_place(c, member < VALUE_OTHER ? w->member[member] : UINT32_MAX,
			      &spot.place);
	return spot;
}

struct spot within_top_spot(const struct within *w, const struct check *c, enum within_top member)
{
	return (struct spot){NO_RECIPIENT, top_names[member], check_value_place(c, w->top[member])};
}

struct slice within_top(const struct within *w, const struct check *c, enum within_top member)
{
	return check_value(c, w->top[member]);
}

void within_recipients_are(struct buf *out, uint64_t n)
{
	buf_uint(out, n);
	buf_string(out, n == 1 ? " recipient is" : " recipients are");
}

void within_put(struct buf *out, struct slice value)
{
	size_t n = value.len;

	if (n > PUT_MOST) {
		n = PUT_MOST;
		while (n > 0 && ((unsigned char)value.data[n] & 0xc0) == 0x80)
			n--;
	}
	text_safe(out, slice_of(value.data, n));
	if (n < value.len)
		buf_string(out, "…");
}

bool within_number(struct slice value, int64_t *out)
{
	if (within_ten_digits(value, out))
		return true;
	if (value.len == 0 || value.data[0] < '0' || value.data[0] > '9')
		return false;
	if (!number_is_integer(value))
		return false;
	if (number_int64(value, out) != 0)
		*out = INT64_MAX;
	return true;
}

bool within_retried(const struct within *w, const struct check *c)
{
	struct slice value = within_top(w, c, TOP_RETRIES);
	int64_t retries;

	return !within_number(value, &retries) || retries != 0;
}

/* null, absent or an empty string. */
static bool is_nothing(struct slice value)
{
	return value.len == 0 || value.data[0] == 'n' || (value.len == 2 && value.data[0] == '"');
}

/* --- one recipient --- */

static void tell_twin(struct within *w, struct check *c, const struct within_recipient *r,
		      enum within_value member, enum rule rule, uint64_t first)
{
	struct spot spot = within_spot(w, c, r->index, member);

	if (!within_count(w, rule, &spot))
		return;
	if (member == VALUE_PHONE) {
		buf_string(&w->message, "the same phone number as ");
	} else {
		within_put(&w->message, r->value[member]);
		buf_string(&w->message, " is also ");
	}
	within_pointer(&w->message, first);
	buf_printf(&w->message, "/%s", value_names[member]);
	within_tell(w);
}

/* What must not be there twice, by table. */
static const struct {
	enum within_value member;
	enum rule rule;
} twin[TWINS_TABLES] = {
	{VALUE_ID, RULE_duplicate_recipient},
	{VALUE_PHONE, RULE_duplicate_phone},
	{VALUE_CONVERSATION, RULE_duplicate_conversation},
};

static int print_twins(struct within *w, struct within_recipient *r, struct error *e)
{
	static const struct keyring_key phone = {.kind = KEY_PHONE};

	for (unsigned i = 0; i < TWINS_TABLES; i++) {
		struct slice text = r->value[twin[i].member];

		r->print[i] = 0;
		if (text.len <= 2 || text.data[0] != '"')
			continue;
		if (twin[i].member == VALUE_PHONE) {
			if (!keyring_value(&phone, text, &w->text)) {
				if (w->text.failed)
					return error_memory(e);
				continue;
			}
			text = buf_view(&w->text);
		}
		r->print[i] = twins_print(w->twins, i, text);
		if (r->print[i] == TWINS_FAILED)
			return error_memory(e);
	}
	return 0;
}

static int judge_twins(struct within *w, struct check *c, const struct within_recipient *r,
		       struct error *e)
{
	for (unsigned i = 0; i < TWINS_TABLES; i++) {
		uint64_t first;

		if (r->print[i] == 0)
			continue;
		first = twins_add(w->twins, i, r->print[i], r->index);
		if (first == TWINS_NEW)
			continue;
		if (first == TWINS_FAILED)
			return error_memory(e);
		tell_twin(w, c, r, twin[i].member, twin[i].rule, first);
	}
	return 0;
}

/* What should be there for a call to be possible, and after it. */
static void judge_call(struct within *w, struct check *c, const struct within_recipient *r)
{
	struct spot spot;

	if (is_nothing(r->value[VALUE_PHONE]) && is_nothing(r->value[VALUE_WHATSAPP]) &&
	    w->member[VALUE_PHONE] != UINT32_MAX && w->member[VALUE_WHATSAPP] != UINT32_MAX) {
		spot = within_spot(w, c, r->index, VALUE_OTHER);
		if (within_count(w, RULE_unreachable, &spot)) {
			buf_string(&w->message, "neither a phone_number nor a whatsapp_user_id");
			within_tell(w);
		}
	}
	if (r->status == REPORT_COMPLETED && is_nothing(r->value[VALUE_CONVERSATION]) &&
	    w->member[VALUE_CONVERSATION] != UINT32_MAX) {
		spot = within_spot(w, c, r->index, VALUE_CONVERSATION);
		if (within_count(w, RULE_no_conversation, &spot)) {
			buf_string(&w->message, "completed, but without a conversation");
			within_tell(w);
		}
	}
}

static int judge_recipient(struct within *w, struct check *c, struct error *e)
{
	struct within_recipient *r = &w->now;

	for (unsigned i = 0; i < VALUES; i++)
		r->value[i].len = 0;
	check_recipient_values(c, w->slot, r->value);
	r->index = check_recipient_index(c);
	r->status = status_of_value(r->value[VALUE_STATUS]);
	if (w->count[r->status]++ == 0)
		w->first[r->status] = r->index;
	if (check_record(c)->text.data[0] != '{') {
		w->strange++;
		return 0;
	}
	findings_begin_unit(w->findings);
	if (print_twins(w, r, e) != 0)
		return -1;
	within_times_recipient(w, c, r);
	judge_call(w, c, r);
	if (judge_twins(w, c, r, e) != 0)
		return -1;
	findings_commit_unit(w->findings);
	return 0;
}

/* --- the response --- */

static void begin(struct within *w)
{
	w->begun = false;
	w->strange = 0;
	memset(w->count, 0, sizeof(w->count));
	within_times_begin(w);
	twins_clear(w->twins);
}

/* A batch that calls nobody needs no caller. */
static void judge_caller(struct within *w, const struct check *c)
{
	struct slice whatsapp = within_top(w, c, TOP_WHATSAPP);
	struct spot spot;

	if (w->top[TOP_PHONE_NUMBER] == UINT32_MAX || w->top[TOP_WHATSAPP] == UINT32_MAX ||
	    check_recipients(c) == 0)
		return;
	if (!is_nothing(within_top(w, c, TOP_PHONE_NUMBER)) || !is_nothing(whatsapp))
		return;
	spot = within_top_spot(w, c, TOP_PHONE_NUMBER);
	if (within_count(w, RULE_no_caller, &spot)) {
		buf_string(&w->message, "neither a phone_number_id nor whatsapp_params");
		within_tell(w);
	}
}

static void judge_response(struct within *w, const struct reader_result *result, struct check *c,
			   const struct source *s)
{
	findings_begin_unit(w->findings);
	/* without a list nothing can be counted */
	if (w->lists && (result->verdict == VERDICT_RECORD || check_recipients(c) > 0)) {
		within_counts(w, c);
		within_status(w, c);
	}
	within_times_end(w, c);
	judge_caller(w, c);
	within_name(w, c, source_file_name(s));
	findings_commit_unit(w->findings);
}

enum reader_event within_next(struct within *w, struct reader *r, const struct source *s,
			      struct error *e)
{
	enum reader_event event = reader_next(r, e);
	struct check *c = reader_check(r);

	switch (event) {
	case READER_BEGIN:
		begin(w);
		break;
	case READER_RECIPIENT:
		if (judge_recipient(w, c, e) != 0)
			return READER_FAILED;
		break;
	case READER_END:
		if (reader_result(r)->verdict != VERDICT_OTHER && check_whole(c))
			judge_response(w, reader_result(r), c, s);
		break;
	case READER_DONE:
	case READER_FAILED:
		break;
	}
	if (w->pointer.failed || w->shape.failed || w->message.failed) {
		error_memory(e);
		return READER_FAILED;
	}
	return event;
}
