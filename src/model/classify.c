/*
 * classify.c: what an object is, from the names of its top-level members. The facts come from what
 * the API family answers to other calls and from what people's own tools wrap around an answer. It
 * never looks at values beyond their first byte.
 */
#include "model/classify.h"

enum {
	SEEN_ID,
	SEEN_STATUS,
	SEEN_RECIPIENTS,
	SEEN_AGENT,
	SEEN_CREATED,
	SEEN_SCHEDULED,
	SEEN_DETAIL,
	SEEN_BATCH_CALLS,
	SEEN_CALL_NAME,
	SEEN_TRANSCRIPT,
	SEEN_CONVERSATION,
	SEEN_SUCCESS,
	SEEN_ERROR,
	SEEN_DATA,
	SEEN_RESPONSE,
	SEEN_COUNT
};

static const char *const names[SEEN_COUNT] = {
	[SEEN_ID] = "\"id\"",
	[SEEN_STATUS] = "\"status\"",
	[SEEN_RECIPIENTS] = "\"recipients\"",
	[SEEN_AGENT] = "\"agent_id\"",
	[SEEN_CREATED] = "\"created_at_unix\"",
	[SEEN_SCHEDULED] = "\"scheduled_time_unix\"",
	[SEEN_DETAIL] = "\"detail\"",
	[SEEN_BATCH_CALLS] = "\"batch_calls\"",
	[SEEN_CALL_NAME] = "\"call_name\"",
	[SEEN_TRANSCRIPT] = "\"transcript\"",
	[SEEN_CONVERSATION] = "\"conversation_id\"",
	[SEEN_SUCCESS] = "\"success\"",
	[SEEN_ERROR] = "\"error\"",
	[SEEN_DATA] = "\"data\"",
	[SEEN_RESPONSE] = "\"response\"",
};

#define BIT(n) (1u << (n))

void classify_member(struct classify *c, struct slice quoted, char value)
{
	for (unsigned i = 0; i < SEEN_COUNT; i++) {
		if (slice_equal(quoted, slice_string(names[i]))) {
			c->seen |= BIT(i);
			if (value == '{')
				c->objects |= BIT(i);
			return;
		}
	}
	c->others++;
}

uint32_t classify_recipients(void)
{
	return BIT(SEEN_RECIPIENTS);
}

#define BATCH                                                                                      \
	(BIT(SEEN_ID) | BIT(SEEN_STATUS) | BIT(SEEN_AGENT) | BIT(SEEN_CREATED) |                   \
	 BIT(SEEN_SCHEDULED))

bool classify_may_be_response(const struct classify *c)
{
	return (c->seen & (BATCH | BIT(SEEN_RECIPIENTS))) != 0;
}

/* A batch, or something like one, under a member of what somebody's own tool wrote. */
static const char *wrapper(const struct classify *c)
{
	if (c->objects & BIT(SEEN_DATA))
		return "a wrapper written by another tool: what it holds is under /data";
	if (c->objects & BIT(SEEN_RESPONSE))
		return "a wrapper written by another tool: what it holds is under /response";
	if (c->objects & BIT(SEEN_STATUS))
		return "a wrapper written by another tool: what it holds is under /status";
	if (c->seen & BIT(SEEN_ERROR))
		return "an error report of another tool";
	if (c->seen & BIT(SEEN_SUCCESS))
		return "an answer of another tool";
	return NULL;
}

const char *classify_object(const struct classify *c)
{
	uint32_t seen = c->seen;

	if ((seen & BIT(SEEN_CALL_NAME)) && !(seen & BIT(SEEN_ID)))
		return "a request that submits a batch (call_name)";
	if ((seen & BIT(SEEN_RECIPIENTS)) && (seen & BATCH))
		return "";
	if ((seen & BIT(SEEN_DETAIL)) && !(seen & BIT(SEEN_ID)))
		return "an API error body (detail)";
	if (seen & BIT(SEEN_BATCH_CALLS))
		return "a batch list (batch_calls)";
	if (seen & BIT(SEEN_TRANSCRIPT))
		return "a conversation (transcript)";
	if (!(seen & BIT(SEEN_ID)) && wrapper(c) != NULL)
		return wrapper(c);
	if ((seen & BIT(SEEN_ID)) && (seen & BIT(SEEN_STATUS)))
		return "a summary without recipients, as submitting, cancelling or retrying "
		       "a batch answers";
	if ((seen & BIT(SEEN_ID)) && wrapper(c) != NULL)
		return wrapper(c);
	if (seen == 0 && c->others == 0)
		return "an empty object";
	return "another JSON object";
}

const char *classify_other(char first, bool empty)
{
	switch (first) {
	case '[':
		return empty ? "an empty array" : "an array of something else";
	case '"':
		return "a JSON string";
	case 't':
	case 'f':
		return "a JSON boolean";
	case 'n':
		return "a JSON null";
	default:
		return "a JSON number";
	}
}
