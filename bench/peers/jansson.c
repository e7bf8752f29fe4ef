/*
 * jansson.c: usage: jansson FILE...
 * What a careful program of some hundred lines does with a tree: each file is parsed by jansson,
 * its documented members are checked by hand, and it is written again as compact JSON (and
 * counted, not kept). All errors of the members it checks; of client data only that it is an
 * object. The exit status is 1 if there are errors.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { STRING = 1, INTEGER = 2, OBJECT = 4, ARRAY = 8, NONE = 16, ABSENT = 32 };

struct member {
	const char *name;
	int kinds; /* any of these */
	const char *const *words;
};

static const char *const batch_words[] = {"pending", "in_progress", "completed",
					  "failed",  "cancelled",   NULL};
static const char *const call_words[] = {"pending",     "dispatched", "initiated",
					 "in_progress", "completed",  "failed",
					 "cancelled",   "voicemail",  NULL};
static const char *const provider_words[] = {"twilio", "vobiz", "sip_trunk", NULL};

static const struct member batch_members[] = {
	{"id", STRING, NULL},
	{"name", STRING, NULL},
	{"agent_id", STRING, NULL},
	{"created_at_unix", INTEGER, NULL},
	{"scheduled_time_unix", INTEGER, NULL},
	{"last_updated_at_unix", INTEGER, NULL},
	{"status", STRING, batch_words},
	{"agent_name", STRING, NULL},
	{"recipients", ARRAY, NULL},
	{"phone_number_id", STRING | NONE | ABSENT, NULL},
	{"phone_provider", STRING | NONE | ABSENT, provider_words},
	{"whatsapp_params", OBJECT | NONE | ABSENT, NULL},
	{"total_calls_dispatched", INTEGER | ABSENT, NULL},
	{"total_calls_scheduled", INTEGER | ABSENT, NULL},
	{"total_calls_finished", INTEGER | ABSENT, NULL},
	{"retry_count", INTEGER | ABSENT, NULL},
	{NULL, 0, NULL},
};
static const struct member recipient_members[] = {
	{"id", STRING, NULL},
	{"status", STRING, call_words},
	{"created_at_unix", INTEGER, NULL},
	{"updated_at_unix", INTEGER, NULL},
	{"phone_number", STRING | NONE | ABSENT, NULL},
	{"whatsapp_user_id", STRING | NONE | ABSENT, NULL},
	{"conversation_id", STRING | NONE | ABSENT, NULL},
	{"conversation_initiation_client_data", OBJECT | NONE | ABSENT, NULL},
	{NULL, 0, NULL},
};

static int kind_of(const json_t *value)
{
	if (value == NULL)
		return ABSENT;
	switch (json_typeof(value)) {
	case JSON_STRING:
		return STRING;
	case JSON_INTEGER:
		return INTEGER;
	case JSON_OBJECT:
		return OBJECT;
	case JSON_ARRAY:
		return ARRAY;
	case JSON_NULL:
		return NONE;
	default:
		return 0;
	}
}

static int is_word(const char *text, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++)
		if (strcmp(text, words[i]) == 0)
			return 1;
	return 0;
}

/* How many of the members are wrong. */
static unsigned long check(const json_t *object, const struct member *members)
{
	unsigned long errors = 0;

	if (!json_is_object(object))
		return 1;
	for (const struct member *m = members; m->name != NULL; m++) {
		const json_t *value = json_object_get(object, m->name);

		if ((kind_of(value) & m->kinds) == 0)
			errors++;
		else if (m->words != NULL && json_is_string(value))
			errors += !is_word(json_string_value(value), m->words);
	}
	return errors;
}

static int count_bytes(const char *text, size_t len, void *bytes)
{
	(void)text;
	*(size_t *)bytes += len;
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long errors = 0;
	size_t bytes = 0, i;

	for (int n = 1; n < argc; n++) {
		json_error_t e;
		json_t *batch =
			json_load_file(argv[n], JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &e);
		json_t *recipient;

		if (batch == NULL) {
			fprintf(stderr, "jansson: %s: %s (line %d)\n", argv[n], e.text, e.line);
			errors++;
			continue;
		}
		errors += check(batch, batch_members);
		json_array_foreach(json_object_get(batch, "recipients"), i, recipient) errors +=
			check(recipient, recipient_members);
		if (json_dump_callback(batch, count_bytes, &bytes, JSON_COMPACT) != 0)
			errors++;
		json_decref(batch);
	}
	printf("%lu errors, %zu bytes written\n", errors, bytes);
	return errors > 0;
}
