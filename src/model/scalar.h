/*
 * scalar.h: strings, numbers and literals as they usually are, a part of the hot loop (value.c),
 * which alone includes it. What is not usual is scalar.c's.
 *
 * Each function reads the value at p and writes it at *to, which moves on. They return the byte
 * behind the value, or NULL and c->stop.
 */
#ifndef MODEL_SCALAR_H
#define MODEL_SCALAR_H

#include "model/checker.h"
#include "json/scan.h"

#define NUMBER_BYTES 16 /* so many are copied at once */

/* One of the words that are allowed here, or NULL: none of them stands here. */
static inline const struct spelling *find_word(const struct node *node, const char *p)
{
	const struct spelling *likely = &node->words[node->likely_word[node_word_hash(p)]];

	if (vec_stands(p, likely))
		return likely;
	for (uint32_t i = 0; i < node->n_words; i++)
		if (vec_stands(p, &node->words[i]))
			return &node->words[i];
	return NULL;
}

/* What of a string follows plain text, up to p and c->o: escapes, characters beyond ASCII, and more
 * plain text. */
__attribute__((noinline)) static const char *rest_of_string(struct check *c, const char *p)
{
	char *o = c->o;
	enum scan_status status = scan_string(&p, &o);

	if (status != SCAN_OK)
		return check_bad_string(c, p, (int)status);
	c->o = o;
	return p;
}

static inline const char *read_string(struct check *c, const char *p, char **to,
				      const struct node *node, uint8_t *last)
{
	const char *start = p;
	char *text = *to, *o = text + 1;

	if (!(node->plain & TYPE_STRING) && node->n_words > 0) {
		const struct spelling *word = find_word(node, p);

		if (word != NULL) {
			*to = vec_put(text, word);
			return p + word->len;
		}
	}
	p++;
	*text = '"';
	if (!scan_alike(&p, &o, last)) {
		c->o = o;
		p = rest_of_string(c, p);
		if (p == NULL)
			return NULL;
		o = c->o;
	}
	*to = o;
	/* a quote is behind the first one of an empty string, and '<' of the placeholder */
	if (!(node->plain & TYPE_STRING) || text[1] == '"' || text[1] == '<')
		check_string(c, node, start, slice_of(text, (size_t)(o - text)));
	return p;
}

static inline const char *read_number(struct check *c, const char *p, char **to,
				      const struct node *node)
{
	unsigned n = vec_digits(p);
	char next = p[n];

	/* digits alone, without a leading zero; at a window's end there may be more of them */
	if (n - 1 < NUMBER_BYTES - 1 && (*p != '0' || n == 1) && (node->plain & TYPE_INTEGER) &&
	    (next == ',' || (next != '.' && (next | 0x20) != 'e' && next != '\0'))) {
		memcpy(*to, p, NUMBER_BYTES);
		*to += n;
		return p + n;
	}
	/* digits, a point and digits, where every number is right */
	if (next == '.' && n != 0 && (*p != '0' || n == 1) &&
	    (node->plain & TYPE_NUMBER) == TYPE_NUMBER) {
		unsigned m = vec_digits(p + n + 1);

		next = p[n + 1 + m];
		if (n + m < NUMBER_BYTES && m != 0 && (next | 0x20) != 'e' && next != '\0') {
			memcpy(*to, p, 2 * NUMBER_BYTES);
			*to += n + 1 + m;
			return p + n + 1 + m;
		}
	}
	c->o = *to;
	p = check_number_at(c, p, node);
	*to = c->o;
	return p;
}

/* All that is neither a string, a number nor a container; maybe no value at all. */
static inline const char *read_literal(struct check *c, const char *p, char **to,
				       const struct node *node)
{
	if (memcmp(p, "null", 4) == 0 && (node->plain & TYPE_NULL)) {
		memcpy(*to, "null", 4);
		*to += 4;
		return p + 4;
	}
	if ((node->plain & TYPE_BOOLEAN) &&
	    (memcmp(p, "true", 4) == 0 || memcmp(p, "false", 5) == 0)) {
		memcpy(*to, p, 5);
		*to += *p == 't' ? 4 : 5;
		return p + (*p == 't' ? 4 : 5);
	}
	c->o = *to;
	p = check_literal_at(c, p, node);
	*to = c->o;
	return p;
}

#endif
