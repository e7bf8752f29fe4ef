/*
 * places.c: walks over a compiled model. The stack holds the schemas that the walk is in; what is
 * deeper than it is left out. Never changes the model.
 */
#include "model/places.h"

#include "json/pointer.h"

#define PLACES_DEPTH 40

struct places {
	enum rule rule;
	model_place_each *each;
	void *arg;
	struct buf shape;
	const struct node *in[PLACES_DEPTH];
	unsigned depth;
	bool stopped;
};

static void tell(struct places *p, const struct node *n, enum keyword keyword)
{
	struct model_place place = {
		.shape = buf_view(&p->shape),
		.severity = (enum severity)n->severity[keyword],
		.basis = (enum basis)n->basis_of[keyword],
	};

	if (!p->stopped && place.severity != SEVERITY_OFF)
		p->stopped = !p->each(p->arg, &place);
}

/* The members that must be there, each at its own place. */
static void tell_required(struct places *p, const struct node *n)
{
	size_t len = p->shape.len;

	for (uint32_t i = 0; i < n->n_members; i++) {
		if (!n->members[i].required)
			continue;
		json_pointer_append(&p->shape, n->members[i].name);
		tell(p, n, KEYWORD_REQUIRED);
		p->shape.len = len;
	}
}

/* What this schema says itself. */
static void tell_own(struct places *p, const struct node *n)
{
	switch (p->rule) {
	case RULE_type:
		if (n->types != TYPE_ANY)
			tell(p, n, KEYWORD_TYPE);
		break;
	case RULE_enum:
	case RULE_const:
		if (n->n_allowed > 0 && n->is_const == (p->rule == RULE_const))
			tell(p, n, KEYWORD_ENUM);
		break;
	case RULE_required:
		tell_required(p, n);
		break;
	case RULE_minimum:
		if (n->minimum.len > 0)
			tell(p, n, KEYWORD_MINIMUM);
		break;
	case RULE_maximum:
		if (n->maximum.len > 0)
			tell(p, n, KEYWORD_MAXIMUM);
		break;
	case RULE_length:
		if (n->min_length > 0 || n->max_length != UNBOUNDED)
			tell(p, n, KEYWORD_LENGTH);
		break;
	case RULE_items:
		if (n->min_items > 0 || n->max_items != UNBOUNDED)
			tell(p, n, KEYWORD_ITEMS);
		break;
	case RULE_unknown_member:
		if ((n->types & TYPE_OBJECT) && !n->open)
			tell(p, n, KEYWORD_ADDITIONAL);
		break;
	default:
		break;
	}
}

static bool is_in(const struct places *p, const struct node *n)
{
	for (unsigned i = 0; i < p->depth; i++)
		if (p->in[i] == n)
			return true;
	return p->depth == PLACES_DEPTH;
}

/* The stack bounds the recursion. */
static void visit(struct places *p, const struct node *n)
{
	size_t len = p->shape.len;

	if (n == NULL || is_in(p, n) || p->stopped)
		return;
	tell_own(p, n);
	p->in[p->depth++] = n;
	for (uint32_t i = 0; i < n->n_members; i++) {
		json_pointer_append(&p->shape, n->members[i].name);
		visit(p, n->members[i].node);
		p->shape.len = len;
	}
	json_pointer_append(&p->shape, SLICE("*"));
	visit(p, n->items);
	visit(p, n->additional);
	p->shape.len = len;
	p->depth--;
}

int model_places(const struct model *m, enum rule rule, model_place_each *each, void *arg)
{
	struct places p = {.rule = rule, .each = each, .arg = arg};
	bool failed;

	visit(&p, model_root(m));
	failed = p.shape.failed;
	buf_free(&p.shape);
	return failed ? -1 : 0;
}
