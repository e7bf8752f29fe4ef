/*
 * node.h: a compiled schema: flat tables that the checker walks.
 *
 * A node stands for one schema after $ref, allOf, anyOf/oneOf and nullable are folded in. All
 * nodes, members and texts of a model lie in the model's memory and never change once it is
 * compiled, so any number of threads may read them.
 */
#ifndef MODEL_NODE_H
#define MODEL_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "finding/finding.h"
#include "json/vector.h"

/* JSON types as bits. An integer is a number whose value is integral: TYPE_INTEGER alone accepts
 * only those; "number" in a schema is both bits. */
enum {
	TYPE_NULL = 1,
	TYPE_BOOLEAN = 2,
	TYPE_INTEGER = 4,
	TYPE_FRACTION = 8,
	TYPE_STRING = 16,
	TYPE_ARRAY = 32,
	TYPE_OBJECT = 64,
	TYPE_NUMBER = TYPE_INTEGER | TYPE_FRACTION,
	TYPE_ANY = 127,
};

/* The rules that a schema can set a severity for. */
enum keyword {
	KEYWORD_TYPE,
	KEYWORD_ENUM, /* and const */
	KEYWORD_REQUIRED,
	KEYWORD_MINIMUM,
	KEYWORD_MAXIMUM,
	KEYWORD_LENGTH, /* minLength, maxLength */
	KEYWORD_ITEMS,  /* minItems, maxItems */
	KEYWORD_ADDITIONAL, /* additionalProperties: false, or members the model does not know */
	KEYWORD_COUNT
};

/* A string that the documentation shows where a real one should stand. */
#define NODE_PLACEHOLDER SLICE("\"<string>\"")

enum key_kind { KEY_NONE, KEY_EXACT, KEY_PHONE };

struct node;

/* A property. */
struct member {
	struct slice name;   /* unescaped */
	struct slice quoted; /* in the normal form, with quotes: "name" */
	struct spelling head; /* "name": */
	const struct node *node;
	uint32_t required_before; /* how many members before this one are required */
	bool required;
};

#define UNBOUNDED UINT64_MAX

struct node {
	uint8_t types; /* what is accepted */
	uint8_t plain; /* a value of these types needs no other check, unless it is a string that is
			* empty or the placeholder, or a number that is more than digits */
	uint8_t severity[KEYWORD_COUNT]; /* enum severity */
	enum basis basis; /* of the schema as a whole */
	uint8_t basis_of[KEYWORD_COUNT]; /* enum basis, of each rule */
	enum key_kind key;
	bool personal;
	bool is_const; /* the only allowed value came from const (rule const, not enum) */

	/* enum and const: the allowed values in the normal form (strings with quotes, numbers as
	 * written); n_allowed == 0: any. */
	const struct slice *allowed;
	uint32_t n_allowed;
	uint8_t allowed_types; /* values of these types must be among them, so objects and arrays of
				* these are not allowed; values of other types are free */
	const struct spelling *words; /* allowed strings that need no other check */
	uint32_t n_words;
	const uint8_t *likely_word; /* by node_word_hash, the number of the only one it can be,
				     * unless two have the same hash; NODE_WORDS of them */

	/* numbers; an empty slice: no bound */
	struct slice minimum, maximum;

	/* strings, in characters */
	uint64_t min_length, max_length; /* max: UNBOUNDED */

	/* arrays */
	const struct node *items; /* NULL: anything */
	uint64_t min_items, max_items;

	/* objects */
	/* In the order of the model. Behind the last there is one that is none: it only says how
	 * many are required before it. */
	const struct member *members;
	const struct member *none; /* that one */
	uint32_t n_members;
	uint32_t n_required;
	bool closed;                   /* additionalProperties: false */
	bool open;                     /* additionalProperties: a schema or true: unknown names
					* are data */
	uint8_t habit;                 /* habit.h: the number of what is known of these names */
	const struct node *additional; /* the schema of members not listed; NULL: anything */
	const uint32_t *lookup; /* hash table of member index + 1, 0: empty; lookup_mask + 1
				 * slots */
	uint32_t lookup_mask;
};

/* The schema of values of which nothing is known. */
extern const struct node node_anything;

/* What holds for the elements of an array, and for members that are not listed. */
static inline const struct node *node_items(const struct node *n)
{
	return n->items != NULL ? n->items : &node_anything;
}

static inline const struct node *node_additional(const struct node *n)
{
	return n->additional != NULL ? n->additional : &node_anything;
}

/* The slot at which a name's search in node->lookup begins, by its quoted normal form. */
static inline uint32_t node_hash(struct slice quoted)
{
	uint32_t h = (uint32_t)quoted.len * 0x9E3779B1u;
	h ^= (uint32_t)(unsigned char)quoted.data[1] << 3;
	h ^= (uint32_t)(unsigned char)quoted.data[quoted.len / 2] << 7;
	h ^= (uint32_t)(unsigned char)quoted.data[quoted.len - 2];
	return h * 0x85EBCA6Bu >> 8;
}

#define NODE_WORDS 32

/* By the bytes that stand where a string's first four are. */
static inline uint32_t node_word_hash(const char *quoted)
{
	uint32_t word;

	memcpy(&word, quoted + 1, sizeof(word));
	return word * 0x9E3779B1u >> 27;
}

/* The index of the member with that quoted name, or UINT32_MAX. */
static inline uint32_t node_find(const struct node *node, struct slice quoted)
{
	if (node->n_members == 0)
		return UINT32_MAX;
	for (uint32_t i = node_hash(quoted);; i++) {
		uint32_t m = node->lookup[i & node->lookup_mask];
		if (m == 0)
			return UINT32_MAX;
		if (slice_equal(node->members[m - 1].quoted, quoted))
			return m - 1;
	}
}

#endif
