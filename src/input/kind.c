/*
 * kind.c: what a name promises and what the first bytes say.
 * No more than `len` bytes are looked at; a short head is only what it surely is.
 * It must never take JSON text for anything else.
 */
#include "input/kind.h"

#include <stdint.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* The last bytes of zstd's seekable format (contrib, 0.1.0): frames (4), descriptor (1), magic (4),
 * little endian. */
#define SEEKABLE_FOOTER 9
static const unsigned char seekable_magic[4] = {0xb1, 0xea, 0x92, 0x8f};

static const unsigned char zstd_magic[4] = {0x28, 0xb5, 0x2f, 0xfd};

static bool starts(const unsigned char *head, size_t len, const void *magic, size_t magic_len)
{
	return len >= magic_len && memcmp(head, magic, magic_len) == 0;
}

/* A data frame, or a skippable one before it (RFC 8878 section 3.1.2: 0x184D2A50 to ...5F). */
static bool is_zstd(const unsigned char *head, size_t len)
{
	if (starts(head, len, zstd_magic, sizeof(zstd_magic)))
		return true;
	return len >= 4 && (head[0] & 0xf0) == 0x50 && memcmp(head + 1, "\x2a\x4d\x18", 3) == 0;
}

/* "BZh", the block size, then the first block's or the empty stream's end magic. */
static bool is_bzip2(const unsigned char *head, size_t len)
{
	if (len < 10 || memcmp(head, "BZh", 3) != 0 || head[3] < '1' || head[3] > '9')
		return false;
	return memcmp(head + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
	       memcmp(head + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0;
}

/* The header's checksum field: octal digits between spaces and NULs; -1: not that. */
static long tar_checksum(const unsigned char *field)
{
	long sum = 0;
	int i = 0, digits = 0;

	while (i < 8 && field[i] == ' ')
		i++;
	for (; i < 8 && field[i] >= '0' && field[i] <= '7'; i++, digits++)
		sum = sum * 8 + (field[i] - '0');
	for (; i < 8; i++)
		if (field[i] != ' ' && field[i] != '\0')
			return -1;
	return digits > 0 ? sum : -1;
}

/* ustar (POSIX and GNU) by its magic, older ones by the checksum over the header, whose own field
 * counts as eight spaces. */
static bool is_tar(const unsigned char *head, size_t len)
{
	enum { MAGIC = 257, CHECKSUM = 148, HEADER = 512 };
	long sum = 0;

	if (len >= MAGIC + 5 && memcmp(head + MAGIC, "ustar", 5) == 0)
		return true;
	if (len < HEADER || head[0] == '\0')
		return false;
	for (int i = 0; i < HEADER; i++)
		sum += i >= CHECKSUM && i < CHECKSUM + 8 ? ' ' : head[i];
	return tar_checksum(head + CHECKSUM) == sum;
}

enum kind kind_of(const unsigned char *head, size_t len)
{
	if (starts(head, len, "\x1f\x8b\x08", 3))
		return KIND_GZIP;
	if (is_zstd(head, len))
		return KIND_ZSTD;
	if (starts(head, len, "\3757zXZ\0", 6)) /* octal, because a digit follows */
		return KIND_XZ;
	if (is_bzip2(head, len))
		return KIND_BZIP2;
	if (starts(head, len, "PK\3\4", 4) || starts(head, len, "PK\5\6", 4))
		return KIND_ZIP;
	return is_tar(head, len) ? KIND_TAR : KIND_PLAIN;
}

bool kind_is_compressed(enum kind k)
{
	return k == KIND_GZIP || k == KIND_ZSTD || k == KIND_XZ || k == KIND_BZIP2;
}

/* The end of central directory record alone: magic, zeros (16 bytes), the length of the
 * comment (2, little endian) and the comment (APPNOTE 4.3.16). */
bool kind_is_empty_zip(const unsigned char *head, size_t len)
{
	enum { RECORD = 22 };
	static const unsigned char zeros[16];

	return len >= RECORD && len < KIND_HEAD && memcmp(head, "PK\5\6", 4) == 0 &&
	       memcmp(head + 4, zeros, sizeof(zeros)) == 0 &&
	       len - RECORD == (size_t)(head[20] | head[21] << 8);
}

const char *kind_text(enum kind k)
{
	static const char *const texts[] = {
		[KIND_PLAIN] = "plain", [KIND_GZIP] = "gzip",   [KIND_ZSTD] = "zstd",
		[KIND_XZ] = "xz",       [KIND_BZIP2] = "bzip2", [KIND_TAR] = "tar",
		[KIND_ZIP] = "zip",
	};

	return texts[k];
}

/* Takes the ending off the name if it has it and something before it. */
static bool take(struct slice *name, const char *ending)
{
	size_t len = strlen(ending);

	if (name->len <= len || strncasecmp(name->data + name->len - len, ending, len) != 0)
		return false;
	name->len -= len;
	return true;
}

enum kind_name kind_of_name(struct slice name)
{
	static const char *const compressed[] = {".gz", ".zst", ".xz", ".bz2"};
	static const char *const containers[] = {".tar", ".tgz", ".tzst", ".txz", ".tbz2", ".zip"};

	for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++)
		if (take(&name, containers[i]))
			return KIND_NAME_CONTAINER;
	for (size_t i = 0; i < sizeof(compressed) / sizeof(compressed[0]); i++)
		if (take(&name, compressed[i]))
			break;
	if (take(&name, ".json"))
		return KIND_NAME_JSON;
	if (take(&name, ".ndjson") || take(&name, ".jsonl"))
		return KIND_NAME_LINES;
	return take(&name, ".tar") ? KIND_NAME_CONTAINER : KIND_NAME_OTHER;
}

bool kind_may_be_bundle(struct slice name)
{
	return take(&name, ".zst") || take(&name, ".tzst");
}

bool kind_is_hidden(struct slice path)
{
	const char *p = path.data, *end = path.data + path.len;

	while (p < end) {
		const char *slash = memchr(p, '/', (size_t)(end - p));
		size_t len = (size_t)((slash != NULL ? slash : end) - p);
		bool parent = len == 2 && p[1] == '.';
		if (len > 1 && p[0] == '.' && !parent)
			return true;
		p += len + 1;
	}
	return false;
}

bool kind_is_bundle(int fd)
{
	unsigned char first[sizeof(zstd_magic)], last[sizeof(seekable_magic)];
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	if (st.st_size < (off_t)(sizeof(first) + SEEKABLE_FOOTER))
		return false;
	if (pread(fd, first, sizeof(first), 0) != (ssize_t)sizeof(first) ||
	    memcmp(first, zstd_magic, sizeof(first)) != 0)
		return false;
	if (pread(fd, last, sizeof(last), st.st_size - (off_t)sizeof(last)) !=
	    (ssize_t)sizeof(last))
		return false;
	return memcmp(last, seekable_magic, sizeof(last)) == 0;
}
