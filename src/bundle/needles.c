/*
 * needles.c: looks for many texts and phone numbers at once.
 * A text is known by its last bytes, a number by its last digits; a bitmap says of most places at
 * once that nothing begins or ends there, and what is found is compared.
 * Bytes are looked at as they are, and once more with escapes resolved and zero bytes left out.
 * It must never read beyond a piece, nor depend on how bytes are cut into pieces.
 */
#include "bundle/needles.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX
#define TAIL_MODULUS 10000000 /* NEEDLES_DIGITS_LEAST digits */
/* The last digits that are compared; a phone number has 15 at most. */
#define DIGITS_MOST 64

struct needle {
	size_t at, len; /* in needles.text */
	uint32_t which;
	uint32_t next; /* with the same place in the table */
	uint64_t key;
};

/* Needles by a number: the last bytes of a text, the last digits of a phone number. */
struct table {
	struct needle *list;
	size_t count, cap;
	uint32_t *first; /* of each place: a needle; NONE */
	uint64_t *maybe; /* a bit for each place: is there any? */
	unsigned bits;   /* there are 2^bits places */
};

struct needles {
	struct buf text;
	struct table texts, digits;
	size_t longest; /* text */
};

/* What of the bytes so far the next ones may go on with. */
struct stream {
	struct buf bytes; /* the last ones, then the piece */
	bool first;       /* they begin where all bytes do */
	uint64_t tail;    /* the last digits as a number */
	unsigned gap;     /* bytes since the last digit */
	size_t run;       /* digits that belong together */
	char ring[DIGITS_MOST];
	bool joined[DIGITS_MOST]; /* of each: the byte before it was a digit too */
};

struct needles_look {
	const struct needles *n;
	struct stream plain, resolved;
	struct buf out; /* a piece with escapes resolved */
	unsigned state; /* of an escape: bytes of it that were read */
	uint32_t code;
	bool met;
	needles_found *found;
	void *arg;
};

struct needles *needles_new(void)
{
	return calloc(1, sizeof(struct needles));
}

static void table_free(struct table *t)
{
	free(t->list);
	free(t->first);
	free(t->maybe);
}

void needles_free(struct needles *n)
{
	if (n == NULL)
		return;
	table_free(&n->texts);
	table_free(&n->digits);
	buf_free(&n->text);
	free(n);
}

bool needles_none(const struct needles *n)
{
	return n->texts.count + n->digits.count == 0;
}

/* --- adding --- */

/* Of NEEDLES_TEXT_LEAST bytes, the last ones of a text: ids differ there. */
static uint64_t key_of(const char *bytes)
{
	uint32_t four;

	memcpy(&four, bytes, sizeof(four));
	return (uint64_t)(unsigned char)bytes[4] << 32 | four;
}

static int add(struct needles *n, struct table *t, struct slice text, uint64_t key, uint32_t which)
{
	struct needle new = {n->text.len, text.len, which, NONE, key};

	if (t->count >= NONE - 1 ||
	    array_reserve(&t->list, &t->cap, t->count + 1, sizeof(*t->list)) != 0)
		return -1;
	buf_slice(&n->text, text);
	t->list[t->count++] = new;
	return n->text.failed ? -1 : 1;
}

int needles_text(struct needles *n, struct slice text, uint32_t which)
{
	if (text.len < NEEDLES_TEXT_LEAST)
		return 0;
	if (text.len > n->longest)
		n->longest = text.len;
	return add(n, &n->texts, text, key_of(text.data + text.len - NEEDLES_TEXT_LEAST), which);
}

int needles_digits(struct needles *n, struct slice digits, uint32_t which)
{
	uint64_t tail = 0;

	if (digits.len < NEEDLES_DIGITS_LEAST)
		return 0;
	if (digits.len > DIGITS_MOST)
		digits = slice_of(digits.data + digits.len - DIGITS_MOST, DIGITS_MOST);
	for (size_t i = digits.len - NEEDLES_DIGITS_LEAST; i < digits.len; i++)
		tail = tail * 10 + (uint64_t)(digits.data[i] - '0');
	return add(n, &n->digits, digits, tail, which);
}

static inline uint32_t place_of(const struct table *t, uint64_t key)
{
	return (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - t->bits));
}

static int table_ready(struct table *t)
{
	size_t places;

	for (t->bits = 12; t->bits < 28 && (size_t)1 << t->bits < t->count * 16;)
		t->bits++;
	places = (size_t)1 << t->bits;
	t->first = malloc(places * sizeof(*t->first));
	t->maybe = calloc(places / 64, sizeof(*t->maybe));
	if (t->first == NULL || t->maybe == NULL)
		return -1;
	memset(t->first, 0xff, places * sizeof(*t->first));
	for (size_t i = 0; i < t->count; i++) {
		uint32_t place = place_of(t, t->list[i].key);

		t->list[i].next = t->first[place];
		t->first[place] = (uint32_t)i;
		t->maybe[place / 64] |= UINT64_C(1) << place % 64;
	}
	return 0;
}

int needles_ready(struct needles *n)
{
	return table_ready(&n->texts) == 0 && table_ready(&n->digits) == 0 ? 0 : -1;
}

static inline bool maybe(const struct table *t, uint32_t place)
{
	return (t->maybe[place / 64] >> place % 64 & 1) != 0;
}

/* --- looking --- */

struct needles_look *needles_look_new(const struct needles *n)
{
	struct needles_look *l = calloc(1, sizeof(*l));

	if (l != NULL)
		l->n = n;
	return l;
}

void needles_look_free(struct needles_look *l)
{
	if (l == NULL)
		return;
	buf_free(&l->plain.bytes);
	buf_free(&l->resolved.bytes);
	buf_free(&l->out);
	free(l);
}

static void begin(struct stream *s)
{
	buf_clear(&s->bytes);
	s->first = true;
	s->run = 0;
	s->gap = 0;
	s->tail = 0;
}

void needles_look_begin(struct needles_look *l)
{
	begin(&l->plain);
	begin(&l->resolved);
	l->state = 0;
	l->met = false;
}

bool needles_look_met(const struct needles_look *l)
{
	return l->met;
}

static void met(struct needles_look *l, const struct needle *n)
{
	l->met = true;
	if (l->found != NULL)
		l->found(l->arg, n->which);
}

/* What stands before the n-th digit from the end, without a gap: nothing, or how a call abroad is
 * dialled? */
static bool begins(const struct stream *s, size_t n)
{
	static const char *const abroad[] = {"", "00", "011"};
	char before[4] = "";
	size_t count = 0;

	while (s->joined[(s->run - n - count) % DIGITS_MOST]) {
		if (count == 3 || n + count >= DIGITS_MOST - 1)
			return false;
		count++;
		memmove(before + 1, before, 3);
		before[0] = s->ring[(s->run - n - count) % DIGITS_MOST];
		before[3] = '\0';
	}
	for (size_t i = 0; i < sizeof(abroad) / sizeof(abroad[0]); i++)
		if (strlen(abroad[i]) == count && memcmp(abroad[i], before, count) == 0)
			return true;
	return false;
}

/* Do the last digits of a run end with this number? */
static bool ends_with(const struct needles_look *l, const struct stream *s, const struct needle *n)
{
	const char *digits = l->n->text.data + n->at;

	if (n->len > s->run)
		return false;
	for (size_t i = 0; i < n->len; i++)
		if (digits[i] != s->ring[(s->run - n->len + i) % DIGITS_MOST])
			return false;
	return begins(s, n->len);
}

/* No digit follows the last one. */
static void end_digits(struct needles_look *l, const struct stream *s)
{
	const struct table *t = &l->n->digits;
	uint32_t place;

	if (s->run < NEEDLES_DIGITS_LEAST)
		return;
	place = place_of(t, s->tail);
	if (!maybe(t, place))
		return;
	for (uint32_t i = t->first[place]; i != NONE; i = t->list[i].next)
		if (t->list[i].key == s->tail && ends_with(l, s, &t->list[i]))
			met(l, &t->list[i]);
}

static inline void take_digit(struct stream *s, char digit)
{
	s->ring[s->run % DIGITS_MOST] = digit;
	s->joined[s->run % DIGITS_MOST] = s->run > 0 && s->gap == 0;
	s->run++;
	s->gap = 0;
	s->tail = (s->tail * 10 + (uint64_t)(digit - '0')) % TAIL_MODULUS;
}

static bool separates(char c)
{
	return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')' || c == '\t' ||
	       ((unsigned char)c & 0x80) != 0;
}

static void look_for_digits(struct needles_look *l, struct stream *s, struct slice piece)
{
	for (const char *at = piece.data, *end = at + piece.len; at < end; at++) {
		if (*at >= '0' && *at <= '9') {
			take_digit(s, *at);
			continue;
		}
		if (s->run == 0)
			continue;
		if (s->gap++ == 0)
			end_digits(l, s);
		if (!separates(*at) || s->gap > NEEDLES_GAP)
			s->run = s->tail = s->gap = 0;
	}
}

static bool in_word(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

/* Does it stand there as a word of its own? A text whose own end is in no word may touch one. */
static bool apart(const struct needle *n, struct slice bytes, size_t at)
{
	size_t end = at + n->len;

	return !(at > 0 && in_word(bytes.data[at - 1]) && in_word(bytes.data[at])) &&
	       !(end < bytes.len && in_word(bytes.data[end]) && in_word(bytes.data[end - 1]));
}

/* Texts that begin at `from` or later. `last`: nothing follows; else those behind which no byte
 * stands yet are left. */
static void look_for_texts(struct needles_look *l, struct slice bytes, size_t from, bool last)
{
	const struct table *t = &l->n->texts;
	size_t end = last ? bytes.len : bytes.len - (bytes.len > 0);

	for (size_t i = from; i + NEEDLES_TEXT_LEAST <= end; i++) {
		uint64_t key = key_of(bytes.data + i);
		uint32_t place = place_of(t, key);

		if (!maybe(t, place))
			continue;
		for (uint32_t k = t->first[place]; k != NONE; k = t->list[k].next) {
			const struct needle *n = &t->list[k];
			size_t stop = i + NEEDLES_TEXT_LEAST;

			if (n->key == key && n->len <= stop - from &&
			    memcmp(bytes.data + stop - n->len, l->n->text.data + n->at, n->len) ==
				    0 &&
			    apart(n, bytes, stop - n->len))
				met(l, n);
		}
	}
}

/* What may begin a text, the byte before it and the one behind it stay in s->bytes. */
static bool look_in(struct needles_look *l, struct stream *s, struct slice piece)
{
	size_t keep = l->n->longest + 1;

	if (l->n->digits.count > 0)
		look_for_digits(l, s, piece);
	if (l->n->texts.count == 0)
		return true;
	buf_slice(&s->bytes, piece);
	if (s->bytes.failed)
		return false;
	look_for_texts(l, buf_view(&s->bytes), !s->first, false);
	if (s->bytes.len > keep) {
		memmove(s->bytes.data, s->bytes.data + s->bytes.len - keep, keep);
		s->bytes.len = keep;
		s->first = false;
	}
	return true;
}

static void end(struct needles_look *l, struct stream *s)
{
	if (s->run > 0 && s->gap == 0)
		end_digits(l, s);
	look_for_texts(l, buf_view(&s->bytes), !s->first, true);
}

/* --- escapes --- */

static void put_character(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_byte(out, (char)c);
	} else if (c < 0x800) {
		buf_byte(out, (char)(0xc0 | c >> 6));
		buf_byte(out, (char)(0x80 | (c & 0x3f)));
	} else { /* halves of a pair stay apart: no needle is looked for in them alone */
		buf_byte(out, (char)(0xe0 | c >> 12));
		buf_byte(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_byte(out, (char)(0x80 | (c & 0x3f)));
	}
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte behind a backslash. */
static void after_backslash(struct needles_look *l, char c)
{
	static const char letters[] = "bfnrt", bytes[] = "\b\f\n\r\t";
	const char *letter = c == '\0' ? NULL : strchr(letters, c);

	l->state = c == 'u' ? 2 : 0;
	l->code = 0;
	if (c != 'u')
		buf_byte(&l->out, letter == NULL ? c : bytes[letter - letters]);
}

/* How many bytes come before a backslash or a zero byte. */
static size_t plain_bytes(const char *at, const char *end)
{
	const char *stop = memchr(at, '\\', (size_t)(end - at));
	const char *zero;

	stop = stop == NULL ? end : stop;
	zero = memchr(at, '\0', (size_t)(stop - at));
	return (size_t)((zero == NULL ? stop : zero) - at);
}

static void resolve(struct needles_look *l, struct slice piece)
{
	for (const char *at = piece.data, *end = at + piece.len; at < end; at++) {
		if (*at == '\0')
			continue;
		if (l->state == 0) {
			size_t plain = plain_bytes(at, end);

			buf_append(&l->out, at, plain);
			at += plain;
			if (at < end && *at == '\\')
				l->state = 1;
			else
				at--; /* a zero byte, or the end */
		} else if (l->state == 1) {
			after_backslash(l, *at);
		} else if (hex(*at) < 0) { /* no escape after all */
			l->state = 0;
			buf_byte(&l->out, *at);
		} else {
			l->code = l->code << 4 | (uint32_t)hex(*at);
			if (++l->state == 6) {
				put_character(&l->out, l->code);
				l->state = 0;
			}
		}
	}
}

/* With escapes resolved. */
static bool look_behind(struct needles_look *l, struct slice piece)
{
	buf_clear(&l->out);
	resolve(l, piece);
	return !l->out.failed && look_in(l, &l->resolved, buf_view(&l->out));
}

bool needles_look_at(struct needles_look *l, struct slice piece, needles_found *found, void *arg)
{
	l->found = found;
	l->arg = arg;
	return look_in(l, &l->plain, piece) && look_behind(l, piece);
}

void needles_look_end(struct needles_look *l, needles_found *found, void *arg)
{
	l->found = found;
	l->arg = arg;
	end(l, &l->plain);
	end(l, &l->resolved);
}

bool needles_in(struct needles_look *l, struct slice text)
{
	needles_look_begin(l);
	l->found = NULL;
	if (l->n->digits.count > 0) {
		look_for_digits(l, &l->plain, text);
		end(l, &l->plain);
	}
	if (l->n->texts.count > 0)
		look_for_texts(l, text, 0, true);
	if (!l->met && text.len > 0 && memchr(text.data, '\\', text.len) != NULL) {
		if (!look_behind(l, text))
			return true;
		end(l, &l->resolved);
	}
	return l->met;
}

bool needles_are(const struct needles *n, struct slice digits)
{
	uint64_t tail = 0;

	if (n->digits.count == 0 || digits.len < NEEDLES_DIGITS_LEAST)
		return false;
	for (size_t i = digits.len - NEEDLES_DIGITS_LEAST; i < digits.len; i++)
		tail = tail * 10 + (uint64_t)(digits.data[i] - '0');
	for (uint32_t i = n->digits.first[place_of(&n->digits, tail)]; i != NONE;
	     i = n->digits.list[i].next)
		if (n->digits.list[i].len == digits.len &&
		    memcmp(n->text.data + n->digits.list[i].at, digits.data, digits.len) == 0)
			return true;
	return false;
}

const struct needles *needles_of(const struct needles_look *l)
{
	return l->n;
}
