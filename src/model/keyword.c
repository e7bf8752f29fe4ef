/*
 * keyword.c: keywords of JSON Schema and OpenAPI that callroll does not read.
 * A keyword stands in one list only, and in none if part.c reads it.
 * Must never list as ignored what can make a value invalid.
 */
#include "model/keyword.h"

#include <stddef.h>
#include <string.h>

/* What cannot make a value invalid. */
static const char *const ignored[] = {
	"$defs",         "definitions",  "$schema",         "$comment",
	"$anchor",       "title",        "description",     "default",
	"example",       "examples",     "deprecated",      "readOnly",
	"writeOnly",     "format",       "contentEncoding", "contentMediaType",
	"contentSchema", "externalDocs", "discriminator",   "xml",
};

/* What could. */
static const char *const unsupported[] = {
	"pattern",
	"patternProperties",
	"propertyNames",
	"minProperties",
	"maxProperties",
	"unevaluatedProperties",
	"dependencies",
	"dependentRequired",
	"dependentSchemas",
	"prefixItems",
	"additionalItems",
	"unevaluatedItems",
	"contains",
	"minContains",
	"maxContains",
	"multipleOf",
	"not",
	"if",
	"then",
	"else",
	"$dynamicRef",
	"$recursiveRef",
	"$dynamicAnchor",
	"$recursiveAnchor",
	"$vocabulary",
	"id",
};

static bool listed(const char *const *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], name) == 0)
			return true;
	return false;
}

#define LISTED(list, name) listed(list, sizeof(list) / sizeof((list)[0]), name)

bool keyword_ignored(const char *name)
{
	return LISTED(ignored, name);
}

bool keyword_unsupported(const char *name)
{
	return LISTED(unsupported, name);
}
