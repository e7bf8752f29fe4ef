/*
 * test_frame.c: tests of bundle/frame.c.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "bundle/frame.h"

Suite *frame_suite(void);

static struct encoder *encoder;
static struct decoder *decoder;
static struct buf raw, frame, back;
static struct error e;

static void setup(void)
{
	encoder = encoder_new(FRAME_LEVEL_DEFAULT);
	decoder = decoder_new();
	ck_assert_ptr_nonnull(encoder);
	ck_assert_ptr_nonnull(decoder);
	raw = frame = back = (struct buf)BUF_INIT;
	e = (struct error){0};
}

static void teardown(void)
{
	encoder_free(encoder);
	decoder_free(decoder);
	buf_free(&raw);
	buf_free(&frame);
	buf_free(&back);
}

/* Appends text that compresses, different for every seed. */
static void fill(struct buf *b, size_t len, uint32_t seed)
{
	while (len > 0) {
		char word[16];
		seed = seed * 1664525u + 1013904223u;
		size_t n = (size_t)snprintf(word, sizeof(word), "%x ", seed >> 20);
		n = n < len ? n : len;
		buf_append(b, word, n);
		len -= n;
	}
}

static int decode(size_t raw_size)
{
	buf_clear(&back);
	e = (struct error){0};
	return decoder_frame(decoder, buf_view(&frame), raw_size, &back, &e);
}

static void check_round(void)
{
	ck_assert_msg(decode(raw.len) == 0, "%s", e.text);
	ck_assert(slice_equal(buf_view(&raw), buf_view(&back)));
}

static void check_refused(size_t raw_size, const char *why)
{
	ck_assert_int_eq(decode(raw_size), -1);
	ck_assert_int_eq(e.kind, ERROR_BUNDLE);
	ck_assert_msg(strstr(e.text, why) != NULL, "%s", e.text);
	ck_assert_uint_eq(back.len, 0);
}

static const size_t sizes[] = {0, 1, 255, 256, 257, 65791, 65792, 131072, 131073, 1 << 20, 3000001};

START_TEST(round_trip)
{
	fill(&raw, sizes[_i], 7);
	ck_assert_int_eq(encoder_frame(encoder, buf_view(&raw), &frame, &e), 0);
	check_round();
}
END_TEST

START_TEST(stored_round_trip)
{
	fill(&raw, sizes[_i], 7);
	ck_assert_int_eq(frame_stored(buf_view(&raw), &frame, &e), 0);
	size_t blocks = raw.len == 0 ? 1 : (raw.len + 131071) / 131072;
	ck_assert_uint_eq(frame.len, 9 + 3 * blocks + raw.len + 4);
	check_round();
}
END_TEST

START_TEST(stored_limit)
{
	size_t most = LIMIT_TRAILER + 64 * KIB;

	fill(&raw, most, 1);
	ck_assert_int_eq(frame_stored(buf_view(&raw), &frame, &e), 0);
	check_round();
	buf_byte(&raw, 'x');
	ck_assert_int_eq(frame_stored(buf_view(&raw), &frame, &e), -1);
	ck_assert_int_eq(e.kind, ERROR_LIMIT);
}
END_TEST

START_TEST(frames_are_appended)
{
	buf_string(&frame, "ab");
	buf_string(&back, "cd");
	buf_string(&raw, "some text");
	ck_assert_int_eq(encoder_frame(encoder, buf_view(&raw), &frame, &e), 0);
	ck_assert_mem_eq(frame.data, "ab", 2);
	struct slice s = slice_of(frame.data + 2, frame.len - 2);
	ck_assert_int_eq(decoder_frame(decoder, s, raw.len, &back, &e), 0);
	ck_assert(slice_equal(buf_view(&back), SLICE("cdsome text")));
}
END_TEST

/* An encoder that made other frames before makes the same bytes as a new one. */
START_TEST(same_bytes_whatever_was_before)
{
	struct encoder *used = encoder_new(_i);
	struct encoder *new = encoder_new(_i);

	for (uint32_t n = 0; n < 4; n++) {
		struct buf other = BUF_INIT;

		buf_clear(&raw);
		buf_clear(&frame);
		fill(&raw, 50000 + 60000 * n, n);
		ck_assert_int_eq(encoder_frame(used, buf_view(&raw), &other, &e), 0);
		encoder_free(new);
		new = encoder_new(_i);
		ck_assert_int_eq(encoder_frame(new, buf_view(&raw), &frame, &e), 0);
		ck_assert(slice_equal(buf_view(&other), buf_view(&frame)));
		buf_free(&other);
	}
	encoder_free(used);
	encoder_free(new);
}
END_TEST

/* The highest levels would take more for large frames. */
START_TEST(window_is_bounded)
{
	struct encoder *c = encoder_new(FRAME_LEVEL_MAX);

	for (size_t i = 0; i < 20 * MIB; i += 16)
		buf_append(&raw, "0123456789abcdef", 16);
	ck_assert_int_eq(encoder_frame(c, buf_view(&raw), &frame, &e), 0);
	encoder_free(c);
	check_round();
}
END_TEST

START_TEST(every_flipped_bit_of_a_stored_frame_is_noticed)
{
	fill(&raw, 300, 3);
	ck_assert_int_eq(frame_stored(buf_view(&raw), &frame, &e), 0);
	for (size_t bit = 0; bit < 8 * frame.len; bit++) {
		frame.data[bit / 8] ^= (char)(1 << bit % 8);
		check_refused(raw.len, "damaged frame");
		frame.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	check_round();
}
END_TEST

/* Some bits of a compressed frame mean nothing (its digest covers them): but never other bytes. */
START_TEST(flipped_bits_never_give_other_bytes)
{
	unsigned refused = 0;

	fill(&raw, 3000, 3);
	ck_assert_int_eq(encoder_frame(encoder, buf_view(&raw), &frame, &e), 0);
	for (size_t bit = 0; bit < 8 * frame.len; bit++) {
		frame.data[bit / 8] ^= (char)(1 << bit % 8);
		if (decode(raw.len) == 0)
			ck_assert(slice_equal(buf_view(&raw), buf_view(&back)));
		else
			refused++;
		frame.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	ck_assert_uint_gt(refused, 8 * frame.len * 9 / 10);
	check_round();
}
END_TEST

START_TEST(every_other_length_is_refused)
{
	fill(&raw, 1000, 3);
	encoder_frame(encoder, buf_view(&raw), &frame, &e);
	size_t whole = frame.len;
	buf_byte(&frame, 0);
	check_refused(raw.len, "does not end");
	frame.len = whole;
	for (size_t len = 0; len < whole; len++) {
		/* In memory of its own, so that a read beyond its end is noticed. */
		char *copy = malloc(len + 1);
		memcpy(copy, frame.data, len);
		e = (struct error){0};
		ck_assert_int_eq(decoder_frame(decoder, slice_of(copy, len), raw.len, &back, &e),
				 -1);
		ck_assert_int_eq(e.kind, ERROR_BUNDLE);
		free(copy);
	}
	encoder_frame(encoder, buf_view(&raw), &frame, &e);
	check_refused(raw.len, "does not end"); /* two frames */
}
END_TEST

START_TEST(other_size_is_refused)
{
	fill(&raw, 1000, 3);
	encoder_frame(encoder, buf_view(&raw), &frame, &e);
	check_refused(999, "another size");
	check_refused(1001, "another size");
	check_refused(0, "another size");
	check_refused(SIZE_MAX, "another size");
}
END_TEST

/* Headers by hand: magic, descriptor, ..., and enough bytes behind. */
static void header(const char *bytes, size_t len)
{
	buf_clear(&frame);
	buf_append(&frame, "\x28\xb5\x2f\xfd", 4);
	buf_append(&frame, bytes, len);
	for (int i = 0; i < 20; i++)
		buf_byte(&frame, 0);
}

START_TEST(headers_that_are_refused)
{
	header("\xa0\x05\x00\x00\x00", 5);
	check_refused(5, "no checksum");
	header("\xa5\x01\x05\x00\x00\x00", 6);
	check_refused(5, "dictionary");
	header("\xac\x05\x00\x00\x00", 5);
	check_refused(5, "unknown flag");
	header("\xb4\x05\x00\x00\x00", 5);
	check_refused(5, "unknown flag");
	header("\x04\x00", 2);
	check_refused(0, "does not state its size");
	header("\x84\x69\x05\x00\x00\x00", 6); /* 2^23 and an eighth */
	check_refused(5, "too much memory");
	header("\x84\xff\x05\x00\x00\x00", 6);
	check_refused(5, "too much memory");
	header("\xa4\xff\xff\xff\x1f", 5);
	check_refused(0x1fffffff, "impossible size");
	header("\xe4\x00\x00\x00\x00\x00\x01\x00\x00", 9);
	check_refused((size_t)1 << 40, "impossible size");
	buf_clear(&frame); /* a skippable frame */
	buf_append(&frame, "\x50\x2a\x4d\x18\x04\x00\x00\x00\x00\x00\x00\x00", 12);
	check_refused(0, "no zstd frame");
}
END_TEST

Suite *frame_suite(void)
{
	Suite *s = suite_create("frame");
	TCase *t = tcase_create("frame");
	int count = (int)(sizeof(sizes) / sizeof(sizes[0]));

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, round_trip, 0, count);
	tcase_add_loop_test(t, stored_round_trip, 0, count);
	tcase_add_test(t, stored_limit);
	tcase_add_test(t, frames_are_appended);
	tcase_add_loop_test(t, same_bytes_whatever_was_before, FRAME_LEVEL_MIN, 13);
	tcase_add_test(t, window_is_bounded);
	tcase_add_test(t, every_flipped_bit_of_a_stored_frame_is_noticed);
	tcase_add_test(t, flipped_bits_never_give_other_bytes);
	tcase_add_test(t, every_other_length_is_refused);
	tcase_add_test(t, other_size_is_refused);
	tcase_add_test(t, headers_that_are_refused);
	suite_add_tcase(s, t);
	return s;
}
