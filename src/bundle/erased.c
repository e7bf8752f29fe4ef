/*
 * erased.c: the member "erased" of callroll.json.
 * What is read of it is believed only as far as it is of the form.
 */
#include "bundle/erased.h"

#include "bundle/about.h"
#include "json/members.h"

/* The numbers of one element. false: it is not of the form. */
static bool read_one(struct slice element, struct erased *n, struct sha256 *from)
{
	struct slice seal = members_find(element, "from_seal");

	return seal.len == SHA256_HEX + 2 &&
	       sha256_parse(slice_of(seal.data + 1, SHA256_HEX), from) == 0 &&
	       json_uint(members_find(element, "states"), &n->states) &&
	       json_uint(members_find(element, "responses"), &n->responses) &&
	       json_uint(members_find(element, "findings"), &n->findings) &&
	       json_uint(members_find(element, "set_aside"), &n->set_aside);
}

typedef void each(void *arg, const struct sha256 *from, const struct erased *n);

static int for_each(const struct bundle *b, each *call, void *arg, struct error *e)
{
	struct buf text = BUF_INIT;
	struct members in;
	struct json_member m;
	int result = about_read(b, &text, e);

	if (result == 0) {
		struct slice list = members_find(buf_view(&text), "erased");

		members_begin(&in, list);
		while (in.array && members_next(&in, &m)) {
			struct erased n;
			struct sha256 from;

			if (m.value.data[0] == '{' && read_one(m.value, &n, &from))
				call(arg, &from, &n);
		}
	}
	buf_free(&text);
	return result;
}

static void add(void *arg, const struct sha256 *from, const struct erased *n)
{
	struct erased *sum = arg;

	(void)from;
	sum->states += n->states;
	sum->responses += n->responses;
	sum->findings += n->findings;
	sum->set_aside += n->set_aside;
}

int erased_of(const struct bundle *b, struct erased *sum, struct error *e)
{
	*sum = (struct erased){0};
	return for_each(b, add, sum, e);
}

struct copy {
	bool *first;
	struct buf *out;
};

static void copy_one(void *arg, const struct sha256 *from, const struct erased *n)
{
	struct copy *c = arg;

	if (!*c->first)
		buf_byte(c->out, ',');
	*c->first = false;
	erased_put(from, n, c->out);
}

int erased_copy(const struct bundle *b, bool *first, struct buf *out, struct error *e)
{
	struct copy c = {first, out};

	if (for_each(b, copy_one, &c, e) != 0)
		return -1;
	return out->failed ? error_memory(e) : 0;
}

void erased_put(const struct sha256 *from, const struct erased *n, struct buf *out)
{
	char hex[SHA256_HEX + 1];

	sha256_hex(from, hex);
	buf_printf(out,
		   "{\"from_seal\":\"%s\",\"states\":%llu,\"responses\":%llu,\"findings\":%llu,"
		   "\"set_aside\":%llu}",
		   hex, (unsigned long long)n->states, (unsigned long long)n->responses,
		   (unsigned long long)n->findings, (unsigned long long)n->set_aside);
}
