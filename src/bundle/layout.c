/*
 * layout.c: names and records as they stand in a bundle.
 * Every number in a record is little endian, whatever the machine.
 * It must never read or write a file, nor judge what a record says.
 */
#include "bundle/layout.h"

#include <string.h>

const char *const layout_lines[LINES_KINDS] = {
	[LINES_RECIPIENTS] = "recipients",
	[LINES_RESPONSES] = "responses",
	[LINES_FINDINGS] = "findings",
	[LINES_SOURCES] = "sources",
};

const char *const layout_blobs[BLOB_KINDS] = {
	[BLOB_SET_ASIDE] = "set-aside",
	[BLOB_ORIGINALS] = "originals",
};

static void put32(unsigned char *out, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		out[i] = (unsigned char)(n >> (8 * i));
}

static void put64(unsigned char *out, uint64_t n)
{
	for (int i = 0; i < 8; i++)
		out[i] = (unsigned char)(n >> (8 * i));
}

static uint32_t get32(const unsigned char *in)
{
	uint32_t n = 0;

	for (int i = 0; i < 4; i++)
		n |= (uint32_t)in[i] << (8 * i);
	return n;
}

static uint64_t get64(const unsigned char *in)
{
	return get32(in) | (uint64_t)get32(in + 4) << 32;
}

void layout_put_record(const struct frame_record *r, unsigned char out[FRAME_RECORD_BYTES])
{
	put64(out, r->offset);
	put32(out + 8, r->size);
	put32(out + 12, r->raw);
	put32(out + 16, r->entry);
	put32(out + 20, r->lines);
	put64(out + 24, r->first);
	memcpy(out + 32, r->digest.bytes, SHA256_BYTES);
}

void layout_get_record(const unsigned char in[FRAME_RECORD_BYTES], struct frame_record *r)
{
	r->offset = get64(in);
	r->size = get32(in + 8);
	r->raw = get32(in + 12);
	r->entry = get32(in + 16);
	r->lines = get32(in + 20);
	r->first = get64(in + 24);
	memcpy(r->digest.bytes, in + 32, SHA256_BYTES);
}
