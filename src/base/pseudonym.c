/*
 * pseudonym.c: pseudonyms by HMAC-SHA256, and the files that keys are in.
 * The same text never has two pseudonyms under one key, whatever was asked before.
 * It must never let a key reach a message.
 */
#include "base/pseudonym.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/calling.h"
#include "base/file.h"
#include "base/hmac.h"

#define LETTERS 16 /* of 5 bits each */
/* Digits of what may be a whole international number; of fewer, the code would be most of it. */
#define PHONE_LEAST 7
#define PHONE_MOST 15

struct pseudonym {
	struct hmac *hmac;
	struct buf digits;
};

/* --- keys --- */

static int read_all(int fd, const char *path, struct buf *out, struct error *e)
{
	while (out->len <= PSEUDONYM_KEY_MOST) {
		size_t room = PSEUDONYM_KEY_MOST + 1 - out->len;
		ssize_t got;

		if (buf_reserve(out, room) != 0)
			return error_memory(e);
		got = file_read(fd, out->data + out->len, room, path, e);
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		out->len += (size_t)got;
	}
	if (out->len < PSEUDONYM_KEY_LEAST || out->len > PSEUDONYM_KEY_MOST)
		return error_set(e, ERROR_USAGE,
				 "%s has %s %d bytes: that is no key; to make one: "
				 "head -c 32 /dev/urandom >key",
				 path, out->len < PSEUDONYM_KEY_LEAST ? "fewer than" : "more than",
				 out->len < PSEUDONYM_KEY_LEAST ? PSEUDONYM_KEY_LEAST
								: PSEUDONYM_KEY_MOST);
	return 0;
}

int pseudonym_read_key(const char *path, struct buf *out, bool *open_to_others, struct error *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), status;
	struct stat st;

	buf_clear(out);
	if (fd < 0)
		return error_errno(e, "cannot open the key file %s", path);
	*open_to_others = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
			  (st.st_mode & (S_IRGRP | S_IROTH)) != 0;
	status = read_all(fd, path, out, e);
	close(fd);
	return status;
}

/* --- making and freeing --- */

struct pseudonym *pseudonym_new(struct slice key, struct error *e)
{
	struct pseudonym *p = calloc(1, sizeof(*p));

	if (p == NULL) {
		error_memory(e);
		return NULL;
	}
	p->hmac = hmac_new(key, e);
	if (p->hmac != NULL)
		return p;
	free(p);
	return NULL;
}

void pseudonym_free(struct pseudonym *p)
{
	if (p == NULL)
		return;
	hmac_free(p->hmac);
	buf_free(&p->digits);
	free(p);
}

/* --- pseudonyms --- */

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

static void put(struct pseudonym *p, struct slice text, struct buf *out)
{
	char letters[1 + LETTERS] = "~";
	struct sha256 code;
	unsigned bits = 0, have = 0;
	const unsigned char *at = code.bytes;

	if (hmac_of(p->hmac, text, &code) != 0) {
		out->failed = true;
		return;
	}
	for (int i = 1; i <= LETTERS; i++) {
		if (have < 5) {
			bits = bits << 8 | *at++;
			have += 8;
		}
		have -= 5;
		letters[i] = alphabet[bits >> have & 31];
	}
	buf_append(out, letters, sizeof(letters));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void take_digits(struct pseudonym *p, struct slice text)
{
	buf_clear(&p->digits);
	for (size_t i = 0; i < text.len; i++)
		if (is_digit(text.data[i]))
			buf_byte(&p->digits, text.data[i]);
}

void pseudonym_phone(struct pseudonym *p, struct slice text, struct buf *out)
{
	struct slice digits;
	size_t code = 0;

	take_digits(p, text);
	out->failed |= p->digits.failed;
	digits = buf_view(&p->digits);
	if (digits.len == 0) {
		put(p, text, out);
		return;
	}
	if (digits.len >= PHONE_LEAST && digits.len <= PHONE_MOST)
		code = calling_code(digits);
	if (code > 0) {
		buf_byte(out, '+');
		buf_append(out, digits.data, code);
	}
	put(p, digits, out);
}

static bool is_international(struct slice text)
{
	size_t digits = 0;

	if (text.len == 0 || text.data[0] != '+')
		return false;
	for (size_t i = 1; i < text.len; i++) {
		if (is_digit(text.data[i]))
			digits++;
		else if (text.data[i] == '\0' || strchr(" ()-./", text.data[i]) == NULL)
			return false;
	}
	return digits >= PHONE_LEAST && digits <= PHONE_MOST;
}

void pseudonym_text(struct pseudonym *p, struct slice text, struct buf *out)
{
	if (is_international(text))
		pseudonym_phone(p, text, out);
	else
		put(p, text, out);
}

bool pseudonym_like(struct slice text)
{
	size_t at = 0;

	if (text.len > 0 && text.data[0] == '+')
		for (at = 1; at < text.len && at <= 3 && is_digit(text.data[at]);)
			at++;
	if (text.len - at != PSEUDONYM_BYTES || text.data[at] != '~')
		return false;
	while (++at < text.len)
		if (strchr(alphabet, text.data[at]) == NULL || text.data[at] == '\0')
			return false;
	return true;
}
