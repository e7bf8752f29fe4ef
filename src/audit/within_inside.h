/*
 * within_inside.h: the inside of within.h, shared by within.c (recipient by recipient),
 * within_counts.c (counters and statuses), within_times.c (times) and within_name.c (the file's
 * name).
 */
#ifndef AUDIT_WITHIN_INSIDE_H
#define AUDIT_WITHIN_INSIDE_H

#include "audit/twins.h"
#include "audit/within.h"
#include "base/buf.h"
#include "report/status.h"

/* The members of a recipient that rules look at. */
enum within_value {
	VALUE_ID,
	VALUE_STATUS,
	VALUE_CREATED,
	VALUE_UPDATED,
	VALUE_PHONE,
	VALUE_WHATSAPP,
	VALUE_CONVERSATION,
	VALUE_OTHER, /* any other one that the model knows */
	VALUES
};

/* Those of the response. */
enum within_top {
	TOP_ID,
	TOP_STATUS,
	TOP_CREATED,
	TOP_SCHEDULED_TIME,
	TOP_UPDATED,
	TOP_PHONE_NUMBER,
	TOP_WHATSAPP,
	TOP_DISPATCHED,
	TOP_SCHEDULED,
	TOP_FINISHED,
	TOP_RETRIES,
	TOPS
};

/* Where a finding stands: at a member of the response or of a recipient. */
struct spot {
	uint64_t recipient; /* its index, or NO_RECIPIENT */
	const char *member; /* NULL: the recipient itself */
	struct place place;
};
#define NO_RECIPIENT UINT64_MAX

/* The recipient whose update is the latest or the earliest of those a rule looks at. */
struct extreme {
	bool known;
	int64_t time;
	struct spot spot;
};

/* One recipient. */
struct within_recipient {
	struct slice value[VALUES]; /* absent: a length of 0 */
	uint64_t print[TWINS_TABLES]; /* of the text for each table; 0: none */
	uint64_t index;
	unsigned status; /* REPORT_PUBLISHED: unknown */
};

struct within {
	struct findings *findings;
	uint32_t top[TOPS];      /* indices in the model; UINT32_MAX: it has no such member */
	uint32_t member[VALUES]; /* the same */
	uint8_t *slot;           /* of each member of a recipient: enum within_value */
	struct twins *twins;

	bool lists; /* the model has recipients */

	/* the response being read */
	bool begun;                           /* its first recipient was met */
	uint64_t count[REPORT_PUBLISHED + 1]; /* recipients by status; the last: unknown ones */
	uint64_t strange;                     /* of the unknown ones those that are no objects */
	uint64_t first[REPORT_PUBLISHED + 1]; /* the index of the first one of each */
	int64_t after;  /* updates later than this are looked at: the batch's, if it is known */
	int64_t before; /* and those earlier than this: the scheduled time */
	struct extreme latest, earliest;

	struct within_recipient now; /* the one just read */
	struct buf pointer, shape, message, text;
};

/* within.c */

/* true if a finding is to be told: then its message is to be put into w->message, which is empty,
 * and within_tell is to follow. */
bool within_count(struct within *w, enum rule rule, const struct spot *spot);
void within_tell(struct within *w);
/* The spot of a member of the recipient just read. */
struct spot within_spot(const struct within *w, struct check *c, uint64_t index,
			enum within_value member);
/* The spot of a member of the response. */
struct spot within_top_spot(const struct within *w, const struct check *c, enum within_top member);
/* The value of a member of the response; empty: absent, or the model has no such member. */
struct slice within_top(const struct within *w, const struct check *c, enum within_top member);
/* "/recipients/17", appended. */
void within_pointer(struct buf *out, uint64_t index);
/* "3 recipients are", "1 recipient is", appended. */
void within_recipients_are(struct buf *out, uint64_t n);
/* A value in the normal form as a message shows it: safe, and cut after 60 bytes. */
void within_put(struct buf *out, struct slice value);
/*
 * The value of ten digits, which nearly every time is: eight of them at once. false: it is
 * something else.
 */
static inline bool within_ten_digits(struct slice value, int64_t *out)
{
	const uint64_t ones = 0x0101010101010101;
	uint64_t word;
	unsigned a, b;

	if (value.len != 10)
		return false;
	memcpy(&word, value.data, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	a = (unsigned char)value.data[8] - (unsigned)'0';
	b = (unsigned char)value.data[9] - (unsigned)'0';
	if ((word & ones * 0xf0) != ones * 0x30 || a > 9 || b > 9 ||
	    ((word + ones * 6) & ones * 0xf0) != ones * 0x30)
		return false;
	/* two digits, then four, then eight */
	word = (word & ones * 0x0f) * 2561 >> 8;
	word = (word & 0x00ff00ff00ff00ff) * 6553601 >> 16;
	word = (word & 0x0000ffff0000ffff) * 42949672960001 >> 32;
	*out = (int64_t)(word * 100 + a * 10 + b);
	return true;
}

/* The value of an integer that is not negative, INT64_MAX if it is greater. false: it is another
 * value or absent. */
bool within_number(struct slice value, int64_t *out);
/* true if the batch may have been started again: unless retry_count is there and 0. */
bool within_retried(const struct within *w, const struct check *c);

/* within_counts.c */
void within_counts(struct within *w, const struct check *c);
void within_status(struct within *w, const struct check *c);

/* within_times.c */
void within_times_begin(struct within *w);
void within_times_recipient(struct within *w, struct check *c, const struct within_recipient *r);
void within_times_end(struct within *w, const struct check *c);

/* within_name.c */
void within_name(struct within *w, const struct check *c, struct slice file);

#endif
