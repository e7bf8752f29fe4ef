/*
 * batch.c: made-up responses.
 * A value depends on the seed, the batch, the capture and the recipient only: responses can be made
 * in any order and recipients one after the other, however many they are.
 */
#include "gen/batch.h"

#include <stdio.h>
#include <string.h>

#include "gen/usual.h"

#define ARENA (256 * 1024)
#define START 1767225600 /* 2026-01-01 00:00:00 UTC */

/* What stands for the response itself where a recipient's number is asked for. */
#define NO_RECIPIENT UINT64_MAX

enum client { CLIENT_NULL, CLIENT_SMALL, CLIENT_FULL, CLIENT_USUAL };

struct batch batch_make(const struct batch_plan *plan)
{
	return (struct batch){.plan = plan, .own = arena_make(ARENA), .item = arena_make(ARENA)};
}

/* "btcal_" and 28 characters */
static const char *make_id(struct arena *a, const char *prefix, uint64_t seed, uint64_t x,
			   uint64_t y)
{
	static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
	struct random r = random_make(seed, x, y);
	size_t len = strlen(prefix);
	char *id = arena_take(a, len + 29);

	memcpy(id, prefix, len);
	for (size_t i = 0; i < 28; i++)
		id[len + i] = letters[random_below(&r, 32)];
	id[len + 28] = '\0';
	return id;
}

/* --- strange values, all of them valid --- */

static void add_odd_string(struct arena *a, struct value *to, const char *name, struct random *r)
{
	static const char nul[] = "before\0after";
	static const char *const texts[] = {
		"",
		"\"quoted\" \\ back / slash",
		"tab\t line\n feed\f return\r bell\x07 escape\x1b[31m delete\x7f",
		"\xc3\x89t\xc3\xa9 \xe2\x80\xa8 \xe9\x85\x8d\xe9\x80\x81 \xf0\x9f\x93\x9e",
		"\xf4\x8f\xbf\xbf \xef\xbf\xbf \xed\x9f\xbf \xc2\x80",
		"{\"not\":[\"json\"]}",
	};
	uint64_t i = random_below(r, 7);

	if (i == 6)
		value_bytes(a, to, name, nul, sizeof(nul) - 1);
	else
		value_text(a, to, name, texts[i]);
}

static void add_odd_number(struct arena *a, struct value *to, const char *name, struct random *r)
{
	static const char *const numbers[] = {
		"0",
		"-0",
		"0.10",
		"-0.0",
		"1E2",
		"1e-7",
		"3.14159265358979323846264338327950288",
		"123456789012345678901234567890",
		"100000000000000000000.000",
		"1.5e+300",
		"0e0",
	};

	value_digits(a, to, name, VALUE_NUMBER,
		     numbers[random_below(r, sizeof(numbers) / sizeof(numbers[0]))]);
}

static void add_odd_integer(struct arena *a, struct value *to, const char *name, struct random *r)
{
	static const char *const integers[] = {
		"0",
		"9007199254740993",
		"9223372036854775808",
		"123456789012345678901234567890",
		"1234567890123456789012345678901234567890123456789012345678901234",
	};

	value_digits(a, to, name, VALUE_INTEGER,
		     integers[random_below(r, sizeof(integers) / sizeof(integers[0]))]);
}

static void add_odd_value(struct arena *a, struct value *to, const char *name, struct random *r)
{
	struct value *in;

	switch (random_below(r, 5)) {
	case 0:
		value_add(a, to, name, VALUE_TRUE);
		break;
	case 1:
		value_add(a, to, name, VALUE_NULL);
		break;
	case 2:
		add_odd_number(a, to, name, r);
		break;
	case 3:
		in = value_add(a, to, name, VALUE_OBJECT);
		value_add(a, in, "", VALUE_ARRAY);
		value_add(a, in, "B", VALUE_OBJECT);
		add_odd_string(a, in, "_b", r);
		add_odd_number(a, value_add(a, in, "a", VALUE_ARRAY), NULL, r);
		break;
	default:
		add_odd_string(a, to, name, r);
	}
}

/* Members with names that nobody expects, in byte order. */
static void add_odd_members(struct arena *a, struct value *to, struct random *r)
{
	static const char *const names[] = {
		"\x01",      "A \"name\"",   "_batch",           "_captured",
		"_response", "a/b~c",        "back\\slash",      "timezone",
		"\xc3\xbc",  "\xe9\x85\x8d", "\xf0\x9f\x93\x9e",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (random_once_in(r, 4))
			add_odd_value(a, to, names[i], r);
}

/* --- a recipient --- */

/* The longest text that captures repeat: instructions of some thousand characters. */
static const char *prompt_text(struct arena *a)
{
	static const char line[] = "You call on behalf of a company that does not exist. Be brief "
				   "and polite, and never promise what you cannot keep.\n";
	size_t len = sizeof(line) - 1;
	char *text = arena_take(a, 24 * len + 1);

	for (size_t i = 0; i < 24; i++)
		memcpy(text + i * len, line, len);
	text[24 * len] = '\0';
	return text;
}

static void add_override(struct arena *a, struct value *to, struct random *r)
{
	static const char *const languages[] = {"en", "de", "fr", "hi"};
	struct value *o = value_add(a, to, "conversation_config_override", VALUE_OBJECT);
	struct value *v;

	value_add(a, o, "turn", VALUE_NULL);
	v = value_add(a, o, "tts", VALUE_OBJECT);
	value_text(a, v, "voice_id", "voice_01");
	value_digits(a, v, "stability", VALUE_NUMBER, "0.5");
	value_digits(a, v, "speed", VALUE_NUMBER, random_once_in(r, 2) ? "1" : "1.10");
	v = value_add(a, o, "conversation", VALUE_OBJECT);
	value_add(a, v, "text_only", VALUE_FALSE);
	v = value_add(a, o, "agent", VALUE_OBJECT);
	value_text(a, v, "first_message", "Hello, this is a call about your order.");
	value_text(a, v, "language", languages[random_below(r, 4)]);
	v = value_add(a, v, "prompt", VALUE_OBJECT);
	value_text(a, v, "prompt", prompt_text(a));
	value_text(a, v, "llm", "example-large");
	value_text(a, value_add(a, v, "native_mcp_server_ids", VALUE_ARRAY), NULL, "mcp_orders");
}

static void add_no_override(struct arena *a, struct value *to)
{
	static const char *const names[] = {"turn", "tts", "conversation", "agent"};
	struct value *o = value_add(a, to, "conversation_config_override", VALUE_OBJECT);

	for (size_t i = 0; i < 4; i++)
		value_add(a, o, names[i], VALUE_NULL);
}

static void add_variables(struct arena *a, struct value *to, struct random *r, bool odd)
{
	static const char *const first[] = {
		"Ada",  "Jos\xc3\xa9", "Zo\xc3\xab", "Kofi", "\xe7\xbe\x8e\xe5\x92\xb2",
		"Lena", "Otto",        "Nadia"};
	static const char *const plans[] = {"Basic", "Family", "Business"};
	struct value *v = value_add(a, to, "dynamic_variables", VALUE_OBJECT);
	char *date = arena_take(a, 16);

	if (odd) {
		add_odd_members(a, v, r);
		return;
	}
	snprintf(date, 16, "2026-%02u-%02u", (unsigned)random_below(r, 12) + 1,
		 (unsigned)random_below(r, 28) + 1);
	value_text(a, v, "first_name", first[random_below(r, 8)]);
	value_integer(a, v, "order", (int64_t)random_below(r, 1000000));
	/* In a free object numbers keep their spelling. */
	v->last->kind = VALUE_NUMBER;
	value_text(a, v, "plan", plans[random_below(r, 3)]);
	value_text(a, v, "renewal_date", date);
}

static void add_client_data(struct batch *b, struct value *to, struct random *r, bool odd)
{
	struct arena *a = &b->item;
	struct value *c, *source;

	if (b->client == CLIENT_USUAL && !odd) {
		usual_client_data(a, to, r);
		return;
	}
	if (b->client == CLIENT_NULL && !odd) {
		value_add(a, to, "conversation_initiation_client_data", VALUE_NULL);
		return;
	}
	c = value_add(a, to, "conversation_initiation_client_data", VALUE_OBJECT);
	if (b->client == CLIENT_FULL)
		add_override(a, c, r);
	else
		add_no_override(a, c);
	source = value_add(a, c, "custom_llm_extra_body", VALUE_OBJECT);
	if (odd)
		add_odd_members(a, source, r);
	value_add(a, c, "user_id", VALUE_NULL);
	source = value_add(a, c, "source_info", VALUE_OBJECT);
	value_add(a, source, "source", VALUE_NULL);
	value_add(a, source, "version", VALUE_NULL);
	add_variables(a, c, r, odd);
}

/* No two recipients of a response have the same. */
static const char *phone_number(struct batch *b, uint64_t i)
{
	char *number = arena_take(&b->item, 32);

	if (b->plan->usual)
		usual_phone_number(number, 32, b->plan->seed, b->number, i);
	else if (i < 70000)
		snprintf(number, 32, "+1%03u55501%02u",
			 (unsigned)(201 + (b->number + i / 100) % 700), (unsigned)(i % 100));
	else
		snprintf(number, 32, "+999%09llu", (unsigned long long)i);
	return number;
}

struct call {
	const char *status;
	bool begun;      /* it was handed to the provider */
	bool over;
	uint64_t before; /* calls before this one */
	uint64_t since;  /* the capture that first shows it like this */
};

/*
 * How far the call is at this capture: it begins at some capture and ends at the next. In a plan
 * with a share of changes half of the recipients are done at once and the others are called again
 * and again, each capture after a retry, so that the share stays the same; of them nobody ever
 * answers, because who has answered is not called again.
 */
static struct call find_call(const struct batch *b, uint64_t i)
{
	static const char *const ends[] = {"completed", "completed", "completed", "completed",
					   "failed", "failed", "voicemail", "completed"};
	static const char *const again[] = {"failed", "failed", "failed", "voicemail"};
	uint64_t changes = b->plan->changes;
	uint64_t period = changes > 1 ? changes : changes > 0 ? 2 : b->plan->captures;
	struct random r = random_make(b->plan->seed ^ 0x57a7, b->number, i);
	uint64_t end, since, round;

	if (changes > 1 && random_once_in(&r, 2))
		return (struct call){.status = "completed", .begun = true, .over = true};
	end = period == 1 ? 0 : random_below(&r, period);
	if (b->capture + 1 < end)
		return (struct call){.status = "pending"};
	if (b->capture < end)
		return (struct call){.status = "in_progress", .begun = true, .since = b->capture};
	since = b->capture - end;
	round = since / period;
	if (changes > 0 && since % period == period - 1)
		return (struct call){"in_progress", true, false, round + 1, b->capture};
	if (round > 0)
		r = random_make(b->plan->seed ^ 0x57a7 ^ round << 32, b->number, i);
	return (struct call){changes > 0 ? again[random_below(&r, 4)] : ends[random_below(&r, 8)],
			     true, true, round, end + round * period};
}

/* What the counters say of all calls. */
struct progress {
	uint64_t begun, finished;
	uint64_t open; /* recipients that wait or are being called */
};

static struct progress find_progress(const struct batch *b)
{
	struct progress p = {0};

	for (uint64_t i = 0; i < b->plan->recipients; i++) {
		struct call call = find_call(b, i);

		p.begun += call.before + call.begun;
		p.finished += call.before + call.over;
		p.open += !call.over;
	}
	return p;
}

/* When a capture was made, in seconds after the batch was created. The batch starts an hour after
 * that. */
static int64_t capture_time(uint64_t capture)
{
	return 7200 + (int64_t)capture * 60;
}

/* When the call got where it is: between the two captures; `random` is below 3600. */
static int64_t call_time(const struct call *call, int64_t random)
{
	if (!call->begun)
		return 0;
	if (call->since == 0)
		return 3600 + random;
	return capture_time(call->since - 1) + random % 60;
}

/* Makes one mistake: the status, of the wrong type or with none of the values; or it is missing. */
static void add_wrong_status(struct arena *a, struct value *to, struct random *r)
{
	switch (random_below(r, 3)) {
	case 0:
		value_digits(a, to, "status", VALUE_NUMBER, "7");
		break;
	case 1:
		value_add(a, to, "status", VALUE_NULL);
		break;
	default:
		break;
	}
}

static struct value *make_recipient(void *arg, uint64_t i)
{
	struct batch *b = arg;
	struct arena *a = &b->item;
	struct random r = random_make(b->plan->seed, b->number, i);
	bool odd = random_once_in(&r, b->plan->odd);
	bool wrong = random_once_in(&r, b->plan->errors);
	struct call call = find_call(b, i);
	int64_t random;
	struct value *v;

	a->used = 0;
	v = value_add(a, NULL, NULL, VALUE_OBJECT);
	value_text(a, v, "id", make_id(a, "rcp_", b->plan->seed, b->number, i + 1));
	if (wrong)
		add_wrong_status(a, v, &r);
	else
		value_text(a, v, "status", call.status);
	value_integer(a, v, "created_at_unix", b->created);
	/* Taken in any state, so that the values that follow are the same in all. */
	random = odd ? 0 : (int64_t)random_below(&r, 3600);
	if (odd)
		add_odd_integer(a, v, "updated_at_unix", &r);
	else
		value_integer(a, v, "updated_at_unix", b->created + call_time(&call, random));
	if (odd)
		add_odd_string(a, v, "phone_number", &r);
	else
		value_text(a, v, "phone_number", phone_number(b, i));
	value_add(a, v, "whatsapp_user_id", VALUE_NULL);
	if (call.over)
		value_text(a, v, "conversation_id",
			   make_id(a, "conv_", b->plan->seed ^ 0xc0 ^ call.before << 32, b->number,
				   i));
	else
		value_add(a, v, "conversation_id", VALUE_NULL);
	add_client_data(b, v, &r, odd);
	if (odd)
		add_odd_members(a, v, &r);
	return v;
}

/* --- a response --- */

static void add_head(struct batch *b, struct value *v, const struct progress *p, struct random *r,
		     bool odd)
{
	struct arena *a = &b->own;
	char *name = arena_take(a, 32);
	bool over = b->capture == b->plan->captures - 1 && p->open == 0;

	snprintf(name, 32, "Campaign %llu", (unsigned long long)b->number + 1);
	value_text(a, v, "id", make_id(a, "btcal_", b->plan->seed, b->number, 0));
	if (odd)
		add_odd_string(a, v, "name", r);
	else
		value_text(a, v, "name", name);
	value_text(a, v, "agent_id", make_id(a, "agent_", b->plan->seed, b->number % 7, 1));
	value_integer(a, v, "created_at_unix", b->created);
	value_integer(a, v, "scheduled_time_unix", b->created + 3600);
	if (odd)
		add_odd_integer(a, v, "last_updated_at_unix", r);
	else
		value_integer(a, v, "last_updated_at_unix",
			      b->created + capture_time(b->capture));
	value_text(a, v, "status", over ? "completed" : "in_progress");
	value_text(a, v, "agent_name", "Renewal reminder");
}

struct value *batch_response(struct batch *b, uint64_t i)
{
	struct arena *a = &b->own;
	struct progress progress;
	struct random r;
	struct value *v, *list;
	bool odd;

	a->used = 0;
	b->number = i / b->plan->captures;
	b->capture = i % b->plan->captures;
	r = random_make(b->plan->seed, b->number, NO_RECIPIENT);
	b->created = START + (int64_t)random_below(&r, 20000000);
	b->client = (int)random_below(&r, 3);
	if (b->plan->usual)
		b->client = CLIENT_USUAL;
	odd = random_once_in(&r, b->plan->odd);

	progress = find_progress(b);
	v = value_add(a, NULL, NULL, VALUE_OBJECT);
	add_head(b, v, &progress, &r, odd);
	list = value_add(a, v, "recipients", VALUE_LIST);
	list->item = make_recipient;
	list->arg = b;
	list->count = b->plan->recipients;
	value_text(a, v, "phone_number_id", make_id(a, "phnum_", b->plan->seed, b->number % 5, 2));
	value_text(a, v, "phone_provider", "twilio");
	value_add(a, v, "whatsapp_params", VALUE_NULL);
	value_integer(a, v, "total_calls_dispatched", (int64_t)progress.begun);
	value_integer(a, v, "total_calls_scheduled", (int64_t)b->plan->recipients);
	if (odd)
		add_odd_integer(a, v, "total_calls_finished", &r);
	else
		value_integer(a, v, "total_calls_finished", (int64_t)progress.finished);
	value_integer(a, v, "retry_count", b->plan->changes > 0 ? (int64_t)b->capture : 0);
	if (odd)
		add_odd_members(a, v, &r);
	return v;
}
