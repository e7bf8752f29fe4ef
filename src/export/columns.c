/*
 * columns.c: the columns of an export, and which values stand in them. Never writes anything.
 */
#include "export/columns.h"

const struct column_of columns_of[COLUMNS] = {
	{"batch_id", false},
	{"batch_name", false},
	{"batch_status", false},
	{"agent_id", false},
	{"agent_name", false},
	{"batch_scheduled_time_unix", false},
	{"batch_scheduled_time", true},
	{"recipient_id", false},
	{"phone_number", false},
	{"whatsapp_user_id", false},
	{"status", false},
	{"created_at_unix", false},
	{"created_at", true},
	{"updated_at_unix", false},
	{"updated_at", true},
	{"conversation_id", false},
	{"source", false},
};

void columns_batch(const struct head *h, struct slice out[COLUMNS_BATCH])
{
	const struct slice values[COLUMNS_BATCH] = {
		h->id, h->name, h->status, h->agent_id, h->agent_name, h->scheduled, h->scheduled,
	};

	memcpy(out, values, sizeof(values));
}

void columns_person(const struct person *p, const struct client *c,
		    struct slice out[COLUMNS - COLUMNS_BATCH])
{
	const struct slice values[COLUMNS - COLUMNS_BATCH] = {
		p->id,      p->phone,   p->whatsapp, p->status,       p->created,
		p->created, p->updated, p->updated,  p->conversation, c->source,
	};

	memcpy(out, values, sizeof(values));
}
