/*
 * checker.h: the inside of the checker, shared by
 *
 *   check.c      a response, unit by unit
 *   value.c      one value of any depth: the hot loop, compiled for each target (target.h)
 *   scalar.c     what value.c leaves of strings, numbers and literals: whatever is not usual
 *   container.c  the same of objects, arrays and their members
 *   habit.c      names that are data, as they usually come
 *   order.c      members in the order of the normal form
 *   report.c     findings
 *   read.c       what was read, for who asks
 *
 * An object's members are expected in the order of the model, and as long as they come like that
 * (some may be left out, and unknown ones may follow in byte order) nothing is kept of them but a
 * list of entries: none can stand twice then, and what is missing shows where one was left out. The
 * first member that breaks the order makes the object `scattered`: from there on a bit for each
 * known member says whether it was seen, and the end of the object puts its text in order.
 */
#ifndef MODEL_CHECKER_H
#define MODEL_CHECKER_H

#include "base/buf.h"
#include "model/check.h"
#include "model/classify.h"
#include "model/habit.h"

/* A member written to the output, until its object is closed. */
struct entry {
	const struct member *member; /* NULL: not in the model */
	size_t out;         /* where its name begins in the output */
	const char *at;     /* where its name stands in the window */
	size_t len;         /* of name, colon and value; only while its object is put in order */
	uint32_t name_len;  /* of the name in the output, with quotes */
};

/* An object or array that is open. */
struct container {
	const struct node *node;     /* its schema */
	const struct member *next;   /* objects: the member that probably comes next; the last, that
				      * is none, if it is scattered */
	struct habit_name *usual;    /* objects: where it is in c->habits: all names behind that are
				      * greater than those it had */
	size_t first;     /* objects: its first entry */
	size_t words;     /* objects: its first word of seen bits, if it is scattered */
	size_t out;       /* where it begins in the output */
	const char *at;   /* where it begins in the window */
	uint64_t index;   /* the element or member being read */
	bool array;
	bool scattered;   /* objects: not all entries stand in order, or one stands twice */
	bool missing;     /* objects that are not scattered: a required member was left out */
};

/* Why reading stopped. */
enum stop { STOP_NONE, STOP_MORE, STOP_BROKEN, STOP_MEMORY };

enum state {
	STATE_OPEN,         /* `{` comes */
	STATE_FIRST_MEMBER, /* a name or `}` */
	STATE_MEMBER,       /* a name */
	STATE_AFTER_MEMBER, /* `,` or `}` */
	STATE_FIRST_ITEM,   /* a recipient or `]` */
	STATE_ITEM,         /* a recipient */
	STATE_AFTER_ITEM,   /* `,` or `]` */
	STATE_OTHER,        /* a value that is no response */
	STATE_END
};

/* A top-level member that was read, in the text of the response. */
#define ENTRY_UNKNOWN UINT32_MAX
struct top_entry {
	uint32_t order;    /* index in the model; ENTRY_UNKNOWN: not in the model */
	uint32_t name_len;
	size_t out;
	size_t len; /* name, colon and value */
};

struct map;
struct target;

struct check {
	/* what it was made with */
	const struct target *target;
	const struct node *root;
	uint32_t recipients_member; /* its index in the root, UINT32_MAX: none */
	uint32_t id_member;
	struct check_limits limits;
	struct findings *findings;

	/* the window, during check_run */
	struct window *w;
	const char *end;
	const char *counted;      /* line numbers are known up to here; NULL: nothing is */
	const char *counted_data; /* in a window with this .data and .offset */
	uint64_t counted_offset;
	uint64_t counted_line;
	uint64_t counted_start;   /* offset in the input of that line's first byte */

	/* the response, between units */
	enum state state;
	bool unfit;
	uint64_t recipients;
	struct place recipients_place; /* of the list */
	struct classify classify;
	const char *other;        /* what a value is that is no object */
	struct buf top;           /* its members so far, one after another, then its normal form */
	struct top_entry *top_entries;
	size_t n_top, top_cap;
	struct place *top_places; /* of their values, by member of the model; .line 0: absent */
	struct map *top_names;    /* of members the model does not know */
	struct container top_kept;  /* the response's own container as of the last whole unit */
	uint64_t *top_seen;
	size_t top_words;
	struct record response;
	struct place response_place;

	/* the unit */
	char *out;                /* its normal form */
	size_t out_cap;
	char *o;                  /* where it goes on; there is always room for the rest of the
				   * window */
	struct container *stack;
	uint32_t depth;
	uint32_t base;            /* containers that were open before the unit */
	struct entry *entries;
	size_t n_entries, entries_cap;
	uint64_t *seen;           /* a bit for each known member of each open, scattered object */
	size_t n_seen, seen_cap;
	struct buf scratch;
	struct record record;
	size_t value;             /* of a top-level member: where its value stands after its
				   * start, 0: not known */
	enum stop stop;

	/* what probably comes, by what came before; kept from response to response */
	uint8_t lengths[256];        /* of a unit's strings, by the number of the scalar modulo
				      * 256: scan_alike */
	struct habit habits[HABITS]; /* by the number in the node */

	/* for findings */
	struct buf pointer, shape, message;
};

/* scalar.c: NULL is as below */

/* The string at `start`, which is `text` in the output, is not plain: checks all that its schema
 * says. */
void check_string(struct check *c, const struct node *node, const char *start, struct slice text);
/* Reads any number at p, checks it and writes it at c->o. Returns the byte behind it, or NULL and
 * c->stop. */
const char *check_number_at(struct check *c, const char *p, const struct node *node);
/* The same for true, false and null. */
const char *check_literal_at(struct check *c, const char *p, const struct node *node);

/* container.c */

/* Makes room in the output for what is left of the window. 0 or -1 and c->stop. */
int check_room(struct check *c, const char *p);
/* Opens the object or array at p, checks its type, and writes its bracket. The same. */
int check_open(struct check *c, const char *p, const struct node *node);
/* Pushes a container that begins at p. The same. */
int check_push(struct check *c, const char *p, const struct node *node, bool array);
/* Closes the innermost container, whose last bracket was written; `count`: elements of an array.
 * The same. */
int check_close(struct check *c, uint64_t count);
/* Looks for the required members that were not in a scattered object. `at`: NULL: where it begins.
 */
void check_required(struct check *c, const struct container *k, const struct place *at);
/* A new entry for the name that stands at p and will be written at c->o, or NULL and c->stop. */
struct entry *check_entry(struct check *c, const struct container *k, const char *p);
/* The innermost object's newest entry is complete: takes note of it. 0 or -1 and c->stop. */
int check_member(struct check *c);
/* The innermost object is scattered from now on; its entries before `end` were seen. The same. */
int check_scatter(struct check *c, struct container *k, size_t end);

/* order.c */

/* Puts the members of the innermost object, whose text ends at c->o, into the order of the normal
 * form; reports those that stand twice. */
void check_order(struct check *c, const struct container *k);
/* Compares two names in the normal form (with quotes) by the bytes they stand for. */
int check_compare_names(struct slice a, struct slice b);
/* true if the name begins with `_`. */
static inline bool check_is_reserved(struct slice quoted)
{
	return quoted.len > 2 && quoted.data[1] == '_';
}

/* report.c */

/* The place of a byte of the window. */
void check_place(struct check *c, const char *p, struct place *out);

/*
 * A finding. Its pointer is made from the `levels` outermost containers on the stack (each adds the
 * member or element that is being read) and then `name`, a name in the normal form, unless that is
 * empty. The message is in c->message.
 */
void check_report(struct check *c, enum rule rule, enum severity own, enum basis basis,
		  uint32_t levels, struct slice name, const struct place *place);
/* true if a finding of that rule there would be told, so that a message is worth making: then
 * check_tell must follow. */
bool check_count(struct check *c, enum rule rule, enum severity own, enum basis basis,
		 uint32_t levels, struct slice name, const struct place *place);
void check_tell(struct check *c);

/* A member whose name, in the normal form, stands at p for the second time; `levels` as above. */
void check_duplicate(struct check *c, uint32_t levels, struct slice name, const char *p);

/* Appends a short safe form of a value in the normal form to c->message, with its type: integer 7.
 */
void check_found(struct check *c, struct slice value);

/* The reader cannot go on at p: what was expected there. At the window's end: STOP_MORE, or
 * truncated. Returns NULL. */
const char *check_expected(struct check *c, const char *p, const char *expected);
/* The same for what a string stopped at (enum scan_status). Returns NULL. */
const char *check_bad_string(struct check *c, const char *p, int status);
/* A limit was passed at p: rule depth or too-large. Returns NULL. */
const char *check_limit(struct check *c, const char *p, enum rule rule, const char *message);

/* A value at p that is of the wrong type, or none of the allowed ones; `value`: its normal form, or
 * its first byte if it is an object or array. */
void check_wrong_type(struct check *c, const struct node *node, const char *p, struct slice value);
void check_not_allowed(struct check *c, const struct node *node, const char *p,
		       struct slice value);
/* A value at p breaks a bound of the schema: "expected at least 0, found -5". */
void check_bound(struct check *c, const struct node *node, enum keyword keyword, const char *p,
		 const char *expected, struct slice bound, struct slice value);

#endif
