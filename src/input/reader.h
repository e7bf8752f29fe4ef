/*
 * reader.h: finds the responses in a source and runs the checker over each.
 *
 * A stream holds one response, several one after another, lines of NDJSON, or an array of
 * responses; each may stand behind a byte order mark or HTTP header blocks. A response that cannot
 * be read costs itself and not the next ones: in lines the next line begins the next one, elsewhere
 * the first line after its start that begins with `{` or `HTTP/`.
 */
#ifndef INPUT_READER_H
#define INPUT_READER_H

#include "input/http.h"
#include "input/source.h"
#include "model/check.h"

struct reader;

enum reader_event {
	READER_BEGIN,     /* a response, or something in its place, begins */
	READER_RECIPIENT, /* check_record() of reader_check() */
	READER_END,       /* reader_result() says what it was */
	READER_DONE,      /* the source has no more */
	READER_FAILED     /* *e says why: the source could not be read on, or no memory */
};

enum verdict {
	VERDICT_RECORD, /* it can be a record (it may have findings) */
	VERDICT_UNFIT,  /* a response that cannot be a record */
	VERDICT_OTHER,  /* not a response */
};

struct reader_result {
	enum verdict verdict;
	uint64_t number;     /* ordinal in this source, from 1 */
	uint64_t start, end; /* its bytes in the source, with its HTTP head */
	const struct http_head *http; /* NULL: none */
	struct slice http_text;       /* the head's bytes */
};

/* `findings` is cleared at each READER_BEGIN and complete at READER_END. NULL: no memory. */
struct reader *reader_new(const struct model *model, const struct check_limits *limits,
			  struct findings *findings);
void reader_free(struct reader *r);
/* How many bytes are read at a time; for tests. */
void reader_set_read(struct reader *r, size_t bytes);

/* Starts on a source's current member. */
void reader_start(struct reader *r, struct source *s);

enum reader_event reader_next(struct reader *r, struct error *e);

/* After READER_END. Valid until the next reader_next. */
const struct reader_result *reader_result(const struct reader *r);
struct check *reader_check(struct reader *r);

/*
 * After READER_END: the next reader_next takes the same response again from its start, with the
 * same number. For what is only known at its end. 0 or -1.
 */
int reader_again(struct reader *r, struct error *e);

#endif
