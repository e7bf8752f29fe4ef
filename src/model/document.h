/*
 * document.h: a JSON document that holds schemas: a JSON Schema of its own, or an OpenAPI file.
 */
#ifndef MODEL_DOCUMENT_H
#define MODEL_DOCUMENT_H

#include <jansson.h>

#include "base/error.h"
#include "model/arena.h"

/* What a keyword means differs a little. */
enum dialect {
	DIALECT_2020,       /* JSON Schema 2019-09 and later, or a document that does not say */
	DIALECT_OLD,        /* drafts up to 7: what stands beside $ref is ignored */
	DIALECT_OPENAPI_30, /* OpenAPI 3.0, Swagger 2.0: the same, and there is `nullable` */
	DIALECT_OPENAPI_31, /* as 2020 */
};

/* A schema and where it stands. */
struct schema {
	const json_t *json;
	struct slice pointer; /* RFC 6901, from the document's root */
};

struct document {
	const char *name; /* for messages */
	enum dialect dialect;
	json_t *root;
	struct schema picked; /* the schema that the model is */
	struct schema base; /* what "#" refers to: the root, or what was picked if it has an $id */
	struct arena arena; /* for pointers */
};

/* Parses the text and picks the schema. `name` must outlive it. 0 or -1; document_close in either
 * case. */
int document_open(struct document *d, struct slice text, struct slice pointer, const char *name,
		  struct error *e);
void document_close(struct document *d);

/* The schema that a $ref standing in `from` refers to. 0 or -1. */
int document_resolve(struct document *d, const struct schema *from, const char *ref,
		     struct schema *out, struct error *e);

/* The schema `json` in a member of `from` (then token.data is NULL), or in a member of that. */
int document_child(struct document *d, const struct schema *from, const char *keyword,
		   struct slice token, const json_t *json, struct schema *out, struct error *e);
/* The same for an element of an array. */
int document_element(struct document *d, const struct schema *from, const char *keyword,
		     size_t index, const json_t *json, struct schema *out, struct error *e);

/*
 * Fills *e with NAME#POINTER/KEYWORD: and the message; `keyword` NULL: the schema itself. Names
 * from the document are made safe and short. Returns -1.
 */
int document_error(const struct document *d, const struct schema *at, const char *keyword,
		   struct error *e, const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
