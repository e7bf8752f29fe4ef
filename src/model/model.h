/*
 * model.h: the documented model, read from a JSON Schema document (draft 2020-12; OpenAPI 3.0 and
 * 3.1 files too) and compiled. callroll-model(5) is the contract.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "base/digest.h"
#include "base/error.h"
#include "base/slice.h"
#include "model/node.h"

struct model;

/* The embedded document. */
struct slice model_builtin_text(void);

/*
 * Compiles a document. `pointer` (RFC 6901, "" for the root; what follows # in --model) picks the
 * schema inside it; local $refs are resolved from the document's root. `name` is for messages.
 * An error names the keyword and its place in the document. NULL on failure.
 */
struct model *model_compile(struct slice text, struct slice pointer, const char *name,
			    struct error *e);

/* "FILE", "FILE#/json/pointer", or NULL for the built-in model. */
struct model *model_load(const char *spec, struct error *e);

void model_free(struct model *m); /* NULL is fine */

/* The schema of a response. */
const struct node *model_root(const struct model *m);

/*
 * The model as a document of its own, as a bundle keeps it: the document's text as it was read,
 * when the pointer is "", else the picked schema with everything its $refs need under $defs (pretty
 * printed by jansson). Compiling it again gives the same checks.
 */
struct slice model_text(const struct model *m);
/* $id of the picked schema, or "" */
struct slice model_id(const struct model *m);
/* SHA-256 of model_text */
const struct sha256 *model_digest(const struct model *m);

/* The index of the root's member `recipients`, and of a member of the root / of a recipient by
 * name; UINT32_MAX: the model has none. */
uint32_t model_recipients(const struct model *m);
uint32_t model_member(const struct node *object, struct slice name);
/* The schema of a recipient, NULL: anything. */
const struct node *model_recipient(const struct model *m);

#endif
