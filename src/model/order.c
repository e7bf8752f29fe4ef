/*
 * order.c: the members of one object in the order of the normal form: the model's order, then the
 * names it does not know in byte order. Called only where the input has another order, or a name
 * twice. Equal names keep the order of the input. Never loses a member.
 */
#include <stdlib.h>

#include "model/checker.h"

/* The next byte of what a name in the normal form stands for; *p moves on. -1: its end. */
static int name_byte(const char **p, const char *end)
{
	static const char letters[] = "b\bt\tn\nf\fr\r";
	unsigned char c;

	if (*p == end)
		return -1;
	c = (unsigned char)*(*p)++;
	if (c != '\\')
		return c;
	c = (unsigned char)*(*p)++;
	if (c == 'u') { /* always a control character: \u00XY */
		char low = (*p)[3];
		int value = ((*p)[2] - '0') << 4 | (low <= '9' ? low - '0' : low - 'a' + 10);
		*p += 4;
		return value;
	}
	for (const char *l = letters; *l != '\0'; l += 2)
		if ((unsigned char)*l == c)
			return l[1];
	return c;
}

static int compare_escaped(const char *p, const char *p_end, const char *q, const char *q_end)
{
	for (;;) {
		int x = name_byte(&p, p_end), y = name_byte(&q, q_end);

		if (x != y)
			return x < y ? -1 : 1;
		if (x < 0)
			return 0;
	}
}

int check_compare_names(struct slice a, struct slice b)
{
	const char *p = a.data + 1, *q = b.data + 1;
	const char *p_end = a.data + a.len - 1, *q_end = b.data + b.len - 1;

	/* up to the first byte that differs, or that an escape begins with */
	while (p < p_end && q < q_end && *p == *q && *p != '\\') {
		p++;
		q++;
	}
	return compare_escaped(p, p_end, q, q_end);
}

static struct slice entry_name(const struct check *c, const struct entry *e)
{
	return slice_of(c->out + e->out, e->name_len);
}

static int compare(const struct check *c, const struct entry *a, const struct entry *b)
{
	int order = 0;

	if ((a->member == NULL) != (b->member == NULL))
		return a->member == NULL ? 1 : -1;
	if (a->member != b->member)
		return a->member < b->member ? -1 : 1;
	if (a->member == NULL)
		order = check_compare_names(entry_name(c, a), entry_name(c, b));
	return order != 0 ? order : (a->at > b->at) - (a->at < b->at);
}

static int compare_entries(const void *a, const void *b, void *c)
{
	return compare(c, a, b);
}

/* Most objects have a handful of members. */
static void sort(struct check *c, struct entry *e, size_t n)
{
	if (n > 24) {
		qsort_r(e, n, sizeof(*e), compare_entries, c);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		struct entry moving = e[i];
		size_t j = i;

		for (; j > 0 && compare(c, &moving, &e[j - 1]) < 0; j--)
			e[j] = e[j - 1];
		e[j] = moving;
	}
}

static void report_duplicates(struct check *c, const struct entry *e, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (e[i].member != NULL || e[i - 1].member != NULL ||
		    check_compare_names(entry_name(c, &e[i - 1]), entry_name(c, &e[i])) != 0)
			continue;
		check_duplicate(c, c->depth - 1, entry_name(c, &e[i]), e[i].at);
	}
}

void check_order(struct check *c, const struct container *k)
{
	struct entry *e = c->entries + k->first;
	size_t n = c->n_entries - k->first;
	size_t inside = k->out + 1; /* behind the brace */
	size_t end = (size_t)(c->o - c->out);
	size_t at = inside;

	/* each entry's text reaches to the comma or brace before the next one's */
	for (size_t i = 0; i < n; i++)
		e[i].len = (i + 1 < n ? e[i + 1].out : end) - 1 - e[i].out;
	buf_clear(&c->scratch);
	if (buf_reserve(&c->scratch, end - inside) != 0) {
		c->stop = STOP_MEMORY;
		return;
	}
	sort(c, e, n);
	report_duplicates(c, e, n);
	for (size_t i = 0; i < n; i++) {
		buf_append(&c->scratch, c->out + e[i].out, e[i].len);
		e[i].out = at;
		at += e[i].len + 1;
		if (i + 1 < n)
			buf_byte(&c->scratch, ',');
	}
	memcpy(c->out + inside, c->scratch.data, c->scratch.len);
}
