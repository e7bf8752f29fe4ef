/*
 * fields.c: the members of response and recipient lines that are exported.
 * A line is walked once; what is inside its values is not looked at. Never reads beyond the line.
 */
#include "export/fields.h"

#include "json/members.h"

struct place {
	struct slice name; /* in the normal form */
	size_t offset;     /* of a slice in the struct */
};

#define PLACE(type, name, member)                                                                  \
	{                                                                                          \
		SLICE("\"" name "\""), offsetof(type, member)                                      \
	}
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* In the order in which they usually stand, so that the next one is found first. */
static const struct place of_head[] = {
	PLACE(struct head, "_source", source),
	PLACE(struct head, "_offset", offset),
	PLACE(struct head, "_sha256", sha256),
	PLACE(struct head, "_seen", seen),
	PLACE(struct head, "_findings", findings),
	PLACE(struct head, "id", id),
	PLACE(struct head, "name", name),
	PLACE(struct head, "agent_id", agent_id),
	PLACE(struct head, "created_at_unix", created),
	PLACE(struct head, "scheduled_time_unix", scheduled),
	PLACE(struct head, "last_updated_at_unix", updated),
	PLACE(struct head, "status", status),
	PLACE(struct head, "agent_name", agent_name),
	PLACE(struct head, "phone_number_id", phone_number_id),
	PLACE(struct head, "phone_provider", phone_provider),
	PLACE(struct head, "total_calls_dispatched", dispatched),
	PLACE(struct head, "total_calls_scheduled", total_scheduled),
	PLACE(struct head, "total_calls_finished", finished),
	PLACE(struct head, "retry_count", retries),
};

static const struct place of_person[] = {
	PLACE(struct person, "_batch", batch),
	PLACE(struct person, "id", id),
	PLACE(struct person, "status", status),
	PLACE(struct person, "created_at_unix", created),
	PLACE(struct person, "updated_at_unix", updated),
	PLACE(struct person, "phone_number", phone),
	PLACE(struct person, "whatsapp_user_id", whatsapp),
	PLACE(struct person, "conversation_id", conversation),
	PLACE(struct person, "conversation_initiation_client_data", client),
};

/* Puts the value into its place in *out, if it has one. */
static void keep(const struct place *places, size_t count, size_t *next, void *out,
		 const struct json_member *m)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = (*next + i) % count;

		if (slice_equal(places[at].name, m->name)) {
			*(struct slice *)((char *)out + places[at].offset) = m->value;
			*next = at + 1;
			return;
		}
	}
}

/* What lines of both kinds have. */
struct common {
	uint64_t number, recipients;
	struct slice members;
	bool captured;
};

static bool walk(struct slice line, const struct place *places, size_t count, void *out,
		 struct common *c)
{
	struct members in;
	struct json_member m;
	size_t next = 0;
	bool numbered = false;

	members_begin(&in, line);
	if (in.array)
		return false;
	while (members_next(&in, &m)) {
		bool own = m.name.len > 2 && m.name.data[1] == '_';

		if (!own && c->members.data == NULL)
			c->members = slice_of(m.name.data,
					      (size_t)(line.data + line.len - m.name.data));
		if (own && slice_equal(m.name, SLICE("\"_response\"")))
			numbered = json_uint(m.value, &c->number);
		else if (own && slice_equal(m.name, SLICE("\"_recipients\"")))
			json_uint(m.value, &c->recipients);
		else if (own && slice_equal(m.name, SLICE("\"_captured\"")))
			c->captured = true;
		else
			keep(places, count, &next, out, &m);
	}
	if (c->members.data == NULL)
		c->members = SLICE("}");
	return !in.bad && numbered;
}

bool fields_head(struct slice line, struct head *out)
{
	struct common c = {0};
	bool good;

	*out = (struct head){.line = line};
	good = walk(line, of_head, COUNT(of_head), out, &c);
	out->number = c.number;
	out->recipients = c.recipients;
	out->members = c.members;
	out->captured = c.captured;
	return good && out->id.len > 0;
}

bool fields_person(struct slice line, struct person *out)
{
	struct common c = {0};
	bool good;

	*out = (struct person){.line = line};
	good = walk(line, of_person, COUNT(of_person), out, &c);
	out->first_response = c.number;
	out->members = c.members;
	out->captured = c.captured;
	out->dialled = out->phone;
	return good && out->batch.len > 0;
}

void fields_client(struct slice client, struct client *out)
{
	struct members in;
	struct json_member m;

	*out = (struct client){0};
	if (!fields_object(client))
		return;
	members_begin(&in, client);
	while (members_next(&in, &m)) {
		if (slice_equal(m.name, SLICE("\"dynamic_variables\"")))
			out->variables = m.value;
		else if (slice_equal(m.name, SLICE("\"source_info\"")))
			out->source = members_find(m.value, "source");
		else if (slice_equal(m.name, SLICE("\"conversation_config_override\"")))
			out->override = m.value;
	}
}

void fields_digits(struct slice value, struct buf *out)
{
	size_t kept = 0;

	buf_clear(out);
	if (!json_unescape(out, value))
		return;
	for (size_t i = 0; i < out->len; i++)
		if (out->data[i] >= '0' && out->data[i] <= '9')
			out->data[kept++] = out->data[i];
	out->len = kept;
}

bool fields_is(struct slice value, const char *text)
{
	struct slice plain;

	return fields_plain(value, &plain) && slice_equal(plain, slice_string(text));
}

