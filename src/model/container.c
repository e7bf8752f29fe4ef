/*
 * container.c: objects, arrays and their members, but for what is hot (value.c): opening and
 * closing, and members that do not come in the order of the model, stand twice, are missing, or are
 * unknown.
 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/limits.h"
#include "json/scan.h"
#include "model/checker.h"

int check_room(struct check *c, const char *p)
{
	size_t used = (size_t)(c->o - c->out);
	size_t need = used + (size_t)(c->end - p) + 4 * SCAN_SLACK;
	char *bigger;

	if (need <= c->out_cap)
		return 0;
	need += need / 2;
	bigger = realloc(c->out, need);
	if (bigger == NULL) {
		c->stop = STOP_MEMORY;
		return -1;
	}
	c->out = bigger;
	c->out_cap = need;
	c->o = bigger + used;
	return 0;
}

int check_push(struct check *c, const char *p, const struct node *node, bool array)
{
	struct container *k;

	if (c->depth == c->limits.max_depth) {
		check_limit(c, p, RULE_depth, "nested deeper than --max-depth allows");
		return -1;
	}
	k = &c->stack[c->depth++];
	*k = (struct container){
		.node = node,
		.next = node->members,
		.usual = &c->habits[node->habit].none,
		.first = c->n_entries,
		.out = (size_t)(c->o - c->out),
		.at = p,
		.array = array,
	};
	return 0;
}

int check_open(struct check *c, const char *p, const struct node *node)
{
	bool array = *p == '[';
	uint8_t type = array ? TYPE_ARRAY : TYPE_OBJECT;

	if (!(node->types & type)) {
		check_wrong_type(c, node, p, slice_of(p, 1));
		node = &node_anything;
	} else if (node->allowed_types & type) {
		check_not_allowed(c, node, p, slice_of(p, 1));
	}
	if (check_push(c, p, node, array) != 0)
		return -1;
	*c->o++ = *p;
	return 0;
}

/* --- members --- */

static const char secrets[][24] = {
	"\"x-api-key\"", "\"xi-api-key\"", "\"api_key\"", "\"api-key\"", "\"authorization\"",
	"\"xi_api_key\"", "\"x_api_key\"",
};

bool check_secret(struct slice quoted)
{
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		if (quoted.len == strlen(secrets[i]) &&
		    strncasecmp(quoted.data, secrets[i], quoted.len) == 0)
			return true;
	return false;
}

/* A member that the model does not list, in an object whose other names are not data. */
static void report_unknown(struct check *c, const struct node *node, struct slice quoted,
			   const char *p)
{
	struct place place;

	check_place(c, p, &place);
	if (check_secret(quoted)) {
		buf_clear(&c->message);
		buf_string(&c->message, "a key or token was saved with the capture, as member ");
		buf_slice(&c->message, quoted);
		check_report(c, RULE_secret, SEVERITY_WARNING, BASIS_NONE, c->depth - 1, quoted,
			     &place);
		return;
	}
	if (check_count(c, RULE_unknown_member, (enum severity)node->severity[KEYWORD_ADDITIONAL],
			node->basis_of[KEYWORD_ADDITIONAL], c->depth - 1, quoted, &place)) {
		buf_clear(&c->message);
		buf_string(&c->message, "the model does not know the member ");
		check_found(c, quoted);
		check_tell(c);
	}
}

struct entry *check_entry(struct check *c, const struct container *k, const char *p)
{
	struct entry *e;

	if (c->n_entries - k->first >= LIMIT_MEMBERS) {
		check_limit(c, p, RULE_too_large, "an object with more than 1,048,576 members");
		return NULL;
	}
	if (c->n_entries == c->entries_cap &&
	    array_reserve(&c->entries, &c->entries_cap, c->n_entries + 1, sizeof(*e)) != 0) {
		c->stop = STOP_MEMORY;
		return NULL;
	}
	e = &c->entries[c->n_entries++];
	e->out = (size_t)(c->o - c->out);
	e->at = p;
	return e;
}

/* The word and the bit that say whether a scattered object had this member. */
static uint64_t *seen_bit(struct check *c, const struct container *k, const struct member *m,
			  uint64_t *bit)
{
	size_t index = (size_t)(m - k->node->members);

	*bit = (uint64_t)1 << (index % 64);
	return &c->seen[k->words + index / 64];
}

int check_scatter(struct check *c, struct container *k, size_t end)
{
	size_t words = (k->node->n_members + 63) / 64;
	uint64_t bit, *word;

	k->scattered = true;
	k->next = k->node->none;
	k->usual = &c->habits[0].none;
	k->words = c->n_seen;
	if (words == 0)
		return 0;
	if (array_reserve(&c->seen, &c->seen_cap, c->n_seen + words, sizeof(*c->seen)) != 0) {
		c->stop = STOP_MEMORY;
		return -1;
	}
	c->n_seen += words;
	memset(c->seen + k->words, 0, words * sizeof(*c->seen));
	for (size_t i = k->first; i < end; i++) {
		if (c->entries[i].member == NULL)
			continue;
		word = seen_bit(c, k, c->entries[i].member, &bit);
		*word |= bit;
	}
	return 0;
}

/* Of an object that is not scattered: does its newest member stand where the order has it? Then it
 * is noted which one comes next. */
static bool in_order(struct check *c, struct container *k)
{
	const struct entry *e = &c->entries[c->n_entries - 1];
	const struct member *none = k->node->none;
	const struct member *m = e->member != NULL ? e->member : none;

	if (m < k->next)
		return false;
	if (m == none && c->n_entries - 1 > k->first && e[-1].member == NULL &&
	    check_compare_names(slice_of(c->out + e[-1].out, e[-1].name_len),
				slice_of(c->out + e->out, e->name_len)) >= 0)
		return false;
	k->missing |= k->next->required_before != m->required_before;
	k->next = m == none ? none : m + 1;
	return true;
}

/* Notes in a scattered object that a member the model knows was met. */
static void meet(struct check *c, struct container *k, const struct entry *e)
{
	uint64_t bit, *word = seen_bit(c, k, e->member, &bit);

	if (*word & bit)
		check_duplicate(c, c->depth - 1, e->member->quoted, e->at);
	*word |= bit;
}

int check_member(struct check *c)
{
	struct container *k = &c->stack[c->depth - 1];
	const struct entry *e = &c->entries[c->n_entries - 1];
	struct slice name;

	if (!k->scattered && !in_order(c, k) && check_scatter(c, k, c->n_entries - 1) != 0)
		return -1;
	if (e->member != NULL) {
		if (k->scattered)
			meet(c, k, e);
		return 0;
	}
	name = slice_of(c->out + e->out, e->name_len);
	if (!k->node->open)
		report_unknown(c, k->node, name, e->at);
	else if (!k->scattered && k->node->habit != 0)
		k->usual = habit_learn(&c->habits[k->node->habit], k->usual, name);
	return 0;
}

/* --- the end --- */

void check_required(struct check *c, const struct container *k, const struct place *at)
{
	const struct node *node = k->node;
	struct place place;

	for (uint32_t i = 0; i < node->n_members; i++) {
		const struct member *m = &node->members[i];

		if (!m->required || (c->seen[k->words + i / 64] >> (i % 64) & 1))
			continue;
		if (at == NULL) {
			check_place(c, k->at, &place);
			at = &place;
		}
		if (check_count(c, RULE_required, (enum severity)node->severity[KEYWORD_REQUIRED],
				node->basis_of[KEYWORD_REQUIRED], c->depth - 1, m->quoted, at)) {
			buf_clear(&c->message);
			buf_string(&c->message, "required member ");
			buf_slice(&c->message, m->quoted);
			buf_string(&c->message, " is missing");
			check_tell(c);
		}
	}
}

static int close_object(struct check *c, struct container *k)
{
	if (k->scattered)
		check_order(c, k);
	else if ((k->missing || k->next->required_before != k->node->n_required) &&
		 check_scatter(c, k, c->n_entries) != 0)
		return -1;
	if (k->scattered) {
		check_required(c, k, NULL);
		c->n_seen = k->words;
	}
	/* the outermost object of a unit keeps its entries: check_recipient_value */
	if (k->first > 0)
		c->n_entries = k->first;
	return c->stop == STOP_NONE ? 0 : -1;
}

static void close_array(struct check *c, const struct container *k, uint64_t count)
{
	const struct node *node = k->node;
	const char *p = k->at;
	char bound[24], found[24];
	bool few;

	if (count >= node->min_items && count <= node->max_items)
		return;
	few = count < node->min_items;
	c->depth--; /* the finding is about the array, not about an element */
	int n = snprintf(bound, sizeof(bound), "%llu",
			 (unsigned long long)(few ? node->min_items : node->max_items));
	int f = snprintf(found, sizeof(found), "%llu", (unsigned long long)count);
	check_bound(c, node, KEYWORD_ITEMS, p, few ? "a list of at least" : "a list of at most",
		    slice_of(bound, (size_t)n), slice_of(found, (size_t)f));
	c->depth++;
}

int check_close(struct check *c, uint64_t count)
{
	struct container *k = &c->stack[c->depth - 1];

	if (k->array)
		close_array(c, k, count);
	else if (close_object(c, k) != 0)
		return -1;
	c->depth--;
	return 0;
}
