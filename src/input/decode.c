/*
 * decode.c: one compressed feed as a feed of what it holds.
 * While it is open exactly one of gzip and archive is there.
 * It must never decompress more than once.
 */
#include "input/decode.h"

static ssize_t read_gzip(void *arg, void *data, size_t len, struct error *e)
{
	return gzip_read(arg, data, len, e);
}

static ssize_t read_archive(void *arg, void *data, size_t len, struct error *e)
{
	return archive_in_read(arg, data, len, e);
}

int decode_open(struct decode *d, enum kind kind, struct feed *from, const char *name,
		struct error *e)
{
	d->gzip = NULL;
	d->archive = NULL;
	if (kind == KIND_GZIP) {
		d->gzip = gzip_new(from, name, e);
		feed_init(&d->out, read_gzip, d->gzip);
	} else {
		d->archive = archive_in_decompress(kind, from, name, e);
		feed_init(&d->out, read_archive, d->archive);
	}
	return d->gzip != NULL || d->archive != NULL ? 0 : -1;
}

void decode_close(struct decode *d)
{
	gzip_free(d->gzip);
	archive_in_free(d->archive);
	d->gzip = NULL;
	d->archive = NULL;
}
