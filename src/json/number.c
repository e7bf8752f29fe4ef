/*
 * number.c: JSON numbers as decimal digits.
 * A number is a sign, its significant digits, and where the decimal point stands.
 * Must never pass a value through floating point, nor write out the zeros of a large exponent.
 */
#include "json/number.h"

#include <limits.h>

/* Exponents are cut here: together with the length of any text they stay far from overflow. */
#define EXPONENT_MOST 100000000000000000 /* 10^17 */

/* A valid number taken apart: 0.D * 10^point, D being the digits first to first + count - 1. */
struct decimal {
	bool negative;
	const char *whole; /* the digits before the point */
	size_t n_whole;
	const char *fraction; /* the digits behind it */
	size_t first; /* the first digit that is not 0, counted through whole and fraction */
	size_t count; /* digits from there to the last that is not 0; 0: the value is zero */
	int64_t point;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* How many digits p begins with. */
static size_t digits(const char *p, const char *end)
{
	const char *start = p;

	while (p < end && is_digit(*p))
		p++;
	return (size_t)(p - start);
}

bool number_valid(struct slice text)
{
	const char *p = text.data, *end;
	size_t n;

	if (text.len == 0)
		return false;
	end = p + text.len;
	if (*p == '-')
		p++;
	n = digits(p, end);
	if (n == 0 || (n > 1 && *p == '0'))
		return false;
	p += n;
	if (p < end && *p == '.') {
		n = digits(++p, end);
		if (n == 0)
			return false;
		p += n;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		n = digits(p, end);
		if (n == 0)
			return false;
		p += n;
	}
	return p == end;
}

/* The value of the exponent at p ("e+17"), or 0 at the end. */
static int64_t exponent(const char *p, const char *end)
{
	bool negative;
	int64_t value = 0;

	if (p == end)
		return 0;
	p++;
	negative = *p == '-';
	if (*p == '-' || *p == '+')
		p++;
	for (; p < end; p++) {
		value = value * 10 + (*p - '0');
		if (value > EXPONENT_MOST)
			value = EXPONENT_MOST;
	}
	return negative ? -value : value;
}

static char digit(const struct decimal *d, size_t i)
{
	return i < d->n_whole ? d->whole[i] : d->fraction[i - d->n_whole];
}

static void take_apart(struct slice text, struct decimal *d)
{
	const char *p = text.data, *end = p + text.len;
	size_t n_fraction = 0, last;

	d->negative = *p == '-';
	if (d->negative)
		p++;
	d->whole = p;
	d->n_whole = digits(p, end);
	p += d->n_whole;
	d->fraction = p;
	if (p < end && *p == '.') {
		d->fraction = ++p;
		n_fraction = digits(p, end);
		p += n_fraction;
	}

	last = d->n_whole + n_fraction;
	for (d->first = 0; d->first < last && digit(d, d->first) == '0'; d->first++)
		continue;
	while (last > d->first && digit(d, last - 1) == '0')
		last--;
	d->count = last - d->first;
	d->point = (int64_t)d->n_whole - (int64_t)d->first + exponent(p, end);
}

static bool is_integer(const struct decimal *d)
{
	return d->count == 0 || (d->point > 0 && (uint64_t)d->point >= d->count);
}

bool number_is_integer(struct slice text)
{
	struct decimal d;

	take_apart(text, &d);
	return is_integer(&d);
}

/* An integer that has digits other than zero. */
static bool append_integer(const struct decimal *d, struct buf *out)
{
	char text[1 + NUMBER_DIGITS_MOST], *o = text;
	size_t last = d->first + d->count, i = d->first;

	if (d->negative)
		*o++ = '-';
	for (; i < last && i < d->n_whole; i++)
		*o++ = d->whole[i];
	for (; i < last; i++)
		*o++ = d->fraction[i - d->n_whole];
	for (size_t n = d->count; n < (size_t)d->point; n++)
		*o++ = '0';
	buf_append(out, text, (size_t)(o - text));
	return true;
}

bool number_integer(struct slice text, struct buf *out)
{
	struct decimal d;

	take_apart(text, &d);
	if (d.count == 0) {
		buf_byte(out, '0');
		return true;
	}
	if (!is_integer(&d) || d.point > NUMBER_DIGITS_MOST)
		return false;
	return append_integer(&d, out);
}

/* Compares without the signs. */
static int compare_sizes(const struct decimal *a, const struct decimal *b)
{
	if (a->count == 0 || b->count == 0)
		return (a->count != 0) - (b->count != 0);
	if (a->point != b->point)
		return a->point < b->point ? -1 : 1;
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		char x = digit(a, a->first + i), y = digit(b, b->first + i);
		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a->count > b->count) - (a->count < b->count);
}

int number_compare(struct slice a, struct slice b)
{
	struct decimal x, y;

	take_apart(a, &x);
	take_apart(b, &y);
	x.negative = x.negative && x.count != 0;
	y.negative = y.negative && y.count != 0;
	if (x.negative != y.negative)
		return x.negative ? -1 : 1;
	return x.negative ? compare_sizes(&y, &x) : compare_sizes(&x, &y);
}

int number_int64(struct slice text, int64_t *out)
{
	struct decimal d;
	int64_t value = 0;

	take_apart(text, &d);
	if (!is_integer(&d) || (d.count != 0 && d.point > 19))
		return -1;
	/* Downwards from zero, because the smallest has no positive counterpart. */
	for (size_t i = 0; d.count != 0 && i < (size_t)d.point; i++) {
		int add = i < d.count ? digit(&d, d.first + i) - '0' : 0;
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, add, &value))
			return -1;
	}
	if (!d.negative) {
		if (value == INT64_MIN)
			return -1;
		value = -value;
	}
	*out = value;
	return 0;
}
