/*
 * retry.h: the recipients worth calling again, as the CSV that people upload for a new batch:
 * phone_number, the dynamic variables under their own names, and the overrides that any of them
 * has. Worth it is who failed or reached a voicemail, or is open in a batch that has ended; with a
 * phone number; and of those with the same digits the one updated last, then the last one.
 */
#ifndef EXPORT_RETRY_H
#define EXPORT_RETRY_H

#include "export/roll.h"
#include "export/target.h"

/* What was written, and what could not be. */
struct retry_report {
	uint64_t rows;
	uint64_t no_phone; /* recipients whose phone_number has no digit */
	uint64_t doubled;  /* recipients whose number another row has */
	struct buf left;   /* a line for each variable or override of which values were left out,
			    * as UTF-8 that may hold anything */
};

/* Goes through the roll three times. The caller frees report->left. 0 or -1. */
int retry_export(const struct roll *r, const struct target *t, struct retry_report *report,
		 struct error *e);

#endif
