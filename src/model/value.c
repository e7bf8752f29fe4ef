/*
 * value.c: one value of any depth: read, checked against its schema and written in the normal form,
 * in one pass. This is where the time goes, so it is compiled for each target (target.h), and holds
 * only what is usual: members in the order of the model, values that are right. All else is in
 * scalar.c and container.c.
 *
 * The stack of open containers is explicit and bounded; nothing is kept of a value but its text in
 * the output. Where the output goes on stands in `o` here and in c->o everywhere else: it is handed
 * over and taken back around each call that may write. Never allocates for a value that has no
 * findings and stands in order.
 */
#include "base/limits.h"
#include "model/scalar.h"
#include "model/target.h"

#if defined(VECTOR_AVX2)
#define TARGET target_avx2
#define TARGET_NAME "avx2"
#elif defined(VECTOR_SSE2)
#define TARGET target_sse2
#define TARGET_NAME "sse2"
#elif defined(VECTOR_NEON)
#define TARGET target_neon
#define TARGET_NAME "neon"
#else
#define TARGET target_portable
#define TARGET_NAME "portable"
#endif

/* --- names --- */

/* What stands here is no name: the finding is about the object, not about a member. */
static const char *no_name(struct check *c, const char *p, enum scan_status status)
{
	c->n_entries = c->stack[--c->depth].first;
	if (status == SCAN_OK)
		return check_expected(c, p, "a member's name in double quotes");
	return check_bad_string(c, p, (int)status);
}

/* Any name, however it is spelled, and its colon. */
static const char *any_name(struct check *c, const char *p)
{
	struct container *k = &c->stack[c->depth - 1];
	const char *start = p;
	char *text = c->o, *o = text + 1;
	enum scan_status status;
	struct entry *e;

	if (*p != '"')
		return no_name(c, p, SCAN_OK);
	p++;
	*text = '"';
	status = scan_string(&p, &o);
	if (status != SCAN_OK)
		return no_name(c, p, status);
	e = check_entry(c, k, start);
	if (e == NULL)
		return NULL;
	e->name_len = (uint32_t)(o - text);
	*o = ':';
	if (k->next->head.len > 0 && vec_stands(text, &k->next->head)) {
		e->member = k->next++;
	} else {
		uint32_t index = node_find(k->node, slice_of(text, e->name_len));

		e->member = index != UINT32_MAX ? &k->node->members[index] : NULL;
		if (check_member(c) != 0)
			return NULL;
	}
	p = scan_space(p);
	if (*p != ':')
		return check_expected(c, p, "':'");
	c->o = o + 1;
	return p + 1;
}

/* The name at p is written, with its colon. Returns the byte behind it. */
static inline const char *take_name(struct check *c, const char *p, char **to,
				    const struct member *m, const struct spelling *head)
{
	struct entry *e = &c->entries[c->n_entries++];

	e->member = m;
	e->out = (size_t)(*to - c->out);
	e->at = p;
	e->name_len = head->len - 1;
	*to = vec_put(*to, head);
	return p + head->len;
}

/*
 * A member's name and its colon. Nearly always it is the next one of the model, or of data the one
 * that usually comes next; else the same as any_name. *node: the schema of the value.
 */
static inline const char *read_name(struct check *c, struct container *k, const char *p, char **to,
				    const struct node **node)
{
	const struct member *m = k->next;
	const struct entry *e;

	if (*p == '"' && c->n_entries < c->entries_cap) {
		if (vec_stands(p, &m->head)) {
			k->next = m + 1;
			*node = m->node;
			return take_name(c, p, to, m, &m->head);
		}
		if (vec_stands(p, &k->usual->next->head) &&
		    c->n_entries - k->first < LIMIT_MEMBERS) {
			const struct member *none = k->node->none;

			k->missing |= m->required_before != none->required_before;
			k->next = none;
			k->usual = k->usual->next;
			*node = node_additional(k->node);
			return take_name(c, p, to, NULL, &k->usual->head);
		}
	}
	c->o = *to;
	p = any_name(c, p);
	*to = c->o;
	if (p == NULL)
		return NULL;
	e = &c->entries[c->n_entries - 1];
	*node = e->member != NULL ? e->member->node : node_additional(k->node);
	return p;
}

/* --- containers --- */

/* An object or array begins at p. Returns it, or NULL and c->stop. */
static inline struct container *open_container(struct check *c, const char *p, char **to,
					       const struct node *node, bool array)
{
	struct container *k = &c->stack[c->depth];

	if (!(node->plain & (array ? TYPE_ARRAY : TYPE_OBJECT)) ||
	    c->depth == c->limits.max_depth) {
		c->o = *to;
		if (check_open(c, p, node) != 0)
			return NULL;
		*to = c->o;
		return k;
	}
	c->depth++;
	k->node = node;
	k->next = node->members;
	k->usual = &c->habits[node->habit].none;
	k->first = c->n_entries;
	k->out = (size_t)(*to - c->out);
	k->at = p;
	k->index = 0;
	k->array = array;
	k->scattered = false;
	k->missing = false;
	*(*to)++ = *p;
	return k;
}

/* The innermost container, which has `count` elements if it is an array, ends at p. Returns the
 * byte behind it, or NULL and c->stop. */
static inline const char *close_container(struct check *c, struct container *k, const char *p,
					  char **to, uint64_t count)
{
	const struct node *node = k->node;

	*(*to)++ = *p;
	if (k->array) {
		if (count >= node->min_items && count <= node->max_items) {
			c->depth--;
			return p + 1;
		}
	} else if (!k->scattered && !k->missing && k->next->required_before == node->n_required) {
		/* the outermost object of a unit keeps its entries: check_recipient_value */
		if (k->first > 0)
			c->n_entries = k->first;
		c->depth--;
		return p + 1;
	}
	c->o = *to;
	return check_close(c, count) == 0 ? p + 1 : NULL;
}

/* --- values --- */

static inline const char *read_scalar(struct check *c, const char *p, char **to,
				      const struct node *node, uint8_t *last)
{
	if (*p == '"')
		return read_string(c, p, to, node, last);
	if ((unsigned char)(*p - '0') <= 9 || *p == '-')
		return read_number(c, p, to, node);
	return read_literal(c, p, to, node);
}

/* Neither a comma nor the container's end stands at p. Returns NULL. */
static const char *no_end(struct check *c, const struct container *k, const char *p)
{
	return check_expected(c, p, k->array ? "',' or ']'" : "',' or '}'");
}

static const char *value(struct check *c, const char *p, const struct node *node)
{
	struct container *k = c->stack + c->depth; /* the innermost one is the one before it */
	const struct container *const bottom = k;
	char *o = c->o;
	uint8_t number = 0;

	for (;;) {
		p = scan_space(p);
		if (*p == '{' || *p == '[') {
			bool array = *p == '[';
			struct container *opened = open_container(c, p, &o, node, array);

			if (opened == NULL)
				return NULL;
			p = scan_space(p + 1);
			k = opened + 1;
			if (*p != (array ? ']' : '}'))
				goto inside;
			k--;
			p = close_container(c, k, p, &o, 0);
		} else {
			p = read_scalar(c, p, &o, node, &c->lengths[number++]);
		}
		/* what ends here, up to the comma before the next value */
		for (;;) {
			if (p == NULL)
				return NULL;
			if (k == bottom) {
				c->o = o;
				return p;
			}
			if (*p == ',')
				break;
			p = scan_space(p);
			if (*p == ',')
				break;
			if (*p != (k[-1].array ? ']' : '}'))
				return no_end(c, &k[-1], p);
			k--;
			p = close_container(c, k, p, &o, k->index + 1);
		}
		*o++ = ',';
		p = scan_space(p + 1);
		k[-1].index++;
inside:
		if (k[-1].array) {
			node = node_items(k[-1].node);
		} else {
			p = read_name(c, &k[-1], p, &o, &node);
			if (p == NULL)
				return NULL;
		}
	}
}

const struct target TARGET = {TARGET_NAME, value, any_name};
