/*
 * annotation.c: callroll's own annotations.
 * What is not said stays UNSAID, so that a schema that refers to another can say it.
 * Must never ignore a name or value it does not know: a typing error would change what is checked.
 */
#include "model/annotation.h"

/* The keywords that an annotation can name, and the rule each belongs to. */
static const struct {
	const char *name;
	enum keyword keyword;
} names[] = {
	{"type", KEYWORD_TYPE},
	{"enum", KEYWORD_ENUM},
	{"const", KEYWORD_ENUM},
	{"required", KEYWORD_REQUIRED},
	{"minimum", KEYWORD_MINIMUM},
	{"maximum", KEYWORD_MAXIMUM},
	{"minLength", KEYWORD_LENGTH},
	{"maxLength", KEYWORD_LENGTH},
	{"minItems", KEYWORD_ITEMS},
	{"maxItems", KEYWORD_ITEMS},
	{"additionalProperties", KEYWORD_ADDITIONAL},
};

typedef int8_t reader(const json_t *value);

static int8_t read_severity(const json_t *value)
{
	enum severity s;

	if (!json_is_string(value) ||
	    severity_parse(slice_string(json_string_value(value)), &s) != 0)
		return UNSAID;
	return (int8_t)s;
}

static int8_t read_basis(const json_t *value)
{
	enum basis b;

	if (!json_is_string(value) || basis_parse(slice_string(json_string_value(value)), &b) != 0)
		return UNSAID;
	return (int8_t)b;
}

/*
 * A value for the whole schema, or an object of keyword -> value. *whole: the value for the whole
 * schema; *unknown: that of additionalProperties in an object.
 */
static int read_by_keyword(const struct document *d, struct part *p, const char *name,
			   const json_t *value, reader *read, const char *words,
			   int8_t by_keyword[KEYWORD_COUNT], int8_t *whole, int8_t *unknown,
			   struct error *e)
{
	const char *key;
	json_t *member;

	if (!json_is_object(value)) {
		*whole = read(value);
		if (*whole == UNSAID)
			return document_error(d, &p->at, name, e,
					      "must be %s, or an object of these by keyword",
					      words);
		for (size_t i = 0; i < KEYWORD_COUNT; i++)
			by_keyword[i] = *whole;
		return 0;
	}
	json_object_foreach ((json_t *)value, key, member) {
		size_t i = 0, count = sizeof(names) / sizeof(names[0]);
		while (i < count && strcmp(names[i].name, key) != 0)
			i++;
		if (i == count)
			return document_error(d, &p->at, name, e,
					      "\"%.60s\" is no keyword that can be named here",
					      key);
		by_keyword[names[i].keyword] = read(member);
		if (by_keyword[names[i].keyword] == UNSAID)
			return document_error(d, &p->at, name, e, "\"%s\" must be %s", key, words);
	}
	*unknown = by_keyword[KEYWORD_ADDITIONAL];
	return 0;
}

static int read_key(const struct document *d, struct part *p, const char *name, const json_t *value,
		    struct error *e)
{
	const char *s = json_string_value(value);

	if (s != NULL && strcmp(s, "exact") == 0)
		p->notes.key = KEY_EXACT;
	else if (s != NULL && strcmp(s, "phone") == 0)
		p->notes.key = KEY_PHONE;
	else
		return document_error(d, &p->at, name, e, "must be \"exact\" or \"phone\"");
	return 0;
}

int annotation_read(const struct document *d, struct part *p, const char *name, const json_t *value,
		    struct error *e)
{
	const char *which = name + strlen("x-callroll-");
	int8_t unused;

	if (strcmp(which, "severity") == 0)
		return read_by_keyword(d, p, name, value, read_severity,
				       "error, warning, info or off", p->notes.severity, &unused,
				       &p->notes.unknown, e);
	if (strcmp(which, "basis") == 0) {
		if (read_by_keyword(d, p, name, value, read_basis,
				    "documented, example or observed", p->notes.basis,
				    &p->notes.any_basis, &unused, e) != 0)
			return -1;
		if (p->notes.any_basis == UNSAID)
			p->notes.any_basis = p->notes.basis[KEYWORD_TYPE];
		return 0;
	}
	if (strcmp(which, "key") == 0)
		return read_key(d, p, name, value, e);
	if (strcmp(which, "personal") != 0)
		return document_error(
			d, &p->at, name, e,
			"is no annotation of callroll's; there are x-callroll-severity, "
			"-basis, -key and -personal");
	if (!json_is_boolean(value))
		return document_error(d, &p->at, name, e, "must be true or false");
	p->notes.personal = json_is_true(value);
	return 0;
}

static void inherit(int8_t *own, int8_t outer)
{
	if (outer != UNSAID)
		*own = outer;
}

void annotation_inherit(struct notes *notes, const struct notes *outer)
{
	for (size_t i = 0; i < KEYWORD_COUNT; i++) {
		inherit(&notes->severity[i], outer->severity[i]);
		inherit(&notes->basis[i], outer->basis[i]);
	}
	inherit(&notes->unknown, outer->unknown);
	inherit(&notes->any_basis, outer->any_basis);
	inherit(&notes->key, outer->key);
	inherit(&notes->personal, outer->personal);
}
