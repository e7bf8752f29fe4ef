/*
 * fields.h: what an export needs of the lines of a bundle, found in one walk over each line. All
 * slices are values in the normal form as they stand in the line (a string has its quotes), empty
 * where there is no such member, and valid as long as the line is.
 */
#ifndef EXPORT_FIELDS_H
#define EXPORT_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* A response line. */
struct head {
	uint64_t number; /* _response: in its bundle */
	uint64_t recipients;
	struct slice source, offset, seen, sha256, findings; /* of the envelope */
	struct slice id, name, agent_id, agent_name, status;
	struct slice created, scheduled, updated;
	struct slice phone_number_id, phone_provider;
	struct slice dispatched, total_scheduled, finished, retries;
	struct slice line, members; /* all of it; from the first captured member to the end */
	bool captured;              /* has _captured: members alone are not all that was captured */
};

/* A recipient line. */
struct person {
	uint64_t first_response; /* _response */
	struct slice batch;
	struct slice id, status, created, updated, phone, whatsapp, conversation, client;
	struct slice dialled; /* the phone number as it was captured, also where `phone` was
			       * redacted: to be compared, never to be written */
	struct slice line, members;
	bool captured;
};

/* false: the line is no object in the normal form, or has no number or batch. */
bool fields_head(struct slice line, struct head *out);
bool fields_person(struct slice line, struct person *out);

/* What stands within conversation_initiation_client_data. */
struct client {
	struct slice source;    /* of source_info */
	struct slice variables; /* dynamic_variables */
	struct slice override;  /* conversation_config_override */
};
void fields_client(struct slice client, struct client *out);

static inline bool fields_object(struct slice value)
{
	return value.len > 0 && value.data[0] == '{';
}

/* A string: its content if nothing in it is escaped. */
static inline bool fields_plain(struct slice value, struct slice *out)
{
	if (value.len < 2 || value.data[0] != '"' || memchr(value.data, '\\', value.len) != NULL)
		return false;
	*out = slice_of(value.data + 1, value.len - 2);
	return true;
}

/* Replaces *out with the digits of a string; nothing if it is none. */
void fields_digits(struct slice value, struct buf *out);

/* Is it a string that says this? (Which must need no escapes.) */
bool fields_is(struct slice value, const char *text);

#endif
