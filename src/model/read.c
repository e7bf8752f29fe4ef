/*
 * read.c: what the checker has read, for who looks at values and asks where they stand. Values are
 * those of the normal form, places those of the input. Must never be asked between two units.
 */
#include "model/checker.h"
#include "json/scan.h"

void check_recipient_values(const struct check *c, const uint8_t *slot, struct slice *out)
{
	const struct entry *e = c->entries, *end = e + c->n_entries;
	const struct member *members = node_items(c->stack[1].node)->members;
	const char *base = c->out, *behind = c->o - 1;

	if (c->record.text.len == 0 || c->record.text.data[0] != '{' || e == end)
		return;
	/* from the last one: each ends before the comma that the next one's name follows */
	while (end-- > e) {
		const char *name = base + end->out;

		if (end->member != NULL) {
			const char *start = name + end->name_len + 1;

			out[slot[end->member - members]] =
				slice_of(start, (size_t)(behind - start));
		}
		behind = name - 1;
	}
}

uint64_t check_recipient_index(const struct check *c)
{
	return c->stack[1].index;
}

/* The value of the member whose name stands at p; all of it was read before. */
static const char *value_behind(const char *p)
{
	for (p++; *p != '"'; p++)
		p += *p == '\\';
	return scan_space(scan_space(p + 1) + 1);
}

void check_recipient_place(struct check *c, uint32_t member, struct place *out)
{
	const struct member *members = node_items(c->stack[1].node)->members;
	const char *p = c->stack[2].at;

	for (size_t i = 0; i < c->n_entries && member != UINT32_MAX; i++) {
		if (c->entries[i].member == &members[member]) {
			p = value_behind(c->entries[i].at);
			break;
		}
	}
	check_place(c, p, out);
}

struct place check_value_place(const struct check *c, uint32_t member)
{
	if (member == UINT32_MAX || c->top_places[member].line == 0)
		return c->response_place;
	return c->top_places[member];
}

bool check_whole(const struct check *c)
{
	return c->state == STATE_END;
}
