/*
 * part.h: one schema object as it is written: its own keywords, read and judged, without what it
 * refers to. Every keyword that is not supported is an error here (callroll-model(5)).
 */
#ifndef MODEL_PART_H
#define MODEL_PART_H

#include "model/document.h"
#include "model/node.h"

/* Not said in this schema. */
#define UNSAID (-1)

/* What x-callroll-* says; UNSAID or a value of the enum. */
struct notes {
	int8_t severity[KEYWORD_COUNT];
	int8_t unknown; /* the severity of members not known, where they are not forbidden */
	int8_t basis[KEYWORD_COUNT];
	int8_t any_basis; /* of the schema as a whole */
	int8_t key;
	int8_t personal;
};

struct part {
	struct schema at;
	uint8_t mask;  /* only values of these types are spoken of */
	uint8_t types; /* and these of them accepted */
	bool asserts[KEYWORD_COUNT];
	struct notes notes;

	/* as in the document, NULL: absent; their form is right */
	const json_t *enums, *constant;
	const json_t *minimum, *maximum;
	const json_t *required, *properties, *additional, *items;
	const json_t *ref, *all_of, *any_of, *one_of;

	uint64_t min_length, max_length, min_items, max_items;
};

/* Reads the schema. 0 or -1. */
int part_read(const struct document *d, const struct schema *at, struct part *out, struct error *e);

/* A part that says nothing: mask and types TYPE_ANY, notes unsaid. */
void part_init(struct part *p, const struct schema *at);

#endif
