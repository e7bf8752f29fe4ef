/*
 * damage.c: finds places in a bundle where it can be damaged, and flips bits. Reads the seek table
 * on its own, so that it is no test of callroll by callroll.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/value.h"

static const char usage[] = "usage: damage frames FILE             where each frame ends\n"
			    "       damage flip SEED NUMBER FILE   flips a bit: random, of the file's\n"
			    "                                      NUMBERth of 1024 equal parts\n"
			    "       damage bit NUMBER FILE         flips this bit\n";

static int fail(const char *what)
{
	fprintf(stderr, "damage: %s\n", what);
	return 2;
}

static uint32_t u32(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The whole file, or NULL. */
static unsigned char *load(FILE *f, size_t *size)
{
	long end;
	unsigned char *data;

	if (fseek(f, 0, SEEK_END) != 0 || (end = ftell(f)) <= 0)
		return NULL;
	rewind(f);
	data = malloc((size_t)end);
	*size = (size_t)end;
	if (data != NULL && fread(data, 1, *size, f) != *size) {
		free(data);
		return NULL;
	}
	return data;
}

static int frames(const unsigned char *data, size_t size)
{
	const unsigned char *table;
	uint64_t count, at = 0;

	if (size < 17 || u32(data + size - 4) != 0x8f92eab1)
		return fail("it has no seek table");
	count = u32(data + size - 9);
	if (8 * count + 17 > size)
		return fail("the seek table is longer than the file");
	table = data + size - 8 * count - 9;
	for (uint64_t i = 0; i < count; i++) {
		at += u32(table + 8 * i);
		printf("%llu\n", (unsigned long long)at);
	}
	return at + 8 * count + 17 == size ? 0 : fail("the frames do not fill the file");
}

static int flip(FILE *f, unsigned char *data, uint64_t bit)
{
	unsigned char *byte = data + bit / 8;

	*byte = (unsigned char)(*byte ^ 1u << bit % 8);
	if (fseek(f, (long)(bit / 8), SEEK_SET) != 0 || fwrite(byte, 1, 1, f) != 1)
		return fail("it cannot be written");
	printf("bit %llu of byte %llu\n", (unsigned long long)bit % 8, (unsigned long long)bit / 8);
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	int words = strcmp(verb, "frames") == 0 ? 3 : strcmp(verb, "bit") == 0 ? 4 : 5;
	uint64_t a, b, bit;
	size_t size;
	unsigned char *data;
	FILE *f;
	int status;

	if (argc != words || (words == 5 && strcmp(verb, "flip") != 0)) {
		fputs(usage, stderr);
		return 2;
	}
	f = fopen(argv[words - 1], words == 3 ? "rb" : "r+b");
	data = f == NULL ? NULL : load(f, &size);
	if (data == NULL)
		return fail("it cannot be read");
	a = words > 3 ? strtoull(argv[2], NULL, 10) : 0;
	b = words > 4 ? strtoull(argv[3], NULL, 10) : 0;
	bit = a;
	if (words == 5) {
		struct random r = random_make(a, b, 0);
		uint64_t from = size * 8 * (b % 1024) / 1024, to = size * 8 * (b % 1024 + 1) / 1024;

		bit = from + random_below(&r, to > from ? to - from : 1);
	}
	if (words == 3)
		status = frames(data, size);
	else
		status = bit / 8 < size ? flip(f, data, bit) : fail("there is no such bit");
	free(data);
	return fclose(f) == 0 ? status : fail("it cannot be written");
}
