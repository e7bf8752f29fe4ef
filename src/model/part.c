/*
 * part.c: the keywords of one schema.
 * After part_read the form of every supported keyword is right, so that nobody need ask again.
 * Must never pass over a keyword that could make a value invalid.
 */
#include "model/part.h"

#include "model/annotation.h"
#include "model/keyword.h"
#include "model/literal.h"
#include "model/types.h"

struct reader {
	const struct document *d;
	struct part *part;
	const char *keyword; /* being read */
	bool nullable, typed;
	unsigned assertions; /* how many, but for $ref */
	struct error *e;
};

typedef int read_keyword(struct reader *r, const json_t *v);

#define FAIL(r, ...) document_error((r)->d, &(r)->part->at, (r)->keyword, (r)->e, __VA_ARGS__)

/* --- types --- */

static int read_type(struct reader *r, const json_t *v)
{
	size_t count = json_is_array(v) ? json_array_size(v) : 1;
	uint8_t set = 0;

	for (size_t i = 0; i < count; i++) {
		const json_t *one = json_is_array(v) ? json_array_get(v, i) : v;
		if (!json_is_string(one))
			return FAIL(r, "must be the name of a type, or an array of these");
		if (types_parse(json_string_value(one)) == 0)
			return FAIL(r, "\"%.60s\" is no JSON type", json_string_value(one));
		set |= types_parse(json_string_value(one));
	}
	if (count == 0)
		return FAIL(r, "names no type");
	r->part->types = set;
	r->part->asserts[KEYWORD_TYPE] = true;
	r->typed = true;
	return 0;
}

static int read_nullable(struct reader *r, const json_t *v)
{
	if (!json_is_boolean(v))
		return FAIL(r, "must be true or false");
	if (json_is_true(v) && r->d->dialect == DIALECT_OPENAPI_31)
		return FAIL(r, "has no effect in OpenAPI 3.1; write \"null\" among the types");
	r->nullable = json_is_true(v);
	return 0;
}

/* --- values --- */

static int read_value(struct reader *r, const json_t *v)
{
	if (json_is_object(v) || json_is_array(v))
		return FAIL(r, "an object or array as an allowed value is not supported");
	r->part->asserts[KEYWORD_ENUM] = true;
	return 0;
}

static int read_enum(struct reader *r, const json_t *v)
{
	if (!json_is_array(v) || json_array_size(v) == 0)
		return FAIL(r, "must be an array with at least one value");
	for (size_t i = 0; i < json_array_size(v); i++)
		if (read_value(r, json_array_get(v, i)) != 0)
			return -1;
	r->part->enums = v;
	return 0;
}

static int read_const(struct reader *r, const json_t *v)
{
	r->part->constant = v;
	return read_value(r, v);
}

static int read_minimum(struct reader *r, const json_t *v)
{
	if (!json_is_number(v))
		return FAIL(r, "must be a number");
	r->part->minimum = v;
	r->part->asserts[KEYWORD_MINIMUM] = true;
	return 0;
}

static int read_maximum(struct reader *r, const json_t *v)
{
	if (!json_is_number(v))
		return FAIL(r, "must be a number");
	r->part->maximum = v;
	r->part->asserts[KEYWORD_MAXIMUM] = true;
	return 0;
}

static int read_count(struct reader *r, const json_t *v, enum keyword keyword, uint64_t *out)
{
	r->part->asserts[keyword] = true;
	if (json_is_integer(v) && json_integer_value(v) >= 0) {
		*out = (uint64_t)json_integer_value(v);
		return 0;
	}
	/* 2^64 is a double; whatever is beyond bounds nothing. */
	if (json_is_real(v) && literal_type(v) == TYPE_INTEGER && json_real_value(v) >= 0) {
		double n = json_real_value(v);
		*out = n < 18446744073709551616.0 ? (uint64_t)n : UNBOUNDED;
		return 0;
	}
	return FAIL(r, "must be an integer, 0 or more");
}

static int read_min_length(struct reader *r, const json_t *v)
{
	return read_count(r, v, KEYWORD_LENGTH, &r->part->min_length);
}

static int read_max_length(struct reader *r, const json_t *v)
{
	return read_count(r, v, KEYWORD_LENGTH, &r->part->max_length);
}

static int read_min_items(struct reader *r, const json_t *v)
{
	return read_count(r, v, KEYWORD_ITEMS, &r->part->min_items);
}

static int read_max_items(struct reader *r, const json_t *v)
{
	return read_count(r, v, KEYWORD_ITEMS, &r->part->max_items);
}

/* --- what holds schemas --- */

static bool is_schema(const json_t *v)
{
	return json_is_object(v) || json_is_boolean(v);
}

static int read_items(struct reader *r, const json_t *v)
{
	if (json_is_array(v))
		return FAIL(r, "an array of schemas is not supported");
	if (!is_schema(v))
		return FAIL(r, "must be a schema (an object, true or false)");
	r->part->items = v;
	return 0;
}

static int read_additional(struct reader *r, const json_t *v)
{
	if (!is_schema(v))
		return FAIL(r, "must be a schema (an object, true or false)");
	r->part->additional = v;
	r->part->asserts[KEYWORD_ADDITIONAL] = json_is_false(v);
	return 0;
}

static int read_properties(struct reader *r, const json_t *v)
{
	const char *name;
	json_t *member;

	if (!json_is_object(v))
		return FAIL(r, "must be an object of schemas");
	json_object_foreach ((json_t *)v, name, member)
		if (!is_schema(member))
			return FAIL(r, "\"%.60s\" is no schema (an object, true or false)", name);
	r->part->properties = v;
	return 0;
}

static int read_required(struct reader *r, const json_t *v)
{
	if (!json_is_array(v))
		return FAIL(r, "must be an array of names (whether a member is required is said "
			       "beside \"properties\", not in it)");
	for (size_t i = 0; i < json_array_size(v); i++)
		if (!json_is_string(json_array_get(v, i)))
			return FAIL(r, "must be an array of names");
	r->part->required = v;
	r->part->asserts[KEYWORD_REQUIRED] = json_array_size(v) != 0;
	return 0;
}

static int read_branches(struct reader *r, const json_t *v, const json_t **out)
{
	if (!json_is_array(v) || json_array_size(v) == 0)
		return FAIL(r, "must be an array with at least one schema");
	for (size_t i = 0; i < json_array_size(v); i++)
		if (!is_schema(json_array_get(v, i)))
			return FAIL(r, "element %zu is no schema (an object, true or false)", i);
	*out = v;
	return 0;
}

static int read_any_of(struct reader *r, const json_t *v)
{
	return read_branches(r, v, &r->part->any_of);
}

static int read_one_of(struct reader *r, const json_t *v)
{
	return read_branches(r, v, &r->part->one_of);
}

static int read_all_of(struct reader *r, const json_t *v)
{
	if (read_branches(r, v, &r->part->all_of) != 0)
		return -1;
	if (json_array_size(v) != 1)
		return FAIL(r, "more than one branch is not supported");
	return 0;
}

static int read_ref(struct reader *r, const json_t *v)
{
	if (!json_is_string(v))
		return FAIL(r, "must be a string");
	r->part->ref = v;
	return 0;
}

static int read_id(struct reader *r, const json_t *v)
{
	(void)v;
	if (r->part->at.json != r->d->picked.json)
		return FAIL(r, "is only supported in the model's outermost schema");
	return 0;
}

/* Keywords of other drafts that say nothing when they are false. */
static int read_false(struct reader *r, const json_t *v)
{
	return json_is_false(v) ? 0 : FAIL(r, "the keyword \"%s\" is not supported", r->keyword);
}

/* --- the table --- */

static const struct row {
	const char *name;
	bool assertion; /* OpenAPI 3.0 and old drafts ignore it beside $ref */
	read_keyword *read;
} rows[] = {
	{"type", true, read_type},
	{"nullable", true, read_nullable},
	{"enum", true, read_enum},
	{"const", true, read_const},
	{"required", true, read_required},
	{"properties", true, read_properties},
	{"additionalProperties", true, read_additional},
	{"items", true, read_items},
	{"minimum", true, read_minimum},
	{"maximum", true, read_maximum},
	{"minItems", true, read_min_items},
	{"maxItems", true, read_max_items},
	{"minLength", true, read_min_length},
	{"maxLength", true, read_max_length},
	{"anyOf", true, read_any_of},
	{"oneOf", true, read_one_of},
	{"allOf", true, read_all_of},
	{"$ref", false, read_ref},
	{"$id", false, read_id},
	{"uniqueItems", false, read_false},
	{"exclusiveMinimum", false, read_false},
	{"exclusiveMaximum", false, read_false},
};

static int read_member(struct reader *r, const char *name, const json_t *v)
{
	r->keyword = name;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].name, name) != 0)
			continue;
		r->assertions += rows[i].assertion;
		return rows[i].read(r, v);
	}
	if (keyword_ignored(name))
		return 0;
	if (strncmp(name, "x-callroll-", strlen("x-callroll-")) == 0)
		return annotation_read(r->d, r->part, name, v, r->e);
	if (strncmp(name, "x-", 2) == 0)
		return 0;
	if (keyword_unsupported(name))
		return FAIL(r, "the keyword \"%s\" is not supported", name);
	return FAIL(r, "callroll knows no keyword \"%.60s\"", name);
}

void part_init(struct part *p, const struct schema *at)
{
	*p = (struct part){
		.at = *at,
		.mask = TYPE_ANY,
		.types = TYPE_ANY,
		.max_length = UNBOUNDED,
		.max_items = UNBOUNDED,
	};
	memset(&p->notes, UNSAID, sizeof(p->notes));
}

int part_read(const struct document *d, const struct schema *at, struct part *out, struct error *e)
{
	struct reader r = {.d = d, .part = out, .e = e};
	const char *name;
	json_t *v;

	part_init(out, at);
	if (json_is_false(at->json)) {
		out->types = 0;
		out->asserts[KEYWORD_TYPE] = true;
	}
	json_object_foreach ((json_t *)at->json, name, v)
		if (read_member(&r, name, v) != 0)
			return -1;
	r.keyword = "$ref";
	if (out->ref != NULL && r.assertions != 0 &&
	    (d->dialect == DIALECT_OLD || d->dialect == DIALECT_OPENAPI_30))
		return FAIL(&r, "%s ignores the keywords beside $ref; put the $ref into an allOf",
			    d->dialect == DIALECT_OLD ? "this draft" : "OpenAPI 3.0");
	r.keyword = "nullable";
	if (r.nullable && !r.typed)
		return FAIL(&r, "has no effect without \"type\" beside it (OpenAPI 3.0.3)");
	if (r.nullable)
		out->types |= TYPE_NULL;
	return 0;
}
