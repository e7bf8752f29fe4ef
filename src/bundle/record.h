/*
 * record.h: the lines of a bundle: what a response and a recipient become (normal form in an
 * envelope), and a response put together again.
 */
#ifndef BUNDLE_RECORD_H
#define BUNDLE_RECORD_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/error.h"
#include "bundle/bundle.h"
#include "model/check.h"
#include "model/model.h"

/* Appends a recipient line: {"_batch":ID,"_response":N[,"_captured":{...}],members...}.
 * `batch` is a string in the normal form, with quotes. */
void record_recipient(struct buf *out, struct slice batch, uint64_t response,
		      const struct record *recipient);

/* The same with `mark` (JSON) as the value of _erased: callroll-bundle(5), Tombstones. */
void record_erased(struct buf *out, struct slice batch, uint64_t response, struct slice mark,
		   const struct record *recipient);

/* What the envelope of a response line holds. */
struct envelope {
	uint64_t response;       /* its number in the bundle */
	struct slice source;     /* path as recorded */
	uint64_t offset;         /* in the source */
	struct sha256 identity;
	bool has_seen;
	int64_t seen;            /* Unix seconds */
	struct slice http;       /* a JSON array of header lines, or empty */
	unsigned http_status;
	uint64_t recipients;
	struct slice rows;       /* a JSON array: which recipient lines they are */
	uint64_t base;           /* the number of the response that rows copy from, 0: none */
	struct slice outcomes;   /* a JSON object: status -> count, in order of names */
	struct slice findings;   /* a JSON object: rule -> count, in order of finding.def */
	uint64_t erased;         /* captured values that were erased */
};
void record_response(struct buf *out, const struct envelope *e, const struct record *response);

/*
 * Appends the normal form that a line was made from, without its envelope. `node` is the schema of
 * the model that the bundle carries: it tells which names are known. For a response, *split is set
 * to where in *out the member number `split_at` of the schema (recipients) belongs: there it goes
 * before the comma, or the brace, that stands there. ERROR_BUNDLE: the line is not of the form.
 */
int record_restore(struct slice line, const struct node *node, struct buf *out, size_t *split,
		   uint32_t split_at, struct error *e);

/* The run of members of a restored text whose names begin with `_` and are not known: what
 * `reserved` of its record is. */
struct slice record_reserved(struct slice text, const struct node *node);

#endif
