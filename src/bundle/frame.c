/*
 * frame.c: zstd frames; the only file that includes zstd.
 * Every frame made or taken has its content size and its checksum, no dictionary, a bounded window.
 * It must never take memory for more than a frame states and its length can hold.
 */
#include "bundle/frame.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>
#include <zstd.h>

#include "base/limits.h"

/* The level from which on libzstd takes windows above ZSTD_WINDOW_LOG for large inputs. */
#define LEVEL_WIDE 20

/* RFC 8878: frame header descriptor and blocks. */
#define HEADER_MAGIC 4
#define FLAG_DICTIONARY 0x03
#define FLAG_CHECKSUM 0x04
#define FLAG_RESERVED 0x18 /* one reserved bit, one that readers ignore: both zero in a bundle */
#define FLAG_SINGLE 0x20
#define CHECKSUM_BYTES 4
#define BLOCK_HEADER 3
#define BLOCK_MOST (128 * KIB)
#define BLOCK_LAST 1u

/* Magic, single segment with 4 bytes of content size, checksum. */
static const unsigned char stored_head[] = {0x28, 0xb5, 0x2f, 0xfd, 0xa4};

struct encoder {
	ZSTD_CCtx *context;
};

struct decoder {
	ZSTD_DCtx *context;
};

const char *frame_zstd_version(void)
{
	return ZSTD_versionString();
}

static bool set(ZSTD_CCtx *c, ZSTD_cParameter parameter, int value)
{
	return !ZSTD_isError(ZSTD_CCtx_setParameter(c, parameter, value));
}

struct encoder *encoder_new(int level)
{
	struct encoder *c = malloc(sizeof(*c));

	if (c == NULL)
		return NULL;
	c->context = ZSTD_createCCtx();
	if (c->context == NULL || !set(c->context, ZSTD_c_compressionLevel, level) ||
	    !set(c->context, ZSTD_c_contentSizeFlag, 1) ||
	    !set(c->context, ZSTD_c_checksumFlag, 1) ||
	    (level >= LEVEL_WIDE && !set(c->context, ZSTD_c_windowLog, ZSTD_WINDOW_LOG))) {
		encoder_free(c);
		return NULL;
	}
	return c;
}

void encoder_free(struct encoder *c)
{
	if (c == NULL)
		return;
	ZSTD_freeCCtx(c->context);
	free(c);
}

int encoder_frame(struct encoder *c, struct slice raw, struct buf *out, struct error *e)
{
	size_t room = ZSTD_compressBound(raw.len);

	if (ZSTD_isError(room) || buf_reserve(out, room) != 0)
		return error_memory(e);
	size_t len = ZSTD_compress2(c->context, out->data + out->len, room, raw.data, raw.len);
	if (ZSTD_isError(len)) {
		/* The room is enough and the parameters are good: what is left is memory. */
		return error_set(e, ERROR_MEMORY, "cannot compress %zu bytes: %s", raw.len,
				 ZSTD_getErrorName(len));
	}
	out->len += len;
	return 0;
}

struct decoder *decoder_new(void)
{
	struct decoder *d = malloc(sizeof(*d));

	if (d == NULL)
		return NULL;
	d->context = ZSTD_createDCtx();
	if (d->context == NULL) {
		free(d);
		return NULL;
	}
	return d;
}

void decoder_free(struct decoder *d)
{
	if (d == NULL)
		return;
	ZSTD_freeDCtx(d->context);
	free(d);
}

static uint64_t little_endian(const unsigned char *p, unsigned bytes)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < bytes; i++)
		n |= (uint64_t)p[i] << (8 * i);
	return n;
}

/* Window_Size of RFC 8878, section 3.1.1.1.2. */
static uint64_t window_size(unsigned char descriptor)
{
	uint64_t base = (uint64_t)1 << (10 + (descriptor >> 3));

	return base + base / 8 * (descriptor & 7);
}

/* Is the frame's header one that callroll writes, for this content size? NULL, or what is wrong. */
static const char *header_fault(struct slice frame, size_t raw_size)
{
	const unsigned char *p = (const unsigned char *)frame.data;
	static const unsigned char size_bytes[4] = {1, 2, 4, 8};

	if (frame.len < sizeof(stored_head) || memcmp(p, stored_head, HEADER_MAGIC) != 0)
		return "it is no zstd frame";
	unsigned flags = p[HEADER_MAGIC];
	bool single = (flags & FLAG_SINGLE) != 0;
	unsigned bytes = size_bytes[flags >> 6];
	size_t at = HEADER_MAGIC + 1;

	if ((flags & FLAG_CHECKSUM) == 0)
		return "it has no checksum";
	if ((flags & FLAG_DICTIONARY) != 0)
		return "it needs a dictionary";
	if ((flags & FLAG_RESERVED) != 0)
		return "it has an unknown flag";
	if (flags >> 6 == 0 && !single)
		return "it does not state its size";
	if (frame.len < at + !single + bytes + BLOCK_HEADER + CHECKSUM_BYTES)
		return "it is cut";
	if (!single && window_size(p[at++]) > (uint64_t)1 << ZSTD_WINDOW_LOG)
		return "it needs too much memory";
	uint64_t content = little_endian(p + at, bytes) + (bytes == 2 ? 256 : 0);
	if (content != raw_size)
		return "it states another size";
	/* A block of a few bytes holds 128 KiB at most. */
	if (content > LIMIT_FRAME_RAW || content / BLOCK_MOST > frame.len / BLOCK_HEADER)
		return "it states an impossible size";
	return NULL;
}

int decoder_frame(struct decoder *d, struct slice frame, size_t raw_size, struct buf *out,
		  struct error *e)
{
	const char *fault = header_fault(frame, raw_size);

	if (fault == NULL && ZSTD_findFrameCompressedSize(frame.data, frame.len) != frame.len)
		fault = "it does not end where it should";
	if (fault != NULL)
		return error_set(e, ERROR_BUNDLE, "damaged frame: %s", fault);
	if (buf_reserve(out, raw_size + 1) != 0) /* never without memory, so never NULL */
		return error_memory(e);
	size_t len = ZSTD_decompressDCtx(d->context, out->data + out->len, raw_size, frame.data,
					 frame.len);
	if (ZSTD_isError(len))
		return error_set(e, ERROR_BUNDLE, "damaged frame: %s", ZSTD_getErrorName(len));
	if (len != raw_size)
		return error_set(e, ERROR_BUNDLE, "damaged frame: it holds another size");
	out->len += len;
	return 0;
}

static void append_number(struct buf *out, uint32_t n, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		buf_byte(out, (char)(n >> (8 * i)));
}

int frame_stored(struct slice raw, struct buf *out, struct error *e)
{
	size_t at = 0;

	if (raw.len > LIMIT_TRAILER + 64 * KIB)
		return error_set(e, ERROR_LIMIT, "%zu bytes are too many for a stored frame",
				 raw.len);
	buf_append(out, stored_head, sizeof(stored_head));
	append_number(out, (uint32_t)raw.len, 4);
	do {
		size_t len = raw.len - at < BLOCK_MOST ? raw.len - at : BLOCK_MOST;
		uint32_t last = at + len == raw.len ? BLOCK_LAST : 0;

		append_number(out, (uint32_t)len << 3 | last, BLOCK_HEADER);
		if (len > 0)
			buf_append(out, raw.data + at, len);
		at += len;
	} while (at < raw.len);
	append_number(out, (uint32_t)XXH64(raw.data, raw.len, 0), CHECKSUM_BYTES);
	return out->failed ? error_memory(e) : 0;
}
