/*
 * again.c: the two bundles that were used last stay open, because the next comparison most often
 * wants one of them.
 */
#include "commands/again.h"

const struct bundle *again_open(void *again, uint32_t bundle, struct compare *c, struct error *e)
{
	struct again *a = again;
	unsigned i;

	for (i = 0; i < 2; i++)
		if (a->open[i] != NULL && a->number[i] == bundle)
			break;
	if (i == 2) {
		i = a->next;
		if (a->open[i] != NULL)
			compare_forget(c, a->open[i]);
		bundle_close(a->open[i]);
		a->open[i] = bundle_open(a->paths->path[bundle], e);
		a->number[i] = bundle;
	}
	a->next = 1 - i;
	return a->open[i];
}

void again_close(struct again *a)
{
	for (unsigned i = 0; i < 2; i++)
		bundle_close(a->open[i]);
}
